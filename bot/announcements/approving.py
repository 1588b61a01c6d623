"""Use cases of a second moderator: approve what waits, or send it back with a reason."""

from bot.announcements import approval, store
from bot.announcements.approval import REASON_LENGTH, Hindrance, find_hindrance
from bot.announcements.keeping import Keeper, summarise
from bot.announcements.rules import Announcement
from bot.clock import Clock
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.storage import Database, Transaction
from bot.words import clean_line

WHY = {
    Hindrance.NOT_ASKED: "It doesn't wait for approval any more: it was approved, sent back or "
    "changed meanwhile. Nothing was changed now; /announcements shows how it stands.",
    Hindrance.CHANGED: "It was changed since, so this is not what would be posted. "
    "/announcements shows it as it is now.",
    Hindrance.UNKNOWN: "Whoever asked for approval has erased their data, so nobody can tell "
    "whether you are a second person. Send it back; then somebody can ask for approval again.",
    Hindrance.OWN: "You wrote this or asked for it, so a second person approves it: any other "
    "moderator, on the moderators' desk or in /announcements. If only the one who asked could, "
    "let them send it back; then you ask and they approve.",
}


class Approving:
    """Decisions about announcements that wait. The community's lock lets one of two win."""

    def __init__(
        self, database: Database, schedules: Schedules, audit: AuditLog, clock: Clock
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._keeper = Keeper(schedules, clock)

    async def approve(
        self, guild_id: int, actor_id: int, announcement_id: int, version: int
    ) -> Announcement:
        """Plan it as it was asked for. Raises :class:`RefusalError`.

        One that was to be posted at once is posted within a minute from now.
        """
        async with self._database.transaction() as tx:
            item, _ = await self._keeper.lock(tx, guild_id, announcement_id)
            _refuse(find_hindrance(item, actor_id, version))
            now = await self._keeper.plan_now(tx, guild_id) if item.asked_for_now else None
            plan = now or item.plan
            if plan is None:
                raise RefusalError(WHY[Hindrance.NOT_ASKED])
            try:
                planned = await self._keeper.plan(tx, approval.settle(item, actor_id), plan)
            except RefusalError as error:
                message = (
                    "Its time passed while it waited, so approving it would post nothing. Choose "
                    "another time in /announcements and ask for approval again, or send it back."
                )
                raise RefusalError(message) from error
            await self._note(tx, actor_id, item, f"approved: {summarise(planned)}")
        return planned

    async def send_back(
        self, guild_id: int, actor_id: int, announcement_id: int, version: int, reason: str
    ) -> Announcement:
        """Make it a draft again, with a reason; as it was before. Raises :class:`RefusalError`.

        Whoever asked can do so as well: that takes the question back.
        """
        reason = clean_line(reason, REASON_LENGTH)
        if not reason:
            message = "Your reason will be read by its author, so it can't be empty."
            raise RefusalError(message)
        async with self._database.transaction() as tx:
            item, _ = await self._keeper.lock(tx, guild_id, announcement_id)
            ensure_waiting(item, version)
            await store.save(tx, approval.send_back(item, reason))
            await self._note(tx, actor_id, item, "sent back")
        return item

    async def _note(self, tx: Transaction, actor_id: int, item: Announcement, new: str) -> None:
        change = Change("announcement.approval", item.words.title, "asked", new)
        await self._audit.write(tx, item.guild_id, actor_id, change)


def ensure_waiting(item: Announcement, version: int) -> None:
    """Refuse a decision on what doesn't wait any more, or is another version by now."""
    hindrance = find_hindrance(item, 0, version)
    _refuse(hindrance if hindrance in {Hindrance.NOT_ASKED, Hindrance.CHANGED} else None)


def _refuse(hindrance: Hindrance | None) -> None:
    if hindrance is not None:
        raise RefusalError(WHY[hindrance])
