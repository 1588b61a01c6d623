"""Use cases of campaigns: on and off, what will be posted when, edit a step, leave one out.

A campaign of a community is one schedule, so the engine posts it: once, at its local time. What
a moderator wrote instead of a step's own text stands in the schedule's options. Nothing is kept
about members. Each change writes the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.campaigns import following, rules
from bot.campaigns.rules import KIND, CampaignPost
from bot.clock import Clock
from bot.content.campaigns import Campaign, CampaignLibrary
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.schedules import Schedules
from bot.delivery.times import Run
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class Choice:
    """What moderators choose for a campaign; without a channel it can't be on."""

    channel_id: int | None
    minute_of_day: int
    offsets: tuple[int, ...]
    role_id: int | None = None
    is_silent: bool = False
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A post that is to come, or that a moderator left out."""

    run: Run
    post: CampaignPost
    is_skipped: bool = False


class Campaigns:
    """The library, and what communities made of it."""

    def __init__(
        self,
        database: Database,
        schedules: Schedules,
        audit: AuditLog,
        clock: Clock,
        library: CampaignLibrary,
    ) -> None:
        self.library = library
        self._database = database
        self._schedules = schedules
        self._audit = audit
        self._clock = clock

    def find(self, campaign_id: str) -> Campaign:
        """A campaign. Raises :class:`RefusalError` when an update took it out."""
        campaign = self.library.by_id.get(campaign_id)
        if campaign is None:
            message = "That campaign is not there any more. /campaign shows those that are."
            raise RefusalError(message)
        return campaign

    async def in_guild(self, guild_id: int) -> dict[str, Schedule]:
        """The schedules of a community's campaigns by campaign, whatever their state."""
        return await self._in_guild(self._database, guild_id)

    async def choice(self, guild_id: int, campaign: Campaign) -> Choice:
        """What a community chose so far; before it did, how the campaign comes."""
        return _choice_of(campaign, (await self.in_guild(guild_id)).get(campaign.id))

    async def change(
        self,
        actor_id: int,
        guild_id: int,
        campaign: Campaign,
        zone: str,
        make: Callable[[Choice], Choice],
    ) -> Schedule:
        """Turn it on, or change what was chosen: ``make`` gets the choice as it stands.

        What is past by now is never made up for; what was posted and written for it is kept. Those
        who change it at once wait for each other. Raises :class:`RefusalError`.
        """
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            before = (await self._in_guild(tx, guild_id)).get(campaign.id)
            choice = make(_choice_of(campaign, before))
            if choice.channel_id is None:
                message = "Choose a channel first; that turns it on."
                raise RefusalError(message)
            if not choice.offsets:
                message = "Choose at least one step, so that there is something to post."
                raise RefusalError(message)
            options: dict[str, Any] = dict(before.options) if before else {"campaign": campaign.id}
            wanted = Schedule(
                schedule_id=before.schedule_id if before else 0,
                guild_id=guild_id,
                kind=KIND,
                channel_id=choice.channel_id,
                recurrence=rules.recur(campaign, zone, choice.minute_of_day, choice.offsets),
                role_id=choice.role_id,
                is_silent=choice.is_silent,
                options=options | {"steps": list(choice.offsets), "picture": choice.has_picture},
                state=ScheduleState.ACTIVE.value,
                problem=None,
                next_run_at=None,
            )
            saved = await self._schedules.save(tx, wanted)
            await following.move(self._schedules, tx, guild_id, campaign.id, choice.channel_id)
            old = _summarise(before) if before else None
            change = Change("campaign", campaign.id, old, _summarise(saved))
            await self._audit.write(tx, guild_id, actor_id, change)
        return saved

    async def turn_off(self, actor_id: int, schedule: Schedule) -> bool:
        """Post nothing more of it; False when it was off already. What was written is kept.

        Its board stops, too, and is to be switched on anew.
        """
        async with self._database.transaction() as tx:
            changed = await self._schedules.pause(tx, schedule)
            if changed:
                campaign_id = rules.campaign_id_of(schedule)
                await following.stop(self._schedules, tx, schedule.guild_id, campaign_id)
                change = Change("campaign", campaign_id, _summarise(schedule), "off")
                await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return changed

    async def calendar(self, schedule: Schedule, most: int = 8) -> list[Planned]:
        """What is to come, in order; also what was left out."""
        campaign = self.find(rules.campaign_id_of(schedule))
        skipped = await self._schedules.skipped(schedule)
        runs = self._schedules.all_runs(schedule, most)
        return [
            Planned(run, post, run.slot in skipped)
            for run in runs
            if (post := post_on(campaign, schedule.options, run.slot)) is not None
        ]

    async def skip(self, actor_id: int, schedule: Schedule, slot: str) -> None:
        """Leave one step out. Raises :class:`RefusalError` when its time has passed."""
        async with self._database.transaction() as tx:
            if not await self._schedules.skip(tx, schedule, slot):
                message = "That step is past, or it was left out already. Look at it again."
                raise RefusalError(message)
            change = _note_skip(schedule, slot, "planned", "skipped")
            await self._audit.write(tx, schedule.guild_id, actor_id, change)

    async def unskip(self, actor_id: int, schedule: Schedule, slot: str) -> None:
        """Take that back. Raises :class:`RefusalError` when its time has passed."""
        async with self._database.transaction() as tx:
            if not await self._schedules.unskip(tx, schedule, slot):
                message = "That step is past, or it is not left out any more. Look at it again."
                raise RefusalError(message)
            change = _note_skip(schedule, slot, "skipped", "planned")
            await self._audit.write(tx, schedule.guild_id, actor_id, change)

    async def rewrite(
        self, actor_id: int, schedule: Schedule, slot: str, words: rules.Words | None
    ) -> Schedule:
        """Say one step of one year in other words; None takes them back."""
        campaign = self.find(rules.campaign_id_of(schedule))
        found = campaign.step_on(date.fromisoformat(slot))
        if found is None:
            message = "That step is not there any more. Look at the calendar again."
            raise RefusalError(message)
        step, year = found
        key = f"{year}:{step.offset}"
        async with self._database.transaction() as tx:
            await lock_guild(tx, schedule.guild_id)
            current = (await self._in_guild(tx, schedule.guild_id)).get(campaign.id, schedule)
            written = dict(current.options.get("words", {}))
            written.pop(key, None)
            if words is not None:
                written[key] = {"title": words.title, "body": words.body}
            options = current.options | {"words": written}
            await self._schedules.change_options(tx, current, options)
            old, new = ("own", "written") if words is not None else ("written", "own")
            change = Change("campaign.words", f"{campaign.id} {slot}", old, new)
            await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return replace(current, options=options)

    async def _in_guild(self, db: Database | Transaction, guild_id: int) -> dict[str, Schedule]:
        found = await self._schedules.in_guild(guild_id, KIND, db)
        return {rules.campaign_id_of(schedule): schedule for schedule in found}


def _choice_of(campaign: Campaign, schedule: Schedule | None) -> Choice:
    """What was chosen so far; of a new one, how the campaign comes."""
    if schedule is None:
        return Choice(None, campaign.minute_of_day, tuple(rules.offsets_of(campaign)))
    return Choice(
        schedule.channel_id,
        schedule.recurrence.minute_of_day,
        tuple(rules.steps_of(schedule, campaign)),
        schedule.role_id,
        schedule.is_silent,
        rules.has_picture(schedule),
    )


def post_on(campaign: Campaign, options: dict[str, Any], slot: str) -> CampaignPost | None:
    """The post of a local date; None for a date without a step."""
    found = campaign.step_on(date.fromisoformat(slot))
    return None if found is None else rules.compose(campaign, found[1], found[0].offset, options)


def _note_skip(schedule: Schedule, slot: str, old: str, new: str) -> Change:
    return Change("campaign.skip", f"{rules.campaign_id_of(schedule)} {slot}", old, new)


def _summarise(schedule: Schedule) -> str:
    steps: Sequence[int] = schedule.options.get("steps", ())
    hours, minutes = divmod(schedule.recurrence.minute_of_day, 60)
    days = ", ".join(f"{offset:+d}" if offset else "0" for offset in steps)
    pictures = "; pictures" if rules.has_picture(schedule) else ""
    zone = schedule.recurrence.zone
    return f"<#{schedule.channel_id}> {hours:02}:{minutes:02} {zone}; {days}{pictures}"
