"""What the cogs of features are given: every service, opened and composed by ``bot.app``."""

from dataclasses import dataclass

from bot.announcements.service import Announcements
from bot.calendars.feeds import Feeds
from bot.campaigns.following import FollowTheSun
from bot.campaigns.pictures import Pictures
from bot.campaigns.service import Campaigns
from bot.check_ins.service import CheckIns
from bot.claims.opening import ClaimServices
from bot.clock import Clock
from bot.content.notices import Notices
from bot.content.small_talk import SmallTalk
from bot.delivery.engine import Engine
from bot.delivery.schedules import Schedules
from bot.events.renewing import Renewing
from bot.events.service import Events
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.i18n import Languages
from bot.myths.service import Myths
from bot.privacy.service import Privacy
from bot.reminders.service import Reminders
from bot.resources.curation import ResourceCuration
from bot.resources.service import Resources
from bot.schedules.service import Scheduling
from bot.settings import Settings
from bot.storage import Database
from bot.tips.curation import Curation
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
    myths: Myths
    campaigns: Campaigns
    following: FollowTheSun
    feeds: Feeds
    announcements: Announcements
    events: Events
    renewing: Renewing
    pictures: Pictures
    reminders: Reminders
    resources: Resources
    resource_curation: ResourceCuration
    notices: Notices
    small_talk: SmallTalk
    check_ins: CheckIns
    claims: ClaimServices | None
    """None where the operator has set no keys."""
    engine: Engine
