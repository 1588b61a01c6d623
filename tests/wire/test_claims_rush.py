"""A launch over the wire: everybody sends the form within seconds, and everybody is answered."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.conftest import NOON, is_full_size
from tests.store.postgres import drop_postgres, fresh_database_url
from tests.wire.claims_crowd import KEYS, at_pace, open_form, open_program, send_form, settle
from tests.wire.process import BotProcess, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.interactions import Person
from tests.wire.standin.model import channel_id, guild_id
from tests.wire.standin.replies import Reply
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = [pytest.mark.wire, pytest.mark.alone]

CODES = 5_000 if is_full_size() else 500
FEW = 150
PER_SECOND = 400
DEFERRED = 5
EPHEMERAL = 64
SLOW = 20.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/breather.db"
        return
    fresh = fresh_database_url()
    yield fresh
    drop_postgres(fresh)


async def test_a_rush_leaves_nobody_without_an_answer_and_gives_every_code_once(
    url: str, tmp_path: Path
) -> None:
    people = range(1, CODES * 6 // 5 + 1)
    await open_program(url, tmp_path, guild_id(0), CODES)
    clock = noon(tmp_path)
    async with StandIn(World(), clock) as standin, bot_process(standin, tmp_path, url) as bot:
        await start(standin, bot)
        form = await open_form(standin, channel_id(0))

        claimed = await send_all(standin, form, people)
        told = await settle(standin, claimed)
        asked = [
            await standin.interact("slash", "claim", by=Person(people[number]))
            async for number in at_pace(len(people), PER_SECOND)
        ]
        again = await settle(standin, asked)
        assert await bot.stop() == 0

    for reply in (*claimed, *asked):
        assert_private_and_in_time(reply)
    assert_shared_out(told, CODES)
    assert again == told
    assert "Traceback" not in bot.said()


async def test_whoever_had_an_answer_before_a_kill_in_the_rush_is_shown_the_same_after_it(
    url: str, tmp_path: Path
) -> None:
    people = range(1, FEW * 6 // 5 + 1)
    await open_program(url, tmp_path, guild_id(0), FEW)
    clock = noon(tmp_path)
    async with StandIn(World(), clock) as standin, bot_process(standin, tmp_path, url) as bot:
        await start(standin, bot)
        form = await open_form(standin, channel_id(0))

        some = len(people) * 2 // 3
        pressed = [await send_form(standin, form, person) for person in people[:some]]
        await standin.wait_until(lambda: sum(bool(one.edits) for one in pressed) > FEW // 3, SLOW)
        # The last of these have just arrived: whatever the machine's pace, not all are answered.
        pressed += [await send_form(standin, form, person) for person in people[some:]]
        await bot.kill()
        answered = [number for number, reply in enumerate(pressed) if reply.edits]
        before = await settle(standin, [pressed[number] for number in answered])
        await start(standin, bot)
        told = await settle(standin, await send_all(standin, form, people))
        await bot.stop()

    assert len(before) < len(people)
    assert before == [told[number] for number in answered]
    assert_shared_out(told, FEW)


def noon(folder: Path) -> MovableClock:
    """The moment at which the program is open."""
    clock = MovableClock(folder / "clock")
    clock.move_to(NOON)
    return clock


async def start(standin: StandIn, bot: BotProcess) -> None:
    """The bot with the keys of claims, connected."""
    bot.settings = KEYS
    identified = standin.gateway.identifies
    await bot.start()
    await standin.wait_until(
        lambda: (
            standin.world.commands
            and standin.gateway.identifies > identified
            and standin.gateway.is_connected
        ),
        timeout=SLOW,
    )


async def send_all(standin: StandIn, form: Reply, people: Sequence[int]) -> list[Reply]:
    """Everybody sends the form, at a launch's pace."""
    return [
        await send_form(standin, form, people[number])
        async for number in at_pace(len(people), PER_SECOND)
    ]


def assert_private_and_in_time(reply: Reply) -> None:
    """Deferred privately within Discord's three seconds, and then changed once."""
    assert reply.refusals == []
    assert reply.callback is not None
    assert (reply.callback.type, reply.callback.flags & EPHEMERAL) == (DEFERRED, EPHEMERAL)
    assert reply.original is not None
    assert reply.original.ephemeral
    assert (len(reply.edits), reply.followups) == (1, [])


def assert_shared_out(told: Sequence[str], codes: int) -> None:
    """Every code has one person, and everybody else a place of their own in the waitlist."""
    given = {line for line in told if line.startswith("CALM-")}
    places = range(1, len(told) - codes + 1)
    assert len(given) == codes
    assert set(told) - given == {f"You are number {place} in the waitlist" for place in places}
