"""Presses and forms find their handler by custom id, so they outlive a restart.

A custom id reads ``feature:action:argument:...``. One ``DynamicItem`` answers for every
button and select, and one listener for every form; both end in the same guarded call.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, Self

import discord

from bot.errors import RefusalError
from cogs.ui.replies import texts

Handler = Callable[..., Awaitable[None]]
FormMaker = Callable[..., discord.ui.Modal]
Guard = Callable[[discord.Interaction[Any], Awaitable[None]], Awaitable[None]]

Step = Callable[[discord.Interaction[Any]], Awaitable[None]]


class Net(Protocol):
    """Looks at every text before its handler does; see ``cogs.safety``."""

    async def catches(
        self, interaction: discord.Interaction[Any], typed: Sequence[str], send: Step, edit: Step
    ) -> bool:
        """Whether help was shown instead of going on."""
        ...


ROUTE = r"(?P<route>[a-z-]+:[a-z-]+)(?::(?P<arguments>.*))?"
CUSTOM_ID_LENGTH = 100


def custom_id(route: str, *arguments: object) -> str:
    """The custom id of a route with its arguments. Raises ``ValueError`` above 100 characters."""
    text = ":".join([route, *map(str, arguments)])
    if len(text) > CUSTOM_ID_LENGTH:
        message = f"the custom id {text!r} is longer than {CUSTOM_ID_LENGTH} characters"
        raise ValueError(message)
    return text


class Routes:
    """The handlers by route. Presses get the interaction and the arguments, forms also values.

    Whatever was typed into a form passes the safety net first, so that no form can forget it.
    """

    def __init__(self, guard: Guard, net: Net) -> None:
        self._guard = guard
        self._net = net
        self._presses: dict[str, Handler] = {}
        self._forms: dict[str, Handler] = {}
        self._makers: dict[str, FormMaker] = {}

    def on_press(self, route: str, handler: Handler) -> None:
        """Let a handler answer for a button or select: ``handler(interaction, *arguments)``."""
        _add(self._presses, route, handler)

    def on_form(self, route: str, handler: Handler, make: FormMaker) -> None:
        """Let a handler answer for a form: ``handler(interaction, values, *arguments)``.

        ``make(interaction, values, *arguments)`` makes the form again with what was typed.
        """
        _add(self._forms, route, handler)
        self._makers[route] = make

    async def press(
        self, interaction: discord.Interaction[Any], route: str, rest: str | None
    ) -> None:
        """Answer a press."""
        handler: Handler = self._presses.get(route) or _say_unknown
        await self._guard(interaction, handler(interaction, *_arguments(rest)))

    async def submit(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form that was sent; forms without a route are discord.py's own affair."""
        data: Any = interaction.data or {}
        match = re.fullmatch(ROUTE, data.get("custom_id", ""))
        if match is None:
            return
        handler: Handler = self._forms.get(match["route"]) or _say_unknown
        values = form_values(data.get("components", ()))
        arguments = _arguments(match["arguments"])

        async def send(to: discord.Interaction[Any]) -> None:
            await handler(to, values, *arguments)

        async def edit(to: discord.Interaction[Any]) -> None:
            make = self._makers.get(match["route"])
            if make is None:
                await _say_unknown(to)
            else:
                await to.response.send_modal(make(to, values, *arguments))

        await self._guard(interaction, self._screened(interaction, values, send, edit))

    async def _screened(
        self,
        interaction: discord.Interaction[Any],
        values: Mapping[str, Any],
        send: Step,
        edit: Step,
    ) -> None:
        typed = [value for value in values.values() if isinstance(value, str)]
        if not await self._net.catches(interaction, typed, send, edit):
            await send(interaction)


class RoutedItem(discord.ui.DynamicItem[discord.ui.Item[Any]], template=ROUTE):
    """The one dynamic item: whatever was pressed, its route knows the handler."""

    def __init__(self, item: discord.ui.Item[Any], route: str, arguments: str | None) -> None:
        super().__init__(item)
        self._route = route
        self._arguments = arguments

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Made by discord.py from the custom id alone."""
        return cls(item, match["route"], match["arguments"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to its route."""
        routes: Routes = interaction.client.routes
        await routes.press(interaction, self._route, self._arguments)


def form_values(components: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of a sent form by custom id: a text, or a list of texts for a select."""
    values: dict[str, Any] = {}
    for outer in components:
        inner = outer.get("components") or [outer.get("component") or {}]
        for part in inner:
            if "custom_id" in part:
                values[part["custom_id"]] = part.get("values", part.get("value"))
    return values


def selected(interaction: discord.Interaction[Any]) -> list[str]:
    """What was chosen in the select that was used."""
    data: Any = interaction.data or {}
    return list(data.get("values", ()))


async def _say_unknown(interaction: discord.Interaction[Any], *_: object) -> None:
    """A part of the bot that rests in help-only mode, or a button of another version."""
    t = texts(interaction)
    message = t(
        "I can't answer this right now, so nothing was changed. Please try again in a few "
        "minutes, or run its command again. /help-now works all the same."
    )
    raise RefusalError(message)


def _arguments(rest: str | None) -> list[str]:
    return rest.split(":") if rest else []


def _add(handlers: dict[str, Handler], route: str, handler: Handler) -> None:
    if route in handlers:
        message = f"the route {route!r} has a handler already"
        raise ValueError(message)
    handlers[route] = handler
