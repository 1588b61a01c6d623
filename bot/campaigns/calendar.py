"""Every post that would go out: of a community, or of one that left every campaign as it comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.campaigns import rules
from bot.campaigns.rules import KIND
from bot.campaigns.sun import KIND as SUN
from bot.content.campaigns import Campaign, CampaignLibrary
from bot.delivery.ports import Schedule
from bot.delivery.schedules import Schedules
from bot.delivery.times import Recurrence, runs_between
from bot.errors import RefusalError

MOST = 4_000
"""Posts of one schedule in one calendar: ten years of daily ones."""
FIRST_YEAR, LAST_YEAR = 1971, 9996
"""Wholly inside the instants that schedules know, in every zone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One post. ``at`` is a UTC epoch second; ``local`` is ISO 8601 in its schedule's zone."""

    at: int
    local: str
    kind: str
    campaign: str | None = None
    step: int | None = None
    channel: int | None = None

    def as_json(self) -> dict[str, object]:
        """The fields of one line; ``at`` in ISO 8601 with Z."""
        at = datetime.fromtimestamp(self.at, UTC)
        return {
            "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "local": self.local,
            "kind": self.kind,
            "campaign": self.campaign,
            "step": self.step,
            "channel": self.channel,
        }


def span_of(first: date, last: date, zone: str) -> tuple[int, int]:
    """The first and the last second (UTC epoch) of local dates, both included.

    Raises :class:`RefusalError` for days outside the calendar of schedules.
    """
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        message = f"Choose days from {FIRST_YEAR} to {LAST_YEAR}."
        raise RefusalError(message)
    where = ZoneInfo(zone)
    begin = datetime.combine(first, datetime.min.time(), where)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), where)
    return int(begin.timestamp()), int(end.timestamp()) - 1


def with_defaults(library: CampaignLibrary, zone: str, first: int, last: int) -> list[Entry]:
    """The posts of a community in a zone that left every campaign as it comes, in order."""
    entries: list[Entry] = []
    for campaign in library.by_id.values():
        offsets = rules.offsets_of(campaign)
        recurrence = rules.recur(campaign, zone, campaign.minute_of_day, offsets)
        entries += _of_campaign(campaign, recurrence, None, first, last)
    return sorted(entries, key=_order)


async def of_guild(  # noqa: PLR0913, PLR0917 (what is listed, and between when)
    schedules: Schedules,
    library: CampaignLibrary,
    guild_id: int,
    first: int,
    last: int,
    shown_as: Mapping[str, str] = MappingProxyType({}),
) -> list[Entry]:
    """The posts that a community's active schedules would make in channels, in order.

    Direct messages are none of it. ``shown_as`` has kinds that are listed under another one's name.
    """
    entries: list[Entry] = []
    found = [
        replace(item, kind=shown_as.get(item.kind, item.kind))
        for item in await schedules.in_guild(guild_id)
        if item.state == "active" and item.channel_id != 0
    ]
    zones = {
        rules.campaign_id_of(item): item.recurrence.zone for item in found if item.kind == KIND
    }
    for schedule in found:
        if schedule.kind == SUN:
            entries += _of_board(schedule, library, zones, first, last)
        else:
            skipped = await schedules.skipped(schedule)
            entries += _of_schedule(schedule, library, skipped, first, last)
    return sorted(entries, key=_order)


def _of_board(
    schedule: Schedule, library: CampaignLibrary, zones: Mapping[str, str], first: int, last: int
) -> Iterable[Entry]:
    """The board that follows the sun, in the time of its campaign."""
    campaign = library.by_id.get(rules.campaign_id_of(schedule))
    if campaign is None or not campaign.follows_sun:
        return
    zone = zones.get(campaign.id, schedule.recurrence.zone)
    for run in runs_between(schedule.recurrence, first, last, MOST):
        local = _local(run.at, zone)
        yield Entry(run.at, local, SUN, campaign.id, channel=schedule.channel_id)


def _of_schedule(
    schedule: Schedule, library: CampaignLibrary, skipped: set[str], first: int, last: int
) -> Sequence[Entry]:
    recurrence, channel = schedule.recurrence, schedule.channel_id
    if schedule.kind == KIND:
        campaign = library.by_id.get(rules.campaign_id_of(schedule))
        if campaign is None:
            return ()
        return list(_of_campaign(campaign, recurrence, channel, first, last, skipped))
    return [
        Entry(run.at, _local(run.at, recurrence.zone), schedule.kind, channel=channel)
        for run in runs_between(recurrence, first, last, MOST)
        if run.slot not in skipped
    ]


def _of_campaign(  # noqa: PLR0913, PLR0917 (what a schedule of a campaign has)
    campaign: Campaign,
    recurrence: Recurrence,
    channel: int | None,
    first: int,
    last: int,
    skipped: Iterable[str] = (),
) -> Iterable[Entry]:
    left_out = set(skipped)
    for run in runs_between(recurrence, first, last, MOST):
        found = campaign.step_on(date.fromisoformat(run.slot))
        if found is not None and run.slot not in left_out:
            local = _local(run.at, recurrence.zone)
            yield Entry(run.at, local, KIND, campaign.id, found[0].offset, channel)


def _local(at: int, zone: str) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()


def _order(entry: Entry) -> tuple[int, str, str]:
    return entry.at, entry.kind, entry.campaign or ""
