"""A desk where people claim: services on a real database, and what the tables must agree on."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, text, update

from bot.claims import waitlist
from bot.claims.intake import Request, take_in
from bot.claims.review import Review
from bot.claims.rules import LIVE, Answers, Member, State
from bot.claims.service import Claims
from bot.claims.settings import CommunitySettings, save_settings
from bot.claims.standing import Claim, Standing
from bot.claims.tables import allocations, claims, codes, community_shares, program_counters
from bot.clock import Clock
from bot.guilds.audit import AuditLog
from bot.storage import Database, Row
from tests.store.claims_filling import PEPPER, PROGRAM, RING, add_codes, fill, make_program

HERE, THERE = 7, 8
"""Two communities."""

MODERATOR, OTHER_MODERATOR = 900_001, 900_002
IN_PROGRAM = "program_id = :program_id"
SET_SHARE = text(
    "INSERT INTO community_shares (program_id, guild_id, cap, allocated, offered) "
    "VALUES (:program_id, :guild_id, :cap, 0, 0) "
    "ON CONFLICT (program_id, guild_id) DO UPDATE SET cap = excluded.cap"
).bindparams(
    bindparam("guild_id", type_=community_shares.c.guild_id.type),
    bindparam("cap", type_=community_shares.c.cap.type),
)
SET_CAP = (
    update(program_counters)
    .where(program_counters.c.program_id == bindparam("program_id"))
    .values(cap=bindparam("new_cap"))
)
VOID_FREE = (
    update(codes)
    .where(codes.c.program_id == bindparam("program_id"), codes.c.state == "free")
    .values(state="void")
)


class Desk:
    """One process at one program."""

    def __init__(self, database: Database, clock: Clock, program_id: str = PROGRAM) -> None:
        self.database = database
        self.clock = clock
        self.program_id = program_id
        self.claims = Claims(database, clock, RING, {program_id: make_program(program_id)})
        self.review = Review(database, AuditLog(database, clock), clock)

    async def open(self, count: int, *, cap: int | None = None) -> None:
        """A program with so many codes; both communities take claims, the other one reviews."""
        await fill(self.database, count, self.program_id, cap=cap)
        for guild_id in (HERE, THERE):
            await self.set_up(guild_id, is_reviewed=guild_id == THERE)

    async def set_up(self, guild_id: int, *, is_reviewed: bool) -> None:
        """Whether a community's moderators look at each claim."""
        chosen = CommunitySettings(self.program_id, guild_id, is_on=True, is_reviewed=is_reviewed)
        async with self.database.transaction() as tx:
            await save_settings(tx, chosen)

    async def claim(
        self, person: int, guild_id: int = HERE, *, handle: str = "", wants_dm: bool = False
    ) -> Standing:
        """A person presses, with consent."""
        answers = Answers(handle=handle, has_consented=True)
        return await self.claims.claim(
            self.program_id, guild_id, Member(person), answers, wants_dm=wants_dm
        )

    async def claim_in_one_batch(self, people: Sequence[int], guild_id: int) -> None:
        """They press in the same moment."""
        requests = [
            Request(
                program_id=self.program_id,
                subject=RING.subject(PEPPER, person),
                user_id=person,
                guild_id=guild_id,
                is_reviewed=guild_id == THERE,
            )
            for person in people
        ]
        now = self.clock.now()
        await self.database.run(lambda tx: take_in(tx, self.program_id, requests, now))

    async def look(self, person: int, guild_id: int = HERE) -> Standing:
        """A person asks how it stands."""
        return await self.claims.look(self.program_id, guild_id, Member(person))

    async def state(self, person: int) -> State | None:
        """How a person's claim stands, without them learning of it."""
        row = await self.row(person)
        return None if row is None else State(row["state"])

    async def states(self) -> dict[int, State]:
        """How everybody's latest claim stands, except theirs who erased their data."""
        rows = sorted(await self._rows(claims), key=lambda row: int(row["id"]))
        return {row["user_id"]: State(row["state"]) for row in rows if row["user_id"] is not None}

    async def live_by_subject(self) -> Counter[str]:
        """How many live claims each person has."""
        rows = await self._rows(claims)
        return Counter(row["subject"] for row in rows if State(row["state"]) in LIVE)

    async def row(self, person: int) -> Row | None:
        """A person's latest claim, as it is kept."""
        statement = (
            select(claims)
            .where(claims.c.program_id == self.program_id, claims.c.user_id == person)
            .order_by(claims.c.id.desc())
        )
        return await self.database.fetch_one(statement)

    async def pending(self, person: int) -> tuple[int, int, int]:
        """Community, id and version of a person's claim, as a moderator's card has them."""
        row = await self.row(person)
        assert row is not None
        return row["guild_id"], row["id"], row["version"]

    async def approve(self, person: int, moderator: int = MODERATOR) -> Claim:
        """A moderator approves."""
        guild_id, claim_id, version = await self.pending(person)
        return await self.review.approve(guild_id, moderator, claim_id, version)

    async def reject(self, person: int, moderator: int = MODERATOR) -> Claim:
        """A moderator refuses."""
        guild_id, claim_id, version = await self.pending(person)
        return await self.review.reject(guild_id, moderator, claim_id, version, "Not this time.")

    async def move(self) -> list[int]:
        """Move the waitlist; whom it offered a place, in their order."""
        now = self.clock.now()
        offers = await self.database.run(lambda tx: waitlist.move(tx, self.program_id, now))
        return [offer.user_id for offer in offers]

    async def bring(self, numbers: range) -> None:
        """Import more codes."""
        await add_codes(self.database, numbers, self.program_id)

    async def set_cap(self, cap: int) -> None:
        """Raise or lower the program's cap."""
        async with self.database.transaction() as tx:
            await tx.execute(SET_CAP, program_id=self.program_id, new_cap=cap)

    async def set_share(self, guild_id: int, cap: int | None) -> None:
        """Give a community a share of the pool."""
        async with self.database.transaction() as tx:
            await tx.execute(SET_SHARE, program_id=self.program_id, guild_id=guild_id, cap=cap)

    async def positions(self) -> dict[int, int]:
        """Every place in the waitlist that was ever given, by claim."""
        statement = select(claims.c.id, claims.c.position).where(
            claims.c.program_id == self.program_id, claims.c.position.is_not(None)
        )
        return {row["id"]: row["position"] for row in await self.database.fetch_all(statement)}

    async def check(self) -> None:
        """Hold everything that is counted against the rows themselves."""
        rows = await self._rows(claims)
        given = await self._rows(allocations)
        pool = Counter(row["state"] for row in await self._rows(codes))
        (counters,) = await self._rows(program_counters)
        offered = [row for row in rows if row["state"] == State.OFFERED]
        assert counters["allocated"] == len(given) == pool["spent"]
        assert counters["offered"] == len(offered) <= pool["free"]
        assert counters["allocated"] + counters["offered"] <= counters["cap"]
        for name in ("code_id", "claim_id", "subject"):
            assert len({row[name] for row in given}) == len(given), name
        places = [row["position"] for row in rows if row["position"] is not None]
        assert len(set(places)) == len(places)
        assert all(1 <= place < counters["next_position"] for place in places)
        waiting = [row for row in rows if row["state"] in {State.WAITLISTED, State.OFFERED}]
        assert all(row["position"] is not None for row in waiting)
        guild_of = {row["id"]: row["guild_id"] for row in rows}
        by_guild = Counter(guild_of[row["claim_id"]] for row in given)
        offered_by_guild = Counter(row["guild_id"] for row in offered)
        for share in await self._rows(community_shares):
            guild_id = share["guild_id"]
            assert share["allocated"] == by_guild.pop(guild_id, 0)
            assert share["offered"] == offered_by_guild.pop(guild_id, 0)
        assert not by_guild
        assert not offered_by_guild

    async def servable(self) -> list[int]:
        """People who wait although they could be offered a place, in order of position."""
        (counters,) = await self._rows(program_counters)
        free = [row for row in await self._rows(codes) if row["state"] == "free"]
        taken = counters["allocated"] + counters["offered"]
        if taken >= counters["cap"] or counters["offered"] >= len(free):
            return []
        return [row["user_id"] for row in await self.waiting_within_shares()]

    async def waiting_within_shares(self) -> list[Row]:
        """Who waits and has room in their community's share, in order of position."""
        full = {
            row["guild_id"]
            for row in await self._rows(community_shares)
            if row["cap"] is not None and row["allocated"] + row["offered"] >= row["cap"]
        }
        waiting = [
            row
            for row in await self._rows(claims)
            if row["state"] == State.WAITLISTED and row["guild_id"] not in full
        ]
        return sorted(waiting, key=lambda row: int(row["position"]))

    async def shown(self) -> dict[int, str]:
        """The fingerprint of each claim's code."""
        statement = (
            select(allocations.c.claim_id, codes.c.fingerprint)
            .join_from(allocations, codes, codes.c.id == allocations.c.code_id)
            .where(allocations.c.program_id == self.program_id)
        )
        rows = await self.database.fetch_all(statement)
        return {row["claim_id"]: row["fingerprint"] for row in rows}

    async def count(self, table: str) -> int:
        """How many rows of the program a table has."""
        row = await self.database.fetch_one(
            select(func.count().label("n")).select_from(text(table)).where(text(IN_PROGRAM)),
            program_id=self.program_id,
        )
        assert row is not None
        return int(row["n"])

    async def _rows(self, table: object) -> Sequence[Row]:
        statement = select(table).where(table.c.program_id == self.program_id)  # type: ignore[attr-defined,call-overload]
        rows: Sequence[Row] = await self.database.fetch_all(statement)
        return rows
