"""Use cases of the board that follows the sun: opt in and out, and what it shows now.

Off until a moderator switches it on. What is counted is communities and their zones, never who;
nobody outside is told a number below ten. A community's opt-in is one schedule, so the engine
posts its board: once, when the day begins first. Each change writes the log.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.campaigns import store, sun
from bot.campaigns.places import world_on
from bot.campaigns.rules import KIND as CAMPAIGN
from bot.campaigns.rules import campaign_id_of
from bot.clock import Clock
from bot.content.campaigns import Campaign, CampaignLibrary
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class SunPost:
    """What a board says."""

    campaign: Campaign
    board: sun.Board


class Standing(StrEnum):
    """How a community's board stands."""

    OFF = "off"
    BROKEN = "broken"
    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Follow:
    """A community's part in it: the standing, its schedule, and this round's board, if any."""

    standing: Standing
    schedule: Schedule | None = None
    channel_id: int | None = None
    posted_at: int | None = None

    @property
    def is_on(self) -> bool:
        """Whether it is switched on: a channel that is gone doesn't switch it off."""
        return self.standing != Standing.OFF


class FollowTheSun:
    """The boards of every campaign that has one."""

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

    def find(self, campaign_id: str) -> Campaign | None:
        """A campaign that has a board."""
        campaign = self.library.by_id.get(campaign_id)
        return campaign if campaign is not None and campaign.follows_sun else None

    def day_now(self, campaign: Campaign) -> date:
        """The day of the round that is now or comes next."""
        return sun.day_at(campaign.month, campaign.day, self._clock.now())

    def reached(self, day: date) -> int:
        """How many offsets a day has reached by now."""
        return len(sun.make_board(day, self._clock.now(), world_on(day).ladder, {}).begun)

    async def board(self, campaign: Campaign, own_zone: str | None = None) -> sun.Board:
        """The board as it is now; with a zone, also when the day is there."""
        return await self.board_on(campaign, self.day_now(campaign), own_zone)

    async def board_on(
        self, campaign: Campaign, day: date, own_zone: str | None = None
    ) -> sun.Board:
        """The board of one round as it is now."""
        counts = await store.count_zones(self._database, campaign.id)
        return sun.make_board(day, self._clock.now(), world_on(day).ladder, counts, own_zone)

    async def zone_of(self, guild_id: int) -> str:
        """A community's zone."""
        row = await self._database.fetch_one(store.SELECT_ZONE, guild_id=guild_id)
        return "UTC" if row is None else str(row["zone"])

    async def look(self, guild_id: int, campaign: Campaign) -> Follow:
        """How it stands in a community."""
        schedule = await find_schedule(self._schedules, self._database, guild_id, campaign.id)
        if schedule is None or schedule.state in {ScheduleState.PAUSED, ScheduleState.AWAY}:
            return Follow(Standing.OFF, schedule)
        if schedule.state == ScheduleState.BROKEN:
            return Follow(Standing.BROKEN, schedule)
        row = await self._database.fetch_one(store.SELECT_LATEST, schedule_id=schedule.schedule_id)
        name = name_board(campaign.id, self.day_now(campaign).year)
        if row is None or row["content_id"] != name:
            return Follow(Standing.WAITING, schedule)
        standing = Standing.STOPPED if row["is_stopped"] else Standing.RUNNING
        return Follow(standing, schedule, row["channel_id"], row["finished_at"])

    async def switch_on(self, actor_id: int, guild_id: int, campaign: Campaign) -> None:
        """Opt in: the board goes where the campaign is posted, at once while it fills.

        Raises :class:`RefusalError` while the campaign itself is off.
        """
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            posts = [
                schedule
                for schedule in await self._schedules.in_guild(guild_id, CAMPAIGN, tx)
                if campaign_id_of(schedule) == campaign.id
                and schedule.state == ScheduleState.ACTIVE
            ]
            if not posts:
                message = "The campaign is off. Open /campaign and turn it on first."
                raise RefusalError(message)
            before = await find_schedule(self._schedules, tx, guild_id, campaign.id)
            if before is not None and before.state == ScheduleState.ACTIVE:
                return
            await self._save(tx, guild_id, campaign, posts[0].channel_id, before)
            await self._audit.write(
                tx, guild_id, actor_id, Change("campaign.sun", campaign.id, "off", "on")
            )

    async def switch_off(self, actor_id: int, guild_id: int, campaign_id: str) -> bool:
        """Opt out: the board is left as it is, and the community is not counted any more.

        False when it was off already.
        """
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            if not await stop(self._schedules, tx, guild_id, campaign_id):
                return False
            await self._audit.write(
                tx, guild_id, actor_id, Change("campaign.sun", campaign_id, "on", "off")
            )
        return True

    async def _save(
        self,
        tx: Transaction,
        guild_id: int,
        campaign: Campaign,
        channel_id: int,
        before: Schedule | None,
    ) -> None:
        wanted = Schedule(
            schedule_id=before.schedule_id if before else 0,
            guild_id=guild_id,
            kind=sun.KIND,
            channel_id=channel_id,
            recurrence=sun.recur(campaign.month, campaign.day),
            role_id=None,
            is_silent=True,
            options={"campaign": campaign.id},
            state=ScheduleState.ACTIVE.value,
            problem=None,
            next_run_at=None,
        )
        now, start = self._clock.now(), sun.starts_at(self.day_now(campaign))
        is_filling = start <= now <= sun.welcome_until("", start)
        await self._schedules.save(tx, wanted, since=start - 1 if is_filling else None)


def name_board(campaign_id: str, year: int) -> str:
    """The name under which the ledger keeps the board of a year."""
    return f"{campaign_id}:{year}"


def read_board(content_id: str) -> tuple[str, int]:
    """The campaign and the year of a name. Raises ``ValueError``."""
    campaign_id, year = content_id.rsplit(":", 1)
    return campaign_id, int(year)


async def find_schedule(
    schedules: Schedules, db: Database | Transaction, guild_id: int, campaign_id: str
) -> Schedule | None:
    """A community's opt-in, whatever its state."""
    found = await schedules.in_guild(guild_id, sun.KIND, db)
    return next((item for item in found if campaign_id_of(item) == campaign_id), None)


async def stop(schedules: Schedules, tx: Transaction, guild_id: int, campaign_id: str) -> bool:
    """End a community's opt-in; False when there is none."""
    schedule = await find_schedule(schedules, tx, guild_id, campaign_id)
    if schedule is not None and schedule.state == ScheduleState.BROKEN:
        schedule = await schedules.save(tx, schedule)  # only what is active can be paused
    return schedule is not None and await schedules.pause(tx, schedule)


async def move(
    schedules: Schedules, tx: Transaction, guild_id: int, campaign_id: str, channel_id: int
) -> None:
    """Let the board go where the campaign goes; one whose channel was gone is on again."""
    schedule = await find_schedule(schedules, tx, guild_id, campaign_id)
    if schedule is None or schedule.state not in {ScheduleState.ACTIVE, ScheduleState.BROKEN}:
        return
    if schedule.channel_id != channel_id or schedule.state == ScheduleState.BROKEN:
        await schedules.save(tx, replace(schedule, channel_id=channel_id))
