"""A program to which anything may happen in any order, with what has to hold after each step."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from itertools import count
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.claims import waitlist
from bot.claims.rules import LIVE, OFFER_SECONDS, Member, State
from bot.claims.store import ERASE_PERSON
from bot.clock import MovableClock
from bot.errors import ConflictError, RefusalError
from bot.storage import Database
from tests.conftest import NOON
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE, VOID_FREE, Desk
from tests.store.claims_filling import add_codes

Result = TypeVar("Result")
GIVEN = 12
PEOPLE = st.integers(1, 12)
WHICH = st.integers(0, 11)
LEAVING = (State.PENDING, State.WAITLISTED, State.OFFERED)
HANDLES = st.sampled_from(["", "", "ann", "ben"])
MODERATORS = st.sampled_from([MODERATOR, OTHER_MODERATOR])
GUILDS = st.sampled_from([HERE, THERE])
_programs = count(1)


class Program(RuleBasedStateMachine):
    """One program, a few people, two communities: this one automatic, the other one reviewed."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.clock = MovableClock(NOON)
        self.desk = Desk(self.database, self.clock, f"p{next(_programs)}")
        self.is_open = False
        self.imported = 0
        self.states: dict[int, State] = {}
        self.places: dict[int, int] = {}
        self.codes: dict[int, str] = {}

    def has(self, *states: State) -> bool:
        """Whether anybody's claim stands in one of these states."""
        return any(state in states for state in self.states.values())

    def pick(self, which: int, *states: State) -> int:
        """One of those whose claims stand so."""
        people = [person for person, state in self.states.items() if state in states]
        return people[which % len(people)]

    def wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run one thing to its end."""
        return self.loop.run_until_complete(work)

    def try_to(self, work: Coroutine[Any, Any, Any]) -> bool:
        """Run what may be refused; whether it was not."""
        with suppress(RefusalError):
            self.wait(work)
            return True
        return False

    @initialize(
        cap=st.integers(1, GIVEN),
        waiting=st.lists(GUILDS, max_size=8),
        share=st.none() | st.integers(0, 3),
        more=st.integers(0, 6),
        is_moved=st.booleans(),
    )
    def begin(
        self, cap: int, waiting: list[int], share: int | None, more: int, *, is_moved: bool
    ) -> None:
        """People came before there were codes, and perhaps some have an offer by now."""
        self.wait(self.desk.open(0, cap=GIVEN))
        self.is_open = True
        self.wait(self.desk.set_cap(cap))
        self.wait(self.desk.set_share(HERE, share))
        for person, guild_id in enumerate(waiting, start=1):
            self.wait(self.desk.claim(person, guild_id))
        self.bring(more)
        if is_moved:
            self.wait(self.desk.move())

    @rule(more=st.integers(1, 4))
    def bring(self, more: int) -> None:
        """An import."""
        numbers = range(self.imported, self.imported + more)
        self.imported = numbers.stop
        self.wait(add_codes(self.database, numbers, self.desk.program_id))

    @rule(cap=st.integers(0, GIVEN))
    def change_cap(self, cap: int) -> None:
        """The operator raises or lowers the cap."""
        with suppress(ConflictError):  # below what is given out and offered
            self.wait(self.desk.set_cap(cap))

    @rule(guild_id=GUILDS, cap=st.none() | st.integers(0, 5))
    def change_share(self, guild_id: int, cap: int | None) -> None:
        """A community's share is set, changed or taken away."""
        with suppress(ConflictError):
            self.wait(self.desk.set_share(guild_id, cap))

    @rule(person=PEOPLE, guild_id=GUILDS, handle=HANDLES)
    def claim(self, person: int, guild_id: int, handle: str) -> None:
        """One person presses."""
        is_new = self.states.get(person, State.EXPIRED) not in LIVE
        waiting = self.wait(self.desk.waiting_within_shares())
        if not self.try_to(self.desk.claim(person, guild_id, handle=handle)):
            return
        after = self.wait(self.desk.state(person))
        if is_new and waiting:
            assert after is not State.ALLOCATED, "a code went past somebody who could have had it"

    @rule(people=st.lists(PEOPLE, min_size=2, max_size=8), guild_id=GUILDS)
    def claim_together(self, people: list[int], guild_id: int) -> None:
        """Several press in the same moment, some of them twice, and share a transaction."""
        self.wait(self.desk.claim_in_one_batch(people, guild_id))

    @rule(which=WHICH)
    @precondition(lambda self: self.has(State.OFFERED))
    def look(self, which: int) -> None:
        """A person looks, and learns of an offer."""
        self.wait(self.desk.look(self.pick(which, State.OFFERED)))

    @rule(which=WHICH)
    @precondition(lambda self: self.has(State.OFFERED))
    def accept(self, which: int) -> None:
        """A person takes the offered place, unless it is too late."""
        person = self.pick(which, State.OFFERED)
        row = self.wait(self.desk.row(person))
        assert row is not None
        is_in_time = row["offer_ends_at"] is None or row["offer_ends_at"] > self.clock.now()
        accepting = self.desk.claims.accept(self.desk.program_id, row["guild_id"], Member(person))
        is_done = self.try_to(accepting)
        assert is_done == is_in_time

    @rule(which=WHICH)
    @precondition(lambda self: self.has(*LEAVING))
    def withdraw(self, which: int) -> None:
        """A person leaves."""
        person = self.pick(which, *LEAVING)
        self.wait(self.desk.claims.withdraw(self.desk.program_id, Member(person)))

    @rule(which=WHICH)
    @precondition(lambda self: self.has(State.REJECTED))
    def appeal(self, which: int) -> None:
        """A person appeals."""
        person = self.pick(which, State.REJECTED)
        self.try_to(self.desk.claims.appeal(self.desk.program_id, Member(person)))

    @rule(which=WHICH, moderator=MODERATORS)
    @precondition(lambda self: self.has(State.PENDING))
    def approve(self, which: int, moderator: int) -> None:
        """A moderator approves."""
        person = self.pick(which, State.PENDING)
        waiting = self.wait(self.desk.waiting_within_shares())
        row = self.wait(self.desk.row(person))
        assert row is not None
        self.try_to(self.desk.approve(person, moderator))
        if waiting and (row["position"] or waiting[-1]["position"] + 1) > waiting[0]["position"]:
            assert self.wait(self.desk.state(person)) is not State.ALLOCATED

    @rule(which=WHICH, moderator=MODERATORS)
    @precondition(lambda self: self.has(State.PENDING))
    def reject(self, which: int, moderator: int) -> None:
        """A moderator refuses."""
        self.try_to(self.desk.reject(self.pick(which, State.PENDING), moderator))

    @rule(which=WHICH)
    @precondition(lambda self: self.has(State.ALLOCATED))
    def revoke(self, which: int) -> None:
        """A moderator revokes."""
        pending = self.wait(self.desk.pending(self.pick(which, State.ALLOCATED)))
        guild_id, claim_id, version = pending
        review = self.desk.review
        self.wait(review.revoke(guild_id, MODERATOR, claim_id, version, "Given away."))

    @rule(hours=st.sampled_from([1, 71, 73]))
    def pass_time(self, hours: int) -> None:
        """Hours pass."""
        self.clock.move_to(self.clock.now() + hours * OFFER_SECONDS // 72)

    @rule(person=PEOPLE)
    def erase(self, person: int) -> None:
        """A person erases their data."""

        async def work() -> None:
            async with self.database.transaction() as tx:
                await waitlist.leave_all(tx, person, self.clock.now())
                await tx.execute(ERASE_PERSON, old_user_id=person)

        self.wait(work())

    @rule()
    @precondition(lambda self: not self.has(State.OFFERED))
    def void_what_is_not_promised(self) -> None:
        """The operator voids the free codes while no offer needs one."""

        async def work() -> None:
            async with self.database.transaction() as tx:
                await tx.execute(VOID_FREE, program_id=self.desk.program_id)

        self.wait(work())

    @rule()
    def move(self) -> None:
        """The waitlist moves: in order, past nobody, and as far as it can."""
        offered = self.wait(self.desk.move())
        rows = [self.wait(self.desk.row(person)) for person in offered]
        order = [row["position"] for row in rows if row]
        assert order == sorted(order)
        waiting = self.wait(self.desk.waiting_within_shares())
        assert all(row["position"] > order[-1] for row in waiting if order), "somebody was skipped"
        assert self.wait(self.desk.servable()) == [], "somebody waits who could have a place"

    @invariant()
    def counts_agree_with_the_rows(self) -> None:
        """Counters, shares, offers, codes and places."""
        if self.is_open:
            self.wait(self.desk.check())
            self.states = self.wait(self.desk.states())

    @invariant()
    def places_and_codes_stay_whose_they_are(self) -> None:
        """A place or a code that was given once never changes."""
        places = self.wait(self.desk.positions())
        assert self.places.items() <= places.items()
        self.places = places
        codes = self.wait(self.desk.shown())
        assert self.codes.items() <= codes.items()
        assert len(set(codes.values())) == len(codes)
        self.codes = codes
