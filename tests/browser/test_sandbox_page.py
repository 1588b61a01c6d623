"""The sandbox's page in Chromium, used with mouse and keyboard."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from tests.browser.page import CHROMIUM, SandboxPage, sandbox_page
from tests.conftest import NOON
from tests.flows.test_sandbox import plan_daily_tips

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
FOCUSED = """() => {
  const frame = document.getElementById('channel');
  return document.activeElement === frame ? frame.contentDocument.activeElement.id
    : document.activeElement.id;
}"""
CONTRAST = """() => {
  const part = (value) => {
    const unit = value / 255;
    return unit <= 0.03928 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  };
  const light = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).map(Number);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const ground = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if (!color.startsWith('rgba(0, 0, 0, 0')) return color;
    }
    return 'rgb(0, 0, 0)';
  };
  const low = [];
  for (const element of document.querySelectorAll('.bar *')) {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!isText || !element.checkVisibility() || element.closest(':disabled')) continue;
    const pair = [light(getComputedStyle(element).color), light(ground(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) low.push([element.textContent, ratio]);
  }
  return low;
}"""


async def test_opening_the_address_lands_in_the_channel_with_the_composer_ready(
    page: SandboxPage,
) -> None:
    assert await page.tab.evaluate(FOCUSED) == "channel-composer-input"

    await page.tab.keyboard.type("/help")

    offered = page.channel_frame.locator(".command-entry strong")
    await offered.first.wait_for()
    assert "/help-now" in await offered.all_inner_texts()
    assert page.tab.url == page.serving.address


async def test_a_command_and_its_form_work_as_a_member(page: SandboxPage) -> None:
    answer = await page.slash("help-now", country="India")
    assert "India" in answer
    assert "Only you can see this" in answer

    await page.press("Another country")
    await page.press("Type a country")
    await page.fill_form({"Country": "Germany"})

    assert "Germany" in await page.last_text()


async def test_one_click_shows_another_channel_and_its_composer_is_ready(page: SandboxPage) -> None:
    for name in ("announcements", "Voice room", "Stage", "community"):
        await page.channel(name)
        header = page.channel_frame.locator("#channel-name")
        assert await header.inner_text() == name
        assert await page.tab.evaluate(FOCUSED) == "channel-composer-input"


async def test_one_click_changes_the_viewer(page: SandboxPage) -> None:
    await page.slash("help-now", country="India")
    await page.view_as("Member two")
    assert await page.messages.count() == 0

    await page.view_as("Member one")
    assert "India" in await page.last_text()


async def test_the_moderators_desk_is_shown_to_the_moderator_and_says_so(page: SandboxPage) -> None:
    await page.channel("moderators-desk")

    assert "Moderator can" in await page.status()
    assert await page.tab.locator('#people [aria-pressed="true"]').inner_text() == "Moderator"


async def test_commands_work_in_a_direct_message(page: SandboxPage) -> None:
    await page.dm()

    assert "Japan" in await page.slash("help-now", country="Japan")


async def test_ordinary_messages_are_seen_by_everyone(page: SandboxPage) -> None:
    await page.say("Hello everyone")
    await page.view_as("Member two")

    assert "Hello everyone" in await page.last_text()


async def test_a_journey_shows_its_posts_in_the_channel(page: SandboxPage) -> None:
    await plan_daily_tips(page.serving.sandbox)
    await page.channel("announcements")

    answer = await page.travel("+1w")

    assert answer.endswith("Posted on the way: 7 in announcements.")
    await page.messages.nth(6).wait_for()
    assert await page.messages.count() == 7
    assert await page.clock() == "Sun 21 Mar 2027 12:00 UTC"


async def test_posts_elsewhere_are_counted_at_their_channel(page: SandboxPage) -> None:
    await plan_daily_tips(page.serving.sandbox)

    await page.travel("at 2027-03-17 09:00")

    row = page.tab.locator('#places [data-name="announcements"]')
    assert await row.get_by_label("3 new posts").inner_text() == "3"


async def test_the_next_post_is_one_click_away(page: SandboxPage) -> None:
    await plan_daily_tips(page.serving.sandbox)
    await page.tab.locator("#next").wait_for()

    answer = await page.travel("next")

    assert answer.startswith("It is Mon 15 Mar 2027, 08:00 (UTC). Posted on the way: 1")


async def test_going_back_is_refused_on_the_page(page: SandboxPage) -> None:
    await page.tab.evaluate("document.getElementById('when').removeAttribute('min')")
    await page.tab.locator("#go").evaluate("form => { form.noValidate = true; }")

    assert "only goes forward" in await page.travel("at 2027-03-14 08:00")


async def test_a_card_from_before_a_restart_still_answers(page: SandboxPage) -> None:
    await page.slash("help-now", country="India")
    await page.restart()
    assert await page.status() == "The bot was restarted."

    await page.press("Another country")
    await page.press("Type a country")

    assert await page.form.get_by_role("heading").inner_text() == "Your country"


async def test_a_command_given_in_the_terminal_moves_the_page(page: SandboxPage) -> None:
    await page.serving.obey("channel stage")
    await page._opened()

    current = page.tab.locator('#places [aria-current="page"]')
    assert await current.inner_text() == "Stage"


async def test_a_channel_that_was_lost_comes_back_by_itself(page: SandboxPage) -> None:
    frame = await page._frame()
    await frame.evaluate(
        "() => fetch(`/api/pages/${simcordPreview.contextId}`, {method: 'DELETE', headers: "
        "{'X-Simcord-Context': simcordPreview.contextId}})"
    )
    await page.tab.wait_for_function(
        "() => document.getElementById('channel').contentWindow.location.search.includes('try=2')"
    )
    await page._opened()

    assert "/help-now" in await page.suggestions("/help")


async def test_every_control_of_the_bar_is_reached_with_the_keyboard(page: SandboxPage) -> None:
    await page.tab.locator("#places button").first.focus()
    names = []
    for _ in range(28):
        names.append(
            await page.tab.evaluate(
                "() => { const at = document.activeElement;"
                " return at.dataset.name || at.textContent.trim() || at.id; }"
            )
        )
        await page.tab.keyboard.press("Tab")

    for name in ("Direct message", "Moderator", "+1 day", "when", "Go", "Restart the bot"):
        assert name in names


async def test_the_words_of_the_bar_stand_out_from_their_ground(page: SandboxPage) -> None:
    await page.channel("moderators-desk")

    assert await page.tab.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (700, 900), (360, 740)])
async def test_bar_and_composer_fit_the_window(settings: Settings, width: int, height: int) -> None:
    async with sandbox_page(settings, start_at=NOON, width=width, height=height) as page:
        wide = await page.tab.evaluate("document.documentElement.scrollWidth")
        box = await page.composer.bounding_box()

    assert wide <= width
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
