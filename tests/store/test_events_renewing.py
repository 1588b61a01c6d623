"""Posted cards of events follow the events: at the next minute, and whatever dies in between."""

from datetime import date, timedelta

import pytest

from bot.clock import DAY, MovableClock
from bot.delivery.editor import Editor
from bot.delivery.pace import Pace
from bot.delivery.plans import Plan, Repeat
from bot.delivery.ports import Post
from bot.delivery.schedules import LEDGER_KEPT
from bot.events.announcer import EventPost
from bot.events.posts import POSTS, Part
from bot.events.renewing import Renewing
from bot.events.rsvps import Way
from bot.events.rules import Event, State
from bot.storage import Database
from tests.conftest import NOON
from tests.store.delivering import Discord, dropped, lost, refused
from tests.store.eventing import ANA, AUTHOR, BEGINS, BO, HOME, Far, Room

MINUTE = 60


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """A process on the database, with a Discord of its own."""
    return Room(database, clock, Discord(clock), Far(clock))


def renewing(room: Room, *, sees: bool = True) -> Renewing:
    """What renews the cards of a room."""
    editor = Editor(room.discord, Pace(1_000_000))
    return Renewing(room.database, room.events, editor, lambda _guild_id: sees, room.engine)


async def posted(room: Room) -> Event:
    """An event whose card is posted and says what is true."""
    event = await room.planned()
    await room.pass_minutes(NOON + MINUTE)
    await renewing(room).run()
    room.discord.edits.clear()
    return event


def shown(discord: Discord) -> list[tuple[Part, int, State]]:
    """What the edits so far say."""
    bodies: list[EventPost] = [post.body for _, post in discord.edits]
    return [(body.part, body.coming, body.event.state) for body in bodies]


async def test_the_card_of_an_event_far_ahead_still_says_what_becomes_of_it(room: Room) -> None:
    day = date(2027, 3, 14) + timedelta(days=LEDGER_KEPT // DAY + 30)
    event = await room.planned(plan=Plan(Repeat.ONCE, "UTC", 18 * 60, day))
    await room.pass_minutes(NOON + MINUTE)
    await renewing(room).run()
    room.clock.move_to(NOON + LEDGER_KEPT + DAY)
    await room.schedules.prune(kept_kind=POSTS)
    room.discord.edits.clear()

    await room.events.cancel(HOME, AUTHOR, event.event_id)
    await renewing(room).run()

    assert shown(room.discord) == [(Part.CARD, 0, State.CANCELLED)]


async def test_each_answer_is_counted_on_the_card_and_a_quiet_minute_edits_nothing(
    room: Room,
) -> None:
    event = await posted(room)
    await renewing(room).run()
    assert shown(room.discord) == []
    for act in (
        room.come(event, ANA),
        room.come(event, BO, way=Way.NONE),
        room.events.rsvps.leave(event.event_id, ANA),
    ):
        await act
        await renewing(room).run()
        await renewing(room).run()
    assert shown(room.discord) == [(Part.CARD, count, State.PLANNED) for count in (1, 2, 1)]


async def test_a_changed_recap_is_shown_where_it_stands(
    room: Room,
) -> None:
    event = await posted(room)
    await room.pass_minutes(BEGINS)
    await room.stage.start(HOME, event.event_id)
    await room.stage.close(HOME, event.event_id)
    await room.stage.keep_recap(HOME, event.event_id, "It was calm.", 12)
    await room.pass_minutes(BEGINS + MINUTE)
    await renewing(room).run()
    room.discord.edits.clear()
    await room.stage.keep_recap(HOME, event.event_id, "It was calm and warm.", 12)
    await renewing(room).run()
    assert {part for part, _, _ in shown(room.discord)} == {Part.CARD, Part.RECAP}
    (recap,) = [post.body for _, post in room.discord.edits if post.body.part is Part.RECAP]
    assert recap.event.recap == "It was calm and warm."


async def test_the_card_of_a_cancelled_event_says_so(room: Room) -> None:
    event = await posted(room)
    await room.events.cancel(HOME, AUTHOR, event.event_id)
    await renewing(room).run()
    assert shown(room.discord) == [(Part.CARD, 0, State.CANCELLED)]


@pytest.mark.parametrize("outcome", [lost, dropped])
async def test_an_edit_that_may_not_have_arrived_is_made_again(room: Room, outcome: object) -> None:
    event = await posted(room)
    await room.come(event, ANA)
    room.discord.outcomes.append(outcome)  # type: ignore[arg-type]
    await renewing(room).run()
    room.discord.edits.clear()
    await renewing(room).run()
    assert shown(room.discord) == [(Part.CARD, 1, State.PLANNED)]


async def test_a_card_that_discord_refuses_is_left_alone_until_something_changes(
    room: Room,
) -> None:
    event = await posted(room)
    await room.come(event, ANA)
    room.discord.outcomes.append(refused)
    await renewing(room).run()
    await renewing(room).run()
    assert shown(room.discord) == []
    await room.come(event, BO)
    await renewing(room).run()
    assert shown(room.discord) == [(Part.CARD, 2, State.PLANNED)]


async def test_an_answer_that_comes_while_the_card_is_edited_is_shown_with_the_next_minute(
    room: Room,
) -> None:
    event = await posted(room)
    edit = room.discord.edit

    async def edit_and_meanwhile(post: Post, message_id: int) -> None:
        await edit(post, message_id)
        room.discord.edit = edit  # type: ignore[method-assign]
        await room.come(event, BO)

    room.discord.edit = edit_and_meanwhile  # type: ignore[method-assign]
    await room.come(event, ANA)
    await renewing(room).run()
    await renewing(room).run()
    assert [coming for _, coming, _ in shown(room.discord)] == [1, 2]


async def test_another_process_s_communities_are_left_to_it(room: Room) -> None:
    event = await posted(room)
    await room.come(event, ANA)
    await renewing(room, sees=False).run()
    assert shown(room.discord) == []


async def test_cards_are_left_to_the_next_start_when_the_engine_closes(room: Room) -> None:
    events = [await room.planned(guild_id=HOME + number) for number in range(3)]
    await room.pass_minutes(NOON + MINUTE)
    await renewing(room).run()
    room.discord.edits.clear()
    for event in events:
        await room.come(event, ANA)
    edit = room.discord.edit

    async def edit_and_close(post: Post, message_id: int) -> None:
        await edit(post, message_id)
        await room.engine.close()

    room.discord.edit = edit_and_close  # type: ignore[method-assign]
    await renewing(room).run()
    assert len(room.discord.edits) == 1
    room.discord.edit = edit  # type: ignore[method-assign]
    await renewing(room.successor()).run()
    assert len(room.discord.edits) == 3
