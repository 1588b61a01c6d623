"""What was held back is nowhere but in memory, and in the person's own form."""

import pytest

from tests.conftest import NOON
from tests.flows.checking_in import take
from tests.flows.conftest import Community
from tests.flows.reading import press, words
from tests.flows.safety import (
    ABOUT_OTHER,
    ASK,
    COMMANDS,
    CORE,
    CRISIS,
    FOR_SELF,
    FORMS,
    QUARTER,
    Command,
    Form,
    ask,
    everything_written,
)
from tests.flows.tips import choose_desk

every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
every_option = pytest.mark.parametrize(
    ("name", "option", "command"),
    [(*key, command) for key, command in COMMANDS.items()],
    ids=[" ".join(key) for key in COMMANDS],
)


@pytest.fixture(autouse=True)
def _record_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")


async def test_what_goes_through_is_found_so_this_would_notice(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    words = "a quiet, unmistakable marmalade"
    form = await FORMS["own:form"].send(community, words)
    await press(community.moderator, form, "Keep it")

    written = await everything_written(community, caplog)

    assert written.count("marmalade") > 1


async def test_what_only_the_classifier_notices_gets_help_and_is_written_nowhere(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    helped = await ask(community, "do u think god would forgive me if i killed myself")

    assert FOR_SELF in words(helped)
    assert "forgive" not in await everything_written(community, caplog)


@every_form
async def test_a_form_that_was_held_back_is_written_nowhere(
    community: Community, form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    helped = await form.send(community, CRISIS)
    await press(form.actor(community), helped, "Edit it")
    await press(form.actor(community), helped, "Delete it")

    assert CORE not in await everything_written(community, caplog)


@every_option
async def test_a_command_that_was_held_back_is_written_nowhere(
    community: Community,
    name: str,
    option: str,
    command: Command,
    caplog: pytest.LogCaptureFixture,
) -> None:
    helped = await command.run(community, name, option, CRISIS)
    await press(command.actor(community), helped, "Edit it")
    await press(command.actor(community), helped, "Delete it")

    assert CORE not in await everything_written(community, caplog)


async def test_a_text_about_somebody_else_is_written_nowhere(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    helped = await ask(community, ABOUT_OTHER)
    await press(community.member, helped, "Edit it")

    await community.travel_to(NOON + QUARTER)

    assert CORE not in await everything_written(community, caplog)


async def test_asking_for_a_moderator_writes_nothing_of_the_text(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    await choose_desk(community)
    helped = await ask(community, CRISIS)
    await press(community.member, helped, ASK)

    await take(community, community.moderator)
    await community.travel_to(NOON + QUARTER)

    assert CORE not in await everything_written(community, caplog)


async def test_presses_and_forms_after_a_restart_write_nothing_of_the_text(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    helped = await ask(community, CRISIS)
    form = await press(community.member, helped, "Edit it")
    await community.restart()

    await press(community.member, helped, "Send it as it is")
    await community.member.submit_modal(form, {"question": CRISIS})

    assert CORE not in await everything_written(community, caplog)


async def test_nothing_about_the_person_is_logged(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    await choose_desk(community)
    helped = await ask(community, CRISIS)
    await press(community.member, helped, ASK)
    await community.travel_to(NOON + QUARTER)

    ours = [record for record in caplog.records if record.name.startswith(("bot", "cogs"))]

    assert str(community.member.id) not in "\n".join(record.getMessage() for record in ours)
