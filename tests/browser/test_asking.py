"""Asking in Chromium: answers, not sure, a myth, help in three countries, an own resource."""

import pytest

from tests.browser.page import CHROMIUM, SandboxPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


async def test_a_question_is_answered_refined_and_honestly_not_answered(page: SandboxPage) -> None:
    asked = await page.slash("ask", question="i cant fall asleep, my head wont stop")
    assert "not reviewed by a clinician" in asked
    await page.press("This didn't help")
    assert "Sorry that it didn't help" in await page.last_text()

    unsure = await page.slash("ask", question="how to get more viewers on twitch")
    assert "I'm not sure I have that" in unsure
    assert "Show help lines" in unsure


async def test_what_sounds_like_a_crisis_is_answered_with_help_first(page: SandboxPage) -> None:
    shown = await page.slash("ask", question="i want to kill myself")
    assert "you don't have to carry this alone" in shown
    assert "kill myself" not in shown
    await page.press("Delete it")
    assert "Deleted" in await page.last_text()


async def test_a_myth_is_answered_privately(page: SandboxPage) -> None:
    await page.slash("myth")
    await page.press("Myth")
    answer = await page.last_text()
    assert "Many people think so" in answer or "that's right" in answer


async def test_help_is_shown_for_three_countries(page: SandboxPage) -> None:
    for country, number in (("India", "14416"), ("Japan", "0120-279-338"), ("France", "3114")):
        shown = await page.slash("help-now", country=country)
        assert number in shown
        assert country in shown


async def test_a_moderator_adds_a_resource_and_a_member_finds_it(page: SandboxPage) -> None:
    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    await page.slash("resources add")
    await page.fill_form(
        {
            "Title": "Our quiet hour",
            "What it gives": "A voice room where nobody has to talk, every Sunday at eight.",
            "Text": "Come on Sundays at eight. Microphones stay off, tea is allowed.",
            "How people ask": "where can i sit quietly with others",
        }
    )
    await page.press("Keep it")
    assert "Kept" in await page.last_text()

    await page.view_as("Member one")
    await page.channel("community")
    found = await page.slash("ask", question="where can i sit quietly with others")
    assert "Our quiet hour" in found
    assert "Added by this community" in found
