"""A community's own resources after they were kept: the list, edits, removals, others' ids."""

from typing import Any

import pytest

from bot.resources.rules import CommunityResource
from tests.flows.conftest import Community
from tests.flows.reading import choose, control, labels, press, words
from tests.flows.resources import (
    FORM,
    ask,
    heading,
    keep,
    own_titles,
    rename,
    run,
    settle_elsewhere,
    titles_on,
)
from tests.flows.safety import fields_of
from tests.flows.tips import demote, menu_of, press_twice


async def keep_many(community: Community, count: int) -> None:
    """As many resources of the community's own."""
    many = [
        CommunityResource(f"Own {number:02}", "What it gives, briefly.", "A text of some length.")
        for number in range(count)
    ]
    curation = community.services.resource_curation
    await curation.import_all(community.guild.id, community.moderator.id, many)


async def choose_one(community: Community, listed: Any, at: int = 0) -> Any:
    """What can be done with one of a list."""
    value = menu_of(listed)["options"][at]["value"]
    return await choose(community.moderator, listed, "own-resource:choose", [value])


async def test_with_none_of_its_own_the_community_is_invited_to_add_one(
    community: Community,
) -> None:
    empty = await run(community, "own")
    assert "no resources of its own yet" in words(empty)
    assert labels(empty) == ["Add one"]

    form = await press(community.moderator, empty, "Add one")
    preview = await community.moderator.submit_modal(form, FORM)

    assert "Preview" in words(preview)


async def test_the_newest_come_first_and_every_one_can_be_reached(community: Community) -> None:
    await keep_many(community, 25)
    listed = await run(community, "own")
    assert "Your community's own resources (25)" in words(listed)
    seen = titles_on(listed)
    for _ in range(2):
        listed = await press(community.moderator, listed, "Next")
        seen += titles_on(listed)

    assert seen == [f"Own {number:02}" for number in reversed(range(25))]


async def test_one_is_edited_from_the_list(community: Community) -> None:
    await keep(community)
    chosen = await choose_one(community, await run(community, "own"))
    assert heading(chosen) == FORM["title"]
    assert labels(chosen)[-3:] == ["Edit", "Remove", "Back to the list"]

    form = await press(community.moderator, chosen, "Edit")
    values = {name: field.get("value") for name, field in fields_of(form).items()}
    assert values == FORM
    preview = await community.moderator.submit_modal(form, FORM | {"title": "Our calm room"})
    assert await own_titles(community) == [FORM["title"]]
    kept = await press(community.moderator, preview, "Keep it")

    assert labels(kept) == ["Look at it", "Add another"]
    assert await own_titles(community) == ["Our calm room"]


async def test_what_was_imported_with_many_ways_to_ask_opens_in_the_form(
    community: Community,
) -> None:
    asked = tuple(f"{number:02} " + "x" * 117 for number in range(20))
    full = CommunityResource("t" * 80, "s" * 200, "b" * 2000, "https://example.org", asked)
    await community.services.resource_curation.import_all(community.guild.id, 1, [full])
    chosen = await choose_one(community, await run(community, "own"))

    form = await press(community.moderator, chosen, "Edit")

    assert fields_of(form)["asked"]["value"].splitlines() == list(asked)


async def test_a_removed_resource_is_found_no_more_and_undo_brings_it_back(
    community: Community,
) -> None:
    await keep(community)
    chosen = await choose_one(community, await run(community, "own"))

    removed = await press(community.moderator, chosen, "Remove")

    assert "Removed. Nobody finds it any more." in words(removed)
    assert FORM["title"] not in words(await ask(community, "where is it quiet in here"))
    restored = await press(community.moderator, removed, "Undo")
    assert titles_on(restored) == [FORM["title"]]
    assert heading(await ask(community, "where is it quiet in here")) == FORM["title"]


async def test_keeping_can_be_undone(community: Community) -> None:
    removed = await press(community.moderator, await keep(community), "Undo")

    assert "Removed" in words(removed)
    assert await own_titles(community) == []
    assert labels(removed) == ["Undo", "Own resources"]


async def test_removing_twice_is_said_and_harmless(community: Community) -> None:
    kept = await keep(community)
    chosen = await choose_one(community, await run(community, "own"))
    await press(community.moderator, kept, "Undo")

    again = await press(community.moderator, chosen, "Remove")

    assert "It was gone already" in words(again)
    await press(community.moderator, again, "Undo")
    assert await own_titles(community) == [FORM["title"]]


async def test_a_double_press_on_undo_restores_it_once(community: Community) -> None:
    removed = await press(community.moderator, await keep(community), "Undo")

    await press_twice(community, community.moderator, removed, "Undo")

    assert await own_titles(community) == [FORM["title"]]
    changes = await community.services.audit.latest(community.guild.id)
    assert len(changes) == 3


async def test_an_edit_of_what_was_removed_meanwhile_is_refused(community: Community) -> None:
    await keep(community)
    chosen = await choose_one(community, await run(community, "own"))
    form = await press(community.moderator, chosen, "Edit")
    preview = await community.moderator.submit_modal(form, FORM | {"title": "Our calm room"})
    (own,) = await community.services.resources.own(community.guild.id)
    await community.services.resource_curation.remove(community.guild.id, 1, own.row_id)

    assert "That resource is gone" in words(await press(community.moderator, preview, "Keep it"))
    assert await own_titles(community) == []


async def test_a_card_of_what_was_removed_meanwhile_opens_no_form(community: Community) -> None:
    await keep(community)
    chosen = await choose_one(community, await run(community, "own"))
    (own,) = await community.services.resources.own(community.guild.id)
    await community.services.resource_curation.remove(community.guild.id, 1, own.row_id)

    told = await press(community.moderator, chosen, "Edit")

    assert told.modal is None
    assert "That resource is gone" in words(told)


async def test_lists_and_cards_from_before_a_restart_still_work(community: Community) -> None:
    await keep_many(community, 12)
    listed = await run(community, "own")
    chosen = await choose_one(community, await run(community, "own"))
    await community.restart()

    assert len(titles_on(await press(community.moderator, listed, "Next"))) == 2
    form = await press(community.moderator, chosen, "Edit")
    assert fields_of(form)["title"]["value"] == "Own 11"
    removed = await press(community.moderator, chosen, "Remove")
    assert len(await own_titles(community)) == 11
    await press(community.moderator, removed, "Undo")
    assert len(await own_titles(community)) == 12


async def test_who_is_no_moderator_any_more_sees_and_changes_nothing(
    community: Community,
) -> None:
    await keep_many(community, 12)
    listed = await run(community, "own")
    chosen = await choose_one(community, await run(community, "own"))
    removed = await press(
        community.moderator, await choose_one(community, await run(community, "own"), 1), "Remove"
    )
    await demote(community)

    refused = [
        await press(community.moderator, listed, "Next"),
        await press(community.moderator, listed, "Add one"),
        await choose_one(community, listed),
        await press(community.moderator, chosen, "Edit"),
        await press(community.moderator, chosen, "Remove"),
        await press(community.moderator, chosen, "Back to the list"),
        await press(community.moderator, removed, "Undo"),
        await press(community.moderator, removed, "Own resources"),
    ]

    for result in refused:
        assert "Manage Server" in words(result)
        assert result.modal is None
    assert len(await own_titles(community)) == 11


@pytest.mark.parametrize("action", ["change", "remove", "restore"])
async def test_another_communitys_resource_is_out_of_reach_by_its_custom_id(
    community: Community, action: str
) -> None:
    await keep(community)
    (own,) = await community.services.resources.own(community.guild.id)
    if action == "restore":
        await community.services.resource_curation.remove(community.guild.id, 1, own.row_id)
    before = await own_titles(community)
    guild, channel, admin = await settle_elsewhere(community)
    listed = await admin.slash(channel, "resources own")
    rename(community, listed, "own-resource:add", f"own-resource:{action}:{own.row_id}")

    result = await press(admin, listed, "Add one")

    assert result.modal is None
    assert FORM["title"] not in words(result)
    assert FORM["body"] not in words(result)
    assert await own_titles(community) == before
    assert await community.services.audit.latest(guild.id) == []


async def test_another_communitys_resource_can_not_be_read_or_overwritten_by_its_id(
    community: Community,
) -> None:
    await keep(community)
    (own,) = await community.services.resources.own(community.guild.id)
    _, channel, admin = await settle_elsewhere(community)
    browsed = await admin.slash(channel, "resources browse")
    rename(community, browsed, control(browsed, "help-now"), f"resources:show:{own.id}")

    told = await press(admin, browsed, "Show help lines")
    assert "not there any more" in words(told)
    form = await admin.slash(channel, "resources add")
    form._interaction.modal["custom_id"] = f"own-resource:form:{own.row_id}"
    preview = await admin.submit_modal(form, FORM | {"title": "Mine now"})
    assert "That resource is gone" in words(await press(admin, preview, "Keep it"))

    assert await own_titles(community) == [FORM["title"]]


async def test_what_moderators_do_with_resources_is_in_the_log_by_title(
    community: Community,
) -> None:
    removed = await press(community.moderator, await keep(community), "Undo")
    await press(community.moderator, removed, "Undo")

    entries = await community.services.audit.latest(community.guild.id)

    changes = [(entry.change.action, entry.change.new) for entry in reversed(entries)]
    assert changes == [
        ("resources.add", FORM["title"]),
        ("resources.remove", "removed"),
        ("resources.remove", "kept"),
    ]
    assert {entry.actor_id for entry in entries} == {community.moderator.id}
    assert FORM["body"] not in str(entries)
    log = words(await community.moderator.slash(community.desk, "audit"))
    assert log.count(FORM["title"]) == 3


async def test_a_forgotten_community_has_no_resources_any_more(community: Community) -> None:
    await keep(community)

    await community.services.guilds.forget(community.guild.id)

    assert await own_titles(community) == []
    assert FORM["title"] not in words(await ask(community, "where is it quiet in here"))
