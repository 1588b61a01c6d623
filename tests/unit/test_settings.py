"""Settings: every fault at once, each with its name, and never a secret in the words."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, load_what_is_right

SECRET = "correct-horse-battery"
NAMES = [name.upper() for name in Settings.model_fields]
ON_FILES = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """Where the test's ``.env`` is."""
    return tmp_path / ".env"


def faults_of(env_file: Path | None, **overrides: object) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file, **overrides)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_without_any_setting_everything_has_a_default(env_file: Path) -> None:
    found = load_settings(env_file)
    assert found == load_settings(None)
    assert found.discord_token is None
    assert found.database_url == "sqlite:///var/breather.db"


def test_the_file_is_read_and_the_environment_wins(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file.write_text("LOG_LEVEL=ERROR\nexport OPERATOR_NAME='Our team'  # we\n\nOTHER=1\n")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    found = load_settings(env_file)
    assert (found.log_level, found.operator_name) == ("DEBUG", "Our team")


@pytest.mark.parametrize("content", ["\ufeffLOG_LEVEL=ERROR", "LOG_LEVEL=ERROR\r\nX=1\r\n"])
def test_a_file_saved_on_windows_is_read_too(env_file: Path, content: str) -> None:
    env_file.write_bytes(content.encode())
    assert load_settings(env_file).log_level == "ERROR"


def test_an_empty_value_means_the_default(env_file: Path) -> None:
    env_file.write_text("".join(f"{name}=\n" for name in NAMES))
    assert load_settings(env_file) == load_settings(None)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(None).log_level = "DEBUG"  # type: ignore[misc]


def test_the_token_is_never_shown(env_file: Path) -> None:
    env_file.write_text(f"DISCORD_TOKEN={SECRET}")
    found = load_settings(env_file)
    assert found.discord_token is not None
    assert found.discord_token.get_secret_value() == SECRET
    assert SECRET not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"


def test_every_fault_is_told_at_once_with_its_name_and_what_to_do(env_file: Path) -> None:
    env_file.write_text(
        "LOG_LEVEL=LOUD\nthis is not a setting\nHEALTH_PORT=70000\n"
        "DATABASE_URL=mysql://a:b@c/d\nSHARD_COUNT=2\n= 5\n"
    )
    faults = faults_of(env_file)
    starts = [fault.partition(":")[0] for fault in faults]
    assert starts == [
        f"{env_file}, line 2",
        f"{env_file}, line 6",
        "DATABASE_URL",
        "LOG_LEVEL",
        "HEALTH_PORT",
        "SHARD_COUNT",
    ]
    assert all("Correct" in fault for fault in faults)


def test_what_is_right_is_kept_beside_the_faults(env_file: Path) -> None:
    env_file.write_text("LOG_LEVEL=LOUD\nOPERATOR_NAME=Us\nSHARD_ID=x\nSHARD_COUNT=2\n")
    found, faults, wrong = load_what_is_right(env_file)
    assert (found.operator_name, found.log_level) == ("Us", "INFO")
    assert (found.shard_id, found.shard_count) == (None, None)
    assert [fault.partition(":")[0] for fault in faults] == ["LOG_LEVEL", "SHARD_ID"]
    assert wrong == {"log_level", "shard_id"}


def test_a_file_that_is_no_text_is_told_and_the_environment_still_read(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file.write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    monkeypatch.setenv("HEALTH_PORT", "zero")
    faults = faults_of(env_file)
    assert [fault.split()[0] for fault in faults] == [str(env_file), "HEALTH_PORT:"]
    assert "UTF-8" in faults[0]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///var/breather.db",
        "sqlite:////srv/breather/breather.db",
        "postgresql://breather@db/breather",
        "postgresql://breather:p%40ss@db.example:5432/breather?sslmode=require",
        "postgresql://breather@[::1]:5432/breather",
        "postgresql://one:5432,two:5433/breather",
        "postgresql:///breather?host=/run/postgresql",
        "postgresql://%2Frun%2Fpostgresql/breather",
    ],
)
def test_an_address_that_a_driver_understands_is_taken(url: str) -> None:
    assert load_settings(None, database_url=url).database_url == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("breather.db", "must look like sqlite:///"),
        (f"mysql://breather:{SECRET}@db/breather", "must look like sqlite:///"),
        (f"postgres://breather:{SECRET}@db/breather", "must look like sqlite:///"),
        ("sqlite:///", "must name a file"),
        ("sqlite:///var/", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("postgresql://", "must look like postgresql://"),
        (f"postgresql://breather:{SECRET}", "write @ as %40"),
        (f"postgresql://breather:{SECRET}/@db/breather", "write @ as %40"),
        (f"postgresql://breather:{SECRET}@db:port/breather", "write @ as %40"),
        (f"postgresql://breather:{SECRET}@[db/breather", "write @ as %40"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(url: str, words: str) -> None:
    (fault,) = faults_of(None, database_url=url)
    assert fault.startswith("DATABASE_URL: ")
    assert words in fault
    assert SECRET not in fault


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"shard_count": 2}, "SHARD_COUNT: needs SHARD_ID"),
        ({"shard_id": 0}, "SHARD_COUNT: not set, and SHARD_ID is"),
        ({"shard_id": 2, "shard_count": 2}, "SHARD_ID must be between 0 and 1"),
        ({"shard_id": -1, "shard_count": 2}, "SHARD_ID: "),
        ({"shard_id": 0, "shard_count": 0}, "SHARD_COUNT: "),
    ],
)
def test_shards_are_both_set_and_fit(values: dict[str, int], words: str) -> None:
    (fault,) = faults_of(None, **values)
    assert words in fault


def test_two_shards_are_numbered_from_nought() -> None:
    found = load_settings(None, shard_id=1, shard_count=2)
    assert (found.shard_id, found.shard_count) == (1, 2)


@pytest.mark.parametrize("name", ["health_port", "sandbox_port", "feed_port"])
@pytest.mark.parametrize("value", ["-1", "65536", "a", "1.5"])
def test_a_port_is_a_number_that_a_port_can_have(name: str, value: str) -> None:
    (fault,) = faults_of(None, **{name: value})
    assert fault.startswith(f"{name.upper()}: ")


def test_two_listeners_cannot_have_one_port() -> None:
    (fault,) = faults_of(None, health_port=8650, feed_port=8650)
    assert fault.startswith("FEED_PORT: is 8650, and so is HEALTH_PORT")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "10.0.0.7"])  # noqa: S104 (chosen)
def test_the_feed_listens_on_an_address(host: str) -> None:
    assert load_settings(None, feed_host=host).feed_host == host


@pytest.mark.parametrize("host", ["localhost", "example.org", "127.0.0.1:80", "256.1.1.1"])
def test_a_name_or_a_port_is_no_address_to_listen_on(host: str) -> None:
    (fault,) = faults_of(None, feed_host=host)
    assert fault.startswith("FEED_HOST: must be an address")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://days.example.org", "https://days.example.org"),
        ("https://example.org:8443/breather/ ", "https://example.org:8443/breather"),
        ("http://127.0.0.1:8644", "http://127.0.0.1:8644"),
        ("http://localhost:8644/", "http://localhost:8644"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_the_feeds_public_address_is_taken_without_its_last_slash(url: str, kept: str) -> None:
    assert load_settings(None, feed_url=url).feed_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "days.example.org",
        "http://days.example.org",
        "webcal://days.example.org",
        "https://me:secret@days.example.org",
        "https://days.example.org/?a=b",
        "https://days.example.org/#a",
        "https://days example.org",
        "https://",
        "https://127.0.0.1 @evil.example",
        "http://localhost.example.org",
    ],
)
def test_an_address_that_people_could_not_use_is_refused(url: str) -> None:
    (fault,) = faults_of(None, feed_url=url)
    assert fault.startswith("FEED_URL: must look like https://")
    assert "secret" not in fault


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_says_what_it_is_for(name: str) -> None:
    description = Settings.model_fields[name.lower()].description
    assert description
    assert description.endswith(".")


@ON_FILES
@given(content=st.text(st.characters(exclude_categories=["Cs"])) | st.binary())
@example(content="A='unclosed\nLOG_LEVEL=INFO")
@example(content="LOG_LEVEL")
@example(content="export")
def test_any_file_is_read_or_refused_in_sentences(env_file: Path, content: str | bytes) -> None:
    env_file.write_bytes(content.encode() if isinstance(content, str) else content)
    _, faults, _ = load_what_is_right(env_file)
    assert all(fault.endswith(".") or "Correct" in fault for fault in faults)


@ON_FILES
@given(
    value=st.text(
        st.characters(exclude_characters="'\\\r\n\0$", exclude_categories=["Cs", "Cc"]),
        max_size=100,
    )
)
def test_any_quoted_value_comes_back_exactly(env_file: Path, value: str) -> None:
    env_file.write_text(f"OPERATOR_NAME='{value}'\n", encoding="utf-8")
    assert load_settings(env_file).operator_name == value


@ON_FILES
@given(
    lines=st.lists(
        st.sampled_from(["LOG_LEVEL=INFO", "# a note", "", "two words here", "=x"]), max_size=8
    )
)
def test_every_broken_line_is_counted_with_its_number(env_file: Path, lines: list[str]) -> None:
    env_file.write_text("\n".join(lines) + "\n")
    broken = [n for n, line in enumerate(lines, 1) if line in {"two words here", "=x"}]
    _, faults, _ = load_what_is_right(env_file)
    assert [fault.split("line ")[1].split(":")[0] for fault in faults] == list(map(str, broken))
