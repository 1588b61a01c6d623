"""The composition root: opens everything in order, closes it in reverse, passes arguments."""

import logging
import zoneinfo
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from random import Random, SystemRandom

import aiohttp

from bot.announcements.announcer import AnnouncementAnnouncer
from bot.announcements.rules import CROSSPOST
from bot.announcements.rules import KIND as ANNOUNCEMENT
from bot.announcements.service import Announcements
from bot.calendars.feeds import Feeds
from bot.calendars.tokens import FILE_NAME as FEED_KEY
from bot.calendars.tokens import Tokens
from bot.campaigns.announcer import CampaignAnnouncer, SunAnnouncer
from bot.campaigns.boards import Boards
from bot.campaigns.entries import CampaignEntries
from bot.campaigns.following import FollowTheSun
from bot.campaigns.rules import KIND as CAMPAIGN
from bot.campaigns.rules import ends_of_day
from bot.campaigns.service import Campaigns
from bot.campaigns.sun import KIND as SUN
from bot.campaigns.sun import welcome_until as sun_welcome_until
from bot.check_ins.service import CheckIns
from bot.claims.opening import ClaimServices, open_claims
from bot.client import READY_SECONDS, BreatherClient, CogMaker
from bot.clock import Clock
from bot.content.collection import Content, load_content
from bot.content.loader import stamp_of
from bot.crossposts import Crossposts
from bot.delivery import rules as delivery_rules
from bot.delivery.editor import Editor
from bot.delivery.engine import Engine
from bot.delivery.follow_ups import FollowUps
from bot.delivery.pace import POSTS_PER_SECOND, Pace
from bot.delivery.ports import Announcers
from bot.delivery.schedules import Schedules
from bot.delivery.sender import Sender
from bot.errors import BreatherError, SettingsError
from bot.events.announcer import EventAnnouncer
from bot.events.posts import KINDS as EVENT_KINDS
from bot.events.service import Events
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.i18n import Languages, load_languages
from bot.myths.announcer import KIND as MYTHS
from bot.myths.announcer import MythAnnouncer
from bot.myths.service import Myths
from bot.publisher import DiscordModerators, DiscordPublisher
from bot.registry import make_hooks, make_privacy
from bot.resources.curation import ResourceCuration
from bot.resources.search import load_search
from bot.resources.service import Resources, Search
from bot.safety.screening import Screen
from bot.schedules.service import Scheduling
from bot.services import Services
from bot.settings import Settings
from bot.storage import Database
from bot.storage.opening import open_database
from bot.tips.announcer import KIND as TIPS
from bot.tips.announcer import TipAnnouncer
from bot.tips.curation import Curation
from bot.tips.service import Tips
from bot.zone_names import load_zone_names
from cogs import feature_cogs, help_cogs
from cogs.announcements.cards import render_post as render_announcement
from cogs.campaigns.cards import render_post as render_campaign
from cogs.campaigns.sun_cards import render_post as render_sun
from cogs.events.posts import render_post as render_event
from cogs.myths.cards import render_post as render_myth
from cogs.safety.net import SafetyNet
from cogs.tips.cards import render_post as render_tip
from cogs.ui.errors import answer_error, guard
from cogs.ui.routes import RoutedItem, Routes

log = logging.getLogger(__name__)

_load_screen = cache(Screen.load)
"""The phrases are compiled once in a process."""


@lru_cache(maxsize=2)
def _load_library(folder: Path, _stamp: int) -> tuple[Content, Search]:
    """Content and search never change once they are read; a changed file has another stamp."""
    content = load_content(folder)
    return content, load_search(content.guides, folder)


class App:
    """One Breather: its client, and its services once storage and content could be opened.

    ``problem`` says why it is in help-only mode, or is None.
    """

    def __init__(  # noqa: PLR0913 (the composition root takes what tests and the sandbox replace)
        self,
        settings: Settings,
        clock: Clock,
        *,
        connector: aiohttp.BaseConnector | None = None,
        chance: Random | None = None,
        lease_seconds: int = delivery_rules.LEASE_SECONDS,
        remembers_commands: bool = True,
        ready_seconds: float = READY_SECONDS,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.services: Services | None = None
        self.problem: str | None = None
        self._chance = chance or SystemRandom()
        self._lease_seconds = lease_seconds
        net = SafetyNet(_load_screen(settings.content_dir), clock)
        routes = Routes(guard, net)
        net.register(routes)
        self.client = BreatherClient(
            languages=Languages(),
            help_cogs=help_cogs(settings, clock),
            router=routes,
            net=net,
            routed_item=RoutedItem,
            answer_error=answer_error,
            state_file=settings.state_dir / "commands.json" if remembers_commands else None,
            connector=connector,
            shard_id=settings.shard_id,
            shard_count=settings.shard_count,
            ready_seconds=ready_seconds,
        )

    async def open(self) -> None:
        """Open content and storage. What cannot be had leaves the bot in help-only mode.

        Time zones are read from the pinned tzdata package, not from the machine's older copy.
        Raises :class:`SettingsError` when the keys of claims are missing or other ones.
        """
        zoneinfo.reset_tzpath(())
        if await self._try_services():
            self.client.add_cogs(self._feature_cogs())

    async def try_again(self) -> bool:
        """Leave help-only mode if that is possible by now, while the client runs."""
        try:
            if not await self._try_services():
                return False
        except SettingsError as error:
            self.problem = str(error)
            return False
        await self.client.add_cogs_late(self._feature_cogs())
        return True

    async def close(self) -> None:
        """Finish the posts in flight, leave Discord, close the database."""
        services, self.services = self.services, None
        try:
            if services is not None:
                await services.engine.close()
                if services.claims is not None:
                    await services.claims.close()
        finally:
            try:
                await self.client.close()
            finally:
                if services is not None:
                    await services.database.close()

    def _feature_cogs(self) -> Sequence[CogMaker]:
        if self.services is None:  # pragma: no cover - callers open the services first
            message = "the services are not open"
            raise RuntimeError(message)
        return feature_cogs(self.services)

    async def _try_services(self) -> bool:
        try:
            load_zone_names()
            folder = self.settings.content_dir
            content, search = _load_library(folder, stamp_of(folder))
            self.client.languages = load_languages(self.settings.content_dir)
            database = await open_database(
                self.settings.database_url, self.settings.state_dir / "backups", self.clock.now
            )
        except BreatherError as error:
            self.problem = str(error)
            return False
        audit = AuditLog(database, self.clock)
        try:
            claims = await open_claims(database, audit, self.clock, self.settings)
        except BreatherError as error:
            await database.close()
            if isinstance(error, SettingsError):
                raise
            self.problem = str(error)
            return False
        self.services = self._compose(database, audit, content, search, claims)
        self.problem = None
        return True

    def _compose(
        self,
        database: Database,
        audit: AuditLog,
        content: Content,
        search: Search,
        claims: ClaimServices | None,
    ) -> Services:
        clock = self.clock
        schedules = Schedules(database, clock)
        tips = Tips(database, content.tips, clock, self._chance)
        myths = Myths(content.myths, self._chance)
        announcements = Announcements(database, schedules, audit, clock)
        events = Events(database, schedules, audit, clock)
        guilds = Guilds(
            database,
            audit,
            clock,
            make_hooks(schedules, announcements.forget, events.forget),
        )
        announcers = Announcers()
        announcers.register(TIPS, TipAnnouncer(tips, self._chance))
        announcers.register(MYTHS, MythAnnouncer(myths, self._chance))
        announcers.register(CAMPAIGN, CampaignAnnouncer(content.campaigns), ends_of_day)
        following = FollowTheSun(database, schedules, audit, clock, content.campaigns)
        announcers.register(SUN, SunAnnouncer(following), sun_welcome_until)
        announcer = AnnouncementAnnouncer(database)
        announcers.register(ANNOUNCEMENT, announcer, late_words=announcer.explain_late)
        EventAnnouncer(database).register(announcers)
        moderators = DiscordModerators(self.client, guilds)
        publisher = DiscordPublisher(
            self.client,
            guilds,
            self.client.languages,
            {
                TIPS: render_tip,
                MYTHS: render_myth,
                CAMPAIGN: render_campaign,
                SUN: render_sun,
                ANNOUNCEMENT: render_announcement,
                **dict.fromkeys(EVENT_KINDS, render_event),
            },
        )
        pace = Pace(POSTS_PER_SECOND / (self.settings.shard_count or 1))
        sender = Sender(
            database=database,
            clock=clock,
            announcers=announcers,
            publisher=publisher,
            moderators=moderators,
            pace=pace,
            lease_seconds=self._lease_seconds,
        )
        steps = {CROSSPOST: Crossposts(self.client)}
        follow_ups = FollowUps(database, clock, steps, moderators, pace)
        engine = Engine(database, clock, sender, follow_ups)
        boards = Boards(database, clock, following, Editor(publisher, pace), engine)
        engine.each_minute.append(boards.keep_up)
        return Services(
            clock=clock,
            settings=self.settings,
            database=database,
            languages=self.client.languages,
            guilds=guilds,
            audit=audit,
            privacy=make_privacy(database, clock, self.settings),
            schedules=schedules,
            tips=tips,
            curation=Curation(database, audit, clock),
            scheduling=Scheduling(database, schedules, audit),
            myths=myths,
            campaigns=Campaigns(database, schedules, audit, clock, content.campaigns),
            following=following,
            feeds=self._make_feeds(CampaignEntries(schedules, content.campaigns, clock)),
            announcements=announcements,
            events=events,
            resources=Resources(database, content.guides, search),
            resource_curation=ResourceCuration(database, audit, clock),
            notices=content.notices,
            check_ins=CheckIns(database, clock),
            claims=claims,
            engine=engine,
        )

    def _make_feeds(self, campaigns: CampaignEntries) -> Feeds:
        """What stands in calendars: each feature adds its own ``Provider`` to the list."""

        def find_name(guild_id: int) -> str | None:
            guild = self.client.get_guild(guild_id)
            return None if guild is None else guild.name

        return Feeds(
            self.clock,
            Tokens(self.settings.state_dir / FEED_KEY),
            base=self.settings.feed_url,
            everyone=campaigns.of_everyone,
            providers=[campaigns.of_community],
            name_of=find_name,
        )
