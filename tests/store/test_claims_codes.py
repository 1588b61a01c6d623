"""The pool: codes come in all or nothing, go void for good, and change their key in place."""

import asyncio
import json
import secrets
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.claims import codes as pool
from bot.claims.calling_back import find_called_back
from bot.claims.canaries import check_keys
from bot.claims.codes import Imported, fetch_stocks, import_codes, reencrypt
from bot.claims.fence import Fence
from bot.claims.keys import KeyRing, UnreadableCodeError
from bot.claims.programs import apply_program
from bot.claims.tables import claim_decisions, claims, codes, key_canaries
from bot.claims.voiding import VOIDED, Voided, void_ending, void_file
from bot.errors import RefusalError
from bot.storage import Database
from bot.storage.backup import back_up
from tests.conftest import NOON
from tests.store.pools import (
    PROGRAM,
    RING,
    bytes_of,
    claim,
    fetch_table,
    file_of,
    fill,
    make_codes,
    make_program,
    reveal,
    states,
    tamper,
)
from tests.store.postgres import run_statement

NEXT = KeyRing({"k2": b"2" * 32, "k1": b"1" * 32}, b"h" * 32)
LATEST = KeyRing({"k2": b"2" * 32}, b"h" * 32)
CANARY = "CALM-CANARY-73c1"


@pytest.fixture
def fence(tmp_path: Path) -> Fence:
    """A fence file of the test's own."""
    return Fence(tmp_path / "var" / "claims-fence")


async def take(database: Database, *lines: str, dry: bool = False) -> Imported:
    return await import_codes(database, RING, PROGRAM, file_of(lines), NOON, is_dry_run=dry)


async def count_codes(database: Database) -> int:
    row = await database.fetch_one(select(func.count().label("n")).select_from(codes))
    return int(row["n"]) if row else 0


async def test_codes_are_added_encrypted_and_counted(database: Database) -> None:
    lines = await fill(database, 3)
    assert await states(database) == dict.fromkeys(lines, "free")
    rows = await fetch_table(database, codes)
    assert {row["key_id"] for row in rows} == {"k1"}
    assert not any(line in str(row) for row in rows for line in lines)


async def test_a_dry_run_says_the_same_and_changes_nothing(database: Database) -> None:
    await fill(database, 3)
    lines = make_codes(5)
    assert await take(database, *lines, dry=True) == Imported(2, known=(1, 2, 3))
    assert await count_codes(database) == 3
    assert await take(database, *lines) == Imported(2, known=(1, 2, 3))


async def test_duplicates_in_the_file_and_twins_of_other_spelling_are_known(
    database: Database,
) -> None:
    await apply_program(database, make_program(code_pattern=".{4,}"), NOON)
    assert await take(database, "CALM-1", "", "CALM-2", " CALM-1", "CA\u200bLM-2") == Imported(
        2, known=(4, 5)
    )
    assert set(await states(database)) == {"CALM-1", "CALM-2"}


@pytest.mark.parametrize(
    "bad", ["CALM 0009", "CALM\u200b-0009", "\u0421\u0410LM-0009", "C" * 201, "x"]
)
async def test_attack_23_one_malformed_line_and_nothing_is_added(
    database: Database, bad: str
) -> None:
    await fill(database, 1)
    assert await take(database, "CALM-0008", bad, "CALM-0010", bad) == Imported(0, malformed=(2, 4))
    assert await count_codes(database) == 1


@pytest.mark.parametrize("dry", [True, False])
async def test_a_heading_of_another_name_is_not_taken_for_a_code(
    database: Database, *, dry: bool
) -> None:
    await fill(database, 1)
    with pytest.raises(RefusalError, match=r"line 1 .* heading") as refused:
        await take(database, "Voucher", "CALM-0008", "CALM-0009", dry=dry)
    assert "Voucher" not in str(refused.value)
    assert await count_codes(database) == 1


async def test_a_code_without_a_digit_is_taken_below_a_heading(database: Database) -> None:
    await fill(database, 1)
    assert await take(database, "code", "CALM-EIGHT", "CALM-0009") == Imported(2)


async def test_attack_18_spent_and_void_codes_are_never_taken_back(database: Database) -> None:
    lines = await fill(database, 3)
    await claim(database, 1)
    await void_file(database, RING, PROGRAM, file_of([lines[1]]), NOON)
    before = await states(database)
    assert await take(database, *lines) == Imported(0, known=(1, 2, 3))
    assert await states(database) == before
    assert list(before.values()) == ["spent", "void", "free"]


async def test_attack_18_a_code_of_one_program_is_not_taken_into_another(
    database: Database,
) -> None:
    lines = await fill(database, 2)
    await apply_program(database, make_program(id="storm"), NOON)
    taken = await import_codes(database, RING, "storm", file_of(lines), NOON)
    assert taken == Imported(0, known=(1, 2))


async def test_attack_18_what_the_fence_knows_is_not_taken_into_an_empty_table(
    database: Database, other: Database, fence: Fence
) -> None:
    lines = await fill(database, 3)
    fence.append("0" * 16, "spent", [RING.fingerprint(lines[0])])
    more = [*make_codes(2, first=50)]
    fence.append("0" * 16, "void", [RING.fingerprint(more[1])])
    taken = await import_codes(other, RING, PROGRAM, file_of(more), NOON, fence=fence)
    assert taken == Imported(1, known=(2,))


async def test_two_imports_at_once_add_each_code_once(database: Database, other: Database) -> None:
    await apply_program(database, make_program(), NOON)
    lines = make_codes(300)
    taken = await asyncio.gather(
        *(import_codes(db, RING, PROGRAM, file_of(lines), NOON) for db in (database, other))
    )
    assert sorted(found.added for found in taken) == [0, 300]
    assert await count_codes(database) == 300


async def test_an_import_that_fails_in_the_middle_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_program(database, make_program(), NOON)
    monkeypatch.setattr(pool, "CHUNK", 10)

    def stop(done: int, total: int) -> None:
        if done > total // 2 + 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_codes(database, RING, PROGRAM, file_of(make_codes(100)), NOON, progress=stop)
    assert await count_codes(database) == 0


async def test_progress_never_goes_back_and_ends_at_the_end(database: Database) -> None:
    await apply_program(database, make_program(), NOON)
    told: list[tuple[int, int]] = []
    await import_codes(
        database,
        RING,
        PROGRAM,
        file_of(make_codes(5000)),
        NOON,
        progress=lambda done, total: told.append((done, total)),
    )
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1


async def test_a_program_that_is_not_there_takes_nothing(database: Database) -> None:
    with pytest.raises(RefusalError, match="There is no program 'calm' here"):
        await take(database, "CALM-0001")


async def test_the_stock_counts_codes_by_state_beside_the_counters(database: Database) -> None:
    lines = await fill(database, 10, cap=8)
    await claim(database, 1, 2, 3)
    await void_file(database, RING, PROGRAM, file_of(lines[-1:]), NOON)
    (stock,) = await fetch_stocks(database)
    assert (stock.free, stock.spent, stock.void, stock.key_ids) == (6, 3, 1, ("k1",))
    assert (stock.left, stock.full) == (5, 8)


async def test_a_code_is_voided_by_the_end_of_its_fingerprint_and_never_given_out(
    database: Database,
) -> None:
    lines = await fill(database, 2)
    ending = RING.fingerprint(lines[0])[-8:]
    assert await void_ending(database, PROGRAM, f"…{ending.upper()}", NOON) == Voided(1)
    assert await void_ending(database, PROGRAM, ending, NOON) == Voided(0, already=1)
    (taken,) = await claim(database, 1)
    assert await reveal(database, taken.claim_id) == lines[1]


@pytest.mark.parametrize("ending", ["", "abc", "%%%%", "____", "' OR 1=1 --", "xyz1"])
async def test_attack_21_what_is_no_end_of_a_fingerprint_voids_nothing(
    database: Database, ending: str
) -> None:
    lines = await fill(database, 2)
    with pytest.raises(RefusalError, match="at least four characters"):
        await void_ending(database, PROGRAM, ending, NOON)
    assert await states(database) == dict.fromkeys(lines, "free")


async def test_an_end_that_fits_none_or_several_voids_nothing(
    database: Database, database_url: str
) -> None:
    await fill(database, 2)
    with pytest.raises(RefusalError, match="no codes have a fingerprint that ends in"):
        await void_ending(database, PROGRAM, "0" * 64, NOON)
    await tamper(database_url, "DELETE FROM codes")
    for fingerprint in ("1" * 64, "2" + "1" * 63):
        await run_statement(
            database_url,
            "INSERT INTO codes (program_id, fingerprint, key_id, secret, state, imported_at) "
            f"VALUES ('calm', '{fingerprint}', 'k1', 'x', 'free', 0)",
        )
    with pytest.raises(RefusalError, match=r"2 codes have .* Give more of it"):
        await void_ending(database, PROGRAM, "1111", NOON)
    rows = await database.fetch_all(select(codes.c.state))
    assert [row["state"] for row in rows] == ["free", "free"]


async def test_voiding_a_file_counts_what_is_held_was_void_and_is_unknown(
    database: Database,
) -> None:
    lines = await fill(database, 4)
    (taken,) = await claim(database, 1)
    await void_file(database, RING, PROGRAM, file_of([lines[3]]), NOON)
    found = await void_file(
        database, RING, PROGRAM, file_of([lines[0], lines[2], lines[3], "OTHER-1"]), NOON + 1
    )
    assert found == Voided(2, held=1, already=1, unknown=1)
    assert list((await states(database)).values()) == ["void", "free", "void", "void"]
    row = await database.fetch_one(select(claims).where(claims.c.id == taken.claim_id))
    decision = await database.fetch_one(select(claim_decisions))
    assert row
    assert decision
    assert (row["state"], row["version"]) == ("allocated", 2)
    assert [decision[name] for name in ("claim_id", "version", "action", "decider_id")] == [
        taken.claim_id,
        1,
        VOIDED,
        None,
    ]
    assert decision["decided_at"] == NOON + 1


async def test_voiding_a_file_counts_each_line_without_a_code(database: Database) -> None:
    line, _ = await fill(database, 2)
    content = file_of(["code,day", *(f",{day}" for day in range(50)), f"{line},50", f"{line},51"])
    assert await void_file(database, RING, PROGRAM, content, NOON) == Voided(1, unknown=50)


async def test_every_line_of_a_code_that_was_called_back_is_named(database: Database) -> None:
    first, second = await fill(database, 2)
    await void_file(database, RING, PROGRAM, file_of([first]), NOON)
    content = file_of([first, second, first.lower(), second, first])
    assert await find_called_back(database, RING, PROGRAM, content) == [1, 5]


async def test_every_code_gets_the_newest_key_and_the_old_one_is_not_needed_any_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESEALED_AT_ONCE", 7)
    lines = await fill(database, 20)
    await claim(database, 1, 2, 3)
    await check_keys(database, RING)
    told: list[tuple[int, int]] = []

    changed = await reencrypt(database, NEXT, lambda done, total: told.append((done, total)))

    assert changed == 20
    assert told[-1] == (20, 20)
    await check_keys(database, LATEST)
    rows = await database.fetch_all(select(codes).order_by(codes.c.id))
    opened = [
        LATEST.decrypt(PROGRAM, row["fingerprint"], row["key_id"], row["secret"]) for row in rows
    ]
    assert opened == lines
    assert [row["state"] for row in rows] == ["spent"] * 3 + ["free"] * 17
    kept = await database.fetch_all(select(key_canaries.c.key_id))
    assert {row["key_id"] for row in kept} == {"k2", "CLAIM_HASH_KEY"}
    assert await reencrypt(database, NEXT) == 0


async def test_attack_30_swapped_rows_stop_the_encryption_and_name_no_code(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESEALED_AT_ONCE", 2)
    lines = await fill(database, 4)
    rows = await database.fetch_all(select(codes).order_by(codes.c.id))
    await run_statement(
        database_url,
        f"UPDATE codes SET secret = '{rows[3]['secret']}' WHERE id = {rows[2]['id']}",
    )
    with pytest.raises(UnreadableCodeError, match="or the row was changed") as caught:
        await reencrypt(database, NEXT)
    assert not any(line in str(caught.value) for line in lines)
    kept = await database.fetch_all(select(codes.c.key_id).order_by(codes.c.id))
    assert [row["key_id"] for row in kept] == ["k2", "k2", "k1", "k1"]


async def test_claims_go_on_while_codes_are_encrypted_anew(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESEALED_AT_ONCE", 5)
    lines = await fill(database, 60)
    _, *taken = await asyncio.gather(
        reencrypt(other, NEXT), *(claim(database, person) for person in range(40))
    )
    rows = await database.fetch_all(select(codes).order_by(codes.c.id))
    opened = [
        NEXT.decrypt(PROGRAM, row["fingerprint"], row["key_id"], row["secret"]) for row in rows
    ]
    assert opened == lines
    assert {row["key_id"] for row in rows} == {"k2"}
    assert sum(row["state"] == "spent" for row in rows) == len(taken) == 40


async def test_attack_34_a_code_stands_in_no_page_log_backup_or_fence(
    database: Database,
    database_url: str,
    tmp_path: Path,
    fence: Fence,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await apply_program(database, make_program(), NOON)
    content = file_of([CANARY, "CALM-OTHER-1"])
    await import_codes(database, RING, PROGRAM, content, NOON, fence=fence)
    await claim(database, 1, fence=fence)
    await void_file(database, RING, PROGRAM, content, NOON, fence=fence)
    await reencrypt(database, NEXT)
    for bad in (b"\xff", b"\0", b" bad code", b'"'):
        with pytest.raises(RefusalError):
            found = await import_codes(
                database, RING, PROGRAM, CANARY.encode() + b"\n" + bad, NOON, fence=fence
            )
            raise RefusalError(str(found))
    if database_url.startswith("sqlite"):
        back_up(database_url, tmp_path / "backups", NOON)
    everything = bytes_of(tmp_path)
    rows = await fetch_table(database, codes)
    assert CANARY.encode() not in everything
    assert CANARY not in json.dumps(rows) + caplog.text


async def test_twenty_thousand_codes_are_taken_in_one_import(database: Database) -> None:
    await apply_program(database, make_program(given=20_000, cap=20_000), NOON)
    lines = [f"CALM-{secrets.token_hex(6)}" for _ in range(20_000)]
    assert (await take(database, *lines)).added == len(set(lines))
    assert await count_codes(database) == len(set(lines))
