"""Keys of claims: codes come back only with their key and in their own row; hashes hide people."""

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.keys import (
    KeyRing,
    UnreadableCodeError,
    make_pepper,
    read_keys,
    require_ring,
    ring_of,
)
from bot.errors import SettingsError
from bot.secret_keys import MAKE_ONE
from bot.settings import load_settings

CODE = "CALM-SECRET-CODE"
RING = KeyRing({"k2": b"2" * 32, "k1": b"1" * 32}, b"h" * 32)
PROGRAMS = st.from_regex(r"[a-z0-9]{1,10}", fullmatch=True)


def make_key() -> str:
    return secrets.token_urlsafe(32)


def seal(ring: KeyRing = RING, code: str = CODE, program_id: str = "calm") -> tuple[str, str, str]:
    fingerprint = ring.fingerprint(code)
    return fingerprint, *ring.encrypt(program_id, fingerprint, code)


@given(code=st.text(max_size=200), program_id=PROGRAMS)
def test_any_code_comes_back_exactly(code: str, program_id: str) -> None:
    assert RING.decrypt(program_id, *seal(RING, code, program_id)) == code


@given(code=st.text(min_size=4, max_size=200))
def test_one_code_is_never_encrypted_the_same_twice(code: str) -> None:
    one, two = seal(code=code), seal(code=code)
    assert one[0] == two[0]
    assert one[2] != two[2]


def test_new_codes_are_kept_with_the_newest_key_and_older_ones_still_open() -> None:
    older = KeyRing({"k1": b"1" * 32}, b"h" * 32)
    assert seal()[1] == "k2"
    assert RING.decrypt("calm", *seal(older)) == CODE


@given(code=st.text(min_size=1, max_size=50), other=st.text(min_size=1, max_size=50))
def test_attack_30_a_ciphertext_in_another_row_is_refused(code: str, other: str) -> None:
    fingerprint, key_id, secret = seal(code=code)
    if RING.fingerprint(other) != fingerprint:
        with pytest.raises(UnreadableCodeError):
            RING.decrypt("calm", RING.fingerprint(other), key_id, secret)


def test_attack_30_a_ciphertext_in_another_program_is_refused() -> None:
    with pytest.raises(UnreadableCodeError):
        RING.decrypt("storm", *seal())


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        (KeyRing({"k2": b"x" * 32}, b"h" * 32), "does not open with the key 'k2'"),
        (KeyRing({"k3": b"2" * 32}, b"h" * 32), "CLAIM_CODE_KEYS: the key 'k2' is missing"),
    ],
)
def test_attack_29_another_key_opens_nothing_and_is_named_without_the_code(
    ring: KeyRing, words: str
) -> None:
    sealed = seal()
    with pytest.raises(UnreadableCodeError, match=words) as caught:
        ring.decrypt("calm", *sealed)
    assert CODE not in str(caught.value)
    assert sealed[0] not in str(caught.value)


@given(place=st.integers(0, 43), bit=st.integers(0, 7))
def test_a_changed_bit_is_refused(place: int, bit: int) -> None:
    fingerprint, key_id, secret = seal()
    raw = bytearray(base64.b64decode(secret))
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises(UnreadableCodeError):
        RING.decrypt("calm", fingerprint, key_id, base64.b64encode(bytes(raw)).decode())


@pytest.mark.parametrize("secret", ["", "?", "AAAA", "ÄÖ"])
def test_what_is_no_ciphertext_is_refused(secret: str) -> None:
    with pytest.raises(UnreadableCodeError):
        RING.decrypt("calm", RING.fingerprint(CODE), "k2", secret)


@pytest.mark.parametrize(
    "twin",
    [f" {CODE}\n", f"\ufeff{CODE}", "CALM\u200b-SECRET\u00ad-CODE", "\uff23ALM-SECRET-CODE"],
)
def test_attack_23_a_code_that_looks_the_same_has_the_same_fingerprint(twin: str) -> None:
    assert RING.fingerprint(twin) == RING.fingerprint(CODE)


def test_upper_and_lower_case_are_different_codes() -> None:
    assert RING.fingerprint(CODE) != RING.fingerprint(CODE.lower())


@given(one=st.integers(0, 2**63), two=st.integers(0, 2**63))
def test_a_person_is_the_same_in_one_program_and_nobody_in_another(one: int, two: int) -> None:
    pepper, other = make_pepper(), make_pepper()
    assert RING.subject(pepper, one) == RING.subject(pepper, one)
    assert RING.subject(pepper, one) != RING.subject(other, one)
    assert (RING.subject(pepper, one) == RING.subject(pepper, two)) == (one == two)


def test_a_ring_shows_no_key_of_itself() -> None:
    told = f"{RING!r} {RING}"
    assert "2222" not in told
    assert "hhhh" not in told


def test_a_ring_is_read_from_its_settings() -> None:
    code_keys = f"k2:{make_key()}, k1:{make_key()}"
    ring = ring_of(load_settings(None, claim_code_keys=code_keys, claim_hash_key=make_key()))
    assert ring is not None
    assert list(ring.code_keys) == ["k2", "k1"]
    assert ring.newest == "k2"


def test_without_keys_there_is_no_ring_and_whoever_needs_one_is_told_how_to_make_it() -> None:
    assert ring_of(load_settings(None)) is None
    with pytest.raises(SettingsError) as caught:
        require_ring(load_settings(None))
    (sentence,) = caught.value.faults
    assert "CLAIM_CODE_KEYS and CLAIM_HASH_KEY: not set" in sentence
    assert MAKE_ONE in sentence


@pytest.mark.parametrize(
    ("code_keys", "hash_key", "names"),
    [
        (None, "A" * 43, ["CLAIM_CODE_KEYS"]),
        (f"k1:{'A' * 43}", None, ["CLAIM_HASH_KEY"]),
        ("k1:short", "short", ["CLAIM_CODE_KEYS", "CLAIM_HASH_KEY"]),
    ],
)
def test_every_key_at_fault_is_named(
    code_keys: str | None, hash_key: str | None, names: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_keys(code_keys, hash_key)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == names
