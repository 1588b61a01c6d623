"""The stand-in as a whole: its sockets, its life, and what a test does with it."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from . import certificate, interactions, payloads
from .clock import MovableClock
from .gateway import Gateway
from .interactions import Installed, Kind, Option, Person
from .limits import Limits
from .model import THREAD, Json, Message, channel_id, guild_id
from .pulse import Pulse
from .replies import Desk, Reply
from .rest import Rest
from .world import World

T = TypeVar("T")

_BODY_BYTES = 32 * 1024 * 1024


class StandIn:
    """Discord on 127.0.0.1, inside the test's event loop.

    ``async with StandIn(world, clock) as standin`` listens on a free ``port`` with a certificate
    by the authority in ``ca_file``. The world outlives the stand-in and may be used again. An
    exception while answering is kept in ``errors``, answered with 500, and raised on leaving.
    """

    port: int
    ca_file: Path

    def __init__(self, world: World, clock: MovableClock, limits: Limits | None = None) -> None:
        self.world = world
        self.clock = clock
        self.limits = limits or Limits()
        self._pulse = Pulse()
        self._desk = Desk(world)
        self._rest = Rest(world, clock, self._desk, self.limits, self._pulse)
        self.gateway = Gateway(world, self._pulse)
        world.tell = self.gateway.dispatch
        self.faults = self._rest.faults
        self.unknown = self._rest.unknown
        self.counts = self._rest.counts
        self.errors: list[Exception] = []

    async def __aenter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="standin-")
        self.ca_file, self._tls = certificate.issue(Path(self._folder.name))
        for guild in self.world.guilds.values():
            payloads.guild_text(self.world, guild)
        self._server = web.Server(self._handle, request_factory=self._request, access_log=None)
        self.port = 0
        await self.come_back()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._rest.closing.set()
        self.go_down()
        await self._server.shutdown(1.0)
        self._folder.cleanup()
        if self.errors and error is None:
            raise ExceptionGroup("the stand-in broke down, or was sent nonsense", self.errors)

    def go_down(self) -> None:
        """An outage: every connection is cut and new ones are refused."""
        self._listener.close()
        for connection in self._server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def come_back(self) -> None:
        """The end of an outage, on the same port."""
        self._listener = await asyncio.get_running_loop().create_server(
            self._server, "127.0.0.1", self.port, ssl=self._tls, backlog=1024
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def wait_until(
        self, predicate: Callable[[], T], timeout: float = 5.0, what: str = ""
    ) -> T:
        """The first true value of ``predicate``, which is asked after every request, gateway
        message and connection. ``TimeoutError`` after ``timeout`` real seconds.
        """
        return await self._pulse.until(predicate, timeout, what)

    @property
    def invalid_requests(self) -> int:
        """401, 403 and 429 so far: Discord bans at 10,000 in ten minutes."""
        invalid = (401, 403, 429)
        return sum(count for (_, _, status), count in self.counts.items() if status in invalid)

    async def interact(
        self,
        kind: Kind,
        name: str = "",
        *,
        options: Mapping[str, Option] | None = None,
        focused: str | None = None,
        target: int | Message | None = None,
        message: Message | None = None,
        values: Sequence[str] = (),
        form: Reply | None = None,
        fields: Mapping[str, Any] | None = None,
        where: int | None = None,
        by: Person | None = None,
        installed: Installed = "guild",
        guild_locale: str = "en-US",
    ) -> Reply:
        """Let a person do something, and return at once with the place to await the answer.

        - ``"slash"``, ``"autocomplete"``: ``name`` ("tips show"), ``options``, ``focused``.
        - ``"user"``, ``"message"``: the context menu ``name`` on ``target``.
        - ``"press"``: the control with custom id ``name`` on ``message``, with ``values``.
        - ``"submit"``: the ``form`` that another reply showed, with ``fields``.

        ``where`` is a channel id (``world.open_dm``, ``open_foreign``, ``open_group`` give
        others); a press or form happens where its message is, everything else by default in the
        first channel of the first community. ``installed`` says for whom the bot is installed.
        """
        by = by or Person()
        if form is not None:
            message = form.pressed
            where = where or int(form.event["channel_id"])
        elif message is not None:
            where = where or message.channel_id
        place = self.world.channels[where or channel_id(0)]
        if kind in ("slash", "autocomplete"):
            data = interactions.command_data(self.world, place, name, options or {}, focused)
        elif kind in ("user", "message"):
            assert target is not None, "a context menu needs a target"
            data = interactions.menu_data(self.world, place, name, target)
        elif kind == "press":
            assert message is not None, "a press needs a message"
            data = interactions.press_data(self.world, place, message, name, values)
        else:
            assert form is not None, "a submit needs a form"
            assert form.callback is not None, "the form was not shown"
            data = interactions.form_data(form.callback.data, fields or {})
        now = self.clock.now()
        event = interactions.build_event(
            self.world, kind, data, at=now, where=place, by=by,
            installed=installed, guild_locale=guild_locale, message=message,
        )  # fmt: skip
        reply = Reply(
            self.world, self._pulse, int(event["id"]), event["token"], event, message, now
        )  # fmt: skip
        self._desk.open(reply)
        reply.sent_at = time.monotonic()
        self.gateway.dispatch("INTERACTION_CREATE", event, place.guild_id)
        return reply

    def dispatch(self, event: str, data: Json, guild_id: int | None = None) -> None:
        """Send any gateway event."""
        self.gateway.dispatch(event, data, guild_id)

    def announce(self, channel_id: int) -> None:
        """Tell the bot how a channel or thread is now: updated, or deleted if it is lost."""
        place = self.world.channels[channel_id]
        subject = "THREAD" if place.kind == THREAD else "CHANNEL"
        event = f"{subject}_{'DELETE' if place.missing else 'UPDATE'}"
        self.dispatch(event, payloads.channel(place), place.guild_id)

    def join(self, index: int, channels: int = 1) -> None:
        """The bot is added to the ``index``-th community."""
        guild = self.world.add_guild(index, channels)
        self.dispatch("GUILD_CREATE", payloads.guild(self.world, guild), guild.id)

    def leave(self, index: int) -> None:
        """The bot is removed from the ``index``-th community."""
        gone = self.world.guilds.pop(guild_id(index))
        self.dispatch("GUILD_DELETE", {"id": str(gone.id)}, gone.id)

    def _request(
        self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any
    ) -> web.BaseRequest:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(
            message, payload, protocol, writer, task, loop, client_max_size=_BODY_BYTES
        )

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        host = request.host.partition(":")[0]
        try:
            if host.endswith("discord.gg"):
                return await self.gateway.serve(request)
            if host == "discord.com":
                return await self._rest.serve(request)
            return self._serve_upload(request)
        except ConnectionError:
            raise
        except Exception as error:
            self.errors.append(error)
            return web.Response(status=500)

    def _serve_upload(self, request: web.BaseRequest) -> web.Response:
        _, _, *numbers, name = request.path.split("/")
        if len(numbers) == 2 and all(number.isdigit() for number in numbers):
            message = self.world.find_message(int(numbers[0]), int(numbers[1]))
            for upload in message.files if message else ():
                if upload.name == name:
                    headers = {"Content-Type": upload.content_type}
                    return web.Response(body=upload.data, headers=headers)
        return web.Response(status=404)
