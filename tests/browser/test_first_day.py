"""The first day of a community, in Chromium: the story that the README's pictures show."""

import pytest

from tests.browser.page import CHROMIUM, SandboxPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


async def test_a_tip_is_shared_then_scheduled_then_posted_and_answers_after_a_restart(
    page: SandboxPage,
) -> None:
    await page.slash("tip", topic="Breath")
    await page.press("Share here")
    assert "Try this" in await page.last_text()
    assert "Only you can see this" not in await page.last_text()

    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    await page.slash("tips schedule", zone="Berlin")
    await page.choose("Channel or thread", "community")
    await page.press("Save")
    assert "09:00 (Europe/Berlin)" in await page.last_text()

    assert "Posted on the way: 1 in community" in await page.travel("+1d")
    await page.channel("community")
    assert "Try this" in await page.last_text()

    await page.restart()
    await page.view_as("Member two")
    await page.press("Save")
    assert "Saved:" in await page.last_text()
    assert "Only you can see this" in await page.last_text()


async def test_a_command_right_after_a_post_came_in_gets_through(page: SandboxPage) -> None:
    await page.view_as("Moderator")
    await page.slash("tips schedule", zone="Berlin")
    await page.choose("Channel or thread", "community")
    await page.press("Save")
    for _ in range(3):
        assert "Posted on the way: 1 in community" in await page.travel("+1d")
        assert "Status of Example Creators" in await page.slash("status")


async def test_a_refusal_is_an_answer_and_not_called_a_failure(page: SandboxPage) -> None:
    assert "Manage Server" in await page.slash("tips schedule")
    for _ in range(2):  # the bar looks at the channel after each poll
        await page.tab.wait_for_event("response", lambda answer: "/sandbox/state" in answer.url)
    await page.clock()

    assert "did not get through" not in await page.status()
