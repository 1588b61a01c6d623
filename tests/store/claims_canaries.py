"""A scene for canaries: everything that is said, logged and written while they go through it."""

import logging
import secrets
import subprocess
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot.claims.keys import KeyRing, read_keys
from bot.claims.opening import ClaimServices, open_claims
from bot.clock import MovableClock, SystemClock
from bot.commandline import main
from bot.guilds.audit import AuditLog
from bot.settings import Settings, load_settings
from bot.storage import Database, metadata
from bot.storage.opening import open_migrated
from bot.storage.urls import sqlite_path
from tests.store.pools import bytes_of
from tests.store.postgres import _find_binaries, run_sync

Found = TypeVar("Found")
Work = Callable[[ClaimServices, Database], Awaitable[Found]]
log = logging.getLogger("bot")


@dataclass(frozen=True)
class Canaries:
    """Words that stand nowhere else in the world."""

    code: str
    cell: str
    handle: str
    note: str
    reason: str

    @classmethod
    def make(cls) -> "Canaries":
        """New ones."""
        return cls(*(f"{name}-{secrets.token_hex(8)}" for name in cls.__annotations__))

    def found_in(self, content: str | bytes) -> set[str]:
        """The names of those that a text or some bytes have in them."""
        raw = content.encode() if isinstance(content, str) else content
        words = asdict(self)
        return {
            name
            for name, word in words.items()
            if word.encode() in raw or word.encode("utf-16-le") in raw
        }


class Scene:
    """A folder, a database, keys, and everything that was said to others than the claimant."""

    def __init__(self, folder: Path, url: str) -> None:
        self.canaries = Canaries.make()
        self.folder, self.url = folder, url
        self.engine = "postgresql" if sqlite_path(url) is None else "sqlite"
        self.clock = MovableClock(SystemClock().now())
        self.keys = {
            "CLAIM_CODE_KEYS": f"k1:{secrets.token_urlsafe(32)}",
            "CLAIM_HASH_KEY": secrets.token_urlsafe(32),
        }
        self.said: list[str] = []

    @property
    def settings(self) -> Settings:
        """The settings, with the keys as they are set."""
        given = {name.lower(): value for name, value in self.keys.items()}
        return load_settings(None, database_url=self.url, state_dir=self.folder / "var", **given)

    @property
    def ring(self) -> KeyRing:
        """Those keys."""
        ring = read_keys(*self.keys.values())
        assert ring is not None
        return ring

    def run(self, *arguments: str, code: int = 0, **env: str) -> str:
        """Run a command to its end; its words."""
        settings = {"DATABASE_URL": self.url, "STATE_DIR": str(self.folder / "var")}
        ended = CliRunner().invoke(main, arguments, env=settings | self.keys | env)
        self.said += [ended.stdout, ended.stderr]
        if ended.exc_info is not None:
            self.said += traceback.format_exception(*ended.exc_info)
        assert ended.exit_code == code, ended.output
        return ended.stdout

    def give(self, content: str | bytes) -> str:
        """A partner's file, which lies where nobody looks for canaries; its path."""
        file = self.folder / "given" / "codes.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(file)

    def ask(self, work: Work[Found]) -> Found:
        """Do something with the services as the bot opens them."""

        async def go() -> Found:
            database = await open_migrated(self.url)
            audit = AuditLog(database, self.clock)
            services = await open_claims(database, audit, self.clock, self.settings)
            assert services is not None
            try:
                return await work(services, database)
            finally:
                await services.close()
                await database.close()

        return run_sync(go())

    def provoke(self, work: Work[object]) -> str:
        """Do something that fails, and log that with everything that led to it; its kind."""
        try:
            self.ask(work)
        except Exception as error:
            log.exception("a fault")
            log.debug("%s", error)
            return type(error).__name__
        pytest.fail("nothing went wrong")

    def columns(self) -> dict[str, set[str]]:
        """The canaries that each column of each table has, where there are any."""

        async def work(_: ClaimServices, database: Database) -> dict[str, set[str]]:
            places = {}
            for table in metadata.sorted_tables:
                rows = await database.fetch_all(select(table))
                for column in table.columns:
                    values = "\n".join(str(row[column.name]) for row in rows)
                    places[f"{table.name}.{column.name}"] = self.canaries.found_in(values)
            return {place: found for place, found in places.items() if found}

        return self.ask(work)

    def pages(self) -> bytes:
        """The database's own files as they lie on the disk, its write-ahead log too."""
        path = sqlite_path(self.url)
        if path is None:
            return run_sync(_read_postgres(self.url))
        return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))

    def back_up(self) -> Path:
        """The file of an operator's backup."""
        folder = self.folder / secrets.token_hex(4)
        if self.engine == "sqlite":
            self.run("backup", str(folder))
        else:
            folder.mkdir()
            program = str(_find_binaries() / "pg_dump")
            options = ["--exclude-table-data=program_peppers", f"--file={folder}/dump.sql"]
            subprocess.run([program, *options, self.url], check=True)
        (file,) = folder.iterdir()
        return file

    def written(self) -> bytes:
        """What the bot writes beside the database: its fence, and the record of erasures."""
        return bytes_of(self.folder / "var")


async def _read_postgres(url: str) -> bytes:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CHECKPOINT")
        data = Path(await connection.fetchval("SHOW data_directory"))
        oid = await connection.fetchval(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        )
    finally:
        await connection.close()
    return bytes_of(data / "base" / str(oid)) + bytes_of(data / "pg_wal")
