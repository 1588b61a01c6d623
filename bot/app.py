"""The composition root: opens everything in order, closes it in reverse, passes arguments."""

import logging
import zoneinfo
from collections.abc import Sequence
from functools import partial
from random import Random, SystemRandom

import aiohttp

from bot.client import READY_SECONDS, BreatherClient, CogMaker
from bot.clock import Clock
from bot.content.tips import TipLibrary, load_tips
from bot.delivery import rules as delivery_rules
from bot.delivery.engine import Engine
from bot.delivery.pace import POSTS_PER_SECOND, Pace
from bot.delivery.ports import Announcers
from bot.delivery.schedules import Schedules
from bot.delivery.sender import Sender
from bot.errors import BreatherError
from bot.guilds.audit import AuditLog, AuditPersonalData
from bot.guilds.service import FeatureHooks, Guilds
from bot.i18n import Languages, load_languages
from bot.privacy.service import Privacy
from bot.publisher import DiscordModerators, DiscordPublisher
from bot.services import Services
from bot.settings import Settings
from bot.storage import Database, Transaction
from bot.storage.opening import open_database
from bot.tips import store as tips_store
from bot.tips.announcer import KIND as TIPS
from bot.tips.announcer import TipAnnouncer
from bot.tips.curation import Curation
from bot.tips.scheduling import Scheduling
from bot.tips.service import Tips, TipsPersonalData
from bot.zone_names import load_zone_names
from cogs import feature_cogs, help_cogs
from cogs.tips.cards import render_post
from cogs.ui.errors import answer_error, guard
from cogs.ui.routes import RoutedItem, Routes

log = logging.getLogger(__name__)


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
        self.client = BreatherClient(
            languages=Languages(),
            help_cogs=help_cogs(settings),
            router=Routes(guard),
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
        """
        zoneinfo.reset_tzpath(())
        if await self._try_services():
            self.client.add_cogs(self._feature_cogs())

    async def try_again(self) -> bool:
        """Leave help-only mode if that is possible by now, while the client runs."""
        if not await self._try_services():
            return False
        await self.client.add_cogs_late(self._feature_cogs())
        return True

    async def close(self) -> None:
        """Finish the posts in flight, leave Discord, close the database."""
        services, self.services = self.services, None
        try:
            if services is not None:
                await services.engine.close()
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
            library = load_tips(self.settings.content_dir)
            self.client.languages = load_languages(self.settings.content_dir)
            database = await open_database(
                self.settings.database_url, self.settings.state_dir / "backups", self.clock.now
            )
        except BreatherError as error:
            self.problem = str(error)
            return False
        self.services = self._compose(database, library)
        self.problem = None
        return True

    def _compose(self, database: Database, library: TipLibrary) -> Services:
        clock = self.clock
        audit = AuditLog(database, clock)
        schedules = Schedules(database, clock)
        tips = Tips(database, library, clock, self._chance)
        guilds = Guilds(database, audit, clock, [_tips_hooks(schedules)])
        announcers = Announcers()
        announcers.register(TIPS, TipAnnouncer(tips, self._chance))
        sender = Sender(
            database=database,
            clock=clock,
            announcers=announcers,
            publisher=DiscordPublisher(
                self.client, guilds, self.client.languages, {TIPS: render_post}
            ),
            moderators=DiscordModerators(self.client, guilds),
            pace=Pace(POSTS_PER_SECOND / (self.settings.shard_count or 1)),
            lease_seconds=self._lease_seconds,
        )
        return Services(
            clock=clock,
            settings=self.settings,
            database=database,
            languages=self.client.languages,
            guilds=guilds,
            audit=audit,
            privacy=Privacy(database, [TipsPersonalData(), AuditPersonalData()]),
            schedules=schedules,
            tips=tips,
            curation=Curation(database, audit, clock),
            scheduling=Scheduling(database, schedules, audit),
            engine=Engine(database, clock, sender),
        )


def _tips_hooks(schedules: Schedules) -> FeatureHooks:
    async def forget(tx: Transaction, guild_id: int) -> None:
        for statement in tips_store.FORGET_GUILD:
            await tx.execute(statement, guild_id=guild_id)
        await schedules.remove_guild(tx, guild_id)

    return FeatureHooks(
        feature=TIPS,
        switch_on=partial(schedules.switch_on, kind=TIPS),
        switch_off=partial(schedules.switch_off, kind=TIPS),
        forget=forget,
    )
