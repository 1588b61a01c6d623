"""The command line as its users start it: real processes, their words and their exit codes."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import __version__
from bot.storage.migrate import head_revision, migrate
from tests.conftest import ROOT
from tests.store.postgres import PASSWORD, drop_postgres, postgres_url, run_sync

pytestmark = pytest.mark.wire
COMMANDS = ("start", "run", "sandbox", "check", "sync", "backup", "restore")
NOWHERE = f"postgresql://breather:{PASSWORD}@127.0.0.1:1/breather"


@dataclass
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str


class Shell:
    """A folder to start Breather in, with nothing of this machine's own settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "var" / "breather.db"

    def run(self, *arguments: str, options: tuple[str, ...] = (), **settings: str) -> Ended:
        """Start a command with some settings and wait for its end."""
        kept = {"PATH", "HOME", "SYSTEMROOT", "LANG"}
        environment = {name: value for name, value in os.environ.items() if name in kept}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"} | settings
        # discord.py imports a module that Python 3.13 moved.
        environment["PYTHONWARNINGS"] += ",ignore:'audioop' is deprecated:DeprecationWarning"
        ended = subprocess.run(
            [sys.executable, *options, "-m", "bot", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )
        assert PASSWORD not in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr, ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def migrate(self) -> None:
        """Make the database of this version."""
        run_sync(migrate(f"sqlite:///{self.database}"))

    def mute(self, tip_id: str) -> None:
        """Put a row into it."""
        with closing(sqlite3.connect(self.database)) as file, file:
            file.execute("INSERT INTO tip_mutes VALUES (1, ?)", (tip_id,))

    def muted(self) -> list[str]:
        """The rows that are in it."""
        with closing(sqlite3.connect(self.database)) as file:
            return [row[0] for row in file.execute("SELECT tip_id FROM tip_mutes ORDER BY 1")]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A fresh folder with the content that ships."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    return Shell(tmp_path)


def test_help_names_every_command_and_every_command_explains_itself(shell: Shell) -> None:
    ended = shell.run("--help")
    assert ended.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +[A-Z]", ended.out, re.MULTILINE), command
        own = shell.run(command, "-h")
        assert own.code == 0
        assert f"Usage: python -m bot {command}" in own.out
    assert list(shell.folder.iterdir()) == [shell.folder / "data"]
    assert shell.run("--version").out == f"Breather, version {__version__}\n"


@pytest.mark.parametrize("arguments", [("nonsense",), ("check", "--nonsense"), ("restore",)])
def test_a_mistyped_command_ends_with_2(shell: Shell, arguments: tuple[str, ...]) -> None:
    ended = shell.run(*arguments)
    assert ended.code == 2
    assert "Error: " in ended.err


def test_a_fresh_folder_without_a_token_is_in_order_and_stays_fresh(shell: Shell) -> None:
    ended = shell.run("check")
    assert ended.code == 0
    assert all(line.startswith("warning: helplines.csv, ") for line in ended.err.splitlines())
    assert re.search(r"^ +2\d\d tips$", ended.out, re.MULTILINE)
    assert "token: not set (the sandbox starts)" in ended.out
    assert ended.out.endswith("Everything is in order.\n")
    assert list(shell.folder.iterdir()) == [shell.folder / "data"]


def test_a_check_can_be_read_by_a_program(shell: Shell) -> None:
    ended = shell.run("check", "--json")
    report = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert report.keys() == {"ok", "counts", "facts", "faults", "warnings"}
    assert (report["ok"], report["faults"]) == (True, [])
    assert report["counts"]["tips"] >= 240


def test_all_faults_are_told_at_once_and_end_with_2(shell: Shell) -> None:
    (shell.folder / "data").unlink()
    shutil.copytree(ROOT / "data", shell.folder / "data")
    (shell.folder / "data" / "tips" / "sleep.toml").write_text("[[tip]")
    (shell.folder / "data" / "emergency_numbers.csv").unlink()
    (shell.folder / ".env").write_text("LOG_LEVEL=LOUD\nnot a setting\n")
    shell.database.parent.mkdir()
    shell.database.write_text("not a database " * 999)

    ended = shell.run("check", HEALTH_PORT="zero")
    assert ended.code == 2
    lines = ended.err.splitlines()
    faults = [line.removeprefix("fault: ") for line in lines if not line.startswith("warning: ")]
    assert len(faults) == 6
    for words in (
        ".env, line 2: ",
        "LOG_LEVEL: ",
        "HEALTH_PORT: ",
        "sleep.toml: ",
        "emergency_numbers.csv: ",
        "DATABASE_URL: sqlite:///var/breather.db ",
    ):
        assert sum(fault.startswith(words) for fault in faults) == 1, words
    assert ended.out.endswith("6 faults.\n")

    as_json = shell.run("check", "--json", HEALTH_PORT="zero")
    report = json.loads(as_json.out)
    assert (as_json.code, report["ok"], report["faults"]) == (2, False, faults)


@pytest.mark.parametrize("command", ["check", "run", "start", "backup"])
def test_a_broken_line_of_the_env_file_is_named_with_its_number(shell: Shell, command: str) -> None:
    (shell.folder / ".env").write_text("# mine\n\nDISCORD_TOKEN is secret\n")
    ended = shell.run(command)
    assert ended.code == 2
    (line,) = (text for text in ended.err.splitlines() if not text.startswith("warning: "))
    assert line.removeprefix("fault: ").startswith(".env, line 3: not of the form NAME=value.")


@pytest.mark.parametrize("command", ["check", "run", "start", "sync", "backup"])
def test_a_wrong_scheme_is_explained(shell: Shell, command: str) -> None:
    ended = shell.run(command, DATABASE_URL=f"mysql://me:{PASSWORD}@db/x", DISCORD_TOKEN="t")
    assert ended.code == 2
    (line,) = (text for text in ended.err.splitlines() if not text.startswith("warning: "))
    assert "DATABASE_URL: must look like sqlite:///" in line


@pytest.mark.parametrize("command", ["run", "sync"])
def test_without_a_token_there_is_no_connecting(shell: Shell, command: str) -> None:
    ended = shell.run(command)
    assert ended.code == 2
    assert ended.err.startswith("DISCORD_TOKEN: not set. Put the bot's token into .env")


def test_a_backup_is_made_checked_and_restored(shell: Shell) -> None:
    shell.migrate()
    shell.mute("kept")
    made = shell.run("backup")
    assert (made.code, made.err) == (0, "")
    (file,) = (shell.folder / "var" / "backups").iterdir()
    assert f"python -m bot restore --check var/backups/{file.name}" in made.out

    checked = shell.run("restore", "--check", str(file))
    assert (checked.code, checked.err) == (0, "")
    assert f"is sound: schema {head_revision()}; " in checked.out
    assert "1 tip_mutes" in checked.out

    shell.mute("later")
    restored = shell.run("restore", str(file))
    assert (restored.code, restored.err) == (0, "")
    assert shell.muted() == ["kept"]
    (aside,) = shell.database.parent.glob("breather.db.before-restore-*")
    assert str(aside.relative_to(shell.folder)) in restored.out
    assert shell.run("check").code == 0


def test_a_backup_goes_where_the_operator_says(shell: Shell) -> None:
    shell.migrate()
    assert shell.run("backup", "else where").code == 0
    assert len(list((shell.folder / "else where").iterdir())) == 1


def test_without_a_database_there_is_nothing_to_back_up(shell: Shell) -> None:
    ended = shell.run("backup")
    assert ended.code == 2
    assert ended.err.startswith("DATABASE_URL: var/breather.db cannot be copied")
    assert not shell.database.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no such file"),
        (b"noise" * 5000, "not a usable backup"),
        (b"", "not a usable"),
    ],
)
@pytest.mark.parametrize("options", [("--check",), ()])
def test_what_is_no_backup_is_refused_and_changes_nothing(
    shell: Shell, content: bytes | None, words: str, options: tuple[str, ...]
) -> None:
    shell.migrate()
    shell.mute("kept")
    if content is not None:
        (shell.folder / "bad.db").write_bytes(content)
    ended = shell.run("restore", *options, "bad.db")
    assert ended.code == 2
    assert re.match(rf"bad\.db: {words}", ended.err)
    assert shell.muted() == ["kept"]


def test_a_database_in_use_is_not_replaced(shell: Shell) -> None:
    shell.migrate()
    assert shell.run("backup", "saved").code == 0
    (file,) = (shell.folder / "saved").iterdir()
    with closing(sqlite3.connect(shell.database)) as somebody:
        somebody.execute("SELECT * FROM guilds").fetchall()
        ended = shell.run("restore", str(file))
    assert ended.code == 2
    assert ended.err.endswith("var/breather.db is in use. Stop Breather, then restore again.\n")


@pytest.mark.parametrize("arguments", [("check",), ("check", "--json"), ("sync",)])
def test_a_postgresql_that_cannot_be_reached_is_told_without_the_password(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    ended = shell.run(*arguments, DATABASE_URL=NOWHERE, DISCORD_TOKEN="t")
    assert ended.code == 2
    told = ended.err or ended.out
    assert "DATABASE_URL: postgresql://breather:" in told
    assert re.search(r"cannot be used .* that the server runs", told)


def test_postgresql_is_backed_up_with_its_own_tool(shell: Shell) -> None:
    ended = shell.run("backup", DATABASE_URL=NOWHERE)
    assert ended.code == 2
    assert (
        "pg_dump --format=custom --file=breather.dump --exclude-table-data=program_peppers 'postgresql://breather:"
        in ended.err
    )


@pytest.mark.parametrize(
    ("is_empty", "schema"),
    [(True, "empty; brought to {head} at the next start"), (False, "{head}, up to date")],
)
def test_the_schema_of_a_postgresql_is_told_and_left_alone(
    shell: Shell, *, is_empty: bool, schema: str
) -> None:
    url = postgres_url(is_empty=is_empty)
    try:
        for _ in range(2):
            report = json.loads(shell.run("check", "--json", DATABASE_URL=url).out)
            assert report["faults"] == []
            assert report["facts"]["schema"] == schema.format(head=head_revision())
    finally:
        drop_postgres(url)


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (("--help",), {"discord", "sqlalchemy", "alembic", "babel", "aiohttp"}),
        (("check",), {"discord", "simcord", "aiohttp", "asyncpg", "aiosqlite"}),
        (("backup",), {"discord", "simcord", "aiohttp", "asyncpg"}),
    ],
)
def test_a_command_loads_only_what_it_needs(
    shell: Shell, arguments: tuple[str, ...], unwanted: set[str]
) -> None:
    shell.migrate()
    ended = shell.run(*arguments, options=("-X", "importtime"))
    assert ended.code == 0
    loaded = {line.rpartition("|")[2].strip() for line in ended.err.splitlines()}
    assert loaded & unwanted == set()
    assert "click" in loaded


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_of_few_letters_is_no_obstacle(shell: Shell, encoding: str) -> None:
    ended = shell.run("check", PYTHONIOENCODING=encoding, DATABASE_URL=NOWHERE)
    assert ended.code == 2
    assert "cannot be used" in ended.err
