"""The record of erasures: who is on it, since when, and that it is no list of people."""

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.clock import DAY, HOUR, MovableClock
from bot.errors import StorageUnavailableError
from bot.privacy.erasures import FILE_NAME, KEPT_DAYS, Erasures, find_taken_at
from bot.privacy.service import Privacy, Replayed
from bot.storage import Database
from bot.storage.backup import back_up
from bot.tips import store as tips_store
from bot.tips.service import TipsPersonalData
from tests.conftest import NOON, ROOT

SOMEBODY, ANOTHER, A_THIRD = 2**60 + 7, 2**60 + 8, 2**60 + 9
HASH_KEY, OTHER_KEY = b"h" * 32, b"o" * 32
DIES = """
import os, signal, sys
from pathlib import Path
from bot.clock import MovableClock
from bot.privacy.erasures import Erasures

os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
Erasures(Path(sys.argv[1]), MovableClock(int(sys.argv[2]))).note(1)
"""
NOTES_MANY = """
import sys
from pathlib import Path
from bot.clock import MovableClock
from bot.privacy.erasures import Erasures

for number in range(20):
    Erasures(Path(sys.argv[1]), MovableClock(1)).note(int(sys.argv[2]) + number)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the record stands."""
    return tmp_path / "var" / FILE_NAME


@pytest.fixture
def erasures(file: Path, clock: MovableClock) -> Erasures:
    """The record of a bot without claims."""
    return Erasures(file, clock)


def make(database: Database, erasures: Erasures) -> Privacy:
    """A registry with one feature."""
    return Privacy(database, [TipsPersonalData()], erasures)


async def save(database: Database, *people: int, at: int = NOON) -> None:
    """These people save a tip."""
    async with database.transaction() as tx:
        for user_id in people:
            await tx.execute(tips_store.INSERT_SAVED, user_id=user_id, tip_id=f"tip-{at}", now=at)


async def saved(database: Database) -> set[int]:
    """Who has saved a tip."""
    rows = await database.fetch_all(tips_store.saved_tips.select())
    return {row["user_id"] for row in rows}


def test_a_record_begins_empty(erasures: Erasures) -> None:
    found = erasures.since(None)
    assert SOMEBODY not in found
    assert found.unknown == 0
    assert not erasures.path.exists()


@pytest.mark.parametrize("hash_key", [None, HASH_KEY], ids=["salted", "keyed"])
def test_who_erased_is_known_from_that_instant_on(
    file: Path, clock: MovableClock, hash_key: bytes | None
) -> None:
    erasures = Erasures(file, clock, hash_key)
    erasures.note(SOMEBODY)
    clock.move_to(NOON + HOUR)
    erasures.note(ANOTHER)
    everybody, at_first, later, too_late = map(
        Erasures(file, clock, hash_key).since, (None, NOON, NOON + 1, NOON + HOUR + 1)
    )
    assert [SOMEBODY in found for found in (everybody, at_first, later, too_late)] == [1, 1, 0, 0]
    assert [ANOTHER in found for found in (everybody, at_first, later, too_late)] == [1, 1, 1, 0]
    assert A_THIRD not in everybody


@pytest.mark.parametrize("hash_key", [None, HASH_KEY], ids=["salted", "keyed"])
def test_the_file_is_no_list_of_people(
    file: Path, clock: MovableClock, hash_key: bytes | None
) -> None:
    Erasures(file, clock, hash_key).note(SOMEBODY)
    text = file.read_text()
    assert str(SOMEBODY) not in text
    plain = (hashlib.sha256(f"{prefix}{SOMEBODY}".encode()) for prefix in ("", "person\x1f"))
    assert not [digest for digest in plain if digest.hexdigest() in text]
    assert file.stat().st_mode & 0o077 == 0


def test_with_the_key_of_claims_the_file_alone_can_confirm_nobody(
    file: Path, clock: MovableClock
) -> None:
    Erasures(file, clock, HASH_KEY).note(SOMEBODY)
    (_, salt), (_, name, digest) = (line.split() for line in file.read_text().splitlines())
    guesses = [
        hmac.new(key, f"erasures\x1fperson\x1f{SOMEBODY}".encode(), "sha256").hexdigest()
        for key in (bytes.fromhex(salt), bytes.fromhex(name), b"")
        if key
    ]
    assert digest not in guesses


def test_lines_of_a_key_that_is_not_at_hand_are_counted_by_person(
    file: Path, clock: MovableClock
) -> None:
    for user_id in (SOMEBODY, SOMEBODY, ANOTHER):
        Erasures(file, clock, HASH_KEY).note(user_id)
    Erasures(file, clock).note(A_THIRD)
    for key in (None, OTHER_KEY):
        found = Erasures(file, clock, key).since(NOON)
        assert (SOMEBODY in found, A_THIRD in found, found.unknown) == (False, True, 2)
    found = Erasures(file, clock, HASH_KEY).since(NOON)
    assert (SOMEBODY in found, A_THIRD in found, found.unknown) == (True, True, 0)


def test_a_line_goes_with_the_first_erasure_after_a_year(
    erasures: Erasures, clock: MovableClock
) -> None:
    erasures.note(SOMEBODY)
    clock.move_to(NOON + KEPT_DAYS * DAY - 1)
    erasures.note(ANOTHER)
    assert SOMEBODY in erasures.since(None)
    clock.move_to(NOON + KEPT_DAYS * DAY)
    erasures.note(A_THIRD)
    found = erasures.since(None)
    assert [user_id in found for user_id in (SOMEBODY, ANOTHER, A_THIRD)] == [False, True, True]
    assert {path.name for path in erasures.path.parent.iterdir()} == {
        FILE_NAME,
        f"{FILE_NAME}.lock",
    }


def test_a_torn_or_foreign_line_harms_no_other(erasures: Erasures) -> None:
    erasures.note(SOMEBODY)
    with erasures.path.open("ab") as opened:
        opened.write(b"what is this\n\xff\xfe\n1805025600 0123")
    erasures.note(ANOTHER)
    found = erasures.since(None)
    assert [user_id in found for user_id in (SOMEBODY, ANOTHER)] == [True, True]


def test_a_process_that_is_killed_in_the_middle_leaves_a_record_that_goes_on(
    erasures: Erasures, clock: MovableClock
) -> None:
    def kill_one(at: int) -> None:
        arguments = [sys.executable, "-c", DIES, str(erasures.path), str(at)]
        assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == -9

    kill_one(NOON)
    erasures.note(SOMEBODY)
    kill_one(NOON)
    clock.move_to(NOON + 2 * KEPT_DAYS * DAY)
    kill_one(clock.now())
    assert SOMEBODY in erasures.since(None)
    erasures.note(ANOTHER)
    assert ANOTHER in erasures.since(None)


def test_several_processes_lose_none_of_each_others_lines(erasures: Erasures) -> None:
    path = str(erasures.path)
    others = [
        subprocess.Popen([sys.executable, "-c", NOTES_MANY, path, str(first)], cwd=ROOT)
        for first in (0, 100)
    ]
    assert [other.wait() for other in others] == [0, 0]
    found = erasures.since(None)
    assert all(first + number in found for first in (0, 100) for number in range(20))


def test_a_record_that_cannot_be_kept_or_read_says_so(file: Path, clock: MovableClock) -> None:
    file.mkdir(parents=True)
    erasures = Erasures(file, clock)
    with pytest.raises(StorageUnavailableError, match=r"STATE_DIR: .* cannot be written"):
        erasures.note(SOMEBODY)
    with pytest.raises(StorageUnavailableError, match=r"STATE_DIR: .* cannot be read"):
        erasures.since(NOON)


@pytest.mark.parametrize(
    ("name", "taken_at"),
    [
        ("breather-20270314T120000Z.db", NOON),
        ("breather-20270314T120000Z-before-0003-2.db", NOON),
        ("breather-20279999T120000Z.db", None),
        ("monday.db", None),
    ],
)
def test_a_backup_s_name_says_when_it_was_made(name: str, taken_at: int | None) -> None:
    assert find_taken_at(Path("folder") / name) == taken_at


def test_the_names_that_backups_are_given_are_understood(
    migrated_file: Path, tmp_path: Path
) -> None:
    for reason in ("", "before-0003", ""):
        copy = back_up(f"sqlite:///{migrated_file}", tmp_path / "backups", NOON, reason)
        assert find_taken_at(copy) == NOON


async def test_an_erasure_is_on_record_before_and_after_it(
    database: Database, erasures: Erasures
) -> None:
    await save(database, SOMEBODY)
    seen: list[tuple[int, bool]] = []

    class Watching(TipsPersonalData):
        async def erase(self, tx: Any, user_id: int) -> str | None:
            seen.append((len(erasures.path.read_text().split("\n")), user_id in erasures.since(0)))
            return await super().erase(tx, user_id)

    await Privacy(database, [Watching()], erasures).erase(SOMEBODY)
    ((lines, is_known),) = seen
    assert is_known
    assert len(erasures.path.read_text().split("\n")) > lines


async def test_an_erasure_that_fails_is_on_record_all_the_same(
    database: Database, erasures: Erasures
) -> None:
    await save(database, SOMEBODY)

    class Failing(TipsPersonalData):
        async def erase(self, tx: Any, user_id: int) -> str | None:
            await super().erase(tx, user_id)
            raise StorageUnavailableError("away")

    with pytest.raises(StorageUnavailableError):
        await Privacy(database, [Failing()], erasures).erase(SOMEBODY)
    assert await saved(database) == {SOMEBODY}
    assert SOMEBODY in erasures.since(NOON)


async def test_whoever_has_nothing_to_erase_is_not_put_on_record(
    database: Database, erasures: Erasures
) -> None:
    await make(database, erasures).erase(SOMEBODY)
    assert not erasures.path.exists()


async def test_a_record_that_cannot_be_kept_stops_no_erasure_and_the_operator_is_told(
    database: Database, erasures: Erasures, caplog: pytest.LogCaptureFixture
) -> None:
    erasures.path.mkdir(parents=True)
    await save(database, SOMEBODY)
    await make(database, erasures).erase(SOMEBODY)
    assert await saved(database) == set()
    assert "an erasure is not on record, so a backup would undo it: STATE_DIR" in caplog.text
    assert str(SOMEBODY) not in caplog.text


async def test_only_those_who_erased_since_the_backup_are_erased_again(
    database: Database, erasures: Erasures, clock: MovableClock
) -> None:
    privacy = make(database, erasures)
    erasures.note(SOMEBODY)
    clock.move_to(NOON + HOUR)
    erasures.note(ANOTHER)
    await save(database, SOMEBODY, ANOTHER, A_THIRD)
    assert await privacy.replay(NOON + HOUR) == Replayed(1, 0)
    assert await saved(database) == {SOMEBODY, A_THIRD}
    assert await privacy.replay(NOON + HOUR) == Replayed(0, 0)


async def test_a_backup_of_an_unknown_age_erases_everybody_on_record(
    database: Database, erasures: Erasures
) -> None:
    erasures.note(SOMEBODY)
    await save(database, SOMEBODY, ANOTHER)
    assert await make(database, erasures).replay(None) == Replayed(1, 0)
    assert await saved(database) == {ANOTHER}
