"""Restores: without loss, and without a moment at which there is no database or a wrong one."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from signal import SIGKILL

import pytest

from bot.errors import StorageError, StorageUnavailableError
from bot.storage.backup import back_up
from bot.storage.opening import open_migrated
from bot.storage.restoring import restore
from tests.conftest import NOON, ROOT
from tests.store.copies import files, mute, muted, put_back, refuse_links, spoil
from tests.store.postgres import run_sync

ASIDE = "breather.db.before-restore-20270314T120000Z"
DIES = """
import os, signal, sys
from pathlib import Path
from bot.storage import restoring

left = int(sys.argv[3])

def dying(name):
    real = getattr(os, name)

    def call(path, *arguments, **options):
        global left
        is_counted = name != "unlink" or ".restoring" not in str(path)
        left -= is_counted
        if is_counted and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(path, *arguments, **options)

    return call

for name in ("link", "rename", "replace", "unlink"):
    setattr(os, name, dying(name))
"""
RENAMES_TWICE = """
def swap(fresh, target, now):
    aside = target.with_name("aside")
    target.rename(aside)
    fresh.rename(target)
    return aside

restoring._swap = swap
"""
MIXES_LOGS = """
def swap(fresh, target, now):
    aside = restoring.link(target, target.with_name("aside"))
    fresh.replace(target)
    for end in ("-wal", "-journal"):
        restoring.beside(target, end).rename(restoring.beside(aside, end))
    return aside

restoring._swap = swap
"""
RESTORES = """
restoring.restore(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), lambda _: None)
"""


@pytest.fixture
def path(migrated_file: Path, tmp_path: Path) -> Path:
    """A database in use by nobody, in a folder whose name SQLite could misread."""
    folder = tmp_path / "a folder?mode=memory#100%25"
    folder.mkdir()
    return Path(shutil.copy(migrated_file, folder / "breather.db"))


@pytest.fixture
def url(path: Path) -> str:
    """Its address."""
    return f"sqlite:///{path}"


@pytest.fixture
def backup(path: Path, url: str, tmp_path: Path) -> Path:
    """A backup with one muted tip in it."""
    mute(path, "kept")
    return back_up(url, tmp_path / "backups", NOON)


def damage(path: Path) -> None:
    """A database that is none any more, with logs; SQLite drops such a ``-wal`` itself."""
    for suffix in ("", "-wal", "-journal"):
        Path(f"{path}{suffix}").write_text(f"noise{suffix}" * 1000)


def is_whole(path: Path) -> bool:
    """Whether a database is the old one or the new one, with no log that isn't its own."""
    if not path.exists():
        return False
    is_new = path.read_bytes().startswith(b"SQLite format 3\0")
    return not (is_new and any(Path(f"{path}{end}").exists() for end in ("-wal", "-journal")))


def run_and_kill(backup: Path, url: str, step: int, variant: str = "") -> bool:
    """Restore in a process that is killed before a change of names; whether it was."""
    command = [sys.executable, "-c", DIES + variant + RESTORES, str(backup), url, str(step)]
    return subprocess.run(command, check=False, cwd=ROOT).returncode == -SIGKILL


def test_a_restore_brings_the_rows_back_and_keeps_the_old_file(
    path: Path, url: str, backup: Path
) -> None:
    mute(path, "later")
    aside = put_back(backup, url, NOON)
    assert aside == path.with_name("breather.db.before-restore-20270314T120000Z")
    assert muted(path) == ["kept"]
    assert muted(aside) == ["kept", "later"]
    assert backup.exists()


def test_two_restores_in_one_second_keep_both_old_files(path: Path, url: str, backup: Path) -> None:
    mute(path, "first")
    one = put_back(backup, url, NOON)
    mute(path, "second")
    two = put_back(backup, url, NOON)
    assert one
    assert two
    assert (muted(one), muted(two)) == (["first", "kept"], ["kept", "second"])


def test_a_restore_where_nothing_was_makes_the_folder(backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "breather.db"
    assert put_back(backup, f"sqlite:///{path}", NOON) is None
    assert muted(path) == ["kept"]


async def test_a_restore_refuses_while_the_database_is_in_use(
    path: Path, url: str, backup: Path
) -> None:
    mute(path, "later")
    database = await open_migrated(url)
    with pytest.raises(StorageError, match=r"is in use\. Stop Breather, then restore again\."):
        put_back(backup, url, NOON)
    await database.close()
    assert muted(path) == ["kept", "later"]
    assert files(path.parent) == {"breather.db", "breather.db.lock"}

    assert put_back(backup, url, NOON) is not None
    assert muted(path) == ["kept"]


def test_a_damaged_backup_replaces_nothing(path: Path, url: str, backup: Path) -> None:
    mute(path, "later")
    spoil(backup)
    with pytest.raises(StorageError):
        put_back(backup, url, NOON)
    assert muted(path) == ["kept", "later"]


def test_the_database_is_not_restored_from_itself(path: Path, url: str, backup: Path) -> None:
    assert backup.exists()
    with pytest.raises(StorageError, match="is the database itself"):
        put_back(path, url, NOON)
    assert muted(path) == ["kept"]


def test_a_damaged_database_is_replaced_and_kept_as_it_was(
    path: Path, url: str, backup: Path
) -> None:
    path.write_bytes(b"nothing but noise" * 1000)
    aside = put_back(backup, url, NOON)
    assert aside is not None
    assert aside.read_bytes() == b"nothing but noise" * 1000
    assert muted(path) == ["kept"]


def test_what_a_killed_process_had_only_in_its_log_is_kept_too(
    path: Path, url: str, backup: Path, tmp_path: Path
) -> None:
    alive = tmp_path / "alive.db"
    with closing(sqlite3.connect(alive)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("CREATE TABLE tip_mutes (guild_id, tip_id)")
        file.commit()
        file.execute("INSERT INTO tip_mutes VALUES (1, 'in the log')")
        file.commit()
        shutil.copy(alive, path)
        shutil.copy(f"{alive}-wal", f"{path}-wal")
    aside = put_back(backup, url, NOON)
    assert aside is not None
    assert muted(aside) == ["in the log"]
    assert muted(path) == ["kept"]


def test_nothing_but_the_database_and_the_old_one_is_left(
    path: Path, url: str, backup: Path
) -> None:
    put_back(backup, url, NOON)
    assert files(path.parent) == {"breather.db", "breather.db.lock", ASIDE}


def test_what_fails_while_catching_up_changes_nothing_and_says_so(
    path: Path, url: str, backup: Path
) -> None:
    mute(path, "later")

    async def fill(url: str) -> None:
        database = await open_migrated(url)
        await database.close()

    def fail(url: str) -> None:
        run_sync(fill(url))
        raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="the disk is full") as caught:
        restore(backup, url, NOON, fail)
    assert caught.value.__notes__ == ["Nothing was changed: the database is as it was."]
    assert muted(path) == ["kept", "later"]
    assert files(path.parent) == {"breather.db", "breather.db.lock"}


def test_nobody_can_use_the_database_while_the_copy_catches_up(
    path: Path, url: str, backup: Path
) -> None:
    def use_both(copy: str) -> list[str]:
        with (
            closing(sqlite3.connect(path, timeout=0)) as file,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            file.execute("SELECT * FROM tip_mutes")
        mute(Path(copy.removeprefix("sqlite:///")), "caught up")
        return muted(Path(copy.removeprefix("sqlite:///")))

    _, found = restore(backup, url, NOON, use_both)
    assert found == muted(path) == ["caught up", "kept"]


def test_a_copy_that_is_still_open_is_not_put_in_the_databases_place(
    path: Path, url: str, backup: Path
) -> None:
    mute(path, "later")
    left: list[sqlite3.Connection] = []

    def forget_to_close(copy: str) -> None:
        left.append(sqlite3.connect(copy.removeprefix("sqlite:///")))
        left[0].execute("PRAGMA journal_mode=WAL")
        left[0].execute("SELECT * FROM tip_mutes").fetchall()

    with pytest.raises(StorageUnavailableError, match=r"locked.*Nothing was changed"):
        restore(backup, url, NOON, forget_to_close)
    left[0].close()
    assert muted(path) == ["kept", "later"]


def test_logs_that_a_damaged_database_left_go_with_it(path: Path, url: str, backup: Path) -> None:
    damage(path)
    assert put_back(backup, url, NOON) == path.with_name(ASIDE)
    kept = {ASIDE, f"{ASIDE}-journal"}
    assert files(path.parent) == {"breather.db", "breather.db.lock", *kept}
    assert muted(path) == ["kept"]


def test_logs_without_their_database_are_not_taken_for_the_new_ones(
    path: Path, url: str, backup: Path
) -> None:
    damage(path)
    path.unlink()
    assert put_back(backup, url, NOON) is None
    assert is_whole(path)
    assert muted(path) == ["kept"]


def test_a_swap_that_fails_leaves_every_file_as_it_was(
    path: Path, url: str, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(path)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    del before["breather.db-wal"]
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if target == path:
            refuse_links()
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(StorageUnavailableError, match="Nothing was changed"):
        put_back(backup, url, NOON)
    path.with_name("breather.db.lock").unlink()
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_where_there_are_no_links_the_old_file_is_copied(
    path: Path, url: str, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mute(path, "later")
    path.chmod(0o600)
    monkeypatch.setattr(os, "link", refuse_links)
    aside = put_back(backup, url, NOON)
    assert aside is not None
    assert aside.stat().st_mode & 0o777 == 0o600
    assert (muted(path), muted(aside)) == (["kept"], ["kept", "later"])


def test_the_second_name_that_a_killed_restore_left_is_taken_back(
    path: Path, url: str, backup: Path
) -> None:
    os.link(path, path.with_name("breather.db.before-restore-20270101T000000Z"))
    put_back(backup, url, NOON)
    assert files(path.parent) == {"breather.db", "breather.db.lock", ASIDE}


@pytest.mark.parametrize("is_damaged", [False, True], ids=["sound", "damaged"])
def test_a_kill_at_any_step_leaves_a_whole_database(
    path: Path, url: str, backup: Path, *, is_damaged: bool
) -> None:
    for step in range(1, 12):
        if is_damaged:
            damage(path)
        if not run_and_kill(backup, url, step):
            break
        assert is_whole(path)
    assert 2 < step < 11
    assert muted(path) == ["kept"]


@pytest.mark.parametrize(
    ("variant", "step"), [(RENAMES_TWICE, 2), (MIXES_LOGS, 3)], ids=["two renames", "logs last"]
)
def test_a_swap_in_the_wrong_order_is_caught(
    path: Path, url: str, backup: Path, variant: str, step: int
) -> None:
    damage(path)
    assert run_and_kill(backup, url, step, variant)
    assert not is_whole(path)
