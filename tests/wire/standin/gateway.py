"""The WebSocket side: who is connected, what is sent to them, and all that can befall them."""

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from . import payloads
from .model import BOT_ID, Json, compact
from .pulse import Pulse
from .sessions import Session, Socket
from .world import World

_HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _INVALID, _HELLO, _ACK = 1, 2, 6, 7, 9, 10, 11
_PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15


class Gateway:
    """All sessions. Settings may be changed at any time; they hold from then on.

    ``acks``: whether heartbeats are answered. ``refusing``: new connections get 503.
    ``refuse_identify``: a close code (4004, 4014, ...) for every IDENTIFY.
    ``heartbeat_seconds`` goes into the next HELLO. ``privileged``: allow privileged intents.
    """

    def __init__(self, world: World, pulse: Pulse) -> None:
        self.acks = True
        self.refusing = False
        self.refuse_identify: int | None = None
        self.heartbeat_seconds = 41.25
        self.privileged = False
        self.connections = 0
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.received: list[tuple[int, Any]] = []
        self.sockets: set[Socket] = set()
        self._world = world
        self._pulse = pulse
        self._sessions: dict[str, Session] = {}
        self._current: dict[tuple[int, int], Session] = {}

    @property
    def is_connected(self) -> bool:
        """Whether every shard that identified has a socket now."""
        sessions = self._current.values()
        return bool(sessions) and all(session.socket is not None for session in sessions)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Hold one connection until it ends."""
        if self.refusing:
            return web.Response(status=503)
        response = web.WebSocketResponse(compress=False, timeout=1.0)
        await response.prepare(request)
        socket = Socket(response, request)
        self.sockets.add(socket)
        self.connections += 1
        socket.send(_frame(_HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}))
        pump = asyncio.create_task(socket.pump())
        try:
            async for message in response:
                if message.type is WSMsgType.TEXT:
                    content = json.loads(message.data)
                    await self._receive(socket, content["op"], content.get("d"))
                    self._pulse.beat()
        finally:
            pump.cancel()
            self.sockets.discard(socket)
            self._leave(socket)
            self._pulse.beat()
        return response

    def _leave(self, socket: Socket) -> None:
        session = socket.session
        if session is None or session.socket is not socket:
            return
        session.socket = None
        if socket.socket.close_code in (1000, 1001):  # the bot said goodbye: nothing to resume
            self._forget(session)

    def _forget(self, session: Session) -> None:
        self._sessions.pop(session.id, None)
        if self._current.get(session.shard) is session:
            del self._current[session.shard]

    async def _receive(self, socket: Socket, operation: int, data: Any) -> None:
        if operation == _HEARTBEAT:
            self.heartbeats += 1
            if socket.session is not None and data is not None:
                socket.session.confirm(data)
            if self.acks:
                socket.send(_frame(_ACK, None))
        elif operation == _IDENTIFY:
            self.identifies += 1
            await self._identify(socket, data)
        elif operation == _RESUME:
            self.resumes += 1
            await self._resume(socket, data)
        else:
            self.received.append((operation, data))

    async def _identify(self, socket: Socket, data: Json) -> None:
        number, count = data.get("shard") or (0, 1)
        shard: tuple[int, int] = (number, count)
        refusal = self.refuse_identify
        if refusal is None and data["token"] != self._world.token:
            refusal = 4004
        elif refusal is None and shard[0] >= shard[1]:
            refusal = 4010
        elif refusal is None and data["intents"] & _PRIVILEGED and not self.privileged:
            refusal = 4014
        if refusal is not None:
            await socket.socket.close(code=refusal)
            return
        session = Session(secrets.token_hex(16), shard, data["intents"], socket=socket)
        socket.session = session
        former = self._current.get(shard)
        if former is not None and former.socket is None:  # a process that died: nobody resumes it
            self._forget(former)
        self._sessions[session.id] = session
        self._current[shard] = session
        guilds = [
            one for one in self._world.guilds.values() if self._shard(one.id, shard[1]) == shard[0]
        ]
        ready = {
            "v": 10,
            "user": payloads.user(BOT_ID),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "resume_gateway_url": "wss://gateway-resume.discord.gg",
            "application": {"id": str(BOT_ID), "flags": 0},
            "shard": list(shard),
        }
        session.emit("READY", compact(ready))
        for one in guilds:
            session.emit("GUILD_CREATE", payloads.guild_text(self._world, one))

    async def _resume(self, socket: Socket, data: Json) -> None:
        session = self._sessions.get(data["session_id"])
        if data["token"] != self._world.token:
            await socket.socket.close(code=4004)
        elif session is None:
            socket.send(_frame(_INVALID, False))
        else:
            socket.session, session.socket = session, socket
            for sequence, frame in session.history:
                if sequence > data["seq"]:
                    socket.send(frame)
            session.emit("RESUMED", "{}")

    @staticmethod
    def _shard(guild_id: int, count: int) -> int:
        return (guild_id >> 22) % count

    def dispatch(self, event: str, data: Json, guild_id: int | None = None) -> None:
        """Send an event to the shard of its community, or to shard 0. A session that has lost its
        socket gets it when it resumes. Raises ``RuntimeError`` if no such shard has identified.
        """
        sessions = [
            session
            for shard, session in self._current.items()
            if self._shard(guild_id or 0, shard[1]) == shard[0]
        ]
        if not sessions:
            raise RuntimeError(f"{event}: the bot has not identified for this shard")
        text = compact(data)
        for session in sessions:
            session.emit(event, text)

    def ask_reconnect(self) -> None:
        """Op 7 to everyone: come back and resume."""
        self._each(lambda socket: socket.send(_frame(_RECONNECT, None)))

    def invalidate(self, *, resumable: bool) -> None:
        """Op 9 to everyone. If not resumable, the sessions are gone."""
        if not resumable:
            self.forget_sessions()
        self._each(lambda socket: socket.send(_frame(_INVALID, resumable)))

    def forget_sessions(self) -> None:
        """Every later RESUME is answered with op 9."""
        for session in list(self._sessions.values()):
            self._forget(session)

    def drop(self) -> None:
        """Cut every connection without a word."""
        self._each(Socket.abort)

    async def close(self, code: int) -> None:
        """Close every connection with a code, such as 4000, 4004 or 4014."""
        for socket in list(self.sockets):
            await socket.socket.close(code=code)

    def _each(self, action: Callable[[Socket], None]) -> None:
        for socket in list(self.sockets):
            action(socket)


def _frame(operation: int, data: Any) -> str:
    return compact({"op": operation, "d": data, "s": None, "t": None})
