"""A clock that a test moves and that the bot's process reads: real time plus a shared offset.

Standard library only, because the launcher on the bot's side imports it.
"""

import mmap
import os
import struct
import time
from pathlib import Path

_OFFSET = struct.Struct("<d")


class MovableClock:
    """Real time plus an offset in seconds, kept in a file of eight bytes that both processes map.

    ``path`` is created if it is missing, with an offset of zero. A move is seen by every process
    that has the same path open, at its next ``now()``; reading costs no system call on the file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < _OFFSET.size:
                os.ftruncate(descriptor, _OFFSET.size)  # zero bytes read as an offset of 0.0
            self._shared = mmap.mmap(descriptor, _OFFSET.size)
        finally:
            os.close(descriptor)

    @property
    def offset(self) -> float:
        """Seconds between this clock and real time."""
        offset: float = _OFFSET.unpack_from(self._shared)[0]
        return offset

    def now(self) -> float:
        """The moment this clock shows, in seconds since 1970 (UTC)."""
        return time.time() + self.offset

    def move(self, seconds: float) -> None:
        """Move the clock on for every process. Negative seconds move it back."""
        _OFFSET.pack_into(self._shared, 0, self.offset + seconds)

    def move_to(self, moment: float) -> None:
        """Make the clock show ``moment`` (seconds since 1970, UTC), and run on from there."""
        _OFFSET.pack_into(self._shared, 0, moment - time.time())

    def close(self) -> None:
        """Let go of the file. The clock cannot be read afterwards."""
        self._shared.close()
