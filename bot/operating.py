"""What commands share: faults in words, a database, keys that fit it, files, progress."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.clock import SystemClock
from bot.errors import BreatherError, RefusalError
from bot.settings import Settings

if TYPE_CHECKING:  # a command loads what it needs, and only that
    from bot.claims.fence import Fence
    from bot.claims.keys import KeyRing
    from bot.storage import Database

Result = TypeVar("Result")
STEPS = 1000


class FaultsInWords(click.Group):
    """A group of commands whose faults are told in their plain sentences."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (whatever a command returns)
        """Run the command; a fault ends it with its own exit code."""
        with tell_faults():
            return super().invoke(ctx)


@contextmanager
def tell_faults() -> Iterator[None]:
    """Tell a fault in its plain sentences, notes included, and end with its own exit code."""
    try:
        yield
    except BreatherError as error:
        for line in (*str(error).splitlines(), *getattr(error, "__notes__", ())):
            click.echo(line, err=True)
        sys.exit(error.exit_code)


def run(settings: Settings, work: Callable[["Database"], Awaitable[Result]]) -> Result:
    """Do some work on the database that the settings name, and close it again."""
    from bot.storage.opening import open_database

    async def go() -> Result:
        folder = settings.state_dir / "backups"
        database = await open_database(settings.database_url, folder, SystemClock().now)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(go())


def run_with_keys(
    settings: Settings, work: Callable[["Database", "KeyRing", "Fence"], Awaitable[Result]]
) -> Result:
    """The same with the keys of claims, which must fit the database, and with the fence.

    Raises :class:`bot.errors.SettingsError` when there are none, or others.
    """
    from bot.claims.canaries import check_keys
    from bot.claims.fence import FILE_NAME, Fence
    from bot.claims.keys import require_ring

    ring = require_ring(settings)

    async def go(database: "Database") -> Result:
        await check_keys(database, ring)
        fence = Fence(settings.state_dir / FILE_NAME)
        try:
            return await work(database, ring, fence)
        finally:
            fence.close()

    return run(settings, go)


@contextmanager
def show_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, on the stream of the faults, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    bar: Any = click.progressbar(length=STEPS, label=label, file=sys.stderr)
    with bar:
        yield lambda done, total: bar.update(STEPS * done // max(1, total) - bar.pos)


def read_file(file: Path, most: int) -> bytes:
    """A file's bytes, at most one more than are taken: the refusal of those says the rest."""
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror}). Check its permissions."
        raise RefusalError(message) from error


def write_file(path: Path, text: str) -> None:
    """Write a file, and say so."""
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}). Check its folder."
        raise RefusalError(message) from error
    click.echo(f"Written: {path}")
