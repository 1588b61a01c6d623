"""The announcer of kind ``tips``: what a schedule posts next."""

from dataclasses import dataclass
from random import Random

from bot.content.tips import Tip
from bot.delivery.ports import Nothing, Schedule
from bot.storage import Transaction
from bot.tips import rules, store
from bot.tips.service import Tips

KIND = "tips"


@dataclass(frozen=True, slots=True)
class TipPost:
    """A tip on its way to a channel. ``topics`` are the schedule's."""

    tip: Tip
    topics: tuple[str, ...]


class TipAnnouncer:
    """Draws from the schedule's shuffle bag; a pinned tip comes first, unless it was muted."""

    def __init__(self, tips: Tips, chance: Random) -> None:
        self._tips = tips
        self._chance = chance

    async def choose(
        self,
        tx: Transaction,
        schedule: Schedule,
        slot: str,  # noqa: ARG002 (the announcer's port)
    ) -> str | Nothing:
        """Draw a tip and keep the bag, in the ledger's transaction."""
        topics: list[str] = schedule.options.get("topics", [])
        bag, pinned = await store.fetch_bag(tx, schedule.schedule_id)
        if pinned is not None and pinned in await self._tips.eligible(schedule.guild_id, (), tx):
            await store.save_bag(tx, schedule.schedule_id, rules.draw_pinned(bag, pinned))
            return pinned
        eligible = list(await self._tips.eligible(schedule.guild_id, topics, tx))
        drawn = rules.draw(bag, eligible, self._chance)
        if drawn is None:
            return Nothing(await self._tips.explain_empty(schedule.guild_id, topics, tx))
        await store.save_bag(tx, schedule.schedule_id, drawn[1])
        return drawn[0]

    async def compose(self, schedule: Schedule, content_id: str) -> TipPost:
        """The tip that was drawn. Raises ``LookupError`` when an update removed it since."""
        tip = await self._tips.find(content_id)
        if tip is None:
            message = f"the tip {content_id} is no longer there"
            raise LookupError(message)
        return TipPost(tip, tuple(schedule.options.get("topics", ())))
