"""Whatever is typed into a form or a command: help comes first, then the person decides."""

from collections.abc import Iterator
from typing import Any

import pytest
from discord import AppCommandOptionType, app_commands

from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import press
from tests.flows.safety import (
    COMMANDS,
    CRISIS,
    FORMS,
    Command,
    Form,
    callbacks,
    fields_of,
    is_help,
    shown,
    unnoticed,
)

every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
every_option = pytest.mark.parametrize(
    ("name", "option", "command"),
    [(*key, command) for key, command in COMMANDS.items()],
    ids=[" ".join(key) for key in COMMANDS],
)


def text_options(community: Community) -> Iterator[tuple[str, str]]:
    """Every option of every command in which people can write what they like."""
    for command in community.app.client.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            for option in command.parameters:
                if option.type is AppCommandOptionType.string and not option.choices:
                    yield command.qualified_name, option.display_name


async def test_every_form_has_a_case_here(community: Community) -> None:
    routes: Any = community.app.client.routes

    assert set(FORMS) == set(routes._forms), "add the form to FORMS in tests/flows/safety.py"


async def test_every_text_option_of_a_command_has_a_case_here(community: Community) -> None:
    found = set(text_options(community))

    assert set(COMMANDS) == found, "add the option to COMMANDS in tests/flows/safety.py"


@every_form
async def test_a_form_shows_help_first_and_does_nothing_else(
    community: Community, form: Form
) -> None:
    opened = await form.open(community)
    before, rows = len(community.env.http_requests), await count_rows(community)

    helped = await form.submit(community, opened, CRISIS)

    assert is_help(helped)
    assert len(community.env.http_requests) == before + 1
    assert await count_rows(community) == rows


@every_option
async def test_a_command_shows_help_first_and_does_nothing_else(
    community: Community, name: str, option: str, command: Command
) -> None:
    before, rows = len(callbacks(community)), await count_rows(community)

    helped = await command.run(community, name, option, CRISIS)

    assert is_help(helped)
    assert len(callbacks(community)) == before + 1
    assert await count_rows(community) == rows


@every_form
async def test_a_form_that_is_sent_goes_on_as_if_nothing_had_been_noticed(
    community: Community, form: Form
) -> None:
    opened = await form.open(community)
    with unnoticed(community):
        expected = shown(await form.submit(community, opened, CRISIS))
    helped = await form.send(community, CRISIS)

    sent = await press(form.actor(community), helped, "Send it as it is")

    assert shown(sent) == expected


@every_option
async def test_a_command_that_is_sent_goes_on_as_if_nothing_had_been_noticed(
    community: Community, name: str, option: str, command: Command
) -> None:
    with unnoticed(community):
        expected = shown(await command.run(community, name, option, CRISIS))
    helped = await command.run(community, name, option, CRISIS)

    sent = await press(command.actor(community), helped, "Send it as it is")

    assert shown(sent) == expected


@every_form
async def test_a_form_opens_again_with_what_was_typed_and_takes_the_corrected_text(
    community: Community, form: Form
) -> None:
    await form.send(community, form.ordinary)
    expected = shown(await form.send(community, form.ordinary))
    first = await form.open(community)
    helped = await form.submit(community, first, CRISIS)

    again = await press(form.actor(community), helped, "Edit it")

    assert fields_of(again).keys() == fields_of(first).keys()
    assert fields_of(again)[form.into]["value"] == CRISIS
    assert shown(await form.submit(community, again, form.ordinary)) == expected


@every_option
async def test_a_command_can_be_edited_in_a_form_and_takes_the_corrected_text(
    community: Community, name: str, option: str, command: Command
) -> None:
    expected = shown(await command.run(community, name, option, command.ordinary))
    helped = await command.run(community, name, option, CRISIS)

    form = await press(command.actor(community), helped, "Edit it")

    typed = {name: field["value"] for name, field in fields_of(form).items()}
    assert typed == command.others | {option: CRISIS}
    corrected = typed | {option: command.ordinary}
    assert shown(await command.actor(community).submit_modal(form, corrected)) == expected


@pytest.mark.parametrize(
    ("route", "field"),
    [
        ("own:form", "title"),
        ("own:form", "try_this"),
        ("own-resource:form", "title"),
        ("own-resource:form", "summary"),
        ("own-resource:form", "link"),
        ("own-resource:form", "asked"),
    ],
)
async def test_every_field_of_a_form_is_looked_at(
    community: Community, route: str, field: str
) -> None:
    form = FORMS[route]
    opened = await form.open(community)

    helped = await community.moderator.submit_modal(opened, form.others | {field: CRISIS})

    assert is_help(helped)
