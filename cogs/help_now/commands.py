"""The command, the buttons that lead to it from other cards, the choice of a country, its form."""

from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.clock import Clock, to_datetime
from bot.i18n import Texts
from bot.safety.directory import load_directory
from cogs.help_now.cards import CountryCard, render_unknown
from cogs.help_now.choosing import (
    label,
    make_form,
    read_flag,
    render_countries,
    render_start,
)
from cogs.ui.cards import cut
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import selected

CLOSEST = 5
CHOICE_LENGTH = 100


class HelpNow(commands.Cog):
    """Answers privately and at once, whoever asks, as often as they like."""

    def __init__(self, client: Any, content_dir: Path, clock: Clock) -> None:  # noqa: ANN401 (the client above)
        self._directory = load_directory(content_dir)
        self._clock = clock
        client.routes.on_press("help-now:open", self.open)
        client.routes.on_press("help-now:country", self.open)
        client.routes.on_press("help-now:regions", self.choose_region)
        client.routes.on_press("help-now:region", self.choose_country)
        client.routes.on_press("help-now:pick", self.pick_country)
        client.routes.on_press("help-now:show", self.show_country)
        client.routes.on_press("help-now:all", self.show_all)
        client.routes.on_press("help-now:type", self.type_country)
        client.routes.on_form("help-now:find", self.find_country, make_form)

    @app_commands.command(
        name="help-now", description="Emergency numbers by country, and someone to talk to"
    )
    @app_commands.describe(country="Your country, in English or in its own language")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help_now(
        self, interaction: discord.Interaction[Any], country: str | None = None
    ) -> None:
        """Answer at once, privately."""
        await show(interaction, self._answer(country, texts(interaction)))

    @help_now.autocomplete("country")
    async def suggest_country(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Countries by English or native name or ISO code."""
        return [
            app_commands.Choice(name=cut(label(country), CHOICE_LENGTH), value=country.iso2)
            for country in self._directory.countries.search(read_flag(current))
        ]

    async def open(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """From a button on any card: the choice of a region, beside that card."""
        await show(interaction, self._answer(None, texts(interaction)))

    async def choose_region(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """Back from the countries to the regions."""
        await update(interaction, self._answer(None, texts(interaction)))

    async def choose_country(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """The countries of the region that was chosen."""
        region = "".join(selected(interaction)[:1])
        countries = self._directory.in_region(region)
        await update(interaction, render_countries(region, countries, texts(interaction)))

    async def pick_country(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """The country that was chosen."""
        iso2 = "".join(selected(interaction)[:1])
        await update(interaction, self._answer(iso2, texts(interaction)))

    async def show_country(self, interaction: discord.Interaction[Any], iso2: str = "") -> None:
        """Answer a button with a country's name."""
        await show(interaction, self._answer(iso2, texts(interaction)))

    async def show_all(self, interaction: discord.Interaction[Any], iso2: str = "") -> None:
        """Every service of a country, in the place of its first ones."""
        await update(interaction, self._answer(iso2, texts(interaction), shows_all=True))

    async def type_country(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """Ask for the country in a form: a button cannot complete what is typed."""
        await interaction.response.send_modal(make_form(interaction, {}))

    async def find_country(
        self, interaction: discord.Interaction[Any], values: dict[str, str], *_: str
    ) -> None:
        """Answer the form."""
        await show(interaction, self._answer(values.get("country"), texts(interaction)))

    def _answer(self, text: str | None, t: Texts, *, shows_all: bool = False) -> ui.LayoutView:
        """Only an exact name is answered with numbers; anything else is asked about."""
        countries = self._directory.countries
        if not text or not text.strip():
            return render_start(self._directory.regions(), t)
        country = countries.find(read_flag(text))
        if country is None:
            closest = countries.search(text, CLOSEST)
            return render_unknown(text.strip(), closest, self._directory.regions(), t)
        today = to_datetime(self._clock.now()).date()
        return CountryCard(country, self._directory.lines, today, t).render(shows_all=shows_all)
