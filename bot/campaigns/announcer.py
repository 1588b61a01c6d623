"""The announcer of campaigns: which step falls on a slot, in which words."""

from datetime import date

from bot.campaigns import rules
from bot.content.campaigns import CampaignLibrary
from bot.delivery.ports import Nothing, Schedule
from bot.storage import Transaction


class CampaignAnnouncer:
    """A slot is a local date, and the date says the step and the year."""

    def __init__(self, library: CampaignLibrary) -> None:
        self._library = library

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
        """The step's words. Raises ``LookupError`` when an update took it out since."""
        campaign_id, year, offset = rules.read_post(content_id)
        campaign = self._library.by_id.get(campaign_id)
        options = schedule.options
        post = None if campaign is None else rules.compose(campaign, year, offset, options)
        if post is None:
            message = f"{content_id} is no longer among the campaigns"
            raise LookupError(message)
        return post
