"""Minutes of claims: the chores of processes on one database, and the people whom they reach."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import select

from bot.claims.catalogue import Catalogue
from bot.claims.chores import Chores, Outcome
from bot.claims.codes import import_codes
from bot.claims.notices import Desk, Notice
from bot.claims.programs import apply_program
from bot.claims.reminders import Reminder
from bot.claims.rules import Answers, Member
from bot.claims.service import Claims
from bot.claims.settings import CommunitySettings, save_settings
from bot.claims.standing import Claim, to_claim
from bot.claims.tables import claim_reminders, claims
from bot.claims.waitlist import Offer
from bot.clock import MINUTE, MovableClock
from bot.content.programs import Program
from bot.delivery.rules import NONCE_SECONDS
from bot.storage import Database
from tests.store.pools import GUILD, PROGRAM, RING, file_of, make_codes, make_program

ASKS_NOTHING = {"account_age_hours": 0, "of_age": False, "handle": False}


class Fate(Enum):
    """What happens to a message, as the far side knows it."""

    LOST_ANSWER = "it arrives, and its answer is lost"
    DROPPED = "it never arrives, and nobody knows"
    NOT_OPENED = "it never arrives, and that is known"
    KILLED_AFTER = "it arrives, and the process dies before it can write that down"
    KILLED_BEFORE = "the process dies before it arrives"
    FAULT = "something fails in our own code"


@dataclass
class People:
    """Direct messages and moderators' desks. A nonce stands for one message for two minutes."""

    clock: MovableClock
    messages: list[tuple[int, str, int]] = field(default_factory=list)
    """When, with which nonce, to whom."""
    attempts: list[str] = field(default_factory=list)
    offered_until: list[int] = field(default_factory=list)
    notices: list[tuple[Desk, Notice]] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    """People who take no direct messages."""
    fates: deque[Fate | None] = field(default_factory=deque)
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What others do while the next message is under way."""
    fault_in: str = ""
    """The program for which our own code fails."""

    async def tell_offer(self, offer: Offer, program: Program, until: int) -> Outcome:
        """Say that a place is kept."""
        self.offered_until.append(until)
        return await self._post(program, offer.nonce, offer.user_id)

    async def remind(self, reminder: Reminder, program: Program) -> Outcome:
        """Say that access ends."""
        return await self._post(program, reminder.nonce, reminder.user_id)

    async def tell_moderators(self, desk: Desk, notice: Notice, program: Program) -> None:
        """Say that the pool runs low."""
        assert notice.program_id == program.id
        fate = self.fates.popleft() if self.fates else None
        if fate is Fate.KILLED_BEFORE:
            raise asyncio.CancelledError
        if fate is Fate.FAULT:
            raise ZeroDivisionError
        self.notices.append((desk, notice))

    @property
    def nonces(self) -> list[str]:
        """What arrived, in its order."""
        return [nonce for _, nonce, _ in self.messages]

    @property
    def reached(self) -> list[int]:
        """Who got a message, in its order."""
        return [user_id for _, _, user_id in self.messages]

    async def _post(self, program: Program, nonce: str, user_id: int) -> Outcome:
        await asyncio.sleep(0)
        happen, self.meanwhile = self.meanwhile, None
        if happen is not None:
            await happen()
        self.attempts.append(nonce)
        fate = self.fates.popleft() if self.fates else None
        if program.id == self.fault_in or fate is Fate.FAULT:
            raise ZeroDivisionError
        if fate is Fate.KILLED_BEFORE:
            raise asyncio.CancelledError
        if user_id in self.closed:
            return Outcome.REFUSED
        if fate in {Fate.DROPPED, Fate.NOT_OPENED}:
            return Outcome.UNKNOWN if fate is Fate.DROPPED else Outcome.UNSENT
        now = self.clock.now()
        if not any(nonce == old and now - at <= NONCE_SECONDS for at, old, _ in self.messages):
            self.messages.append((now, nonce, user_id))
        if fate is Fate.KILLED_AFTER:
            raise asyncio.CancelledError
        return Outcome.UNKNOWN if fate is Fate.LOST_ANSWER else Outcome.SENT


class Process:
    """One process, with what it remembers."""

    def __init__(self, database: Database, clock: MovableClock, people: People) -> None:
        self.database = database
        self.clock = clock
        self.people = people
        self.catalogue = Catalogue(database)
        self.chores = Chores(database, clock, self.catalogue, people)
        self.members = Claims(database, clock, RING, self.catalogue.by_id)

    def successor(self, database: Database | None = None) -> "Process":
        """The process that is started after this one was killed, or beside it."""
        return Process(database or self.database, self.clock, self.people)

    async def apply(self, program_id: str = PROGRAM, **changes: object) -> None:
        """A program that asks for nothing, on in one community and at once."""
        program = make_program(id=program_id, eligibility=ASKS_NOTHING, **changes)
        await apply_program(self.database, program, self.clock.now())
        await self.set_up(GUILD, program_id=program_id)
        await self.catalogue.refresh()

    async def set_up(
        self,
        guild_id: int,
        *,
        program_id: str = PROGRAM,
        is_on: bool = True,
        queue_channel_id: int | None = None,
    ) -> None:
        """What a community's moderators chose."""
        chosen = CommunitySettings(
            program_id,
            guild_id,
            is_on=is_on,
            is_reviewed=False,
            queue_channel_id=queue_channel_id,
        )
        async with self.database.transaction() as tx:
            await save_settings(tx, chosen)

    async def bring(self, count: int, first: int = 0, program_id: str = PROGRAM) -> None:
        """Import codes."""
        lines = make_codes(count, first)
        now = self.clock.now()
        await import_codes(self.database, RING, program_id, file_of(lines), now)

    async def claim(
        self, *people: int, wants_dm: bool = True, program_id: str = PROGRAM
    ) -> list[int]:
        """They claim, one after the other; their claims."""
        for person in people:
            answers = Answers(has_consented=True)
            await self.members.claim(program_id, GUILD, Member(person), answers, wants_dm=wants_dm)
        rows = [await self.find(person, program_id) for person in people]
        return [row.claim_id for row in rows]

    async def redeem(self, *people: int, program_id: str = PROGRAM) -> int:
        """They say that they redeemed it; when the access of the last of them ends."""
        for person in people:
            await self.members.redeem(program_id, Member(person))
        ends_at = (await self.find(people[-1], program_id)).ends_at
        assert ends_at is not None
        return ends_at

    async def find(self, person: int, program_id: str = PROGRAM) -> Claim:
        """A person's latest claim, as it is kept."""
        statement = (
            select(claims)
            .where(claims.c.user_id == person, claims.c.program_id == program_id)
            .order_by(claims.c.id.desc())
        )
        row = await self.database.fetch_one(statement)
        assert row is not None
        return to_claim(row)

    async def ledger(self) -> list[tuple[int, str, int, int | None]]:
        """Every reminder that was begun: claim, kind, when, and when it was sent."""
        rows = await self.database.fetch_all(
            select(claim_reminders).order_by(claim_reminders.c.begun_at, claim_reminders.c.claim_id)
        )
        return [(row["claim_id"], row["kind"], row["begun_at"], row["sent_at"]) for row in rows]

    async def minute(self, at: int | None = None) -> None:
        """Do the chores, at an instant or a minute after the last."""
        self.clock.move_to(self.clock.now() + MINUTE if at is None else at)
        await self.chores.run()

    async def die_in_minute(self, at: int | None = None) -> None:
        """The same, with a fate that kills the process on the way."""
        try:
            await self.minute(at)
        except asyncio.CancelledError:
            return
        message = "nothing killed it"
        raise AssertionError(message)
