"""Choosing a country: region first, then country, or a form. Nothing is guessed."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.i18n import Texts
from bot.safety.emergency import FIND_A_HELPLINE, Country
from bot.safety.regions import REGIONS, split
from cogs.help_now.words import small_print
from cogs.ui.cards import CARE, Part, button, card, line, link, row, select
from cogs.ui.replies import texts
from cogs.ui.routes import custom_id

TYPED_LENGTH = 60
OTHER_NAMES = 3
FIRST_OF_FLAG, LETTERS_OF_FLAG, LETTERS = 0x1F1E6, 2, 26
"""A flag is written as two of the regional indicators A to Z."""


def render_start(regions: Mapping[str, str], t: Texts) -> ui.LayoutView:
    """The card before a country is chosen: the regions, and the form."""
    return card(
        "## " + t("You don't have to handle this alone"),
        t("**If you or someone else is in danger right now, call your local emergency number.**"),
        t(
            "Tell me where you are, and I show the emergency number and people you can talk to. "
            "findahelpline.com lists help lines by country, too."
        ),
        *region_choice(regions, t),
        ways_on(t),
        line(),
        small_print(t),
        accent=CARE,
    )


def render_countries(region: str, countries: Sequence[Country], t: Texts) -> ui.LayoutView:
    """The countries of a region, by the alphabet, in as many selects as they need."""
    parts = split(countries)
    selects = [
        select(
            t("{first} to {last}", first=part[0].name, last=part[-1].name),
            "help-now:pick",
            number,
            options=[(country.iso2, label(country)) for country in part],
        )
        for number, part in enumerate(parts)
    ]
    return card(
        "## " + t(REGIONS.get(region, "Choose a country")),
        t("**If you or someone else is in danger right now, call your local emergency number.**"),
        t("Choose your country. If it is not here, type its name.")
        if len(selects) < 2  # noqa: PLR2004 (one list, or several)
        else t("Choose your country; the lists go by the alphabet. If it is not here, type it."),
        *(row(one) for one in selects),
        row(button(t("Another region"), "help-now:regions"), type_button(t)),
        line(),
        small_print(t),
        accent=CARE,
    )


def make_form(
    interaction: discord.Interaction[Any], values: Mapping[str, str], *_: str
) -> ui.Modal:
    """The form for a country's name, with what was typed before."""
    t = texts(interaction)
    form = ui.Modal(title=t("Your country"), custom_id=custom_id("help-now:find"))
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="country",
        default=values.get("country"),
        max_length=TYPED_LENGTH,
        placeholder=t("for example: India"),
    )
    hint = t("In English or in its own language")
    form.add_item(ui.Label(text=t("Country"), description=hint, component=field))
    form.stop()
    return form


def ways_on(t: Texts) -> ui.ActionRow[Any] | None:
    """The form, and a site that knows more countries."""
    return row(type_button(t), link(t("Find a help line"), FIND_A_HELPLINE))


def type_button(t: Texts) -> ui.Button[Any]:
    """The way to the form."""
    return button(t("Type a country"), "help-now:type")


def label(country: Country) -> str:
    """A country with its other names."""
    return " · ".join((country.name, *country.other_names[:OTHER_NAMES]))


def read_flag(text: str) -> str:
    """The ISO code of a text that is one flag; any other text as it is."""
    letters = [ord(char) - FIRST_OF_FLAG for char in text.strip()]
    if len(letters) != LETTERS_OF_FLAG or not all(0 <= letter < LETTERS for letter in letters):
        return text
    return "".join(chr(ord("A") + letter) for letter in letters)


def region_choice(regions: Mapping[str, str], t: Texts) -> tuple[Part, ...]:
    """The select of the regions, if there are any."""
    if not regions:
        return ()
    options = [(key, t(name)) for key, name in regions.items()]
    return (row(select(t("Where are you?"), "help-now:region", options=options)),)
