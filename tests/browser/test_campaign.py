"""A campaign in Chromium: turned on, previewed, posted on the day; the pack for a member."""

import pytest

from tests.browser.page import CHROMIUM, SandboxPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


async def test_a_moderator_turns_the_day_on_previews_it_and_sees_it_posted(
    page: SandboxPage,
) -> None:
    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    assert "World Mental Health Day" in await page.slash("campaign")
    await page.press("World Mental Health Day")
    await page.choose("Channel or thread", "community")
    await page.press("Calendar")
    await page.choose("Look at one", "2027-10-10 · World Mental Health Day")
    preview = await page.last_text()
    assert "This is how it will look" in preview
    title = preview.partition("Only you can see this\n")[2].splitlines()[0]

    posted = await page.travel("at 2027-10-10 12:00")

    assert "4 in community" in posted
    await page.channel("community")
    assert title in await page.last_text()


async def test_a_member_sees_the_day_and_takes_the_pack(page: SandboxPage) -> None:
    shown = await page.slash("wmhd")
    assert "10 October 2027" in shown
    assert "The theme of 2027 is not announced yet." in shown

    await page.press("For creators: texts to copy")

    assert "#WorldMentalHealthDay" in await page.last_text()
