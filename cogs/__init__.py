"""Discord words and widgets, one module or package per feature. No rules, no SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cogs.about import AboutCog
from cogs.audit import AuditCog
from cogs.communities import CommunitiesCog
from cogs.help_now import HelpNow
from cogs.my_data import MyDataCog
from cogs.setup.commands import SetupCog
from cogs.status import StatusCog
from cogs.tips.commands import MemberTips
from cogs.tips.group import TipsGroup

if TYPE_CHECKING:
    from discord.ext import commands

    from bot.client import BreatherClient, CogMaker
    from bot.services import Services
    from bot.settings import Settings


def help_cogs(settings: Settings) -> Sequence[CogMaker]:
    """The cogs that need nothing that can break."""

    def help_now(client: BreatherClient) -> commands.Cog:
        return HelpNow(client, settings.content_dir)

    return [help_now]


def feature_cogs(services: Services) -> Sequence[CogMaker]:
    """Every other cog, in the order in which it is loaded."""

    def tips(client: BreatherClient) -> commands.Cog:
        return TipsGroup(client, services, member_tips(client))

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
        *map(simple, (SetupCog, StatusCog, AuditCog, MyDataCog, AboutCog, CommunitiesCog)),
    ]
