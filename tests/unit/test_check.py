"""``bot check``: counts, facts and every fault, without changing anything."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.check import Report, check
from bot.content.tips import TOPICS
from bot.pictures import fonts
from bot.safety.classifier import FILE as CLASSIFIER
from bot.storage.migrate import head_revision
from tests.conftest import ROOT
from tests.phrases import read_phrasebooks


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which Breather is started, with the content that ships."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.check.read_folder", read_phrasebooks)
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def make_database(path: Path, revision: str | None) -> None:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as file, file:
        if revision is not None:
            file.execute("CREATE TABLE alembic_version (version_num TEXT)")
            file.execute("INSERT INTO alembic_version VALUES (?)", (revision,))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_fresh_folder_is_in_order_and_stays_fresh(folder: Path) -> None:
    report = check()
    assert report.faults == []
    assert report.counts["tips"] >= 240
    assert report.counts["tip topics"] == len(TOPICS)
    assert report.counts["tips with a source"] < report.counts["tips"]
    assert report.counts["myths and facts"] >= 100
    assert report.counts["countries with emergency numbers"] > 190
    assert report.counts["languages"] >= 1
    assert report.facts == {
        "token": "not set (the sandbox starts)",
        "database": "sqlite:///var/breather.db",
        "schema": "empty; made at the first start",
    }
    assert files(folder) == {"data"}


@pytest.mark.parametrize(
    ("settings", "fact", "warning"),
    [
        ("FEED_PORT=8644\nFEED_URL=https://a.example", "127.0.0.1, port 8644", None),
        ("FEED_PORT=8644", "127.0.0.1, port 8644", "FEED_URL: not set"),
        ("FEED_URL=https://a.example", None, "FEED_PORT: not set"),
        ("FEED_URL=https://a.example\nSHARD_ID=0\nSHARD_COUNT=2", None, None),
        ("", None, None),
    ],
)
def test_what_the_calendar_feed_lacks_is_a_warning(
    folder: Path, settings: str, fact: str | None, warning: str | None
) -> None:
    (folder / ".env").write_text(settings)
    report = check()
    assert report.faults == []
    assert report.facts.get("calendar feed") == fact
    told = [line for line in report.warnings if line.startswith("FEED_")]
    assert [line.partition(",")[0] for line in told] == ([warning] if warning else [])


def test_a_package_of_fonts_that_is_missing_is_a_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any("manimgx" in warning for warning in check().warnings)
    monkeypatch.setattr(fonts, "find_missing_packages", lambda: ("manimgx-fonts-cjk",))
    report = check()
    (warning,) = [one for one in report.warnings if "manimgx" in one]
    assert "pip install manimgx-fonts-cjk" in warning
    assert report.faults == []


def test_a_classifier_that_lost_its_weights_is_a_fault(folder: Path) -> None:
    (folder / "data").unlink()
    shutil.copytree(ROOT / "data", folder / "data")
    weights = folder / "data" / CLASSIFIER
    weights.write_bytes(weights.read_bytes()[:99_999])
    (fault,) = check().faults
    assert fault.startswith(CLASSIFIER)


def test_a_token_is_told_as_set_and_not_shown(folder: Path) -> None:
    (folder / ".env").write_text("DISCORD_TOKEN=very-secret")
    report = check()
    assert report.facts["token"] == "set"
    assert "very-secret" not in repr(report)


@pytest.mark.parametrize(
    ("revision", "schema"),
    [
        (None, "empty; brought to {head} at the next start"),
        ("{head}", "{head}, up to date"),
    ],
)
def test_the_schema_is_told_and_the_file_left_alone(
    folder: Path, revision: str | None, schema: str
) -> None:
    head = head_revision()
    path = folder / "var" / "breather.db"
    make_database(path, revision and revision.format(head=head))
    before = path.read_bytes()
    report = check()
    assert report.facts["schema"] == schema.format(head=head)
    assert report.faults == []
    assert path.read_bytes() == before
    assert files(folder) == {"data", "var", "var/breather.db"}


def test_a_database_in_use_can_be_checked_and_is_not_locked(folder: Path) -> None:
    path = folder / "var" / "breather.db"
    make_database(path, head_revision())
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as somebody:
        somebody.execute("PRAGMA journal_mode=WAL")
        somebody.execute("BEGIN IMMEDIATE")
        somebody.execute("UPDATE alembic_version SET version_num = 'half-done'")
        assert check().facts["schema"] == f"{head_revision()}, up to date"
        somebody.execute("ROLLBACK")


def test_a_newer_database_is_a_fault_with_the_way_out(folder: Path) -> None:
    make_database(folder / "var" / "breather.db", "from-2031")
    (fault,) = check().faults
    assert "from-2031" in fault
    assert "Start the newer version" in fault


def test_a_file_that_is_no_database_is_a_fault(folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "breather.db").write_text("not a database " * 99)
    (fault,) = check().faults
    assert fault.startswith("DATABASE_URL: sqlite:///var/breather.db cannot be used")


def test_everything_wrong_is_told_at_once(folder: Path) -> None:
    make_database(folder / "var" / "breather.db", "from-2031")
    (folder / "data").unlink()
    shutil.copytree(ROOT / "data", folder / "data")
    tips = folder / "data" / "tips" / "sleep.toml"
    tips.write_text(tips.read_text().replace("minutes = ", "minutes = 9", 1))
    (folder / "data" / "emergency_numbers.csv").unlink()
    catalogue = folder / "data" / "locales" / "de" / "breather.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid "{a}"\nmsgstr "b"\n')
    (folder / ".env").write_text("not a setting\nLOG_LEVEL=LOUD\n")

    faults = check().faults
    wanted = [".env, line 1", "LOG_LEVEL: ", "sleep.toml, ", "emergency_numbers.csv", "locales/de"]
    for words in [*wanted, "from-2031"]:
        assert sum(words in fault for fault in faults) == 1, (words, faults)


def test_myths_are_not_held_against_guides_that_cannot_be_read(folder: Path) -> None:
    (folder / "data").unlink()
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.rmtree(folder / "data" / "guides")
    myths = folder / "data" / "myths" / "conditions.toml"
    myths.write_text(myths.read_text().replace('answer = "myth"', 'answer = "maybe"', 1))

    faults = check().faults

    assert sum("conditions.toml, " in fault for fault in faults) == 1
    assert not any("there is no guide" in fault for fault in faults)


def test_a_changed_guide_is_a_warning_until_the_search_is_built_anew(folder: Path) -> None:
    (folder / "data").unlink()
    shutil.copytree(ROOT / "data", folder / "data")
    guide = folder / "data" / "guides" / "abuse-at-home.md"
    guide.write_text(guide.read_text().replace('title = "', 'title = "Now: ', 1))

    report = check()

    assert report.faults == []
    (warning,) = [line for line in report.warnings if line.startswith("guides/")]
    assert warning.startswith("guides/abuse-at-home.md: changed since the search was built")


def test_a_search_that_cannot_be_read_is_a_fault(folder: Path) -> None:
    (folder / "data").unlink()
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "data" / "search" / "guides.npz").write_bytes(b"no archive")
    (fault,) = check().faults
    assert "guides.npz" in fault


def test_with_a_wrong_address_the_rest_is_checked_still(folder: Path) -> None:
    (folder / ".env").write_text("DATABASE_URL=mysql://a:secret@b/c\n")
    report = check()
    assert [fault.partition(":")[0] for fault in report.faults] == ["DATABASE_URL"]
    assert report.counts["tips"] >= 240
    assert "secret" not in repr(report)


def test_a_report_begins_empty() -> None:
    assert Report() == Report({}, {}, [])
