"""Tells moderators of a post that Discord rejected: of the first of several in a row."""

from bot.delivery import store
from bot.delivery.desk import Desk
from bot.delivery.lateness import LOOK_BACK
from bot.delivery.ports import Delivery, Schedule
from bot.delivery.rules import Note
from bot.storage import Database


class RejectionNotices:
    """What a schedule's moderators have to know. A rejected letter concerns no desk."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk

    async def tell(self, delivery: Delivery, schedule: Schedule) -> None:
        """Say that a post is left out, unless the one before it was rejected, too.

        Raises :class:`~bot.delivery.ports.UnknownOutcomeError` when it may not have arrived.
        """
        if delivery.recipient_id is None and not await self._was_told(delivery):
            channel_id = delivery.channel_id or schedule.channel_id
            words = explain_rejection(channel_id, delivery.due_at)
            await self._desk.tell(schedule.guild_id, words, delivery.key)

    async def _was_told(self, delivery: Delivery) -> bool:
        history = await store.fetch_history(self._database, delivery.schedule_id, LOOK_BACK)
        before = next((one for one in history if one.due_at < delivery.due_at), None)
        return before is not None and before.note == Note.REJECTED


def explain_rejection(channel_id: int, due_at: int) -> str:
    """A sentence for moderators on a post that Discord doesn't take as it is."""
    return (
        f"Discord didn't take my post for <#{channel_id}> that was due <t:{due_at}:f>, so I left "
        "it out. What comes next is posted as planned. If its words, links or picture are yours, "
        "please change what Discord may not like, where it was set up. If they aren't, tell "
        "whoever runs me: my log has the reason."
    )
