"""``/healthz`` and ``/readyz`` on loopback, for whoever keeps the bot running."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.errors import SettingsError

Check = Callable[[], Awaitable[dict[str, Any]]]
"""Facts by name; a fact named ``ok`` decides between 200 and 503."""


class HealthServer:
    """Serves two checks as JSON. Anything else is 404."""

    def __init__(self, port: int, healthz: Check, readyz: Check) -> None:
        self._port = port
        application = web.Application()
        application.router.add_get("/healthz", _answer(healthz))
        application.router.add_get("/readyz", _answer(readyz))
        self._runner = web.AppRunner(application, access_log=None)

    async def start(self) -> None:
        """Listen on 127.0.0.1. Raises :class:`SettingsError` when the port is taken."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            message = (
                f"HEALTH_PORT: port {self._port} is in use or not allowed ({error.strerror}). "
                "Choose another one, or leave it empty."
            )
            raise SettingsError([message]) from error

    async def close(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()


def _answer(check: Check) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        started = time.monotonic()
        facts = await check()
        facts["milliseconds"] = round((time.monotonic() - started) * 1000, 1)
        return web.json_response(facts, status=200 if facts.get("ok") else 503)

    return answer
