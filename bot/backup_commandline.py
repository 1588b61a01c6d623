"""The command line of backups: make one, check one, put one back."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.clock import SystemClock
from bot.operating import tell_faults
from bot.settings import Settings, load_settings

if TYPE_CHECKING:  # a command loads what it needs, and only that
    from bot.privacy.service import Replayed


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@tell_faults()
def backup(folder: Path | None) -> None:
    """Copy the database into FOLDER (default: STATE_DIR/backups), also while the bot runs."""
    from bot.storage.backup import back_up

    settings = load_settings()
    now = SystemClock().now()
    if folder is None:
        path = back_up(settings.database_url, settings.state_dir / "backups", now)
    else:  # what an operator keeps elsewhere is never thinned out
        path = back_up(settings.database_url, folder, now, kept=None)
    click.echo(f"Backed up to {path}. Check it with: python -m bot restore --check {path}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Check the backup and change nothing.")
@tell_faults()
def restore(file: Path, *, only_check: bool) -> None:
    """Put the backup FILE in the database's place. Stop the bot first."""
    from bot.storage.backup import check_backup
    from bot.storage.restoring import restore as put_back

    settings = load_settings()
    report = check_backup(file)
    rows = ", ".join(f"{count} {table}" for table, count in report.rows.items())
    click.echo(f"{file} is sound: schema {report.revision}; {rows}.")
    if only_check:
        return
    aside, (closed, replayed, unknown) = put_back(
        file,
        settings.database_url,
        SystemClock().now(),
        lambda url: asyncio.run(_catch_up(settings, file, url)),
    )
    click.echo("Restored." + (f" The database as it was is in {aside}." if aside else ""))
    click.echo("Posts that were due since the backup are not made up for: they may stand there.")
    if closed:
        click.echo(f"{closed:,} codes that were given out since the backup stay given out.")
    if replayed.erased:
        who = "people who erased their data since the backup were erased again."
        if replayed.erased == 1:
            who = "person who erased their data since the backup was erased again."
        click.echo(f"{replayed.erased:,} {who}")
    if replayed.unknown:
        click.echo(
            "warning: people who erased their data, but can't be recognised without the "
            f"CLAIM_HASH_KEY of then: {replayed.unknown:,}. Put it back and restore again; until "
            "then their data are back.",
            err=True,
        )
    for program_id in unknown:
        click.echo(
            f"warning: {program_id} can't recognise its people, since backups leave the key to "
            "that out and there was no database here that has it: nobody can see their code.",
            err=True,
        )


async def _catch_up(settings: Settings, file: Path, url: str) -> tuple[int, "Replayed", list[str]]:
    """What happened since the backup holds: posts, codes given out, and erasures.

    How many codes were closed off, who was erased again, and the programs that lost the key to
    their people. Nothing is copied before the schema changes: the backup itself is that copy, and
    a later one would hide from the next restore who had erased their data by then.
    """
    from bot.claims.fence import FILE_NAME, Fence
    from bot.claims.fencing import reconcile
    from bot.claims.programs import find_unknown
    from bot.delivery.schedules import Schedules
    from bot.privacy.erasures import find_taken_at
    from bot.registry import make_privacy
    from bot.storage.migrate import migrate
    from bot.storage.opening import open_migrated

    clock = SystemClock()
    await migrate(url)
    database = await open_migrated(url)
    try:
        await Schedules(database, clock).skip_missed()
        fence = Fence(settings.state_dir / FILE_NAME)
        closed = await reconcile(database, fence, is_restored=True)
        replayed = await make_privacy(database, clock, settings).replay(find_taken_at(file))
        return closed, replayed, await find_unknown(database)
    finally:
        await database.close()
