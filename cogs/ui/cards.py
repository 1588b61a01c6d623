"""The look of Breather: text first, calm colours, buttons with words."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import ui

from cogs.ui.routes import custom_id

CALM = 0x5B9A8B
"""The accent of everything ordinary: a quiet green."""
CARE = 0xC7754A
"""The accent of help: warm, not alarming."""
WARN = 0xB08A3C
"""The accent of a refusal."""

ROW = 5
SELECT_OPTIONS = 25
TEXT_LENGTH = 4000

Part = str | ui.Item[Any] | None
"""A paragraph of Markdown, a widget, or nothing."""


def card(*parts: Part, accent: int = CALM) -> ui.LayoutView:
    """A view with one container. Rows of buttons are made with :func:`row`."""
    view = ui.LayoutView(timeout=None)
    items = [ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part]
    view.add_item(ui.Container(*items, accent_colour=accent))
    # Presses go by their custom ids: discord.py must not remember each message's view.
    view.stop()
    return view


def row(*buttons: ui.Item[Any] | None) -> ui.ActionRow[Any] | None:
    """One row of at most five buttons, or one select; None when every button is None."""
    present = [button for button in buttons if button is not None]
    return ui.ActionRow(*present) if present else None


def button(
    label: str,
    route: str,
    *arguments: object,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
    emoji: str | None = None,
) -> ui.Button[Any]:
    """A button that leads to a route."""
    return ui.Button(
        label=label,
        custom_id=custom_id(route, *arguments),
        style=style,
        disabled=disabled,
        emoji=emoji,
    )


def link(label: str, url: str) -> ui.Button[Any]:
    """A button that opens an address."""
    return ui.Button(label=label, url=url)


def select(  # noqa: PLR0913 (Discord's own options)
    placeholder: str,
    route: str,
    *arguments: object,
    options: Iterable[tuple[str, str]],
    chosen: Sequence[str] = (),
    most: int = 1,
    least: int = 1,
) -> ui.Select[Any]:
    """A select over ``(value, label)`` pairs that leads to a route; 25 pairs at most."""
    pairs = list(options)[:SELECT_OPTIONS]
    return ui.Select(
        placeholder=placeholder,
        custom_id=custom_id(route, *arguments),
        min_values=least,
        max_values=min(most, len(pairs)),
        options=[
            discord.SelectOption(label=label[:100], value=value, default=value in chosen)
            for value, label in pairs
        ],
    )


def line() -> ui.Separator[Any]:
    """A thin line between parts."""
    return ui.Separator()


def refusal(text: str, *rows: ui.ActionRow[Any] | None) -> ui.LayoutView:
    """A kind no: what, why and what next, in one text."""
    return card(text, *rows, accent=WARN)


def cut(text: str, length: int) -> str:
    """The text, shortened with an ellipsis when it is too long."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
