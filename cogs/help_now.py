"""``/help-now``: emergency numbers by country, and where to find a helpline.

It lives apart from everything that can break: bundled files only, no database, no network, no
limit. It works in direct messages and as a user-installed app. Nothing is stored.
"""

from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.i18n import Texts
from bot.safety.emergency import FIND_A_HELPLINE, Country, EmergencyNumbers, load_numbers
from cogs.ui.cards import CARE, button, card, cut, escape, line, link, row
from cogs.ui.replies import show, texts
from cogs.ui.routes import custom_id

SERVICE_NAMES = {"police": "Police", "ambulance": "Ambulance", "fire": "Fire"}
CLOSEST = 5


class HelpNow(commands.Cog):
    """The command, the buttons that lead to it from other cards, and its form."""

    def __init__(self, client: Any, content_dir: Path) -> None:  # noqa: ANN401 (the client above)
        self._numbers = load_numbers(content_dir)
        client.routes.on_press("help-now:open", self.open)
        client.routes.on_press("help-now:country", self.choose_country)
        client.routes.on_press("help-now:show", self.show_country)
        client.routes.on_form("help-now:find", self.find_country)

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
        t = texts(interaction)
        await show(interaction, self._answer(country, t))

    @help_now.autocomplete("country")
    async def suggest_country(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Countries by English or native name or ISO code."""
        return [
            app_commands.Choice(name=cut(_label(country), 100), value=country.iso2)
            for country in self._numbers.search(current)
        ]

    async def open(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """The same from a button on another card."""
        await show(interaction, self._answer(None, texts(interaction)))

    async def choose_country(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """Ask for the country in a form: a button cannot complete what is typed."""
        t = texts(interaction)
        form = ui.Modal(title=t("Your country"), custom_id=custom_id("help-now:find"))
        field: ui.TextInput[Any] = ui.TextInput(custom_id="country", max_length=60, placeholder="India")
        form.add_item(ui.Label(text=t("Country"), component=field))
        form.stop()
        await interaction.response.send_modal(form)

    async def find_country(
        self, interaction: discord.Interaction[Any], values: dict[str, str], *_: str
    ) -> None:
        """Answer the form."""
        await show(interaction, self._answer(values.get("country"), texts(interaction)))

    async def show_country(self, interaction: discord.Interaction[Any], iso2: str) -> None:
        """Answer a button with a country's name."""
        await show(interaction, self._answer(iso2, texts(interaction)))

    def _answer(self, text: str | None, t: Texts) -> ui.LayoutView:
        if not text or not text.strip():
            return render_start(t)
        country = self._numbers.find(text)
        if country is not None:
            return render_country(country, t)
        closest = self._numbers.search(text, CLOSEST)
        if len(closest) == 1:
            return render_country(closest[0], t)
        return render_unknown(text, closest, t)


def render_start(t: Texts) -> ui.LayoutView:
    """The card before a country is chosen."""
    return card(
        "## " + t("You don't have to handle this alone"),
        t("**If you or someone else is in danger right now, call your local emergency number.**"),
        t(
            "Tell me your country and I show its emergency numbers. "
            "For someone to talk to, findahelpline.com lists help lines by country."
        ),
        row(
            button(t("Choose a country"), "help-now:country", style=discord.ButtonStyle.primary),
            link(t("Find a help line"), FIND_A_HELPLINE),
        ),
        line(),
        _small_print(t),
        accent=CARE,
    )


def render_country(country: Country, t: Texts) -> ui.LayoutView:
    """The card of a country: numbers first."""
    return card(
        "## " + t("Emergency numbers in {country}", country=country.name),
        _numbers(country, t),
        t("Call if someone is in danger right now, or hurt."),
        line(),
        t(
            "**To talk to someone in {country}:** findahelpline.com lists help lines by country. "
            "I have no help line of {country} that I checked yet.",
            country=country.name,
        ),
        row(
            link(t("Find a help line"), FIND_A_HELPLINE),
            button(t("Another country"), "help-now:country"),
        ),
        line(),
        "-# "
        + t(
            "Listed by {count} sources, last compared on {day}. Nobody here has called these numbers.",
            count=len(country.sources),
            day=f"{country.checked_on:%-d %B %Y}",
        ),
        _small_print(t),
        accent=CARE,
    )


def render_unknown(text: str, closest: list[Country], t: Texts) -> ui.LayoutView:
    """The card for a country that is not known, with the nearest names."""
    choices = [button(cut(country.name, 80), "help-now:show", country.iso2) for country in closest]
    return card(
        "## " + t("I have no checked numbers for “{text}” yet", text=escape(cut(text, 60))),
        t("**If someone is in danger right now, call your local emergency number.**"),
        t("Did you mean one of these?") if choices else None,
        row(*choices),
        row(
            button(t("Choose a country"), "help-now:country", style=discord.ButtonStyle.primary),
            link(t("Find a help line"), FIND_A_HELPLINE),
        ),
        line(),
        _small_print(t),
        accent=CARE,
    )


def _numbers(country: Country, t: Texts) -> str:
    lines = []
    if country.general:
        lines.append(f"# {_shown(country.general, t)}\n" + t("Emergency services"))
    lines += [
        f"{'**' if country.general else '### '}{t(name)}{':**' if country.general else ':'} "
        f"{_shown(getattr(country, service), t)}"
        for service, name in SERVICE_NAMES.items()
        if getattr(country, service) and getattr(country, service) != country.general
    ]
    return "\n".join(lines)


def _shown(numbers: str, t: Texts) -> str:
    return f" {t('or')} ".join(numbers.split("/"))


def _small_print(t: Texts) -> str:
    return "-# " + t(
        "I am a bot, not a counsellor, and nobody watches this. Only you can see it; nothing is stored."
    )


def _label(country: Country) -> str:
    return " · ".join((country.name, *country.other_names[:3]))
