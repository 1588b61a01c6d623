"""What the sandbox keeps between runs, in ``STATE_DIR/sandbox``: a database and its clock."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.calendars.tokens import FILE_NAME as FEED_KEY
from bot.claims.fence import FILE_NAME as FENCE
from bot.privacy.erasures import FILE_NAME as ERASURES
from bot.sandbox.pool import KEYS, read_keys
from bot.settings import Settings

log = logging.getLogger(__name__)

DATABASE = "breather.db"
CLOCK = "clock.json"
FORGOTTEN = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", CLOCK, FENCE, ERASURES, KEYS, FEED_KEY)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The clock of an earlier run: where it stood, and when the community began."""

    at: int
    began_at: int


class Memory:
    """The folder in which the sandbox keeps its things. It touches no other file."""

    def __init__(self, settings: Settings) -> None:
        self.folder: Path = settings.state_dir / "sandbox"

    def settings(self, settings: Settings) -> Settings:
        """The operator's settings with a database of the sandbox's own, and without a token."""
        return settings.model_copy(
            update={
                "database_url": f"sqlite:///{self.folder / DATABASE}",
                "state_dir": self.folder,
                "discord_token": None,
                "health_port": None,
                "shard_id": None,
                "shard_count": None,
            }
            | read_keys(self.folder)
        )

    def prepare(self, *, fresh: bool) -> None:
        """Make the folder; with ``fresh``, forget what earlier runs left in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            for name in FORGOTTEN:
                (self.folder / name).unlink(missing_ok=True)
            shutil.rmtree(self.folder / "backups", ignore_errors=True)

    def read_clock(self) -> Remembered | None:
        """The clock of the last run; None when there was none or it cannot be read."""
        try:
            kept = json.loads((self.folder / CLOCK).read_text(encoding="utf-8"))
            return Remembered(int(kept["at"]), int(kept["began_at"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("the sandbox's clock cannot be read (%s); it starts at the present", error)
            return None

    def write_clock(self, remembered: Remembered) -> None:
        """Keep the clock for the next run."""
        path = self.folder / CLOCK
        half = path.with_suffix(".new")
        half.write_text(
            json.dumps({"at": remembered.at, "began_at": remembered.began_at}), encoding="utf-8"
        )
        half.replace(path)
