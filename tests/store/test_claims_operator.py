"""The operator's queue: an appeal that nobody else may decide on doesn't hang."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.claims.fence import FILE_NAME, Fence
from bot.claims.personal_data import ClaimsPersonalData
from bot.claims.review import REASON_LENGTH
from bot.claims.rules import Member, State
from bot.claims.store import ERASE_PERSON
from bot.claims.tables import claim_decisions, claims
from bot.claims_review_commandline import claims as group
from bot.clock import MovableClock
from bot.errors import RefusalError
from bot.guilds.audit import OPERATOR_ID, AuditLog
from bot.secret_keys import MAKE_ONE
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.conftest import NOON, ROOT
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE, Desk
from tests.store.claims_filling import PROGRAM, RING, make_code
from tests.store.postgres import run_sync

Found = TypeVar("Found")
ANN, BEN = 101, 102
KEYS = {
    "CLAIM_CODE_KEYS": f"k1:{urlsafe_b64encode(b'k' * 32).decode()}",
    "CLAIM_HASH_KEY": urlsafe_b64encode(b"h" * 32).decode(),
}


class Office:
    """Where the operator sits: a shell with the bot's settings, and the communities' desks."""

    def __init__(self, url: str) -> None:
        self.keys = dict(KEYS)
        self.url = url

    def run(self, *arguments: str) -> Result:
        """Run a command of the group to its end."""
        ended = CliRunner().invoke(group, arguments, env=self.keys | {"DATABASE_URL": self.url})
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        assert "CALM-" not in ended.output
        return ended

    def done(self, *arguments: str) -> str:
        """Run a command that succeeds; its words."""
        ended = self.run(*arguments)
        assert (ended.exit_code, ended.stderr) == (0, "")
        return ended.stdout

    def refused(self, *arguments: str) -> str:
        """Run a command that is refused; the one sentence about it."""
        ended = self.run(*arguments)
        assert (ended.exit_code, ended.stdout) == (2, "")
        (line,) = ended.stderr.splitlines()
        return line

    def at_desk(self, work: Callable[[Desk], Awaitable[Found]], now: int = NOON) -> Found:
        """Do something where people claim and moderators decide."""

        async def go() -> Found:
            database = await open_migrated(self.url)
            try:
                return await work(Desk(database, MovableClock(now)))
            finally:
                await database.close()

        return run_sync(go())

    def open(self, count: int = 3) -> None:
        """A program with so many codes."""
        self.at_desk(lambda desk: desk.open(count))

    def wait(self, person: int, *, handle: str = "") -> str:
        """A person's claim waits for a moderator; its number."""

        async def work(desk: Desk) -> str:
            await desk.claim(person, THERE, handle=handle)
            return str((await desk.pending(person))[1])

        return self.at_desk(work)

    def appeal(self, person: int, now: int = NOON) -> str:
        """The only moderator refuses, and the person appeals; the claim's number."""
        number = self.wait(person)

        async def work(desk: Desk) -> None:
            await desk.reject(person)
            await desk.claims.appeal(PROGRAM, Member(person))

        self.at_desk(work, now)
        return number

    def state(self, person: int) -> State | None:
        """How a person's claim stands."""
        return self.at_desk(lambda desk: desk.state(person))


@pytest.fixture
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An operator's shell on either engine, with keys and three codes."""
    folder = tmp_path / "office"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "data").symlink_to(ROOT / "data")
    office = Office(database_url)
    office.open()
    return office


async def decisions(desk: Desk, person: int) -> list[tuple[str, str | None, int | None]]:
    """What was decided on a person's claim, in order."""
    _, claim_id, _ = await desk.pending(person)
    statement = (
        select(claim_decisions)
        .where(claim_decisions.c.claim_id == claim_id)
        .order_by(claim_decisions.c.version)
    )
    rows = await desk.database.fetch_all(statement)
    return [(row["action"], row["reason"], row["decider_id"]) for row in rows]


def test_an_appeal_where_the_only_moderator_refused_is_approved_by_the_operator(
    office: Office,
) -> None:
    number = office.appeal(ANN)
    with pytest.raises(RefusalError, match="your own refusal"):
        office.at_desk(lambda desk: desk.approve(ANN, MODERATOR))
    assert office.done("approve", number) == (
        f"Claim {number} is approved: its member sees the code with /claim.\n"
    )
    assert office.at_desk(lambda desk: desk.look(ANN)).code == make_code(0)
    assert office.at_desk(lambda desk: decisions(desk, ANN)) == [
        ("rejected", "Not this time.", MODERATOR),
        ("approved", None, OPERATOR_ID),
    ]
    office.at_desk(lambda desk: desk.check())


async def erase(desk: Desk, person: int) -> None:
    """Somebody erases their data with ``/my-data``."""
    data = ClaimsPersonalData(desk.clock, RING)
    await desk.database.run(lambda tx: data.erase(tx, person))


@pytest.mark.parametrize("moderator", [MODERATOR, OTHER_MODERATOR])
def test_an_appeal_against_whoever_erased_their_data_is_the_operators_to_decide(
    office: Office, moderator: int
) -> None:
    number = office.appeal(ANN)
    office.at_desk(lambda desk: erase(desk, MODERATOR))
    with pytest.raises(RefusalError, match="Ask whoever runs this bot to decide it"):
        office.at_desk(lambda desk: desk.approve(ANN, moderator))
    with pytest.raises(RefusalError, match="Ask whoever runs this bot to decide it"):
        office.at_desk(lambda desk: desk.reject(ANN, moderator))
    assert office.state(ANN) is State.PENDING
    office.done("approve", number)
    assert office.state(ANN) is State.ALLOCATED
    office.at_desk(lambda desk: desk.check())


def test_an_appeal_against_the_operators_refusal_is_a_moderators_to_decide(
    office: Office,
) -> None:
    office.done("reject", office.wait(ANN), "--reason", "The page is not yours.")
    office.at_desk(lambda desk: desk.claims.appeal(PROGRAM, Member(ANN)))
    office.at_desk(lambda desk: erase(desk, OTHER_MODERATOR))
    office.at_desk(lambda desk: desk.approve(ANN, MODERATOR))
    assert office.at_desk(lambda desk: decisions(desk, ANN)) == [
        ("rejected", "The page is not yours.", OPERATOR_ID),
        ("approved", None, MODERATOR),
    ]


def test_an_appeal_that_the_operator_rejects_is_over_and_its_reason_is_read(
    office: Office,
) -> None:
    number = office.appeal(ANN)
    told = office.done("reject", number, "--reason", "  The page is\nnot yours. ")
    assert told == f"Claim {number} is rejected: its member reads your reason with /claim.\n"
    standing = office.at_desk(lambda desk: desk.look(ANN))
    assert (standing.reason, standing.decider_id) == ("The page is not yours.", OPERATOR_ID)
    with pytest.raises(RefusalError, match="You appealed once already"):
        office.at_desk(lambda desk: desk.claims.appeal(PROGRAM, Member(ANN)))


def test_the_log_of_the_community_says_that_it_was_nobody_of_theirs(office: Office) -> None:
    number = office.appeal(ANN)
    office.done("approve", number)

    async def work(desk: Desk) -> list[tuple[int | None, str]]:
        entries = await AuditLog(desk.database, desk.clock).latest(THERE)
        return [(entry.actor_id, entry.change.action) for entry in entries]

    found = sorted(office.at_desk(work), key=str)
    assert found == [(OPERATOR_ID, "claims.approved"), (MODERATOR, "claims.rejected")]


def test_the_queue_lists_every_community_and_no_handle_unless_asked(office: Office) -> None:
    office.at_desk(lambda desk: desk.set_up(HERE, is_reviewed=True))
    office.at_desk(lambda desk: desk.claim(1, HERE, handle="Calm\x1b[31mMaker\u202e"), NOON - 60)
    number = office.wait(2, handle="other")
    lines = [
        f"1: example-calm, community {HERE}, since 2027-03-14 11:59 UTC",
        f"{number}: example-calm, community {THERE}, since 2027-03-14 12:00 UTC",
    ]
    assert office.done("queue") == "\n".join([*lines, "2 claims wait.\n"])
    told = office.done("queue", "--show-handles").splitlines()
    assert told[:2] == [f'{lines[0]}, handle "Calm [31mMaker"', f'{lines[1]}, handle "other"']


def test_the_queue_says_what_is_an_appeal_and_where_a_handle_is_in_conflict(
    office: Office,
) -> None:
    office.wait(1, handle="same")
    office.wait(2, handle="Same")
    number = office.appeal(3, now=NOON - 60)
    first, _, third, last = office.done("queue").splitlines()
    assert first == (
        f"{number}: example-calm, community {THERE}, since 2027-03-14 11:59 UTC, appeal"
    )
    assert third.endswith(", handle in conflict")
    assert last == "3 claims wait."
    assert office.done("queue", "--appeals") == f"{first}\n1 appeal waits.\n"


def test_an_empty_queue_says_so(office: Office) -> None:
    assert office.done("queue") == "0 claims wait.\n"
    assert office.done("queue", "--appeals") == "0 appeals wait.\n"


def test_a_claim_that_is_no_appeal_can_be_decided_as_well(office: Office) -> None:
    office.done("approve", office.wait(ANN))
    office.done("reject", office.wait(BEN), "--reason", "No.")
    assert (office.state(ANN), office.state(BEN)) == (State.ALLOCATED, State.REJECTED)


def test_without_a_code_left_an_approval_is_a_place_in_the_waitlist(office: Office) -> None:
    office.at_desk(lambda desk: desk.claim_in_one_batch(range(3), HERE))
    number = office.appeal(ANN)
    assert office.done("approve", number) == (
        f"Claim {number} is approved. No code is free for it, so it is in the waitlist.\n"
    )
    assert office.state(ANN) is State.WAITLISTED
    office.at_desk(lambda desk: desk.check())


def test_a_code_that_the_operator_gives_stands_in_the_fence(office: Office) -> None:
    office.done("approve", office.wait(ANN))
    fenced = Fence(Path("var") / FILE_NAME).read()
    assert fenced.spent == fenced.confirmed == {RING.fingerprint(make_code(0))}


def test_what_is_decided_or_was_never_there_is_refused_in_a_sentence(office: Office) -> None:
    number = office.wait(ANN)
    office.done("approve", number)
    for command in (("approve", number), ("reject", number, "--reason", "No.")):
        assert "nothing to decide" in office.refused(*command)
    assert office.refused("approve", "77").startswith("There is no claim 77.")
    assert office.run("approve", "0").exit_code == 2


@pytest.mark.parametrize("reason", ["", " \u200b\n", "x" * (REASON_LENGTH + 1)])
def test_a_reason_that_nobody_could_read_is_refused(office: Office, reason: str) -> None:
    number = office.wait(ANN)
    assert office.refused("reject", number, "--reason", reason).startswith("--reason: ")
    assert office.state(ANN) is State.PENDING


def test_the_claim_of_somebody_who_erased_their_data_can_only_be_rejected(office: Office) -> None:
    number = office.wait(ANN)
    office.at_desk(
        lambda desk: desk.database.run(lambda tx: tx.execute(ERASE_PERSON, old_user_id=ANN))
    )
    assert "erased their data" in office.refused("approve", number)
    office.done("reject", number, "--reason", "They left.")


@pytest.mark.parametrize("command", [("approve",), ("reject", "--reason", "No.")])
def test_without_keys_nothing_is_decided_and_a_sentence_says_how_to_make_them(
    office: Office, command: tuple[str, ...]
) -> None:
    number = office.wait(ANN)
    office.keys = {}
    told = office.refused(command[0], number, *command[1:])
    assert told.startswith("CLAIM_CODE_KEYS and CLAIM_HASH_KEY: not set")
    assert MAKE_ONE in told
    assert office.done("queue").endswith("1 claim waits.\n")


def test_with_other_keys_nothing_is_decided(office: Office) -> None:
    number = office.wait(ANN)
    office.keys["CLAIM_HASH_KEY"] = urlsafe_b64encode(b"x" * 32).decode()
    assert office.refused("approve", number).startswith("CLAIM_HASH_KEY: ")
    assert office.state(ANN) is State.PENDING


def test_every_command_of_the_group_explains_itself(office: Office) -> None:
    listed = office.done("--help")
    for name in group.commands:
        assert f"  {name} " in listed
        assert office.done(name, "--help")


async def test_of_the_operator_and_a_moderator_at_the_same_moment_one_decides(
    database: Database, other: Database, clock: MovableClock
) -> None:
    desk, twin = Desk(database, clock), Desk(other, clock)
    await desk.open(20)
    for person in range(8):
        await desk.claim(person, THERE)
        guild_id, claim_id, version = await desk.pending(person)
        ends = await asyncio.gather(
            desk.review.approve(guild_id, None, claim_id, version),
            twin.reject(person, MODERATOR),
            return_exceptions=True,
        )
        assert sum(isinstance(end, RefusalError) for end in ends) == 1
        assert len(await decisions(desk, person)) == 1
    rows = await database.fetch_all(select(claims.c.id).where(claims.c.state == "pending"))
    assert not rows
    await desk.check()
