"""Waiting for the stand-in's state to become something, without polling."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Pulse:
    """Every change of state beats; whoever waits is asked again after a beat.

    Beats within one turn of the loop are answered with one round of questions.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        self._asked = False

    def beat(self) -> None:
        """Something changed."""
        if self._waiting and not self._asked:
            self._asked = True
            asyncio.get_running_loop().call_soon(self._ask)

    def _ask(self) -> None:
        self._asked = False
        for predicate, answer in self._waiting:
            if answer.done():
                continue
            try:
                value = predicate()
            except Exception as error:
                answer.set_exception(error)
            else:
                if value:
                    answer.set_result(value)

    async def until(self, predicate: Callable[[], T], timeout: float, what: str = "") -> T:
        """The first true value of ``predicate``, asked now and after every change.

        Raises ``TimeoutError`` naming ``what`` after ``timeout`` real seconds, and whatever the
        predicate raises.
        """
        value = predicate()
        if value:
            return value
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        entry = (predicate, answer)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s: {what or predicate}") from None
        finally:
            self._waiting.remove(entry)
