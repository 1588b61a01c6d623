"""The weekly myth comes: everyone may press, and nobody else sees the answer."""

from bot.delivery.rules import ScheduleState
from tests.flows.conftest import Community
from tests.flows.myths import (
    MANY,
    RIGHT,
    keep_only,
    myth_in,
    open_panel,
    open_saved,
    other_label,
    post_one,
    right_label,
    run,
    save_schedule,
    switch,
    the_schedule,
)
from tests.flows.presence import count_rows
from tests.flows.reading import choose, press, words
from tests.flows.tips import (
    DAY,
    NINE_IN_UTC,
    labels_of,
    posts,
    read_status,
    sent,
)
from tests.flows.tips import save_schedule as save_tips

WEEK = 7 * DAY


async def test_a_statement_is_posted_once_a_week_with_two_buttons_for_everyone(
    community: Community,
) -> None:
    await save_schedule(community)

    await community.travel_to(NINE_IN_UTC - 60)
    assert posts(community.general) == []
    await community.travel_to(NINE_IN_UTC + 2 * WEEK)

    found = [myth_in(community, post) for post in posts(community.general)]
    assert len({myth.id for myth in found}) == 3
    for post, myth in zip(posts(community.general), found, strict=True):
        assert labels_of(post)[:2] == ["Myth", "Fact"]
        assert myth.explanation not in words(post)
    (body, *_) = sent(community, community.general)
    assert body["allowed_mentions"]["parse"] == []


async def test_each_press_is_answered_to_the_presser_alone_and_the_post_stays_as_it_is(
    community: Community,
) -> None:
    post = await post_one(community)
    myth, before = myth_in(community, post), words(post)
    rows = await count_rows(community)

    right = await community.member.click(post, label=right_label(myth))
    other = await community.other.click(post, label=other_label(myth))

    assert right.ephemeral
    assert other.ephemeral
    assert RIGHT in words(right)
    assert MANY in words(other)
    (after,) = posts(community.general)
    assert words(after) == before
    assert labels_of(after) == labels_of(post)
    assert await count_rows(community) == rows


async def test_the_posts_buttons_answer_after_a_restart_and_lead_on(community: Community) -> None:
    post = await post_one(community)
    await community.restart()

    told = await community.member.click(post, label="Myth")
    shown = await press(community.member, told, "Another one")

    assert myth_in(community, shown).id != myth_in(community, post).id
    assert len(posts(community.general)) == 1


async def test_the_weekly_post_can_be_on_some_topics_only(community: Community) -> None:
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:topics", ["work", "habits"])
    await press(community.moderator, panel, "Save")

    await community.travel_to(NINE_IN_UTC + 2 * WEEK)

    topics = {myth_in(community, post).topic for post in posts(community.general)}
    assert topics <= {"work", "habits"}
    assert "Work and rest, Drink, drugs and habits" in words(await run(community, "schedule"))


async def test_switching_it_off_stops_the_weekly_post_and_leaves_tips_alone(
    community: Community,
) -> None:
    await save_schedule(community)
    await save_tips(community)
    await switch(community, "myths", is_on=False)

    await community.travel_to(NINE_IN_UTC)

    (post,) = posts(community.general)
    assert "Try this" in words(post)
    assert (await the_schedule(community)).state == ScheduleState.AWAY
    await switch(community, "myths", is_on=True)
    await community.travel_to(NINE_IN_UTC + WEEK)
    assert [post for post in posts(community.general) if "Myth or fact?" in words(post)]


async def test_the_history_links_each_post_and_counts_nothing(community: Community) -> None:
    post = await post_one(community)
    await community.member.click(post, label="Myth")

    told = words(await run(community, "history"))

    assert f"/{community.guild.id}/{community.general.id}/{post.id}>)" in told
    assert myth_in(community, post).statement[:40] in told
    assert "helpful" not in told
    assert "Ratings" not in told


async def test_what_an_update_left_without_content_is_skipped_with_a_reason(
    community: Community,
) -> None:
    await save_schedule(community)
    keep_only(community)

    await community.travel_to(NINE_IN_UTC)

    assert "skipped: no myth or fact fits" in words(await run(community, "history"))
    assert "skipped: no myth or fact fits" in await read_status(community)
    blocked = await press(community.moderator, await open_saved(community), "Save")
    assert "no myth or fact" in words(blocked)
