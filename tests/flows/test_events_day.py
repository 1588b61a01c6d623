"""The day of a live event: a host leads it, Discord starts it, help is in the closing card."""

from typing import Any

from bot.events.rules import State
from tests.flows.conftest import Community
from tests.flows.eventing import (
    BEGINS,
    ELSEWHERE,
    MINUTE,
    at_discord,
    cards,
    closed,
    drafted,
    letters,
    published,
    reload,
    the_event,
)
from tests.flows.presence import press_older
from tests.flows.reading import choose, labels, press, words
from tests.flows.safety import press_as

ACTIVE, OVER = 2, 3
"""Discord's words for an event that is on, and for one that is over."""


async def led(community: Community) -> Any:
    """The panel of the day of a host who is no moderator, as ``/events`` leads to it."""
    panel = await drafted(community)
    panel = await choose(community.moderator, panel, "event:who", [community.member])
    await press(community.moderator, panel, "Publish")
    await reload(community)
    shown = await community.member.slash(community.general, "events")
    return await press(community.member, shown, "Host's panel")


async def test_a_host_who_is_no_moderator_leads_from_start_to_recap(community: Community) -> None:
    panel = await led(community)
    early = await press(community.member, panel, "Start")
    assert "It begins in more than an hour" in words(early)
    await community.travel_to(BEGINS - 5 * MINUTE)
    asked = await press(community.member, panel, "Signal me")
    assert f"<@{community.member.id}> gets a direct message" in words(asked)
    live = await press(community.member, asked, "Start")
    start_at = community.clock.now()
    assert f"Now: **Ana**, until <t:{start_at + 20 * MINUTE}:t>. Next: Bo and Cy." in words(live)
    assert [one.status for one in at_discord(community)] == [ACTIVE]
    await community.restart()
    await community.travel_to(start_at + 19 * MINUTE)
    (signal,) = letters(community.member)
    assert "About two minutes left for Ana" in words(signal)
    assert "From Example Creators. You asked for a signal." in words(signal)
    assert "On now. Come in." in words(cards(community)[0])

    second = await press(community.member, live, "Next: Bo and Cy")
    assert "Now: **Bo and Cy**" in words(second)
    event = await the_event(community)
    twice = f"event:next:{event.guild_id}:{event.event_id}:0"
    same = await press_older(community.member, community.general, second, twice)
    assert "Now: **Bo and Cy**" in words(same)
    through = await press(community.member, second, "End this turn")
    assert "The line-up is through" in words(through)

    over = await press(community.member, through, "Close")
    await reload(community)
    assert [one.status for one in at_discord(community)] == [OVER]
    card, closing = cards(community)
    assert "It is over. Thank you for being there." in words(card)
    assert "Thank you for being here" in words(closing)
    form = await press(community.member, over, "Write a recap")
    shown = await community.member.submit_modal(
        form, {"recap": "Ana read, Bo and Cy played.", "attendance": "40"}
    )
    await reload(community)
    recap = cards(community)[2]
    assert "Ana read, Bo and Cy played.\n40 people were there." in words(recap)

    form = await press(community.member, shown, "Change the recap")
    await community.member.submit_modal(form, {"recap": "Ana sang.", "attendance": ""})
    await reload(community)
    assert len(cards(community)) == 3
    assert "Ana sang." in words(cards(community)[2])
    assert "people were there" not in words(cards(community)[2])


async def test_whoever_is_neither_host_nor_moderator_leads_nothing(community: Community) -> None:
    panel = await led(community)
    await community.travel_to(BEGINS - 5 * MINUTE)

    for label in ("Start", "Signal me", "Look again"):
        refused = await press_as(community, community.other, panel, label)
        assert "Only the event's host and moderators can lead it" in words(refused), label

    assert (await the_event(community)).state is State.PLANNED


async def test_it_begins_at_its_time_at_discord_too_and_is_not_moved_while_it_is_on(
    community: Community,
) -> None:
    panel = await published(community, link=ELSEWHERE)
    await community.travel_to(BEGINS + MINUTE)
    assert (await the_event(community)).state is State.LIVE
    assert [one.status for one in at_discord(community)] == [ACTIVE]

    refused = await choose(community.moderator, panel, "event:repeat", ["once"])
    assert "It is on now, so it can't be moved" in words(refused)
    shown = await press(community.moderator, panel, "Host's panel")
    assert "Now: **Ana**" in words(shown)


async def test_ended_at_discord_it_is_over_here_with_the_closing_card(community: Community) -> None:
    await published(community, link=ELSEWHERE)
    await community.travel_to(BEGINS + MINUTE)
    (remote,) = at_discord(community)

    community.env.backend.edit_scheduled_event(community.guild.id, remote.id, {"status": OVER})
    await community.env.settle()
    await reload(community)

    assert (await the_event(community)).state is State.OVER
    assert "Thank you for being here" in words(cards(community)[1])
    assert "Where to find help" in str(cards(community)[1].components)


async def test_a_moderator_opens_the_panel_in_the_community_and_not_in_a_direct_message(
    community: Community,
) -> None:
    panel = await press(community.moderator, await published(community), "Host's panel")
    await community.travel_to(BEGINS)
    await press(community.moderator, panel, "Signal me")
    await community.travel_to(BEGINS + 19 * MINUTE)
    (signal,) = letters(community.moderator)

    refused = await community.moderator.user.click(signal, label="Host's panel")

    assert "In a direct message I can't see whether you are a moderator" in words(refused)


async def test_closing_twice_posts_one_closing_card_and_offers_the_recap(
    community: Community,
) -> None:
    over = await closed(community)
    event = await the_event(community)
    again = f"event:close:{event.guild_id}:{event.event_id}"
    same = await press_older(community.moderator, community.desk, over, again)
    await reload(community)

    assert labels(over) == ["Write a recap", "Look again"]
    assert "**Over**" in words(same)
    assert len(cards(community)) == 2
    form = await press(community.moderator, over, "Write a recap")
    refused = await community.moderator.submit_modal(
        form, {"recap": "It was good.", "attendance": "many"}
    )
    assert "I can't use “many” here" in words(refused)
