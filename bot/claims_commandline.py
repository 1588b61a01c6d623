"""The command line of claims: programs and codes. No command shows a code.

Faults end with exit code 2 and a sentence.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.clock import SystemClock
from bot.errors import BreatherError, RefusalError
from bot.operating import FaultsInWords, read_file, run, run_with_keys, show_progress, write_file
from bot.settings import load_settings

if TYPE_CHECKING:  # a command loads what it needs, and only that
    from bot.claims.fence import Fence
    from bot.claims.keys import KeyRing
    from bot.storage import Database

LINES_SHOWN = 10
_NO_PROGRAM = "No program was applied yet. Add one: python -m bot programs apply FILE"
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OUTPUT = click.Path(path_type=Path, dir_okay=False, writable=True)
_PROGRAM = click.option("--program", "program_id", required=True, help="The program's id.")
_DRY = click.option("--dry-run", "is_dry_run", is_flag=True, help="Say what would happen.")


@click.group(cls=FaultsInWords)
def programs() -> None:
    """Partners' programs: apply a file, look, report, verify."""


@click.group(cls=FaultsInWords)
def codes() -> None:
    """Access codes: take them in, count them, void them, keep them with the newest key."""


@programs.command("apply")
@click.argument("file", type=_FILE)
@_DRY
def apply_file(file: Path, *, is_dry_run: bool) -> None:
    """Check the program in FILE, show what changes, and apply it."""
    from bot.claims.keys import require_ring
    from bot.claims.programs import apply_program
    from bot.content.programs import load_program

    program, settings = load_program(file), load_settings()
    if not is_dry_run:
        require_ring(settings)  # a program without keys could give nothing out
    now = _now()
    applied = run(settings, lambda db: apply_program(db, program, now, is_dry_run=is_dry_run))
    for change in applied.changes:
        click.echo(f"  {change}")
    count = len(applied.changes)
    what = "is new" if applied.is_new else f"{count} change{'' if count == 1 else 's'}"
    if not applied.is_new and not applied.changes:
        what = "nothing changes"
    click.echo(f"{program.id}: {what}{'; nothing was written' if is_dry_run else ''}.")


@programs.command("list")
def list_programs() -> None:
    """Show every program with its counters."""
    from bot.claims.programs import fetch_programs

    rows = run(load_settings(), fetch_programs)
    for row in rows:
        is_open = row.program.is_open(_now())
        state = "ended" if row.ended_at is not None else "open" if is_open else "not open"
        click.echo(
            f"{row.program.id}: {row.program.title}, {state}; {row.allocated:,} given out and "
            f"{row.offered:,} offered of {row.cap:,}."
        )
    if not rows:
        click.echo(_NO_PROGRAM)


@programs.command("report")
@click.argument("program_id")
@click.option("--csv", "table", type=_OUTPUT, help="Write the table to this file, too.")
@click.option("--picture", type=_OUTPUT, help="Write a picture (SVG) to this file, too.")
def report_program(program_id: str, *, table: Path | None, picture: Path | None) -> None:
    """Count a program's claims by week and country, fit to be shown to its partner."""
    from bot.claims.report import make_report
    from bot.claims.report_files import list_rows, render_picture, render_table, write_csv

    if picture is not None and picture.suffix.casefold() != ".svg":
        message = f"{picture}: the picture is SVG, so give it a name that ends in .svg."
        raise RefusalError(message)
    report = run(load_settings(), lambda db: make_report(db, program_id))
    click.echo(render_table(report))
    if table is not None:
        write_file(table, "\ufeff" + write_csv(list_rows(report)))  # Excel needs the mark
    if picture is not None:
        write_file(picture, render_picture(report))


@programs.command("verify")
@click.argument("program_id")
def verify_program(program_id: str) -> None:
    """Recompute the daily hash chain over what was given out."""
    from bot.claims.chain import Finding, verify

    verified = run(load_settings(), lambda db: verify(db, program_id))
    for day in verified.days:
        note = "" if day.finding is Finding.SOUND else f"  {day.finding}: {day.found:,} now"
        click.echo(f"{day.day}  {day.count:>7,}  {day.root or '-' * 64}{note}")
    click.echo(f"{verified.uncovered:,} given out since then, not closed yet.")
    broken = [day.day for day in verified.days if day.finding is not Finding.SOUND]
    if broken:
        message = (
            f"{program_id}: what was given out on {', '.join(broken)} is not what was written "
            "down when the day was closed. Compare the roots with those that were published."
        )
        raise BreatherError(message)
    click.echo("Nothing was added, removed or altered.")


@codes.command("import")
@click.argument("file", type=_FILE)
@_PROGRAM
@_DRY
def import_file(file: Path, program_id: str, *, is_dry_run: bool) -> None:
    """Take the codes in FILE (CSV in UTF-8) into a program's pool, all or nothing."""
    from bot.claims.code_files import MOST_BYTES
    from bot.claims.codes import Imported, import_codes

    settings, content = load_settings(), read_file(file, MOST_BYTES)

    async def work(database: "Database", ring: "KeyRing", fence: "Fence") -> Imported:
        with show_progress("Reading") as progress:
            return await import_codes(
                database,
                ring,
                program_id,
                content,
                _now(),
                fence=fence,
                is_dry_run=is_dry_run,
                progress=progress,
            )

    imported = run_with_keys(settings, work)
    verb = "would be added" if is_dry_run else "added"
    click.echo(
        f"{imported.added:,} {verb}, {len(imported.known):,} already known, "
        f"{len(imported.malformed):,} malformed"
    )
    if imported.known:
        click.echo(f"already known: {_lines(imported.known)}")
    if imported.malformed:
        message = (
            f"Nothing was added: {file} has no code of {program_id} in "
            f"{_lines(imported.malformed)}. Correct that, or code_pattern, and import it again."
        )
        raise RefusalError(message)


@codes.command("status")
@click.option("--program", "program_id", help="Only this program.")
def show_status(program_id: str | None) -> None:
    """Count the codes of each program, by what became of them."""
    from bot.claims.codes import fetch_stocks
    from bot.claims.programs import fetch_definition
    from bot.claims.stock import find_threshold

    settings = load_settings()
    if program_id is not None:
        run(settings, lambda db: fetch_definition(db, program_id))
    stocks = run(settings, fetch_stocks)
    if not stocks:
        click.echo(_NO_PROGRAM)
    for stock in stocks:
        if program_id in {None, stock.program_id}:
            threshold = find_threshold(stock.left, stock.full)
            low = "" if threshold is None else f" ({threshold} % or less)"
            click.echo(
                f"{stock.program_id}: {stock.free:,} free, {stock.spent:,} spent, "
                f"{stock.void:,} void; {stock.left:,} can still be given out{low}; "
                f"keys: {', '.join(stock.key_ids) or 'none'}."
            )


@codes.command("void")
@_PROGRAM
@click.option("--fingerprint-end", "ending", help="The end of one code's fingerprint.")
@click.option("--file", type=_FILE, help="A file of codes, in the form of an import.")
def void_codes(program_id: str, *, ending: str | None, file: Path | None) -> None:
    """Declare codes void, for good: they are never given out."""
    from bot.claims.code_files import MOST_BYTES
    from bot.claims.voiding import Voided, void_ending, void_file

    if (ending is None) == (file is None):
        message = "Name the codes by either --fingerprint-end or --file."
        raise RefusalError(message)
    settings = load_settings()
    content = b"" if file is None else read_file(file, MOST_BYTES)

    async def work(database: "Database", ring: "KeyRing", fence: "Fence") -> Voided:
        if ending is not None:
            return await void_ending(database, program_id, ending, _now(), fence=fence)
        return await void_file(database, ring, program_id, content, _now(), fence=fence)

    voided = run_with_keys(settings, work)
    click.echo(
        f"{voided.voided:,} void now, {voided.already:,} void before, {voided.unknown:,} not of "
        f"{program_id}."
    )
    if voided.held:
        click.echo(
            f"{voided.held:,} of them are in members' hands: tell the partner, and let two "
            "moderators replace them."
        )


@codes.command("revoked")
@click.argument("file", type=_FILE)
@_PROGRAM
def list_revoked(file: Path, program_id: str) -> None:
    """Name the lines of the partner's FILE whose codes are revoked, replaced or void."""
    from bot.claims.calling_back import find_called_back
    from bot.claims.code_files import MOST_BYTES

    settings, content = load_settings(), read_file(file, MOST_BYTES)

    async def work(database: "Database", ring: "KeyRing", _: "Fence") -> list[int]:
        return await find_called_back(database, ring, program_id, content)

    numbers = run_with_keys(settings, work)
    for number in numbers:
        click.echo(number)
    count = len(numbers)
    click.echo(
        f"{count:,} line{'' if count == 1 else 's'} of {file.name}: ask the partner to switch "
        "these codes off."
        if numbers
        else f"No code in {file.name} is revoked, replaced or void.",
        err=True,
    )


@codes.command("reencrypt")
def reencrypt_codes() -> None:
    """Keep every code with the newest key of CLAIM_CODE_KEYS. May be stopped and run again."""
    from bot.claims.codes import reencrypt

    async def work(database: "Database", ring: "KeyRing", _: "Fence") -> tuple[int, str]:
        with show_progress("Encrypting") as progress:
            return await reencrypt(database, ring, progress), ring.newest

    changed, newest = run_with_keys(load_settings(), work)
    click.echo(f"{changed:,} codes were encrypted anew; all are kept with {newest}.")
    click.echo("Older backups still need the older keys: keep those as long as the backups.")


def _now() -> int:
    return SystemClock().now()


def _lines(numbers: Sequence[int]) -> str:
    named = ", ".join(f"{number:,}" for number in numbers[:LINES_SHOWN])
    more = len(numbers) - LINES_SHOWN
    word = "line" if len(numbers) == 1 else "lines"
    return f"{word} {named}" + (f" and {more:,} more" if more > 0 else "")
