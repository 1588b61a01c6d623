"""Renews the pictures in docs/images: the sandbox, driven in Chromium (``make screenshots``)."""

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.settings import Settings, load_settings
from tests.browser.page import CHROMIUM, SandboxPage, sandbox_page
from tests.browser.test_announcements import ANNOUNCEMENT
from tests.browser.test_claims import PROGRAM, claim
from tests.browser.test_events import draft

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
NOON = 1_805_025_600
"""2027-03-14 12:00 UTC, so that the pictures show the same day each time."""

OWN = {
    "Title": "Our quiet hour",
    "What it gives": "A voice room where nobody has to talk, every Sunday at eight.",
    "Text": "Come on Sundays at eight. Microphones stay off, tea is allowed.",
    "How people ask": "where can i sit quietly with others",
}


def settings_in(folder: Path) -> Settings:
    """Settings with a database of their own."""
    return load_settings(
        None,
        database_url=f"sqlite:///{folder}/breather.db",
        state_dir=folder,
        content_dir=ROOT / "data",
    )


async def take(folder: Path) -> None:
    """Walk through the first day as a member and as a moderator."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with sandbox_page(settings_in(folder), start_at=NOON) as page:
        await page.slash("tip", topic="Breath")
        await shoot(page, "tip")
        await page.press("Share here")
        await page.slash("help-now", country="Japan")
        await shoot(page, "help-now")
        await page.slash("ask", question="i cant fall asleep, my head wont stop")
        await shoot(page, "ask")
        await page.slash("ask", question="how to get more viewers on twitch")
        await shoot(page, "not-sure")
        await page.slash("ask", question="i want to kill myself")
        await shoot(page, "help-first")
        await page.press("Delete it")
        await page.slash("myth", topic="Sleep")
        await page.press("Myth")
        await shoot(page, "myth")
        await page.view_as("Moderator")
        await page.channel("moderators-desk")
        await page.slash("resources add")
        await page.fill_form(OWN)
        await shoot(page, "own-resource")
        await page.press("Keep it")
        await page.slash("setup")
        await shoot(page, "setup")
        await page.slash("tips schedule", zone="Berlin")
        await page.choose("Channel or thread", "community")
        await shoot(page, "schedule")
        await page.press("Save")
        await shoot(page, "saved")
        await page.travel("+1d")
        await page.slash("status")
        await shoot(page, "status")
        await page.channel("community")
        await shoot(page, "posted")
        await page.restart()
        await page.view_as("Member one")
        await page.press("Save")
        await shoot(page, "restarted")
        await page.slash("my-data")
        await shoot(page, "my-data")
    report(page)


async def take_claims(folder: Path) -> None:
    """Walk through a program: why not yet, the queue, the code, the waitlist, the numbers."""
    async with sandbox_page(settings_in(folder), start_at=NOON) as page:
        await page.view_as("Moderator")
        await page.channel("moderators-desk")
        await page.slash("claims settings", program=PROGRAM)
        await page.press("Switch on")
        await shoot(page, "claims-settings")
        await page.channel("community")
        await page.slash("claims post", program=PROGRAM)
        await page.view_as("Member two")
        await page.slash("claim")
        await shoot(page, "claim-not-yet")
        await page.view_as("Member one")
        await claim(page)
        await page.view_as("Moderator")
        await page.channel("moderators-desk")
        await page.slash("claims queue")
        await page.press("Look at 1")
        await shoot(page, "claims-queue")
        await page.press("Approve")
        await page.slash("claims settings", program=PROGRAM)
        await page.press("Approve at once")
        await page.view_as("Member one")
        await page.channel("community")
        await page.slash("claim")
        await shoot(page, "claim")
        await page.travel("+1w")
        await page.view_as("Member two")
        await claim(page, "@another_page")
        await shoot(page, "claims-waitlist")
        await page.obey("codes 5")
        await page.travel("+1h")
        await page.slash("claim")
        await page.press("Take it")
        await page.view_as("Moderator")
        await page.channel("moderators-desk")
        await page.slash("claims stats", program=PROGRAM)
        await shoot(page, "claims-stats")
    report(page)


async def take_campaign(folder: Path) -> None:
    """World Mental Health Day, for a member and for a moderator."""
    async with sandbox_page(settings_in(folder), start_at=NOON) as page:
        await page.slash("wmhd")
        await shoot(page, "wmhd")
        await page.view_as("Moderator")
        await page.channel("moderators-desk")
        await page.slash("campaign")
        await page.press("World Mental Health Day")
        await page.choose("Channel or thread", "community")
        await page.press("Calendar")
        await shoot(page, "campaign-calendar")
        await page.slash("announce")
        await page.fill_form(ANNOUNCEMENT)
        await shoot(page, "announcement")
    report(page)


async def take_events(folder: Path) -> None:
    """A live event: its panel, its card with an answer, the host's panel."""
    async with sandbox_page(settings_in(folder), start_at=NOON) as page:
        await draft(page)
        await page.slash("event manage")
        await page.choose("Open one", "Take A Moment (Draft)")
        await shoot(page, "event-panel")
        await page.press("Publish")
        await page.travel("at 2027-03-14 12:02")
        await page.view_as("Member one")
        await page.channel("community")
        await page.press("I'm coming")
        await page.press("By direct message")
        await shoot(page, "event-answer")
        await page.travel("at 2027-03-16 17:46")
        await page.view_as("Member two")
        await page.slash("events")
        await page.press("Host's panel")
        await page.travel("at 2027-03-16 18:01")
        await page.press("Look again")
        await shoot(page, "event-host")
    report(page)


def report(page: SandboxPage) -> None:
    """Say what the page complained of."""
    for error in page.errors:
        sys.stderr.write(f"the page reported: {error}\n")


async def shoot(page: SandboxPage, name: str) -> None:
    """Keep what the page shows, the last message in full."""
    await page.messages.last.evaluate("message => message.scrollIntoView({block: 'end'})")
    await page.screenshot(IMAGES / f"{name}.png")
    sys.stdout.write(f"docs/images/{name}.png\n")


def main() -> None:
    """Take every picture, in a folder that is thrown away."""
    if CHROMIUM is None:
        sys.exit("make screenshots needs Chromium: install it (Debian: apt-get install chromium).")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take(Path(folder) / "first-day"))
        asyncio.run(take_claims(Path(folder) / "claims"))
        asyncio.run(take_campaign(Path(folder) / "campaign"))
        asyncio.run(take_events(Path(folder) / "events"))


if __name__ == "__main__":
    main()
