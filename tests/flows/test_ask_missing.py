"""Telling moderators what is missing: shown first, without a name, once, and only if pressed."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press, words
from tests.flows.resources import FORM, ask, keep, own_titles, some_guides, will_find
from tests.flows.safety import everything_written
from tests.flows.tips import (
    allow,
    choose_desk,
    forbid,
    labels_of,
    posts,
    press_twice,
    sent,
    speak,
)

QUESTION = "is there a **calm** corner <@1> in here"
TELL = "Tell moderators what is missing"
GONE = "I don't have your question any more"


async def open_more(community: Community, question: str = QUESTION) -> Any:
    """The card after "This didn't help"."""
    will_find(community, some_guides(community, 2))
    return await press(community.member, await ask(community, question), "This didn't help")


async def open_preview(community: Community, question: str = QUESTION) -> Any:
    """What would be sent, before it is."""
    await choose_desk(community)
    return await press(community.member, await open_more(community, question), TELL)


async def test_without_a_moderators_channel_telling_is_not_offered(community: Community) -> None:
    assert TELL not in labels(await open_more(community))


async def test_exactly_what_moderators_would_read_is_shown_before_it_is_sent(
    community: Community,
) -> None:
    preview = await open_preview(community)

    assert answer(preview).ephemeral
    assert "without your name" in words(preview)
    quote = next(line for line in words(preview).splitlines() if line.startswith("> "))
    assert "calm" in quote
    assert labels(preview) == ["Send it", "Don't send"]
    assert posts(community.desk) == []
    await press(community.member, preview, "Send it")
    assert quote in words(posts(community.desk)[0])


async def test_moderators_read_the_question_and_nobodys_name(community: Community) -> None:
    thanked = await press(community.member, await open_preview(community), "Send it")

    assert "Sent, without your name" in words(thanked)
    assert labels(thanked) == ["Browse", "Show help lines"]
    (told,) = posts(community.desk)
    assert "Someone looked for this and didn't find it" in words(told)
    assert "\\*\\*calm\\*\\*" in words(told)
    assert labels_of(told) == ["Add a resource"]
    assert "<@1>" not in words(told)
    (body,) = sent(community, community.desk)
    assert str(community.member.id) not in str(body)
    assert "message_reference" not in body
    assert body["allowed_mentions"]["parse"] == []
    assert posts(community.general) == []


async def test_who_changes_their_mind_sends_nothing_and_can_go_on(community: Community) -> None:
    kept = await press(community.member, await open_preview(community), "Don't send")

    assert "Nothing was sent" in words(kept)
    assert labels(kept) == ["Browse", "Show help lines"]
    assert posts(community.desk) == []


async def test_a_double_press_sends_it_once_without_a_refusal(community: Community) -> None:
    preview = await open_preview(community)

    await press_twice(community, community.member, preview, "Send it")

    assert len(posts(community.desk)) == 1
    assert not [post for post in community.general.history() if GONE in words(post)]


async def test_what_was_sent_is_not_sent_again_by_an_old_button(community: Community) -> None:
    await choose_desk(community)
    more = await open_more(community)
    await press(community.member, await press(community.member, more, TELL), "Send it")
    again = community.env.backend.get_message(answer(more).channel_id, answer(more).id)
    assert "ask:tell" not in str(again.components)

    await press(
        community.member, await press(community.member, await open_more(community), TELL), "Send it"
    )

    assert len(posts(community.desk)) == 2


async def test_a_channel_that_the_bot_may_not_write_to_is_said_and_a_second_try_works(
    community: Community,
) -> None:
    preview = await open_preview(community)
    await forbid(community, community.desk, "send_messages")

    told = await press(community.member, preview, "Send it")

    assert "I could not write to the moderators' channel, so nothing was sent" in words(told)
    await allow(community, community.desk)
    await press(community.member, preview, "Send it")
    assert len(posts(community.desk)) == 1


async def test_a_channel_that_was_given_up_meanwhile_is_said(community: Community) -> None:
    preview = await open_preview(community)
    guild_id, moderator_id = community.guild.id, community.moderator.id
    await community.services.guilds.change(guild_id, moderator_id, staff_channel_id=None)

    told = await press(community.member, preview, "Send it")

    assert "has chosen no channel for its moderators, so nothing was sent" in words(told)


@pytest.mark.parametrize("label", ["Send it", TELL])
async def test_after_a_restart_nothing_is_sent_and_the_person_is_told(
    community: Community, label: str
) -> None:
    await choose_desk(community)
    more = await open_more(community)
    shown = await press(community.member, more, TELL) if label == "Send it" else more
    await community.restart()

    told = await press(community.member, shown, label)

    assert GONE in words(told)
    assert posts(community.desk) == []


async def test_moderators_are_told_in_the_communitys_language(community: Community) -> None:
    heading = "Someone looked for this and didn't find it"
    await speak(community, "de", {heading: "Das hat jemand gesucht und nicht gefunden"})

    await press(community.member, await open_preview(community), "Send it")

    assert "Das hat jemand gesucht" in words(posts(community.desk)[0])


async def test_a_question_that_was_sent_is_in_no_table_and_no_log(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    await press(community.member, await open_preview(community, "xylophone please"), "Send it")
    community.env.backend.messages.clear()
    community.env.http_requests.clear()

    assert "xylophone" not in await everything_written(community, caplog)


async def test_a_moderator_adds_what_was_missing_from_the_request_which_stays(
    community: Community,
) -> None:
    await press(community.member, await open_preview(community), "Send it")
    (told,) = posts(community.desk)

    form = await community.moderator.click(told, label="Add a resource")
    preview = await community.moderator.submit_modal(form, FORM)

    assert answer(preview).ephemeral
    assert "Preview: only you can see this" in words(preview)
    await press(community.moderator, preview, "Keep it")
    assert await own_titles(community) == [FORM["title"]]
    assert [words(post) for post in posts(community.desk)] == [words(told)]


async def test_a_member_who_sees_the_request_can_not_add_to_it(community: Community) -> None:
    await press(community.member, await open_preview(community), "Send it")
    (told,) = posts(community.desk)

    refused = await community.other.click(told, label="Add a resource")

    assert refused.modal is None
    assert "Manage Server" in words(refused)


async def test_what_moderators_added_is_found_and_marked_as_the_communitys(
    community: Community,
) -> None:
    await keep(community)

    shown = await ask(community, FORM["asked"].splitlines()[0])

    assert FORM["title"] in words(shown)
    assert "Added by this community" in words(shown)
    assert "not checked by me or by a clinician" in words(shown)
    assert "Open example.org" in labels(shown)
    assert "Sources" not in labels(shown)


async def test_one_person_can_tell_moderators_three_times_an_hour(community: Community) -> None:
    for number in range(3):
        await press(
            community.member, await open_preview(community, f"{QUESTION} {number}"), "Send it"
        )

    refused = await press(community.member, await open_preview(community), "Send it")
    assert "You have told the moderators 3 times within the last hour" in words(refused)
    assert len(posts(community.desk)) == 3

    await community.travel_to(community.clock.now() + 3600)
    await press(community.member, await open_preview(community), "Send it")
    assert len(posts(community.desk)) == 4
