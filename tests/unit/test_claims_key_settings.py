"""The two settings of claims' keys: both or neither, faults with the way out, never the key."""

import pytest

from bot.errors import SettingsError
from bot.secret_keys import MAKE_ONE
from bot.settings import load_settings, load_what_is_right

ONE, TWO, THREE = (letter * 43 for letter in "BCD")


def fault_of(**values: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(None, **values)
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize(
    "code_keys",
    [f"k1:{ONE}", f"k2:{TWO},k1:{ONE}", f" k2 :{TWO}".replace(" :", ":"), f"2027-01:{ONE}="],
)
def test_a_ring_of_keys_is_taken(code_keys: str) -> None:
    found = load_settings(None, claim_code_keys=code_keys, claim_hash_key=THREE)
    assert found.claim_code_keys is not None
    assert found.claim_code_keys.get_secret_value() == code_keys


def test_the_keys_are_never_shown() -> None:
    found = load_settings(None, claim_code_keys=f"k1:{ONE}", claim_hash_key=TWO)
    told = f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"
    assert ONE not in told
    assert TWO not in told


@pytest.mark.parametrize(
    "code_keys",
    [
        ONE,
        f":{ONE}",
        "k1:",
        f"k1:{ONE[:-4]}",
        f"k1:{ONE},",
        f"k1:{ONE},k1:{TWO}",
        f"K 1:{ONE}",
        f"k1:{ONE}!",
        f"k1:{ONE};k2:{TWO}",
        f"k1:ä{ONE}",
    ],
)
def test_a_wrong_ring_is_explained_without_its_keys(code_keys: str) -> None:
    fault = fault_of(claim_code_keys=code_keys, claim_hash_key=THREE)
    assert fault.startswith("CLAIM_CODE_KEYS: write k1:KEY")
    assert MAKE_ONE in fault
    assert ONE[:20] not in fault


@pytest.mark.parametrize("hash_key", ["x", ONE[:-4], f"{ONE}{TWO}", "+" * 43])
def test_a_wrong_hash_key_is_explained_without_it(hash_key: str) -> None:
    fault = fault_of(claim_code_keys=f"k1:{TWO}", claim_hash_key=hash_key)
    assert fault.startswith("CLAIM_HASH_KEY: must be 32 bytes")
    assert MAKE_ONE in fault
    assert hash_key[:20] not in fault or hash_key == "x"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"claim_code_keys": f"k1:{ONE}"}, "not set, and CLAIM_CODE_KEYS is"),
        ({"claim_hash_key": ONE}, "needs CLAIM_CODE_KEYS beside it"),
        ({"claim_code_keys": f"k1:{ONE}", "claim_hash_key": ONE}, "must be a key of its own"),
    ],
)
def test_both_are_set_or_neither_and_they_differ(values: dict[str, str], words: str) -> None:
    fault = fault_of(**values)
    assert fault.startswith(f"CLAIM_HASH_KEY: {words}")
    assert MAKE_ONE in fault


def test_where_one_is_wrong_neither_is_kept() -> None:
    found, faults, wrong = load_what_is_right(None, claim_code_keys="x", claim_hash_key=ONE)
    assert (found.claim_code_keys, found.claim_hash_key) == (None, None)
    assert wrong == {"claim_code_keys"}
    assert len(faults) == 1
