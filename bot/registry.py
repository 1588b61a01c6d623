"""Which features enrol where: for people's privacy, and for a community's switches and leaving."""

from functools import partial

from sqlalchemy.sql.expression import ClauseElement

from bot.announcements.rules import KIND as ANNOUNCEMENT
from bot.announcements.service import AnnouncementsPersonalData
from bot.campaigns.rules import KIND as CAMPAIGN
from bot.campaigns.sun import KIND as SUN
from bot.check_ins import store as check_ins_store
from bot.check_ins.service import CheckInsPersonalData
from bot.claims import store as claims_store
from bot.claims.keys import ring_of
from bot.claims.personal_data import ClaimsPersonalData
from bot.clock import Clock
from bot.delivery.personal_data import DeliveriesPersonalData
from bot.delivery.schedules import Schedules
from bot.events.posts import KINDS as EVENTS
from bot.events.rsvps import EventsPersonalData
from bot.guilds.audit import AuditPersonalData
from bot.guilds.service import FeatureHooks, GuildAction
from bot.myths.announcer import KIND as MYTHS
from bot.privacy.erasures import FILE_NAME, Erasures
from bot.privacy.service import Privacy
from bot.reminders.service import RemindersPersonalData
from bot.resources import store as resources_store
from bot.settings import Settings
from bot.storage import Database, Transaction
from bot.tips import store as tips_store
from bot.tips.announcer import KIND as TIPS
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
            RemindersPersonalData(),
            DeliveriesPersonalData(),
            EventsPersonalData(),
            ClaimsPersonalData(clock, ring),
            AuditPersonalData(),
        ],
        Erasures(settings.state_dir / FILE_NAME, clock, hash_key),
    )


def make_hooks(
    schedules: Schedules, forget_announcements: GuildAction, forget_events: GuildAction
) -> list[FeatureHooks]:
    """What each feature does when a community switches it, or leaves."""
    return [
        _scheduled(TIPS, schedules, _forget(*tips_store.FORGET_GUILD)),
        _scheduled(MYTHS, schedules, _do_nothing),
        _scheduled(CAMPAIGN, schedules, _do_nothing),
        _scheduled(SUN, schedules, _do_nothing),
        _scheduled(ANNOUNCEMENT, schedules, forget_announcements),
        *(_scheduled(kind, schedules, forget_events) for kind in EVENTS),
        _kept("resources", resources_store.FORGET_GUILD),
        _kept("check_ins", check_ins_store.FORGET_GUILD),
        _kept("claims", *claims_store.FORGET_GUILD),
    ]


def _scheduled(kind: str, schedules: Schedules, forget_rest: GuildAction) -> FeatureHooks:
    """A feature with schedules of its kind, and what else is forgotten with its community."""

    async def forget(tx: Transaction, guild_id: int) -> None:
        await forget_rest(tx, guild_id)
        await schedules.remove_guild(tx, guild_id)

    return FeatureHooks(
        feature=kind,
        switch_on=partial(schedules.switch_on, kind=kind),
        switch_off=partial(schedules.switch_off, kind=kind),
        forget=forget,
    )


def _kept(feature: str, *statements: ClauseElement) -> FeatureHooks:
    """A feature that posts nothing, and forgets its community with these statements."""
    return FeatureHooks(feature, _do_nothing, _do_nothing, _forget(*statements))


def _forget(*statements: ClauseElement) -> GuildAction:
    async def forget(tx: Transaction, guild_id: int) -> None:
        for statement in statements:
            await tx.execute(statement, guild_id=guild_id)

    return forget


async def _do_nothing(_tx: Transaction, _guild_id: int) -> None:
    """A feature that needs nothing done."""
