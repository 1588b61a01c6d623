"""``/help-now``: emergency numbers and help lines by country, guessed for nobody."""

from typing import Any

import pytest

from bot.clock import DAY
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import answer, choose, labels, parts, press, words

HEADING = "## {country}: help now"


async def help_now(community: Community, country: str | None = None) -> Any:
    """``/help-now`` as a member runs it."""
    options = {} if country is None else {"country": country}
    return await community.member.slash(community.general, "help-now", **options)


async def suggestions(community: Community, typed: str) -> list[str]:
    """The ISO codes that autocomplete offers, best first."""
    choices = await community.member.autocomplete(community.general, "help-now", "country", typed)
    return [choice["value"] for choice in choices]


def body(result: Any) -> list[str]:
    """The texts of a card, one after the other."""
    return [part["content"] for part in parts(answer(result).components) if "content" in part]


def custom_ids(result: Any) -> list[str]:
    """Where the controls of a card lead."""
    return [part["custom_id"] for part in parts(answer(result).components) if "custom_id" in part]


def has_number(result: Any) -> bool:
    """Whether the card has a digit in it outside its small print."""
    lines = [line for line in words(result).splitlines() if not line.startswith("-#")]
    return any(char.isdigit() for char in "".join(lines))


async def test_without_a_country_there_is_no_number_and_a_way_to_choose(
    community: Community,
) -> None:
    shown = await help_now(community)

    assert shown.ephemeral
    assert not has_number(shown)
    assert labels(shown) == ["Type a country", "Find a help line"]
    assert "help-now:region" in custom_ids(shown)


async def test_what_to_do_in_danger_stands_before_everything_else(community: Community) -> None:
    for shown in (await help_now(community), await help_now(community, "Xyzzy")):
        assert "call your local emergency number" in body(shown)[1]


@pytest.mark.parametrize(
    ("typed", "iso2"),
    [
        ("Germ", "DE"),
        ("deutschland", "DE"),
        ("DE", "DE"),
        ("日本", "JP"),
        ("jp", "JP"),
        ("méxico", "MX"),
        ("mexico", "MX"),
        ("भारत", "IN"),
        ("in", "IN"),
        ("uk", "GB"),
        ("Éire", "IE"),
        ("Turkey", "TR"),
        ("germny", "DE"),
        ("🇩🇪", "DE"),
    ],
)
async def test_autocomplete_knows_english_and_native_names_and_codes(
    community: Community, typed: str, iso2: str
) -> None:
    assert (await suggestions(community, typed))[0] == iso2


async def test_autocomplete_begins_with_the_alphabet_not_with_a_guess(
    community: Community,
) -> None:
    offered = await suggestions(community, "")

    assert len(offered) == 25
    assert offered[0] == "AF"
    assert "US" not in offered


async def test_autocomplete_has_nothing_for_nonsense(community: Community) -> None:
    assert await suggestions(community, "!!!") == []
    assert await suggestions(community, "qqqqqq") == []


async def test_the_numbers_come_first_under_their_country(community: Community) -> None:
    shown = await help_now(community, "NO")

    assert body(shown)[0] == HEADING.format(country="Norway")
    assert body(shown)[1] == "**If someone is in danger right now, or hurt, call:**"
    assert body(shown)[2] == "### Police: 112\n### Ambulance: 113\n### Fire: 110"
    assert body(shown)[3] == "**Someone to talk to, Norway:**"


async def test_a_general_number_stands_above_the_services(community: Community) -> None:
    shown = words(await help_now(community, "France"))

    assert shown.index("# 112\nEmergency services") < shown.index("**Ambulance: 15**")


async def test_two_numbers_for_the_same_are_both_shown(community: Community) -> None:
    assert "# 999 or 112\nEmergency services" in words(await help_now(community, "GB"))


async def test_how_sure_we_are_is_said(community: Community) -> None:
    shown = words(await help_now(community, "Norway"))

    assert "Emergency numbers: listed by 4 sources, latest comparison 22 November 2026" in shown
    assert "Listed by 4 sources, latest 7 October 2026." in shown
    assert "Nobody here has called these numbers" in shown


async def test_a_line_says_how_to_reach_it_and_who_lists_it(community: Community) -> None:
    lines = words(await help_now(community, "Germany")).splitlines()

    first = lines.index("### TelefonSeelsorge")
    assert lines[first : first + 8] == [
        "### TelefonSeelsorge",
        "Call: `0800 111 0 111`",
        "Call: `0800 111 0 222`",
        "Call: `116 123`",
        "Chat: https://www.telefonseelsorge.de/chat/",
        "Open day and night · German",
        "Website: https://www.telefonseelsorge.de/",
        "-# Listed by 6 sources, latest 7 October 2026.",
    ]


async def test_113_is_help_in_one_country_and_an_ambulance_in_the_other(
    community: Community,
) -> None:
    dutch, norwegian = await help_now(community, "NL"), await help_now(community, "NO")

    assert body(dutch)[0] == HEADING.format(country="Netherlands")
    assert "Call: `113`" in words(dutch).splitlines()
    assert "Ambulance: 113" not in words(dutch)
    assert body(norwegian)[0] == HEADING.format(country="Norway")
    assert "### Ambulance: 113" in words(norwegian).splitlines()
    assert "Call: `113`" not in words(norwegian)


@pytest.mark.parametrize(
    ("iso2", "number"),
    [("US", "Call: `988`"), ("IN", "Call: `14416`"), ("JP", "Call: `0120-279-338`")],
)
async def test_each_country_has_its_own_lines(community: Community, iso2: str, number: str) -> None:
    assert number in words(await help_now(community, iso2)).splitlines()


async def test_languages_and_ages_stand_together(community: Community) -> None:
    british, korean = await help_now(community, "GB"), await help_now(community, "KR")

    (welsh,) = [text for text in body(british) if "Welsh" in text]
    assert "### Samaritans\nCall: `116 123`" in welsh
    (young,) = [text for text in body(korean) if "For children and young people" in text]
    assert "Call: `109`" in young


async def test_a_source_that_is_old_by_the_clock_is_told(community: Community) -> None:
    old = "more than 180 days ago, so it may have changed"

    assert old not in words(await help_now(community, "Norway"))
    await community.travel_to(NOON + 60 * DAY)

    assert old in words(await help_now(community, "Norway"))


async def test_a_country_without_a_line_gets_its_emergency_number_and_the_way_on(
    community: Community,
) -> None:
    shown = await help_now(community, "Argentina")

    assert "I have no checked service for Argentina yet" in words(shown)
    assert "# 911\nEmergency services" in words(shown)
    (url,) = [part["url"] for part in parts(answer(shown).components) if part.get("url")]
    assert url == "https://findahelpline.com"


async def test_a_country_without_any_number_is_known_and_nothing_is_invented(
    community: Community,
) -> None:
    shown = await help_now(community, "Zambia")

    assert "I have no checked emergency number for Zambia yet" in words(shown)
    assert "I have no checked service for Zambia yet" in words(shown)
    assert not has_number(shown)


async def test_it_says_that_it_is_a_bot_and_keeps_nothing(community: Community) -> None:
    for country in (None, "Norway", "Xyzzy"):
        shown = words(await help_now(community, country))
        assert "I am a bot, not a counsellor, and nobody watches this" in shown
        assert "nothing is stored" in shown


@pytest.mark.parametrize("country", ["Xyzzy", "Korea", "Congo", "land"])
async def test_a_name_that_is_not_exact_gets_no_number(community: Community, country: str) -> None:
    shown = await help_now(community, country)

    assert f"I don't know a country called “{country}”. Choose yours:" in words(shown)
    assert "no checked service" not in words(shown)
    assert not has_number(shown)
    assert "Find a help line" in labels(shown)


async def test_a_place_that_is_no_country_leads_to_the_choice_of_a_region(
    community: Community,
) -> None:
    shown = await help_now(community, "London")

    assert body(shown)[0] == "## I don't know a country called “London”. Choose yours:"
    assert "Did you mean" not in words(shown)
    assert labels(shown) == ["Type a country", "Find a help line"]
    countries = await choose(community.member, shown, "help-now:region", ["europe"])
    assert "help-now:pick:0" in custom_ids(countries)


async def test_a_slip_in_a_name_asks_whether_that_country_was_meant(community: Community) -> None:
    shown = await help_now(community, "germny")

    assert "I don't know a country called “germny”" in words(shown)
    assert "Did you mean Germany?" in words(shown)
    assert labels(shown)[0] == "Germany"


@pytest.mark.parametrize(("flag", "country"), [("🇳🇴", "Norway"), (" 🇬🇧 ", "United Kingdom")])
async def test_a_flag_is_read_as_its_country(community: Community, flag: str, country: str) -> None:
    assert HEADING.format(country=country) in words(await help_now(community, flag))


@pytest.mark.parametrize("typed", ["🇪🇺", "🇳", "🇳🇴🇸🇪", "🏳️"])
async def test_a_flag_of_no_country_is_asked_about(community: Community, typed: str) -> None:
    shown = await help_now(community, typed)

    assert f"I don't know a country called “{typed}”" in words(shown)
    assert "help-now:region" in custom_ids(shown)


async def test_a_near_name_is_offered_and_shown_on_a_press(community: Community) -> None:
    shown = await help_now(community, "Norwya")
    assert "Norway" in labels(shown)

    assert HEADING.format(country="Norway") in words(await press(community.member, shown, "Norway"))


async def test_words_of_a_person_take_no_effect(community: Community) -> None:
    shown = words(await help_now(community, "**@everyone** " + "x" * 5000))

    assert "@everyone" not in shown
    assert len(shown) < 1000


async def test_nothing_is_stored(community: Community) -> None:
    before = await count_rows(community)

    await help_now(community, "NO")
    await help_now(community, "Xyzzy")

    assert await count_rows(community) == before


async def test_it_works_with_every_feature_switched_off(community: Community) -> None:
    await community.services.guilds.switch_feature(
        community.guild.id, community.moderator.id, "tips", is_on=False, setup_step=3
    )

    assert HEADING.format(country="Norway") in words(await help_now(community, "NO"))


async def test_it_is_never_rate_limited(community: Community) -> None:
    for _ in range(20):
        shown = await help_now(community, "NO")
        assert HEADING.format(country="Norway") in words(shown)


# What follows stands on a bot that could not open everything.


async def test_it_answers_while_storage_is_away(community: Community) -> None:
    await community.services.database.close()

    assert HEADING.format(country="Norway") in words(await help_now(community, "NO"))
