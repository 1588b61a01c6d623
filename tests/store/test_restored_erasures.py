"""A restored backup erases again whoever erased their data since, and nobody else."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.clock import HOUR, Clock, MovableClock, SystemClock
from bot.commandline import main
from bot.registry import make_privacy
from bot.settings import load_settings
from bot.storage.migrate import migrate
from bot.storage.opening import open_migrated
from tests.conftest import NOON
from tests.store.postgres import run_sync
from tests.store.test_erasures import A_THIRD, ANOTHER, SOMEBODY, save, saved

KEYS = {"CLAIM_CODE_KEYS": f"k1:{'A' * 43}", "CLAIM_HASH_KEY": "B" * 43}


class Operator:
    """An operator with a folder, a database in it, and commands."""

    def __init__(self, folder: Path, url: str, keys: dict[str, str]) -> None:
        self.folder, self.url, self.keys = folder, url, keys

    def run(self, *arguments: str, code: int = 0) -> Result:
        """Run a command that ends with a code."""
        env = self.keys | {"DATABASE_URL": self.url, "STATE_DIR": str(self.folder / "var")}
        ended = CliRunner().invoke(main, arguments, env=env)
        assert ended.exit_code == code, ended.output
        return ended

    def back_up(self) -> str:
        """Make a backup; its path."""
        self.run("backup", str(self.folder / "saved"))
        (copy,) = (self.folder / "saved").iterdir()
        return str(copy)

    def save(self, *people: int, at: int) -> None:
        """These people save a tip."""

        async def work() -> None:
            database = await open_migrated(self.url)
            await save(database, *people, at=at)
            await database.close()

        run_sync(work())

    def erase(self, user_id: int, clock: Clock) -> None:
        """A person erases their data, as in the bot."""
        given = {name.lower(): key for name, key in self.keys.items()}
        settings = load_settings(None, state_dir=self.folder / "var", **given)

        async def work() -> None:
            database = await open_migrated(self.url)
            await make_privacy(database, clock, settings).erase(user_id)
            await database.close()

        run_sync(work())

    def saved(self) -> set[int]:
        """Who has saved a tip."""

        async def work() -> set[int]:
            database = await open_migrated(self.url)
            found = await saved(database)
            await database.close()
            return found

        return run_sync(work())


@pytest.fixture(params=[{}, KEYS], ids=["salted", "keyed"])
def operator(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Operator:
    """An operator without claims, and one with their keys."""
    return Operator(tmp_path, database_url, request.param)


only_sqlite = pytest.mark.parametrize("engine", ["sqlite"])
"""PostgreSQL is restored with its own tools."""


@only_sqlite
def test_restoring_a_backup_erases_again_and_says_how_many(operator: Operator) -> None:
    now = SystemClock()
    operator.save(SOMEBODY, ANOTHER, A_THIRD, at=now.now())
    copy = operator.back_up()
    operator.erase(SOMEBODY, now)
    assert operator.run("restore", copy).stdout.endswith(
        "\n1 person who erased their data since the backup was erased again.\n"
    )
    assert operator.saved() == {ANOTHER, A_THIRD}
    operator.erase(ANOTHER, now)
    assert "\n2 people who erased their data since the backup were erased again.\n" in (
        operator.run("restore", copy).stdout
    )
    assert operator.saved() == {A_THIRD}


@only_sqlite
def test_whoever_erased_and_came_back_before_the_backup_loses_nothing(operator: Operator) -> None:
    now = SystemClock().now()
    operator.save(SOMEBODY, at=now - 2 * HOUR)
    operator.erase(SOMEBODY, MovableClock(now - HOUR))
    operator.save(SOMEBODY, at=now - 60)
    assert "erased again" not in operator.run("restore", operator.back_up()).output
    assert operator.saved() == {SOMEBODY}


@only_sqlite
def test_erasures_that_another_key_wrote_are_told_of(operator: Operator) -> None:
    operator.save(SOMEBODY, at=NOON)
    copy = operator.back_up()
    operator.keys = KEYS
    operator.erase(SOMEBODY, SystemClock())
    operator.keys = {}
    told = operator.run("restore", copy).stderr
    assert "without the CLAIM_HASH_KEY of then: 1. Put it back and restore again" in told
    assert operator.saved() == {SOMEBODY}
    operator.keys = KEYS
    assert "1 person" in operator.run("restore", copy).stdout


@only_sqlite
def test_a_backup_of_an_older_schema_leaves_no_newer_copy_of_those_who_erased(
    operator: Operator,
) -> None:
    operator.save(SOMEBODY, ANOTHER, at=NOON)
    run_sync(migrate(operator.url, target="0009"))
    copy = operator.back_up()
    run_sync(migrate(operator.url))
    operator.erase(SOMEBODY, SystemClock())
    assert "1 person" in operator.run("restore", copy).stdout
    assert operator.saved() == {ANOTHER}
    assert not (operator.folder / "var" / "backups").exists()


@only_sqlite
@pytest.mark.parametrize("name", ["claims-fence", "erasures"])
def test_a_restore_that_cannot_erase_again_brings_nobody_back(
    operator: Operator, name: str
) -> None:
    operator.save(SOMEBODY, ANOTHER, at=NOON)
    copy = operator.back_up()
    operator.erase(SOMEBODY, SystemClock())
    file = operator.folder / "var" / name
    file.unlink(missing_ok=True)
    file.mkdir()
    told = operator.run("restore", copy, code=2).stderr
    assert told.startswith(f"STATE_DIR: {file} cannot be read ")
    assert told.endswith("\nNothing was changed: the database is as it was.\n")
    assert operator.saved() == {ANOTHER}
