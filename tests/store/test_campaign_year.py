"""A year of campaigns around the world, through the real engine: each step once, on its day.

What should happen is said by a model that asks the zones for their offsets and nothing else.
"""

import asyncio
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.campaigns import rules
from bot.campaigns.announcer import CampaignAnnouncer
from bot.campaigns.rules import CampaignPost
from bot.campaigns.service import Campaigns, Choice
from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.content.campaigns import Campaign, CampaignLibrary, load_campaigns
from bot.delivery.engine import Engine
from bot.delivery.letters import LetterPace
from bot.delivery.pace import Pace
from bot.delivery.ports import Announcers, Delivery, Schedule
from bot.delivery.schedules import Schedules
from bot.delivery.sender import Sender
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.conftest import ROOT, is_full_size
from tests.store.delivering import Discord, Moderators, Quotes, dropped, killed, lost
from tests.unit.test_times import eras_of, expected_at, instant, wall_time

MODERATOR = 9
EXAMPLES = 500 if is_full_size() else 40
WMHD = "world-mental-health-day"
MINUTES = {
    "Etc/GMT+12": 23 * 60 + 59,
    "Pacific/Kiritimati": 0,
    "Asia/Kathmandu": 10 * 60,
    "Australia/Lord_Howe": 2 * 60 + 15,  # skipped on 3 October 2027, a week before the day
    "America/St_Johns": 30,
    "Europe/Berlin": 2 * 60 + 30,
    "America/Santiago": 15,
    "Africa/Casablanca": 2 * 60 + 30,
    "Asia/Kolkata": 18 * 60,
    "Pacific/Chatham": 3 * 60,  # skipped on 26 September 2027, two weeks before the day
}
"""Ten zones, each with the local time of its community."""
ZONES = list(MINUTES)


@pytest.fixture(scope="module")
def library() -> CampaignLibrary:
    """The campaigns that ship."""
    return load_campaigns(ROOT / "data")


class House:
    """One process on a database, as the composition root puts it together for campaigns.

    Schedules of other ``kinds`` post their own text.
    """

    def __init__(
        self,
        database: Database,
        clock: MovableClock,
        discord: Discord,
        library: CampaignLibrary,
        kinds: Sequence[str] = (),
    ) -> None:
        self.database = database
        self.clock = clock
        self.discord = discord
        self.moderators = Moderators()
        self.schedules = Schedules(database, clock)
        audit = AuditLog(database, clock)
        self.campaigns = Campaigns(database, self.schedules, audit, clock, library)
        announcers = Announcers()
        announcers.register(rules.KIND, CampaignAnnouncer(library), rules.ends_of_day)
        for kind in kinds:
            announcers.register(kind, Quotes())
        sender = Sender(
            database=database,
            clock=clock,
            announcers=announcers,
            publisher=discord,
            moderators=self.moderators,
            pace=Pace(1_000_000),
            letter_pace=LetterPace(database, clock, announcers, 1_000_000),
        )
        self.engine = Engine(database, clock, sender)

    def successor(self) -> "House":
        """The process that is started after this one was killed."""
        return House(self.database, self.clock, self.discord, self.campaigns.library)

    async def tick(self, at: int) -> None:
        """Move to an instant and do what a minute does."""
        self.clock.move_to(at)
        await self.engine.tick()

    async def turn_on(
        self,
        guild_id: int,
        campaign: Campaign,
        zone: str,
        minute: int | None = None,
        offsets: tuple[int, ...] | None = None,
        role_id: int | None = None,
    ) -> Schedule:
        """Turn a campaign on in a community, whose channel has the same id."""
        chosen = offsets or tuple(rules.offsets_of(campaign))
        at = campaign.minute_of_day if minute is None else minute
        choice = Choice(guild_id, at, chosen, role_id)
        return await self.campaigns.change(MODERATOR, guild_id, campaign, zone, lambda _: choice)

    async def schedule(self, guild_id: int, campaign: Campaign) -> Schedule:
        """The schedule of a community's campaign as it is kept."""
        return (await self.campaigns.in_guild(guild_id))[campaign.id]

    async def ledger(self, guild_id: int, campaign: Campaign) -> dict[str, Delivery]:
        """The ledger of a community's campaign by slot."""
        schedule = await self.schedule(guild_id, campaign)
        return {row.slot: row for row in await self.schedules.history(schedule.schedule_id, 999)}

    def posted(self) -> list[tuple[int, int, str, int, int]]:
        """Every message: instant, channel, campaign, year and offset."""
        found = []
        for at, post in self.discord.messages:
            body = post.body
            assert isinstance(body, CampaignPost)
            name = body.campaign.id, body.year, body.step.offset
            found.append((at, post.channel_id, *name))
        return sorted(found)


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands at the beginning of 2027, before it is 2027 anywhere."""
    return MovableClock(instant("2026-12-31T09:00Z"))


@pytest.fixture
def house(database: Database, clock: MovableClock, library: CampaignLibrary) -> House:
    """A process on the database, with a Discord of its own."""
    return House(database, clock, Discord(clock), library)


def due(zone: str, on: date, minute: int) -> int:
    """When a local minute of a date is, from the zone's offsets."""
    return expected_at(eras_of(zone), on, minute)


@cache
def day_end(zone: str, at: int) -> int:
    """The last second of the local date of an instant, found by walking on from there."""
    where, step = zoneinfo.ZoneInfo(zone), 15 * MINUTE
    today = datetime.fromtimestamp(at, where).date()
    later = at // step * step + step
    while datetime.fromtimestamp(later, where).date() <= today:
        later += step
    return later - 1


def steps_in(campaign: Campaign, year: int) -> dict[int, date]:
    """The local dates of a year's steps by offset."""
    day = date(year, campaign.month, campaign.day)
    return {step.offset: day + timedelta(days=step.offset) for step in campaign.steps}


@cache
def all_dues(
    zone: str, campaign: Campaign, minute: int, offsets: tuple[int, ...]
) -> tuple[tuple[date, int], ...]:
    """The dates of these steps from 2024 to 2030, and when a local minute of each is."""
    days = [steps_in(campaign, year)[offset] for year in range(2024, 2031) for offset in offsets]
    return tuple((on, due(zone, on, minute)) for on in sorted(days))


def turning_points() -> Iterator[tuple[str, date, int]]:
    """Where clocks change in 2027: the zone, the date, and a minute of the skipped or repeated."""
    for zone in ZONES:
        eras = eras_of(zone)
        for before, after in pairwise(eras):
            wall = after.start + min(before.offset, after.offset) + 15 * MINUTE
            shown = datetime.fromtimestamp(wall, UTC)
            if shown.year == 2027:
                yield zone, shown.date(), shown.hour * 60 + shown.minute


async def test_every_step_of_a_year_is_posted_once_at_its_local_time_on_its_local_date(
    house: House, library: CampaignLibrary
) -> None:
    turns = list(turning_points())
    assert len(turns) == 10  # two in each of five zones
    day = library.by_id[WMHD]
    around_turns = {
        f"turn-{number}": day.model_copy(
            update={"id": f"turn-{number}", "month": on.month, "day": on.day}
        )
        for number, (_, on, _) in enumerate(turns)
    }
    house = House(
        house.database,
        house.clock,
        house.discord,
        CampaignLibrary({**library.by_id, **around_turns}),
    )
    planned = [
        (number, campaign, zone, MINUTES[zone])
        for (number, zone), campaign in product(enumerate(ZONES), library.by_id.values())
    ]
    planned += [
        (ZONES.index(zone), campaign, zone, minute)
        for campaign, (zone, _, minute) in zip(around_turns.values(), turns, strict=True)
    ]
    expected = []
    for guild_id, campaign, zone, minute in planned:
        await house.turn_on(guild_id, campaign, zone, minute)
        for offset, on in steps_in(campaign, 2027).items():
            expected.append((due(zone, on, minute), guild_id, campaign.id, 2027, offset))

    await run_until(house, instant("2028-01-02T00:00Z"))

    assert house.posted() == sorted(expected)
    assert len(expected) == 10 * 13 + 10 * 5
    assert house.moderators.told == []
    skipped_times = 0
    for at, post in house.discord.messages:
        zone = ZONES[post.channel_id]
        schedule = await house.schedule(post.guild_id, post.body.campaign)
        minute = schedule.recurrence.minute_of_day
        shown = f"{post.body.local_date} {minute // 60:02}:{minute % 60:02}"
        assert wall_time(zone, at)[:10] == shown[:10]
        skipped_times += wall_time(zone, at) != shown
    assert skipped_times == 5 + 2  # each spring, and the two that a campaign that ships falls on
    for guild_id, campaign, _, _ in planned:
        rows = (await house.ledger(guild_id, campaign)).values()
        assert {(row.state, row.attempts) for row in rows} == {("sent", 1)}
        assert sorted(row.slot for row in rows) == [
            on.isoformat() for on in steps_in(campaign, 2027).values()
        ]


async def run_until(house: House, end: int) -> None:
    """Let time pass, from one due instant to the next; the minutes between have nothing to do."""
    while (at := await house.schedules.next_due_at()) is not None and at <= end:
        await house.tick(at)
    await house.tick(end)


@pytest.mark.parametrize(("clock_time", "offsets"), [("09:05", [0, 1]), ("10:00", [1])])
async def test_turned_on_late_a_campaign_posts_what_is_ahead_and_no_backlog(
    house: House, library: CampaignLibrary, clock_time: str, offsets: list[int]
) -> None:
    day = library.by_id[WMHD]
    hour, minute = map(int, clock_time.split(":"))
    opening = {
        due(zone, date(2027, 10, 10), hour * 60 + minute): (guild_id, zone)
        for guild_id, zone in enumerate(ZONES)
    }
    assert len(opening) == len(ZONES)
    for at, (guild_id, zone) in sorted(opening.items()):
        await run_until(house, at)
        await house.turn_on(guild_id, day, zone)

    await run_until(house, instant("2027-12-31T00:00Z"))

    assert house.posted() == sorted(
        (due(zone, steps_in(day, 2027)[offset], 600), guild_id, WMHD, 2027, offset)
        for (guild_id, zone), offset in product(enumerate(ZONES), offsets)
    )


async def test_turned_off_in_the_middle_a_campaign_posts_nothing_more(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    for guild_id, zone in enumerate(ZONES):
        await house.turn_on(guild_id, day, zone)
    await run_until(house, instant("2027-10-05T00:00Z"))
    for guild_id in range(len(ZONES)):
        assert await house.campaigns.turn_off(MODERATOR, await house.schedule(guild_id, day))

    await run_until(house, instant("2028-12-31T00:00Z"))

    assert Counter(offset for *_, offset in house.posted()) == {-14: 10, -7: 10}
    assert await house.schedules.next_due_at() is None
    assert (await house.schedules.backlog()).waiting == 0
    assert await house.campaigns.turn_off(MODERATOR, await house.schedule(0, day)) is False


async def test_after_an_outage_a_step_is_posted_until_its_local_day_ends_and_not_a_second_later(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    worlds = {guild_id: World(zone, day, 600) for guild_id, zone in enumerate(ZONES)}
    house.clock.move_to(instant("2024-01-01T00:00Z"))
    for guild_id, world in worlds.items():
        await house.turn_on(guild_id, day, world.zone, role_id=7)
        world.turn_on(house.clock.now(), 600, tuple(rules.offsets_of(day)))
    outages = product(range(2024, 2031), (-14, -7, 0))  # far enough apart
    ends = product(ZONES, (0, 1))
    for (zone, late), (year, offset) in zip(ends, outages, strict=False):
        on = steps_in(day, year)[offset]
        back = day_end(zone, due(zone, on, 600)) + late
        await run_until(house, instant(f"{on - timedelta(days=2)}T00:00Z"))
        for world in worlds.values():
            world.run_until(house.clock.now())
            world.tick(back)
        await house.tick(back)
        row = (await house.ledger(ZONES.index(zone), day))[on.isoformat()]
        expected = ("skipped", "late", None) if late else ("sent", None, back)
        sent_at = row.finished_at if row.state == "sent" else None
        assert (row.state, row.note, sent_at) == expected
        assert row.due_at == due(zone, on, 600)
    for guild_id, world in worlds.items():
        assert await outcome(house, guild_id, day) == world.ledger
    late_posts = [
        post
        for at, post in house.discord.messages
        if at - due(ZONES[post.channel_id], post.body.local_date, 600) > 10 * MINUTE
    ]
    assert len(late_posts) > 10
    assert all(post.is_silent and post.role_id is None for post in late_posts)


@dataclass
class World:
    """What should become of one community's campaign, by the words of the issue."""

    zone: str
    campaign: Campaign
    minute: int
    offsets: tuple[int, ...] = ()
    since: int | None = None
    """From when on what is due is posted; None while it is off."""
    ledger: dict[str, tuple[str, str | None, int | None]] = field(default_factory=dict)
    """By slot: the state, the note, and when it was posted."""

    def dues(self) -> tuple[tuple[date, int], ...]:
        """Every date that is chosen, and when it is due, for some years, in order."""
        return all_dues(self.zone, self.campaign, self.minute, self.offsets)

    def turn_on(self, at: int, minute: int, offsets: tuple[int, ...]) -> None:
        """From now on; nothing is made up for. What is due already stays due."""
        waiting = {due_at for on, due_at in self.pending(at)}
        self.minute, self.offsets = minute, offsets
        kept = waiting & {due_at for _, due_at in self.dues()}
        self.since = min(kept) - 1 if kept else at

    def turn_off(self) -> None:
        """Nothing more."""
        self.since = None

    def may_skip(self, on: date, at: int) -> bool:
        """Whether a moderator can leave a step out: it is on, and the step is to come."""
        is_ahead = any(day == on and due_at > at for day, due_at in self.dues())
        return self.since is not None and is_ahead and on.isoformat() not in self.ledger

    def skip(self, on: date) -> None:
        """Leave it out."""
        self.ledger[on.isoformat()] = "skipped", "by a moderator", None

    def pending(self, at: int) -> list[tuple[date, int]]:
        """What is due by an instant and has no post yet."""
        return [
            (on, due_at)
            for on, due_at in self.dues()
            if self.since is not None
            and self.since < due_at <= at
            and on.isoformat() not in self.ledger
        ]

    def tick(self, at: int) -> None:
        """Post what has become due, each date once, until its local day ends."""
        for on, due_at in self.pending(at):
            is_late = at > day_end(self.zone, due_at)
            row = ("skipped", "late", None) if is_late else ("sent", None, at)
            self.ledger[on.isoformat()] = row

    def run_until(self, at: int) -> None:
        """Tick at each due instant."""
        for _, due_at in self.pending(at):
            self.tick(due_at)
        self.tick(at)


async def outcome(
    house: House, guild_id: int, campaign: Campaign
) -> dict[str, tuple[str, str | None, int | None]]:
    """What became of a community's campaign, as a :class:`World` says it."""
    schedule = await house.schedule(guild_id, campaign)
    posted = {post.key: at for at, post in house.discord.messages if post.channel_id == guild_id}
    rows = await house.schedules.history(schedule.schedule_id, 999)
    return {row.slot: (row.state, row.note, posted.pop(row.key, None)) for row in rows}


Action = tuple[str, int, int, tuple[int, ...]]
OFFSETS = (-14, -7, -1, 0, 1)
SEPTEMBER = instant("2027-09-20T00:00Z")
SPAN = 25 * DAY
dates = st.sampled_from([date(2027, 10, 10) + timedelta(days=offset) for offset in OFFSETS])
chosen_minutes = st.sampled_from([0, 30, 135, 180, 600, 1_439])


@st.composite
def stories(draw: st.DrawFn) -> tuple[str, list[Action], list[tuple[int, int]]]:
    """A zone, what its moderators do and when, and the times in which the bot is down."""
    zone = draw(st.sampled_from(ZONES))
    near = st.builds(
        lambda on, minute, shift: due(zone, on, minute) - SEPTEMBER + shift,
        dates,
        chosen_minutes,
        st.integers(-2, 2) | st.sampled_from([-DAY, -HOUR, HOUR, DAY]),
    )
    moments = st.integers(0, SPAN) | near
    subsets = st.sets(st.sampled_from(OFFSETS), min_size=1).map(lambda some: tuple(sorted(some)))
    switches = st.tuples(st.just("on"), moments, chosen_minutes, st.just(OFFSETS) | subsets)
    stops = st.tuples(st.just("off"), moments, st.just(0), st.just(()))
    skips = st.tuples(
        st.just("skip"), moments, st.just(0), st.sampled_from(OFFSETS).map(lambda one: (one,))
    )
    actions: list[Action] = [("on", draw(st.integers(0, 5 * DAY)), draw(chosen_minutes), OFFSETS)]
    actions += draw(st.lists(switches | stops | skips | skips, max_size=8))
    outages = draw(st.lists(st.tuples(moments, st.integers(1, 3 * DAY)), max_size=3))
    return zone, actions, [(SEPTEMBER + at, SEPTEMBER + at + length) for at, length in outages]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One loop for all examples, since the connections belong to it."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_whenever_it_is_turned_on_and_off_and_the_bot_is_down_each_step_is_posted_as_promised(
    loop: asyncio.AbstractEventLoop, database_url: str, library: CampaignLibrary
) -> None:
    database = loop.run_until_complete(open_migrated(database_url))
    campaign = library.by_id[WMHD]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(stories())
    def check(story: tuple[str, list[Action], list[tuple[int, int]]]) -> None:
        loop.run_until_complete(play(database, campaign, library, *story))

    try:
        check()
    finally:
        loop.run_until_complete(database.close())


async def play(
    database: Database,
    campaign: Campaign,
    library: CampaignLibrary,
    zone: str,
    actions: list[Action],
    outages: list[tuple[int, int]],
) -> None:
    """Let a story happen to the engine and to the model, and compare what became of it."""
    clock = MovableClock(SEPTEMBER)
    house = House(database, clock, Discord(clock), library)
    world = World(zone, campaign, 600)

    def is_down(at: int) -> bool:
        return any(begin <= at < end for begin, end in outages)

    ticks = {
        at
        for on, minute in product(
            steps_in(campaign, 2027).values(), {deed[2] for deed in actions if deed[0] == "on"}
        )
        if not is_down(at := due(zone, on, minute))
    } | {end for _, end in outages if not is_down(end)}
    events: list[tuple[int, int, Action | None]] = [(at, 0, None) for at in ticks]
    events.append((SEPTEMBER + SPAN + 9 * DAY, 0, None))
    for number, deed in enumerate(actions, 1):
        at, order = SEPTEMBER + deed[1], number % 2 * 2 - 1
        while is_down(at):  # nobody can press anything
            at, order = next(end for begin, end in outages if begin <= at < end), 1
        events.append((at, order, deed))
    try:
        for at, _, what in sorted(events, key=lambda event: event[:2]):
            clock.move_to(at)
            if what is None:
                await house.engine.tick()
                world.tick(at)
            else:
                await act(house, world, what, at)
        assert await outcome(house, 1, campaign) == world.ledger
        assert len(house.discord.messages) == sum(
            state == "sent" for state, _, _ in world.ledger.values()
        )
    finally:
        async with database.transaction() as tx:
            await house.schedules.remove_guild(tx, 1)


async def act(house: House, world: World, deed: Action, at: int) -> None:
    """One thing that a moderator does."""
    kind, _, minute, offsets = deed
    schedule = (await house.campaigns.in_guild(1)).get(world.campaign.id)
    if kind == "on":
        await house.turn_on(1, world.campaign, world.zone, minute, offsets)
        world.turn_on(at, minute, offsets)
    elif schedule is not None and kind == "off":
        assert await house.campaigns.turn_off(MODERATOR, schedule) == (world.since is not None)
        world.turn_off()
    elif schedule is not None and world.since is not None:
        on = steps_in(world.campaign, 2027)[offsets[0]]
        may_skip = world.may_skip(on, at)
        try:
            await house.campaigns.skip(MODERATOR, schedule, on.isoformat())
        except RefusalError:
            assert not may_skip
        else:
            assert may_skip
            world.skip(on)


@pytest.mark.parametrize("fate", [killed, lost, dropped])
@pytest.mark.parametrize("later", [MINUTE, 3 * HOUR, 13 * HOUR])
async def test_a_process_that_dies_while_it_posts_leaves_each_step_posted_once(
    house: House, library: CampaignLibrary, fate: Callable[[], None], later: int
) -> None:
    day = library.by_id[WMHD]
    house.clock.move_to(instant("2027-10-09T20:00Z"))
    await house.turn_on(1, day, "UTC")
    house.discord.outcomes.append(fate)
    await house.tick(instant("2027-10-10T10:00Z"))
    successor = house.successor()
    await successor.tick(instant("2027-10-10T10:00Z") + later)
    await successor.tick(instant("2027-10-10T23:59Z"))
    await successor.tick(instant("2027-10-11T09:59Z"))
    assert [offset for *_, offset in house.posted()] == [0]
    assert (await house.ledger(1, day))["2027-10-10"].state == "sent"


async def test_a_step_that_was_posted_by_a_process_that_died_counts_though_its_day_is_over(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    house.clock.move_to(instant("2027-10-09T20:00Z"))
    await house.turn_on(1, day, "UTC")
    house.discord.outcomes.append(killed)
    await house.tick(instant("2027-10-10T10:00Z"))
    await house.successor().tick(instant("2027-10-11T00:00Z"))
    row = (await house.ledger(1, day))["2027-10-10"]
    assert (row.state, row.note, len(house.posted())) == ("sent", None, 1)


async def test_while_discord_is_out_a_step_is_tried_until_its_local_day_ends(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    house.clock.move_to(instant("2027-10-09T20:00Z"))
    await house.turn_on(1, day, "Asia/Kathmandu")
    begin = due("Asia/Kathmandu", date(2027, 10, 10), 600)
    house.discord.outcomes.extend([dropped] * 999)
    for minute in range(0, 15 * 60, 15):
        await house.tick(begin + minute * MINUTE)
    row = (await house.ledger(1, day))["2027-10-10"]
    assert (row.state, row.note) == ("skipped", "late")
    end = day_end("Asia/Kathmandu", begin)
    assert end - 30 * MINUTE < (row.last_attempt_at or 0) <= end < (row.finished_at or 0)
    assert house.posted() == []


async def test_a_change_in_the_minute_in_which_a_step_is_due_does_not_lose_it(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    due_at = instant("2027-10-10T10:00Z")
    house.clock.move_to(due_at - DAY)
    for guild_id in (1, 2, 3):
        await house.turn_on(guild_id, day, "UTC")
    await house.campaigns.skip(MODERATOR, await house.schedule(3, day), "2027-10-11")

    house.clock.move_to(due_at + 20)  # the bot has just started, and has not ticked yet
    await house.turn_on(1, day, "UTC", role_id=7)
    await house.campaigns.skip(MODERATOR, await house.schedule(2, day), "2027-10-11")
    await house.campaigns.unskip(MODERATOR, await house.schedule(3, day), "2027-10-11")
    await house.tick(due_at + MINUTE)
    await run_until(house, due_at + 2 * DAY)

    found = Counter((channel_id, offset) for _, channel_id, _, _, offset in house.posted())
    assert found == {(1, 0): 1, (1, 1): 1, (2, 0): 1, (3, 0): 1, (3, 1): 1}


async def test_a_time_that_is_moved_into_the_past_while_a_step_waits_posts_it_no_more(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    due_at = instant("2027-10-10T10:00Z")
    house.clock.move_to(due_at - DAY)
    await house.turn_on(1, day, "UTC")
    house.clock.move_to(due_at + 3 * HOUR + 20)  # after an outage
    await house.turn_on(1, day, "UTC", 12 * 60)
    await run_until(house, due_at + 2 * DAY)
    assert house.posted() == [(due_at + DAY + 2 * HOUR, 1, WMHD, 2027, 1)]


async def test_a_step_is_left_out_once_and_can_be_taken_back_until_its_time(
    house: House, library: CampaignLibrary
) -> None:
    day = library.by_id[WMHD]
    house.clock.move_to(instant("2027-10-09T00:00Z"))
    await house.turn_on(1, day, "UTC")
    for slot in ("2027-10-09", "2027-10-10"):
        await house.campaigns.skip(MODERATOR, await house.schedule(1, day), slot)
        with pytest.raises(RefusalError, match="left out already"):
            await house.campaigns.skip(MODERATOR, await house.schedule(1, day), slot)
    await house.campaigns.unskip(MODERATOR, await house.schedule(1, day), "2027-10-10")
    await run_until(house, instant("2027-10-12T00:00Z"))
    assert [offset for *_, offset in house.posted()] == [0, 1]
    with pytest.raises(RefusalError, match="past"):
        await house.campaigns.unskip(MODERATOR, await house.schedule(1, day), "2027-10-09")
