"""``/help-now``: numbers by country, guessed for nobody."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.presence import count_rows, lose_sight
from tests.flows.reading import answer, labels, parts, press, words

HEADING = "## {country}: emergency numbers"


async def help_now(community: Community, country: str | None = None) -> Any:
    """``/help-now`` as a member runs it."""
    options = {} if country is None else {"country": country}
    return await community.member.slash(community.general, "help-now", **options)


async def suggestions(community: Community, typed: str) -> list[str]:
    """The ISO codes that autocomplete offers, best first."""
    choices = await community.member.autocomplete(community.general, "help-now", "country", typed)
    return [choice["value"] for choice in choices]


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
    assert labels(shown) == ["Choose a country", "Find a help line"]


async def test_what_to_do_in_danger_stands_before_everything_else(community: Community) -> None:
    for shown in (await help_now(community), await help_now(community, "Xyzzy")):
        body = [part["content"] for part in parts(answer(shown).components) if "content" in part]
        assert "call your local emergency number" in body[1]


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

    body = [part["content"] for part in parts(answer(shown).components) if "content" in part]
    assert body[0] == HEADING.format(country="Norway")
    assert body[1] == "**If someone is in danger right now, or hurt, call:**"
    assert body[2] == "### Police: 112\n### Ambulance: 113\n### Fire: 110"


async def test_a_general_number_stands_above_the_services(community: Community) -> None:
    shown = words(await help_now(community, "France"))

    assert shown.index("# 112\nEmergency services") < shown.index("**Ambulance: 15**")


async def test_two_numbers_for_the_same_are_both_shown(community: Community) -> None:
    assert "# 999 or 112\nEmergency services" in words(await help_now(community, "GB"))


async def test_how_sure_we_are_is_said(community: Community) -> None:
    shown = words(await help_now(community, "Norway"))

    assert "Listed by 4 sources, latest comparison 22 November 2026" in shown
    assert "Nobody here has called these numbers" in shown


async def test_someone_to_talk_to_is_found_elsewhere_and_nothing_is_invented(
    community: Community,
) -> None:
    shown = await help_now(community, "Norway")

    assert "I have no checked help line for Norway yet" in words(shown)
    (url,) = [part["url"] for part in parts(answer(shown).components) if part.get("url")]
    assert url == "https://findahelpline.com"


async def test_it_says_that_it_is_a_bot_and_keeps_nothing(community: Community) -> None:
    for country in (None, "Norway", "Xyzzy"):
        shown = words(await help_now(community, country))
        assert "I am a bot, not a counsellor, and nobody watches this" in shown
        assert "nothing is stored" in shown


@pytest.mark.parametrize("country", ["Xyzzy", "Samoa", "Korea", "Guinea", "land"])
async def test_a_name_that_is_not_exact_gets_no_number(community: Community, country: str) -> None:
    shown = await help_now(community, country)

    assert f"I have no checked numbers for “{country}” yet" in words(shown)
    assert not has_number(shown)
    assert "Find a help line" in labels(shown)


async def test_a_near_name_is_offered_and_shown_on_a_press(community: Community) -> None:
    shown = await help_now(community, "Norwya")
    assert "Norway" in labels(shown)

    assert HEADING.format(country="Norway") in words(await press(community.member, shown, "Norway"))


async def test_words_of_a_person_take_no_effect(community: Community) -> None:
    shown = words(await help_now(community, "**@everyone** " + "x" * 5000))

    assert "@everyone" not in shown
    assert len(shown) < 1000


async def test_the_button_leads_to_a_form_and_on_to_the_country(community: Community) -> None:
    form = await press(community.member, await help_now(community), "Choose a country")

    shown = await community.member.submit_modal(form, {"country": " norge "})

    assert shown.ephemeral
    assert HEADING.format(country="Norway") in words(shown)


async def test_an_unknown_country_in_the_form_can_be_typed_again(community: Community) -> None:
    form = await press(community.member, await help_now(community), "Choose a country")
    shown = await community.member.submit_modal(form, {"country": "Xyzzy"})

    form = await press(community.member, shown, "Choose a country")
    shown = await community.member.submit_modal(form, {"country": "NO"})

    assert HEADING.format(country="Norway") in words(shown)


async def test_another_country_is_one_press_away(community: Community) -> None:
    form = await press(community.member, await help_now(community, "NO"), "Another country")

    shown = await community.member.submit_modal(form, {"country": "NL"})

    assert HEADING.format(country="Netherlands") in words(shown)


async def test_buttons_and_an_open_form_outlive_a_restart(community: Community) -> None:
    shown = await help_now(community)
    form = await press(community.member, shown, "Choose a country")

    await community.restart()

    assert (await press(community.member, shown, "Choose a country")).modal
    shown = await community.member.submit_modal(form, {"country": "NO"})
    assert HEADING.format(country="Norway") in words(shown)


async def test_it_works_in_a_direct_message(community: Community) -> None:
    user = community.member.user

    form = await press(user, await user.slash("help-now"), "Choose a country")
    shown = await user.submit_modal(form, {"country": "NO"})

    assert HEADING.format(country="Norway") in words(shown)
    assert await user.autocomplete("help-now", "country", "norge")


async def test_it_works_where_the_bot_was_not_added(community: Community) -> None:
    await lose_sight(community)

    form = await press(community.member, await help_now(community), "Choose a country")

    shown = await community.member.submit_modal(form, {"country": "NO"})
    assert HEADING.format(country="Norway") in words(shown)


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
