"""Well-known places by their offset, from the tz database and CLDR: what the board names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.campaigns.sun import ladder_of, offset_of
from bot.zone_names import load_zone_names

MOST = 3
NO_PLACES = ("UTC", "Antarctica/")
"""Zones that no well-known place is named after."""


@dataclass(frozen=True, slots=True)
class World:
    """The ladder of a day, and up to three places on each rung; some have none."""

    ladder: tuple[int, ...]
    places: Mapping[int, tuple[str, ...]]


@lru_cache(maxsize=8)
def world_on(day: date) -> World:
    """The zones that communities can choose, by their offsets on a day."""
    titles = load_zone_names().titles
    places: dict[int, tuple[str, ...]] = {}
    for zone, title in titles.items():
        if not zone.startswith(NO_PLACES):
            offset = offset_of(zone, day)
            places[offset] = (*places.get(offset, ()), title.partition(",")[0])[:MOST]
    return World(ladder_of(day, tuple(titles)), places)
