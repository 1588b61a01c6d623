"""Campaigns: one TOML file each in ``data/campaigns``. Days, texts, themes, and a creator pack.

A campaign's day is the same date every year. Its steps are days before or after it, each with
several texts, so that no two years in a row read alike.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.content.loader import find_repeated_ids, validate
from bot.content.sources import Source
from bot.errors import ContentError

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
Hashtag = Annotated[str, StringConstraints(pattern=r"^#[A-Za-z0-9]{2,40}$")]
LEAST_TEXTS = 3
PLACES = frozenset({"campaign", "community", "date", "days", "theme", "year"})
"""What a text may leave open, in braces."""

_OPEN = re.compile(r"\{([^{}]*)\}")


class Theme(BaseModel):
    """What a year's day is about, as its organiser announced it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int = Field(ge=1990, le=2100)
    text: Annotated[Line, StringConstraints(max_length=160)]
    source: Source


class Text(BaseModel):
    """One way to say a step. ``{theme}`` stands in texts for years that have one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[Line, StringConstraints(max_length=80)]
    body: Annotated[Line, StringConstraints(min_length=40, max_length=900)]

    @property
    def needs_theme(self) -> bool:
        """Whether it can be said only in a year whose theme is known."""
        return "{theme}" in self.title + self.body

    @model_validator(mode="after")
    def _leaves_open_what_can_be_filled(self) -> Self:
        unknown = {*_OPEN.findall(self.title), *_OPEN.findall(self.body)} - PLACES
        if unknown:
            message = f"{{{min(unknown)}}} is not one of {', '.join(sorted(PLACES))}"
            raise ValueError(message)
        return self


class Step(BaseModel):
    """A post so many days from the campaign's day: before it (negative), on it, or after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offset: int = Field(ge=-60, le=60)
    name: Annotated[Line, StringConstraints(max_length=40)]
    texts: tuple[Text, ...] = Field(min_length=LEAST_TEXTS)
    guides: tuple[str, ...] = Field(default=(), max_length=3)
    has_help: bool = False
    """Whether a button for help lines stands first."""

    @model_validator(mode="after")
    def _can_be_said_every_year(self) -> Self:
        if sum(not text.needs_theme for text in self.texts) < LEAST_TEXTS - 1:
            message = "at least two texts must do without {theme}: some years have none"
            raise ValueError(message)
        return self


class Pack(BaseModel):
    """What creators can copy: captions, hashtags, alt texts, and how to share safely."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    captions: tuple[Annotated[Line, StringConstraints(max_length=400)], ...] = Field(min_length=3)
    alt_text: Annotated[Line, StringConstraints(max_length=300)]
    sharing_safely: tuple[Annotated[Line, StringConstraints(max_length=200)], ...] = Field(
        min_length=3, max_length=8
    )


class Campaign(BaseModel):
    """A campaign that comes back every year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    title: Annotated[Line, StringConstraints(max_length=60)]
    about: Annotated[Line, StringConstraints(min_length=40, max_length=900)]
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    minute_of_day: int = Field(default=600, ge=0, le=1439)
    """The local time of its posts, until a community chooses another."""
    has_themes: bool = False
    """Whether its organiser names a theme each year."""
    themes: tuple[Theme, ...] = ()
    hashtags: tuple[Hashtag, ...] = Field(min_length=1, max_length=10)
    how_to_take_part: tuple[Annotated[Line, StringConstraints(max_length=240)], ...] = Field(
        min_length=2, max_length=6
    )
    guides: tuple[str, ...] = Field(default=(), max_length=5)
    has_help: bool = False
    follows_sun: bool = False
    """Whether communities can show where on earth its day has begun."""
    pack: Pack
    steps: tuple[Step, ...] = Field(min_length=1, max_length=12)
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.month == 2 and self.day == 29:  # noqa: PLR2004 (29 February)
            message = "29 February is not in every year; choose another day"
            raise ValueError(message)
        self.day_in(2001)
        offsets = [step.offset for step in self.steps]
        if offsets != sorted(set(offsets)):
            message = "steps stand in the order of their offsets, and each offset once"
            raise ValueError(message)
        years = [theme.year for theme in self.themes]
        if len(set(years)) != len(years):
            message = "a year has one theme"
            raise ValueError(message)
        return self

    def day_in(self, year: int) -> date:
        """The campaign's day in a year. Raises ``ValueError`` for a day that is not there."""
        return date(year, self.month, self.day)

    def theme_in(self, year: int) -> Theme | None:
        """A year's theme, or None where none is listed or announced."""
        return next((theme for theme in self.themes if theme.year == year), None)

    def step_on(self, local_date: date) -> tuple[Step, int] | None:
        """The step that falls on a local date, and the year of the day that it belongs to."""
        for step in self.steps:
            anchor = local_date - timedelta(days=step.offset)
            if (anchor.month, anchor.day) == (self.month, self.day):
                return step, anchor.year
        return None


@dataclass(frozen=True, slots=True)
class CampaignLibrary:
    """Every campaign by id, in the order of the files' names."""

    by_id: Mapping[str, Campaign]


def load_campaigns(folder: Path, guide_ids: Collection[str] | None = None) -> CampaignLibrary:
    """Read ``folder/campaigns``. Raises :class:`ContentError` with every fault at once.

    A file whose name begins with an underscore is a template, and is not read.
    """
    faults: list[str] = []
    found: list[tuple[str, Campaign]] = []
    for path in sorted((folder / "campaigns").glob("[!_]*.toml")):
        try:
            entry = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{path.name}: not readable as TOML ({error}).")
            continue
        campaign = validate(Campaign, path.name, entry, faults)
        if campaign is not None:
            found.append((path.name, campaign))
            faults += _find_missing_guides(path.name, campaign, guide_ids)
    faults += find_repeated_ids([(file, campaign.id) for file, campaign in found])
    if faults:
        raise ContentError(faults)
    return CampaignLibrary({campaign.id: campaign for _, campaign in found})


def _find_missing_guides(
    file: str, campaign: Campaign, guide_ids: Collection[str] | None
) -> list[str]:
    if guide_ids is None:
        return []
    wanted = {*campaign.guides, *(guide for step in campaign.steps for guide in step.guides)}
    return [
        f"{file}, {campaign.id}: there is no guide {guide!r}."
        for guide in sorted(wanted)
        if guide not in guide_ids
    ]
