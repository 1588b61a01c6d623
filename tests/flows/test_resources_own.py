"""A community's own resource: the form, the preview, keeping it once, and what is refused."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press, words
from tests.flows.resources import FORM, ask, fill_in, heading, keep, own_titles, run
from tests.flows.safety import fields_of
from tests.flows.tips import demote, posts, press_twice


async def test_the_form_asks_for_everything_within_its_lengths(community: Community) -> None:
    form = await run(community, "add")

    fields = fields_of(form)
    assert {name: field["max_length"] for name, field in fields.items()} == {
        "title": 80,
        "summary": 200,
        "body": 2000,
        "link": 512,
        "asked": 2420,
    }
    required = [name for name, field in fields.items() if field["required"]]
    assert required == ["title", "summary", "body"]


async def test_a_preview_is_private_shows_what_members_will_see_and_keeps_nothing(
    community: Community,
) -> None:
    preview = await fill_in(community)

    assert preview.ephemeral
    assert "Preview: only you can see this" in words(preview)
    assert heading(preview) == FORM["title"]
    assert FORM["body"] in words(preview)
    assert "Added by this community" in words(preview)
    assert f"In lists: {FORM['summary']}" in words(preview)
    assert "Also found by: where is it quiet in here · body doubling" in words(preview)
    assert labels(preview) == ["Open example.org", "Keep it", "Edit", "Discard"]
    assert await own_titles(community) == []


async def test_words_that_safe_messaging_warns_of_are_named_and_may_be_kept(
    community: Community,
) -> None:
    body = "For everybody: drug addicts and their families meet on Sundays, with tea."
    preview = await fill_in(community, body=body)

    assert "Safe messaging suggests:" in words(preview)
    assert "drug addicts" in words(preview).split("Safe messaging suggests:")[1]
    assert "Safe messaging" not in words(await fill_in(community))
    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


async def test_a_member_finds_what_a_moderator_kept_and_sees_whose_it_is(
    community: Community,
) -> None:
    kept = await keep(community)
    assert "Kept: “Our quiet room”" in words(kept)
    assert labels(kept) == ["Look at it", "Add another", "Undo"]

    shown = await ask(community, "where is it quiet in here")

    assert heading(shown) == FORM["title"]
    assert "Added by this community" in words(shown)
    assert posts(community.general) == []


async def test_another_community_does_not_find_it(community: Community) -> None:
    await keep(community)
    other = community.env.create_guild("Another community")
    channel = other.create_text_channel("talk")
    stranger = other.add_member(community.env.create_user("stranger"))
    await community.env.settle()

    shown = await stranger.slash(channel, "ask", question="where is it quiet in here")

    assert FORM["title"] not in words(shown)
    assert FORM["title"] not in labels(shown)


async def test_a_double_press_on_keep_keeps_one_and_refuses_nothing(community: Community) -> None:
    preview = await fill_in(community)

    await press_twice(community, community.moderator, preview, "Keep it")

    assert await own_titles(community) == [FORM["title"]]
    history = community.desk.history()
    assert not [post for post in history if "form is closed" in words(post)]


async def test_look_at_it_shows_the_resource_and_add_another_opens_an_empty_form(
    community: Community,
) -> None:
    kept = await keep(community)
    form = await press(community.moderator, kept, "Add another")
    assert not any(field.get("value") for field in fields_of(form).values())
    preview = await community.moderator.submit_modal(form, FORM | {"title": "Our loud room"})
    kept = await press(community.moderator, preview, "Keep it")

    shown = await press(community.moderator, kept, "Look at it")

    assert heading(shown) == "Our loud room"
    assert await own_titles(community) == [FORM["title"], "Our loud room"]


async def test_a_discarded_resource_is_not_kept_and_another_can_be_added(
    community: Community,
) -> None:
    discarded = await press(community.moderator, await fill_in(community), "Discard")
    assert "Nothing was changed" in words(discarded)

    form = await press(community.moderator, discarded, "Add one")
    preview = await community.moderator.submit_modal(form, FORM)
    await press(community.moderator, preview, "Keep it")

    assert await own_titles(community) == [FORM["title"]]


async def test_edit_opens_the_form_with_what_was_typed(community: Community) -> None:
    preview = await fill_in(community)

    form = await press(community.moderator, preview, "Edit")

    values = {name: field.get("value") for name, field in fields_of(form).items()}
    assert values == FORM
    changed = await community.moderator.submit_modal(form, FORM | {"title": "Our calm room"})
    assert answer(changed).id == answer(preview).id
    await press(community.moderator, changed, "Keep it")
    assert await own_titles(community) == ["Our calm room"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": "\u200b\u200b\u200b\u200b"}, "The title needs at least 3 visible characters"),
        ({"summary": "short"}, "The sentence on what it gives needs at least 10 visible"),
        ({"body": " \n too \n few "}, "The text needs at least 20 visible characters"),
        ({"link": "javascript:alert(1)"}, "not “javascript:alert(1)”"),
        ({"link": "http://example.org/*a*"}, "not “http://example.org/\\*a\\*”"),
        ({"link": "https://me:secret@example.org"}, "The link must be the plain address"),
        ({"asked": "x" * 121}, "20 lines at most, each of 120 characters at most"),
        ({"asked": "\n".join(map(str, range(21)))}, "20 lines at most"),
    ],
)
async def test_what_cannot_be_kept_is_named_and_the_text_is_not_lost(
    community: Community, changes: dict[str, str], fault: str
) -> None:
    refused = await fill_in(community, **changes)

    assert fault in words(refused)
    assert labels(refused) == ["Edit", "Discard"]
    form = await press(community.moderator, refused, "Edit")
    assert fields_of(form)["summary"]["value"] == changes.get("summary", FORM["summary"])
    preview = await community.moderator.submit_modal(form, FORM)
    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


async def test_every_fault_is_named_at_once(community: Community) -> None:
    refused = await fill_in(community, title="..", summary="s", body="b", link="example.org")

    assert words(refused).count("\n- ") == 4


async def test_a_link_in_another_script_is_kept_as_browsers_send_it(community: Community) -> None:
    link = "https://de.wikipedia.org/wiki/Angststörung"
    preview = await fill_in(community, link=link)

    assert "Open de.wikipedia.org" in labels(preview)
    await press(community.moderator, preview, "Keep it")
    (own,) = await community.services.resources.own(community.guild.id)
    assert own.link == "https://de.wikipedia.org/wiki/Angstst%C3%B6rung"


async def test_a_title_that_is_there_already_is_refused_and_the_text_is_kept(
    community: Community,
) -> None:
    await keep(community)
    preview = await fill_in(community, title=FORM["title"].upper())

    refused = await press(community.moderator, preview, "Keep it")

    assert "with this title already" in words(refused)
    form = await press(community.moderator, preview, "Edit")
    changed = await community.moderator.submit_modal(form, FORM | {"title": "Another room"})
    assert "Kept" in words(await press(community.moderator, changed, "Keep it"))


async def test_one_more_than_allowed_is_refused_and_the_text_is_kept(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.resources.curation.MOST_RESOURCES", 1)
    await keep(community)
    preview = await fill_in(community, title="One too many")

    refused = await press(community.moderator, preview, "Keep it")

    assert "A community can keep 1 resources" in words(refused)
    (own,) = await community.services.resources.own(community.guild.id)
    await community.services.resource_curation.remove(community.guild.id, 1, own.row_id)
    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


async def test_a_form_that_was_open_over_a_restart_is_still_taken(community: Community) -> None:
    form = await run(community, "add")
    await community.restart()

    preview = await community.moderator.submit_modal(form, FORM)

    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


@pytest.mark.parametrize("label", ["Keep it", "Edit"])
async def test_a_preview_from_before_a_restart_says_how_to_begin_again(
    community: Community, label: str
) -> None:
    preview = await fill_in(community)
    await community.restart()

    told = await press(community.moderator, preview, label)

    assert "Run /resources add for a fresh one" in words(told)
    assert await own_titles(community) == []


@pytest.mark.parametrize("command", ["add", "own", "export"])
async def test_a_member_is_told_who_may_use_a_moderators_command(
    community: Community, command: str
) -> None:
    await keep(community)

    refused = await community.member.slash(community.general, f"resources {command}")

    assert refused.ephemeral
    assert "it needs the permission Manage Server" in words(refused)
    assert refused.modal is None
    assert FORM["title"] not in words(refused)


@pytest.mark.parametrize("command", ["add", "own", "export"])
async def test_in_direct_messages_a_moderators_command_says_where_it_works(
    community: Community, command: str
) -> None:
    refused = await community.moderator.user.slash(f"resources {command}")

    assert "inside a community that I was added to" in words(refused)


async def test_who_is_no_moderator_any_more_keeps_and_changes_nothing(
    community: Community,
) -> None:
    form = await run(community, "add")
    preview = await fill_in(community)
    kept = await keep(community, title="Kept before")
    empty_form: Any = await press(community.moderator, kept, "Add another")
    await demote(community)

    for open_form in (form, empty_form):
        refused = await community.moderator.submit_modal(open_form, FORM)
        assert "Manage Server" in words(refused)
    for result, label in (
        (preview, "Keep it"),
        (preview, "Edit"),
        (kept, "Undo"),
        (kept, "Add another"),
    ):
        assert "Manage Server" in words(await press(community.moderator, result, label))
    assert await own_titles(community) == ["Kept before"]
