"""The fence: a file beside the database that remembers which codes were given out.

A database can be put back to an older day, and would then give codes out again that somebody has.
The file isn't put back with it. So a code may only be seen once it stands here for good:

1. Inside the transaction that spends it, its fingerprint is appended. If that fails, nothing is
   spent. A killed process has it in the file, then, whether or not the commit came through.
2. The file is flushed to the disk while the transaction is committed: neither waits for the other.
3. The code is shown after both. If the power fails in between, nobody has seen it.
4. A start adds what the database has spent and the file lost, before anything is shown.

The other order, commit and then append, would leave codes that somebody saw and no fence knows.
With this one a crash can leave a code that is fenced but free. It is given to the next person; only
a restore, which can't know better, gives it up.

After the commit a line says so, and tells a crash from a restore at the next start: a code whose
spending was confirmed and that is free is proof of an older database. Each line has a batch and
either a kind and a fingerprint, or ``done``; no code, no person.
"""

import asyncio
import os
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import StorageUnavailableError
from bot.storage import Database, Transaction

Result = TypeVar("Result")

FILE_NAME = "claims-fence"
"""Its name in ``STATE_DIR``."""

SPENT, VOID = "spent", "void"
_LINE = re.compile(rf"([0-9a-f]{{16}}) (?:({SPENT}|{VOID}) ([0-9a-f]{{64}})|(done))")


@dataclass(frozen=True, slots=True)
class Fenced:
    """What the file knows, by kind; ``confirmed`` are those whose transaction was committed."""

    spent: frozenset[str] = frozenset()
    void: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    confirmed_void: frozenset[str] = frozenset()
    """Those of them that were confirmed as void: a code can be spent first."""

    def __contains__(self, fingerprint: str) -> bool:
        return fingerprint in self.spent or fingerprint in self.void


class Fence:
    """The file at a path. Several processes may append to it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._flusher: ThreadPoolExecutor | None = None
        self._has_name = os.name != "posix"  # there a new file needs its folder flushed, too

    def close(self) -> None:
        """Finish what is being flushed. It may be used again afterwards."""
        flusher, self._flusher = self._flusher, None
        if flusher is not None:
            flusher.shutdown()

    def read(self) -> Fenced:
        """What stands in it. A line that a crash tore is ignored: nothing was committed after it.

        Raises :class:`StorageUnavailableError` when it is there and can't be read.
        """
        found: dict[str, set[str]] = {SPENT: set(), VOID: set()}
        batches: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        confirmed: dict[str, set[str]] = {SPENT: set(), VOID: set()}
        for line in self._lines():
            if (match := _LINE.fullmatch(line)) is None:
                continue
            batch, kind, fingerprint, done = match.groups()
            if done:
                for of_kind, known in batches.pop(batch, ()):
                    confirmed[of_kind].add(known)
            else:
                found[kind].add(fingerprint)
                batches[batch].append((kind, fingerprint))
        return Fenced(
            frozenset(found[SPENT]),
            frozenset(found[VOID]),
            frozenset(confirmed[SPENT] | confirmed[VOID]),
            frozenset(confirmed[VOID]),
        )

    def append(self, batch: str, kind: str, fingerprints: Iterable[str]) -> None:
        """Append, into the system's memory: that survives this process, not a power failure.

        Raises :class:`StorageUnavailableError`.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._write(f"{batch} {kind} {fingerprint}" for fingerprint in fingerprints)
        except OSError as error:
            raise self._unwritable(error) from error

    def flush(self) -> None:
        """Return once everything appended is on the disk. Raises as above."""
        try:
            # Opened each time: whatever was moved away must not swallow what comes next.
            _sync(self.path, os.O_WRONLY)
            if not self._has_name:
                _sync(self.path.parent, os.O_RDONLY)
                self._has_name = True
        except OSError as error:
            raise self._unwritable(error) from error

    def begin_flush(self) -> Future[None]:
        """The same on a thread of its own."""
        if self._flusher is None:
            self._flusher = ThreadPoolExecutor(1, thread_name_prefix=FILE_NAME)
        return self._flusher.submit(self.flush)

    def confirm(self, batch: str) -> None:
        """Note that a batch was committed. Losing this line costs only a proof."""
        with suppress(OSError):
            self._write([f"{batch} done"])

    def _write(self, lines: Iterable[str]) -> None:
        # The first line break ends a line that a crash may have torn.
        left = memoryview(("\n" + "\n".join(lines) + "\n").encode())
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            while left:
                left = left[os.write(descriptor, left) :]
        finally:
            os.close(descriptor)

    def _unwritable(self, error: OSError) -> StorageUnavailableError:
        return StorageUnavailableError(
            f"STATE_DIR: {self.path} cannot be written ({error}), and no code is given out "
            "without it. Check the folder and the space left in it."
        )

    def _lines(self) -> Iterator[str]:
        try:
            with self.path.open(encoding="ascii", errors="replace") as file:
                for line in file:
                    yield line.rstrip("\n")
        except FileNotFoundError:
            return
        except OSError as error:
            message = f"STATE_DIR: {self.path} cannot be read ({error}). Check its permissions."
            raise StorageUnavailableError(message) from error


class Spending:
    """What one transaction takes out of the pool."""

    def __init__(self, fence: Fence | None) -> None:
        self._fence = fence
        self._batch = secrets.token_hex(8)
        self._flushes: list[Future[None]] = []

    def note(self, fingerprints: Sequence[str], kind: str = SPENT) -> None:
        """Fence codes off, in the transaction that spends them; on any thread."""
        if self._fence is not None and fingerprints:
            self._fence.append(self._batch, kind, fingerprints)
            self._flushes.append(self._fence.begin_flush())

    async def settle(self) -> None:
        """After the commit, and before anything is shown: wait for the disk, then confirm."""
        for flush in self._flushes:
            if flush.done():  # mostly: the commit took as long
                flush.result()
            else:
                await asyncio.wrap_future(flush)
        if self._fence is not None and self._flushes:
            self._fence.confirm(self._batch)


async def spend(
    database: Database,
    fence: Fence | None,
    work: Callable[[Transaction, Spending], Coroutine[Any, Any, Result]],
) -> Result:
    """``database.run`` for work that takes codes out of the pool and notes which.

    Without a fence nothing is remembered beside the database.
    """
    latest = Spending(fence)

    async def fenced(tx: Transaction) -> Result:
        nonlocal latest
        latest = Spending(fence)  # work that is done again may take other codes
        return await work(tx, latest)

    result = await database.run(fenced)
    await latest.settle()
    return result


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
