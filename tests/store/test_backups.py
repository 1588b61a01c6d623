"""Backups: made while others write, and checked before they are trusted."""

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.clock import DAY, SystemClock
from bot.errors import StorageError, StorageUnavailableError
from bot.storage.backup import KEPT, back_up, check_backup
from bot.storage.migrate import head_revision
from bot.storage.opening import open_migrated
from tests.conftest import NOON
from tests.store.copies import files, mute, put_back, refuse_links, spoil
from tests.store.postgres import PASSWORD

POSTGRES = f"postgresql://breather:{PASSWORD}@db.example/breather"


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


def test_a_backup_holds_every_row_and_stands_alone(path: Path, backup: Path) -> None:
    report = check_backup(backup)
    assert (report.path, report.revision) == (backup, head_revision())
    assert report.rows["tip_mutes"] == 1
    assert report.rows["guilds"] == 0
    assert files(backup.parent) == {"breather-20270314T120000Z.db"}
    assert files(path.parent) == {"breather.db"}


async def test_a_backup_is_made_while_others_write_and_never_holds_half_a_transaction(
    path: Path, url: str, tmp_path: Path
) -> None:
    database = await open_migrated(url)
    has_begun, is_over = threading.Event(), threading.Event()

    def keep_writing() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as file:
            file.execute("PRAGMA synchronous=OFF")
            number = 0
            while not is_over.is_set():
                number += 1
                file.execute("BEGIN IMMEDIATE")
                file.execute("INSERT INTO tip_mutes VALUES (1, ?)", (f"{number}" * 200,))
                file.execute("INSERT INTO saved_tips VALUES (1, ?, 0)", (f"{number}",))
                file.execute("COMMIT")
                if number == 500:
                    has_begun.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        assert has_begun.wait(30)
        copies = [back_up(url, tmp_path / "backups", NOON + number) for number in range(5)]
    finally:
        is_over.set()
        writer.join()
    await database.close()
    counts = [check_backup(copy).rows for copy in copies]
    assert all(rows["tip_mutes"] == rows["saved_tips"] >= 500 for rows in counts)


def test_two_backups_in_one_second_are_two_files(url: str, tmp_path: Path) -> None:
    one, two = (back_up(url, tmp_path / "backups", NOON) for _ in range(2))
    assert (one.name, two.name) == (
        "breather-20270314T120000Z.db",
        "breather-20270314T120000Z-2.db",
    )


@pytest.mark.parametrize("has_links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_backup_that_begins_within_another_one_harms_neither(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, *, has_links: bool
) -> None:
    folder, connect, now = tmp_path / "backups", sqlite3.connect, SystemClock().now()
    steps, copies = iter(range(1, 100)), list[Path]()

    def begin_another(*arguments: Any, **options: Any) -> Any:
        if next(steps) == step:
            copies.append(back_up(url, folder, now))
        return connect(*arguments, **options)

    if not has_links:
        monkeypatch.setattr(os, "link", refuse_links)
    monkeypatch.setattr(sqlite3, "connect", begin_another)
    copies.append(back_up(url, folder, now))
    assert [check_backup(copy).revision for copy in copies] == [head_revision()] * 2
    assert files(folder) == {copy.name for copy in copies}
    assert len(set(copies)) == 2


def test_a_name_that_another_process_takes_meanwhile_is_not_overwritten(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, connect = tmp_path / "backups", sqlite3.connect

    def take_the_name(*arguments: Any, **options: Any) -> Any:
        (folder / "breather-20270314T120000Z.db").write_text("another's")
        return connect(*arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", take_the_name)
    assert back_up(url, folder, NOON).name == "breather-20270314T120000Z-2.db"
    assert (folder / "breather-20270314T120000Z.db").read_text() == "another's"


def test_the_latest_fourteen_backups_are_kept(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    made = [back_up(url, folder, NOON + number) for number in range(KEPT + 3)]
    assert files(folder) == {copy.name for copy in made[3:]}


def test_a_backup_is_kept_although_the_clock_was_set_back(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for number in range(KEPT):
        back_up(url, folder, NOON + number)
    assert back_up(url, folder, NOON - 3600).exists()


def test_a_folder_of_the_operators_own_is_never_thinned_out(url: str, tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        back_up(url, tmp_path / "mine", NOON + number, kept=None)
    assert len(files(tmp_path / "mine")) == KEPT + 3


def test_what_an_interrupted_backup_left_behind_is_no_obstacle(url: str, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    left = tmp_path / "backups" / "breather-20270314T120000Z.partial"
    left.write_text("half a file")
    os.utime(left, (NOON - 2 * DAY, NOON - 2 * DAY))
    assert check_backup(back_up(url, tmp_path / "backups", NOON)).rows["guilds"] == 0
    assert files(tmp_path / "backups") == {"breather-20270314T120000Z.db"}


def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailableError, match=r"nothing\.db cannot be copied .*is there"):
        back_up(f"sqlite:///{tmp_path}/nothing.db", tmp_path / "backups", NOON)
    assert files(tmp_path) == {"backups"}
    assert files(tmp_path / "backups") == set()


def test_postgresql_is_backed_up_and_restored_with_its_own_tools(
    backup: Path, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="pg_dump --format=custom") as caught:
        back_up(POSTGRES, tmp_path, NOON)
    assert PASSWORD not in str(caught.value)
    with pytest.raises(StorageError, match="pg_restore"):
        put_back(backup, POSTGRES, NOON)


def test_a_check_changes_nothing_and_leaves_no_file_behind(backup: Path) -> None:
    content = backup.read_bytes()
    check_backup(backup)
    assert content == backup.read_bytes()
    assert files(backup.parent) == {backup.name}


def test_a_file_that_is_not_there_is_no_backup(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.db", tmp_path):
        with pytest.raises(StorageError, match="no such file"):
            check_backup(path)
    assert files(tmp_path) == set()


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" * 999])
def test_a_file_that_is_no_database_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"a\.db: (not a usable backup|damaged).* older"):
        check_backup(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_backup_is_found_out(backup: Path, kept: float) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(StorageError, match=r"(not a usable backup|damaged).* older"):
        check_backup(backup)


def test_a_backup_with_a_damaged_page_is_found_out(backup: Path) -> None:
    pages = backup.stat().st_size // 4096
    for page in range(1, pages):
        copy = Path(shutil.copy(backup, backup.with_name("damaged.db")))
        spoil(copy, page)
        with pytest.raises(StorageError, match=r"(not a usable backup|damaged)"):
            check_backup(copy)


def test_a_backup_with_a_dangling_row_is_found_out(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as file, file:
        file.execute("INSERT INTO tip_bags VALUES (7, '[]', NULL, NULL)")
        file.execute("PRAGMA journal_mode=DELETE")
    with pytest.raises(StorageError, match="dangling row in tip_bags"):
        check_backup(backup)


def test_a_backup_of_a_newer_version_is_named_as_such(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = 'from-2031'")
    with pytest.raises(StorageError, match=r"from-2031.*Restore it with the version that wrote it"):
        check_backup(backup)


def test_a_database_whose_newest_rows_stand_in_its_log_is_no_backup(path: Path) -> None:
    with closing(sqlite3.connect(path)) as somebody:
        somebody.execute("INSERT INTO tip_mutes VALUES (1, 'new')")
        somebody.commit()
        with pytest.raises(StorageError, match=r"the newest rows stand in breather\.db-wal"):
            check_backup(path)
    assert check_backup(path).rows["tip_mutes"] == 1
