"""A community's own tips after they were kept: the list, the log, the limits."""

import discord
import pytest

from bot.tips.curation import Draft
from tests.flows.conftest import Community
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import FORM, fill_in, menu_of, mute_many, own_titles, run, size, write_tip


async def keep_many(community: Community, count: int, title: str = "Own tip {number}") -> None:
    """As many tips of the community's own."""
    for number in range(count):
        draft = Draft(("breath",), title.format(number=number), "b" * 60, "Try it.", 3)
        await community.services.curation.add(community.guild.id, community.moderator.id, draft)


async def test_a_kept_tip_is_unknown_in_other_communities(community: Community) -> None:
    await write_tip(community)
    other = community.env.create_guild("Another community")
    channel = other.create_text_channel("talk")
    admin = other.add_member(
        community.env.create_user("admin"),
        roles=[other.create_role("Admins", permissions=discord.Permissions(manage_guild=True))],
    )
    await community.env.settle()
    tip_id = (await community.services.curation.own_tips(community.guild.id))[0].id

    assert await admin.autocomplete(channel, "tips mute", "tip", "stretch your hands") == []
    for text in (tip_id, FORM["title"]):
        refused = await admin.slash(channel, "tips mute", tip=text)
        assert "I have no such tip here" in words(refused)
        assert FORM["title"] not in words(refused)


async def test_keeping_can_be_undone_and_the_undo_too(community: Community) -> None:
    kept = await write_tip(community)

    removed = await press(community.moderator, kept, "Undo")
    assert "Removed" in words(removed)
    assert await own_titles(community) == []

    restored = await press(community.moderator, removed, "Undo")
    assert FORM["title"] in words(restored)
    assert await own_titles(community) == [FORM["title"]]


async def test_with_no_tips_of_its_own_the_community_is_invited_to_write_one(
    community: Community,
) -> None:
    empty = await run(community, "own")
    assert "no tips of its own yet" in words(empty)

    form = await press(community.moderator, empty, "Write one")
    preview = await community.moderator.submit_modal(form, FORM)

    assert "Preview" in words(preview)


async def test_an_own_tip_is_removed_from_the_list_with_an_undo(community: Community) -> None:
    await keep_many(community, 2)
    listed = await run(community, "own")
    newest = menu_of(listed)["options"][0]
    assert newest["label"] == "Own tip 1"

    removed = await choose(community.moderator, listed, "own:remove", [newest["value"]])
    assert await own_titles(community) == ["Own tip 0"]

    await press(community.moderator, removed, "Undo")
    assert await own_titles(community) == ["Own tip 0", "Own tip 1"]


async def test_the_longest_lists_fit_and_every_own_tip_can_be_reached(
    community: Community,
) -> None:
    await keep_many(community, 55, title="[{number:02}" + "*" * 77)
    listed = await run(community, "own")
    seen = [option["value"] for option in menu_of(listed)["options"]]
    while "Next" in labels(listed) and len(seen) < 55:
        components, text = size(listed)
        assert components <= 40
        assert text <= 4000
        listed = await press(community.moderator, listed, "Next")
        seen += [option["value"] for option in menu_of(listed)["options"]]

    assert len(set(seen)) == 55


async def test_lists_from_before_a_restart_still_work(community: Community) -> None:
    await mute_many(community, 1)
    await keep_many(community, 1)
    mutes, listed = await run(community, "mute"), await run(community, "own")
    await community.restart()

    value = menu_of(mutes)["options"][0]["value"]
    shown_again = await choose(community.moderator, mutes, "own:unmute", [value])
    assert "No tip is muted here" in words(shown_again)
    value = menu_of(listed)["options"][0]["value"]
    assert "Removed" in words(await choose(community.moderator, listed, "own:remove", [value]))


async def test_the_five_hundred_and_first_tip_is_refused_and_its_text_is_kept(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.tips.curation.MOST_COMMUNITY_TIPS", 2)
    await keep_many(community, 2)
    preview = await fill_in(community)

    refused = await press(community.moderator, preview, "Keep it")
    assert "as many as I keep" in words(refused)
    assert "/tips own" in words(refused)

    (tip, *_) = await community.services.curation.own_tips(community.guild.id)
    await community.services.curation.remove(community.guild.id, 1, tip.id)
    assert "Kept" in words(await press(community.moderator, preview, "Keep it"))


async def test_what_moderators_do_with_tips_is_in_the_log(community: Community) -> None:
    tip = next(iter(community.services.tips.library.by_id.values()))
    await press(community.moderator, await run(community, "mute", tip=tip.id), "Undo")
    removed = await press(community.moderator, await write_tip(community), "Undo")
    await press(community.moderator, removed, "Undo")

    entries = await community.services.audit.latest(community.guild.id)

    changes = [(entry.change.old, entry.change.new) for entry in reversed(entries)]
    assert changes == [
        ("shown", "muted"),
        ("muted", "shown"),
        (None, FORM["title"]),
        ("kept", "removed"),
        ("removed", "kept"),
    ]
