"""Draws pictures beside everything else, and keeps those that were asked for last.

Pillow and HarfBuzz are loaded with the first picture. One is drawn at a time: drawing holds
Python's own lock, so that two at once would finish no sooner and leave less to everybody else.
"""

import asyncio
from collections import OrderedDict

from bot.pictures.scenes import Scene, Size

MOST_BYTES = 16 * 1024 * 1024
"""How much is kept: about 200 pictures."""


class Studio:
    """One for a process. Pictures say nothing about people, so anyone may get a kept one."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[Scene, Size], bytes] = OrderedDict()
        self._turn = asyncio.Lock()

    async def paint(self, scene: Scene, size: Size) -> bytes:
        """The picture as a PNG: a kept one, or a new one when its turn comes."""
        key = scene, size
        if key not in self._kept:
            async with self._turn:
                if key not in self._kept:
                    self._keep(key, await asyncio.to_thread(_draw, scene, size))
                return self._kept[key]
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[Scene, Size], content: bytes) -> None:
        self._kept[key] = content
        self._bytes += len(content)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= len(old)


def _draw(scene: Scene, size: Size) -> bytes:
    from bot.pictures.render import render  # noqa: PLC0415 (Pillow and HarfBuzz, for who asks)

    return render(scene, size)
