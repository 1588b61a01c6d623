"""The operator's commands for claims: their words, their exit codes, and no code in either."""

from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.claims.chain import SETTLED_AFTER, close_days
from bot.claims.fence import FILE_NAME, Fence
from bot.claims.keys import KeyRing, read_keys
from bot.claims.review import Review
from bot.claims.tables import codes as codes_table
from bot.clock import DAY, MovableClock
from bot.commandline import main
from bot.guilds.audit import AuditLog
from bot.secret_keys import MAKE_ONE
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.conftest import NOON, ROOT
from tests.store import pools
from tests.store.claims_desk import MODERATOR
from tests.store.postgres import run_sync

Found = TypeVar("Found")
ONE, TWO, HASH = (urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))
KEYS = {"CLAIM_CODE_KEYS": f"k1:{ONE}", "CLAIM_HASH_KEY": HASH}
FILE = """\
id = "calm"
partner = "=Example Calm"
title = "Six months of Example Calm"
about = "An invented app."
gives = "The full app"
months = 6
given = 100
cap = {cap}
opens_at = 2020-10-01T00:00:00Z
redeem_url = "https://example.org/redeem"
redeem_steps = ["Enter your code."]
"""


class Desk:
    """A folder in which an operator works; ``keys`` are the settings of claims."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.keys = dict(KEYS)
        self.url = url

    def run(self, *arguments: str) -> Result:
        """Run a command to its end."""
        ended = CliRunner().invoke(main, arguments, env=self.keys | {"DATABASE_URL": self.url})
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        assert "CALM-00" not in ended.output
        return ended

    def done(self, *arguments: str) -> str:
        """Run a command that succeeds; its words."""
        ended = self.run(*arguments)
        assert (ended.exit_code, ended.stderr) == (0, "")
        return ended.stdout

    def refused(self, *arguments: str) -> str:
        """Run a command that is refused; the one sentence about it."""
        ended = self.run(*arguments)
        assert ended.exit_code == 2
        (line,) = ended.stderr.splitlines()
        return line

    def write(self, name: str, content: str | bytes) -> str:
        """A file in the folder; its name."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def fill(self, count: int = 5, cap: int = 100) -> list[str]:
        """Apply the program and import so many codes; the codes."""
        self.done("programs", "apply", self.write("calm.toml", FILE.format(cap=cap)))
        lines = pools.make_codes(count)
        self.done("codes", "import", self.write("codes.csv", pools.file_of(lines)), *PROGRAM)
        return lines

    def ask(self, work: Callable[[Database], Awaitable[Found]]) -> Found:
        """Do something with the database itself."""

        async def go() -> Found:
            database = await open_migrated(self.url)
            try:
                return await work(database)
            finally:
                await database.close()

        return run_sync(go())

    def claim(self, *user_ids: int, now: int = NOON, country: str | None = "DE") -> None:
        """These people claim."""
        fence = Fence(self.folder / "var" / FILE_NAME)
        self.ask(
            lambda database: pools.claim(database, *user_ids, fence=fence, now=now, country=country)
        )

    def revoke(self, claim_id: int) -> None:
        """A moderator revokes a claim that nothing has happened to yet."""

        async def work(database: Database) -> None:
            clock = MovableClock(NOON)
            review = Review(database, AuditLog(database, clock), clock)
            await review.revoke(pools.GUILD, MODERATOR, claim_id, 1, "It was somebody else's.")

        self.ask(work)

    def states(self) -> list[str]:
        """Each code's state, in the order of the import."""

        async def work(database: Database) -> list[str]:
            rows = await database.fetch_all(select(codes_table).order_by(codes_table.c.id))
            return [row["state"] for row in rows]

        return self.ask(work)

    @property
    def ring(self) -> KeyRing:
        """The keys as they are set."""
        ring = read_keys(self.keys["CLAIM_CODE_KEYS"], self.keys["CLAIM_HASH_KEY"])
        assert ring is not None
        return ring


PROGRAM = ("--program", "calm")


@pytest.fixture
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk on either engine, with keys."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "data").symlink_to(ROOT / "data")
    return Desk(folder, database_url)


def test_a_program_is_shown_applied_and_listed(desk: Desk) -> None:
    file = desk.write("calm.toml", FILE.format(cap=50))
    dry = desk.done("programs", "apply", file, "--dry-run")
    assert "  cap: 50\n" in dry
    assert dry.endswith("calm: is new; nothing was written.\n")
    for empty in (("programs", "list"), ("codes", "status")):
        assert "No program was applied yet" in desk.done(*empty)
    assert desk.done("programs", "apply", file).endswith("calm: is new.\n")
    assert desk.done("programs", "apply", file) == "calm: nothing changes.\n"
    changed = desk.write("calm.toml", FILE.format(cap=60))
    assert desk.done("programs", "apply", changed) == "  cap: 50 -> 60\ncalm: 1 change.\n"
    assert desk.done("programs", "list") == (
        "calm: Six months of Example Calm, open; 0 given out and 0 offered of 60.\n"
    )


def test_the_programs_that_ship_can_be_applied(desk: Desk) -> None:
    for file in sorted((ROOT / "data" / "programs").glob("*.toml")):
        assert "is new." in desk.done("programs", "apply", str(file))


def test_a_faulty_program_is_told_with_every_fault_and_applied_in_no_part(desk: Desk) -> None:
    file = desk.write("calm.toml", FILE.format(cap=500).replace("months = 6", "months = 0"))
    ended = desk.run("programs", "apply", file)
    assert ended.exit_code == 2
    assert "cap" in ended.stderr or "months" in ended.stderr
    assert "No program" in desk.done("programs", "list")


def test_attack_9_a_cap_below_what_was_given_is_refused_in_a_sentence(desk: Desk) -> None:
    desk.fill(5)
    desk.claim(1, 2, 3)
    told = desk.refused("programs", "apply", desk.write("calm.toml", FILE.format(cap=2)))
    assert told.startswith("cap: 2 is less than the 3 codes")


def test_codes_are_imported_and_counted_without_being_shown(desk: Desk) -> None:
    desk.done("programs", "apply", desk.write("calm.toml", FILE.format(cap=50)))
    file = desk.write("codes.csv", pools.file_of([*pools.make_codes(12), *pools.make_codes(2)]))
    told = "12 {}, 2 already known, 0 malformed\nalready known: lines 13, 14\n"
    assert desk.done("codes", "import", file, *PROGRAM, "--dry-run") == told.format(
        "would be added"
    )
    assert desk.states() == []
    assert desk.done("codes", "import", file, *PROGRAM) == told.format("added")
    assert desk.done("codes", "import", file, *PROGRAM).endswith(
        "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 4 more\n"
    )
    assert desk.done("codes", "status") == (
        "calm: 12 free, 0 spent, 0 void; 12 can still be given out; keys: k1.\n"
    )


def test_attack_19_a_malformed_line_is_told_by_number_and_nothing_is_added(desk: Desk) -> None:
    desk.fill(1)
    file = desk.write("more.csv", "CALM-009001\nCALM 009002\n")
    ended = desk.run("codes", "import", file, *PROGRAM)
    assert ended.exit_code == 2
    assert ended.stdout == "0 added, 0 already known, 1 malformed\n"
    assert ended.stderr.startswith("Nothing was added: more.csv has no code of calm in line 2.")
    assert len(desk.states()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("CALM-1\nCALM-2".encode("utf-16"), "line 1 is UTF-16"),
        (b"CALM-1\nCALM-\xe4\n", "line 2 is not UTF-8"),
        (b"CALM-1\n" * 2_000_000, "more than 10 MB"),
        (b"", "no code in it"),
    ],
)
def test_attack_19_a_doubtful_file_is_refused_in_a_sentence(
    desk: Desk, content: bytes, words: str
) -> None:
    desk.fill(1)
    assert words in desk.refused("codes", "import", desk.write("bad.csv", content), *PROGRAM)


def test_a_low_stock_is_told_with_the_status(desk: Desk) -> None:
    desk.fill(20)
    desk.claim(*range(18))
    assert "2 can still be given out (10 % or less)" in desk.done("codes", "status", *PROGRAM)
    desk.claim(*range(18, 20))
    assert "0 can still be given out (0 % or less)" in desk.done("codes", "status", *PROGRAM)


def test_codes_are_voided_by_the_end_of_a_fingerprint_or_by_file(desk: Desk) -> None:
    lines = desk.fill(4)
    desk.claim(1)
    ending = desk.ring.fingerprint(lines[3])[-12:]
    assert desk.done("codes", "void", *PROGRAM, "--fingerprint-end", ending) == (
        "1 void now, 0 void before, 0 not of calm.\n"
    )
    told = desk.done(
        "codes", "void", *PROGRAM, "--file", desk.write("v.csv", f"{lines[0]}\n{lines[3]}\nX\n")
    )
    assert told.startswith("1 void now, 1 void before, 1 not of calm.\n1 of them are in members'")
    assert desk.states() == ["void", "free", "free", "void"]
    fence = Fence(desk.folder / "var" / FILE_NAME).read()
    assert fence.void == {desk.ring.fingerprint(lines[0]), desk.ring.fingerprint(lines[3])}


@pytest.mark.parametrize("options", [(), ("--fingerprint-end", "abcd", "--file", "codes.csv")])
def test_codes_to_void_are_named_in_one_way(desk: Desk, options: tuple[str, ...]) -> None:
    desk.fill(1)
    assert "either --fingerprint-end or --file" in desk.refused("codes", "void", *PROGRAM, *options)


def test_codes_are_encrypted_anew_and_the_old_key_can_go(desk: Desk) -> None:
    desk.fill(3)
    desk.keys["CLAIM_CODE_KEYS"] = f"k2:{TWO},k1:{ONE}"
    assert desk.done("codes", "reencrypt").startswith("3 codes were encrypted anew; all are kept")
    assert desk.done("codes", "reencrypt").startswith("0 codes")
    desk.keys["CLAIM_CODE_KEYS"] = f"k2:{TWO}"
    assert desk.done("codes", "reencrypt").startswith("0 codes")
    assert desk.done("codes", "status").endswith("keys: k2.\n")


NEED_KEYS = [
    ("programs", "apply", "calm.toml"),
    ("codes", "import", "codes.csv", *PROGRAM),
    ("codes", "void", *PROGRAM, "--file", "codes.csv"),
    ("codes", "void", *PROGRAM, "--fingerprint-end", "abcd"),
    ("codes", "reencrypt"),
]


@pytest.mark.parametrize("command", NEED_KEYS, ids=" ".join)
def test_without_keys_a_command_says_in_one_sentence_how_to_make_them(
    desk: Desk, command: tuple[str, ...]
) -> None:
    desk.fill(1)
    desk.keys = {}
    told = desk.refused(*command)
    assert told.startswith("CLAIM_CODE_KEYS and CLAIM_HASH_KEY: not set")
    assert MAKE_ONE in told


@pytest.mark.parametrize("command", NEED_KEYS[1:], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "value"), [("CLAIM_CODE_KEYS", f"k1:{TWO}"), ("CLAIM_HASH_KEY", TWO)]
)
def test_attack_29_with_other_keys_every_command_refuses_and_names_the_setting(
    desk: Desk, command: tuple[str, ...], name: str, value: str
) -> None:
    desk.fill(1)
    desk.keys[name] = value
    told = desk.refused(*command)
    assert told.startswith(f"{name}: ")
    assert desk.states() == ["free"]


@pytest.mark.parametrize("command", ["programs list", "codes status", "programs verify calm"])
def test_what_only_counts_needs_no_keys(desk: Desk, command: str) -> None:
    desk.fill(1)
    desk.keys = {}
    assert desk.done(*command.split())


@pytest.mark.parametrize(
    "command",
    [
        "programs report nothing",
        "programs verify nothing",
        "codes status --program nothing",
        "codes import codes.csv --program nothing",
        "codes void --program nothing --file codes.csv",
    ],
)
def test_a_program_that_is_not_there_is_named(desk: Desk, command: str) -> None:
    desk.fill(1)
    assert desk.refused(*command.split()).startswith("There is no program 'nothing' here.")


def test_a_report_is_printed_and_written(desk: Desk) -> None:
    desk.fill(60)
    desk.claim(*range(40))
    desk.claim(*range(40, 44), country="FR", now=NOON + 8 * DAY)
    told = desk.done("programs", "report", "calm", "--csv", "table.csv", "--picture", "weeks.svg")
    assert told.splitlines()[0].split() == ["week", "elsewhere", "or", "not", "said", "all"]
    assert "2027-W10" in told
    table = (desk.folder / "table.csv").read_text("utf-8-sig")
    assert table.splitlines()[-1] == "all,44,44"
    assert (desk.folder / "weeks.svg").read_text().startswith("<svg")


def test_a_report_on_few_says_so_and_its_files_are_empty(desk: Desk) -> None:
    desk.fill(5)
    desk.claim(1, 2, 3)
    assert desk.done("programs", "report", "calm", "--csv", "t.csv").startswith("Fewer than 10")
    assert (desk.folder / "t.csv").read_text("utf-8-sig") == ""


def test_a_picture_needs_the_ending_of_svg_and_a_folder(desk: Desk) -> None:
    desk.fill(1)
    assert ".svg" in desk.refused("programs", "report", "calm", "--picture", "weeks.png")
    assert "cannot be written" in desk.refused(
        "programs", "report", "calm", "--csv", "nowhere/table.csv"
    )


def test_the_chain_is_verified_and_a_removed_row_ends_with_2(desk: Desk) -> None:
    desk.fill(5)
    desk.claim(1, 2)
    desk.ask(lambda database: close_days(database, NOON + DAY + SETTLED_AFTER))
    told = desk.done("programs", "verify", "calm")
    assert told.startswith("2027-03-14        2  ")
    assert told.endswith("Nothing was added, removed or altered.\n")

    run_sync(pools.tamper(desk.url, "DELETE FROM allocations WHERE id = 1"))
    ended = desk.run("programs", "verify", "calm")
    assert ended.exit_code == 2
    assert "  removed: 1 now\n" in ended.stdout
    assert ended.stderr.startswith("calm: what was given out on 2027-03-14 is not what")


def test_a_file_that_is_not_there_ends_with_2(desk: Desk) -> None:
    desk.fill(1)
    for command in (("programs", "apply", "no.toml"), ("codes", "import", "no.csv", *PROGRAM)):
        ended = desk.run(*command)
        assert ended.exit_code == 2
        assert "no." in ended.stderr


def test_lines_whose_codes_are_void_or_revoked_are_named_for_the_partner(desk: Desk) -> None:
    lines = desk.fill(4)
    desk.write("partner.csv", pools.file_of(lines))
    nothing = desk.run("codes", "revoked", "partner.csv", *PROGRAM)
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "No code in partner.csv" in nothing.stderr

    desk.claim(1)
    desk.revoke(1)
    desk.write("bad.csv", pools.file_of([lines[2]]))
    desk.done("codes", "void", *PROGRAM, "--file", "bad.csv")

    ended = desk.run("codes", "revoked", "partner.csv", *PROGRAM)
    assert ended.stdout == "1\n3\n"
    assert "2 lines of partner.csv" in ended.stderr
    assert not any(line in ended.output for line in lines)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_attack_31_the_restore_command_closes_off_what_was_given_out_since(desk: Desk) -> None:
    desk.fill(5)
    desk.done("backup", "saved")
    (copy,) = (desk.folder / "saved").iterdir()
    desk.claim(1, 2)
    told = desk.done("restore", f"saved/{copy.name}")
    assert "2 codes that were given out since the backup stay given out.\n" in told
    assert desk.states() == ["spent", "spent", "free", "free", "free"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_restore_without_the_peppers_warns_of_it(desk: Desk) -> None:
    desk.fill(5)
    desk.claim(1)
    desk.done("backup", "saved")
    (copy,) = (desk.folder / "saved").iterdir()
    Path(desk.url.removeprefix("sqlite:///")).unlink()
    ended = desk.run("restore", f"saved/{copy.name}")
    assert ended.exit_code == 0
    assert ended.stderr.startswith("warning: calm can't recognise its people")


def test_every_command_explains_itself(desk: Desk) -> None:
    for group in ("programs", "codes"):
        listed = desk.done(group, "--help")
        for name in main.commands[group].commands:  # type: ignore[attr-defined]
            assert f"  {name} " in listed
            assert f"{group} {name}" in desk.done(group, name, "-h")
