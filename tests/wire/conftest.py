"""The loopback Discord for wire tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.phrases import SCREEN_FILE, save_screen
from tests.wire.plain_bot import PlainBot, running_bot
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World


@pytest.fixture(autouse=True, scope="session")
def _phrases_are_read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    file = tmp_path_factory.mktemp("phrases") / "screen.pickle"
    save_screen(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SCREEN_FILE, str(file))
        yield


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    """A Discord with three communities of two channels."""
    async with StandIn(World(guilds=3, channels=2), MovableClock(tmp_path / "clock")) as running:
        yield running


@pytest.fixture
async def bot(standin: StandIn) -> AsyncIterator[PlainBot]:
    """The plain bot, connected and ready."""
    async with running_bot(standin) as client:
        yield client
