"""What every kind of test shares."""

import os
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
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


def is_full_size() -> bool:
    """Whether the full sizes were asked for (``make test-full``)."""
    return os.environ.get("BREATHER_TEST_SIZE") == "full"
