"""Settings: the environment and ``.env``, read once. The only reader of ``os.environ``.

The table in ``docs/settings.md`` and ``.env.example`` are generated from the
fields below, so a field's description is the help that operators read.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import addresses
from bot.errors import SettingsError
from bot.secret_keys import MAKE_ONE, ensure_apart, read_key, read_ring

ENCODING = "utf-8-sig"
"""UTF-8, also with the mark that Windows' editors put first."""


class Settings(BaseSettings):
    """Everything an operator can set, with defaults that start on an empty machine."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding=ENCODING,
        extra="ignore",
        env_ignore_empty=True,
        frozen=True,
    )

    discord_token: SecretStr | None = Field(
        default=None,
        description="The bot's token from the Discord developer portal. "
        "Without one, the sandbox starts.",
    )
    database_url: str = Field(
        default="sqlite:///var/breather.db",
        description="Where everything is kept: sqlite:///PATH or "
        "postgresql://USER:PASSWORD@HOST/NAME.",
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Logs for people (console) or for a log collector (json)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least important event that is logged."
    )
    health_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port on 127.0.0.1 for /healthz and /readyz. Empty: neither is served.",
    )
    feed_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port on which calendar apps can read the calendars. Empty: no calendar feed.",
    )
    feed_host: str = Field(
        default="127.0.0.1",
        description="Address on which FEED_PORT listens: 127.0.0.1 behind a proxy on the same "
        "machine, 0.0.0.0 inside a container.",
    )
    feed_url: str = Field(
        default="",
        max_length=150,
        description="The public https address of the calendar feed, as your proxy serves it; "
        "with it, people are shown a button Subscribe.",
    )
    sandbox_port: int = Field(
        default=8642,
        ge=0,
        le=65535,
        description="Port of the sandbox page on 127.0.0.1; 0 takes a free one.",
    )
    operator_name: str = Field(
        default="", max_length=100, description="Who runs this bot; shown by /about."
    )
    operator_contact: str = Field(
        default="",
        max_length=200,
        description="How members reach the operator (e-mail or address); shown by /about.",
    )
    source_url: str = Field(
        default="",
        max_length=200,
        description="Where the source code of this copy is published; shown by /about.",
    )
    content_dir: Path = Field(
        default=Path("data"), description="Folder of the curated content (tips, numbers, texts)."
    )
    state_dir: Path = Field(
        default=Path("var"), description="Folder for backups and for what the sandbox remembers."
    )
    shard_id: int | None = Field(
        default=None,
        ge=0,
        description="Which shard this process is, counted from 0. Needs SHARD_COUNT.",
    )
    shard_count: int | None = Field(
        default=None,
        ge=1,
        validate_default=True,
        description="How many shards there are; from 2,500 communities on Discord asks for "
        "more than one.",
    )
    claim_code_keys: SecretStr | None = Field(
        default=None,
        description="The keys that access codes are kept encrypted with, the newest first: "
        "k2:KEY,k1:KEY, where each KEY is 32 bytes in base64url. Needs CLAIM_HASH_KEY.",
    )
    claim_hash_key: SecretStr | None = Field(
        default=None,
        validate_default=True,
        description="The key of the hashes by which claims recognise codes and people: 32 bytes "
        "in base64url. It can't be changed later. Needs CLAIM_CODE_KEYS.",
    )

    @field_validator("database_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        return addresses.read_database_url(value)

    @field_validator("feed_port")
    @classmethod
    def _is_free(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and value == info.data.get("health_port"):
            message = f"is {value}, and so is HEALTH_PORT; choose another one"
            raise ValueError(message)
        return value

    @field_validator("feed_host")
    @classmethod
    def _is_own_address(cls, value: str) -> str:
        return addresses.read_ip(value)

    @field_validator("feed_url")
    @classmethod
    def _is_public_address(cls, value: str) -> str:
        return addresses.read_feed_url(value)

    @field_validator("shard_count")
    @classmethod
    def _shard_exists(cls, value: int | None, info: ValidationInfo) -> int | None:
        if "shard_id" not in info.data:  # it has a fault of its own
            return value
        shard_id: int | None = info.data["shard_id"]
        if value is None and shard_id is not None:
            message = "not set, and SHARD_ID is; set both or neither"
            raise ValueError(message)
        if value is not None and shard_id is None:
            message = "needs SHARD_ID beside it"
            raise ValueError(message)
        if value is not None and shard_id is not None and shard_id >= value:
            message = f"is {value}, so SHARD_ID must be between 0 and {value - 1}"
            raise ValueError(message)
        return value

    @field_validator("claim_code_keys")
    @classmethod
    def _is_ring(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            read_ring(value.get_secret_value())
        return value

    @field_validator("claim_hash_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        key = None if value is None else read_key(value.get_secret_value())
        if "claim_code_keys" not in info.data:  # it has a fault of its own
            return value
        ring: SecretStr | None = info.data["claim_code_keys"]
        if key is None and ring is not None:
            message = f"not set, and CLAIM_CODE_KEYS is; set both or neither; {MAKE_ONE}"
            raise ValueError(message)
        if key is not None and ring is None:
            message = f"needs CLAIM_CODE_KEYS beside it, for example k1:KEY; {MAKE_ONE}"
            raise ValueError(message)
        if key is not None and ring is not None:
            ensure_apart(key, read_ring(ring.get_secret_value()).values())
        return value


PAIRS = (
    frozenset({"shard_id", "shard_count"}),
    frozenset({"claim_code_keys", "claim_hash_key"}),
)
"""Settings of which neither is right without the other."""

ENV_FILE = Path(".env")


def load_settings(env_file: Path | None = ENV_FILE, **overrides: Any) -> Settings:  # noqa: ANN401 (any field's value)
    """Read the environment and ``.env``; the environment wins.

    Raises :class:`SettingsError` with every fault at once, each naming its setting.
    """
    settings, faults, _ = load_what_is_right(env_file, **overrides)
    if faults:
        raise SettingsError(faults)
    return settings


def load_what_is_right(
    env_file: Path | None = ENV_FILE,
    **overrides: Any,  # noqa: ANN401 (any field's value)
) -> tuple[Settings, list[str], frozenset[str]]:
    """The settings with a default for each wrong one, the faults, and the wrong ones' fields."""
    faults = [] if env_file is None else _bad_lines(env_file)
    try:
        return Settings(_env_file=env_file, **overrides), faults, frozenset()
    except ValidationError as error:
        faults += [_sentence(dict(item)) for item in error.errors()]
        wrong = frozenset(str(item["loc"][0]) for item in error.errors() if item["loc"])
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{env_file} cannot be read: {error}. Save it as UTF-8 text, or remove it.")
        settings, more, wrong = load_what_is_right(None, **overrides)
        return settings, faults + more, wrong
    defaults = {name: Settings.model_fields[name].default for name in wrong}
    for pair in PAIRS:
        if wrong & pair:
            defaults |= dict.fromkeys(pair)
    return Settings(_env_file=env_file, **overrides | defaults), faults, wrong


def _sentence(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]).upper() if fault["loc"] else "Settings"
    what = str(fault["msg"]).removeprefix("Value error, ")
    return (
        f"{name}: {what[:1].lower()}{what[1:]}. "
        "Correct it in the environment or in .env (see .env.example)."
    )


def _bad_lines(env_file: Path) -> list[str]:
    # It warns about the same lines, in words for developers.
    logging.getLogger("dotenv").setLevel(logging.ERROR)
    try:
        with env_file.open(encoding=ENCODING) as stream:
            broken = [item.original for item in parse_stream(stream) if item.error]
    except (OSError, UnicodeDecodeError):
        return []  # missing, or reading the settings themselves says it better
    lines = [item.line + _blank_lines(item.string) for item in broken]
    return [
        f"{env_file}, line {line}: not of the form NAME=value. Correct the line or put # before it."
        for line in lines
    ]


def _blank_lines(text: str) -> int:
    """How many empty lines a piece of the file begins with."""
    return text[: len(text) - len(text.lstrip())].count("\n")
