"""The sandbox behind one stable loopback address: the page, its commands and simcord's channel."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from aiohttp import web

from bot.calendars.serving import FeedServer
from bot.clock import DAY
from bot.errors import RefusalError, SettingsError
from bot.sandbox import commands
from bot.sandbox.clock import field_instant, show_instant
from bot.sandbox.proxy import Proxy, is_own_address, is_own_request
from bot.sandbox.session import Sandbox
from bot.sandbox.travel import next_due_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.settings import Settings

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
FILES = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "calm.css": "text/css",
    "icon.svg": "image/svg+xml",
}
LARGEST_BODY = 32 * 1024 * 1024
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
SECURITY = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


class Serving:
    """A sandbox and its web server."""

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        self.port = port
        self._run = secrets.token_hex(4)
        self._proxy = Proxy(sandbox)
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """Where the page is; the same in every run."""
        return f"http://{HOST}:{self.port}/"

    @property
    def greeting(self) -> str:
        """What is printed at the start."""
        sandbox = self.sandbox
        lines = [
            f"The sandbox is at {self.address}",
            f"It is {show_instant(sandbox.clock.now(), sandbox.zone)} there.",
            "“help” lists what you can type here.",
        ]
        if sandbox.problem:
            lines += ["Help-only mode: only /help-now answers.", sandbox.problem]
        return "\n".join(lines)

    async def obey(self, line: str) -> commands.Answer:
        """Carry out one line of the prompt. Raises :class:`bot.errors.RefusalError`."""
        try:
            return await commands.obey(self.sandbox, line)
        except RefusalError:
            raise
        except Exception as error:
            log.exception("“%s” failed", line)
            message = (
                f"That went wrong inside the sandbox ({type(error).__name__}); its log says more. "
                "If it stays so, stop the sandbox and start it again."
            )
            raise RefusalError(message) from error

    async def run(self) -> None:
        """Let time pass until cancelled."""
        await self.sandbox.run()

    async def start(self, listener: socket.socket) -> None:
        """Answer on a socket that listens already."""
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST_BODY)
        app.router.add_get("/", self._page)
        app.router.add_get("/favicon.ico", self._file)
        app.router.add_get("/sandbox/state", self._state)
        app.router.add_post("/sandbox/command", self._command)
        app.router.add_get("/sandbox/{name}", self._file)
        for method in ("GET", "POST", "DELETE"):
            app.router.add_route(method, "/{path:.*}", self._proxy.forward)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def close(self) -> None:
        """Answer no more."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self._proxy.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 (aiohttp's handler)
        if not is_own_address(request.host, self.port):
            raise web.HTTPForbidden(text=f"The sandbox answers at {self.address} only.")
        if request.method != "GET" and not is_own_request(request):
            raise web.HTTPForbidden(text="The sandbox takes orders from its own page only.")
        response: web.StreamResponse = await handler(request)
        return response

    async def _page(self, _request: web.Request) -> web.Response:
        return _serve("page.html", "text/html")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "icon.svg")
        if name not in FILES:
            raise web.HTTPNotFound
        return _serve(name, FILES[name])

    async def _command(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            line = (await request.json())["line"]
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
            raise web.HTTPBadRequest(text='Send {"line": "help"}.') from None
        try:
            answer = await self.obey(str(line))
        except RefusalError as error:
            return web.json_response({"refused": True, "text": str(error)}, headers=SECURITY)
        if answer.ends:
            text = "The sandbox is stopped in its terminal: type quit there, or press Ctrl-C."
            return web.json_response({"refused": True, "text": text}, headers=SECURITY)
        text = "" if answer.is_obvious else answer.text
        return web.json_response({"refused": False, "text": text}, headers=SECURITY)

    async def _state(self, _request: web.Request) -> web.Response:
        sandbox = self.sandbox
        now, zone, due = sandbox.clock.now(), sandbox.zone, await next_due_at(sandbox)
        goal = sandbox.travelling_to
        state = {
            "run": self._run,
            "view": f"{self._run}-{sandbox.view.number}",
            "community": sandbox.world.guild.name,
            "places": [
                {"name": place.name, "kind": place.kind, "unread": sandbox.unread[place.name]}
                for place in sandbox.world.places
            ],
            "place": None if sandbox.view.place is None else sandbox.view.name,
            "people": [person.name for person in sandbox.world.people],
            "person": sandbox.view.person.name,
            "clock": show_instant(now, zone),
            "field": field_instant(now, zone),
            "tomorrow": field_instant(now + DAY, zone),
            "next": None if due is None else show_instant(max(due, now), zone),
            "goal": None if goal is None else show_instant(goal, zone),
            "problem": sandbox.problem,
        }
        return web.json_response(state, headers=SECURITY)


@contextlib.asynccontextmanager
async def serve_sandbox(
    settings: Settings,
    *,
    fresh: bool = False,
    port: int | None = None,
    start_at: int | None = None,
    tell: Callable[[str], object] = click.echo,
) -> AsyncIterator[Serving]:
    """A sandbox that is open and served; port 0 takes a free one.

    The port is taken before anything is opened, so that a second sandbox cannot touch what the
    first one uses. Raises :class:`bot.errors.SettingsError` when it is in use.
    """
    listener = _listen(settings.sandbox_port if port is None else port)
    async with contextlib.AsyncExitStack() as closing:
        closing.callback(listener.close)
        sandbox = Sandbox(settings, fresh=fresh, start_at=start_at, tell=tell)
        await sandbox.open()
        closing.push_async_callback(sandbox.close)
        serving = Serving(sandbox, listener.getsockname()[1])
        closing.push_async_callback(serving.close)
        await serving.start(listener)
        if settings.feed_port is not None:
            feed = FeedServer(settings.feed_host, settings.feed_port, sandbox.find_feeds)
            try:
                await feed.start()
            except SettingsError as error:  # the real bot may be serving there
                tell(f"{error} The sandbox goes on without calendar feeds.")
            else:
                closing.push_async_callback(feed.close)
        yield serving


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        message = (
            f"SANDBOX_PORT: port {port} cannot be used ({error.strerror}). Another sandbox may be "
            "running: stop it, or choose another port with --port or SANDBOX_PORT."
        )
        raise SettingsError([message]) from error
    listener.setblocking(False)
    return listener


def _serve(name: str, content_type: str) -> web.Response:
    text = (STATIC / name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=content_type, headers=SECURITY)
