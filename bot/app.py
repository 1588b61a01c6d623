"""The composition root: opens everything in order, closes it in reverse, passes arguments."""

import logging
import zoneinfo
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random, SystemRandom

import aiohttp

from bot.claims.opening import open_claims
from bot.client import READY_SECONDS, BreatherClient, CogMaker
from bot.clock import Clock
from bot.composition import Opened, compose
from bot.content.collection import Content, load_content
from bot.content.loader import stamp_of
from bot.content.notices import load_notices
from bot.delivery import rules as delivery_rules
from bot.errors import BreatherError, ContentError, SettingsError
from bot.guilds.audit import AuditLog
from bot.i18n import Languages, load_languages
from bot.resources.search import load_search
from bot.resources.service import Search
from bot.safety.screening import Screen
from bot.services import Services
from bot.settings import Settings
from bot.storage.opening import open_database
from bot.zone_names import load_zone_names
from cogs import feature_cogs, help_cogs
from cogs.safety.net import SafetyNet
from cogs.ui.errors import answer_error, guard
from cogs.ui.routes import RoutedItem, Routes

log = logging.getLogger(__name__)

_load_screen = lru_cache(maxsize=2)(Screen.load)
"""The phrases are read once in a process."""


def _load_help_words(folder: Path) -> Mapping[str, str]:
    """Where help is, in other languages; none if they can't be read, which content names later."""
    try:
        notices = load_notices(folder).by_language
    except ContentError:
        return {}
    return {language: notice["help"] for language, notice in notices.items()}


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
        folder = settings.content_dir
        net = SafetyNet(_load_screen(folder), clock, _load_help_words(folder))
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
        self.services = compose(
            Opened(database, audit, content, search, claims),
            self.client,
            self.settings,
            self.clock,
            self._chance,
            self._lease_seconds,
        )
        self.problem = None
        return True
