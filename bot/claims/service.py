"""Use cases of claims for members: look, claim, take an offer, leave, appeal, say it is redeemed.

Record, then give: a code is shown only after the transaction that spent it is committed, and
asking again shows the same one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.claims import steps, store, waitlist
from bot.claims.batching import Batcher
from bot.claims.claiming import SWITCHED_OFF, Claiming, Wish
from bot.claims.fence import Fence, Spending, spend
from bot.claims.keys import KeyRing
from bot.claims.reading import Person, Reader, find
from bot.claims.rules import (
    LIVE,
    Answers,
    Member,
    State,
    add_months,
    check_member,
    is_eligible,
)
from bot.claims.settings import CommunitySettings, fetch_settings, requirements_of
from bot.claims.standing import Claim, Standing, to_claim
from bot.clock import Clock
from bot.content.programs import Program
from bot.errors import RefusalError
from bot.storage import Database, Row, Transaction

REST_SECONDS = 0.05
"""Between transactions that only note deliveries. Nobody waits for them to read their card."""


class ElsewhereError(RefusalError):
    """An offer that is taken outside the community that it is of: ``guild_id`` says which."""

    def __init__(self, guild_id: int) -> None:
        super().__init__("This place was offered to you in another community. Take it there.")
        self.guild_id = guild_id


class Claims:
    """What members do with claims. Every method takes plain values and gives a standing back."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keys: KeyRing,
        programs: Mapping[str, Program],
        fence: Fence | None = None,
    ) -> None:
        self.programs = programs
        self._database = database
        self._clock = clock
        self._keys = keys
        self._reader = Reader(database, keys, programs)
        self._fence = fence
        self._claiming = Claiming(database, clock, keys, self._reader, fence)
        self._deliveries = Batcher(self._mark_delivered, rest_seconds=REST_SECONDS)

    async def close(self) -> None:
        """Finish what was asked."""
        await self._claiming.close()
        await self._deliveries.close()

    async def look(self, program_id: str, guild_id: int, member: Member) -> Standing:
        """Where a person stands; looking changes nothing but what an offer's clock needs."""
        person = await self._reader.identify(program_id, member.user_id)
        row = await self._reader.latest(person)
        if row is None or _is_over(row):
            settings = await fetch_settings(self._database, program_id, guild_id)
            _ensure_on(settings)
            wanted = requirements_of(person.program, settings)
            results = tuple(check_member(member, wanted, self._clock.now()))
            return Standing(person.program, results=results)
        if row["state"] == State.OFFERED.value and row["told_at"] is None:
            await self.mark_told(row["id"])
            row = await self._reader.read(row["id"])
        return await self._show(person, row)

    async def programs_in(self, guild_id: int, user_id: int) -> list[Program]:
        """What can be claimed in a community, and what this person has claimed anywhere."""
        rows = await self._database.fetch_all(store.SELECT_GUILD_SETTINGS, guild_id=guild_id)
        switched_on = {row["program_id"] for row in rows if row["is_on"]}
        claimed = await self._database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        seen = switched_on | {row["program_id"] for row in claimed}
        return [program for program in self.programs.values() if program.id in seen]

    async def claim(
        self,
        program_id: str,
        guild_id: int,
        member: Member,
        answers: Answers,
        *,
        wants_dm: bool = False,
    ) -> Standing:
        """Claim: a code at once, a look by a moderator, a place in the waitlist, or why not.

        Raises :class:`RefusalError` when the program takes no claims here or now, or when the
        person claimed before and erased their data.
        """
        wish = Wish(guild_id, member, answers, wants_dm)
        answer = await self._claiming.ask(program_id, wish)
        if answer.row is None:
            return Standing(answer.person.program, results=answer.results)
        return await self._show(answer.person, answer.row, answer.sealed)

    async def accept(self, program_id: str, guild_id: int, member: Member) -> Standing:
        """Take an offered place: the code is taken now. Eligibility is checked again.

        Raises :class:`ElsewhereError` for the offer of another community: its rules ask for roles
        and days there, which a member of this one can't show.
        """
        person = await self._reader.identify(program_id, member.user_id)

        async def work(tx: Transaction, spending: Spending) -> Standing | None:
            await steps.lock(tx, program_id)
            row = await find(tx, person, State.OFFERED)
            if row["guild_id"] != guild_id:
                raise ElsewhereError(row["guild_id"])
            now = self._clock.now()
            settings = await fetch_settings(tx, program_id, guild_id)
            results = check_member(member, requirements_of(person.program, settings), now)
            if not is_eligible(results):
                return Standing(person.program, to_claim(row), tuple(results))
            if row["offer_ends_at"] is not None and row["offer_ends_at"] <= now:
                message = "That offer has passed on to the next in the waitlist."
                raise RefusalError(message)
            code = await tx.fetch_one(store.TAKE_CODES, program_id=program_id, most=1, kept=0)
            if code is None:
                message = "There is no code left right now; your place is kept. Try again later."
                raise RefusalError(message)
            await steps.step(tx, row, State.ALLOCATED, now)
            spending.note(await steps.allocate(tx, row, code["id"], now, was_offered=True))
            return None

        refused = await spend(self._database, self._fence, work)
        return refused or await self.look(program_id, guild_id, member)

    async def withdraw(self, program_id: str, member: Member) -> Standing:
        """Leave: the queue, the waitlist, or an offer, which passes on when the waitlist moves."""
        person = await self._reader.identify(program_id, member.user_id)

        async def work(tx: Transaction) -> None:
            await steps.lock(tx, program_id)
            row = await find(tx, person, State.PENDING, State.WAITLISTED, State.OFFERED)
            await waitlist.leave(tx, row, self._clock.now())

        await self._database.run(work)
        return Standing(person.program)

    async def appeal(self, program_id: str, member: Member) -> Standing:
        """Ask another moderator to look again, once."""
        person = await self._reader.identify(program_id, member.user_id)

        async def work(tx: Transaction) -> int:
            await steps.lock(tx, program_id)
            row = await self._reader.latest(person, tx)
            if row is None or row["state"] != State.REJECTED.value or row["user_id"] is None:
                message = "There is no refusal to appeal against. Run /claim to see how it stands."
                raise RefusalError(message)
            if row["appeals"]:
                message = "You appealed once already, and somebody else decided. That was the last."
                raise RefusalError(message)
            if row["handle_key"] is not None:
                keys = json.dumps([row["handle_key"]])
                values = {"program_id": program_id, "handle_keys": keys}
                if await tx.fetch_one(store.SELECT_TAKEN_HANDLES, **values):
                    # Somebody took the handle meanwhile; the moderators compare the two.
                    await tx.execute(store.MARK_CONFLICT, claim_id=row["id"])
            await steps.step(tx, row, State.PENDING, self._clock.now())
            await tx.execute(store.MARK_APPEALED, claim_id=row["id"])
            return int(row["guild_id"])

        return await self.look(program_id, await self._database.run(work), member)

    async def answer(self, program_id: str, member: Member, note: str) -> Standing:
        """Answer what a moderator asked; the claim goes on waiting, with a new version."""
        person = await self._reader.identify(program_id, member.user_id)

        async def work(tx: Transaction) -> int:
            await steps.lock(tx, program_id)
            row = await find(tx, person, State.PENDING)
            await steps.step(tx, row, State.PENDING, self._clock.now())
            await tx.execute(store.SAVE_NOTE, claim_id=row["id"], new_note=note)
            return int(row["guild_id"])

        return await self.look(program_id, await self._database.run(work), member)

    async def choose_reminders(self, program_id: str, member: Member, *, wants_dm: bool) -> None:
        """Whether news of the claim comes as a direct message. It never carries a code."""
        person = await self._reader.identify(program_id, member.user_id)

        async def work(tx: Transaction) -> None:
            row = await find(tx, person, *LIVE)
            await tx.execute(store.CHOOSE_REMINDERS, claim_id=row["id"], new_wants_dm=int(wants_dm))

        await self._database.run(work)

    async def word_of(self, claim: Claim) -> str | None:
        """The word that has to stand in the creator's bio, where the community asks for one."""
        settings = await fetch_settings(self._database, claim.program_id, claim.guild_id)
        if not settings.needs_word or claim.user_id is None:
            return None
        person = await self._reader.identify(claim.program_id, claim.user_id)
        return self._keys.word(person.pepper, claim.user_id)

    async def mark_told(self, claim_id: int) -> None:
        """The person knows of their offer, by a card or a message: its clock starts, once."""
        await self._database.run(lambda tx: waitlist.tell(tx, claim_id, self._clock.now()))

    async def mark_delivered(self, claim_id: int) -> None:
        """Discord accepted the private card with the code. Nothing is built on it."""
        await self._deliveries.ask(claim_id)

    async def redeem(self, program_id: str, member: Member) -> Standing:
        """The person says that they redeemed it: the estimate of its end begins."""
        person = await self._reader.identify(program_id, member.user_id)

        async def work(tx: Transaction) -> int:
            now = self._clock.now()
            await steps.lock(tx, program_id)
            row = await find(tx, person, State.ALLOCATED, State.DELIVERED)
            if row["state"] == State.ALLOCATED.value:
                await steps.step(tx, row, State.DELIVERED, now)
                row = await find(tx, person, State.DELIVERED)
            await steps.step(tx, row, State.REDEEMED, now)
            ends_at = add_months(now, person.program.months)
            await tx.execute(
                store.MARK_REDEEMED, claim_id=row["id"], new_redeemed_at=now, new_ends_at=ends_at
            )
            return int(row["guild_id"])

        return await self.look(program_id, await self._database.run(work), member)

    async def _show(self, person: Person, row: Row, sealed: Row | None = None) -> Standing:
        standing = await self._reader.show(person.program, row, sealed)
        if standing.claim is None or standing.claim.state is not State.PENDING:
            return standing
        return replace(standing, word=await self.word_of(standing.claim))

    async def _mark_delivered(self, claim_ids: Sequence[int]) -> Sequence[None]:
        ids, now = json.dumps(sorted(claim_ids)), self._clock.now()
        await self._database.run(
            lambda tx: tx.execute(store.MARK_DELIVERED, claim_ids=ids, now=now)
        )
        return [None] * len(claim_ids)


def _is_over(row: Row) -> bool:
    """Whether nothing is left of a claim to be shown: whoever erased a refused one may ask anew."""
    is_erased = row["user_id"] is None
    state = State(row["state"])
    return state in {State.WITHDRAWN, State.EXPIRED} or (is_erased and state is State.REJECTED)


def _ensure_on(settings: CommunitySettings) -> None:
    if not settings.is_on:
        raise RefusalError(SWITCHED_OFF)
