"""An interaction that Discord has forgotten is nobody's fault to be shown, and no error to log."""

import logging
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from cogs.ui.errors import UNKNOWN_INTERACTION, answer_error


async def test_an_interaction_that_is_gone_is_logged_as_late_and_answered_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer: Any = SimpleNamespace(status=404, reason="Not Found")
    gone = discord.NotFound(answer, {"code": UNKNOWN_INTERACTION, "message": "Unknown interaction"})
    languages = SimpleNamespace(texts=lambda _: str)
    interaction = SimpleNamespace(client=SimpleNamespace(languages=languages), locale="en-US")

    with caplog.at_level(logging.INFO):
        await answer_error(cast("Any", interaction), gone)

    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "too late" in record.getMessage()
