"""``/resources browse`` and ``search``: topics, lists, guides, sources, everywhere the app is."""

from typing import Any

import pytest

from bot.content.guides import TOPICS
from tests.flows.conftest import Community
from tests.flows.presence import controls, use_control
from tests.flows.reading import answer, choose, control, labels, press, words
from tests.flows.resources import (
    FORM,
    NONSENSE,
    guide_of,
    heading,
    keep,
    own_ids,
    rename,
    run,
    search,
    send_command,
    some_guides,
    titles_on,
    will_find,
)
from tests.flows.tips import menu_of, size

TOPIC = "online"


async def browse(community: Community, **options: Any) -> Any:
    """``/resources browse`` as a member runs it."""
    return await community.member.slash(community.general, "resources browse", **options)


async def open_topic(community: Community, topic: str = TOPIC) -> Any:
    """A topic's list, chosen among the topics."""
    return await choose(community.member, await browse(community), "resources:topic", [topic])


async def test_browsing_begins_with_every_topic_and_how_much_is_in_it(
    community: Community,
) -> None:
    shown = await browse(community)

    assert shown.ephemeral
    library = community.services.resources.library
    for topic, name in TOPICS.items():
        assert f"- {name} ({len(library.on_topic(topic))})" in words(shown)
    assert [option["value"] for option in menu_of(shown)["options"]] == list(TOPICS)
    assert labels(shown) == ["Show help lines"]
    assert "/ask" in words(shown)


async def test_a_topic_can_be_named_in_the_command(community: Community) -> None:
    shown = await browse(community, topic=TOPIC)

    assert heading(shown) == TOPICS[TOPIC]
    assert labels(shown)[-1] == "All topics"


async def test_every_guide_of_a_topic_comes_up_once_over_its_pages(community: Community) -> None:
    shown = await open_topic(community)
    seen = titles_on(shown)
    while "Next" in labels(shown):
        if not [part for part in controls(shown) if part.get("label") == "Next"]:
            break
        shown = await press(community.member, shown, "Next")
        seen += titles_on(shown)

    guides = community.services.resources.library.on_topic(TOPIC)
    assert seen == [guide.title for guide in guides]
    assert len(guides) > 10
    back = await press(community.member, shown, "Back")
    assert titles_on(back) == [guide.title for guide in guides[:10]]


async def test_a_guide_opens_from_the_list_and_leads_back_to_its_topic(
    community: Community,
) -> None:
    listed = await open_topic(community)
    guide = community.services.resources.library.on_topic(TOPIC)[3]

    opened = await choose(community.member, listed, "resources:open", [guide.id])

    assert heading(opened) == guide.title
    assert guide.body in words(opened)
    assert answer(opened).id == answer(listed).id
    related = [guide_of(community, item).title for item in guide.related]
    assert labels(opened)[-len(related) - 3 : -3] == related
    assert labels(opened)[-3:] == ["Sources", "More on this topic", "Browse"]
    back = await press(community.member, opened, "More on this topic")
    assert titles_on(back) == titles_on(listed)


async def test_a_related_guide_is_one_press_away(community: Community) -> None:
    guide = community.services.resources.library.on_topic(TOPIC)[0]
    opened = await choose(
        community.member, await open_topic(community), "resources:open", [guide.id]
    )
    other = guide_of(community, guide.related[0])

    assert heading(await press(community.member, opened, other.title)) == other.title


async def test_the_sources_come_beside_the_guide_with_the_days_they_were_seen(
    community: Community,
) -> None:
    guide = community.services.resources.library.on_topic(TOPIC)[0]
    opened = await choose(
        community.member, await open_topic(community), "resources:open", [guide.id]
    )

    shown = await press(community.member, opened, "Sources")

    assert answer(shown).ephemeral
    assert answer(shown).id != answer(opened).id
    assert heading(shown) == f"Sources of “{guide.title}”"
    for source in guide.sources:
        assert f"(<{source.url}>), seen {source.seen_on.day} {source.seen_on:%b %Y}" in words(shown)
    assert "no clinician has reviewed it" in words(shown)


@pytest.mark.parametrize(
    "route",
    ["topic", "open", "page", "topics", "show", "sources"],
)
async def test_every_control_from_before_a_restart_still_works(
    community: Community, route: str
) -> None:
    guide = community.services.resources.library.on_topic(TOPIC)[0]
    shown = await (browse(community) if route == "topic" else open_topic(community))
    if route in {"show", "sources"}:
        shown = await choose(community.member, shown, "resources:open", [guide.id])
    await community.restart()

    wanted = f"resources:{route}"
    custom_id = next(
        part["custom_id"]
        for part in controls(shown)
        if part["custom_id"].split(":")[:2] == wanted.split(":")
    )
    used = await use_control(community.member, shown, custom_id, {})

    assert heading(used)
    assert answer(used).ephemeral


async def test_a_list_of_another_version_leads_to_the_topics(community: Community) -> None:
    listed = await open_topic(community)
    old = "resources:page:folklore:1"
    rename(community, listed, control(listed, "resources:topics"), old)

    shown = await community.member.click(answer(listed).message, custom_id=old)

    assert heading(shown) == "What would you like to read about?"


async def test_a_search_lists_what_fits_best(community: Community) -> None:
    guides = will_find(community, some_guides(community, 4))

    shown = await search(community, "sleep")

    assert shown.ephemeral
    assert heading(shown) == "What fits best"
    assert titles_on(shown) == [guide.title for guide in guides]
    opened = await choose(community.member, shown, "resources:open", [guides[2].id])
    assert heading(opened) == guides[2].title


async def test_a_search_that_fits_badly_says_so(community: Community) -> None:
    will_find(community, some_guides(community, 4), is_confident=False)

    assert heading(await search(community, "tractors")) == "Nothing fits well; the closest"


async def test_a_search_without_a_hit_shows_the_ways_on(community: Community) -> None:
    will_find(community, [], is_confident=False)

    shown = await search(community, f"**{NONSENSE}** @everyone")

    assert "I found nothing for “\\*\\*zzyzx" in words(shown)
    assert labels(shown) == ["Browse", "Show help lines"]


@pytest.mark.parametrize("guide_id", ["suicidal-thoughts", "self-harm", "emergencies"])
async def test_a_search_that_finds_a_heavy_subject_shows_help_above_the_list(
    community: Community, guide_id: str
) -> None:
    will_find(community, ["sleep", guide_id])

    shown = await search(community, "suicide")

    assert labels(shown) == ["Show help lines", "Find a help line", "All topics"]
    assert words(shown).startswith("**In danger, or close to it? Talk to someone now.**")
    assert titles_on(shown)[1] == guide_of(community, guide_id).title


async def test_other_searches_show_their_list_alone(community: Community) -> None:
    will_find(community, some_guides(community, 4))

    assert labels(await search(community, "sleep")) == ["All topics"]


async def test_a_guides_title_finds_the_guide(community: Community) -> None:
    guide = guide_of(community, "panic-attacks")

    assert titles_on(await search(community, guide.title))[0] == guide.title


async def test_what_the_community_added_is_found_browsed_and_marked(community: Community) -> None:
    await keep(community)

    shown = await browse(community)
    listed = await press(community.member, shown, "Added by this community (1)")
    assert titles_on(listed) == [FORM["title"]]
    opened = await choose(community.member, listed, "resources:open", await own_ids(community))
    assert heading(opened) == FORM["title"]
    assert "Added by this community" in words(opened)
    assert labels(opened) == ["Open example.org", "Browse"]
    assert FORM["title"] in titles_on(await search(community, FORM["title"]))


async def test_what_was_removed_meanwhile_is_said_to_be_gone(community: Community) -> None:
    await keep(community)
    shown = await browse(community)
    listed = await press(community.member, shown, "Added by this community (1)")
    (own,) = await community.services.resources.own(community.guild.id)
    await community.services.resource_curation.remove(community.guild.id, 1, own.row_id)

    told = await choose(community.member, listed, "resources:open", [own.id])

    assert "not there any more" in words(told)
    again = await browse(community)
    assert not [label for label in labels(again) if label.startswith("Added by")]


async def test_the_longest_lists_of_a_community_stay_within_discords_limits(
    community: Community,
) -> None:
    for number in range(12):
        await keep(community, title=f"{number:02}" + "[" * 78, summary="*" * 200, body="_" * 2000)
    listed = await press(community.member, await browse(community), "Added by this community (12)")
    results = [listed, await press(community.member, listed, "Next"), await run(community, "own")]
    results.append(
        await choose(community.member, listed, "resources:open", (await own_ids(community))[10:11])
    )
    for result in results:
        count, text = size(result)
        assert count <= 40
        assert text <= 4000


@pytest.mark.parametrize("is_strange", [False, True], ids=["direct message", "user install"])
async def test_browsing_works_wherever_the_app_was_brought_along(
    community: Community, *, is_strange: bool
) -> None:
    root: Any = community.env.backend.find_command("resources", None)
    data = {
        "id": root["id"],
        "name": "resources",
        "type": 1,
        "options": [{"name": "browse", "type": 1, "options": []}],
    }

    shown = await send_command(community, data, is_strange=is_strange)

    assert shown.ephemeral
    assert heading(shown) == "What would you like to read about?"
    assert labels(shown) == ["Show help lines"]
    listed = await choose(community.member.user, shown, "resources:topic", [TOPIC])
    assert heading(listed) == TOPICS[TOPIC]
