"""An announcement in Chromium: written, seen, planned for every week, posted."""

import pytest

from tests.browser.page import CHROMIUM, SandboxPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
ANNOUNCEMENT = {
    "Title": "Quiet hour, this Sunday",
    "Text": "We meet in the voice room at six. Bring tea, or bring nothing. Cameras stay off.",
}


async def test_an_announcement_that_repeats_is_written_seen_planned_and_posted(
    page: SandboxPage,
) -> None:
    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    await page.slash("announce")
    await page.fill_form(ANNOUNCEMENT)
    assert "Above is how it will look" in await page.last_text()

    await page.choose("Channel or thread", "community")
    await page.choose("Choose when", "On weekdays, every week or every few weeks")
    await page.fill_form({"Time there": "18:00", "Weekdays": "Sunday"})
    await page.press("Plan it")
    await page.travel("+1w")

    await page.channel("community")
    assert "Quiet hour, this Sunday" in await page.last_text()
