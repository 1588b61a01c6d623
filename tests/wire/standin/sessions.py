"""One gateway connection, and the session that outlives it."""

import asyncio
import zlib
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web


class Socket:
    """One connection. Frames leave in the order of ``send``, through one shared zlib context."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        is_compressed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj(1) if is_compressed else None

    def send(self, frame: str) -> None:
        """Queue a frame."""
        self._frames.put_nowait(frame)

    async def pump(self) -> None:
        """Send queued frames until the connection ends."""
        try:
            while True:
                frame = await self._frames.get()
                if self._zlib is None:
                    await self.socket.send_str(frame)
                else:
                    packed = self._zlib.compress(frame.encode())
                    await self.socket.send_bytes(packed + self._zlib.flush(zlib.Z_SYNC_FLUSH))
        except ConnectionError:
            pass

    def abort(self) -> None:
        """Cut the wire: no close frame."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(slots=True, eq=False)
class Session:
    """What IDENTIFY opens. ``history`` has the events that no heartbeat has confirmed yet."""

    id: str
    shard: tuple[int, int]
    intents: int
    sequence: int = 0
    history: deque[tuple[int, str]] = field(default_factory=deque[tuple[int, str]])
    socket: Socket | None = None

    def confirm(self, sequence: int) -> None:
        """The bot has everything up to here: a RESUME will not ask for it again."""
        while self.history and self.history[0][0] <= sequence:
            self.history.popleft()

    def emit(self, event: str, data: str) -> None:
        """Give an event the next number, keep it, and send it if there is a socket."""
        self.sequence += 1
        frame = f'{{"op":0,"t":"{event}","s":{self.sequence},"d":{data}}}'
        self.history.append((self.sequence, frame))
        if self.socket is not None:
            self.socket.send(frame)
