"""Countries by region, for people who choose instead of type.

The regions are those of the UN's M49 list, with the Caribbean apart from the rest of North
America. A country is where that list has it; a few stand in Europe as well, where people look
for them too.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.safety.emergency import Country, fold

REGIONS = {
    "africa": "Africa",
    "asia": "Asia and the Middle East",
    "europe": "Europe",
    "north-america": "North and Central America",
    "caribbean": "Caribbean",
    "south-america": "South America",
    "oceania": "Australia and Oceania",
    "elsewhere": "Elsewhere",
}
"""Names by key; the keys stand in custom ids."""

_COUNTRIES = {
    "africa": (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA "
        "MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"
    ),
    "asia": (
        "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM "
        "MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"
    ),
    "europe": (
        "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI "
        "LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK"
    ),
    "north-america": "BM BZ CA CR GL GT HN MX NI PA PM SV US",
    "caribbean": (
        "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI"
    ),
    "south-america": "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
    "oceania": ("AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV VU WF WS"),
}
REGION_OF = {iso2: region for region, codes in _COUNTRIES.items() for iso2 in codes.split()}
ALSO_IN_EUROPE = frozenset({"AM", "AZ", "CY", "GE", "TR"})

PAGE = 25
"""A select of Discord takes no more."""


def in_region(countries: Iterable[Country], region: str) -> list[Country]:
    """The countries of a region by the alphabet; none for a region that is not known."""
    found = [
        country
        for country in countries
        if REGION_OF.get(country.iso2, "elsewhere") == region
        or (region == "europe" and country.iso2 in ALSO_IN_EUROPE)
    ]
    return sorted(found, key=lambda country: fold(country.name))


def split(countries: Sequence[Country]) -> list[Sequence[Country]]:
    """As few parts as possible of much the same length, none above 25."""
    parts = -(-len(countries) // PAGE)
    cuts = [round(number * len(countries) / parts) for number in range(parts + 1)] if parts else []
    return [countries[start:end] for start, end in pairwise(cuts)]
