"""The real bot against a simulated Discord."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from typing import TYPE_CHECKING

from simcord.env import Env

from bot.app import App
from bot.clock import MINUTE, SystemClock
from bot.errors import BreatherError, RefusalError, StorageError
from bot.sandbox import pool
from bot.sandbox.clock import SimulatedClock, show_instant
from bot.sandbox.memory import Memory, Remembered
from bot.sandbox.posts import PostWatch, SeenPost
from bot.sandbox.view import ChannelView
from bot.sandbox.world import World, build_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.calendars.feeds import Feeds
    from bot.settings import Settings

log = logging.getLogger(__name__)

SETTLE_SECONDS = 30.0
PULSE_SECONDS = 1.0
REDRAW_SECONDS = 0.7


class Sandbox:
    """The client, cogs, database and engine of a real Breather inside simcord.

    Time runs with the machine's clock from where it was put, and the engine ticks once a minute;
    :mod:`bot.sandbox.travel` moves it forward. Whatever touches simcord takes ``turn`` first: it
    allows one operation at a time.
    """

    app: App
    env: Env
    world: World
    view: ChannelView
    clock: SimulatedClock

    def __init__(
        self,
        settings: Settings,
        *,
        fresh: bool = False,
        start_at: int | None = None,
        tell: Callable[[str], object] = log.info,
    ) -> None:
        """``start_at`` (UTC epoch seconds) stands for the present; ``tell`` gets lines."""
        self._operator_settings = settings
        self._fresh = fresh
        self._start_at = start_at
        self._memory = Memory(settings)
        self._undo = contextlib.AsyncExitStack()
        self._ticked_minute = 0
        self._requests_seen = 0
        self._redrawn_at = 0.0
        self.tell = tell
        self.turn = asyncio.Lock()
        self.unread: Counter[str] = Counter()
        self.zone = "UTC"
        self.travelling_to: int | None = None

    # ------------------------------------------------------------------ life

    async def open(self) -> None:
        """Start the bot in its community, at the clock of the last run or, if later, at present.

        What was due in between is handled as after an outage.
        """
        async with contextlib.AsyncExitStack() as undo:
            undo.push_async_callback(self.close)
            await self._open()
            undo.pop_all()

    async def _open(self) -> None:
        self._memory.prepare(fresh=self._fresh)
        kept = self._memory.read_clock()
        present = SystemClock().now() if self._start_at is None else self._start_at
        at = present if kept is None else max(kept.at + 1, present)
        self._began_at = kept.began_at if kept else at
        self.clock = SimulatedClock(at)
        self.app = await self._make_app()
        self.env = Env(self.app.client, check_errors=False, settle_timeout=SETTLE_SECONDS)
        self._undo.push_async_callback(self.env.shutdown)
        self._undo.push_async_callback(self._close_app)
        self.world = build_world(self.env, self._began_at)
        self.view = ChannelView(self.env, self.world)
        self._posts = PostWatch(self.env, self.world)
        self.env.backend.advance_clock(max(0.0, at - self.env.now().timestamp()))
        self.clock.attach(self.env)
        self.set_time(at)
        await self.env.start()
        self._undo.callback(self.remember)
        self._undo.push_async_callback(self.view.close)
        async with self.turn:
            await self.tick()
            await self._show()
        self.remember()

    async def close(self) -> None:
        """Keep the clock, stop the bot, close the database. Safe to call twice."""
        await self._undo.aclose()

    async def restart(self) -> None:
        """Stop the bot as an update does, and start a new one on the same database."""
        if self.travelling_to is not None:
            raise RefusalError(self.explain_travelling())
        async with self.turn:
            await self.view.close()
            await self.env.settle()
            await self.app.close()
            self.app = await self._make_app()
            await self.env.restart_bot(self.app.client)
            await self.tick()
            await self._show()

    async def _close_app(self) -> None:
        await self.app.close()

    async def _make_app(self) -> App:
        settings = self._memory.settings(self._operator_settings)
        app = App(settings, self.clock, remembers_commands=False)
        await app.open()
        await pool.seed(app)
        return app

    # ------------------------------------------------------------------ time

    def set_time(self, at: float) -> None:
        """Let time run on from an instant (UTC epoch seconds)."""
        self._put_at = at
        self._put_since = asyncio.get_running_loop().time()

    async def move_to(self, at: float) -> None:
        """Bring Discord and bot to an instant; take ``turn`` first. Never goes back."""
        behind = at - self.env.now().timestamp()
        if behind > 0:
            await self.env.advance_time(behind)

    async def catch_up(self) -> None:
        """Bring Discord and bot to the running present; take ``turn`` first."""
        if self.travelling_to is None:
            passed = asyncio.get_running_loop().time() - self._put_since
            await self.move_to(self._put_at + passed)

    async def tick(self) -> list[SeenPost]:
        """Let the engine plan and post what is due; what was posted. Take ``turn`` first."""
        self._ticked_minute = self.clock.now() // MINUTE
        services = self.app.services
        if services is not None:
            try:
                with self.env.time_context():
                    await services.engine.tick()
            except BreatherError as error:
                log.error("this minute's posts wait: %s", error)  # noqa: TRY400 (no bug of ours)
        await self.env.settle()
        return await self.look()

    async def run(self) -> None:
        """Let time pass until cancelled."""
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            if self.travelling_to is not None:
                continue
            async with self.turn:
                try:
                    await self._pulse()
                except Exception:  # one bad second must not end the sandbox
                    log.exception("time stands still for a moment")

    async def _pulse(self) -> None:
        if self.view.url is None:
            await self._show()
        await self.catch_up()
        if self.clock.now() // MINUTE == self._ticked_minute:
            await self.look()
        else:
            await self.tick()
            self.remember()

    @property
    def problem(self) -> str | None:
        """Why the bot is in help-only mode, and what to do next; None when it is not."""
        problem = self.app.problem
        if problem is None or not problem.startswith("DATABASE_URL"):
            return problem
        return f"{problem} To begin with a new one, start the sandbox with --fresh."

    def find_feeds(self) -> Feeds | None:
        """The calendars of the bot that runs now; None in help-only mode."""
        services = self.app.services
        return None if services is None else services.feeds

    def remember(self) -> None:
        """Keep the clock for the next run."""
        self._memory.write_clock(Remembered(self.clock.now(), self._began_at))

    def explain_travelling(self) -> str:
        """A sentence for whoever asks for something that must wait for the journey's end."""
        there = show_instant(self.travelling_to or 0, self.zone)
        return f"I am on the way to {there}. Try again when the clock stands there."

    # ------------------------------------------------------------------ page

    async def show_channel(self, name: str) -> str:
        """Show a channel; a sentence when another person had to be chosen for it, else ""."""
        place = self.world.find_place(name)
        async with self.turn:
            note = self.view.turn_to(place)
            await self._show()
        return note

    async def view_as(self, who: str) -> str:
        """See through another person's eyes; a sentence when that changed the channel, else ""."""
        person = self.world.find_person(who)
        async with self.turn:
            note = self.view.look_as(person)
            await self._show()
        return note

    async def dm(self) -> None:
        """Show the present viewer's direct messages with the bot."""
        async with self.turn:
            self.view.turn_to_direct()
            await self._show()

    async def follow_zone(self) -> None:
        """Show the channel's times in the community's zone, if it has changed meanwhile."""
        async with self.turn:
            if not self.view.shows_zone(self.zone):
                await self._show()

    async def look(self, *, is_published: bool = False) -> list[SeenPost]:
        """Tell and count new posts, and bring the page up to date. Take ``turn`` first.

        ``is_published`` says that simcord has done the latter already, as after a person's action.
        """
        posts = self._posts.look()
        for post in posts:
            self.tell(f"{show_instant(post.at, self.zone)}  {post.place}: {post.title}")
        self.unread.update(post.place for post in posts if post.place != self.view.name)
        requests = len(self.env.http_requests)
        if is_published:
            self._requests_seen = requests
        elif requests != self._requests_seen and self._may_redraw():
            await self.view.redraw()
            self._requests_seen = requests
            self._redrawn_at = asyncio.get_running_loop().time()
        await self._read_zone()
        return posts

    def _may_redraw(self) -> bool:
        """On a journey the page is drawn now and then only: that takes longer than the posts."""
        passed = asyncio.get_running_loop().time() - self._redrawn_at
        return self.travelling_to is None or passed > REDRAW_SECONDS

    async def _read_zone(self) -> None:
        services = self.app.services
        with contextlib.suppress(StorageError):
            if services is not None:
                self.zone = (await services.guilds.settings(self.world.guild.id)).zone

    async def _show(self) -> None:
        await self.view.close()
        await self.catch_up()
        await self.view.open(self.zone)
        self._requests_seen = len(self.env.http_requests)
        self.unread.pop(self.view.name, None)
