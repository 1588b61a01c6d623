"""Where a piece of content comes from."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

COMMON_PRACTICE = "common practice"


class Source(BaseModel):
    """A page that somebody saw. ``seen_on`` is the day; a stored copy counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publisher: str = Field(min_length=2, max_length=80)
    title: str = Field(min_length=3, max_length=160)
    url: HttpUrl
    seen_on: date
    copy_on: date | None = None
    """The date that the copy itself states, where it states one."""


Basis = Literal["common practice"] | Source
"""A source that was seen, or the plain word that there is none."""
