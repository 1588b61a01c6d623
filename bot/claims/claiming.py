"""Everybody who claims in the same moment: who they are, whether they may, and what they get.

Program, choices of the communities, claims and codes are read in the transaction that writes, once
for all of them. At a launch each reading of one's own would cost as much as the claim itself, and
what was read before could have changed meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.claims import steps, store
from bot.claims.batching import Batcher
from bot.claims.fence import Fence, Spending, spend
from bot.claims.intake import Request, Taken, find_live, record
from bot.claims.keys import KeyRing
from bot.claims.reading import Person, Reader
from bot.claims.rules import (
    HOLDING,
    Answers,
    Member,
    RuleResult,
    check_answers,
    check_member,
    clean_handle,
    is_eligible,
)
from bot.claims.settings import CommunitySettings, fetch_settings, requirements_of
from bot.clock import Clock
from bot.content.programs import Program
from bot.errors import RefusalError
from bot.storage import Database, Row, Transaction

SWITCHED_OFF = "This community takes no claims of it. Its moderators can switch them on."


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person sent."""

    guild_id: int
    member: Member
    answers: Answers
    wants_dm: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a claim, with its code as it is kept; without one, the rules say why."""

    person: Person
    row: Row | None = field(default=None, repr=False)
    sealed: Row | None = field(default=None, repr=False)
    results: tuple[RuleResult, ...] = ()


Outcome = Answer | str
"""An answer, or the sentence of a refusal."""


class Claiming:
    """One process's claims, in batches of their programs."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keys: KeyRing,
        reader: Reader,
        fence: Fence | None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._keys = keys
        self._reader = reader
        self._fence = fence
        self._batchers: dict[str, Batcher[Wish, Outcome]] = {}

    async def close(self) -> None:
        """Finish what was asked."""
        for batcher in self._batchers.values():
            await batcher.close()

    async def ask(self, program_id: str, wish: Wish) -> Answer:
        """One person's claim, together with those who come in the same moment.

        Raises :class:`RefusalError` when nobody can claim the program here or now.
        """
        if program_id not in self._batchers:

            async def work(wishes: Sequence[Wish]) -> Sequence[Outcome]:
                now = self._clock.now()
                return await spend(
                    self._database,
                    self._fence,
                    lambda tx, spending: self._answer(tx, spending, program_id, wishes, now),
                )

            self._batchers[program_id] = Batcher(work)
        outcome = await self._batchers[program_id].ask(wish)
        if isinstance(outcome, str):
            raise RefusalError(outcome)
        return outcome

    async def _answer(
        self,
        tx: Transaction,
        spending: Spending,
        program_id: str,
        wishes: Sequence[Wish],
        now: int,
    ) -> Sequence[Outcome]:
        kept = await tx.fetch_one(store.SELECT_PROGRAM, program_id=program_id)
        try:
            persons = [self._reader.name(program_id, kept, wish.member.user_id) for wish in wishes]
        except RefusalError as error:
            return [str(error)] * len(wishes)
        counters = await steps.lock(tx, program_id)
        taken = await find_live(tx, program_id, [person.subject for person in persons])
        judged = await self._judge(tx, persons, wishes, taken, now)
        fresh = [one for one in judged if isinstance(one, Request)]
        taken |= await record(tx, counters, fresh, now, spending)
        codes = await _fetch_codes(tx, taken)
        return [
            _to_answer(person, one, taken, codes)
            for person, one in zip(persons, judged, strict=True)
        ]

    async def _judge(
        self,
        tx: Transaction,
        persons: Sequence[Person],
        wishes: Sequence[Wish],
        live: Mapping[str, Taken],
        now: int,
    ) -> list[Request | Outcome | None]:
        """What is to be recorded, or why not; None for who has a claim."""
        settings: dict[int, CommunitySettings] = {}
        judged: list[Request | Outcome | None] = []
        for person, wish in zip(persons, wishes, strict=True):
            if person.subject in live:
                judged.append(None)
                continue
            if wish.guild_id not in settings:
                settings[wish.guild_id] = await fetch_settings(tx, person.program.id, wish.guild_id)
            judged.append(self._judge_one(person, wish, settings[wish.guild_id], now))
        return judged

    def _judge_one(
        self, person: Person, wish: Wish, settings: CommunitySettings, now: int
    ) -> Request | Outcome:
        refusal = find_obstacle(person.program, settings, now)
        if refusal is not None:
            return refusal
        wanted, answers = requirements_of(person.program, settings), wish.answers
        results = (*check_member(wish.member, wanted, now), *check_answers(answers, wanted))
        if not is_eligible(results) or not answers.has_consented:
            return Answer(person, results=results)
        handle = clean_handle(answers.handle)
        return Request(
            program_id=person.program.id,
            subject=person.subject,
            user_id=wish.member.user_id,
            guild_id=wish.guild_id,
            is_reviewed=settings.is_looked_at,
            handle_key=self._keys.handle(person.pepper, handle) if handle else None,
            handle=answers.handle if handle else None,
            country=answers.country or None,
            wants_dm=wish.wants_dm,
        )


def find_obstacle(program: Program, settings: CommunitySettings, now: int) -> str | None:
    """Why nobody can claim a program in a community now, or None."""
    if not settings.is_on:
        return SWITCHED_OFF
    if program.is_open(now):
        return None
    opens_at = int(program.opens_at.timestamp())
    if now < opens_at:
        return f"{program.title} is not open yet. It opens <t:{opens_at}:F>."
    return f"{program.title} is over: no more claims are taken."


async def _fetch_codes(tx: Transaction, taken: Mapping[str, Taken]) -> dict[int, Row]:
    """The codes of those who hold one, as they are kept, by claim."""
    claim_ids = [one.claim_id for one in taken.values() if one.state in HOLDING]
    if not claim_ids:
        return {}
    rows = await tx.fetch_all(store.SELECT_CODES, claim_ids=json.dumps(claim_ids))
    return {row["claim_id"]: row for row in rows}


def _to_answer(
    person: Person,
    judged: Request | Outcome | None,
    taken: Mapping[str, Taken],
    codes: Mapping[int, Row],
) -> Outcome:
    found = taken.get(person.subject)
    if found is not None:  # whoever claims twice in a moment is shown the same
        return Answer(person, found.row, codes.get(found.claim_id))
    if judged is None or isinstance(judged, Request):  # pragma: no cover - each was recorded
        raise LookupError(person.program.id)
    return judged
