"""A command that was held back: how it runs after all, and the form that changes its texts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from cogs.ui.replies import texts
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from bot.i18n import Texts

Step = Callable[[discord.Interaction[Any]], Awaitable[None]]

FIELD_LENGTH = 4000
MOST_FIELDS = 5
"""Discord's limits for a form; an option of a command may have 6000 characters."""


@dataclass(frozen=True, slots=True)
class HeldCommand:
    """A command with the options that were given."""

    command: app_commands.Command[Any, ..., Any]
    namespace: app_commands.Namespace

    @property
    def typed(self) -> dict[str, str]:
        """What was written into the options in which people can write what they like."""
        options = self._options
        return {
            name: value
            for name, value in self.namespace
            if name in options and isinstance(value, str)
        }

    @property
    def _options(self) -> dict[str, app_commands.Parameter]:
        return {
            option.display_name: option
            for option in self.command.parameters
            if option.type is discord.AppCommandOptionType.string and not option.choices
        }

    async def run(self, interaction: discord.Interaction[Any]) -> None:
        """Run it for another interaction; its checks are made again."""
        # discord.py has no public way to run a command again with options that are known.
        await self.command._invoke_with_namespace(interaction, self.namespace)  # noqa: SLF001

    def change(self, values: Mapping[str, Any]) -> None:
        """Put changed texts in the place of the first; what stood in no form stays."""
        for name in self.typed:
            if values.get(name):
                setattr(self.namespace, name, values[name])

    def editing(self, token: str) -> Step:
        """What opens the form."""

        async def open_form(interaction: discord.Interaction[Any]) -> None:
            form = self.form(self.typed, token, texts(interaction))
            await interaction.response.send_modal(form)

        return open_form

    def form(self, typed: Mapping[str, str], token: str, t: Texts) -> ui.Modal:
        """The texts, each with the lengths that its option has."""
        title = t("Change what you wrote")
        form = ui.Modal(title=title, custom_id=custom_id("safety:again", token))
        for name in list(self.typed)[:MOST_FIELDS]:
            option = self._options[name]
            most = min(int(option.max_value or FIELD_LENGTH), FIELD_LENGTH)
            field: ui.TextInput[Any] = ui.TextInput(
                custom_id=name,
                default=typed[name][:most],
                min_length=None if option.min_value is None else int(option.min_value),
                max_length=most,
                style=discord.TextStyle.paragraph,
            )
            form.add_item(ui.Label(text=name.replace("_", " ").capitalize(), component=field))
        form.stop()
        return form


async def rest(interaction: discord.Interaction[Any]) -> None:
    """Answer as a command does that rests in help-only mode."""
    data: Any = interaction.data
    raise app_commands.CommandNotFound(str(data.get("custom_id")), [])


def texts_in(data: Any) -> list[str]:  # noqa: ANN401 (Discord's own payload)
    """The texts among the options of a command that is not known here."""
    found: list[str] = []
    for option in data.get("options", ()):
        found += texts_in(option)
        if isinstance(option.get("value"), str):
            found.append(option["value"])
    return found
