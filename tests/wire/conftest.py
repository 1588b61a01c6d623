"""The loopback Discord for wire tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wire.plain_bot import PlainBot, running_bot
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World


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
