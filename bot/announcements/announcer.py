"""The announcer of announcements: what is posted is what the row says at that moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.announcements import store
from bot.announcements.rules import Announcement, AnnouncementPost
from bot.delivery.ports import Nothing, Schedule
from bot.storage import Database, Transaction


class AnnouncementAnnouncer:
    """A schedule's options name the announcement; the ledger keeps its id, never its words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """The announcement, unless it is deleted by now, or not approved as it stands."""
        item = await _find(tx, schedule)
        if item is None:
            return Nothing(
                f"An announcement that was planned for {slot} is deleted, so nothing was posted. "
                "/announcements shows what is planned."
            )
        if item.is_held:
            return Nothing(
                f"“{item.words.title}” was changed since a second moderator approved it, so it "
                f"was not posted on {slot}. /announcements shows it: ask for approval there."
            )
        return str(item.announcement_id)

    async def compose(self, schedule: Schedule, content_id: str) -> AnnouncementPost:
        """Its words and picture.

        Raises ``LookupError`` when it was deleted, or changed without approval, a moment ago.
        """
        item = await _find(self._database, schedule)
        if item is None or item.is_held:
            message = f"announcement {content_id} is deleted or waits for approval"
            raise LookupError(message)
        picture = await store.read_picture(self._database, item)
        words = item.words
        files = () if picture is None else (picture,)
        return AnnouncementPost(words.title, words.body, words.link, files)

    async def explain_late(self, schedule: Schedule, due_at: int) -> str:
        """A sentence for moderators, and among them its author, on a post that came too late."""
        item = await _find(self._database, schedule)
        title = "An announcement" if item is None else f"The announcement “{item.words.title}”"
        author = "" if item is None or item.author_id is None else f" It was <@{item.author_id}>'s."
        zone = schedule.recurrence.zone
        due = datetime.fromtimestamp(due_at, UTC).astimezone(ZoneInfo(zone))
        return (
            f"{title} was due on {due:%Y-%m-%d} at {due:%H:%M} ({zone}). I was away for more than "
            f"3 hours after that, so I left it out rather than post it late.{author} "
            "/announcements shows it: Duplicate it to post it now."
        )


async def _find(db: Database | Transaction, schedule: Schedule) -> Announcement | None:
    number = int(schedule.options.get("announcement", 0))
    item = await store.fetch_one(db, schedule.guild_id, number)
    return None if item is None or item.removed_at is not None else item
