"""The picture of a campaign: a countdown or the day itself, in a community's name and colour.

What it shows is decided here, and its alt text is made of the same words. Nothing is stored.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.campaigns.rules import CampaignPost, coming_day, has_picture
from bot.clock import Clock
from bot.content.campaigns import Campaign
from bot.delivery.ports import Schedule, UnknownOutcomeError
from bot.guilds.service import Guilds
from bot.i18n import Languages, Texts
from bot.pictures.choosing import to_accent
from bot.pictures.scenes import Picture, Scene, Size
from bot.pictures.studio import Studio
from bot.words import clean_line

NAME_LENGTH = 100
TAGS = 2
"""Hashtags on a picture: what a person can read in a glance."""

DRAWING_SECONDS = 15
"""How long a post waits for its picture. Where many are drawn at once, it is tried again later."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What a community gives to its pictures: its name and its colour (``#rrggbb``)."""

    community: str = ""
    colour: str | None = None


class Pictures:
    """Pictures for members, for posts, and for the moderators' preview."""

    def __init__(
        self,
        guilds: Guilds,
        languages: Languages,
        clock: Clock,
        name_of: Callable[[int], str],
        studio: Studio | None = None,
    ) -> None:
        """``name_of`` gives a community's name by its id, or an empty text."""
        self._guilds = guilds
        self._languages = languages
        self._clock = clock
        self._name_of = name_of
        self._studio = studio or Studio()

    async def for_member(
        self, campaign: Campaign, guild_id: int | None, size: Size, t: Texts
    ) -> Picture:
        """The picture of this moment, as the clocks of the community show it (UTC without one)."""
        look, zone = Look(), "UTC"
        if guild_id is not None:
            settings = await self._guilds.settings(guild_id)
            look, zone = Look(self._name_of(guild_id), settings.accent), settings.zone
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        today = now.astimezone(ZoneInfo(zone)).date()
        day = coming_day(campaign, zone, now).day
        return await self._paint(make_scene(campaign, day, today, look, t), size, campaign, t)

    async def dress(self, schedule: Schedule, post: CampaignPost) -> CampaignPost:
        """A step as it is posted: with its picture, where moderators chose that."""
        if not has_picture(schedule):
            return post
        picture = await self.for_post(schedule.guild_id, post)
        return post if picture is None else replace(post, files=(picture,))

    async def for_post(self, guild_id: int, post: CampaignPost) -> Picture | None:
        """The picture of a step, in the community's language; None where it can't be drawn.

        A step without its picture is better than none. Raises :class:`UnknownOutcomeError` while
        too many others are being drawn: the step is tried again then.
        """
        settings = await self._guilds.settings(guild_id)
        t = self._languages.texts(settings.language)
        look = Look(self._name_of(guild_id), settings.accent)
        day = post.campaign.day_in(post.year)
        scene = make_scene(post.campaign, day, post.local_date, look, t)
        try:
            async with asyncio.timeout(DRAWING_SECONDS):
                return await self._paint(scene, Size.LANDSCAPE, post.campaign, t)
        except TimeoutError as error:
            message = "its picture waits for others to be drawn"
            raise UnknownOutcomeError(message) from error
        except Exception:
            log.exception("the picture of %s could not be drawn", post.campaign.id)
            return None

    async def _paint(self, scene: Scene, size: Size, campaign: Campaign, t: Texts) -> Picture:
        content = await self._studio.paint(scene, size)
        name = f"{campaign.id}-{size.name.lower()}.png"
        return Picture(name, describe(scene, t), content)


def make_scene(campaign: Campaign, day: date, today: date, look: Look, t: Texts) -> Scene:
    """What the picture for a campaign's day shows on a date: what is ahead, or the day."""
    theme = campaign.theme_in(day.year)
    when = t("{day} {month} {year}", day=day.day, month=t(f"{day:%B}"), year=day.year)
    line = t("Find help: findahelpline.com") if campaign.has_help else theme.text if theme else ""
    ahead = (day - today).days
    headline = _count(ahead, t, is_quiet=campaign.has_help)
    return Scene(
        headline=headline or when,
        title=campaign.title,
        line=" · ".join(filter(None, (when if headline else "", line))),
        community=clean_line(look.community, NAME_LENGTH),
        hashtags=" ".join(campaign.hashtags[:TAGS]),
        accent=to_accent(look.colour),
        language=t.language,
    )


def describe(scene: Scene, t: Texts) -> str:
    """The alt text: what is seen, and every word in it."""
    return t("A sun over soft hills. On it is written: {words}", words=". ".join(scene.words))


def _count(ahead: int, t: Texts, *, is_quiet: bool) -> str:
    """What is seen first; nothing after the day. A day of mourning is not looked forward to."""
    if ahead < 0:
        return ""
    if ahead == 0:
        return t("Today")
    if ahead == 1:
        return t("Tomorrow")
    if is_quiet:
        return t("In {days} days", days=ahead)
    return t("{days} days to go", days=ahead)
