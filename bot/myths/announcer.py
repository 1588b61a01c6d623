"""The announcer of kind ``myths``: what a schedule posts next."""

from random import Random

from bot.content.myths import Myth
from bot.delivery.ports import Nothing, Schedule
from bot.myths import rules, store
from bot.myths.service import Myths
from bot.rotation import draw
from bot.storage import Transaction

KIND = "myths"


class MythAnnouncer:
    """Draws from the schedule's shuffle bag."""

    def __init__(self, myths: Myths, chance: Random) -> None:
        self._myths = myths
        self._chance = chance

    async def choose(
        self,
        tx: Transaction,
        schedule: Schedule,
        slot: str,  # noqa: ARG002 (the announcer's port)
    ) -> str | Nothing:
        """Draw one and keep the bag, in the ledger's transaction."""
        topics: list[str] = schedule.options.get("topics", [])
        bag = await store.fetch_bag(tx, schedule.schedule_id)
        drawn = draw(bag, self._myths.eligible(topics), self._chance)
        if drawn is None:
            return Nothing(rules.explain_empty(topics))
        await store.save_bag(tx, schedule.schedule_id, drawn[1])
        return drawn[0]

    async def compose(self, schedule: Schedule, content_id: str) -> Myth:  # noqa: ARG002 (the announcer's port)
        """The one that was drawn. Raises ``LookupError`` when an update removed it since."""
        myth = self._myths.find(content_id)
        if myth is None:
            message = f"{content_id} is no longer among the myths"
            raise LookupError(message)
        return myth
