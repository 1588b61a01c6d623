"""Runs an :class:`bot.app.App` against Discord until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
from typing import Any

import aiohttp
import discord

from bot.app import App
from bot.calendars.feeds import Feeds
from bot.calendars.serving import FeedServer
from bot.claims.chores import keep_house
from bot.client import invite_url
from bot.clock import MINUTE
from bot.delivery.minute import MinuteClock
from bot.errors import BreatherError, DiscordUnreachableError, SettingsError, StorageError
from bot.events.posts import POSTS as EVENT_POSTS
from bot.health import HealthServer
from bot.storage.backup import back_up
from bot.storage.urls import sqlite_path
from bot.storage.wiping import write_anew
from cogs.communities import CommunitiesCog

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
TICK_LIMIT = 90
HEARTBEAT_LIMIT = 60
DATABASE_SECONDS = 5


async def serve(
    app: App, *, retry_seconds: float = RETRY_SECONDS, tick_seconds: float | None = None
) -> None:
    """Open, connect, and close in reverse order on SIGTERM, SIGINT or a fault.

    Raises :class:`SettingsError` for a wrong token or a port in use.
    """
    token = app.settings.discord_token
    if token is None:
        message = (
            "DISCORD_TOKEN: not set. Put the bot's token into .env, "
            "or start the sandbox: python -m bot sandbox."
        )
        raise SettingsError([message])
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    runner = _Runner(app, retry_seconds, tick_seconds)
    connection: asyncio.Task[None] | None = None
    try:
        await runner.open()
        connection = asyncio.create_task(app.client.start(token.get_secret_value()))
        waiter = asyncio.create_task(stopping.wait())
        await asyncio.wait({connection, waiter}, return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
        if connection.done():
            connection.result()
    except discord.LoginFailure as error:
        message = (
            "DISCORD_TOKEN: Discord does not accept it. Copy the token again from the developer "
            "portal, page Bot, and put it into .env."
        )
        raise SettingsError([message]) from error
    except (aiohttp.ClientError, OSError, discord.HTTPException, discord.GatewayNotFound) as error:
        message = (
            f"Discord can't be reached ({error}). Check this machine's connection and "
            "discordstatus.com, then start again."
        )
        raise DiscordUnreachableError(message) from error
    finally:
        await runner.close()
        if connection is not None:
            connection.cancel()
            await asyncio.gather(connection, return_exceptions=True)
        log.info("stopped")


class _Runner:
    def __init__(self, app: App, retry_seconds: float, tick_seconds: float | None) -> None:
        self._app = app
        self._retry_seconds = retry_seconds
        self._minute = MinuteClock(self._tick, self._keep_house, tick_seconds)
        self._health: HealthServer | None = None
        self._feed: FeedServer | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        app = self._app
        await app.open()
        if app.settings.health_port is not None:
            health = HealthServer(app.settings.health_port, self._healthz, self._readyz)
            await health.start()
            self._health = health
        if app.settings.feed_port is not None:
            feed = FeedServer(app.settings.feed_host, app.settings.feed_port, self._find_feeds)
            await feed.start()
            self._feed = feed
        if app.problem is not None:
            log.error("%s", app.problem)
            log.error(
                "Help-only mode: /help-now answers, the rest waits. Trying again every %d s.",
                self._retry_seconds,
            )
            self._spawn(self._try_again())
        self._spawn(self._begin())

    async def close(self) -> None:
        self._minute.pause()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._feed is not None:
            await self._feed.close()
        await self._app.close()
        self._minute.stop()
        if self._health is not None:
            await self._health.close()

    def _spawn(self, work: Any) -> None:  # noqa: ANN401 (a coroutine)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self) -> None:
        """Tick from the moment the client is ready, and every minute after it."""
        client = self._app.client
        while not client.is_ready():
            with contextlib.suppress(RuntimeError):
                await client.wait_until_ready()
            await asyncio.sleep(0.05)
        # What is there now stays: a full collection would stop the loop for 40 ms, with 10,000
        # communities for 160 ms (measured).
        gc.collect()
        gc.freeze()
        application_id = client.application_id or 0
        log.info("connected to %d communities", len(client.guilds))
        log.info("invite link: %s", invite_url(application_id))
        self._minute.start()
        await self._tick()

    async def _tick(self) -> None:
        services = self._app.services
        if services is None:
            return
        try:
            await services.engine.tick()
        except StorageError as error:
            log.error("this minute's posts wait: %s", error)  # noqa: TRY400 (an operator's fault, not a bug)

    async def _keep_house(self) -> None:
        services = self._app.services
        if services is None:
            return
        try:
            await services.audit.prune()
            await services.schedules.prune(kept_kind=EVENT_POSTS)
            await services.events.sweep()
            await services.reminders.sweep()
            await keep_house(services.claims, services.database, self._app.clock.now())
            cog = self._app.client.get_cog(CommunitiesCog.__cog_name__)
            if isinstance(cog, CommunitiesCog):
                await cog.keep_house()
            settings = self._app.settings
            if sqlite_path(settings.database_url) is not None:
                path = await asyncio.to_thread(
                    back_up,
                    settings.database_url,
                    settings.state_dir / "backups",
                    self._app.clock.now(),
                )
                log.info("nightly backup: %s", path)
            await write_anew(services.database)
        except BreatherError as error:
            log.error("housekeeping waits until tomorrow: %s", error)  # noqa: TRY400

    async def _try_again(self) -> None:
        while self._app.services is None:
            await asyncio.sleep(self._retry_seconds)
            if await self._app.try_again():
                log.info("Everything can be had again: help-only mode is over.")
                await self._tick()

    def _find_feeds(self) -> Feeds | None:
        services = self._app.services
        return None if services is None else services.feeds

    async def _healthz(self) -> dict[str, Any]:
        services = self._app.services
        if services is None:
            return {"ok": False, "database": self._app.problem}
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await services.database.check_writable()
        except (StorageError, TimeoutError) as error:
            return {"ok": False, "database": str(error) or "no answer"}
        return {"ok": True, "database": "writable"}

    async def _readyz(self) -> dict[str, Any]:
        client, services = self._app.client, self._app.services
        latency = client.latency if client.is_ready() else float("inf")
        facts: dict[str, Any] = {
            "gateway": client.is_ready() and not client.is_closed() and latency < HEARTBEAT_LIMIT,
        }
        if services is None:
            return facts | {"ok": False, "help_only": self._app.problem}
        now = self._app.clock.now()
        ticked_at = services.engine.ticked_at
        facts["seconds_since_tick"] = None if ticked_at is None else now - ticked_at
        try:
            backlog = await services.schedules.backlog()
        except StorageError as error:
            return facts | {"ok": False, "database": str(error)}
        facts["backlog"] = backlog.waiting
        facts["oldest_seconds"] = (
            None if backlog.oldest_at is None else max(0, now - backlog.oldest_at)
        )
        is_behind = (facts["oldest_seconds"] or 0) > 15 * MINUTE
        is_ticking = is_recent(ticked_at, now)
        return facts | {"ok": facts["gateway"] and is_ticking and not is_behind}


def is_recent(ticked_at: int | None, now: int) -> bool:
    """Whether the minute clock ticks.

    A tick that is still to come says nothing: the machine's clock was set back after it.
    """
    return ticked_at is not None and 0 <= now - ticked_at < TICK_LIMIT
