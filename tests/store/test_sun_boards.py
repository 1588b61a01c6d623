"""The board that follows the sun, through the real engine: posted once, then kept up."""

import asyncio
from collections import Counter

import pytest

from bot.campaigns import sun
from bot.campaigns.announcer import CampaignAnnouncer, SunAnnouncer
from bot.campaigns.boards import Boards
from bot.campaigns.calendar import of_guild
from bot.campaigns.following import FollowTheSun, Standing
from bot.campaigns.rules import KIND, ends_of_day
from bot.campaigns.service import Campaigns, Choice
from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.content.campaigns import Campaign, CampaignLibrary, load_campaigns
from bot.delivery.editor import Editor
from bot.delivery.engine import Engine
from bot.delivery.letters import LetterPace
from bot.delivery.pace import Pace
from bot.delivery.ports import Announcers, Post
from bot.delivery.schedules import Schedules
from bot.delivery.sender import Sender
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.registry import make_hooks
from bot.storage import Database, Transaction
from tests.conftest import ROOT
from tests.store.delivering import Discord, Moderators, dropped, killed, refused
from tests.unit.test_times import instant

MODERATOR = 9
START = instant("2027-10-09T10:00Z")
FULL = START + 26 * HOUR
OVER = START + 50 * HOUR
BEFORE = START - 30 * DAY
RUNGS = 38


class Crowd(Pace):
    """A pace that says how many waited for their turn at once."""

    def __init__(self) -> None:
        super().__init__(1_000_000)
        self.waiting = self.most = 0

    async def turn(self) -> None:
        """Wait, counted."""
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await asyncio.sleep(0)
        await super().turn()
        self.waiting -= 1


class Sky:
    """One process on a database, as the composition root puts it together for the board."""

    def __init__(
        self, database: Database, clock: MovableClock, discord: Discord, library: CampaignLibrary
    ) -> None:
        self.database = database
        self.clock = clock
        self.discord = discord
        self.library = library
        self.moderators = Moderators()
        self.schedules = Schedules(database, clock)
        audit = AuditLog(database, clock)
        self.audit = audit
        self.guilds = Guilds(
            database, audit, clock, make_hooks(self.schedules, do_nothing, do_nothing)
        )
        self.campaigns = Campaigns(database, self.schedules, audit, clock, library)
        self.following = FollowTheSun(database, self.schedules, audit, clock, library)
        announcers = Announcers()
        announcers.register(KIND, CampaignAnnouncer(library), ends_of_day)
        announcers.register(sun.KIND, SunAnnouncer(self.following), sun.welcome_until)
        self.pace = Crowd()
        sender = Sender(
            database=database,
            clock=clock,
            announcers=announcers,
            publisher=discord,
            moderators=self.moderators,
            pace=self.pace,
            letter_pace=LetterPace(database, clock, announcers, 1_000_000),
        )
        self.engine = Engine(database, clock, sender)
        editor = Editor(discord, self.pace)
        self.boards = Boards(database, clock, self.following, editor, self.engine)
        self.engine.each_minute.append(self.boards.keep_up)

    def successor(self, database: Database | None = None) -> "Sky":
        """The process that is started after this one, or beside it."""
        return Sky(database or self.database, self.clock, self.discord, self.library)

    @property
    def day(self) -> Campaign:
        """World Mental Health Day."""
        return self.library.by_id["world-mental-health-day"]

    async def tick(self, at: int) -> None:
        """Move to an instant and do what a minute does."""
        self.clock.move_to(at)
        await self.engine.tick()

    async def run_until(self, end: int) -> None:
        """Let time pass by quarters of an hour: no offset lies between."""
        for at in range(self.clock.now() // 900 * 900 + 900, end + 1, 900):
            await self.tick(at)
        await self.tick(end)

    async def join(self, guild_id: int, zone: str, *, follows: bool = True) -> None:
        """A community with the day's posts in the channel with its id, and the board."""
        await self.guilds.change(guild_id, MODERATOR, zone=zone)
        choice = Choice(guild_id, 600, (1,), None)
        await self.campaigns.change(MODERATOR, guild_id, self.day, zone, lambda _: choice)
        if follows:
            await self.following.switch_on(MODERATOR, guild_id, self.day)

    def boards_of(self, guild_id: int) -> list[tuple[int, Post]]:
        """The boards in a community's channel, and when they were posted."""
        return [
            (at, post)
            for at, post in self.discord.messages
            if post.kind == sun.KIND and post.channel_id == guild_id
        ]

    def edited(self, guild_id: int) -> list[int]:
        """When a community's board was edited."""
        return [at for at, post in self.discord.edits if post.channel_id == guild_id]

    def shown(self, guild_id: int) -> sun.Board:
        """What a community's only board shows."""
        ((_, post),) = self.boards_of(guild_id)
        board: sun.Board = post.body.board
        return board


async def do_nothing(_tx: Transaction, _guild_id: int) -> None:
    """Nothing else is forgotten."""


@pytest.fixture(scope="module")
def library() -> CampaignLibrary:
    """The campaigns that ship."""
    return load_campaigns(ROOT / "data")


@pytest.fixture
def sky(database: Database, library: CampaignLibrary) -> Sky:
    """A process on the database, a month before the day."""
    clock = MovableClock(BEFORE)
    return Sky(database, clock, Discord(clock), library)


async def test_over_the_day_a_board_is_posted_once_and_edited_as_each_offset_is_reached(
    sky: Sky,
) -> None:
    zones = {1: "Pacific/Kiritimati", 2: "Asia/Kathmandu", 3: "Etc/GMT+12"}
    for guild_id, zone in zones.items():
        await sky.join(guild_id, zone)
    await sky.join(4, "UTC", follows=False)
    sky.clock.move_to(START - HOUR)

    await sky.run_until(OVER + DAY)

    for guild_id, zone in zones.items():
        ((at, post),) = sky.boards_of(guild_id)
        assert (at, post.role_id, post.is_silent) == (START, None, True)
        shown = sky.shown(guild_id)
        assert sky.edited(guild_id) == [rung.begins_at for rung in shown.rungs[1:]]
        assert (len(shown.begun), shown.upcoming, shown.now) == (RUNGS, None, FULL)
        assert shown.own == sun.own_day(zone, shown.day)
    assert sky.boards_of(4) == []
    assert sky.moderators.told == []
    follow = await sky.following.look(1, sky.day)
    assert follow.standing == Standing.WAITING
    assert follow.schedule is not None
    assert follow.schedule.next_run_at == instant("2028-10-09T10:00Z")


async def test_a_bot_that_was_away_catches_up_with_one_edit_each(sky: Sky) -> None:
    await sky.join(1, "Europe/Berlin")
    await sky.tick(START)
    successor = sky.successor()

    await successor.tick(START + 9 * HOUR)
    await successor.tick(START + 9 * HOUR + MINUTE)
    await successor.successor().tick(FULL + 20 * HOUR)

    assert sky.edited(1) == [START + 9 * HOUR, FULL + 20 * HOUR]
    assert len(sky.shown(1).begun) == RUNGS


@pytest.mark.parametrize(("late", "posted"), [(25 * HOUR + 3599, 1), (26 * HOUR, 0)])
async def test_a_bot_that_was_away_at_the_beginning_posts_while_there_is_something_to_fill(
    sky: Sky, late: int, posted: int
) -> None:
    await sky.join(1, "UTC")
    await sky.tick(START - HOUR)
    await sky.tick(START + late)
    await sky.tick(OVER)
    assert len(sky.boards_of(1)) == posted


async def test_once_the_day_is_over_everywhere_a_board_is_not_touched_any_more(sky: Sky) -> None:
    await sky.join(1, "UTC")
    await sky.tick(START + 5 * HOUR)
    await sky.tick(OVER)
    assert sky.edited(1) == []


async def test_switched_off_in_the_middle_it_stops_and_on_again_the_same_board_goes_on(
    sky: Sky,
) -> None:
    await sky.join(1, "UTC")
    await sky.tick(START + HOUR)
    assert await sky.following.switch_off(MODERATOR, 1, sky.day.id)
    assert not await sky.following.switch_off(MODERATOR, 1, sky.day.id)
    assert (await sky.following.board(sky.day)).communities == 0
    await sky.run_until(START + 5 * HOUR)
    assert sky.edited(1) == []

    await sky.following.switch_on(MODERATOR, 1, sky.day)
    await sky.run_until(START + 6 * HOUR)

    assert len(sky.boards_of(1)) == 1
    assert len(sky.shown(1).begun) == 11
    changes = [entry.change for entry in await sky.audit.latest(1, 99)]
    found = [(one.old, one.new) for one in changes if one.action == "campaign.sun"]
    assert found == [("off", "on"), ("on", "off"), ("off", "on")]


async def test_switched_on_late_it_is_posted_at_once_with_what_has_begun_by_then(sky: Sky) -> None:
    for guild_id, after in ((1, 5 * HOUR + 60), (2, 26 * HOUR)):
        sky.clock.move_to(START + after)
        await sky.join(guild_id, "UTC")
        await sky.tick(START + after + MINUTE)
    assert [at for at, _ in sky.boards_of(1)] == [START + 5 * HOUR + 120]
    assert sky.boards_of(2) == []
    await sky.tick(instant("2028-10-09T10:00Z"))
    assert [len(sky.boards_of(guild_id)) for guild_id in (1, 2)] == [2, 1]


async def test_a_board_that_was_deleted_stops_quietly_and_the_others_go_on(sky: Sky) -> None:
    for guild_id in (1, 2):
        await sky.join(guild_id, "UTC")
    await sky.tick(START)
    sky.discord.outcomes.append(refused)

    await sky.run_until(START + 3 * HOUR)

    assert (sky.edited(1), len(sky.edited(2))) == ([], 4)
    assert sky.moderators.told == []
    assert (await sky.following.look(1, sky.day)).standing == Standing.STOPPED
    assert (await sky.following.look(2, sky.day)).standing == Standing.RUNNING
    await sky.run_until(OVER)
    await sky.tick(instant("2028-10-09T10:00Z"))
    assert len(sky.boards_of(1)) == 2
    assert (await sky.following.look(1, sky.day)).standing == Standing.RUNNING


async def test_an_edit_that_was_lost_is_made_again(sky: Sky) -> None:
    await sky.join(1, "UTC")
    await sky.tick(START)
    sky.discord.outcomes.append(dropped)
    await sky.tick(START + HOUR)
    await sky.tick(START + HOUR + MINUTE)
    await sky.tick(START + HOUR + 2 * MINUTE)
    assert sky.edited(1) == [START + HOUR + MINUTE]


async def test_a_process_that_dies_while_it_posts_leaves_one_board_that_is_kept_up(
    sky: Sky,
) -> None:
    await sky.join(1, "UTC")
    sky.discord.outcomes.append(killed)
    await sky.tick(START)
    successor = sky.successor()
    await successor.tick(START + 10 * MINUTE)
    await successor.tick(START + 3 * HOUR)
    assert [at for at, _ in sky.boards_of(1)] == [START]
    assert len(sky.shown(1).begun) == 5


async def test_of_two_processes_one_edits_each_board_and_posts_need_not_wait_for_them(
    sky: Sky, other: Database
) -> None:
    for guild_id in range(1, 121):
        await sky.join(guild_id, "UTC")
    await sky.tick(START)
    second = sky.successor(other)
    sky.pace.most = 0
    sky.clock.move_to(START + HOUR)

    await asyncio.gather(sky.engine.tick(), second.engine.tick(), sky.engine.tick())

    assert Counter(post.channel_id for _, post in sky.discord.edits) == dict.fromkeys(
        range(1, 121), 1
    )
    assert sky.pace.most <= 1  # so a post that comes waits for one edit, not for all of them


async def test_a_bot_that_closes_leaves_the_rest_to_its_next_start(sky: Sky) -> None:
    for guild_id in range(1, 3):
        await sky.join(guild_id, "UTC")
    await sky.tick(START)
    sky.clock.move_to(START + HOUR)
    await sky.engine.close()
    await sky.boards.keep_up()
    assert sky.discord.edits == []
    await sky.successor().tick(START + HOUR)
    assert len(sky.discord.edits) == 2


async def test_what_changes_meanwhile_is_counted_at_the_next_offset(sky: Sky) -> None:
    zones = ("Asia/Tokyo", "Europe/Berlin", "America/Lima")
    for guild_id, zone in enumerate(zones * 4, 1):
        await sky.join(guild_id, zone)
    await sky.tick(START)
    found = sky.shown(1)
    assert (found.communities, len(sun.bands(found.rungs))) == (12, 1)

    await sky.following.switch_off(MODERATOR, 12, sky.day.id)
    await sky.guilds.mark_lost(11)
    await sky.tick(START + 60)
    assert sky.shown(1).communities == 12
    await sky.tick(START + HOUR)
    assert sky.shown(1).communities == 10
    assert Counter(post.channel_id for _, post in sky.discord.edits) == dict.fromkeys(
        range(1, 11), 1
    )
    await sky.guilds.mark_found(11)
    assert (await sky.following.board(sky.day)).communities == 11


async def test_a_community_that_moves_to_another_zone_reads_its_own_midnight(sky: Sky) -> None:
    await sky.join(1, "UTC")
    await sky.tick(START)
    await sky.guilds.change(1, MODERATOR, zone="Asia/Kathmandu")
    await sky.tick(START + MINUTE)
    await sky.tick(START + 2 * MINUTE)
    assert sky.edited(1) == [START + MINUTE]
    assert sky.shown(1).own == sun.own_day("Asia/Kathmandu", sky.shown(1).day)


async def test_the_board_goes_where_its_campaign_goes_and_stops_with_it(sky: Sky) -> None:
    await sky.join(1, "UTC")
    choice = Choice(5, 600, (1,), None)
    await sky.campaigns.change(MODERATOR, 1, sky.day, "UTC", lambda _: choice)
    await sky.tick(START)
    assert [len(sky.boards_of(channel)) for channel in (1, 5)] == [0, 1]

    schedule = (await sky.campaigns.in_guild(1))[sky.day.id]
    await sky.campaigns.turn_off(MODERATOR, schedule)

    assert (await sky.following.look(1, sky.day)).standing == Standing.OFF
    with pytest.raises(RefusalError, match="turn it on first"):
        await sky.following.switch_on(MODERATOR, 1, sky.day)
    await sky.campaigns.change(MODERATOR, 1, sky.day, "UTC", lambda _: choice)
    assert (await sky.following.look(1, sky.day)).standing == Standing.OFF


async def test_a_channel_that_refuses_the_board_is_told_and_can_be_switched_off_or_mended(
    sky: Sky,
) -> None:
    for guild_id in (1, 2):
        await sky.join(guild_id, "UTC")
    sky.discord.outcomes.extend([refused, refused])
    await sky.tick(START)
    assert len(sky.moderators.told) == 2
    assert (await sky.following.look(1, sky.day)).standing == Standing.BROKEN

    assert await sky.following.switch_off(MODERATOR, 1, sky.day.id)
    choice = Choice(6, 600, (1,), None)
    await sky.campaigns.change(MODERATOR, 2, sky.day, "UTC", lambda _: choice)

    assert (await sky.following.look(1, sky.day)).standing == Standing.OFF
    assert (await sky.following.look(2, sky.day)).standing == Standing.WAITING


async def test_pressed_by_two_at_once_it_is_one_board(sky: Sky) -> None:
    await sky.join(1, "UTC", follows=False)
    await asyncio.gather(*(sky.following.switch_on(who, 1, sky.day) for who in (MODERATOR, 10) * 3))
    await sky.tick(START)
    assert len(sky.boards_of(1)) == 1


async def test_the_calendar_lists_the_board_of_a_community_that_opted_in_and_of_no_other(
    sky: Sky,
) -> None:
    for guild_id, follows in ((1, True), (2, False)):
        await sky.join(guild_id, "Asia/Kathmandu", follows=follows)
    span = START - DAY, OVER + DAY
    listed = {
        guild_id: [
            entry.as_json()
            for entry in await of_guild(sky.schedules, sky.library, guild_id, *span)
            if entry.kind == sun.KIND
        ]
        for guild_id in (1, 2)
    }
    assert listed == {
        1: [
            {
                "at": "2027-10-09T10:00:00Z",
                "local": "2027-10-09T15:45:00+05:45",
                "kind": "sun",
                "campaign": "world-mental-health-day",
                "step": None,
                "channel": 1,
            }
        ],
        2: [],
    }
