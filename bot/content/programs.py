"""A partner's program: one TOML file, in ``data/programs`` or anywhere an operator keeps it."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, model_validator

from bot.content.loader import validate
from bot.errors import ContentError

MOST_CODES = 1_000_000
CODE_LENGTH = 200
URL_LENGTH = 512
"""Discord takes no longer one behind a button."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Eligibility(BaseModel):
    """What the program asks of everyone; a community can ask for more, never for less."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_age_hours: int = Field(default=24, ge=0, le=24 * 365)
    days_in_community: int = Field(default=0, ge=0, le=365)
    of_age: bool = True
    handle: bool = True


class Program(BaseModel):
    """What a partner gives, to whom, and until when. Instants are UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    partner: Annotated[Line, StringConstraints(max_length=60)]
    title: Annotated[Line, StringConstraints(max_length=80)]
    about: Annotated[Line, StringConstraints(max_length=1000)]
    gives: Annotated[Line, StringConstraints(max_length=120)]
    months: int = Field(ge=1, le=60)
    """Calendar months of access."""
    given: int = Field(ge=0, le=MOST_CODES)
    """How many codes the partner gives at most."""
    cap: int = Field(ge=0, le=MOST_CODES)
    opens_at: datetime
    closes_at: datetime | None = None
    redeem_by: datetime | None = None
    """Until when the partner takes its codes, if that is known."""
    countries: tuple[Country, ...] = Field(default=(), max_length=250)
    """Where it can be used; none means everywhere."""
    redeem_url: HttpUrl
    redeem_steps: tuple[Annotated[Line, StringConstraints(max_length=200)], ...] = Field(
        min_length=1, max_length=8
    )
    code_pattern: str = r"[A-Za-z0-9-]{4,64}"
    """The whole code, as a regular expression; ASCII by default, since look-alikes survive."""
    renews_by_itself: bool = False
    """Whether the partner charges afterwards unless it is cancelled."""
    eligibility: Eligibility = Eligibility()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.cap > self.given:
            message = "cap is larger than given: the partner gives no more"
            raise ValueError(message)
        if len(str(self.redeem_url)) > URL_LENGTH:
            message = f"redeem_url is longer than the {URL_LENGTH} characters that Discord takes"
            raise ValueError(message)
        for name in ("opens_at", "closes_at", "redeem_by"):
            at = getattr(self, name)
            if at is not None and at.tzinfo is None:
                message = f"{name} needs a time zone, for example 2027-10-01T00:00:00Z"
                raise ValueError(message)
        for name in ("closes_at", "redeem_by"):
            at = getattr(self, name)
            if at is not None and at <= self.opens_at:
                message = f"{name} must be after opens_at"
                raise ValueError(message)
        try:
            re.compile(self.code_pattern)
        except re.error as error:
            message = f"code_pattern is not a regular expression ({error})"
            raise ValueError(message) from error
        return self

    def is_open(self, now: int) -> bool:
        """Whether claims are taken at an instant (UTC epoch seconds)."""
        at = datetime.fromtimestamp(now, UTC)
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)

    def fits(self, code: str) -> bool:
        """Whether a text looks like a code of this program."""
        return len(code) <= CODE_LENGTH and re.fullmatch(self.code_pattern, code) is not None


def load_program(path: Path) -> Program:
    """Read one file. Raises :class:`ContentError` with every fault."""
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError([f"{path.name}: not readable as TOML ({error})."]) from error
    faults: list[str] = []
    program = validate(Program, path.name, entry, faults)
    if program is None:
        raise ContentError(faults)
    return program


def load_programs(folder: Path) -> dict[str, Program]:
    """Every program of ``folder/programs`` by id. Raises :class:`ContentError`."""
    faults: list[str] = []
    found: dict[str, Program] = {}
    for path in sorted((folder / "programs").glob("*.toml")):
        try:
            program = load_program(path)
        except ContentError as error:
            faults += error.faults
            continue
        if program.id in found:
            faults.append(f"{path.name}: the id {program.id!r} stands in another file, too.")
        found[program.id] = program
    if faults:
        raise ContentError(faults)
    return found
