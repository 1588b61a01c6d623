"""Whatever goes wrong in an interaction becomes one kind sentence, and nothing is half done."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from simcord.env import Env

from bot.app import App
from bot.client import BreatherClient
from bot.errors import RefusalError
from cogs.ui.cards import button, card, row
from cogs.ui.replies import show
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.presence import add_bot, lose_sight, remove_bot
from tests.flows.reading import answer, control, parts, press, words

SECRET = "the secret plan of a person"


class Faulty(commands.Cog):
    """A command and a button of which each goes wrong in its own way."""

    def __init__(self, client: BreatherClient) -> None:
        client.routes.on_press("faulty:press", self.press)

    @app_commands.command(name="faulty", description="Goes wrong")
    async def faulty(self, interaction: discord.Interaction[Any], way: str) -> None:
        """Go wrong."""
        if way == "card":
            await show(interaction, card(row(button("Break", "faulty:press"))))
            return
        if way == "refusal":
            message = "Not now. Try again at noon."
            raise RefusalError(message)
        if way == "late":
            await interaction.response.defer(ephemeral=True)
        raise ValueError(SECRET)

    async def press(self, _interaction: discord.Interaction[Any]) -> None:
        """Go wrong."""
        raise ValueError(SECRET)


@pytest.fixture
async def env(app: App) -> AsyncIterator[Env]:
    """The simulated Discord, with a cog in it that goes wrong."""
    app.client.add_cogs([Faulty])
    env = Env(app.client)
    await env.start()
    await env.advance_time(NOON - env.now().timestamp())
    yield env
    await env.shutdown()


async def go_wrong(community: Community, way: str) -> Any:
    """Run the command."""
    return await community.member.slash(community.general, "faulty", way=way)


async def test_a_refusal_is_shown_as_it_is(community: Community) -> None:
    shown = await go_wrong(community, "refusal")

    assert shown.ephemeral
    assert words(shown) == "Not now. Try again at noon."


@pytest.mark.parametrize("way", ["at once", "late"])
async def test_a_fault_is_told_privately_with_a_number_and_nothing_of_its_inside(
    community: Community, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    shown = await go_wrong(community, way)

    assert answer(shown).ephemeral
    assert "Something went wrong on my side (error " in words(shown)
    assert "/help-now works" in words(shown)
    assert SECRET not in words(shown)
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


async def test_the_number_that_a_person_sees_is_in_the_log(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    shown = words(await go_wrong(community, "at once"))

    number = shown.partition("(error ")[2].partition(")")[0]
    assert f"error {number}" in caplog.text


async def test_a_fault_behind_a_button_is_told_too(community: Community) -> None:
    shown = await go_wrong(community, "card")

    assert "Something went wrong on my side" in words(await press(community.member, shown, "Break"))


async def test_the_bot_goes_on_after_a_fault(community: Community) -> None:
    await go_wrong(community, "at once")

    assert "## Breather" in words(await community.member.slash(community.general, "about"))


@pytest.mark.parametrize("command", ["setup", "status", "audit", "my-data"])
async def test_storage_that_is_away_is_said_kindly(community: Community, command: str) -> None:
    await community.services.database.close()

    shown = await community.moderator.slash(community.desk, command)

    assert shown.ephemeral
    assert "I can't reach what I keep right now, so nothing was changed" in words(shown)


@pytest.mark.parametrize(
    ("command", "route"),
    [("setup", "setup:zone"), ("status", "status:open"), ("my-data", "my-data:download")],
)
async def test_storage_that_goes_away_before_a_press_is_said_kindly(
    community: Community, command: str, route: str
) -> None:
    shown = await community.moderator.slash(community.desk, command)
    custom_id = control(shown, route)
    await community.services.database.close()

    refused = await community.moderator.click(answer(shown).message, custom_id=custom_id)

    assert "I can't reach what I keep right now" in words(refused)
    assert "I can't reach" not in words(shown)


async def test_about_needs_no_storage(community: Community) -> None:
    await community.services.database.close()

    assert "## Breather" in words(await community.member.slash(community.general, "about"))


async def test_joining_and_leaving_while_storage_is_away_is_no_fault(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    await community.services.database.close()

    await remove_bot(community)
    await add_bot(community)
    await lose_sight(community)

    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_button_of_another_version_is_answered(community: Community) -> None:
    shown = await go_wrong(community, "card")
    routes: Any = community.app.client.routes
    routes._presses.pop("faulty:press")

    refused = await press(community.member, shown, "Break")

    assert answer(refused).ephemeral
    texts = [answer(refused).content, words(refused)]
    assert "run its command again" in " ".join(texts)


async def test_every_refusal_has_no_buttons_that_lead_nowhere(community: Community) -> None:
    shown = await go_wrong(community, "refusal")

    assert [part for part in parts(answer(shown).components) if "custom_id" in part] == []
