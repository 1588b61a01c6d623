"""Discord words and widgets, one module or package per feature. No rules, no SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from cogs.about import AboutCog
from cogs.announcements.commands import AnnouncementsCog
from cogs.audit import AuditCog
from cogs.campaigns import campaigns_cogs
from cogs.check_ins import CheckInCog
from cogs.claims import claims_cogs
from cogs.communities import CommunitiesCog
from cogs.events import events_cogs
from cogs.help_now import HelpNow
from cogs.my_data import MyDataCog
from cogs.myths.commands import MemberMyths
from cogs.myths.group import MythsGroup
from cogs.myths.schedule import myths_kind
from cogs.reminders.commands import RemindersCog
from cogs.resources.ask import AskCog
from cogs.resources.group import ResourcesGroup
from cogs.schedules.planning import Planning
from cogs.setup.commands import SetupCog
from cogs.status import StatusCog
from cogs.support import SupportCog
from cogs.tips.commands import MemberTips
from cogs.tips.group import TipsGroup
from cogs.tips.schedule import tips_kind

if TYPE_CHECKING:
    from discord.ext import commands

    from bot.client import BreatherClient, CogMaker
    from bot.clock import Clock
    from bot.services import Services
    from bot.settings import Settings


def help_cogs(settings: Settings, clock: Clock) -> Sequence[CogMaker]:
    """The cogs that need nothing that can break."""

    def help_now(client: BreatherClient) -> commands.Cog:
        return HelpNow(client, settings.content_dir, clock)

    return [help_now]


def feature_cogs(services: Services) -> Sequence[CogMaker]:
    """Every other cog, in the order in which it is loaded."""
    kinds = {kind.kind: kind for kind in (tips_kind(services), myths_kind(services))}

    @cache
    def planning(client: BreatherClient) -> Planning:
        return Planning(client.routes, services, kinds)

    def tips(client: BreatherClient) -> commands.Cog:
        return TipsGroup(client, services, planning(client), member_tips(client))

    def myths(client: BreatherClient) -> commands.Cog:
        return MythsGroup(services, planning(client))

    def status(client: BreatherClient) -> commands.Cog:
        return StatusCog(client, services, kinds)

    members: dict[int, MemberTips] = {}

    def member_tips(client: BreatherClient) -> MemberTips:
        if id(client) not in members:
            members[id(client)] = MemberTips(client, services)
        return members[id(client)]

    def simple(cog: Callable[[BreatherClient, Services], commands.Cog]) -> CogMaker:
        def make(client: BreatherClient) -> commands.Cog:
            return cog(client, services)

        make.__name__ = cog.__name__
        return make

    return [
        member_tips,
        tips,
        myths,
        status,
        *claims_cogs(services),
        *campaigns_cogs(services),
        simple(AnnouncementsCog),
        *events_cogs(services),
        simple(RemindersCog),
        *map(simple, (MemberMyths, AskCog, ResourcesGroup, SupportCog, CheckInCog)),
        *map(simple, (SetupCog, AuditCog, MyDataCog, AboutCog, CommunitiesCog)),
    ]
