"""Pure decisions about campaigns: which steps a community chose, on which dates, in which words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.content.campaigns import Campaign, Step, Text
from bot.delivery.days import around
from bot.delivery.ports import Schedule
from bot.delivery.times import Recurrence
from bot.pictures.scenes import Picture

KIND = "campaign"
"""The word of its schedules, its announcer, and its command."""

TITLE_LENGTH = 80
BODY_LENGTH = 900

_BEGINS_SENTENCE = re.compile(r"(^|[.!?…]\s+|\n)\{community\}")


@dataclass(frozen=True, slots=True)
class Words:
    """What moderators wrote instead of a step's own text, for one year."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class CampaignPost:
    """One step of one year, in the words in which it is posted."""

    campaign: Campaign
    step: Step
    year: int
    title: str
    body: str
    is_edited: bool = False
    files: tuple[Picture, ...] = ()
    """Its picture, if the community wants one with each step."""

    @property
    def local_date(self) -> date:
        """The local date on which it is posted."""
        return self.campaign.day_in(self.year) + timedelta(days=self.step.offset)


def offsets_of(campaign: Campaign, chosen: Iterable[int] | None = None) -> list[int]:
    """The offsets that a community chose, as far as the campaign has them; all when none."""
    known = [step.offset for step in campaign.steps]
    wanted = known if chosen is None else set(chosen)
    return [offset for offset in known if offset in wanted]


def recur(campaign: Campaign, zone: str, minute_of_day: int, offsets: Sequence[int]) -> Recurrence:
    """When its steps are posted. Raises ``ValueError`` without a step."""
    if not offsets:
        message = "A campaign needs at least one step."
        raise ValueError(message)
    return Recurrence(minute_of_day, zone, days=around(campaign.month, campaign.day, list(offsets)))


def campaign_id_of(schedule: Schedule) -> str:
    """The campaign that a schedule posts."""
    return str(schedule.options.get("campaign", ""))


def steps_of(schedule: Schedule, campaign: Campaign) -> list[int]:
    """The offsets of the steps that a schedule posts."""
    return offsets_of(campaign, schedule.options.get("steps"))


def has_picture(schedule: Schedule) -> bool:
    """Whether each step comes with a picture."""
    return bool(schedule.options.get("picture"))


def name_post(campaign_id: str, year: int, offset: int) -> str:
    """The name under which the ledger keeps a step of a year."""
    return f"{campaign_id}:{year}:{offset}"


def read_post(content_id: str) -> tuple[str, int, int]:
    """The campaign, the year and the offset of a name. Raises ``ValueError``."""
    campaign_id, year, offset = content_id.rsplit(":", 2)
    return campaign_id, int(year), int(offset)


def compose(
    campaign: Campaign, year: int, offset: int, options: Mapping[str, Any] | None = None
) -> CampaignPost | None:
    """The post of a step in a year; None when an update took the step out."""
    step = next((step for step in campaign.steps if step.offset == offset), None)
    if step is None:
        return None
    theme = campaign.theme_in(year)
    written = (options or {}).get("words", {}).get(f"{year}:{offset}")
    text = text_of(step, year, has_theme=theme is not None)
    title, body = (written["title"], written["body"]) if written else (text.title, text.body)
    if not written:
        day = campaign.day_in(year)
        filling = {
            "campaign": campaign.title,
            "community": "this community",
            "date": f"{day.day} {day:%B}",
            "days": str(abs(offset)),
            "theme": theme.text if theme else "",
            "year": str(year),
        }
        title, body = (_fill(part, filling) for part in (title, body))
    return CampaignPost(campaign, step, year, title, body, is_edited=bool(written))


def text_of(step: Step, year: int, *, has_theme: bool) -> Text:
    """The text of a year: by turns, and in a year with a theme one that says it.

    No two years in a row have the same one, whether either has a theme or not; a single text on
    the theme is for even years.
    """
    plain = [text for text in step.texts if not text.needs_theme]
    themed = [text for text in step.texts if text.needs_theme]
    if has_theme and themed and (len(themed) > 1 or year % 2 == 0):
        return themed[year % len(themed)]
    return plain[year % len(plain)]


@dataclass(frozen=True, slots=True)
class ComingDay:
    """The campaign's day that is now or comes next, and its first and last second in a zone."""

    day: date
    begins_at: int
    ends_at: int
    is_today: bool


def coming_day(campaign: Campaign, zone: str, now: datetime) -> ComingDay:
    """The day that is now, or the next one, as the clocks of a zone show it."""
    where = ZoneInfo(zone)
    today = now.astimezone(where).date()
    day = campaign.day_in(today.year)
    if day < today:
        day = campaign.day_in(today.year + 1)
    begin = datetime.combine(day, datetime.min.time(), where)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), where)
    return ComingDay(day, int(begin.timestamp()), int(end.timestamp()) - 1, day == today)


def ends_of_day(zone: str, due_at: int) -> int:
    """The last second of the local day on which a post is due: later, it has lost its sense."""
    where = ZoneInfo(zone)
    local = datetime.fromtimestamp(due_at, where)
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), where)
    return int(midnight.astimezone(UTC).timestamp()) - 1


def _fill(text: str, filling: Mapping[str, str]) -> str:
    community = filling["community"]
    capital = community[:1].upper() + community[1:]
    text = _BEGINS_SENTENCE.sub(lambda begin: begin[1] + capital, text)
    for name, value in filling.items():
        text = text.replace(f"{{{name}}}", value)
    return text
