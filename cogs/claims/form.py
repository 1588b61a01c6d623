"""The form of a claim: it asks only what the program needs, and says what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.claims.rules import Answers
from bot.words import clean_line
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from bot.content.programs import Program
    from bot.i18n import Texts
    from bot.safety.emergency import EmergencyNumbers

HANDLE_LENGTH = 60
COUNTRY_LENGTH = 60
NOTE_LENGTH = 300


def make_form(
    program: Program, values: dict[str, Any], t: Texts, *, needs_handle: bool = False
) -> ui.Modal:
    """The form, empty or with what was typed."""
    form = ui.Modal(
        title=t("Claim: {partner}", partner=program.partner)[:45],
        custom_id=custom_id("claim:send", program.id),
    )
    if program.eligibility.handle or needs_handle:
        handle: ui.TextInput[Any] = ui.TextInput(
            custom_id="handle", default=values.get("handle"), max_length=HANDLE_LENGTH
        )
        form.add_item(
            ui.Label(
                text=t("Your creator's handle"),
                description=t("Moderators read it. Kept until you erase it."),
                component=handle,
            )
        )
    if program.countries:
        country: ui.TextInput[Any] = ui.TextInput(
            custom_id="country", default=values.get("country"), max_length=COUNTRY_LENGTH
        )
        form.add_item(ui.Label(text=t("Your country"), component=country))
    if program.eligibility.of_age:
        form.add_item(_choice(t("Are you of age where you live?"), "of_age", values, t))
    consent = _choice(
        t("May I keep this for your claim?"),
        "consent",
        values,
        t,
        t("Your id, these answers, the code (encrypted), until you erase them. See the card."),
    )
    form.add_item(consent)
    news = _choice(
        t("News by direct message?"),
        "wants_dm",
        values,
        t,
        t("When it is your turn, and before it ends. Never with the code. It can be changed."),
    )
    form.add_item(news)
    form.stop()
    return form


def read_form(values: dict[str, Any], countries: EmergencyNumbers) -> Answers:
    """What was declared. A country that is not known stays empty, and so doesn't pass."""
    typed = clean_line(values.get("country") or "", COUNTRY_LENGTH)
    country = countries.find(typed) if typed else None
    return Answers(
        handle=clean_line(values.get("handle") or "", HANDLE_LENGTH),
        country="" if country is None else country.iso2,
        is_of_age=_is_yes(values.get("of_age")),
        has_consented=_is_yes(values.get("consent")),
    )


def wants_dm(values: dict[str, Any]) -> bool:
    """Whether news may come as a direct message; not unless somebody said so."""
    return _is_yes(values.get("wants_dm"))


def make_answer_form(program_id: str, values: dict[str, Any], t: Texts) -> ui.Modal:
    """The form for what a moderator asked."""
    form = ui.Modal(
        title=t("Answer the moderators"), custom_id=custom_id("claim:reply", program_id)
    )
    note: ui.TextInput[Any] = ui.TextInput(
        custom_id="note",
        default=values.get("note"),
        max_length=NOTE_LENGTH,
        style=discord.TextStyle.paragraph,
    )
    hint = t("The moderators read it. Kept with your claim until you erase it.")
    form.add_item(ui.Label(text=t("Your answer"), description=hint, component=note))
    form.stop()
    return form


def _is_yes(value: object) -> bool:
    return isinstance(value, list) and value == ["yes"]


def _choice(
    text: str, name: str, values: dict[str, Any], t: Texts, hint: str | None = None
) -> ui.Label[ui.Modal]:
    chosen = values.get(name) or []
    select: ui.Select[Any] = ui.Select(
        custom_id=name,
        options=[
            discord.SelectOption(label=t("Yes"), value="yes", default="yes" in chosen),
            discord.SelectOption(label=t("No"), value="no", default="no" in chosen),
        ],
        required=name != "wants_dm",
    )
    return ui.Label(text=text[:45], description=hint, component=select)
