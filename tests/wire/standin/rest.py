"""The HTTP side: takes a request apart, applies limits and faults, and answers."""

import asyncio
import json
import re
import time
from collections import Counter
from typing import Any

from aiohttp import web

from . import channels, routes
from .clock import MovableClock
from .faults import Answer, CloseAfter, CloseBefore, Delay, Fault, Faults, Hang
from .limits import Limits, TooMany
from .model import Upload, compact
from .pulse import Pulse
from .replies import Desk
from .routes import Call, Refusal
from .world import World

_VERSION = re.compile(r"/api/v\d+")
_HEADERS = {"Content-Type": "application/json"}  # exactly: discord.py reads no other as JSON


class Rest:
    """Discord's API. ``counts`` has (method, route, status) for every request with an answer."""

    def __init__(
        self, world: World, clock: MovableClock, desk: Desk, limits: Limits, pulse: Pulse
    ) -> None:
        self.limits = limits
        self.faults = Faults()
        self.unknown: list[tuple[str, str]] = []
        self.counts: Counter[tuple[str, str, int]] = Counter()
        self.closing = asyncio.Event()
        self._world = world
        self._clock = clock
        self._pulse = pulse
        self._interaction_routes = desk.routes()
        self._routes = {**routes.ROUTES, **channels.ROUTES, **self._interaction_routes}

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer one request."""
        arrived = time.monotonic()
        method = request.method
        path = _VERSION.sub("", request.rel_url.raw_path, count=1)
        ids: list[str] = []
        route = _template(path, ids)
        exempt = (method, route) in self._interaction_routes
        refusal = None if exempt else self.limits.admit(arrived)
        headers: dict[str, str] = {}
        if refusal is None and (method, route) == ("POST", "/channels/{}/messages"):
            refusal, headers = self.limits.take(ids[0], arrived)
        if refusal is None and (method, route) == ("POST", "/channels/{}/messages/{}/crosspost"):
            refusal = self.limits.publish(ids[0], self._clock.now())
        payload, files = await _read(request)
        fault = refusal or self.faults.take(method, path)
        self._pulse.beat()

        if isinstance(fault, TooMany):
            self.limits.refused += 1
            return self._answer(method, route, 429, fault.body(), {**headers, **fault.headers()})
        if not _takes_effect(fault):
            if isinstance(fault, Delay):
                await asyncio.sleep(fault.seconds)
            else:
                return await self._fail(request, method, route, fault)
        call = Call(
            self._world, ids, request.query, payload, files, self._clock.now(), arrived
        )  # fmt: skip
        authorized = request.headers.get("Authorization") == f"Bot {self._world.token}"
        status, body = self._process(call, method, path, route, authorized=authorized or exempt)
        self._pulse.beat()
        if isinstance(fault, Delay):
            if fault.processed:
                await asyncio.sleep(fault.seconds)
        elif fault is not None:
            return await self._fail(request, method, route, fault)
        return self._answer(method, route, status, body, headers)

    def _process(
        self, call: Call, method: str, path: str, route: str, *, authorized: bool
    ) -> tuple[int, Any]:
        if not authorized:
            return 401, {"message": "401: Unauthorized", "code": 0}
        handler = self._routes.get((method, route))
        if handler is None:
            self.unknown.append((method, path))
            return 404, {"message": "404: Not Found", "code": 0}
        try:
            return handler(call)
        except Refusal as refusal:
            return refusal.status, {"message": str(refusal), "code": refusal.code}

    async def _fail(
        self, request: web.BaseRequest, method: str, route: str, fault: Fault | None
    ) -> web.Response:
        if isinstance(fault, Answer):
            words = {"message": f"{fault.status}: on purpose", "code": 0}
            return self._answer(method, route, fault.status, words, {})
        if isinstance(fault, Hang):
            await self.closing.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _answer(
        self, method: str, route: str, status: int, body: Any, headers: dict[str, str]
    ) -> web.Response:
        self.counts[method, route, status] += 1
        self._pulse.beat()
        if status == 204:
            return web.Response(status=204, headers=headers)
        text = compact(body).encode()
        return web.Response(status=status, body=text, headers={**_HEADERS, **headers})


def _takes_effect(fault: Fault | None) -> bool:
    """Whether the request is processed before the fault shows."""
    match fault:
        case None | CloseAfter():
            return True
        case CloseBefore() | TooMany():
            return False
        case Answer() | Delay() | Hang():
            return fault.processed


def _template(path: str, ids: list[str]) -> str:
    """The route of a path: numbers and interaction tokens become ``{}`` and go into ``ids``."""
    parts: list[str] = []
    for part in path.split("/"):
        is_id = part.isdigit() or part.startswith("tok.")
        if is_id:
            ids.append(part)
        parts.append("{}" if is_id else part)
    return "/".join(parts)


async def _read(request: web.BaseRequest) -> tuple[Any, list[Upload]]:
    """The JSON body and the uploaded files."""
    if not request.content_type.startswith("multipart/"):
        body = await request.read()
        return (json.loads(body) if body else None), []
    form = await request.post()
    files = [
        Upload(field.filename, field.content_type, field.file.read())
        for field in form.values()
        if isinstance(field, web.FileField)
    ]
    return json.loads(str(form.get("payload_json", "{}"))), files
