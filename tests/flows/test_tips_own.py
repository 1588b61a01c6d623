"""A community writes a tip: the form, the preview, keeping."""

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import labels, parts, press, words
from tests.flows.tips import (
    FORM,
    NINE_IN_UTC,
    demote,
    fill_in,
    own_titles,
    posts,
    press_twice,
    run,
    save_schedule,
    write_tip,
)


async def test_the_form_asks_for_everything_within_its_lengths(community: Community) -> None:
    form = await run(community, "add")

    fields = {
        part["custom_id"]: part for part in parts(form.modal["components"]) if "custom_id" in part
    }
    assert {name: field.get("max_length") for name, field in fields.items()} == {
        "title": 80,
        "body": 600,
        "try_this": 300,
        "minutes": 3,
        "topics": None,
    }
    assert fields["topics"]["max_values"] == 3


async def test_a_preview_is_private_and_keeps_nothing(community: Community) -> None:
    preview = await fill_in(community)

    assert preview.ephemeral
    assert "Preview: only you can see this" in words(preview)
    assert FORM["title"] in words(preview)
    assert FORM["try_this"] in words(preview)
    assert "1 minute" in words(preview)
    assert "Written by this community's moderators" in words(preview)
    assert await own_titles(community) == []


async def test_a_kept_tip_is_shown_to_members_and_posted(community: Community) -> None:
    await save_schedule(community)
    kept = await write_tip(community)
    assert "Kept: “Stretch your hands”" in words(kept)

    for tip_id in community.services.tips.library.by_id:
        await community.services.curation.mute(community.guild.id, 1, tip_id)
    await community.travel_to(NINE_IN_UTC)

    shown = await community.member.slash(community.general, "tip", topic="movement")
    assert FORM["title"] in words(shown)
    assert FORM["title"] in words(posts(community.general)[0])


async def test_a_double_press_on_keep_keeps_one(community: Community) -> None:
    preview = await fill_in(community)

    await press_twice(community, community.moderator, preview, "Keep it")

    assert await own_titles(community) == [FORM["title"]]


async def test_a_discarded_tip_is_not_kept_and_another_can_be_written(
    community: Community,
) -> None:
    preview = await fill_in(community)
    discarded = await press(community.moderator, preview, "Discard")
    assert "Nothing was kept" in words(discarded)

    form = await press(community.moderator, discarded, "Write another")
    preview = await community.moderator.submit_modal(form, FORM | {"title": "Look up"})
    await press(community.moderator, preview, "Keep it")

    assert await own_titles(community) == ["Look up"]


async def test_edit_opens_the_form_with_what_was_typed(community: Community) -> None:
    preview = await fill_in(community)

    form = await press(community.moderator, preview, "Edit")
    fields = {
        part["custom_id"]: part for part in parts(form.modal["components"]) if "custom_id" in part
    }
    assert fields["title"]["value"] == FORM["title"]
    assert fields["body"]["value"] == FORM["body"]
    chosen = [option["value"] for option in fields["topics"]["options"] if option.get("default")]
    assert chosen == FORM["topics"]

    preview = await community.moderator.submit_modal(form, FORM | {"title": "Open your hands"})
    await press(community.moderator, preview, "Keep it")
    assert await own_titles(community) == ["Open your hands"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"minutes": "*2*"}, "Minutes must be a whole number from 1 to 60, not “\\*2\\*”"),
        ({"minutes": "61"}, "Minutes must be a whole number"),
        ({"title": "\u200b\u200b\u200b\u200b"}, "The title needs at least 3"),
        ({"body": " \n ok \n "}, "The few sentences need at least 20"),
        ({"try_this": "\u3164\u3164\u3164"}, "The thing to try needs at least 3"),
    ],
)
async def test_what_cannot_be_kept_is_named_and_the_text_is_not_lost(
    community: Community, changes: dict[str, str], fault: str
) -> None:
    refused = await fill_in(community, **changes)

    assert fault in words(refused)
    assert labels(refused) == ["Edit", "Discard"]
    form = await press(community.moderator, refused, "Edit")
    preview = await community.moderator.submit_modal(form, FORM)
    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


async def test_a_form_that_was_open_over_a_restart_is_still_taken(community: Community) -> None:
    form = await run(community, "add")
    await community.restart()

    preview = await community.moderator.submit_modal(form, FORM)

    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


async def test_a_form_of_an_edit_over_a_restart_is_still_taken(community: Community) -> None:
    form = await press(community.moderator, await fill_in(community), "Edit")
    await community.restart()

    preview = await community.moderator.submit_modal(form, FORM | {"title": "Look up"})

    assert "Look up" in words(preview)


@pytest.mark.parametrize("label", ["Keep it", "Edit"])
async def test_a_preview_from_before_a_restart_says_how_to_begin_again(
    community: Community, label: str
) -> None:
    preview = await fill_in(community)
    await community.restart()

    told = await press(community.moderator, preview, label)

    assert "Run /tips add for a fresh one" in words(told)
    assert await own_titles(community) == []


async def test_who_is_no_moderator_any_more_keeps_nothing(community: Community) -> None:
    form = await run(community, "add")
    preview = await fill_in(community)
    kept = await write_tip(community, title="Kept before")
    listed = await run(community, "own")
    await demote(community)

    assert "Manage Server" in words(await community.moderator.submit_modal(form, FORM))
    for result, label in (
        (preview, "Keep it"),
        (preview, "Edit"),
        (kept, "Undo"),
        (kept, "Write another"),
        (listed, "Write one"),
    ):
        assert "Manage Server" in words(await press(community.moderator, result, label))
    assert await own_titles(community) == ["Kept before"]
