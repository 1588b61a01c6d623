"""A faulty code is replaced with two people's consent, and every count stays right."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable

import pytest
from sqlalchemy import select

from bot.claims.replacing import Replacement, Replacing
from bot.claims.rules import Member, State
from bot.claims.store import ERASE_PERSON
from bot.claims.tables import (
    allocations,
    claim_decisions,
    claims,
    code_replacements,
    codes,
    community_shares,
    program_counters,
)
from bot.clock import MovableClock
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog
from bot.storage import Database
from tests.conftest import NOON
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE, Desk

ANN, BEN = 101, 102
THIRD_MODERATOR = 900_003
REASON = "The partner's page says that it was used."


class Bench(Desk):
    """A desk whose moderators replace codes."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        super().__init__(database, clock)
        self.replacing = Replacing(database, AuditLog(database, clock), clock)

    async def ask(self, person: int, moderator: int = MODERATOR) -> Replacement:
        """A moderator says that a person's code is faulty."""
        guild_id, claim_id, _ = await self.pending(person)
        return await self.replacing.ask(guild_id, moderator, claim_id, REASON)

    async def confirm(
        self, person: int, moderator: int = OTHER_MODERATOR, asked_at: int | None = NOON
    ) -> State:
        """Another moderator agrees; how the claim stands then."""
        guild_id, claim_id, _ = await self.pending(person)
        return (await self.replacing.confirm(guild_id, moderator, claim_id, asked_at)).state

    async def decline(self, person: int, moderator: int, asked_at: int | None = NOON) -> State:
        """A moderator takes the request back, or refuses it."""
        guild_id, claim_id, _ = await self.pending(person)
        return (await self.replacing.decline(guild_id, moderator, claim_id, asked_at)).state

    async def replace(self, person: int) -> None:
        """Both at once."""
        await self.ask(person)
        await self.confirm(person)

    async def code(self, person: int) -> str | None:
        """The code as its claimant sees it."""
        return (await self.look(person)).code

    async def raise_cap(self, cap: int) -> None:
        """The partner gives more."""
        more = program_counters.update().values(given=cap, cap=cap)
        await self.database.run(lambda tx: tx.execute(more))

    async def lead_to(self, person: int, *states: State) -> None:
        """Move a claim by legal steps."""
        _, claim_id, _ = await self.pending(person)
        for state in states:
            async with self.database.transaction() as tx:
                await tx.execute(
                    claims.update().where(claims.c.id == claim_id).values(state=state.value)
                )

    async def rows(self, table: object) -> list[dict[str, object]]:
        """Every row of a table."""
        found = await self.database.fetch_all(select(table))  # type: ignore[call-overload]
        return [{column.name: row[column.name] for column in table.columns} for row in found]  # type: ignore[attr-defined]

    async def check(self) -> None:
        """Hold what is counted against the people who have a code."""
        given = await self.rows(allocations)
        held = [row for row in given if row["replaced_at"] is None]
        pool = Counter(row["state"] for row in await self.rows(codes))
        (counters,) = await self.rows(program_counters)
        assert counters["allocated"] == len(held) == pool["spent"]
        assert pool["void"] == len(given) - len(held)
        assert len({row["claim_id"] for row in held}) == len(held)
        guild_of = {row["id"]: row["guild_id"] for row in await self.rows(claims)}
        by_guild = Counter(guild_of[row["claim_id"]] for row in held)
        shares = await self.rows(community_shares)
        assert {row["guild_id"]: row["allocated"] for row in shares if row["allocated"]} == by_guild
        free = {row["id"] for row in await self.rows(codes) if row["state"] != "spent"}
        assert not free & {row["code_id"] for row in held}


@pytest.fixture
async def bench(database: Database, clock: MovableClock) -> Bench:
    """Five codes; Ann has one of them."""
    bench = Bench(database, clock)
    await bench.open(5)
    await bench.claim(ANN)
    return bench


@pytest.fixture
def twin(other: Database, bench: Bench, clock: MovableClock) -> Bench:
    """The same program in another process."""
    return Bench(other, clock)


async def race(*works: Awaitable[object]) -> int:
    """Everything at once; how many came through. A refusal is an answer, other errors are not."""
    ends = await asyncio.gather(*works, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, RefusalError):
            raise end
    return sum(not isinstance(end, RefusalError) for end in ends)


async def audit_of(database: Database, guild_id: int = HERE) -> list[tuple[object, ...]]:
    """The log of changes, oldest first."""
    entries = await AuditLog(database, MovableClock(NOON)).latest(guild_id)
    return [
        (entry.actor_id, entry.change.action, entry.change.target, entry.change.old)
        for entry in reversed(entries)
    ]


def ends_of(fingerprints: Iterable[str]) -> list[str]:
    return [f"…{fingerprint[-4:]}" for fingerprint in fingerprints]


async def test_with_two_moderators_consent_the_claimant_sees_another_code(bench: Bench) -> None:
    first = await bench.code(ANN)
    _, claim_id, version = await bench.pending(ANN)
    assert await bench.ask(ANN) == Replacement(claim_id, MODERATOR, REASON, NOON)
    assert await bench.code(ANN) == first
    assert await bench.confirm(ANN) is State.ALLOCATED
    second = await bench.code(ANN)
    assert second is not None
    assert second != first
    assert await bench.pending(ANN) == (HERE, claim_id, version + 1)
    await bench.check()


async def test_the_replaced_allocation_says_who_asked_and_who_agreed(bench: Bench) -> None:
    await bench.ask(ANN)
    bench.clock.move_to(NOON + 60)  # type: ignore[attr-defined]
    await bench.confirm(ANN)
    old, new = sorted(await bench.rows(allocations), key=lambda row: str(row["replaced_at"]))
    assert (old["replaced_at"], old["replaced_by"], old["confirmed_by"]) == (
        NOON + 60,
        MODERATOR,
        OTHER_MODERATOR,
    )
    assert (new["replaced_at"], new["allocated_at"]) == (None, NOON + 60)
    assert old["claim_id"] == new["claim_id"]
    assert old["subject"] == new["subject"]


async def test_the_decision_is_written_down_and_the_request_goes(bench: Bench) -> None:
    _, claim_id, version = await bench.pending(ANN)
    await bench.replace(ANN)
    (decision,) = await bench.rows(claim_decisions)
    assert decision == {
        "claim_id": claim_id,
        "version": version,
        "action": "replaced",
        "reason": REASON,
        "decider_id": OTHER_MODERATOR,
        "decided_at": NOON,
    }
    assert await bench.rows(code_replacements) == []
    assert await bench.replacing.open_request(claim_id) is None


async def test_the_log_has_who_did_what_and_neither_code_nor_reason(bench: Bench) -> None:
    seen = [await bench.code(ANN)]
    await bench.ask(ANN)
    await bench.decline(ANN, MODERATOR)
    await bench.replace(ANN)
    seen.append(await bench.code(ANN))
    _, claim_id, _ = await bench.pending(ANN)
    target = f"claim {claim_id}"
    old = next(row for row in await bench.rows(codes) if row["state"] == "void")
    assert await audit_of(bench.database) == [
        (MODERATOR, "claims.replacement-asked", target, None),
        (MODERATOR, "claims.replacement-declined", target, "asked"),
        (MODERATOR, "claims.replacement-asked", target, None),
        (OTHER_MODERATOR, "claims.replaced", target, *ends_of([str(old["fingerprint"])])),
    ]
    told = str(await AuditLog(bench.database, bench.clock).latest(HERE))
    assert REASON not in told
    assert not any(str(code) in told for code in seen)


async def test_whoever_asked_cannot_agree_as_well(bench: Bench) -> None:
    await bench.ask(ANN)
    with pytest.raises(RefusalError, match="It takes two"):
        await bench.confirm(ANN, MODERATOR)
    assert await bench.count("allocations") == 1
    await bench.confirm(ANN, OTHER_MODERATOR)


async def test_asking_twice_is_refused_kindly(bench: Bench) -> None:
    await bench.ask(ANN)
    with pytest.raises(RefusalError, match="You asked for this replacement yourself"):
        await bench.ask(ANN)
    with pytest.raises(RefusalError, match="You can agree to it, or decline it"):
        await bench.ask(ANN, OTHER_MODERATOR)
    assert len(await bench.rows(code_replacements)) == 1


async def test_a_moderator_never_decides_on_the_code_of_their_own_claim(bench: Bench) -> None:
    await bench.claim(MODERATOR)
    for refused in (bench.ask(MODERATOR), bench.decline(MODERATOR, MODERATOR)):
        with pytest.raises(RefusalError, match="your own claim"):
            await refused
    await bench.ask(MODERATOR, OTHER_MODERATOR)
    with pytest.raises(RefusalError, match="your own claim"):
        await bench.confirm(MODERATOR, MODERATOR)
    await bench.confirm(MODERATOR, THIRD_MODERATOR)
    await bench.check()


async def test_another_community_decides_on_nothing(bench: Bench) -> None:
    _, claim_id, _ = await bench.pending(ANN)
    await bench.ask(ANN)
    for refused in (
        bench.replacing.ask(THERE, MODERATOR, claim_id, REASON),
        bench.replacing.confirm(THERE, OTHER_MODERATOR, claim_id, NOON),
        bench.replacing.decline(THERE, OTHER_MODERATOR, claim_id, NOON),
        bench.replacing.ask(HERE, MODERATOR, 999_999, REASON),
    ):
        with pytest.raises(RefusalError, match="not one of this community's"):
            await refused
    assert await bench.count("allocations") == 1


@pytest.mark.parametrize(
    "path",
    [
        (),
        (State.REJECTED,),
        (State.WAITLISTED,),
        (State.WAITLISTED, State.OFFERED),
        (State.WITHDRAWN,),
        (State.EXPIRED,),
    ],
    ids=str,
)
async def test_a_claim_without_a_code_has_none_to_replace(
    bench: Bench, path: tuple[State, ...]
) -> None:
    await bench.claim(BEN, THERE)
    await bench.lead_to(BEN, *path)
    with pytest.raises(RefusalError, match="no code that could be replaced"):
        await bench.ask(BEN)


@pytest.mark.parametrize("last", [State.REVOKED, State.ENDED])
async def test_a_code_that_is_revoked_or_over_is_not_replaced(bench: Bench, last: State) -> None:
    await bench.ask(ANN)
    await bench.lead_to(ANN, State.DELIVERED, last)
    with pytest.raises(RefusalError, match="no code that could be replaced"):
        await bench.confirm(ANN)
    await bench.decline(ANN, MODERATOR)
    with pytest.raises(RefusalError, match="no code that could be replaced"):
        await bench.ask(ANN)


async def test_a_request_goes_with_the_claim_that_is_revoked(bench: Bench) -> None:
    await bench.claim(BEN)
    await bench.ask(ANN)
    kept = await bench.ask(BEN)
    guild_id, claim_id, version = await bench.pending(ANN)
    await bench.review.revoke(guild_id, OTHER_MODERATOR, claim_id, version, "Sold.")
    assert await bench.replacing.open_request(claim_id) is None
    (row,) = await bench.rows(code_replacements)
    assert row["claim_id"] == kept.claim_id


async def test_a_code_that_was_shown_or_redeemed_can_be_replaced(bench: Bench) -> None:
    _, claim_id, _ = await bench.pending(ANN)
    await bench.claims.mark_delivered(claim_id)
    await bench.replace(ANN)
    assert await bench.state(ANN) is State.DELIVERED
    await bench.claims.redeem(bench.program_id, Member(ANN))
    before = await bench.look(ANN)
    await bench.replace(ANN)
    after = await bench.look(ANN)
    assert before.claim
    assert after.claim
    assert after.claim.state is State.REDEEMED
    assert after.claim.ends_at == before.claim.ends_at is not None
    assert after.code != before.code
    await bench.check()
    assert len(await bench.rows(allocations)) == 3


async def test_a_declined_request_leaves_the_code_and_can_be_made_anew(bench: Bench) -> None:
    first = await bench.code(ANN)
    for who in (MODERATOR, OTHER_MODERATOR):
        await bench.ask(ANN)
        assert await bench.decline(ANN, who) is State.ALLOCATED
        for refused in (bench.confirm(ANN), bench.decline(ANN, who)):
            with pytest.raises(RefusalError, match="Nobody asks for another code"):
                await refused
    assert await bench.code(ANN) == first
    await bench.replace(ANN)
    assert await bench.code(ANN) != first


@pytest.mark.parametrize("seen_at", [NOON, None])
async def test_a_card_of_an_earlier_request_decides_on_no_later_one(
    bench: Bench, seen_at: int | None
) -> None:
    await bench.ask(ANN)
    await bench.decline(ANN, OTHER_MODERATOR)
    first = await bench.code(ANN)
    bench.clock.move_to(NOON + 60)  # type: ignore[attr-defined]
    asked = await bench.ask(ANN, OTHER_MODERATOR)
    for refused in (
        bench.confirm(ANN, MODERATOR, seen_at),
        bench.decline(ANN, MODERATOR, seen_at),
    ):
        with pytest.raises(RefusalError, match="This card is of an earlier request"):
            await refused
    assert await bench.code(ANN) == first
    await bench.confirm(ANN, MODERATOR, asked.asked_at)
    assert await bench.code(ANN) != first


async def test_who_erased_their_data_gets_no_new_code(bench: Bench) -> None:
    guild_id, claim_id, _ = await bench.pending(ANN)
    await bench.ask(ANN)
    await bench.database.run(lambda tx: tx.execute(ERASE_PERSON, old_user_id=ANN))
    with pytest.raises(RefusalError, match="erased their data"):
        await bench.replacing.confirm(guild_id, OTHER_MODERATOR, claim_id, NOON)
    await bench.replacing.decline(guild_id, OTHER_MODERATOR, claim_id, NOON)
    with pytest.raises(RefusalError, match="erased their data"):
        await bench.replacing.ask(guild_id, MODERATOR, claim_id, REASON)
    await bench.check()


async def test_without_a_code_left_nothing_changes_until_more_come_in(bench: Bench) -> None:
    for person in range(4):
        await bench.claim(person)
    before = [await bench.rows(table) for table in (claims, codes, allocations, program_counters)]
    await bench.ask(ANN)
    with pytest.raises(RefusalError, match="no code left"):
        await bench.confirm(ANN)
    assert before == [
        await bench.rows(table) for table in (claims, codes, allocations, program_counters)
    ]
    assert len(await bench.rows(code_replacements)) == 1
    await bench.bring(range(5, 6))
    await bench.confirm(ANN)
    await bench.check()


async def test_a_code_that_is_kept_for_an_offer_is_left_to_it(bench: Bench) -> None:
    for person in range(4):
        await bench.claim(person)
    await bench.claim(BEN)
    await bench.bring(range(5, 6))
    await bench.raise_cap(6)
    await bench.ask(ANN)
    assert await bench.move() == [BEN]
    with pytest.raises(RefusalError, match="no code left"):
        await bench.confirm(ANN)
    await bench.bring(range(6, 7))
    await bench.confirm(ANN)
    assert (await bench.claims.accept(bench.program_id, HERE, Member(BEN))).code is not None
    await bench.check()


async def test_a_full_cap_is_no_reason_to_refuse_and_nobody_who_waits_loses_by_it(
    bench: Bench,
) -> None:
    await bench.set_cap(1)
    await bench.claim(BEN)
    await bench.replace(ANN)
    assert await bench.state(BEN) is State.WAITLISTED
    assert await bench.move() == []
    await bench.check()


async def test_a_full_share_of_the_community_is_no_reason_to_refuse(bench: Bench) -> None:
    await bench.set_share(HERE, 1)
    await bench.replace(ANN)
    await bench.check()


async def test_the_old_code_goes_to_nobody_else(bench: Bench) -> None:
    old = await bench.code(ANN)
    await bench.replace(ANN)
    shown = [(await bench.claim(person)).code for person in range(6)]
    assert old not in shown
    assert sum(code is not None for code in shown) == 3
    await bench.check()


async def test_of_two_who_agree_at_the_same_moment_one_does(bench: Bench, twin: Bench) -> None:
    await bench.bring(range(5, 30))
    for _ in range(6):
        await bench.ask(ANN)
        through = await race(
            bench.confirm(ANN, OTHER_MODERATOR), twin.confirm(ANN, THIRD_MODERATOR)
        )
        assert through == 1
    given = await bench.rows(allocations)
    assert len(given) == 7
    assert sum(row["replaced_at"] is None for row in given) == 1
    await bench.check()


async def test_of_two_who_ask_at_the_same_moment_one_does(bench: Bench, twin: Bench) -> None:
    for _ in range(6):
        assert await race(bench.ask(ANN), twin.ask(ANN, OTHER_MODERATOR)) == 1
        (request,) = await bench.rows(code_replacements)
        await bench.decline(ANN, int(str(request["asked_by"])))


async def test_agreeing_against_declining_has_one_outcome(bench: Bench, twin: Bench) -> None:
    await bench.bring(range(5, 30))
    for turn in range(6):
        await bench.ask(ANN)
        works = [bench.confirm(ANN), twin.decline(ANN, THIRD_MODERATOR)]
        assert await race(*(works if turn % 2 else reversed(works))) == 1
        assert await bench.rows(code_replacements) == []
    await bench.check()


async def test_the_last_code_against_a_claim_goes_to_one_of_them(bench: Bench, twin: Bench) -> None:
    for person in range(3):
        await bench.claim(person)
    await bench.ask(ANN)
    through = await race(bench.confirm(ANN), twin.claim(BEN))
    waits = await bench.state(BEN) is State.WAITLISTED
    assert through == 2 if waits else through == 1
    await bench.check()


async def test_revoking_against_agreeing_leaves_every_count_right(
    bench: Bench, twin: Bench
) -> None:
    await bench.bring(range(5, 30))
    await bench.raise_cap(30)
    for person in range(6):
        await bench.claim(person)
        await bench.ask(person)
        guild_id, claim_id, version = await bench.pending(person)
        works = [
            bench.confirm(person),
            twin.review.revoke(guild_id, THIRD_MODERATOR, claim_id, version, "Sold."),
        ]
        assert await race(*(works if person % 2 else reversed(works))) == 1
    await bench.check()
