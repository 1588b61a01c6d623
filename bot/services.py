"""What the cogs of features are given: every service, opened and composed by ``bot.app``."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.delivery.engine import Engine
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.i18n import Languages
from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.storage import Database
from bot.tips.curation import Curation
from bot.tips.scheduling import Scheduling
from bot.tips.service import Tips


@dataclass(frozen=True, slots=True)
class Services:
    """Open as long as the database is; ``bot.app`` closes them."""

    clock: Clock
    settings: Settings
    database: Database
    languages: Languages
    guilds: Guilds
    audit: AuditLog
    privacy: Privacy
    schedules: Schedules
    tips: Tips
    curation: Curation
    scheduling: Scheduling
    engine: Engine
