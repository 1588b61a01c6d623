"""Everything that moderators do with schedules, made once for all kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.schedules.history import History
from cogs.schedules.panel import SchedulePanel
from cogs.schedules.running import Running
from cogs.schedules.skipping import Skipping
from cogs.schedules.which import Which

if TYPE_CHECKING:
    from bot.client import Router
    from bot.services import Services
    from cogs.schedules.kinds import Kinds


class Planning:
    """The parts behind the commands and buttons of every kind's schedules."""

    def __init__(self, routes: Router, services: Services, kinds: Kinds) -> None:
        """Register the routes, so this can be made once for a client only."""
        self.kinds = kinds
        self.panel = SchedulePanel(routes, services, kinds)
        self.which = Which(routes, services, kinds)
        self.skipping = Skipping(routes, services, kinds, self.which)
        self.running = Running(routes, services, kinds, self.which)
        self.history = History(services, kinds, self.which)
