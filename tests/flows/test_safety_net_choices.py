"""The card with help: send, edit, delete; by its person alone, once, for a quarter of an hour."""

from typing import Any

import pytest

from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import answer, control, labels, press, words
from tests.flows.safety import (
    ABOUT_OTHER,
    ANSWER_DEFERRED,
    ANSWER_NEW,
    CHOICE,
    COMMANDS,
    CRISIS,
    FOR_OTHER,
    FORMS,
    GONE,
    HELP,
    QUARTER,
    ask,
    callbacks,
    fields_of,
    held,
    is_help,
    press_as,
    shown,
    unnoticed,
)
from tests.flows.tips import choose_desk, demote, press_twice

every_choice = pytest.mark.parametrize("label", CHOICE)


async def test_help_comes_before_the_choice_and_nothing_is_repeated(community: Community) -> None:
    helped = await ask(community, CRISIS)

    assert labels(helped) == HELP + CHOICE
    body = words(helped)
    assert body.index("call your local emergency number") < body.index("What you wrote")
    assert "kill" not in body


async def test_a_text_about_somebody_else_is_answered_to_the_helper(community: Community) -> None:
    await choose_desk(community)

    helped = await ask(community, ABOUT_OTHER)

    assert is_help(helped, FOR_OTHER)
    assert labels(helped) == HELP + CHOICE
    assert "the emergency number of where they are" in words(helped)


async def test_the_way_to_help_lines_stands_beside_the_choice(community: Community) -> None:
    helped = await ask(community, CRISIS)

    lines = await press(community.member, helped, "Show help lines")

    assert "call your local emergency number" in words(lines)
    assert control(lines, "help-now:region")
    assert labels(helped) == HELP + CHOICE


async def test_an_ordinary_text_goes_through_at_once(community: Community) -> None:
    result = await ask(community, "how can i sleep better")

    assert not is_help(result)
    assert held(community) == {}


async def test_completing_what_is_typed_shows_no_help_and_no_fault(community: Community) -> None:
    offered = await community.member.autocomplete(community.general, "help-now", "country", CRISIS)

    assert isinstance(offered, list)
    assert held(community) == {}


async def test_a_deleted_text_is_gone_from_memory_and_help_stays(community: Community) -> None:
    helped = await ask(community, CRISIS)
    assert len(held(community)) == 1

    deleted = await press(community.member, helped, "Delete it")

    assert words(deleted).startswith("Deleted. Nothing was sent, and I keep nothing of it")
    assert labels(deleted) == HELP
    assert held(community) == {}


async def test_a_deleted_form_does_nothing(community: Community) -> None:
    rows = await count_rows(community)

    helped = await FORMS["own:form"].send(community, CRISIS)
    deleted = await press(community.moderator, helped, "Delete it")

    assert words(deleted).startswith("Deleted")
    assert await count_rows(community) == rows


async def test_a_text_that_was_sent_is_gone_from_memory(community: Community) -> None:
    await press(community.member, await ask(community, CRISIS), "Send it as it is")

    assert held(community) == {}


async def test_after_it_was_sent_the_card_keeps_help_and_nothing_that_is_no_longer_true(
    community: Community,
) -> None:
    helped = await ask(community, CRISIS)

    await press(community.member, helped, "Send it as it is")

    assert words(helped).startswith("I went on with it as it was.")
    assert labels(helped) == HELP


@every_choice
async def test_a_press_that_comes_after_it_was_sent_leads_to_help(
    community: Community, label: str
) -> None:
    helped = await ask(community, CRISIS)
    net: Any = community.app.client.net
    net._held.drop(next(iter(held(community))))

    again = await press(community.member, helped, label)

    assert GONE in words(again)
    assert "you sent or deleted it" in words(again)
    assert "Deleted" not in words(again)
    assert labels(again) == HELP


async def test_a_double_press_sends_once(community: Community) -> None:
    helped = await ask(community, CRISIS)
    before = len(callbacks(community))

    await press_twice(community, community.member, helped, "Send it as it is")

    assert sorted(callbacks(community)[before:]) == [ANSWER_NEW, ANSWER_DEFERRED]


@every_choice
async def test_somebody_elses_press_does_nothing_to_it(community: Community, label: str) -> None:
    with unnoticed(community):
        expected = shown(await ask(community, CRISIS))
    helped = await ask(community, CRISIS)

    refused = await press_as(community, community.other, helped, label)

    assert GONE in words(refused)
    assert answer(refused).ephemeral
    assert shown(await press(community.member, helped, "Send it as it is")) == expected


@every_choice
async def test_after_a_quarter_of_an_hour_it_asks_to_write_again(
    community: Community, label: str
) -> None:
    helped = await ask(community, CRISIS)
    await community.travel_to(NOON + QUARTER)

    late = await press(community.member, helped, label)

    assert GONE in words(late)
    assert "write it again" in words(late)
    assert "/help-now is there all the same" in words(late)


async def test_a_machine_that_slept_keeps_it_no_longer(community: Community) -> None:
    helped = await ask(community, CRISIS)
    community.clock.move_to(NOON + QUARTER)

    assert GONE in words(await press(community.member, helped, "Send it as it is"))


async def test_until_then_it_is_there(community: Community) -> None:
    helped = await ask(community, CRISIS)
    await community.travel_to(NOON + QUARTER - 1)

    assert GONE not in words(await press(community.member, helped, "Send it as it is"))


async def test_opening_it_for_changes_keeps_it_no_longer(community: Community) -> None:
    helped = await ask(community, CRISIS)
    await community.travel_to(NOON + QUARTER - 1)
    await press(community.member, helped, "Edit it")

    await community.travel_to(NOON + QUARTER)

    assert held(community) == {}
    assert GONE in words(await press(community.member, helped, "Send it as it is"))


async def test_memory_lets_go_of_it_without_anybody_pressing(community: Community) -> None:
    await ask(community, CRISIS)

    await community.travel_to(NOON + QUARTER)

    assert held(community) == {}


@every_choice
async def test_after_a_restart_it_asks_to_write_again(community: Community, label: str) -> None:
    helped = await ask(community, CRISIS)
    await community.restart()

    late = await press(community.member, helped, label)

    assert GONE in words(late)
    assert "I was restarted" in words(late)


async def test_a_form_that_was_open_for_changes_over_a_restart_asks_to_write_again(
    community: Community,
) -> None:
    form = await press(community.member, await ask(community, CRISIS), "Edit it")
    await community.restart()

    late = await community.member.submit_modal(form, {"question": "how can i sleep better"})

    assert GONE in words(late)


async def test_a_form_that_was_closed_can_be_opened_again(community: Community) -> None:
    helped = await ask(community, CRISIS)
    await press(community.member, helped, "Edit it")

    form = await press(community.member, helped, "Edit it")

    assert fields_of(form)["question"]["value"] == CRISIS


async def test_a_changed_text_that_worries_again_brings_help_again(community: Community) -> None:
    with unnoticed(community):
        expected = shown(await ask(community, f"so often {CRISIS}"))
    form = await press(community.member, await ask(community, CRISIS), "Edit it")

    helped = await community.member.submit_modal(form, {"question": f"so often {CRISIS}"})
    again = await press(community.member, helped, "Edit it")

    assert is_help(helped)
    assert fields_of(again)["question"]["value"] == f"so often {CRISIS}"
    assert shown(await press(community.member, helped, "Send it as it is")) == expected


async def test_what_fails_while_it_is_sent_can_be_sent_again(community: Community) -> None:
    name, option = "tips schedule", "zone"
    command = COMMANDS[name, option]
    with unnoticed(community):
        expected = shown(await command.run(community, name, option, CRISIS))
    helped = await command.run(community, name, option, CRISIS)
    await community.services.database.close()
    failed = await press(community.moderator, helped, "Send it as it is")
    assert "I can't reach what I keep right now" in words(failed)
    await community.services.database.open()

    sent = await press(community.moderator, helped, "Send it as it is")

    assert shown(sent) == expected
    assert held(community) == {}


async def test_who_is_no_moderator_any_more_sends_nothing(community: Community) -> None:
    helped = await FORMS["own:form"].send(community, CRISIS)
    await demote(community)

    refused = await press(community.moderator, helped, "Send it as it is")

    assert "Manage Server" in words(refused)
