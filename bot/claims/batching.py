"""Micro-batches: whoever asks while a transaction runs shares the next one.

Alone, a request goes at once. Under load, the batches grow by themselves, and a commit's cost is
divided among all that are in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import StorageUnavailableError

Asked = TypeVar("Asked")
Given = TypeVar("Given")

MOST = 250
"""Requests in one transaction: above it, the first of them wait longer and little is won."""


class Batcher(Generic[Asked, Given]):
    """Runs ``work`` on what came together; one batch at a time, in the order of arrival.

    After a batch it rests, where nobody is in a hurry: then more come together in the next.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Awaitable[Sequence[Given]]],
        rest_seconds: float = 0,
    ) -> None:
        self._work = work
        self._rest_seconds = rest_seconds
        self._waiting: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Given:
        """What ``work`` gives for this one. Whoever stops waiting does not stop the others."""
        answer: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())
        return await answer

    async def close(self) -> None:
        """Finish what was asked."""
        while self._worker is not None and not self._worker.done():
            await asyncio.wait({self._worker})

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._do(batch)
                if self._rest_seconds:
                    await asyncio.sleep(self._rest_seconds)
            except BaseException:
                for _, answer in (*batch, *self._waiting):  # whoever ends this ends their waiting
                    answer.cancel()
                raise

    async def _do(self, batch: Sequence[tuple[Asked, asyncio.Future[Given]]]) -> None:
        try:
            given = await self._work([asked for asked, _ in batch])
        except Exception as error:  # noqa: BLE001 (it is raised where it was asked)
            if len(batch) > 1 and not isinstance(error, StorageUnavailableError):
                for one in batch:  # the fault of one must not be everybody's
                    await self._do([one])
                return
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), value in zip(batch, given, strict=True):
            if not answer.done():
                answer.set_result(value)
