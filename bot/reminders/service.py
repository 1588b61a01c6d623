"""Use cases of reminders: set one, change it, stop it, and see how the last one went.

Each has a schedule of its own that belongs to no community, so that no community takes it along
when it leaves. What is kept stands in ``tables``; only the person sees it.
"""

from typing import Any

from bot.clock import Clock
from bot.content.campaigns import Campaign, CampaignLibrary
from bot.delivery.ports import Schedule
from bot.delivery.rules import Note, ScheduleState
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.reminders import rules, store
from bot.reminders.rules import KIND, Reminder, Wish
from bot.storage import Database, Row, Transaction
from bot.storage.database import Value


class Reminders:
    """What people asked to be reminded of."""

    def __init__(
        self, database: Database, schedules: Schedules, clock: Clock, library: CampaignLibrary
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._clock = clock
        self._library = library

    async def find(self, user_id: int, campaign_id: str) -> Reminder | None:
        """What the person set for a campaign."""
        row = await self._fetch(user_id, campaign_id)
        return None if row is None else store.to_reminder(row)

    async def has_failed(self, user_id: int, campaign_id: str) -> bool:
        """Whether Discord did not let the last one through, as far as the ledger still knows."""
        row = await self._fetch(user_id, campaign_id)
        last = [] if row is None else await self._schedules.history(row["schedule_id"], 1)
        return any(item.note == Note.UNREACHABLE.value for item in last)

    async def set(self, user_id: int, wish: Wish) -> Reminder:
        """Keep a wish, in the place of an earlier one for the same campaign.

        What was on its way for the earlier one is not sent any more. Raises :class:`RefusalError`
        for a campaign that is gone, and for one reminder too many.
        """
        campaign = self._find(wish.campaign_id)
        recurrence, year = rules.recur(campaign, wish, self._clock.now())
        own: dict[str, Value] = {"user_id": user_id, "campaign": wish.campaign_id}
        async with self._database.transaction() as tx:
            await tx.execute(store.ADD, **own)
            row = await tx.fetch_one(store.LOCK, **own)
            counted = await tx.fetch_one(store.COUNT_PERSON, user_id=user_id)
            if row is None or counted is None or counted["kept"] > rules.MOST:
                message = (
                    f"You have {rules.MOST} reminders already, so nothing was set. Stop one of "
                    "them first; /my-data lists them."
                )
                raise RefusalError(message)
            wanted = Schedule(
                schedule_id=0,
                guild_id=rules.NOBODYS,
                kind=KIND,
                channel_id=0,
                recurrence=recurrence,
                role_id=None,
                is_silent=False,
                options={},
                state=ScheduleState.ACTIVE.value,
                problem=None,
                next_run_at=None,
            )
            saved = await self._schedules.save(tx, wanted)
            await tx.execute(
                store.CHANGE,
                reminder_id=row["id"],
                new_days=wish.days.value,
                new_year=year,
                new_language=wish.language,
                new_schedule_id=saved.schedule_id,
            )
            if row["schedule_id"] is not None:
                await self._schedules.remove(tx, row["schedule_id"])
        return Reminder(row["id"], wish, year, saved.next_run_at)

    async def stop(self, user_id: int, campaign_id: str) -> Wish | None:
        """Forget it at once, also what is on its way; what it was, or None when there was none."""
        async with self._database.transaction() as tx:
            row = await tx.fetch_one(store.SELECT_OWN, user_id=user_id, campaign=campaign_id)
            if row is None:
                return None
            await self._schedules.remove(tx, row["schedule_id"])
        return store.to_reminder(row).wish

    async def sweep(self) -> None:
        """Forget those that were for one year and are over. Part of the nightly housekeeping."""
        async with self._database.transaction() as tx:
            await self._schedules.remove_finished(tx, KIND)

    async def _fetch(self, user_id: int, campaign_id: str) -> Row | None:
        return await self._database.fetch_one(
            store.SELECT_OWN, user_id=user_id, campaign=campaign_id
        )

    def _find(self, campaign_id: str) -> Campaign:
        campaign = self._library.by_id.get(campaign_id)
        if campaign is None:
            message = "That campaign is not there any more, so nothing was set. /wmhd still is."
            raise RefusalError(message)
        return campaign


class RemindersPersonalData:
    """What reminders keep about a person, for ``/my-data``."""

    name = "reminders"
    tables = frozenset({"reminders"})

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """What they asked to be reminded of, and when."""
        rows = await database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        names = ("campaign", "days", "year", "minute_of_day", "zone", "language", "next_run_at")
        return {"reminders": [{name: row[name] for name in names} for row in rows]}

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Erase them with their schedules: nothing more comes, and nothing stays."""
        await tx.execute(store.DELETE_PERSON_SCHEDULES, user_id=user_id)
        await tx.execute(store.DELETE_PERSON, user_id=user_id)
        return None
