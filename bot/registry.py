"""The registry of what is kept about people: which features enrol, and where erasures are noted."""

from bot.announcements.service import AnnouncementsPersonalData
from bot.check_ins.service import CheckInsPersonalData
from bot.claims.keys import ring_of
from bot.claims.personal_data import ClaimsPersonalData
from bot.clock import Clock
from bot.guilds.audit import AuditPersonalData
from bot.privacy.erasures import FILE_NAME, Erasures
from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.storage import Database
from bot.tips.service import TipsPersonalData


def make_privacy(database: Database, clock: Clock, settings: Settings) -> Privacy:
    """Everything that is kept about people in a database. Claims need no keys for it."""
    ring = ring_of(settings)
    hash_key = None if ring is None else ring.hash_key
    return Privacy(
        database,
        [
            TipsPersonalData(),
            CheckInsPersonalData(),
            AnnouncementsPersonalData(),
            ClaimsPersonalData(clock, ring),
            AuditPersonalData(),
        ],
        Erasures(settings.state_dir / FILE_NAME, clock, hash_key),
    )
