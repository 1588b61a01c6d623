"""The fence: codes that somebody saw are never given again, whatever happens to the database."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.claims import store
from bot.claims.fence import Fence, Fenced, Spending, spend
from bot.claims.fencing import reconcile
from bot.claims.intake import Request, take_in
from bot.claims.voiding import void_file
from bot.errors import GivenUpError, StorageUnavailableError
from bot.storage import Database, Transaction
from bot.storage.opening import open_migrated
from tests.conftest import NOON, ROOT
from tests.store.pools import PROGRAM, RING, claim, file_of, fill, reveal, states
from tests.store.postgres import drop_postgres, postgres_url

BATCH = "0123456789abcdef"
DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.claims.fence import Fence
from bot.storage.opening import open_migrated
from tests.store.pools import claim
from tests.store.test_claims_fence import claim_wrongly

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class DyingFence(Fence):
    def append(self, batch, kind, fingerprints):
        if sys.argv[3] == "before it is fenced":
            die()
        super().append(batch, kind, fingerprints)
        if sys.argv[3] == "before the commit":
            die()

    def confirm(self, batch):
        die()

async def go():
    database = await open_migrated(sys.argv[1])
    if sys.argv[3] == "the wrong way round":
        await claim_wrongly(database, 1, then=die)
    await claim(database, 1, fence=DyingFence(Path(sys.argv[2])))

asyncio.run(go())
"""


async def claim_wrongly(database: Database, user_id: int, then: object) -> None:
    """The variant that is not safe: commit, then fence. What comes in between is ``then``."""
    request = Request(PROGRAM, f"subject-{user_id}", user_id, 1, is_reviewed=False)

    async def work(tx: Transaction) -> None:
        await take_in(tx, PROGRAM, [request], NOON)

    await database.run(work)
    assert callable(then)
    then()


@pytest.fixture
def fence(tmp_path: Path) -> Fence:
    """A fence file of the test's own."""
    return Fence(tmp_path / "var" / "claims-fence")


@pytest.fixture
async def older(engine: str, migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of its own, in which an older day is played: the codes are in, all are free."""
    if engine == "sqlite":
        url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'older.db')}"
    else:
        url = postgres_url()
    opened = await open_migrated(url)
    yield opened
    await opened.close()
    if engine != "sqlite":
        drop_postgres(url)


def fingerprints(*codes: str) -> list[str]:
    return [RING.fingerprint(code) for code in codes]


async def shown(database: Database, *user_ids: int, fence: Fence | None = None) -> list[str]:
    """The codes that these people are shown."""
    taken = await claim(database, *user_ids, fence=fence)
    return [await reveal(database, found.claim_id) for found in taken]


async def test_a_code_that_was_given_out_stands_in_the_fence_and_is_confirmed(
    database: Database, fence: Fence
) -> None:
    await fill(database, 5, fence=fence)
    codes = await shown(database, 1, 2, fence=fence)
    spent = frozenset(fingerprints(*codes))
    assert fence.read() == Fenced(spent=spent, confirmed=spent)
    text = fence.path.read_text()
    assert not any(code in text for code in codes)
    assert oct(fence.path.stat().st_mode & 0o777) == "0o600"


async def test_attack_31_codes_given_out_since_an_old_backup_are_not_given_again(
    database: Database, older: Database, fence: Fence
) -> None:
    await fill(database, 10, fence=fence)
    await fill(older, 10)
    seen = await shown(database, 1, 2, 3, fence=fence)

    assert await reconcile(older, fence) == 3

    again = await shown(older, 4, 5, 6, fence=fence)
    assert not set(seen) & set(again)


async def test_attack_31_without_the_fence_the_old_backup_gives_them_again(
    database: Database, older: Database, fence: Fence
) -> None:
    await fill(database, 10)
    await fill(older, 10)
    assert await shown(database, 1, fence=fence) == await shown(older, 4)


async def test_attack_31_codes_voided_since_an_old_backup_are_void_again(
    database: Database, older: Database, fence: Fence
) -> None:
    lines = await fill(database, 3)
    await fill(older, 3)
    await claim(older, 1, fence=None)
    await void_file(database, RING, PROGRAM, file_of(lines[:2]), NOON, fence=fence)
    assert await reconcile(older, fence) == 2
    assert list((await states(older)).values()) == ["void", "void", "free"]


async def test_a_restore_closes_off_what_a_crash_left_unconfirmed_and_a_start_does_not(
    database: Database, fence: Fence
) -> None:
    lines = await fill(database, 3)
    fence.append(BATCH, "spent", fingerprints(lines[0]))
    assert await reconcile(database, fence) == 0
    assert list((await states(database)).values()) == ["free", "free", "free"]
    assert await reconcile(database, fence, is_restored=True) == 1
    assert list((await states(database)).values()) == ["spent", "free", "free"]


async def test_a_crash_while_a_code_in_hand_is_voided_proves_no_older_database(
    database: Database, fence: Fence
) -> None:
    lines = await fill(database, 3, fence=fence)
    (code,) = await shown(database, 1, fence=fence)
    fence.append(BATCH, "void", fingerprints(code))
    free = next(line for line in lines if line != code)
    fence.append(BATCH, "spent", fingerprints(free))

    assert await reconcile(database, fence) == 0

    found = await states(database)
    assert (found[code], found[free]) == ("spent", "free")


async def test_a_start_closes_nothing_off_in_a_database_that_knows_it_all(
    database: Database, fence: Fence
) -> None:
    lines = await fill(database, 5, fence=fence)
    await claim(database, 1, 2, fence=fence)
    await void_file(database, RING, PROGRAM, file_of(lines[-1:]), NOON, fence=fence)
    before = fence.path.read_text()
    assert await reconcile(database, fence) == 0
    assert await reconcile(database, fence, is_restored=True) == 0
    assert fence.path.read_text() == before


async def test_a_fence_that_was_lost_is_made_again_at_the_next_start(
    database: Database, older: Database, fence: Fence
) -> None:
    lines = await fill(database, 5, fence=fence)
    await fill(older, 5)
    await claim(database, 1, 2, fence=fence)
    await void_file(database, RING, PROGRAM, file_of(lines[1:3]), NOON, fence=fence)
    whole = fence.read()
    fence.path.unlink()
    await reconcile(database, fence)
    made = fence.read()
    assert made.void == whole.void
    assert made.spent | made.void == whole.spent | whole.void == made.confirmed
    assert await reconcile(older, fence) == 3


async def test_a_spending_that_failed_is_fenced_and_not_confirmed(
    database: Database, fence: Fence
) -> None:
    lines = await fill(database, 2)
    taken = Spending(fence)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.fetch_one(store.LOCK_COUNTERS, program_id=PROGRAM)
            taken.note(fingerprints(lines[0]))
            raise ZeroDivisionError
    assert fence.read() == Fenced(spent=frozenset(fingerprints(lines[0])))
    assert await reconcile(database, fence) == 0


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_work_that_is_done_again_confirms_only_what_it_took_in_the_end(
    database: Database, fence: Fence
) -> None:
    lines = await fill(database, 2)
    given_up, taken = fingerprints(*lines)
    rest = [taken, given_up]

    async def work(_: Transaction, spending: Spending) -> None:
        spending.note([rest.pop()])
        if rest:
            message = "a deadlock"
            raise GivenUpError(message)

    await spend(database, fence, work)
    assert fence.read() == Fenced(spent=frozenset({given_up, taken}), confirmed=frozenset({taken}))


async def test_attack_35_without_a_writable_fence_no_code_is_given_and_nothing_is_half_done(
    database: Database, tmp_path: Path
) -> None:
    lines = await fill(database, 2)
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(StorageUnavailableError, match=r"STATE_DIR: .* no code is given out"):
        await claim(database, 1, fence=Fence(tmp_path / "var" / "claims-fence"))
    assert await states(database) == dict.fromkeys(lines, "free")
    row = await database.fetch_one(store.SELECT_COUNTERS, program_id=PROGRAM)
    assert row
    assert (row["allocated"], row["next_position"]) == (0, 1)


@pytest.mark.parametrize(
    "torn",
    [
        "",
        "\n\n",
        f"{BATCH} sp",
        f"{BATCH} spent {'a' * 30}",
        f"{BATCH} done",
        "\x00\x00\x00",
        "\udcff\udcfe",
        "nonsense\nspent\n",
        f"{BATCH} spent {'A' * 64}",
    ],
)
def test_a_torn_line_costs_only_itself(fence: Fence, torn: str) -> None:
    fence.append("f" * 16, "spent", ["1" * 64])
    with fence.path.open("ab") as file:
        file.write(torn.encode("utf-8", "surrogateescape"))
    fence.append("e" * 16, "void", ["2" * 64])
    fence.confirm("e" * 16)
    void = frozenset({"2" * 64})
    assert fence.read() == Fenced(frozenset({"1" * 64}), void, void, void)


def test_a_fence_that_is_not_there_knows_nothing(fence: Fence) -> None:
    assert fence.read() == Fenced()
    assert "1" * 64 not in fence.read()


def test_a_fence_is_flushed_and_can_be_used_after_closing(fence: Fence) -> None:
    for number in range(3):
        fence.append(BATCH, "spent", [f"{number}" * 64])
        fence.begin_flush().result()
        fence.close()
    assert len(fence.read().spent) == 3


def run_until_killed(url: str, fence: Fence, moment: str) -> None:
    """Another process claims for person 1 and is killed (-9) at a moment."""
    ended = subprocess.run(
        [sys.executable, "-c", DIES, url, str(fence.path), moment],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize(
    ("moment", "state", "is_fenced"),
    [
        ("before it is fenced", "free", False),
        ("before the commit", "free", True),
        ("after the commit", "spent", True),
    ],
)
async def test_attack_11_and_12_a_kill_leaves_no_code_spent_that_the_fence_does_not_know(
    database: Database, database_url: str, fence: Fence, moment: str, state: str, *, is_fenced: bool
) -> None:
    lines = await fill(database, 2)
    run_until_killed(database_url, fence, moment)
    fence.path.parent.mkdir(exist_ok=True)

    assert (await states(database))[lines[0]] == state
    assert (fingerprints(lines[0])[0] in fence.read()) is is_fenced
    assert await reconcile(database, fence) == 0
    assert await shown(database, 1, fence=fence) == [lines[0]]


async def test_committing_first_would_leave_a_code_that_no_fence_knows(
    database: Database, database_url: str, fence: Fence
) -> None:
    lines = await fill(database, 2)
    run_until_killed(database_url, fence, "the wrong way round")
    assert (await states(database))[lines[0]] == "spent"
    assert fingerprints(lines[0])[0] not in fence.read()
