"""The form of a reminder, and what is read out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ui

from bot.reminders.rules import Days, Wish
from cogs.reminders.cards import day_names
from cogs.ui.fields import SHORT_LENGTH, add_select, add_text
from cogs.ui.routes import custom_id
from cogs.ui.times import parse_time, show_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.i18n import Texts

Values = dict[str, Any]

ZONE_LENGTH = 60
YEARLY, ONCE = "yearly", "once"
AT_FIRST = {"days": [Days.DAY.value], "time": "09:00"}
"""What the form begins with. How often is for the person to say."""


def values_of(wish: Wish) -> Values:
    """What the form begins with when a reminder is changed."""
    return {
        "days": [wish.days.value],
        "time": show_time(wish.minute_of_day),
        "zone": wish.zone,
        "often": [YEARLY if wish.is_yearly else ONCE],
    }


def make_form(campaign_id: str, values: Mapping[str, Any], t: Texts) -> ui.Modal:
    """Which days, at which time, in which zone, how often."""
    form = ui.Modal(title=t("Remind me"), custom_id=custom_id("reminder:set", campaign_id))
    days = [(day.value, name) for day, name in day_names(t).items()]
    often = [(YEARLY, t("every year until I stop it")), (ONCE, t("once, the next time"))]
    add_select(form, t("When"), "days", days, values.get("days") or (), 1)
    add_text(
        form, t("Time there (like 9:00 or 6:30 pm)"), "time", values.get("time") or "", SHORT_LENGTH
    )
    label = t("Your time zone: a city or a country")
    add_text(form, label, "zone", values.get("zone") or "", ZONE_LENGTH)
    add_select(form, t("How often"), "often", often, values.get("often") or (), 1)
    form.stop()
    return form


def read_wish(
    campaign_id: str, values: Mapping[str, Any], zone: str, locale: str, t: Texts
) -> Wish:
    """What was asked for. Raises :class:`RefusalError` for a time that can't be read.

    ``locale`` is that of the person's Discord, whether or not there is a catalogue for it yet.
    """
    (days,), (often,) = values["days"], values["often"]
    return Wish(
        campaign_id=campaign_id,
        days=Days(days),
        minute_of_day=parse_time(values.get("time") or "", t),
        zone=zone,
        is_yearly=often == YEARLY,
        language=locale,
    )
