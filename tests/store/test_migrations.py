"""Migrations: up, down, twice at once, half-failed, and never below a newer schema."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.errors import NewerDatabaseError, StorageUnavailableError
from bot.storage import metadata
from bot.storage import migrate as migrating
from bot.storage.backup import check_backup
from bot.storage.migrate import _connection, current_revision, head_revision, migrate
from bot.storage.opening import open_database
from bot.storage.urls import sqlite_path
from tests.conftest import NOON, ROOT
from tests.store.postgres import PASSWORD, run_statement
from tests.store.stores import store_modules

START = """
import asyncio, sys
from pathlib import Path
from bot.storage.opening import open_database

async def start():
    database = await open_database(sys.argv[1], Path(sys.argv[2]), lambda: 0)
    await database.close()

asyncio.run(start())
"""
NEXT = '''"""A column more, and then whatever the test says."""

from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("guilds", sa.Column("added", sa.Text()))
    {more}


def downgrade():
    with op.batch_alter_table("guilds") as batch:
        batch.drop_column("added")
'''


async def tables(url: str) -> set[str]:
    async with _connection(url) as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def columns(url: str, table: str) -> set[str]:
    def read(sync: Connection) -> set[str]:
        return {column["name"] for column in inspect(sync).get_columns(table)}

    async with _connection(url) as connection:
        return await connection.run_sync(read)


async def count_rows(url: str, table: str) -> int:
    async with _connection(url) as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "type[AddMigration]":
    """Migrations of a later version, in a copy of the folder."""
    AddMigration.folder = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, AddMigration.folder)
    AddMigration.head = head_revision()
    monkeypatch.setattr(migrating, "MIGRATIONS", AddMigration.folder)
    return AddMigration


class AddMigration:
    """Writes a migration on top of the newest one."""

    folder: Path
    head: str

    def __init__(self, more: str = "pass") -> None:
        text = NEXT.format(head=self.head, more=more)
        (self.folder / "versions" / "9999_next.py").write_text(text)


async def test_an_empty_database_gets_every_table_and_loses_them_again(empty_url: str) -> None:
    store_modules()
    assert await current_revision_of_new(empty_url) is None

    up = await migrate(empty_url)
    assert (up.before, up.after, up.has_changed) == (None, head_revision(), True)
    assert await tables(empty_url) == {*metadata.tables, "alembic_version"}
    assert await current_revision(empty_url) == head_revision()

    again = await migrate(empty_url)
    assert not again.has_changed

    down = await migrate(empty_url, target="base")
    assert (down.before, down.after) == (head_revision(), None)
    assert await tables(empty_url) == {"alembic_version"}
    assert await current_revision(empty_url) is None
    assert (await migrate(empty_url)).has_changed


async def current_revision_of_new(url: str) -> str | None:
    path = sqlite_path(url)
    if path is not None:
        path.touch()
    return await current_revision(url)


async def test_the_tables_that_the_features_declare_are_those_that_migrations_make(
    database_url: str,
) -> None:
    store_modules()

    def compare(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    async with _connection(database_url) as connection:
        assert await connection.run_sync(compare) == []


async def test_two_processes_that_start_at_once_both_succeed(
    empty_url: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-W", "error", "-c", START, empty_url, str(tmp_path / "backups")]
    both = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in both:
        assert (process.communicate(timeout=60)[1], process.returncode) == ("", 0)
    assert await current_revision(empty_url) == head_revision()


async def test_eight_tasks_that_open_an_empty_database_at_once_all_succeed(
    empty_url: str, tmp_path: Path
) -> None:
    opened = await asyncio.gather(
        *(open_database(empty_url, tmp_path, lambda: NOON) for _ in range(8))
    )
    for database in opened:
        await database.close()


async def test_a_newer_database_is_refused_in_a_sentence_and_left_alone(
    database_url: str, tmp_path: Path
) -> None:
    await run_statement(database_url, "UPDATE alembic_version SET version_num = 'from-2031'")
    with pytest.raises(
        NewerDatabaseError, match=r"newer Breather .*from-2031.*Start the newer"
    ) as caught:
        await open_database(database_url, tmp_path / "backups", lambda: NOON)
    assert PASSWORD not in str(caught.value)
    assert await current_revision(database_url) == "from-2031"
    assert not (tmp_path / "backups").exists()


async def test_a_migration_that_fails_at_its_end_leaves_nothing_half_done(empty_url: str) -> None:
    await run_statement(empty_url, "CREATE TABLE tip_bags (of_somebody_else INTEGER)")
    with pytest.raises(StorageUnavailableError, match="tip_bags"):
        await migrate(empty_url)
    assert await tables(empty_url) == {"tip_bags"}
    assert await current_revision(empty_url) is None

    await run_statement(empty_url, "DROP TABLE tip_bags")
    assert (await migrate(empty_url)).after == head_revision()


@pytest.mark.parametrize(
    "more", ['op.execute("DROP TABLE nothing_like_that")', 'raise RuntimeError("of its own")']
)
async def test_a_later_migration_that_fails_keeps_the_schema_and_the_rows(
    database_url: str, add_migration: type[AddMigration], more: str
) -> None:
    await run_statement(database_url, "INSERT INTO tip_mutes VALUES (1, 'a')")
    add_migration(f'op.execute("DELETE FROM tip_mutes"); {more}')
    with pytest.raises((StorageUnavailableError, RuntimeError), match=r"nothing_like|of its own"):
        await migrate(database_url)
    assert await current_revision(database_url) == add_migration.head
    assert "added" not in await columns(database_url, "guilds")
    assert await count_rows(database_url, "tip_mutes") == 1


async def test_a_later_version_migrates_up_and_down_and_keeps_the_rows(
    database_url: str, add_migration: type[AddMigration]
) -> None:
    await run_statement(database_url, "INSERT INTO tip_mutes VALUES (1, 'a')")
    add_migration()
    assert (await migrate(database_url)).after == "9999"
    assert "added" in await columns(database_url, "guilds")
    assert (await migrate(database_url, target=add_migration.head)).before == "9999"
    assert "added" not in await columns(database_url, "guilds")
    assert await count_rows(database_url, "tip_mutes") == 1


async def test_before_a_migration_the_database_is_saved_or_the_line_for_it_is_printed(
    database_url: str,
    add_migration: type[AddMigration],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "bot.storage.opening")
    await run_statement(database_url, "INSERT INTO tip_mutes VALUES (1, 'a')")
    add_migration('op.execute("DELETE FROM tip_mutes")')
    database = await open_database(database_url, tmp_path / "backups", lambda: NOON)
    await database.close()

    assert await count_rows(database_url, "tip_mutes") == 0
    assert await current_revision(database_url) == "9999"
    saved = list((tmp_path / "backups").glob("*"))
    if database.dialect_name == "postgresql":
        assert saved == []
        assert "pg_dump --format=custom" in caplog.text
        assert PASSWORD not in caplog.text
    else:
        assert [path.name for path in saved] == [
            f"breather-20270314T120000Z-before-{add_migration.head}.db"
        ]
        report = check_backup(saved[0])
        assert (report.revision, report.rows["tip_mutes"]) == (add_migration.head, 1)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_without_a_backup_nothing_is_migrated(
    database_url: str, add_migration: type[AddMigration], tmp_path: Path
) -> None:
    add_migration()
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(StorageUnavailableError, match=r"cannot be copied"):
        await open_database(database_url, tmp_path / "backups", lambda: NOON)
    assert await current_revision(database_url) == add_migration.head
