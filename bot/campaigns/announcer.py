"""The announcers of campaigns: which step falls on a slot, and the board of the day itself."""

from datetime import date

from bot.campaigns import rules, store
from bot.campaigns.following import FollowTheSun, SunPost, name_board, read_board
from bot.campaigns.pictures import Pictures
from bot.content.campaigns import CampaignLibrary
from bot.delivery.ports import Nothing, Schedule
from bot.storage import Transaction


class CampaignAnnouncer:
    """A slot is a local date, and the date says the step and the year."""

    def __init__(self, library: CampaignLibrary, pictures: Pictures | None = None) -> None:
        self._library = library
        self._pictures = pictures

    async def choose(self, _tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """The step of a date."""
        campaign_id = rules.campaign_id_of(schedule)
        campaign = self._library.by_id.get(campaign_id)
        found = None if campaign is None else campaign.step_on(date.fromisoformat(slot))
        if campaign is None or found is None:
            return Nothing(
                f"The campaign {campaign_id} has no text for {slot} any more, so nothing was "
                "posted. /campaign shows what there is."
            )
        step, year = found
        return rules.name_post(campaign_id, year, step.offset)

    async def compose(self, schedule: Schedule, content_id: str) -> rules.CampaignPost:
        """The step's words, and its picture if moderators want one with each step.

        Raises ``LookupError`` when an update took it out since.
        """
        campaign_id, year, offset = rules.read_post(content_id)
        campaign = self._library.by_id.get(campaign_id)
        options = schedule.options
        post = None if campaign is None else rules.compose(campaign, year, offset, options)
        if post is None:
            message = f"{content_id} is no longer among the campaigns"
            raise LookupError(message)
        return post if self._pictures is None else await self._pictures.dress(schedule, post)


class SunAnnouncer:
    """A slot is the day, wherever it begins first."""

    def __init__(self, following: FollowTheSun) -> None:
        self._following = following

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """The board of a day; what it will show is marked, so that it is not edited for that."""
        campaign_id, day = rules.campaign_id_of(schedule), date.fromisoformat(slot)
        if self._following.find(campaign_id) is None:
            return Nothing(
                f"The campaign {campaign_id} has no board any more, so nothing was posted. "
                "/campaign shows what there is."
            )
        await tx.execute(
            store.REMEMBER,
            schedule_id=schedule.schedule_id,
            slot=slot,
            reached=str(self._following.reached(day)),
        )
        return name_board(campaign_id, day.year)

    async def compose(self, schedule: Schedule, content_id: str) -> SunPost:
        """The board as it is now. Raises ``LookupError`` when an update took it out since."""
        campaign_id, year = read_board(content_id)
        campaign = self._following.find(campaign_id)
        if campaign is None:
            message = f"{content_id} is no longer among the campaigns with a board"
            raise LookupError(message)
        zone = await self._following.zone_of(schedule.guild_id)
        board = await self._following.board_on(campaign, campaign.day_in(year), zone)
        return SunPost(campaign, board)
