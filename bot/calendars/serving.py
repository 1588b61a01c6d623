"""The optional listener: calendars over HTTP, for calendar apps, behind the operator's own proxy.

Nothing about who asks is kept: there is no access log, and no address in any other.
"""

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from aiohttp import ETag, web

from bot.calendars.feeds import EVERYONE, FOLDER, KEPT_SECONDS, SUFFIX, Feeds, Page
from bot.errors import BreatherError, SettingsError

log = logging.getLogger(__name__)

_UNHEARD = logging.getLogger(f"{__name__}.unheard")
_UNHEARD.disabled = True  # aiohttp would log the address of whoever sends what is no request

HEADERS = {
    "Server": "Breather",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
NOT_HERE = "There is no calendar at this address. Ask for the address again in Discord: /wmhd.\n"
ONLY_READ = "Calendars can only be read here.\n"
RESTING = "The calendars are resting. Please look again in a few minutes.\n"
TRY_AGAIN = {"Retry-After": "300"}
HANGING_SECONDS = 15.0
"""How long an idle connection is kept open."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FeedServer:
    """Serves the calendars of whatever feeds there are at the moment; None while it rests."""

    def __init__(self, host: str, port: int, find_feeds: Callable[[], Feeds | None]) -> None:
        self._host = host
        self._port = port
        self._find_feeds = find_feeds
        app = web.Application(middlewares=[_guard])
        app.router.add_get(f"/{EVERYONE}{SUFFIX}", self._serve_everyone)
        app.router.add_get(f"/{EVERYONE}", self._open_everyone)
        app.router.add_get(f"/{FOLDER}/{{token}}{SUFFIX}", self._serve_community)
        app.router.add_get(f"/{FOLDER}/{{token}}", self._open_community)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=_UNHEARD,
            keepalive_timeout=HANGING_SECONDS,
            shutdown_timeout=1.0,
        )

    async def start(self) -> None:
        """Listen. Raises :class:`SettingsError` when the port or the address can't be had.

        The key of the addresses is made or read now, so that a fault of it is told at the start.
        """
        feeds = self._find_feeds()
        if feeds is not None:
            await asyncio.to_thread(feeds.tokens.open)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError([self._explain(error)]) from error

    async def close(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    def _explain(self, error: OSError) -> str:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            return (
                f"FEED_PORT: port {self._port} is in use or not allowed ({error.strerror}). "
                "Choose another one, or leave it empty."
            )
        return (
            f"FEED_HOST: {self._host} is no address of this machine ({error.strerror}). "
            "Use 127.0.0.1, or 0.0.0.0 inside a container."
        )

    @property
    def _feeds(self) -> Feeds:
        feeds = self._find_feeds()
        if feeds is None:
            raise web.HTTPServiceUnavailable
        return feeds

    async def _serve_everyone(self, request: web.Request) -> web.Response:
        page = await self._feeds.of_everyone()
        return _answer(request, page, "public")

    async def _serve_community(self, request: web.Request) -> web.Response:
        feeds = self._feeds
        page = await feeds.of_community(_find_community(request, feeds))
        return _answer(request, page, "private")

    async def _open_everyone(self, _request: web.Request) -> web.Response:
        return _open(self._feeds)

    async def _open_community(self, request: web.Request) -> web.Response:
        feeds = self._feeds
        return _open(feeds, _find_community(request, feeds))


def _find_community(request: web.Request, feeds: Feeds) -> int:
    guild_id = feeds.tokens.read(request.match_info["token"])
    if guild_id is None:
        raise web.HTTPNotFound
    return guild_id


def _answer(request: web.Request, page: Page, who: str) -> web.Response:
    """The calendar, or the word that the app has it already."""
    headers = {"Cache-Control": f"{who}, max-age={KEPT_SECONDS}"}
    if _is_known(request, page):
        response = web.Response(status=304, headers=headers)
    else:
        headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
        response = web.Response(
            body=page.body, content_type="text/calendar", charset="utf-8", headers=headers
        )
    # Weak: after a restart the same entries may carry another stamp.
    response.etag = ETag(page.version, is_weak=True)
    response.last_modified = datetime.fromtimestamp(page.made_at, UTC)
    return response


def _is_known(request: web.Request, page: Page) -> bool:
    tags = request.if_none_match
    if tags is not None:
        return any(tag.value in {"*", page.version} for tag in tags)
    since = request.if_modified_since
    return since is not None and page.made_at <= since.timestamp()


def _open(feeds: Feeds, guild_id: int | None = None) -> web.Response:
    """Lead a browser to the calendar app: Discord's buttons can't open ``webcal`` themselves."""
    address = feeds.address(guild_id)
    if address is None:
        raise web.HTTPNotFound
    headers = {"Location": address.webcal, "Cache-Control": "no-store"}
    return web.Response(status=302, headers=headers, text=f"{address.file}\n")


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await _try(request, handler)
    response.headers.update(HEADERS)
    return response


async def _try(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in {"GET", "HEAD"}:
        return web.Response(status=405, text=ONLY_READ, headers={"Allow": "GET, HEAD"})
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return web.Response(status=404, text=NOT_HERE)
    except web.HTTPServiceUnavailable:
        return web.Response(status=503, text=RESTING, headers=TRY_AGAIN)
    except BreatherError as error:
        log.error("the calendars rest: %s", error)  # noqa: TRY400 (an operator's fault, not a bug)
    except Exception:
        log.exception("a calendar could not be made")
    return web.Response(status=503, text=RESTING, headers=TRY_AGAIN)
