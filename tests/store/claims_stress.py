"""People who press at once, in processes that die: the worker, and what must be true afterwards.

``python -m tests.store.claims_stress`` is one process. It presses for its share of the people and
writes down what each was told, line by line, before anything else happens. Killed and started
again, it goes on with the presses that nobody was answered.
"""

import argparse
import asyncio
import os
import signal
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from bot.claims.fence import FILE_NAME, Fence
from bot.claims.rules import Answers, Member, State
from bot.claims.service import Claims
from bot.claims.standing import Standing
from bot.claims.tables import allocations, claims, codes
from bot.clock import MovableClock
from bot.errors import ConflictError
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.conftest import NOON
from tests.store.claims_desk import HERE, THERE
from tests.store.claims_filling import PROGRAM, RING, make_code, make_program

PRESSES = 2
SEED = 2024
CONSENT = Answers(has_consented=True)
Press = tuple[int, int]
"""A person, and whether it is their first or their second press."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands in the tables in the end, beside what people were told."""

    people: int
    presses: int
    """Presses that were answered."""
    given: int
    codes: int
    """Different codes among those given."""
    holders: int
    """Different people among those who were given one."""
    places: int
    """Different places in the waitlist."""
    waiting: int
    contradicted: int
    """People who were told two different things, or something else than they are shown now."""
    strange: int
    """Codes that were never in the pool, or are shown to several people."""
    unfenced: int
    """Spent codes that the file beside the database does not know."""

    def faults(self, pool: int) -> list[str]:
        """Every promise that was broken."""
        found = {
            "presses were not answered": self.presses != PRESSES * self.people,
            "more codes were given than there are": self.given > pool,
            "codes were left although people wait": self.given < min(pool, self.people),
            "a code was given to two people": self.codes != self.given,
            "a person has two codes": self.holders != self.given,
            "somebody has neither a code nor a place": self.given + self.waiting != self.people,
            "two people have one place": self.places != self.waiting,
            "somebody was told something else than they are shown": self.contradicted > 0,
            "a code is nobody's or several people's": self.strange > 0,
            "a restored backup could give a code out again": self.unfenced > 0,
        }
        return [fault for fault, is_true in found.items() if is_true]


def presses_of(shard: int, shards: int, people: int) -> Iterator[Press]:
    """A process's presses: everybody's two are made in two processes, at about the same time."""
    order = list(range(1, people + 1))
    Random(SEED).shuffle(order)
    for person in order:
        for press in range(PRESSES):
            if (person + press) % shards == shard:
                yield person, press


def read_told(path: Path) -> dict[Press, str]:
    """What a process wrote down. A line that its death cut off was told to nobody."""
    told: dict[Press, str] = {}
    text = path.read_text() if path.exists() else ""
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            person, press, words = line.rstrip("\n").split("\t")
            told[int(person), int(press)] = words
    return told


async def examine(
    database: Database, people: int, told: Sequence[Path], pool: int, fence: Fence | None = None
) -> Outcome:
    """Hold tables and fence against what was told, and ask once more for everybody."""
    given = await database.fetch_all(select(allocations))
    rows = await database.fetch_all(select(claims))
    waiting = [row for row in rows if row["state"] == State.WAITLISTED]
    answers: defaultdict[int, set[str]] = defaultdict(set)
    answered: Counter[Press] = Counter()
    for path in told:
        for (person, press), words in read_told(path).items():
            answers[person].add(words)
            answered[person, press] += 1
    service = make_claims(database)
    shown: dict[int, str] = {}
    for person in range(1, people + 1):
        shown[person] = _words(await service.look(PROGRAM, HERE, Member(person)))
    known = {make_code(number) for number in range(pool)}
    held = Counter(words for words in shown.values() if not words.startswith("place "))
    spent = await database.fetch_all(select(codes.c.fingerprint).where(codes.c.state == "spent"))
    fenced = None if fence is None else fence.read()
    return Outcome(
        people=people,
        presses=sum(count == 1 for count in answered.values()),
        given=len(given),
        codes=len({row["code_id"] for row in given}),
        holders=len({row["subject"] for row in given}),
        places=len({row["position"] for row in waiting}),
        waiting=len(waiting),
        contradicted=sum(words != {shown[person]} for person, words in answers.items()),
        strange=sum(count > 1 or code not in known for code, count in held.items()),
        unfenced=sum(fenced is not None and row["fingerprint"] not in fenced for row in spent),
    )


def make_claims(
    database: Database, kind: type[Claims] = Claims, fence: Fence | None = None
) -> Claims:
    """The service, at noon."""
    return kind(database, MovableClock(NOON), RING, {PROGRAM: make_program()}, fence)


def fence_in(folder: Path) -> Fence:
    """The file that all processes of a folder append to."""
    return Fence(folder / FILE_NAME)


class Worker:
    """One process's presses, so many at once."""

    def __init__(self, service: Claims, path: Path, presses: Sequence[Press]) -> None:
        self._service = service
        done = read_told(path)
        self._left = iter([press for press in presses if press not in done])
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.truncate(self._file, path.read_bytes().rfind(b"\n") + 1)

    async def run(self, together: int) -> None:
        """Press until everybody of this process was answered."""
        await asyncio.gather(*(self._press() for _ in range(together)))
        os.close(self._file)

    async def _press(self) -> None:
        for person, press in self._left:
            standing = None
            while standing is None:
                # A wrong service that the database stopped: the person presses again.
                with suppress(ConflictError):
                    guild_id = (HERE, THERE)[press]
                    standing = await self._service.claim(PROGRAM, guild_id, Member(person), CONSENT)
            line = f"{person}\t{press}\t{_words(standing)}\n"
            os.write(self._file, line.encode())


def die_at(moment: str, run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """``Database.run`` in a process that is killed right before or right after the commit."""

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def dying(work: Callable[..., Awaitable[Any]]) -> Any:
        async def deadly(tx: Any) -> Any:
            result = await work(tx)
            if moment == "before-commit":
                kill()
            return result

        result = await run(deadly)
        kill()
        return result

    return dying


async def main() -> None:
    """Press for a share of the people."""
    from tests.wire.claims_variants import VARIANTS  # noqa: PLC0415 (it builds on this module)

    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("told", type=Path)
    parser.add_argument("--shard", type=int, default=0)
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("--variant", choices=VARIANTS)
    parser.add_argument("--die", choices=["before-commit", "after-commit"])
    arguments = parser.parse_args()
    presses = list(presses_of(arguments.shard, arguments.shards, arguments.people))
    database = await open_migrated(arguments.url)
    if arguments.die:
        database.run = die_at(arguments.die, database.run)  # type: ignore[method-assign,assignment]
    try:
        kind = VARIANTS[arguments.variant] if arguments.variant else Claims
        fence = fence_in(arguments.told.parent)
        service = make_claims(database, kind, fence)
        await Worker(service, arguments.told, presses).run(arguments.together)
        await service.close()
        fence.close()
    finally:
        await database.close()


def _words(standing: Standing) -> str:
    """What a person reads, as short as it can be said."""
    if standing.code is not None:
        return standing.code
    claim = standing.claim
    return "nothing" if claim is None else f"place {claim.position}"


if __name__ == "__main__":
    asyncio.run(main())
