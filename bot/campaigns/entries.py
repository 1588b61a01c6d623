"""Campaigns as calendar entries: the day and its steps as whole days, without anybody's words.

What moderators wrote for a step is left out: it is theirs until it is posted.
"""

from collections.abc import Iterable, Sequence

from bot.calendars.entries import Entry
from bot.campaigns import rules
from bot.campaigns.rules import KIND, compose
from bot.clock import Clock, to_datetime
from bot.content.campaigns import Campaign, CampaignLibrary
from bot.delivery.rules import ScheduleState
from bot.delivery.schedules import Schedules

ROUNDS = 2
"""The years in one calendar: this one and the next, whose theme may not be known yet."""

TURNED_ON = frozenset({ScheduleState.ACTIVE, ScheduleState.BROKEN})
"""A channel that can't be posted in takes nothing from the day."""

HELP = "Help lines by country: /help-now in Discord, or findahelpline.com."


def make_entries(
    campaign: Campaign,
    first_year: int,
    offsets: Iterable[int] | None = None,
    skipped: Iterable[str] = (),
) -> list[Entry]:
    """The days of some steps, or of all, from a year's round on.

    Each has an id of its own, so that a newer file changes it instead of doubling it. ``skipped``
    are the dates that a community leaves out (ISO 8601).
    """
    left_out = set(skipped)
    entries = []
    for year in range(first_year, first_year + ROUNDS):
        for offset in rules.offsets_of(campaign, offsets):
            post = compose(campaign, year, offset)
            if post is None or post.local_date.isoformat() in left_out:
                continue
            entries.append(
                Entry(
                    uid=f"{campaign.id}-{year}-{offset}@breather.invalid",
                    summary=campaign.title if offset == 0 else post.title,
                    description=_describe(campaign),
                    starts=post.local_date,
                )
            )
    return entries


class CampaignEntries:
    """Entries for feeds: of every campaign, and of those that a community turned on."""

    def __init__(self, schedules: Schedules, library: CampaignLibrary, clock: Clock) -> None:
        self._schedules = schedules
        self._library = library
        self._clock = clock

    def of_everyone(self) -> Sequence[Entry]:
        """Every step of every campaign."""
        year = self._year
        found = self._library.by_id.values()
        return [entry for campaign in found for entry in make_entries(campaign, year)]

    async def of_community(self, guild_id: int) -> Sequence[Entry]:
        """The steps that a community chose and left in."""
        entries: list[Entry] = []
        for schedule in await self._schedules.in_guild(guild_id, KIND):
            campaign = self._library.by_id.get(rules.campaign_id_of(schedule))
            if campaign is None or schedule.state not in TURNED_ON:
                continue
            skipped = await self._schedules.skipped(schedule)
            steps = rules.steps_of(schedule, campaign)
            entries += make_entries(campaign, self._year, steps, skipped)
        return entries

    @property
    def _year(self) -> int:
        return to_datetime(self._clock.now()).year


def _describe(campaign: Campaign) -> str:
    about = campaign.about.replace("`", "")  # calendar apps show the marks
    parts = [about, HELP if campaign.has_help else "", " ".join(campaign.hashtags)]
    return "\n\n".join(filter(None, parts))
