"""The check at the start: wrong, missing and rotated keys are named before anybody is served."""

import asyncio

import pytest
from sqlalchemy import select

from bot.claims.canaries import check_keys
from bot.claims.keys import KeyRing
from bot.claims.tables import key_canaries
from bot.errors import SettingsError
from bot.storage import Database
from tests.store.pools import PROGRAM, RING, claim, fill
from tests.store.postgres import run_statement

ONE, TWO, HASH, WRONG = (letter * 32 for letter in (b"1", b"2", b"h", b"x"))


async def faults_of(database: Database, ring: KeyRing) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        await check_keys(database, ring)
    return caught.value.faults


async def canaries(database: Database) -> dict[str, str]:
    rows = await database.fetch_all(select(key_canaries))
    return {row["key_id"]: row["secret"] for row in rows}


async def test_the_first_start_leaves_canaries_and_the_next_ones_find_them(
    database: Database,
) -> None:
    await check_keys(database, RING)
    kept = await canaries(database)
    assert kept.keys() == {"k1", "CLAIM_HASH_KEY"}
    await check_keys(database, RING)
    assert await canaries(database) == kept


async def test_a_new_key_in_front_is_taken_beside_the_old_one(database: Database) -> None:
    await check_keys(database, RING)
    await check_keys(database, KeyRing({"k2": TWO, "k1": ONE}, HASH))
    assert (await canaries(database)).keys() == {"k1", "k2", "CLAIM_HASH_KEY"}


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        (KeyRing({"k1": WRONG}, HASH), ["CLAIM_CODE_KEYS: 'k1' is not the key"]),
        (KeyRing({"k1": ONE}, WRONG), ["CLAIM_HASH_KEY: is not the key"]),
        (KeyRing({"k2": TWO}, HASH), ["CLAIM_CODE_KEYS: the key 'k1' is missing"]),
        (
            KeyRing({"k2": ONE}, WRONG),
            ["CLAIM_CODE_KEYS: the key 'k1' is missing", "CLAIM_HASH_KEY: is not the key"],
        ),
    ],
)
@pytest.mark.parametrize("has_canaries", [True, False])
async def test_attack_29_a_wrong_or_missing_key_is_named_and_nothing_is_written(
    database: Database, ring: KeyRing, words: list[str], *, has_canaries: bool
) -> None:
    await fill(database, 2)
    if has_canaries:
        await check_keys(database, RING)
    kept = await canaries(database)
    faults = await faults_of(database, ring)
    if not has_canaries and "k1" not in ring.code_keys:
        words = words[:1]  # without a key that opens a code, the hash key can't be tried
    assert len(faults) == len(words)
    assert all(fault.startswith(word) for fault, word in zip(faults, words, strict=True))
    assert await canaries(database) == kept


async def test_attack_29_a_wrong_key_is_found_although_no_code_is_there_yet(
    database: Database,
) -> None:
    await check_keys(database, RING)
    assert len(await faults_of(database, KeyRing({"k1": WRONG}, WRONG))) == 2


async def test_attack_30_a_canary_that_was_exchanged_is_found(
    database: Database, database_url: str
) -> None:
    await check_keys(database, KeyRing({"k2": TWO, "k1": ONE}, HASH))
    kept = await canaries(database)
    await run_statement(
        database_url, f"UPDATE key_canaries SET secret = '{kept['k1']}' WHERE key_id = 'k2'"
    )
    (fault,) = await faults_of(database, KeyRing({"k2": TWO, "k1": ONE}, HASH))
    assert "'k2'" in fault


async def test_a_key_that_keeps_nothing_may_be_taken_away(database: Database) -> None:
    await check_keys(database, KeyRing({"k2": TWO, "k1": ONE}, HASH))
    await check_keys(database, RING)
    await fill(database, 1)
    await check_keys(database, RING)


async def test_two_first_starts_at_once_agree_on_one_ring(
    database: Database, other: Database
) -> None:
    rings = [RING, KeyRing({"k1": WRONG}, WRONG)]
    done = await asyncio.gather(
        *(check_keys(db, ring) for db, ring in zip((database, other), rings, strict=True)),
        return_exceptions=True,
    )
    winner = rings[done.index(None)]
    assert sum(found is None for found in done) == 1
    await check_keys(database, winner)


async def test_the_keys_fit_while_codes_are_claimed(database: Database) -> None:
    await fill(database, 5)
    await claim(database, 1, 2)
    await check_keys(database, RING)
    assert (await canaries(database)).keys() == {"k1", "CLAIM_HASH_KEY"}
    assert PROGRAM not in str(await canaries(database))
