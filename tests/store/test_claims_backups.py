"""Backups leave out what links claims to people; a restore takes it over, or says that it can't."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.claims.fence import Fence
from bot.claims.fencing import reconcile
from bot.claims.programs import find_unknown
from bot.errors import StorageError
from bot.storage.backup import back_up, check_backup
from bot.storage.migrate import migrate
from bot.storage.opening import open_migrated
from bot.storage.restoring import restore
from tests.conftest import NOON
from tests.store.copies import put_back
from tests.store.pools import PROGRAM, bytes_of, claim, fill, peppers, reveal
from tests.store.postgres import run_sync


@pytest.fixture
def path(migrated_file: Path, tmp_path: Path) -> Path:
    """A database of the test's own."""
    folder = tmp_path / "here"
    folder.mkdir()
    return Path(shutil.copy(migrated_file, folder / "breather.db"))


@pytest.fixture
def url(path: Path) -> str:
    """Its address."""
    return f"sqlite:///{path}"


async def claim_at(url: str, *user_ids: int, fence: Fence | None = None) -> list[str]:
    """These people claim in the database at an address, and are shown their codes."""
    database = await open_migrated(url)
    try:
        taken = await claim(database, *user_ids, fence=fence)
        return [await reveal(database, found.claim_id) for found in taken]
    finally:
        await database.close()


async def fill_at(url: str) -> str:
    """A program with ten codes; its pepper."""
    database = await open_migrated(url)
    try:
        await fill(database, 10)
        (pepper,) = (await peppers(database)).values()
        return pepper
    finally:
        await database.close()


def spoil(path: Path) -> None:
    path.write_bytes(b"nothing but noise" * 1000)


async def peppers_at(url: str) -> dict[str, str]:
    database = await open_migrated(url)
    try:
        return await peppers(database)
    finally:
        await database.close()


async def test_a_backup_has_no_pepper_in_any_row_or_page(
    path: Path, url: str, tmp_path: Path
) -> None:
    pepper = await fill_at(url)
    assert pepper.encode() in bytes_of(path.parent)
    for reason in ("", "before-0003"):
        copy = back_up(url, tmp_path / "backups", NOON, reason)
        assert check_backup(copy).rows["program_peppers"] == 0
    assert pepper.encode() not in bytes_of(tmp_path / "backups")
    assert (await peppers_at(url)) == {PROGRAM: pepper}


async def test_a_backup_is_made_without_pepper_while_others_write(url: str, tmp_path: Path) -> None:
    pepper = await fill_at(url)
    database = await open_migrated(url)
    await claim(database, 1)
    back_up(url, tmp_path / "backups", NOON)
    await claim(database, 2)
    await database.close()
    left = list((tmp_path / "backups").iterdir())
    assert len(left) == 1
    assert pepper.encode() not in bytes_of(tmp_path / "backups")


async def test_a_pepper_that_was_destroyed_is_in_no_later_backup(url: str, tmp_path: Path) -> None:
    pepper = await fill_at(url)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
        file.execute("PRAGMA secure_delete=OFF")
        file.execute("CREATE TABLE gone AS SELECT * FROM program_peppers")
        file.execute("DELETE FROM program_peppers")
        file.execute("DROP TABLE gone")  # its page is free now, and still has every byte
    assert pepper.encode() in bytes_of(Path(url.removeprefix("sqlite:///")).parent)
    back_up(url, tmp_path / "backups", NOON)
    assert pepper.encode() not in bytes_of(tmp_path / "backups")


async def test_a_restore_takes_the_peppers_over_and_people_are_recognised(
    url: str, tmp_path: Path
) -> None:
    pepper = await fill_at(url)
    (code,) = await claim_at(url, 1)
    copy = back_up(url, tmp_path / "backups", NOON)
    put_back(copy, url, NOON)
    assert await peppers_at(url) == {PROGRAM: pepper}
    assert await claim_at(url, 1) == [code]


async def test_attack_31_after_a_restore_nobody_gets_a_code_that_somebody_has(
    url: str, tmp_path: Path
) -> None:
    fence = Fence(tmp_path / "var" / "claims-fence")
    await fill_at(url)
    before = await claim_at(url, 1, 2, fence=fence)
    copy = back_up(url, tmp_path / "backups", NOON)
    since = await claim_at(url, 3, 4, 5, fence=fence)

    put_back(copy, url, NOON)
    database = await open_migrated(url)
    assert await reconcile(database, fence, is_restored=True) == 3
    await database.close()

    assert await claim_at(url, 1, 2, fence=fence) == before
    later = await claim_at(url, 3, 6, 7, fence=fence)
    assert not set(later) & {*before, *since}


def test_a_restore_that_fails_after_the_fence_was_made_whole_takes_no_code_from_anyone(
    url: str, tmp_path: Path
) -> None:
    fence = Fence(tmp_path / "var" / "claims-fence")
    run_sync(fill_at(url))
    before = run_sync(claim_at(url, 1, 2, fence=fence))
    copy = back_up(url, tmp_path / "backups", NOON)
    fence.path.unlink()

    async def reconcile_at(url: str, *, is_restored: bool) -> int:
        database = await open_migrated(url)
        try:
            return await reconcile(database, fence, is_restored=is_restored)
        finally:
            await database.close()

    def fail(url: str) -> None:
        run_sync(reconcile_at(url, is_restored=True))
        raise StorageError

    with pytest.raises(StorageError):
        restore(copy, url, NOON, fail)
    assert len(fence.read().confirmed) == 2
    assert run_sync(reconcile_at(url, is_restored=False)) == 0
    assert run_sync(claim_at(url, 1, 2, fence=fence)) == before


async def test_attack_31_a_backup_that_is_copied_by_hand_is_found_out_at_the_start(
    path: Path, url: str, tmp_path: Path
) -> None:
    fence = Fence(tmp_path / "var" / "claims-fence")
    await fill_at(url)
    copy = back_up(url, tmp_path / "backups", NOON)
    await claim_at(url, 3, 4, fence=fence)
    shutil.copy(copy, path)
    database = await open_migrated(url)
    assert await reconcile(database, fence) == 2
    await database.close()


async def test_a_restore_where_nothing_was_has_no_pepper_and_that_is_known(
    url: str, tmp_path: Path
) -> None:
    await fill_at(url)
    await claim_at(url, 1)
    copy = back_up(url, tmp_path / "backups", NOON)
    elsewhere = f"sqlite:///{tmp_path}/elsewhere/breather.db"
    put_back(copy, elsewhere, NOON)
    assert await peppers_at(elsewhere) == {}
    database = await open_migrated(elsewhere)
    assert await find_unknown(database) == [PROGRAM]
    await database.close()


async def test_a_pepper_of_a_program_that_the_backup_does_not_know_stays_behind(
    url: str, tmp_path: Path
) -> None:
    copy = back_up(url, tmp_path / "backups", NOON)
    await fill_at(url)
    put_back(copy, url, NOON)
    assert await peppers_at(url) == {}


async def test_a_destroyed_pepper_does_not_come_back_with_a_restore(
    path: Path, url: str, tmp_path: Path
) -> None:
    await fill_at(url)
    copy = back_up(url, tmp_path / "backups", NOON)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM program_peppers")
    put_back(copy, url, NOON)
    assert await peppers_at(url) == {}


async def test_a_damaged_database_gives_no_pepper_and_does_not_stop_the_restore(
    path: Path, url: str, tmp_path: Path
) -> None:
    await fill_at(url)
    copy = back_up(url, tmp_path / "backups", NOON)
    spoil(path)
    put_back(copy, url, NOON)
    assert await peppers_at(url) == {}


def test_a_database_of_an_older_version_is_backed_up_and_restored(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    run_sync(migrate(url, target="0002"))
    copy = back_up(url, tmp_path / "backups", NOON)
    assert check_backup(copy).revision == "0002"
    assert put_back(copy, url, NOON) is not None


def test_what_a_killed_backup_left_is_swept_away_a_day_later(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, at in (("breather-1.partial", NOON - 90_000), ("breather-2.partial", NOON - 60)):
        for suffix in ("", "-wal", "-shm", "-journal"):
            file = folder / f"{name}{suffix}"
            file.write_text("pepper")
            os.utime(file, (at, at))
    back_up(url, folder, NOON)
    assert not list(folder.glob("breather-1.*"))
    assert len(list(folder.glob("breather-2.*"))) == 4


def test_a_dump_of_postgresql_leaves_the_peppers_out(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="--exclude-table-data=program_peppers"):
        back_up("postgresql://breather@db.example/breather", tmp_path, NOON)
