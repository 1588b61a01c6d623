"""Tokens in addresses: stable, unguessable, silent about the community; and the key's file."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.tokens import FILE_NAME, Tokens
from bot.errors import StorageUnavailableError

GUILD = 1_200_000_000_000_000_007
WRONG = st.text(st.sampled_from("abAB01-_=/ é"), max_size=40) | st.from_regex(
    r"[A-Za-z0-9_-]{32}", fullmatch=True
)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """Tokens with a key of their own."""
    return Tokens(tmp_path_factory.mktemp("state") / FILE_NAME)


@given(guild_id=st.integers(0, 2**63 - 1))
def test_a_token_leads_back_to_its_community_and_is_the_same_each_time(
    tokens: Tokens, guild_id: int
) -> None:
    token = tokens.make(guild_id)
    assert tokens.make(guild_id) == token
    assert tokens.read(token) == guild_id
    assert len(token) == 32
    assert str(guild_id) not in token or guild_id < 10**6


@given(token=WRONG)
def test_what_was_made_up_leads_nowhere(tokens: Tokens, token: str) -> None:
    assert tokens.read(token) is None


def test_a_token_with_one_letter_changed_leads_nowhere(tokens: Tokens) -> None:
    token = tokens.make(GUILD)
    for place in range(32):
        other = "A" if token[place] != "A" else "B"
        assert tokens.read(token[:place] + other + token[place + 1 :]) is None


def test_neighbours_tokens_have_nothing_in_common(tokens: Tokens) -> None:
    one, two = tokens.make(GUILD), tokens.make(GUILD + 1)
    assert sum(a == b for a, b in zip(one, two, strict=True)) < 10


def test_the_key_is_the_owners_alone_and_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "var" / FILE_NAME
    token = Tokens(path).make(GUILD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Tokens(path).read(token) == GUILD
    assert [file.name for file in path.parent.iterdir()] == [FILE_NAME]


def test_another_key_gives_other_tokens_and_knows_none_of_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    token = Tokens(path).make(GUILD)
    path.unlink()
    assert Tokens(path).read(token) is None
    assert Tokens(path).make(GUILD) != token


def test_those_who_make_the_key_at_once_agree_on_one(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Tokens(path).make(GUILD), range(40)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff\xfe", b"g" * 128])
def test_a_file_that_is_no_key_is_told_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(StorageUnavailableError, match=r"^STATE_DIR: .*feed-key"):
        Tokens(path).make(GUILD)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(StorageUnavailableError, match=r"^STATE_DIR: .*Check the folder"):
        Tokens(tmp_path / "var" / FILE_NAME).make(GUILD)
