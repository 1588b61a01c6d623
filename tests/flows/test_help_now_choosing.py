"""Choosing a country for ``/help-now``: region and country, or a form, wherever one is."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.presence import lose_sight
from tests.flows.reading import answer, choose, parts, press, words
from tests.flows.test_help_now import HEADING, custom_ids, help_now


def options(result: Any, number: int = 0) -> list[str]:
    """The values of a card's ``number``-th select."""
    selects = [part for part in parts(answer(result).components) if part.get("options")]
    return [option["value"] for option in selects[number]["options"]]


async def pick(actor: Any, shown: Any, region: str, iso2: str) -> Any:
    """Choose a region and then a country in it."""
    shown = await choose(actor, shown, "help-now:region", [region])
    selects = [part for part in parts(answer(shown).components) if part.get("options")]
    (found,) = [
        part["custom_id"]
        for part in selects
        if iso2 in [option["value"] for option in part["options"]]
    ]
    return await actor.select(answer(shown).message, [iso2], custom_id=found)


async def test_the_region_comes_first_and_then_the_country(community: Community) -> None:
    shown = await help_now(community)
    assert options(shown)[0] == "africa"

    shown = await pick(community.member, shown, "europe", "NO")

    assert answer(shown).ephemeral
    assert HEADING.format(country="Norway") in words(shown)


async def test_a_country_is_found_where_people_look_for_it(community: Community) -> None:
    for region in ("asia", "europe"):
        shown = await pick(community.member, await help_now(community), region, "TR")
        assert HEADING.format(country="Türkiye") in words(shown)


async def test_the_way_back_to_the_regions_is_one_press(community: Community) -> None:
    shown = await choose(
        community.member, await help_now(community), "help-now:region", ["oceania"]
    )

    shown = await press(community.member, shown, "Another region")

    assert "help-now:region" in custom_ids(shown)


async def test_a_button_on_another_card_opens_the_choice_beside_it(community: Community) -> None:
    shown = await help_now(community, "NO")

    chosen = await press(community.member, shown, "Another country")

    assert answer(chosen).message.id != answer(shown).message.id
    shown = await pick(community.member, chosen, "europe", "NL")
    assert HEADING.format(country="Netherlands") in words(shown)


async def test_the_form_leads_on_to_the_country(community: Community) -> None:
    form = await press(community.member, await help_now(community), "Type a country")

    shown = await community.member.submit_modal(form, {"country": " norge "})

    assert shown.ephemeral
    assert HEADING.format(country="Norway") in words(shown)


async def test_the_form_is_on_the_card_of_a_region_too(community: Community) -> None:
    shown = await choose(community.member, await help_now(community), "help-now:region", ["asia"])

    form = await press(community.member, shown, "Type a country")

    shown = await community.member.submit_modal(form, {"country": "भारत"})
    assert HEADING.format(country="India") in words(shown)


async def test_an_unknown_country_in_the_form_can_be_typed_again(community: Community) -> None:
    form = await press(community.member, await help_now(community), "Type a country")
    shown = await community.member.submit_modal(form, {"country": "Xyzzy"})

    form = await press(community.member, shown, "Type a country")
    shown = await community.member.submit_modal(form, {"country": "NO"})

    assert HEADING.format(country="Norway") in words(shown)


async def test_buttons_selects_and_an_open_form_outlive_a_restart(community: Community) -> None:
    shown = await help_now(community)
    form = await press(community.member, shown, "Type a country")

    await community.restart()

    assert (await press(community.member, shown, "Type a country")).modal
    typed = await community.member.submit_modal(form, {"country": "NO"})
    assert HEADING.format(country="Norway") in words(typed)
    picked = await pick(community.member, shown, "asia", "JP")
    assert HEADING.format(country="Japan") in words(picked)


async def test_it_works_in_a_direct_message(community: Community) -> None:
    user = community.member.user

    form = await press(user, await user.slash("help-now"), "Type a country")
    shown = await user.submit_modal(form, {"country": "NO"})

    assert HEADING.format(country="Norway") in words(shown)
    assert await user.autocomplete("help-now", "country", "norge")
    shown = await pick(user, await user.slash("help-now"), "oceania", "NZ")
    assert "Call: `1737`" in words(shown)


async def test_it_works_where_the_bot_was_not_added(community: Community) -> None:
    await lose_sight(community)

    form = await press(community.member, await help_now(community), "Type a country")

    shown = await community.member.submit_modal(form, {"country": "NO"})
    assert HEADING.format(country="Norway") in words(shown)
    shown = await pick(community.member, await help_now(community), "north-america", "CA")
    assert "Call: `988`" in words(shown)
