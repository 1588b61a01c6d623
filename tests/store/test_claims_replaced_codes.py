"""What becomes of a replaced code: in the chain, the reports, the imports and the fence."""

from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.claims.chain import SETTLED_AFTER, close_days, verify
from bot.claims.codes import Imported, import_codes
from bot.claims.fence import Fence
from bot.claims.fencing import reconcile
from bot.claims.replacing import Replacing
from bot.claims.report import make_report
from bot.claims.tables import allocations
from bot.claims.voiding import void_file
from bot.clock import DAY, MovableClock
from bot.errors import StorageUnavailableError
from bot.guilds.audit import AuditLog
from bot.storage import Database, Transaction
from tests.conftest import NOON
from tests.store import pools
from tests.store.claims_desk import MODERATOR, OTHER_MODERATOR

REASON = "The partner's page says that it was used."


@pytest.fixture
def fence(tmp_path: Path) -> Fence:
    """A fence file of the test's own."""
    return Fence(tmp_path / "var" / "claims-fence")


async def replace(
    database: Database, clock: MovableClock, claim_id: int, fence: Fence | None = None
) -> None:
    """Two moderators replace a code."""
    replacing = Replacing(database, AuditLog(database, clock), clock, fence)
    request = await replacing.open_request(claim_id)
    if request is None:
        request = await replacing.ask(pools.GUILD, MODERATOR, claim_id, REASON)
    await replacing.confirm(pools.GUILD, OTHER_MODERATOR, claim_id, request.asked_at)


async def test_the_chain_stays_sound_over_a_replacement_on_a_later_day(
    database: Database, clock: MovableClock
) -> None:
    await pools.fill(database, 10)
    first, _ = await pools.claim(database, 1, 2)
    await close_days(database, NOON + DAY + SETTLED_AFTER)
    clock.move_to(NOON + 2 * DAY)
    await replace(database, clock, first.claim_id)
    verified = await verify(database, pools.PROGRAM)
    assert verified.is_sound
    assert verified.uncovered == 1
    await close_days(database, NOON + 4 * DAY)
    verified = await verify(database, pools.PROGRAM)
    assert verified.is_sound
    assert [day.count for day in verified.days] == [2, 1]


async def test_a_report_counts_the_person_once(database: Database, clock: MovableClock) -> None:
    await pools.fill(database, 30)
    first, *_ = await pools.claim(database, *range(12))
    clock.move_to(NOON + 9 * DAY)
    await replace(database, clock, first.claim_id)
    report = await make_report(database, pools.PROGRAM)
    assert (report.weeks, report.shown.total) == (("2027-W10",), 12)


async def test_the_old_code_is_known_when_it_is_imported_again(
    database: Database, clock: MovableClock, fence: Fence
) -> None:
    lines = await pools.fill(database, 3, fence=fence)
    (taken,) = await pools.claim(database, 1, fence=fence)
    await replace(database, clock, taken.claim_id, fence)
    content = pools.file_of(lines)
    imported = await import_codes(database, pools.RING, pools.PROGRAM, content, NOON, fence=fence)
    assert imported == Imported(0, known=(1, 2, 3))
    assert list((await pools.states(database)).values()) == ["void", "spent", "free"]


async def test_a_code_that_the_operator_voided_is_replaced_all_the_same(
    database: Database, clock: MovableClock, fence: Fence
) -> None:
    lines = await pools.fill(database, 3, fence=fence)
    (taken,) = await pools.claim(database, 1, fence=fence)
    content = pools.file_of(lines[:1])
    voided = await void_file(database, pools.RING, pools.PROGRAM, content, NOON, fence=fence)
    assert voided.held == 1
    await replace(database, clock, taken.claim_id, fence)
    assert await pools.reveal(database, taken.claim_id) == lines[1]
    again = await void_file(database, pools.RING, pools.PROGRAM, content, NOON, fence=fence)
    assert (again.already, again.held) == (1, 0)


async def test_both_codes_stand_in_the_fence_and_are_confirmed(
    database: Database, clock: MovableClock, fence: Fence
) -> None:
    lines = await pools.fill(database, 3, fence=fence)
    (taken,) = await pools.claim(database, 1, fence=fence)
    await replace(database, clock, taken.claim_id, fence)
    old, new = (pools.RING.fingerprint(line) for line in lines[:2])
    fenced = fence.read()
    assert fenced.void == {old}
    assert fenced.spent == fenced.confirmed == {old, new}
    assert await reconcile(database, fence) == 0


async def test_when_the_fence_cannot_be_written_nothing_is_replaced(
    database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    await pools.fill(database, 3)
    (taken,) = await pools.claim(database, 1)
    before = await pools.fetch_table(database, allocations)
    (tmp_path / "full").write_text("")
    with pytest.raises(StorageUnavailableError):
        await replace(database, clock, taken.claim_id, Fence(tmp_path / "full" / "fence"))
    assert await pools.fetch_table(database, allocations) == before
    assert list((await pools.states(database)).values()) == ["spent", "free", "free"]


async def test_a_replacement_that_was_never_committed_makes_no_start_take_it_for_an_older_day(
    database: Database, clock: MovableClock, fence: Fence, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = await pools.fill(database, 3, fence=fence)
    (taken,) = await pools.claim(database, 1, fence=fence)
    replacing = Replacing(database, AuditLog(database, clock), clock, fence)
    asked = await replacing.ask(pools.GUILD, MODERATOR, taken.claim_id, REASON)
    commit = database.run

    async def die(work: Callable[[Transaction], Coroutine[Any, Any, object]]) -> object:
        async def work_in_vain(tx: Transaction) -> object:
            await work(tx)
            raise KeyError("the process dies before the commit")

        return await commit(work_in_vain)

    with monkeypatch.context() as patched, pytest.raises(KeyError):
        patched.setattr(database, "run", die)
        await replacing.confirm(pools.GUILD, OTHER_MODERATOR, taken.claim_id, asked.asked_at)
    assert fence.read().spent == set(map(pools.RING.fingerprint, lines[:2]))
    assert await reconcile(database, fence) == 0
    assert list((await pools.states(database)).values()) == ["spent", "free", "free"]
    assert await pools.reveal(database, taken.claim_id) == lines[0]


async def test_a_void_that_the_fence_lost_is_added_at_the_next_start(
    database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    class Full(Fence):
        def append(self, batch: str, kind: str, fingerprints: Iterable[str]) -> None:
            if kind == "void":
                raise StorageUnavailableError("no space is left")
            super().append(batch, kind, fingerprints)

    fence, full = (kind(tmp_path / "claims-fence") for kind in (Fence, Full))
    lines = await pools.fill(database, 3, fence=fence)
    (taken,) = await pools.claim(database, 1, fence=fence)
    await replace(database, clock, taken.claim_id, full)
    assert fence.read().void == frozenset()
    assert await reconcile(database, fence) == 0
    assert fence.read().void == {pools.RING.fingerprint(lines[0])}
