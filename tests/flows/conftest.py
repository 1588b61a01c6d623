"""A community in a simulated Discord, with permission checks on."""

import logging
import shutil
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import discord
import pytest
from pydantic import SecretStr
from simcord.env import Env

from bot.app import App
from bot.clock import MovableClock
from bot.content.tips import TipLibrary
from bot.i18n import Texts
from bot.services import Services
from bot.settings import Settings
from bot.storage.urls import sqlite_path
from cogs.ui.errors import cause_of, explain
from tests.conftest import NOON
from tests.phrases import load_screen

CLAIM_KEYS = {
    "claim_code_keys": SecretStr(f"k1:{urlsafe_b64encode(b'1' * 32).decode()}"),
    "claim_hash_key": SecretStr(urlsafe_b64encode(b"h" * 32).decode()),
}


@dataclass
class Community:
    """A guild with channels, a moderator and two members."""

    app: App
    env: Env
    clock: MovableClock
    guild: Any
    general: Any
    desk: Any
    moderator: Any
    member: Any
    other: Any
    opt_in: Any

    @property
    def services(self) -> Services:
        """What the cogs were given."""
        assert self.app.services is not None
        return self.app.services

    async def travel_to(self, at: int) -> None:
        """Move both clocks to an instant, stopping wherever something is due."""
        while (due_at := await self.services.schedules.next_due_at()) is not None and due_at < at:
            await self._stand_at(due_at)
        await self._stand_at(at)

    async def _stand_at(self, at: int) -> None:
        ahead = at - self.env.now().timestamp()
        if ahead > 0:
            await self.env.advance_time(ahead)
        self.clock.move_to(at)
        await self.services.engine.tick()
        await self.env.settle()

    async def restart(self) -> None:
        """Stop the bot as an update does, and start a new one on the same database."""
        settings = self.app.settings
        services = self.services
        await services.engine.close()
        if services.claims is not None:
            await services.claims.close()
        new = make_app(settings, self.clock)
        await new.open()
        keep_to_itself(new)
        await self.env.restart_bot(new.client)
        await services.database.close()
        self.app = new


def make_app(settings: Settings, clock: MovableClock) -> App:
    """An app with fixed chance that sends its commands at every start."""
    return App(settings, clock, chance=Random(7), remembers_commands=False)


@pytest.fixture(autouse=True, scope="session")
def _phrases_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.app._load_screen", load_screen)
        yield


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everything that an operator can switch on, claims too."""
    return settings.model_copy(update=CLAIM_KEYS)


@pytest.fixture
def clock() -> MovableClock:
    """Noon on 14 March 2027 (UTC)."""
    return MovableClock(NOON)


@pytest.fixture
async def app(settings: Settings, clock: MovableClock, migrated_file: Path) -> AsyncIterator[App]:
    """The bot, opened on a database of its own, which an earlier start has migrated."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        shutil.copy(migrated_file, path)
    app = make_app(settings, clock)
    await app.open()
    assert app.problem is None
    keep_to_itself(app)
    yield app
    await close_services(app)


@pytest.fixture
async def env(app: App, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Env]:
    """The simulated Discord. An error that nobody explains to the person fails the test."""
    env = Env(app.client)
    await env.start()
    try:
        await env.advance_time(NOON - env.now().timestamp())
        yield env
    finally:
        await env.shutdown()
    unexplained = [error for error in env.errors if explain(cause_of(error), Texts()) is None]
    assert not unexplained
    # caplog.records is the teardown's own by now.
    records = caplog.get_records("call")
    assert not [record for record in records if record.levelno >= logging.ERROR]


@pytest.fixture
async def community(app: App, env: Env, clock: MovableClock) -> AsyncIterator[Community]:
    """A guild that the bot is in."""
    guild = env.create_guild("Example Creators")
    staff = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    made = Community(
        app=app,
        env=env,
        clock=clock,
        guild=guild,
        general=guild.create_text_channel("community"),
        desk=guild.create_text_channel("moderators-desk"),
        moderator=guild.add_member(env.create_user("moderator"), roles=[staff]),
        member=guild.add_member(env.create_user("member")),
        other=guild.add_member(env.create_user("other")),
        opt_in=guild.create_role("Tip friends", mentionable=True),
    )
    await env.settle()
    yield made
    if made.app is not app:
        await close_services(made.app)


def keep_to_itself(app: App) -> None:
    """Give an app tips of its own: what a test takes out of them stays in for the others."""
    if app.services is not None:
        app.services.tips.library = TipLibrary(dict(app.services.tips.library.by_id))


async def close_services(app: App) -> None:
    """Close what the simulated Discord does not: the engine and the database."""
    if app.services is not None:
        await app.services.engine.close()
        if app.services.claims is not None:
            await app.services.claims.close()
        await app.services.database.close()
