"""What the minute clock owes to the engine as it is put together."""

import pytest

from bot.app import App
from bot.delivery.minute import OVERLAP


@pytest.mark.usefixtures("env")
async def test_a_minute_is_left_to_plan_when_every_drain_and_every_chore_is_slow(app: App) -> None:
    assert app.services is not None
    drains = ("posts", "letters", "what follows posts")
    assert len(drains) + len(app.services.engine.each_minute) < OVERLAP
