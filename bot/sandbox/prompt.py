"""The small prompt in the terminal. With standard input closed there is none."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from bot.errors import RefusalError

if TYPE_CHECKING:
    from bot.sandbox.commands import Answer

Obey = Callable[[str], Awaitable["Answer"]]
SIGN = "sandbox> "


class Prompt:
    """Reads lines from standard input and carries them out, one after the other."""

    def __init__(self, obey: Obey, stopping: asyncio.Event) -> None:
        self._obey = obey
        self._stopping = stopping

    async def run(self) -> None:
        """Obey until ``quit`` or the end of the input."""
        lines: asyncio.Queue[str | None] = asyncio.Queue()
        _read_in_background(lines)
        while not self._stopping.is_set():
            if _is_terminal():
                click.echo(SIGN, nl=False)
            line = await lines.get()
            if line is None:
                return
            if line.strip():
                await self._carry_out(line)

    async def _carry_out(self, line: str) -> None:
        try:
            answer = await self._obey(line)
        except RefusalError as error:
            click.echo(str(error))
            return
        click.echo(answer.text)
        if answer.ends:
            self._stopping.set()


def _read_in_background(lines: asyncio.Queue[str | None]) -> None:
    """Read in a thread of its own: one that waits for a key must not keep the program alive.

    It reads the bare descriptor, since a daemon thread inside ``sys.stdin`` would hold its lock
    when Python shuts down, which is fatal.
    """
    loop = asyncio.get_running_loop()

    def put(line: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def read(descriptor: int) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while part := os.read(descriptor, 4096):
                *whole, rest = (rest + part).split(b"\n")
                for line in whole:
                    put(line.decode(errors="replace"))
        put(rest.decode(errors="replace"))
        put(None)

    descriptor = _descriptor()
    if descriptor is None:
        put(None)
    else:
        threading.Thread(target=read, args=[descriptor], name="prompt", daemon=True).start()


def _descriptor() -> int | None:
    try:
        return None if sys.stdin is None else sys.stdin.fileno()
    except (OSError, ValueError):
        return None


def _is_terminal() -> bool:
    descriptor = _descriptor()
    return descriptor is not None and os.isatty(descriptor)
