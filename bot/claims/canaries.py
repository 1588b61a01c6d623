"""The check at the start: these keys must be the ones that the database was written with.

For each key a known word stands in the database, encrypted with it (for the hash key: hashed).
A wrong code key would break every code that is shown; a wrong hash key would recognise nobody,
and give everybody a second code.
"""

from collections.abc import Iterator

from bot.claims import pool_store
from bot.claims.keys import CANARY, KeyRing, UnreadableCodeError
from bot.errors import SettingsError
from bot.storage import Database, Row, Transaction

HASH_KEY = "CLAIM_HASH_KEY"
"""The canary of the hash key stands under its setting's name, which no code key can have."""

ANOTHER_HASH_KEY = (
    "CLAIM_HASH_KEY: is not the key that this database was written with, and with another one "
    "nobody would be recognised. Put the old one back."
)


async def check_keys(database: Database, ring: KeyRing) -> None:
    """Hold the ring against the database, and leave canaries for the keys that are new.

    Raises :class:`SettingsError` with a sentence for each key that is missing or another one;
    then nothing was written.
    """
    async with database.transaction() as tx:
        samples = {row["key_id"]: row for row in await tx.fetch_all(pool_store.SELECT_SAMPLES)}
        before = await _fetch_canaries(tx)
        for key_id, secret in _make_canaries(ring):
            await tx.execute(pool_store.INSERT_CANARY, key_id=key_id, secret=secret)
        # Read again: another process may have written its own in between.
        canaries = await _fetch_canaries(tx)
        faults = [*_find_missing(ring, samples), *_find_others(ring, samples, before, canaries)]
        if faults:
            raise SettingsError(faults)


async def drop_idle_canaries(tx: Transaction, ring: KeyRing) -> None:
    """Forget the keys that no code is kept with and that are not in the ring's first place."""
    kept = f'["{ring.newest}", "{HASH_KEY}"]'
    await tx.execute(pool_store.DELETE_IDLE_CANARIES, kept_key_ids=kept)


async def _fetch_canaries(tx: Transaction) -> dict[str, str]:
    rows = await tx.fetch_all(pool_store.SELECT_CANARIES)
    return {row["key_id"]: row["secret"] for row in rows}


def _make_canaries(ring: KeyRing) -> Iterator[tuple[str, str]]:
    yield HASH_KEY, ring.canary()
    for key_id in ring.code_keys:
        yield ring.encrypt("", key_id, CANARY, key_id)


def _find_missing(ring: KeyRing, samples: dict[str, Row]) -> Iterator[str]:
    for key_id in sorted(samples.keys() - ring.code_keys.keys()):
        yield (
            f"CLAIM_CODE_KEYS: the key {key_id!r} is missing, with which codes are kept. "
            "Put it back, after the newest one."
        )


def _find_others(
    ring: KeyRing, samples: dict[str, Row], before: dict[str, str], canaries: dict[str, str]
) -> Iterator[str]:
    for key_id in ring.code_keys:
        opens = _opens(ring, "", key_id, key_id, canaries[key_id])
        if opens and key_id in samples and key_id not in before:
            sample = samples[key_id]
            opens = _opens(
                ring, sample["program_id"], sample["fingerprint"], key_id, sample["secret"]
            )
        if not opens:
            yield (
                f"CLAIM_CODE_KEYS: {key_id!r} is not the key that this database knows under that "
                "name. Put the old one back, and give a new key a new name."
            )
    if canaries[HASH_KEY] != ring.canary() or (HASH_KEY not in before and _misses(ring, samples)):
        yield ANOTHER_HASH_KEY


def _opens(ring: KeyRing, program_id: str, fingerprint: str, key_id: str, secret: str) -> bool:
    try:
        ring.decrypt(program_id, fingerprint, key_id, secret)
    except UnreadableCodeError:
        return False
    return True


def _misses(ring: KeyRing, samples: dict[str, Row]) -> bool:
    """Whether a code that opens has another fingerprint than this hash key gives it."""
    for key_id, row in samples.items():
        try:
            code = ring.decrypt(row["program_id"], row["fingerprint"], key_id, row["secret"])
        except UnreadableCodeError:
            continue
        return bool(ring.fingerprint(code) != row["fingerprint"])
    return False
