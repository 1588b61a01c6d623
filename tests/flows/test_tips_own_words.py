"""A community's own words: shown as they were written, without taking effect."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import press, words
from tests.flows.tips import (
    NINE_IN_UTC,
    fill_in,
    posts,
    run,
    save_schedule,
    sent,
    size,
    write_tip,
)

NASTY = (
    "@everyone @here <@&{role}> <@{user}> [a](https://a.example) [click](https://evil.example)\n"
    "# big\n```py\nnever closed ||hidden|| **bold** _under_ `code`"
)


async def test_a_communitys_words_ping_nobody_and_hide_nothing(community: Community) -> None:
    nasty = NASTY.format(role=community.opt_in.id, user=community.member.id)
    await save_schedule(community)
    preview = await fill_in(community, title=nasty.splitlines()[0][:80], body=nasty, try_this=nasty)
    await press(community.moderator, preview, "Keep it")
    (tip,) = await community.services.curation.own_tips(community.guild.id)
    await run(community, "pin", tip=tip.id)

    await community.travel_to(NINE_IN_UTC)

    (post,) = posts(community.general)
    (body,) = sent(community, community.general)
    assert body["allowed_mentions"]["parse"] == []
    assert not post.mention_everyone
    assert post.role_mentions == []
    told = words(post)
    for living in ("@everyone", "@here", "```", "||", " [click]", "\n# ", "**bold", " `code"):
        assert living not in told
    assert "\\[click\\](https://evil.example)" in told


async def test_a_communitys_words_stay_plain_in_every_card(community: Community) -> None:
    title = "@everyone [x](https://x.example) `y`"
    tamed = "@\u200beveryone \\[x\\](https://x.example) \\`y\\`"
    await save_schedule(community)
    kept = await write_tip(community, title=title)
    (tip,) = await community.services.curation.own_tips(community.guild.id)
    pinned = await run(community, "pin", tip=tip.id)
    listed = await run(community, "own")
    await community.travel_to(NINE_IN_UTC)
    (post,) = posts(community.general)
    saved = await community.member.click(post, label="Save")
    page = await community.member.slash(community.general, "tips saved")
    history = await run(community, "history")
    muted = await run(community, "mute", tip=tip.id)
    mutes = await run(community, "mute")

    for result in (kept, pinned, listed, post, saved, page, history, muted, mutes):
        assert tamed in words(result)
        assert title not in words(result)


async def test_emoji_and_bare_links_stay_as_they_are(community: Community) -> None:
    body = "Breathe 🌿 <:calm:123456789012345678> and read https://e.example/a_b_c first."

    assert body in words(await fill_in(community, body=body))


async def test_the_longest_tip_of_marks_fits_into_every_card(community: Community) -> None:
    preview = await fill_in(
        community, title="*" * 80, body="`" * 600, try_this="|" * 300, minutes="60"
    )
    assert size(preview)[1] <= 4000
    await press(community.moderator, preview, "Keep it")
    (tip,) = await community.services.curation.own_tips(community.guild.id)
    await community.services.tips.save(community.member.id, tip.id)

    assert size(await community.member.slash(community.general, "tips saved"))[1] <= 4000


async def test_tip_ids_of_every_length_fit_into_the_buttons(community: Community) -> None:
    tip = next(iter(community.services.tips.library.by_id.values()))
    longest = tip.model_copy(update={"id": "x" * 60, "topics": ("creative-block",)})
    by_id: Any = community.services.tips.library.by_id
    by_id.clear()
    by_id[longest.id] = longest
    await save_schedule(community)

    shown = await community.member.slash(community.general, "tip", topic="creative-block")
    listed = await press(
        community.member, await press(community.member, shown, "Save"), "My saved tips"
    )
    await press(community.member, listed, "Remove")
    await run(community, "pin", tip=longest.id)
    await run(community, "mute", tip=longest.id)
    await community.services.curation.unmute(community.guild.id, 1, longest.id)
    await community.travel_to(NINE_IN_UTC)

    assert len(posts(community.general)) == 1
