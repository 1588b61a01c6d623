"""``/help-now`` is there when everything else is broken, and the rest answers kindly."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from discord.ext import commands
from simcord.env import Env

from bot import zone_names
from bot.app import App
from bot.client import BreatherClient
from bot.clock import MovableClock
from bot.settings import Settings
from tests.conftest import NOON, ROOT
from tests.flows.conftest import close_services
from tests.flows.presence import run_hidden
from tests.flows.reading import labels, press, words

HEADING = "## {country}: help now"


def break_tips(settings: Settings, tmp_path: Path) -> Settings:
    """A tip file that is no TOML."""
    content = tmp_path / "data"
    shutil.copytree(ROOT / "data", content)
    (content / "tips" / "sleep.toml").write_text("[[tip]\nid = ", encoding="utf-8")
    return settings.model_copy(update={"content_dir": content})


def break_database(settings: Settings, tmp_path: Path) -> Settings:
    """A database file that is none."""
    (tmp_path / "breather.db").write_bytes(b"garbage " * 512)
    return settings


def lose_numbers(settings: Settings, tmp_path: Path) -> Settings:
    """Content without its emergency numbers and its help lines."""
    content = copy_of_data(tmp_path)
    for name in ("emergency_numbers.csv", "helplines.csv"):
        (content / name).unlink()
    return settings.model_copy(update={"content_dir": content})


def lose_lines(settings: Settings, tmp_path: Path) -> Settings:
    """Content without its help lines."""
    content = copy_of_data(tmp_path)
    (content / "helplines.csv").unlink()
    return settings.model_copy(update={"content_dir": content})


def copy_of_data(tmp_path: Path) -> Path:
    """The content that ships, to be broken."""
    content = tmp_path / "data"
    shutil.copytree(ROOT / "data", content)
    return content


@asynccontextmanager
async def running(app: App) -> AsyncIterator[tuple[Env, Any, Any]]:
    """The simulated Discord around an app: env, a member, a channel."""
    env = Env(app.client)
    await env.start()
    try:
        guild = env.create_guild("Example Creators")
        channel = guild.create_text_channel("community")
        member = guild.add_member(env.create_user("member"))
        await env.settle()
        yield env, member, channel
    finally:
        await env.shutdown()
        await close_services(app)


async def open_app(settings: Settings, *, remembers_commands: bool = False) -> App:
    """An app that opened what it could."""
    app = App(settings, MovableClock(NOON), remembers_commands=remembers_commands)
    await app.open()
    return app


@pytest.mark.parametrize("break_it", [break_tips, break_database])
async def test_it_answers_when_content_or_database_cannot_be_read(
    settings: Settings, tmp_path: Path, break_it: Any
) -> None:
    app = await open_app(break_it(settings, tmp_path))
    assert app.problem is not None

    async with running(app) as (_, member, channel):
        assert member.available_commands(channel) == ("help-now",)
        form = await press(member, await member.slash(channel, "help-now"), "Type a country")
        shown = await member.submit_modal(form, {"country": "NO"})

    assert HEADING.format(country="Norway") in words(shown)
    assert "Call: `116 123`" in words(shown)


@pytest.mark.parametrize("break_it", [break_tips, break_database])
async def test_the_other_commands_answer_kindly_meanwhile(
    settings: Settings, tmp_path: Path, break_it: Any
) -> None:
    whole = await open_app(
        settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/first.db"}),
        remembers_commands=True,
    )
    async with running(whole) as (env, member, channel):
        broken = await open_app(break_it(settings, tmp_path), remembers_commands=True)
        await env.restart_bot(broken.client)

        for name in ("about", "my-data", "tip"):
            shown = await member.slash(channel, name)
            assert shown.ephemeral
            assert "This part of me is resting" in words(shown)
        hidden = await run_hidden(member, channel, "setup")
        assert "/help-now works all the same" in words(hidden)
        assert HEADING.format(country="Norway") in words(
            await member.slash(channel, "help-now", country="NO")
        )


async def test_without_its_numbers_it_still_shows_where_help_is(
    settings: Settings, tmp_path: Path
) -> None:
    app = await open_app(lose_numbers(settings, tmp_path))

    async with running(app) as (_, member, channel):
        shown = await member.slash(channel, "help-now", country="Norway")

    assert "call your local emergency number" in words(shown)
    assert "Find a help line" in labels(shown)


async def test_without_its_help_lines_it_shows_the_emergency_numbers(
    settings: Settings, tmp_path: Path
) -> None:
    app = await open_app(lose_lines(settings, tmp_path))

    async with running(app) as (_, member, channel):
        shown = await member.slash(channel, "help-now", country="Norway")

    assert "### Ambulance: 113" in words(shown)
    assert "I have no checked service for Norway yet" in words(shown)
    assert "Find a help line" in labels(shown)


async def test_one_broken_row_loses_that_row_alone(settings: Settings, tmp_path: Path) -> None:
    content = copy_of_data(tmp_path)
    lines = (content / "helplines.csv").read_text(encoding="utf-8").splitlines()
    broken = [line.replace("SE,", 'SE,"', 1) if line.startswith("SE,") else line for line in lines]
    (content / "helplines.csv").write_text("\n".join(broken), encoding="utf-8")
    app = await open_app(settings.model_copy(update={"content_dir": content}))

    async with running(app) as (_, member, channel):
        swedish = await member.slash(channel, "help-now", country="SE")
        next_one = await member.slash(channel, "help-now", country="SG")

    assert "I have no checked service for Sweden yet" in words(swedish)
    assert "Call: `1767`" in words(next_one)


async def test_a_cog_that_fails_to_load_leaves_the_others(settings: Settings) -> None:
    def broken(_client: BreatherClient) -> commands.Cog:
        message = "not today"
        raise RuntimeError(message)

    app = await open_app(settings)
    app.client.add_cogs([broken])

    async with running(app) as (_, member, channel):
        shown = await member.slash(channel, "help-now", country="NO")
        assert HEADING.format(country="Norway") in words(shown)
        assert "## Breather" in words(await member.slash(channel, "about"))
    assert app.client.broken_cogs == ["broken"]


async def test_it_answers_although_the_names_of_the_zones_cannot_be_read(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "zones.toml"
    broken.write_text("world = [", encoding="utf-8")
    monkeypatch.setattr(zone_names, "_CURATED", broken)
    zone_names.load_zone_names.cache_clear()
    try:
        app = await open_app(settings)
    finally:
        zone_names.load_zone_names.cache_clear()

    assert "zones.toml" in str(app.problem)
    async with running(app) as (_, member, channel):
        shown = await member.slash(channel, "help-now", country="NO")
    assert HEADING.format(country="Norway") in words(shown)
