"""What claims tell a person about themselves, what erasing leaves, and when even that is lost."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.claims import store
from bot.claims.keys import KeyRing
from bot.claims.personal_data import (
    NO_KEYS,
    OF_CLAIMANT,
    OF_MODERATOR,
    UNREADABLE,
    ClaimsPersonalData,
)
from bot.claims.programs import KEPT_DAYS, end_programs
from bot.claims.replacing import Replacing
from bot.claims.rules import Member, State, add_months
from bot.claims.tables import allocations, claim_reminders, claims, code_replacements
from bot.clock import DAY, HOUR, MovableClock
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog
from bot.privacy.service import Privacy
from bot.storage import Database, metadata
from bot.storage.sqlite import SqliteDatabase
from bot.storage.wiping import empty_log
from cogs.my_data import STAYING
from tests.conftest import NOON
from tests.store import pools
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE, Desk
from tests.store.claims_filling import PROGRAM, RING, make_code

ADA, BEN, EVE = 2**60 + 7, 2**60 + 8, 2**60 + 9
HANDLE, NOTE = "@AdaReads", "My page is the blue one."


@pytest.fixture
async def desk(database: Database, clock: MovableClock) -> Desk:
    """A desk with three codes."""
    desk = Desk(database, clock)
    await desk.open(3)
    return desk


def privacy_of(desk: Desk, keys: KeyRing | None = RING) -> Privacy:
    """The registry with claims alone."""
    return Privacy(desk.database, [ClaimsPersonalData(desk.clock, keys)])


async def export(desk: Desk, person: int, keys: KeyRing | None = RING) -> dict[str, Any]:
    """What a person downloads about claims."""
    found: dict[str, Any] = (await privacy_of(desk, keys).export(person))["claims"]
    return found


async def one_claim(desk: Desk, person: int, keys: KeyRing | None = RING) -> dict[str, Any]:
    """The only claim in it."""
    (claim,) = (await export(desk, person, keys))["claims"]
    assert isinstance(claim, dict)
    return claim


async def everything(database: Database) -> str:
    """Every value of every table."""
    rows = [
        str(row[column.name])
        for table in metadata.sorted_tables
        for row in await database.fetch_all(select(table))
        for column in table.columns
    ]
    return "\n".join(rows)


async def review(desk: Desk) -> None:
    """Ada claims where moderators look, is asked, answers, is refused, appeals and is approved."""
    await desk.claim(ADA, THERE, handle=HANDLE, wants_dm=True)
    await desk.review.ask(*_for(await desk.pending(ADA)), "Which page is yours?")
    await desk.claims.answer(PROGRAM, Member(ADA), NOTE)
    await desk.reject(ADA)
    await desk.claims.appeal(PROGRAM, Member(ADA))
    await desk.approve(ADA, OTHER_MODERATOR)


def _for(pending: tuple[int, int, int]) -> tuple[int, int, int, int]:
    guild_id, claim_id, version = pending
    return guild_id, MODERATOR, claim_id, version


async def test_the_export_has_the_claim_its_code_and_what_was_decided(desk: Desk) -> None:
    await review(desk)
    assert await one_claim(desk, ADA) == {
        "claim_id": 1,
        "program_id": PROGRAM,
        "guild_id": THERE,
        "state": "allocated",
        "handle": HANDLE,
        "country": None,
        "note": NOTE,
        "position": None,
        "created_at": NOON,
        "changed_at": NOON,
        "told_at": None,
        "offer_ends_at": None,
        "redeemed_at": None,
        "ends_at": None,
        "wants_dm": True,
        "has_appealed": True,
        "code": make_code(0),
        "decisions": [
            {"action": "asked", "reason": "Which page is yours?", "decided_at": NOON},
            {"action": "rejected", "reason": "Not this time.", "decided_at": NOON},
            {"action": "approved", "reason": None, "decided_at": NOON},
        ],
        "reminders": [],
    }


async def test_nobody_s_export_has_another_one_s_code_handle_or_words(desk: Desk) -> None:
    await review(desk)
    await desk.claim(BEN)
    for person in (BEN, EVE, MODERATOR, OTHER_MODERATOR):
        told = json.dumps(await export(desk, person))
        assert not [word for word in (make_code(0), HANDLE, NOTE, "Which page") if word in told]
    assert str(MODERATOR) not in json.dumps(await export(desk, ADA))


async def test_a_moderator_s_export_has_their_decisions_by_claim_number(desk: Desk) -> None:
    await review(desk)
    assert (await export(desk, MODERATOR))["claim_decisions"] == [
        {"claim_id": 1, "action": "asked", "decided_at": NOON},
        {"claim_id": 1, "action": "rejected", "decided_at": NOON},
    ]


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (None, NO_KEYS),
        (KeyRing({"k2": b"2" * 32}, RING.hash_key), UNREADABLE),
        (KeyRing({"k1": b"2" * 32}, RING.hash_key), UNREADABLE),
    ],
    ids=["no keys", "a missing key", "another key"],
)
async def test_a_code_that_cannot_be_read_is_left_out_with_the_reason(
    desk: Desk, keys: KeyRing | None, why: str
) -> None:
    await desk.claim(ADA)
    claim = await one_claim(desk, ADA, keys)
    assert (claim["code"], claim["why_no_code"]) == (None, why)
    assert (await privacy_of(desk, keys).erase(ADA)).erased["claims"] == 1


async def test_without_a_code_in_hand_the_export_has_none(desk: Desk) -> None:
    await desk.claim(ADA, THERE)
    assert "code" not in await one_claim(desk, ADA)
    await desk.approve(ADA)
    guild_id, claim_id, version = await desk.pending(ADA)
    await desk.review.revoke(guild_id, MODERATOR, claim_id, version, "It was sold.")
    assert "code" not in await one_claim(desk, ADA)


async def test_the_export_does_not_tell_that_another_one_has_the_same_handle(desk: Desk) -> None:
    for person in (ADA, BEN):
        await desk.claim(person, THERE, handle=HANDLE)
    row = await desk.row(BEN)
    assert row is not None
    assert row["has_conflict"]
    one, two = [await one_claim(desk, person) for person in (ADA, BEN)]
    assert one | {"claim_id": 0} == two | {"claim_id": 0}


async def test_erasing_leaves_how_it_stood_and_keyed_hashes(desk: Desk) -> None:
    await review(desk)
    async with desk.database.transaction() as tx:
        values = {"claim_id": 1, "kind": "days-30", "begun_at": NOON}
        await tx.execute(insert(claim_reminders).values(values))
    await replace_code(desk)
    row = await desk.row(ADA)
    assert row is not None

    receipt = await privacy_of(desk).erase(ADA)

    assert receipt.erased["claims"] == 1
    assert receipt.stays == (OF_CLAIMANT,)
    left = await everything(desk.database)
    words = (str(ADA), HANDLE, NOTE, "Which page", "Not this time", "was used", "That one, too")
    assert not [word for word in words if word in left]
    after = await desk.database.fetch_one(store.SELECT_CLAIM, claim_id=1)
    assert after is not None
    kept = ("subject", "handle_key", "state", "guild_id", "created_at")
    assert [after[name] for name in kept] == [row[name] for name in kept]


async def test_whoever_still_waits_leaves_and_their_places_pass_on(desk: Desk) -> None:
    await desk.set_cap(1)
    for person in (ADA, BEN, EVE):
        await desk.claim(person)
    await desk.claim(EVE + 1, THERE)
    await desk.set_cap(2)
    assert await desk.move() == [BEN]

    for person in (BEN, EVE + 1):
        await privacy_of(desk).erase(person)

    await desk.check()
    assert await desk.states() == {ADA: State.ALLOCATED, EVE: State.WAITLISTED}
    assert await desk.move() == [EVE]


@pytest.mark.parametrize("state", ["allocated", "delivered", "redeemed", "revoked"])
async def test_attack_27_erase_then_ask_again_is_refused_everywhere_without_naming_anyone(
    desk: Desk, state: str
) -> None:
    await desk.claim(ADA, handle=HANDLE)
    if state == "delivered":
        await desk.claims.mark_delivered(1)
    elif state == "redeemed":
        await desk.claims.redeem(PROGRAM, Member(ADA))
    elif state == "revoked":
        guild_id, claim_id, version = await desk.pending(ADA)
        await desk.review.revoke(guild_id, MODERATOR, claim_id, version, "It was sold.")
    assert await desk.state(ADA) == state
    await privacy_of(desk).erase(ADA)

    for guild_id in (HERE, THERE):
        for ask in (desk.look, desk.claim):
            with pytest.raises(RefusalError) as refused:
                await ask(ADA, guild_id)
            told = str(refused.value)
            assert "erased on request" in told
            assert not [word for word in (str(ADA), "Ada", make_code(0), "sold") if word in told]
        for act in (desk.claims.redeem, desk.claims.appeal):
            with pytest.raises(RefusalError):
                await act(PROGRAM, Member(ADA))
        with pytest.raises(RefusalError):
            await desk.claims.accept(PROGRAM, guild_id, Member(ADA))
    await desk.check()
    assert await desk.count("allocations") == 1


async def test_attack_27_a_hundred_times_at_once_gives_no_second_code(desk: Desk) -> None:
    await desk.claim(ADA)
    await privacy_of(desk).erase(ADA)
    asked = [desk.claim(ADA, guild_id) for guild_id in (HERE, THERE) * 50]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(answer) for answer in answers} == {RefusalError}
    await desk.check()


async def test_whoever_had_no_code_may_claim_again_at_the_end_of_the_line(desk: Desk) -> None:
    await desk.set_cap(1)
    for person in (ADA, BEN, EVE):
        await desk.claim(person)
    await privacy_of(desk).erase(BEN)
    again = await desk.claim(BEN)
    assert again.claim is not None
    assert (again.claim.state, again.ahead) == (State.WAITLISTED, 1)
    await desk.check()


async def test_whoever_was_refused_and_erased_that_may_ask_anew_as_others_may(desk: Desk) -> None:
    await desk.claim(ADA, THERE, handle=HANDLE)
    await desk.reject(ADA)
    await privacy_of(desk).erase(ADA)
    standing = await desk.look(ADA, THERE)
    assert (standing.claim, standing.reason) == (None, None)
    again = await desk.claim(ADA, THERE, handle=HANDLE)
    assert again.claim is not None
    assert (again.claim.state, again.claim.appeals) == (State.PENDING, 0)


async def test_a_handle_stays_taken_and_whoever_uses_it_is_told_nothing(desk: Desk) -> None:
    await desk.claim(ADA, handle=HANDLE)
    await privacy_of(desk).erase(ADA)
    standing = await desk.claim(BEN, handle=HANDLE.casefold())
    assert standing.claim is not None
    assert standing.claim.state is State.PENDING
    assert standing.reason is None


async def test_attack_27_erasing_while_it_is_approved_ends_in_one_of_two_ways(
    desk: Desk,
) -> None:
    people = range(ADA, ADA + 3)
    for person in people:
        await desk.claim(person, THERE)
    privacy = privacy_of(desk)
    approvals = [desk.review.approve(*_for(await desk.pending(person))) for person in people]
    erasures = [privacy.erase(person) for person in people]
    done = await asyncio.gather(*approvals, *erasures, return_exceptions=True)
    assert all(isinstance(fault, RefusalError) for fault in done if isinstance(fault, Exception))
    rows = await desk.database.fetch_all(select(claims.c.user_id, claims.c.state))
    assert {row["user_id"] for row in rows} == {None}
    assert {row["state"] for row in rows} <= {State.ALLOCATED, State.WITHDRAWN}
    await desk.check()


async def replace_code(desk: Desk) -> None:
    """Two moderators replace Ada's code, and the first one asks for it once more."""
    replacing = Replacing(desk.database, AuditLog(desk.database, desk.clock), desk.clock)
    asked = await replacing.ask(THERE, MODERATOR, 1, "It was used.")
    await replacing.confirm(THERE, OTHER_MODERATOR, 1, asked.asked_at)
    await replacing.ask(THERE, MODERATOR, 1, "That one, too.")


async def test_what_moderators_told_each_other_of_a_faulty_code_is_in_nobody_s_export(
    desk: Desk,
) -> None:
    await review(desk)
    await replace_code(desk)
    claim = await one_claim(desk, ADA)
    assert claim["code"] == make_code(1)
    assert claim["decisions"][-1] == {"action": "replaced", "reason": None, "decided_at": NOON}
    for person in (ADA, MODERATOR, OTHER_MODERATOR):
        told = json.dumps(await export(desk, person))
        assert "was used" not in told
        assert "too" not in told


async def test_a_moderator_s_id_is_taken_out_and_what_they_did_stays(desk: Desk) -> None:
    await review(desk)
    await replace_code(desk)
    found = await export(desk, MODERATOR)
    assert found["allocations"] == [{"claim_id": 1, "replaced_at": NOON}]
    assert found["code_replacements"] == [{"claim_id": 1, "asked_at": NOON}]

    receipt = await privacy_of(desk).erase(MODERATOR)

    assert receipt.stays == (OF_MODERATOR,)
    assert (await export(desk, OTHER_MODERATOR))["allocations"] == found["allocations"]
    await privacy_of(desk).erase(OTHER_MODERATOR)
    assert (await export(desk, OTHER_MODERATOR))["allocations"] == []
    for table in (allocations, code_replacements):
        rows = await desk.database.fetch_all(select(table))
        assert not [row for row in rows for column in table.c if row[column.name] in _MODERATORS]
    decisions = (await one_claim(desk, ADA))["decisions"]
    assert [decision["reason"] for decision in decisions][:1] == ["Which page is yours?"]


_MODERATORS = {MODERATOR, OTHER_MODERATOR}


async def test_a_moderator_who_claimed_is_told_both(desk: Desk) -> None:
    await review(desk)
    await desk.claim(MODERATOR)
    assert (await privacy_of(desk).erase(MODERATOR)).stays == (OF_CLAIMANT, OF_MODERATOR)


def test_what_stays_is_told_before_and_after_with_its_reason_and_its_end() -> None:
    for words in (STAYING["claims"], OF_CLAIMANT):
        assert "keyed hashes of your Discord id and your handle, so that nobody claims twice" in (
            " ".join(words.split())
        )
        assert f"{KEPT_DAYS} days after the program's last access ends" in words
        assert "the key that made them is destroyed" in words
    assert "copy it first" in STAYING["claims"]
    for table in ("claim_decisions", "allocations"):
        assert "your id is taken out" in STAYING[table]


async def linked(database: Database, people: range) -> set[int]:
    """Who can be matched with a row: with the hash key, every id, and whatever the tables hold."""
    peppers = {"", pools.PROGRAM, *(await everything(database)).splitlines()}
    rows = await database.fetch_all(select(claims.c.subject, claims.c.handle_key))
    known = {row[name] for row in rows for name in ("subject", "handle_key")}
    ring = pools.RING
    return {
        person
        for person in people
        for pepper in peppers
        if {ring.subject(pepper, person), ring.handle(pepper, f"creator{person}")} & known
    }


async def test_when_a_program_has_ended_no_row_can_be_linked_to_anyone(database: Database) -> None:
    people = range(ADA, ADA + 5)
    await pools.fill(database, 4)
    await pools.claim(database, *people)
    clock = MovableClock(NOON)
    await Privacy(database, [ClaimsPersonalData(clock, pools.RING)]).erase(ADA)
    (pepper,) = (await pools.peppers(database)).values()
    over = add_months(NOON, 6) + KEPT_DAYS * DAY

    assert await end_programs(database, over - HOUR) == []
    assert await linked(database, people) == set(people)  # with the pepper, erased or not
    assert await end_programs(database, over) == [pools.PROGRAM]

    assert await linked(database, people) == set()
    left = await everything(database)
    assert not [word for word in (pepper, "creator", str(ADA)[:12]) if word in left]
    row = await database.fetch_one(select(func.count().label("n")).select_from(claims))
    assert row is not None
    assert row["n"] == len(people)
    if isinstance(database, SqliteDatabase):
        assert await empty_log(database)
        assert pepper.encode() not in pools.bytes_of(database.path.parent)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_was_erased_leaves_no_bytes_in_the_file_or_its_log(desk: Desk) -> None:
    await review(desk)
    assert isinstance(desk.database, SqliteDatabase)
    folder = desk.database.path.parent
    words = [word.encode() for word in (HANDLE, NOTE, "Which page is yours?")]
    assert all(word in pools.bytes_of(folder) for word in words)
    await privacy_of(desk).erase(ADA)
    assert not [word for word in words if word in pools.bytes_of(folder)]
