"""The sandbox's page for the tests in this folder."""

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from tests.browser.page import SandboxPage, sandbox_page
from tests.conftest import NOON


@pytest.fixture
async def page(settings: Settings) -> AsyncIterator[SandboxPage]:
    """The page as it is when the address was opened, at noon on 14 March 2027 (UTC)."""
    async with sandbox_page(settings, start_at=NOON) as opened:
        yield opened
        assert opened.errors == []
