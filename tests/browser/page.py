"""Drives the sandbox's page in Chromium as a person would: by what they see and type."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, async_playwright

from bot.sandbox.serving import Serving, serve_sandbox
from bot.settings import Settings

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 15_000
IS_SETTLED = """() => {
  const state = window.simcordPreview;
  return Boolean(state && state.ready && !state.pendingAction && !state.pendingQuery
    && state.awaitingRevision === null);
}"""


@contextlib.asynccontextmanager
async def sandbox_page(
    settings: Settings,
    *,
    start_at: int | None = None,
    fresh: bool = False,
    width: int = 1280,
    height: int = 800,
) -> AsyncIterator[SandboxPage]:
    """A sandbox in this process on a free port, and Chromium on its page, channel open."""
    async with (
        serve_sandbox(settings, fresh=fresh, port=0, start_at=start_at, tell=str) as serving,
        async_playwright() as playwright,
    ):
        time_passes = asyncio.create_task(serving.run())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            tab = await browser.new_page(viewport={"width": width, "height": height})
            tab.set_default_timeout(PATIENCE)
            page = SandboxPage(serving, tab)
            await page.open()
            yield page
        finally:
            await browser.close()
            time_passes.cancel()
            await asyncio.gather(time_passes, return_exceptions=True)


class SandboxPage:
    """The page and the channel in its frame. Every action waits until the bot has answered."""

    def __init__(self, serving: Serving, tab: Page) -> None:
        self.serving = serving
        self.tab = tab
        self.errors: list[str] = []
        tab.on("pageerror", lambda error: self.errors.append(str(error)))

    # ---------------------------------------------------------------- looking

    @property
    def channel_frame(self) -> FrameLocator:
        """The channel that is shown: simcord's page in its frame."""
        return self.tab.frame_locator("#channel")

    @property
    def composer(self) -> Locator:
        """The field in which messages and slash commands are typed."""
        return self.channel_frame.locator("#channel-composer-input")

    @property
    def messages(self) -> Locator:
        """The messages that are shown, oldest first."""
        return self.channel_frame.locator(".channel-message")

    @property
    def form(self) -> Locator:
        """The form that is open."""
        return self.channel_frame.locator(".modal-dialog")

    async def texts(self) -> list[str]:
        """What the messages say, oldest first."""
        return await self.messages.all_inner_texts()

    async def last_text(self) -> str:
        """What the last message says."""
        return await self.messages.last.inner_text()

    async def status(self) -> str:
        """What the bar says about the last thing that was asked of it."""
        return await self.tab.locator("#status").inner_text()

    async def clock(self) -> str:
        """What the clock shows."""
        return " ".join((await self.tab.locator("#clock").inner_text()).split())

    async def suggestions(self, typed: str) -> list[str]:
        """The slash commands that are offered for what is typed."""
        await self.composer.fill(typed)
        titles = self.channel_frame.locator(".command-entry strong")
        await titles.first.wait_for()
        offered = await titles.all_inner_texts()
        await self.composer.fill("")
        return offered

    async def screenshot(self, path: str | Path) -> None:
        """Take a picture of the whole page."""
        await self.tab.screenshot(path=str(path))

    # --------------------------------------------------------------- the bar

    async def open(self) -> None:
        """Open the address that is printed at the start."""
        await self.tab.goto(self.serving.address)
        await self._opened()

    async def channel(self, name: str) -> None:
        """Press a channel's name."""
        await self._order(self._row("#places", name))
        await self._opened()

    async def dm(self) -> None:
        """Press "Direct message"."""
        await self.channel("Direct message")

    async def view_as(self, name: str) -> None:
        """Press a person's name."""
        await self._order(self._row("#people", name))
        await self._opened()

    async def travel(self, line: str) -> str:
        """Go forward: ``+1h``, ``+1d`` and ``+1w`` by their buttons, ``at ...`` by the field.

        What the bar answers. Another line goes the prompt's way.
        """
        button = self.tab.locator(f'button[data-line="{line}"]')
        if line.startswith("at "):
            await self.tab.locator("#when").fill(line.removeprefix("at ").replace(" ", "T"))
            await self._order(self.tab.locator("#go button"))
        elif await button.count():
            await self._order(button)
        else:
            await self.serving.obey(line)
        await self.settled()
        return await self.status()

    async def obey(self, line: str) -> str:
        """Type a line at the sandbox's own prompt; what it answers."""
        return (await self.serving.obey(line)).text

    async def restart(self) -> None:
        """Press "Restart the bot"."""
        await self._order(self.tab.get_by_role("button", name="Restart the bot"))
        await self._opened()

    # ------------------------------------------------------------ the channel

    async def say(self, text: str) -> None:
        """Send an ordinary message."""
        await self.composer.fill(text)
        async with self._answered():
            await self.composer.press("Enter")

    async def slash(self, name: str, **options: object) -> str:
        """Run a slash command with the keyboard and the lists it opens; what is said last.

        An option's value is what a person would type or choose: the label of a choice, the
        beginning of a suggestion, a channel's or a role's name, or free text.
        """
        await self.composer.fill(f"/{name}")
        entries = self.channel_frame.locator(".command-entry")
        exact = self.channel_frame.get_by_text(f"/{name}", exact=True)
        await entries.filter(has=exact).first.click()
        for option, value in options.items():
            await self._fill_option(option.replace("_", "-"), option, str(value))
        async with self._answered():
            await self.channel_frame.locator("#send-message").click()
        return await self.last_text() if await self.messages.count() else ""

    async def press(self, label: str) -> None:
        """Press the latest button with a label."""
        name = self.channel_frame.get_by_text(label, exact=True)
        button = self.messages.locator(".component-button").filter(has=name).last
        async with self._answered():
            await button.click()

    async def choose(self, placeholder: str, labels: str | Sequence[str]) -> None:
        """Choose in the latest select with a placeholder, by the options' labels."""
        trigger = self.messages.get_by_role("combobox", name=placeholder, exact=True).last
        names = [labels] if isinstance(labels, str) else labels
        async with self._answered():
            await self._choose(trigger, names)
        popup = self.channel_frame.locator(".select-list:popover-open")
        if await popup.count():  # its list came anew under the click: a person would click again
            exact = self.channel_frame.get_by_text(names[-1], exact=True)
            async with self._answered():
                await popup.locator(".select-option").filter(has=exact).first.click()

    async def fill_form(self, values: Mapping[str, Any], *, submit: bool = True) -> None:
        """Fill in the open form by its fields' labels, and send it.

        A text for a text field, a label or several for a select, radio or checkbox group, True or
        False for a checkbox.
        """
        await self.form.wait_for()
        for label, value in values.items():
            await self._fill_field(label, value)
        if submit:
            async with self._answered():
                await self.form.get_by_role("button", name="Submit").click()

    async def settled(self) -> None:
        """Wait until the bot has answered and the channel is drawn."""
        frame = await self._frame()
        await frame.wait_for_function(IS_SETTLED, timeout=PATIENCE)

    # ----------------------------------------------------------------- inside

    @contextlib.asynccontextmanager
    async def _answered(self) -> AsyncIterator[None]:
        """Wait until what is done in here was asked of the bot, answered, and drawn.

        The page may ask a moment after the click; before that it looks as settled as afterwards.
        """
        async with self.tab.expect_response("**/api/action", timeout=PATIENCE):
            yield
        await self.settled()

    def _row(self, group: str, name: str) -> Locator:
        return self.tab.locator(f'{group} button[data-name="{name}"]')

    async def _order(self, button: Locator) -> None:
        async with self.tab.expect_response("**/sandbox/command", timeout=60_000):
            await button.click()

    async def _opened(self) -> None:
        """Wait until the frame shows what the sandbox shows."""
        view = f"-{self.serving.sandbox.view.number}"
        await self.tab.wait_for_function(
            "view => (document.getElementById('channel').dataset.ready || '').endsWith(view)",
            arg=view,
        )
        await self.settled()

    async def _frame(self) -> Any:
        element = await self.tab.locator("#channel").element_handle()
        frame = await element.content_frame()
        assert frame is not None
        return frame

    async def _fill_option(self, name: str, given: str, value: str) -> None:
        frame = self.channel_frame
        pills = frame.locator(
            f'.command-pill[data-option="{name}"], .command-pill[data-option="{given}"]'
        )
        if not await pills.count():
            await frame.locator(".command-ghost").click()
            offered = frame.locator(".command-suggestion-label")
            wanted = offered.get_by_text(name, exact=True).or_(
                offered.get_by_text(given, exact=True)
            )
            await wanted.first.click()
        field = pills.first.locator(".command-option-input")
        await field.fill(value)
        if await field.get_attribute("role") == "combobox":
            choices = frame.locator(".command-suggestion-label")
            same = choices.get_by_text(value, exact=True).or_(choices.filter(has_text=value))
            await same.first.click()

    async def _choose(self, trigger: Locator, labels: Sequence[str]) -> None:
        await trigger.click()
        popup = self.channel_frame.locator(
            ".select-list:popover-open, .select-list:not([hidden])"
        ).last
        for label in labels:
            options = popup.locator(".select-option")
            exact = self.channel_frame.get_by_text(label, exact=True)
            await options.filter(has=exact).first.click()
        apply = self.channel_frame.locator(".select-apply:visible")
        if await apply.count():
            await apply.click()

    async def _fill_field(self, label: str, value: Any) -> None:
        fields = self.form.locator(".modal-field")
        exact = self.channel_frame.locator(".control-label, .choice-label").filter(has_text=label)
        field = fields.filter(has=exact).first
        boxes = field.locator(".modal-choice input")
        if isinstance(value, bool):
            await boxes.first.set_checked(value, force=True)
        elif await field.locator(".select-trigger").count():
            labels = [value] if isinstance(value, str) else value
            await self._choose(field.locator(".select-trigger"), labels)
        elif await boxes.count():
            for name in [value] if isinstance(value, str) else value:
                await field.locator(".modal-choice").filter(has_text=name).first.click()
        else:
            await field.locator(".modal-input").fill(str(value))
