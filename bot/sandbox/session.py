"""The real bot against a simulated Discord: one channel is shown to one person at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from typing import TYPE_CHECKING

from simcord.backend.access import can_access_channel
from simcord.env import Env

from bot.app import App
from bot.clock import MINUTE, SystemClock
from bot.errors import BreatherError, RefusalError
from bot.sandbox.clock import SimulatedClock, show_instant
from bot.sandbox.memory import Memory, Remembered
from bot.sandbox.posts import PostWatch, SeenPost
from bot.sandbox.world import Person, Place, World, build_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcord.preview import Preview

    from bot.settings import Settings

log = logging.getLogger(__name__)

SETTLE_SECONDS = 30.0
PULSE_SECONDS = 1.0
DIRECT = "Direct message"
LOCALE = "en-GB"
"""The viewers' language: English, with the hours of the day as the clock shows them."""


class Sandbox:
    """The client, cogs, database and engine of a real Breather inside simcord.

    Time runs with the machine's clock from where it was put, and the engine ticks once a minute;
    :mod:`bot.sandbox.travel` moves it forward. Whatever touches simcord takes ``turn`` first: it
    allows one operation at a time.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        fresh: bool = False,
        start_at: int | None = None,
        tell: Callable[[str], object] = log.info,
    ) -> None:
        """``start_at`` (UTC epoch seconds) is where the clock starts, if it is not there already."""
        self._operator_settings = settings
        self._fresh = fresh
        self._start_at = start_at
        self._memory = Memory(settings)
        self._undo = contextlib.AsyncExitStack()
        self._preview: Preview | None = None
        self._ticked_minute = 0
        self._requests_seen = 0
        self.tell = tell
        self.turn = asyncio.Lock()
        self.unread: Counter[str] = Counter()
        self.view = 0
        self.zone = "UTC"
        self.travelling_to: int | None = None
        self.app: App
        self.env: Env
        self.world: World
        self.place: Place | None
        self.person: Person

    # ------------------------------------------------------------------ life

    async def open(self) -> None:
        """Start the bot in its community, where and when the last run left it.

        The clock goes on at the latest of the last run's end, ``start_at`` and, without one, the
        machine's present. What was due in between is handled as after an outage.
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
        self.place, self.person = self.world.places[0], self.world.people[0]
        self.env.backend.advance_clock(max(0.0, at - self.env.now().timestamp()))
        self.clock.attach(self.env)
        self._posts = PostWatch(self.env, self.world)
        self.set_time(at)
        await self.env.start()
        self._undo.callback(self.remember)
        self._undo.push_async_callback(self._close_preview)
        async with self.turn:
            await self.tick()
            await self._show()
        self.remember()

    async def close(self) -> None:
        """Keep the clock, stop the bot, close the database. Safe to call twice."""
        await self._undo.aclose()

    async def _close_app(self) -> None:
        await self.app.close()

    async def restart(self) -> None:
        """Stop the bot as an update does, and start a new one on the same database."""
        if self.travelling_to is not None:
            raise RefusalError(self.explain_travelling())
        async with self.turn:
            await self._close_preview()
            await self.env.settle()
            await self.app.close()
            self.app = await self._make_app()
            await self.env.restart_bot(self.app.client)
            await self.tick()
            await self._show()

    async def _make_app(self) -> App:
        settings = self._memory.settings(self._operator_settings)
        app = App(settings, self.clock, remembers_commands=False)
        await app.open()
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
                settings = await services.guilds.settings(self.world.guild.id)
                self.zone = settings.zone
            except BreatherError as error:
                log.error("this minute's posts wait: %s", error)  # noqa: TRY400 (no bug of ours)
        await self.env.settle()
        return await self.look()

    async def look(self, *, is_published: bool = False) -> list[SeenPost]:
        """Tell and count new posts, and bring the page up to date. Take ``turn`` first.

        ``is_published`` says that simcord has done the latter already, as after a person's action.
        """
        posts = self._posts.look()
        here = None if self.place is None else self.place.name
        for post in posts:
            self.tell(f"{show_instant(post.at, self.zone)}  {post.place}: {post.title}")
        self.unread.update(post.place for post in posts if post.place != here)
        requests = len(self.env.http_requests)
        if requests != self._requests_seen and self._preview is not None and not is_published:
            await self._preview.refresh()
        self._requests_seen = requests
        return posts

    async def run(self) -> None:
        """Let time pass until cancelled."""
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            if self.travelling_to is not None:
                continue
            async with self.turn:
                try:
                    await self.catch_up()
                    if self.clock.now() // MINUTE != self._ticked_minute:
                        await self.tick()
                        self.remember()
                    else:
                        await self.look()
                except TimeoutError as error:
                    log.warning("the simulated Discord is busy: %s", error)

    def remember(self) -> None:
        """Keep the clock for the next run."""
        self._memory.write_clock(Remembered(self.clock.now(), self._began_at))

    def explain_travelling(self) -> str:
        """A sentence for whoever asks for something that must wait for the journey's end."""
        there = show_instant(self.travelling_to or 0, self.zone)
        return f"I am on the way to {there}. Try again when the clock stands there."

    # ------------------------------------------------------------------ view

    @property
    def preview_url(self) -> str | None:
        """Where simcord serves the channel right now, with its capability; None between two."""
        preview = self._preview
        return None if preview is None else preview.url

    @property
    def place_name(self) -> str:
        """The name of what is shown: a channel's, or :data:`DIRECT`."""
        return DIRECT if self.place is None else self.place.name

    async def show_channel(self, name: str) -> str:
        """Show a channel. When the viewer may not see it, someone who may takes their place.

        A sentence if that happened, else "".
        """
        place = self.world.find_place(name)
        note = ""
        async with self.turn:
            if not self._may_see(self.person, place):
                viewer = next(person for person in self.world.people if self._may_see(person, place))
                note = f"{self.person.name} can't see {place.name}; {viewer.name} can. "
                self.person = viewer
            self.place = place
            await self._show()
        return note

    async def view_as(self, who: str) -> str:
        """See through another person's eyes. A channel that is closed to them is left for the first.

        A sentence if that happened, else "".
        """
        person = self.world.find_person(who)
        note = ""
        async with self.turn:
            self.person = person
            if self.place is not None and not self._may_see(person, self.place):
                note = f"{person.name} can't see {self.place.name}. "
                self.place = self.world.places[0]
            await self._show()
        return note

    async def dm(self) -> None:
        """Show the present viewer's direct messages with the bot."""
        async with self.turn:
            self.place = None
            await self._show()

    async def show_latest(self) -> None:
        """Let a page that opens now begin at the newest message. Take ``turn`` first."""
        if self._preview is not None:
            messages = self._preview.channel.history(viewer=self._viewer)
            if messages:
                await self._preview.show(messages[-1])

    @property
    def _viewer(self) -> object:
        return self.person.user if self.place is None else self.person.member

    def _may_see(self, person: Person, place: Place) -> bool:
        return can_access_channel(self.env, place.channel.id, person.member, history=True)

    async def _show(self) -> None:
        await self._close_preview()
        await self.catch_up()
        preview = self.env.preview(
            self.person.user.dm_channel if self.place is None else self.place.channel,
            viewers=[self.person.user if self.place is None else self.person.member],
            layout="channel",
            locale=LOCALE,
            timezone=self.zone,
            assets=self.world.pictures,
        )
        self._preview = await preview.__aenter__()
        self._requests_seen = len(self.env.http_requests)
        if self.place is not None:
            del self.unread[self.place.name]
        self.view += 1

    async def _close_preview(self) -> None:
        preview, self._preview = self._preview, None
        if preview is not None:
            await preview.close()
