"""What is known about a kind of schedule: what its panel offers, and how it is spoken of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.guilds.service import FEATURES
from cogs.ui.cards import Part

if TYPE_CHECKING:
    from bot.delivery.ports import Schedule
    from bot.delivery.schedules import Schedules
    from bot.i18n import Texts

Say = Callable[..., str]
"""A sentence in somebody's language: ``say(t, **values)``."""


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences that can't be the same for every kind, with the values that they name."""

    none_here: Say
    none_scheduled: Say
    begin: Say
    """A button that begins a new schedule."""
    left_out: Say
    """``skipped`` and ``channel_id``."""
    back_in: Say
    """``when``: a skip was undone."""
    back_in_still: Say
    """``when`` and ``standing``: the same, while the schedule stands still."""
    nothing_fits: Say
    """In the history: no content was left for a slot."""
    nothing_to_show: Say
    """The same when a test is asked for, with what to do next."""
    history_note: Say | None = None
    """A small line below the history."""


@dataclass(frozen=True, slots=True)
class ScheduleKind:
    """One kind of schedule. Its word is the feature's, the command's and the announcer's."""

    kind: str
    topics: Mapping[str, str]
    """Topics to choose from, with their English names; when empty, none are offered."""
    weekdays: frozenset[int]
    """On which days a new schedule runs."""
    words: Words
    find_gap: Callable[[int, Collection[str]], Awaitable[str | None]]
    """Why nothing could be posted in a community on some topics, for moderators; or None."""
    show_sample: Callable[[Schedule, Texts], Awaitable[Sequence[Part]]]
    """A post as it would look, on a card for the moderator alone; empty when nothing fits."""
    name_entry: Callable[[str, Texts], Awaitable[tuple[str, str]]]
    """What was posted, by its id, and a remark on it, for the history."""

    @property
    def command(self) -> str:
        """The command group of its moderators."""
        return f"/{self.kind}"

    def title(self, t: Texts) -> str:
        """The feature's name."""
        return t(FEATURES[self.kind])


Kinds = Mapping[str, ScheduleKind]
"""Every kind by its word; the first is the one of buttons from before there were others."""


async def find_schedule(
    schedules: Schedules, guild_id: int, schedule_id: str, kinds: Collection[str]
) -> Schedule | None:
    """The schedule of a community with an id, if it is of one of some kinds."""
    for schedule in await schedules.in_guild(guild_id):
        if str(schedule.schedule_id) == schedule_id and schedule.kind in kinds:
            return schedule
    return None
