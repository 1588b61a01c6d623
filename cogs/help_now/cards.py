"""The card of a country: its emergency number first, then people to talk to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from discord import ui

from bot.i18n import Texts
from bot.safety.emergency import FIND_A_HELPLINE, Country
from bot.safety.helplines import HelpLines, Place
from cogs.help_now.choosing import region_choice, ways_on
from cogs.help_now.lines import describe
from cogs.help_now.words import day_words, small_print
from cogs.ui.cards import CARE, TEXT_LENGTH, button, card, cut, line, link, row
from cogs.ui.plain import plain

SERVICE_NAMES = {"police": "Police", "ambulance": "Ambulance", "fire": "Fire"}
MOST_AT_FIRST = 3
"""Places on the first card: more overwhelms (Samaritans)."""
MOST_ON_A_CARD = 20
"""Each is a component, and a message has 40."""
ROOM_FOR_THE_REST = 1400
LABEL_LENGTH = 80


@dataclass(frozen=True, slots=True)
class CountryCard:
    """One country, as it is known on a day."""

    country: Country
    lines: HelpLines
    today: date
    t: Texts

    def render(self, *, shows_all: bool = False) -> ui.LayoutView:
        """At most three places first, or all that fit on one card."""
        t, name, iso2 = self.t, self.country.name, self.country.iso2
        places = self.lines.places(iso2)
        shown = places if shows_all else self.lines.first_places(iso2, MOST_AT_FIRST)
        blocks = _fitting([self._place(place) for place in shown])
        hidden = len(places) - len(blocks)
        return card(
            "## " + t("{country}: help now", country=name),
            *_emergency(self.country, t),
            line(),
            t("**Someone to talk to, {country}:**", country=name) if blocks else _no_line(name, t),
            *blocks,
            t("There are more: findahelpline.com lists them.") if shows_all and hidden else None,
            t(
                "I have no checked service for adults in {country} yet. findahelpline.com lists "
                "help lines by country.",
                country=name,
            )
            if blocks and not self._has_line_for_adults
            else None,
            row(
                button(t("All services"), "help-now:all", iso2)
                if hidden and not shows_all
                else None,
                button(t("Another country"), "help-now:country"),
                link(t("Find a help line"), FIND_A_HELPLINE),
            ),
            line(),
            "\n".join((*self._how_sure(has_lines=bool(blocks)), small_print(t))),
            accent=CARE,
        )

    @property
    def _has_line_for_adults(self) -> bool:
        lines = self.lines.by_iso2.get(self.country.iso2, ())
        return any(not one.is_for_children for one in lines)

    def _place(self, place: Place) -> str:
        return "\n".join(text for one in place for text in describe(one, self.today, self.t))

    def _how_sure(self, *, has_lines: bool) -> Iterator[str]:
        t, country = self.t, self.country
        if country.sources:
            yield "-# " + t(
                "Emergency numbers: listed by {count} sources, latest comparison {day}.",
                count=len(country.sources),
                day=day_words(country.checked_on, t),
            )
        if country.sources or has_lines:
            yield "-# " + t("Nobody here has called these numbers. Hours are local time.")
            yield "-# " + t(
                "Country: {country}. From anywhere else, they may reach someone else.",
                country=country.name,
            )


def render_unknown(
    text: str, closest: Sequence[Country], regions: Mapping[str, str], t: Texts
) -> ui.LayoutView:
    """The card for what is no country that is known: the nearest names, and the regions."""
    choices = [
        button(cut(country.name, LABEL_LENGTH), "help-now:show", country.iso2)
        for country in closest
    ]
    return card(
        "## "
        + t("I don't know a country called “{text}”. Choose yours:", text=plain(cut(text, 40))),
        t("**If someone is in danger right now, call your local emergency number.**"),
        _did_you_mean(closest, t),
        row(*choices),
        *region_choice(regions, t),
        t("findahelpline.com lists help lines by country."),
        ways_on(t),
        line(),
        small_print(t),
        accent=CARE,
    )


def _did_you_mean(closest: Sequence[Country], t: Texts) -> str | None:
    if len(closest) == 1:
        return t("Did you mean {country}?", country=closest[0].name)
    return t("Did you mean one of these?") if closest else None


def _emergency(country: Country, t: Texts) -> Iterator[str]:
    numbers = _numbers(country, t)
    if numbers:
        yield t("**If someone is in danger right now, or hurt, call:**")
        yield numbers
    else:
        yield t("**If someone is in danger right now, call your local emergency number.**")
        yield t("I have no checked emergency number for {country} yet.", country=country.name)


def _numbers(country: Country, t: Texts) -> str:
    lines = []
    if country.general:
        lines.append(f"# {_shown(country.general, t)}\n" + t("Emergency services"))
    for service, name in SERVICE_NAMES.items():
        number = getattr(country, service)
        if number and number != country.general:
            words = f"{t(name)}: {_shown(number, t)}"
            lines.append(f"**{words}**" if country.general else f"### {words}")
    if lines and not country.general and not country.ambulance:
        lines.append(t("I have no checked ambulance number for {name} yet.", name=country.name))
    return "\n".join(lines)


def _shown(numbers: str, t: Texts) -> str:
    return f" {t('or')} ".join(numbers.split("/"))


def _no_line(name: str, t: Texts) -> str:
    return t(
        "**To talk to someone:** I have no checked service for {country} yet. "
        "findahelpline.com lists help lines by country.",
        country=name,
    )


def _fitting(blocks: Sequence[str]) -> list[str]:
    """The first blocks that a message has room for; never none of them."""
    room = TEXT_LENGTH - ROOM_FOR_THE_REST
    kept = [cut(block, room) for block in blocks[:1]]
    for block in blocks[1:MOST_ON_A_CARD]:
        if sum(map(len, kept)) + len(block) > room:
            break
        kept.append(block)
    return kept
