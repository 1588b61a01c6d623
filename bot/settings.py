"""Settings: the environment and ``.env``, read once. The only reader of ``os.environ``.

The table in ``docs/settings.md`` and ``.env.example`` are generated from the
fields below, so a field's description is the help that operators read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

DATABASE_SCHEMES = ("sqlite:///", "postgresql://")


class Settings(BaseSettings):
    """Everything an operator can set, with defaults that start on an empty machine."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, frozen=True
    )

    discord_token: SecretStr | None = Field(
        default=None,
        description="The bot's token from the Discord developer portal. Without one, the sandbox starts.",
    )
    database_url: str = Field(
        default="sqlite:///var/breather.db",
        description="Where everything is kept: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
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
    sandbox_port: int = Field(
        default=8642, ge=0, le=65535, description="Port of the sandbox page on 127.0.0.1; 0 takes a free one."
    )
    operator_name: str = Field(
        default="", max_length=100, description="Who runs this bot; shown by /about."
    )
    operator_contact: str = Field(
        default="", max_length=200, description="How members reach the operator (e-mail or address); shown by /about."
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
        default=None, ge=0, description="Which shard this process is, counted from 0. Needs SHARD_COUNT."
    )
    shard_count: int | None = Field(
        default=None, ge=1, description="How many shards there are; from 2,500 communities on Discord asks for more than one."
    )

    @field_validator("database_url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if not value.startswith(DATABASE_SCHEMES) or value in DATABASE_SCHEMES:
            message = "must look like sqlite:///var/breather.db or postgresql://user:password@host/name"
            raise ValueError(message)
        return value

    @field_validator("shard_count")
    @classmethod
    def _shard_exists(cls, value: int | None, info: Any) -> int | None:  # noqa: ANN401 (pydantic's type)
        shard_id = info.data.get("shard_id")
        if value is not None and shard_id is None:
            message = "needs SHARD_ID beside it"
            raise ValueError(message)
        if value is not None and shard_id >= value:
            message = f"is {value}, so SHARD_ID must be between 0 and {value - 1}"
            raise ValueError(message)
        return value


def load_settings(env_file: Path | None = Path(".env"), **overrides: Any) -> Settings:  # noqa: ANN401 (any field's value)
    """Read the environment and ``.env``; the environment wins.

    Raises :class:`SettingsError` with every fault at once, each naming its setting.
    """
    faults = [] if env_file is None else _bad_lines(env_file)
    try:
        settings = Settings(_env_file=env_file, **overrides)
    except ValidationError as error:
        faults += [_sentence(dict(item)) for item in error.errors()]
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{env_file} cannot be read: {error}. Save it as UTF-8 text, or remove it.")
    if faults:
        raise SettingsError(faults)
    return settings


def _sentence(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]).upper() if fault["loc"] else "Settings"
    what = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {what[:1].lower()}{what[1:]}. Correct it in the environment or in .env (see .env.example)."


def _bad_lines(env_file: Path) -> list[str]:
    if not env_file.is_file():
        return []
    try:
        with env_file.open(encoding="utf-8") as stream:
            broken = [item.original for item in parse_stream(stream) if item.error]
    except (OSError, UnicodeDecodeError):
        return []  # reading the settings themselves says it better
    return [
        f"{env_file}, line {line.line}: not of the form NAME=value. Correct the line or put # before it."
        for line in broken
    ]
