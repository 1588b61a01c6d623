"""The announcer of reminders: for whom a slot is, and what the message says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.content.campaigns import Campaign, CampaignLibrary
from bot.delivery.ports import Nothing, Recipient, Schedule, WithdrawnError
from bot.delivery.rules import reference_of
from bot.reminders import rules, store
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class ReminderPost:
    """A message to the person who asked for it, in the language that they asked in."""

    campaign: Campaign
    day: date
    is_eve: bool
    is_yearly: bool
    language: str


class ReminderAnnouncer:
    """A slot is a local date and the reminder that it is for."""

    def __init__(self, database: Database, library: CampaignLibrary) -> None:
        self._database = database
        self._library = library

    @staticmethod
    async def find_recipients(tx: Transaction, schedule: Schedule) -> Sequence[Recipient]:
        """Who set it; nobody, once it was stopped."""
        rows = await tx.fetch_all(store.SELECT_BY_SCHEDULE, schedule_id=schedule.schedule_id)
        return [Recipient(row["id"], row["user_id"]) for row in rows]

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """The date, for whoever still asks for it; nobody else waits for it or is told."""
        row = await tx.fetch_one(store.SELECT_BY_SCHEDULE, schedule_id=schedule.schedule_id)
        on = slot.partition("#")[0]
        if row is None or row["id"] != reference_of(slot):
            return Nothing()
        return on if self._read(row["campaign"], on) is not None else Nothing()

    async def compose(self, schedule: Schedule, content_id: str) -> ReminderPost:
        """What it says. Raises :class:`WithdrawnError` when it was stopped since."""
        row = await self._database.fetch_one(
            store.SELECT_BY_SCHEDULE, schedule_id=schedule.schedule_id
        )
        found = None if row is None else self._read(row["campaign"], content_id)
        if row is None or found is None:
            raise WithdrawnError
        campaign, day, is_eve = found
        return ReminderPost(campaign, day, is_eve, row["year"] is None, row["language"])

    def _read(self, campaign_id: str, on: str) -> tuple[Campaign, date, bool] | None:
        campaign = self._library.by_id.get(campaign_id)
        found = None if campaign is None else rules.read_slot(campaign, date.fromisoformat(on))
        return None if campaign is None or found is None else (campaign, *found)
