"""Discord words and widgets, one module or package per feature. No rules, no SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cogs.help_now import HelpNow

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import CogMaker
    from bot.settings import Settings


def help_cogs(settings: Settings) -> Sequence[CogMaker]:
    """The cogs that need nothing that can break."""

    def help_now(client: object) -> HelpNow:
        return HelpNow(client, settings.content_dir)

    return [help_now]


def feature_cogs(services: Services) -> Sequence[CogMaker]:
    """Every other cog, in the order in which it is loaded."""
    return []
