"""Attack 34: a unique canary goes through every path, and is found nowhere but with its claimant.

Two kinds of them. A code, and a cell beside it in the partner's file: nowhere at all in plain, but
in the claimant's own standing and export. What people typed (handle, note, reason): in the one
column that it belongs to, and once it is erased, nowhere.
"""

import io
import logging
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.claims import store
from bot.claims.chain import SETTLED_AFTER, close_days
from bot.claims.opening import ClaimServices
from bot.claims.rules import Answers, Member
from bot.clock import DAY, SystemClock
from bot.logs import NOISY, TYPED, set_up_logs
from bot.registry import make_privacy
from bot.storage import Database
from tests.conftest import ROOT
from tests.store.claims_canaries import Canaries, Scene, log
from tests.store.pools import make_codes
from tests.store.postgres import run_statement, run_sync

ADA, BEN, EVE, MODERATOR, OTHER_MODERATOR = range(2**60 + 7, 2**60 + 12)
CROWD = range(2**60 + 100, 2**60 + 112)
HERE = 5
TYPED_WORDS = {"handle", "note", "reason"}
PROGRAM = ("--program", "calm")
FILE = """\
id = "calm"
partner = "Example Calm"
title = "Six months of Example Calm"
about = "An invented app."
gives = "The full app"
months = 6
given = 100
cap = 100
opens_at = 2020-10-01T00:00:00Z
redeem_url = "https://example.org/redeem"
redeem_steps = ["Enter your code."]
"""
BREAK = {
    "sqlite": [
        "CREATE TRIGGER gone BEFORE INSERT ON allocations BEGIN SELECT RAISE(ABORT, 'gone'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'gone'; END $$",
        "CREATE TRIGGER gone BEFORE INSERT ON allocations FOR EACH ROW EXECUTE FUNCTION gone()",
    ],
}
"""From then on the engine fails in the middle of a claim, when its row is written already."""

MEND = {"sqlite": "DROP TRIGGER gone", "postgresql": "DROP TRIGGER gone ON allocations"}


@pytest.fixture
def journal() -> Iterator[io.StringIO]:
    """Everything that is logged at ``DEBUG``, as the bot sets it up, by both of its formatters."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*NOISY, *TYPED)}
    written, both = io.StringIO(), []
    for style in ("json", "console"):
        set_up_logs(style, "DEBUG")
        handler = logging.StreamHandler(written)
        handler.setFormatter(root.handlers[0].formatter)
        both.append(handler)
    root.handlers[:] = both
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def scene(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A folder for it all, on either engine."""
    folder = tmp_path / "scene"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "data").symlink_to(ROOT / "data")
    return Scene(folder, database_url)


def bring_codes(scene: Scene) -> None:
    """The partner's file is refused for every reason there is, and then taken."""
    code, cell = scene.canaries.code, scene.canaries.cell
    (scene.folder / "calm.toml").write_text(FILE)
    scene.run("programs", "apply", "calm.toml")
    good = f"code,comment\n{code},{cell}\n"
    for bad in (
        f"{code} {cell}\n",
        f'"{code}\n{cell}"\n',
        f"{code}\0{cell}\n",
        f"{code},{cell}\n",
        f"comment\n{cell * 300}\n",
        good.encode("utf-16"),
        good.encode() + b"\xe4\n",
    ):
        scene.run("codes", "import", scene.give(bad), *PROGRAM, code=2)
    command = ("codes", "import", scene.give(good))
    scene.run(*command, "--program", "nothing", code=2)
    scene.run(*command, *PROGRAM, code=2, CLAIM_CODE_KEYS=code, CLAIM_HASH_KEY=code)
    scene.run(*command, *PROGRAM, code=2, CLAIM_CODE_KEYS="", CLAIM_HASH_KEY="")
    assert scene.run(*command, *PROGRAM, "--dry-run").startswith("1 would be added")
    assert scene.run(*command, *PROGRAM).startswith("1 added")
    assert scene.run(*command, *PROGRAM).startswith("0 added, 1 already known")
    other = secrets.token_urlsafe(32)
    scene.run(*command, *PROGRAM, code=2, CLAIM_CODE_KEYS=f"k1:{other}")
    scene.run(*command, *PROGRAM, code=2, CLAIM_HASH_KEY=other)
    scene.run("codes", "import", scene.give("\n".join(make_codes(30))), *PROGRAM)


def answers_of(handle: str) -> Answers:
    """The form, filled in."""
    return Answers(handle=handle, country="DE", is_of_age=True, has_consented=True)


async def review(services: ClaimServices, canaries: Canaries) -> None:
    """Ada claims, is asked, answers, is refused, appeals, and is given the code."""

    async def pending() -> tuple[int, int]:
        (claim,) = await services.review.queue(HERE)
        return claim.claim_id, claim.version

    ada = Member(ADA)
    await services.settings.change(MODERATOR, "calm", HERE, lambda now: replace(now, is_on=True))
    await services.members.claim("calm", HERE, ada, answers_of(f"@{canaries.handle}"))
    await services.review.ask(HERE, MODERATOR, *await pending(), canaries.reason)
    await services.members.answer("calm", ada, canaries.note)
    await services.review.reject(HERE, MODERATOR, *await pending(), canaries.reason)
    await services.members.appeal("calm", ada)
    await services.review.approve(HERE, OTHER_MODERATOR, *await pending())
    await services.settings.change(
        MODERATOR, "calm", HERE, lambda now: replace(now, is_reviewed=False)
    )


async def look(services: ClaimServices, _: Database) -> str | None:
    """Ada looks; her code."""
    standing = await services.members.look("calm", HERE, Member(ADA))
    log.debug("%r", standing)  # as whatever logs a task's result would
    return standing.code


async def _find(database: Database, column: str, table: str) -> str:
    row = await database.fetch_one(text(f"SELECT {column} AS found FROM {table} WHERE id = 1"))
    assert row is not None
    return str(row["found"])


def make_trouble(scene: Scene) -> list[str]:
    """What can go wrong with a claim while there are words in it; the kinds of faults."""
    canaries = scene.canaries

    async def claim(services: ClaimServices, _: Database) -> object:
        answers = answers_of(f"{canaries.handle}2")
        return await services.members.claim("calm", HERE, Member(EVE), answers)

    async def claim_without_database(services: ClaimServices, database: Database) -> object:
        await database.close()
        return await claim(services, database)

    async def answer_in_vain(services: ClaimServices, _: Database) -> object:
        return await services.members.answer("calm", Member(EVE), canaries.note)

    async def revoke_ones_own(services: ClaimServices, database: Database) -> object:
        version = int(await _find(database, "version", "claims"))
        return await services.review.revoke(HERE, ADA, 1, version, canaries.reason)

    faults = [scene.provoke(claim_without_database)]
    faults += map(scene.provoke, (answer_in_vain, revoke_ones_own))
    for statement in BREAK[scene.engine]:
        run_sync(run_statement(scene.url, statement))
    faults.append(scene.provoke(claim))
    run_sync(run_statement(scene.url, MEND[scene.engine]))
    secret = scene.ask(lambda _, database: _find(database, "secret", "codes"))
    for stored, is_readable in (("c3dhcHBlZA==", False), (secret, True)):
        change = f"UPDATE codes SET secret = '{stored}' WHERE id = 1"
        run_sync(run_statement(scene.url, change))
        if not is_readable:
            faults.append(scene.provoke(look))
    return faults


def operate(scene: Scene) -> None:
    """The operator counts, reports, verifies, encrypts anew, and declares codes void."""

    async def crowd(services: ClaimServices, database: Database) -> None:
        for person in CROWD:
            given = answers_of(f"creator{person}")
            await services.members.claim("calm", HERE, Member(person), given)
        await close_days(database, scene.clock.now() + DAY + SETTLED_AFTER)

    scene.ask(crowd)
    scene.run("programs", "report", "calm", "--csv", "table.csv", "--picture", "weeks.svg")
    for file in ("table.csv", "weeks.svg"):
        scene.said.append((scene.folder / file).read_text())
    scene.run("programs", "verify", "calm")
    scene.run("programs", "list")
    ring = f"k2:{secrets.token_urlsafe(32)},{scene.keys['CLAIM_CODE_KEYS']}"
    scene.keys["CLAIM_CODE_KEYS"] = ring
    scene.run("codes", "reencrypt")
    scene.run("codes", "status")
    ending = scene.ring.fingerprint(scene.canaries.code)[-12:]
    scene.run("codes", "void", *PROGRAM, "--fingerprint-end", ending)
    scene.run("codes", "void", *PROGRAM, "--file", scene.give(f"{scene.canaries.code}\n"))


def revoke_and_erase(scene: Scene) -> bytes:
    """Ada's code is revoked, and she erases everything; the database's files right after it."""

    async def work(services: ClaimServices, database: Database) -> bytes:
        version = int(await _find(database, "version", "claims"))
        await services.review.revoke(HERE, MODERATOR, 1, version, scene.canaries.reason)
        scene.clock.move_to(SystemClock().now() + 1)
        receipt = await make_privacy(database, scene.clock, scene.settings).erase(ADA)
        scene.said.append(str(receipt))
        return scene.pages()

    return scene.ask(work)


def test_attack_34_a_canary_is_found_nowhere_but_with_its_claimant(
    scene: Scene, journal: io.StringIO
) -> None:
    canaries = scene.canaries
    bring_codes(scene)
    scene.ask(lambda services, _: review(services, canaries))
    faults = make_trouble(scene)
    assert len(faults) == 5
    assert {"RefusalError", "StorageUnavailableError", "UnreadableCodeError"} <= set(faults)
    operate(scene)

    async def export(_: ClaimServices, database: Database) -> list[str]:
        privacy = make_privacy(database, scene.clock, scene.settings)
        people = (ADA, BEN, EVE, MODERATOR, OTHER_MODERATOR, *CROWD)
        return [str(await privacy.export(person)) for person in people]

    own, *others = scene.ask(export)
    scene.said += others
    assert scene.ask(look) == canaries.code
    assert canaries.found_in(own) == {"code", *TYPED_WORDS}
    assert scene.columns() == {
        "claims.handle": {"handle"},
        "claims.note": {"note"},
        "claim_decisions.reason": {"reason"},
    }
    backup = scene.back_up()
    for content in (scene.pages(), backup.read_bytes()):
        assert canaries.found_in(content) <= TYPED_WORDS
    assert canaries.found_in(scene.written()) == set()

    pages = revoke_and_erase(scene)

    assert scene.provoke(look) == "RefusalError"
    assert scene.columns() == {}
    assert canaries.found_in(scene.back_up().read_bytes()) == set()
    assert canaries.found_in(scene.written()) == set()
    if scene.engine == "sqlite":
        assert canaries.found_in(pages) == canaries.found_in(scene.pages()) == set()
        elsewhere = scene.folder / "elsewhere" / "breather.db"
        scene.run("restore", str(backup), DATABASE_URL=f"sqlite:///{elsewhere}")
        assert canaries.found_in(elsewhere.read_bytes()) == set()
    else:  # which overwrites what was deleted in its own time
        assert canaries.found_in(pages) <= TYPED_WORDS
    told = "\n".join([*scene.said, journal.getvalue()])
    assert canaries.found_in(told) == set()
    assert "Traceback" in told
    assert "gone" in told
    keys = [key.rpartition(":")[2] for ring in scene.keys.values() for key in ring.split(",")]
    assert not [key for key in keys if key in told]


def test_attack_34_an_engine_that_refuses_a_row_is_not_quoted(
    scene: Scene, journal: io.StringIO
) -> None:
    canaries = scene.canaries
    bring_codes(scene)
    scene.ask(lambda services, _: review(services, canaries))

    async def break_a_check(_: ClaimServices, database: Database) -> None:
        async with database.transaction() as tx:
            await tx.execute(text("UPDATE claims SET appeals = 7"))

    async def write_half_a_letter(_: ClaimServices, database: Database) -> None:
        async with database.transaction() as tx:
            await tx.execute(store.SAVE_NOTE, claim_id=1, new_note=f"{canaries.note}\ud800")

    assert scene.provoke(break_a_check) == "ConflictError"
    scene.provoke(write_half_a_letter)
    assert "ck_claims_appeals" in journal.getvalue()
    assert canaries.found_in(journal.getvalue()) == set()
