"""Hands simcord's page on at the sandbox's own address, and fills in what changes underneath.

simcord's address holds a capability that is new with every channel. Here the address stays, the
capability never leaves the process, and requests of other sites are turned away instead.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from bot.sandbox.session import Sandbox

CAPABILITY = "X-Simcord-Capability"
CONTEXT = "X-Simcord-Context"
PASSED_ON = (CONTEXT, "Content-Type")
PASSED_BACK = ("Content-Type", "Content-Disposition", "Referrer-Policy", "X-Content-Type-Options")
PASSED_BACK_PREFIXES = ("X-Display-", "X-Media-", "X-Simcord-")
LASTING = ("/fonts/", "/vendor/")
LOOPBACK = ("127.0.0.1", "localhost")
PLAIN_PORT = 80
"""The port that browsers leave out of ``Host``."""
CALM = b'<link rel="stylesheet" href="/sandbox/calm.css"></head>'
FRAMED = {"X-Frame-Options": "SAMEORIGIN"}


class Proxy:
    """Forwards requests to the preview that is open right now."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let the connections go."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def forward(self, request: web.Request) -> web.Response:
        """Answer with what simcord answers; 503 while a channel is being opened."""
        path = "/" if request.path == "/channel" else request.path
        sandbox = self._sandbox
        if request.method == "POST" and path == "/api/action":
            async with sandbox.turn:
                await sandbox.catch_up()
                response = await self._ask(request, path, await self._as_of_now(request))
                await sandbox.look(is_published=True)
                return response
        if request.method == "POST" and path == "/api/pages":
            async with sandbox.turn:
                await sandbox.view.show_latest()
                return await self._ask(request, path)
        return await self._ask(request, path)

    async def _as_of_now(self, request: web.Request) -> bytes:
        """An action on the page as it is now: it may have been drawn anew since it was read.

        Without this, pressing a button right after a post came in would be refused as stale.
        Uploads are left as they are.
        """
        body = await request.read()
        if request.content_type != "application/json":
            return body
        state = await self._ask(request, "/api/state", method="GET")
        try:
            revision = json.loads(state.text or "")["publishedRevision"]
            return json.dumps(json.loads(body) | {"published_revision": revision}).encode()
        except (ValueError, KeyError, TypeError):
            return body

    async def _ask(
        self, request: web.Request, path: str, body: bytes | None = None, *, method: str = ""
    ) -> web.Response:
        url = self._sandbox.view.url
        if url is None:
            raise web.HTTPServiceUnavailable(text="The channel is being opened. Try again.")
        address, _, capability = url.partition("/#")
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        headers[CAPABILITY] = capability
        if body is None and not method and request.can_read_body:
            body = await request.read()
        if self._http is None:
            self._http = aiohttp.ClientSession(auto_decompress=False)
        try:
            async with self._http.request(
                method or request.method,
                address + path,
                params=request.query,
                headers=headers,
                data=body,
                allow_redirects=False,
            ) as answer:
                return _hand_back(path, answer, await answer.read())
        except aiohttp.ClientError:
            raise web.HTTPServiceUnavailable(
                text="The channel was closed. Reload the page."
            ) from None


def _hand_back(path: str, answer: aiohttp.ClientResponse, body: bytes) -> web.Response:
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name in PASSED_BACK or name.startswith(PASSED_BACK_PREFIXES)
    }
    headers |= FRAMED
    policy = answer.headers.get("Content-Security-Policy", "")
    headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    headers["Cache-Control"] = "max-age=86400" if path.startswith(LASTING) else "no-store"
    if path == "/":
        body = body.replace(b'<html lang="en">', b'<html lang="en" class="calm">', 1)
        body = body.replace(b"</head>", CALM, 1)
    return web.Response(status=answer.status, body=body, headers=headers)


def is_own_address(host: str, port: int) -> bool:
    """Whether a ``Host`` header names this machine: nothing else can reach a page here."""
    return host.lower() in {f"{name}:{port}" for name in LOOPBACK} or (
        port == PLAIN_PORT and host.lower() in LOOPBACK
    )


def is_own_request(request: web.Request) -> bool:
    """Whether a request comes from the sandbox's own page, or from no page at all."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return False
    return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
