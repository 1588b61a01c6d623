"""What every kind of test shares."""

import os
import shutil
import zoneinfo
from pathlib import Path

import hypothesis
import pytest

from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from tests.store.postgres import run_sync

ROOT = Path(__file__).parent.parent
IN_MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 (pytest makes a folder of its own there)
"""Thousands of small databases: on a disk, waiting for it takes a fifth of the time."""
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
hypothesis.settings.register_profile(
    "breather", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("breather")  # no test asserts a time, these neither
zoneinfo.reset_tzpath(())  # as the app does: the pinned time zones, not the machine's
NOON = 1_805_025_600
"""2027-03-14 12:00 UTC, a Sunday: the instant at which most tests begin."""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never read the machine's own settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a database and a state folder of the test's own."""
    return load_settings(
        None,
        database_url=f"sqlite:///{tmp_path}/breather.db",
        state_dir=tmp_path / "var",
        content_dir=ROOT / "data",
    )


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with this version's schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "breather.db"
    run_sync(migrate(f"sqlite:///{path}"))
    return path


def is_full_size() -> bool:
    """Whether the full sizes were asked for (``make test-full``)."""
    return os.environ.get("BREATHER_TEST_SIZE") == "full"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """With ``BREATHER_TEST_SKIPS=fail`` (CI), a skipped test is remembered as a fault."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _SKIPPED.append(f"{report.nodeid}: {report.longrepr}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a test was skipped where none may be."""
    if _SKIPPED and os.environ.get("BREATHER_TEST_SKIPS") == "fail":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped."""
    for line in _SKIPPED:
        terminalreporter.write_line(f"skipped: {line}", yellow=True)


_SKIPPED: list[str] = []
