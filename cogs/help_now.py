"""``/help-now``: emergency numbers by country, and where to find a help line.

It lives apart from everything that can break: bundled files only, no database, no network, no
limit. It works in direct messages and as a user-installed app. Nothing is stored.
"""

from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.i18n import Texts
from bot.safety.emergency import FIND_A_HELPLINE, Country, load_numbers
from cogs.ui.cards import CARE, button, card, cut, line, link, row
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts
from cogs.ui.routes import custom_id

SERVICE_NAMES = {"police": "Police", "ambulance": "Ambulance", "fire": "Fire"}
CLOSEST = 5
TYPED_LENGTH = 60
LABEL_LENGTH = 80
CHOICE_LENGTH = 100


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
        await show(interaction, self._answer(country, texts(interaction)))

    @help_now.autocomplete("country")
    async def suggest_country(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Countries by English or native name or ISO code."""
        return [
            app_commands.Choice(name=cut(_label(country), CHOICE_LENGTH), value=country.iso2)
            for country in self._numbers.search(current)
        ]

    async def open(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """The same from a button on another card."""
        await show(interaction, self._answer(None, texts(interaction)))

    async def choose_country(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """Ask for the country in a form: a button cannot complete what is typed."""
        t = texts(interaction)
        form = ui.Modal(title=t("Your country"), custom_id=custom_id("help-now:find"))
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="country", max_length=TYPED_LENGTH, placeholder=t("for example: India")
        )
        hint = t("In English or in its own language")
        form.add_item(ui.Label(text=t("Country"), description=hint, component=field))
        form.stop()
        await interaction.response.send_modal(form)

    async def find_country(
        self, interaction: discord.Interaction[Any], values: dict[str, str], *_: str
    ) -> None:
        """Answer the form."""
        await show(interaction, self._answer(values.get("country"), texts(interaction)))

    async def show_country(self, interaction: discord.Interaction[Any], iso2: str = "") -> None:
        """Answer a button with a country's name."""
        await show(interaction, self._answer(iso2, texts(interaction)))

    def _answer(self, text: str | None, t: Texts) -> ui.LayoutView:
        """Only an exact name is answered with numbers; anything else is asked about."""
        if not text or not text.strip():
            return render_start(t)
        country = self._numbers.find(text)
        if country is not None:
            return render_country(country, t)
        return render_unknown(text.strip(), self._numbers.search(text, CLOSEST), t)


def render_start(t: Texts) -> ui.LayoutView:
    """The card before a country is chosen."""
    return card(
        "## " + t("You don't have to handle this alone"),
        t("**If you or someone else is in danger right now, call your local emergency number.**"),
        t(
            "Tell me your country and I show its emergency numbers. "
            "For someone to talk to, findahelpline.com lists help lines by country."
        ),
        _ways_on(t, "Choose a country", discord.ButtonStyle.primary),
        line(),
        _small_print(t),
        accent=CARE,
    )


def render_country(country: Country, t: Texts) -> ui.LayoutView:
    """The card of a country: numbers first."""
    name, day = country.name, country.checked_on
    return card(
        "## " + t("{country}: emergency numbers", country=name),
        t("**If someone is in danger right now, or hurt, call:**"),
        _numbers(country, t),
        line(),
        t(
            "**To talk to someone:** findahelpline.com lists help lines by country. "
            "I have no checked help line for {country} yet, so I show none here.",
            country=name,
        ),
        _ways_on(t, "Another country"),
        line(),
        "-# "
        + t(
            "Listed by {count} sources, latest comparison {day}. "
            "Nobody here has called these numbers.",
            count=len(country.sources),
            day=f"{day.day} {day:%B %Y}",
        ),
        _small_print(t),
        accent=CARE,
    )


def render_unknown(text: str, closest: list[Country], t: Texts) -> ui.LayoutView:
    """The card for a country that is not known, with the nearest names."""
    choices = [
        button(cut(country.name, LABEL_LENGTH), "help-now:show", country.iso2)
        for country in closest
    ]
    return card(
        "## " + t("I have no checked numbers for “{text}” yet", text=plain(cut(text, 40))),
        t("**If someone is in danger right now, call your local emergency number.**"),
        t("Did you mean one of these?") if choices else None,
        row(*choices),
        t("For someone to talk to, findahelpline.com lists help lines by country."),
        _ways_on(t, "Choose a country", discord.ButtonStyle.primary),
        line(),
        _small_print(t),
        accent=CARE,
    )


def _numbers(country: Country, t: Texts) -> str:
    lines = []
    if country.general:
        lines.append(f"# {_shown(country.general, t)}\n" + t("Emergency services"))
    for service, name in SERVICE_NAMES.items():
        number = getattr(country, service)
        if number and number != country.general:
            words = f"{t(name)}: {_shown(number, t)}"
            lines.append(f"**{words}**" if country.general else f"### {words}")
    if not country.general and not country.ambulance:
        lines.append(t("I have no checked ambulance number for {name} yet.", name=country.name))
    return "\n".join(lines)


def _shown(numbers: str, t: Texts) -> str:
    return f" {t('or')} ".join(numbers.split("/"))


def _ways_on(
    t: Texts, choose: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> ui.ActionRow[Any] | None:
    return row(
        button(t(choose), "help-now:country", style=style),
        link(t("Find a help line"), FIND_A_HELPLINE),
    )


def _small_print(t: Texts) -> str:
    return "-# " + t(
        "I am a bot, not a counsellor, and nobody watches this. "
        "Only you can see it; nothing is stored."
    )


def _label(country: Country) -> str:
    return " · ".join((country.name, *country.other_names[:3]))
