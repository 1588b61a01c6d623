"""While a person waits for a moderator: help lines again, faults, and what is kept."""

import pytest

from tests.conftest import NOON
from tests.flows.checking_in import (
    ask_for_moderator,
    get_help,
    open_check_ins,
    request_at_desk,
    take,
)
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import answer, labels, press, words
from tests.flows.safety import (
    ASK,
    CRISIS,
    HELP,
    MINUTE,
    QUARTER,
    ask,
)
from tests.flows.test_my_data import open_my_data, read_download
from tests.flows.tips import DAY, forbid, posts


async def test_when_nobody_answers_the_help_lines_are_shown_again_once(
    community: Community,
) -> None:
    asked = await ask_for_moderator(community)
    await community.travel_to(NOON + 10 * MINUTE - 1)
    assert asked.followups == []

    await community.travel_to(NOON + 10 * MINUTE)
    await community.travel_to(NOON + 12 * MINUTE)

    assert [told.ephemeral for told in asked.followups] == [True]
    assert "No moderator has answered yet" in words(asked)
    assert labels(asked) == HELP
    assert len(await open_check_ins(community)) == 1


async def test_a_moderator_may_answer_after_the_reminder_and_the_person_hears_of_it(
    community: Community,
) -> None:
    asked = await ask_for_moderator(community)
    await community.travel_to(NOON + 11 * MINUTE)

    await take(community, community.moderator)

    assert "is looking after" in words(request_at_desk(community))
    assert "A moderator has seen that you asked" in words(asked)


async def test_an_answer_after_the_interactions_own_life_is_no_fault(community: Community) -> None:
    asked = await ask_for_moderator(community)
    await community.travel_to(NOON + QUARTER)

    await take(community, community.moderator)

    assert "is looking after" in words(request_at_desk(community))
    assert "A moderator has seen" not in words(asked)


async def test_nothing_is_shown_after_the_interactions_own_life(community: Community) -> None:
    asked = await ask_for_moderator(community)
    await community.env.advance_time(QUARTER)
    community.clock.move_to(NOON + QUARTER)
    requests = len(community.env.http_requests)

    await community.services.engine.tick()
    await community.env.settle()

    assert asked.followups == []
    assert len(community.env.http_requests) == requests


async def test_after_a_restart_nobody_is_reminded_and_the_request_is_still_open(
    community: Community,
) -> None:
    asked = await ask_for_moderator(community)
    await community.restart()

    await community.travel_to(NOON + 11 * MINUTE)

    assert asked.followups == []
    assert len(await open_check_ins(community)) == 1


async def test_one_person_who_cannot_be_reached_keeps_help_from_nobody(
    community: Community,
) -> None:
    helped = await get_help(community)
    theirs = await community.other.slash(community.general, "ask", question=CRISIS)
    first = await press(community.member, helped, ASK)
    second = await press(community.other, theirs, ASK)
    community.env.inject_error("POST", "/webhooks/*", status=404, code=10015)

    await community.travel_to(NOON + 10 * MINUTE)

    assert [len(asked.followups) for asked in (first, second)] == [0, 1]


@pytest.mark.parametrize("fault", ["gone", "forbidden", "broken"])
async def test_when_moderators_cannot_be_reached_nothing_is_kept_and_it_is_said(
    community: Community, fault: str
) -> None:
    helped = await get_help(community)
    if fault == "forbidden":
        await forbid(community, community.desk, "send_messages")
    else:
        path = f"/channels/{community.desk.id}/messages"
        status, code = (404, 10003) if fault == "gone" else (400, 0)
        community.env.inject_error("POST", path, status=status, code=code)

    told = await press(community.member, helped, ASK)

    assert "could not write to the moderators' channel, so nothing was sent" in words(told)
    assert answer(told).ephemeral
    assert await open_check_ins(community) == []
    assert labels(helped)[:2] == HELP


async def test_a_request_that_did_not_arrive_can_be_made_again(community: Community) -> None:
    helped = await get_help(community)
    path = f"/channels/{community.desk.id}/messages"
    community.env.inject_error("POST", path, status=404, code=10003)
    await press(community.member, helped, ASK)

    asked = await press(community.member, helped, ASK)

    assert "I told the moderators" in words(asked)
    assert len(posts(community.desk)) == 1


async def test_a_channel_that_was_unset_meanwhile_is_said(community: Community) -> None:
    helped = await get_help(community)
    await community.services.guilds.change(community.guild.id, 1, staff_channel_id=None)

    told = await press(community.member, helped, ASK)

    assert "nobody was told" in words(told)
    assert "/help-now" in words(told)
    assert await open_check_ins(community) == []


async def test_my_data_shows_exports_and_erases_an_open_request(community: Community) -> None:
    await ask_for_moderator(community)

    shown = await open_my_data(community)
    exported = await read_download(await press(community.member, shown, "Download (JSON)"))
    asked = await press(community.member, shown, "Erase everything")
    await press(community.member, asked, "Erase")

    assert exported["check_ins"]["check_ins"] == [
        {"guild_id": community.guild.id, "asked_at": NOON}
    ]
    assert await open_check_ins(community) == []


async def test_whoever_erased_their_request_hears_no_more_of_it(community: Community) -> None:
    asked = await ask_for_moderator(community)
    await community.services.privacy.erase(community.member.id)

    await community.travel_to(NOON + 11 * MINUTE)
    told = await take(community, community.moderator)

    assert asked.followups == []
    assert "it was taken back" in words(told)


async def test_another_persons_request_is_not_shown(community: Community) -> None:
    await ask_for_moderator(community)

    shown = await community.other.slash(community.general, "my-data")

    assert "Nothing, and looking here did not change that" in words(shown)


async def test_looking_and_getting_help_create_nothing(community: Community) -> None:
    await get_help(community)
    before = await count_rows(community)

    await ask(community, CRISIS)
    await open_my_data(community)
    await community.travel_to(NOON + 20 * MINUTE)

    assert await count_rows(community) == before


async def test_forgetting_a_community_forgets_its_requests(community: Community) -> None:
    await ask_for_moderator(community)

    await community.services.guilds.forget(community.guild.id)

    assert await open_check_ins(community) == []


async def test_an_open_request_is_gone_after_a_day_without_anybody_asking(
    community: Community,
) -> None:
    await ask_for_moderator(community)
    await community.travel_to(NOON + DAY - 1)
    assert len(await open_check_ins(community)) == 1

    await community.travel_to(NOON + DAY)

    assert await open_check_ins(community) == []


async def test_nothing_of_a_request_is_in_the_log_of_changes(community: Community) -> None:
    await get_help(community)
    before = await community.services.audit.latest(community.guild.id)

    await press(community.member, await ask(community, CRISIS), ASK)
    await take(community, community.moderator)

    assert await community.services.audit.latest(community.guild.id) == before
