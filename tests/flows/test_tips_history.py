"""What was posted, skipped or missed."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, control, parts, press, words
from tests.flows.tips import (
    NINE_IN_UTC,
    open_panel,
    posts,
    run,
    save_schedule,
    size,
    the_schedule,
    write_tip,
)


def _menu(result: Any, route: str) -> dict[str, Any]:
    wanted = control(result, route)
    return next(
        part for part in parts(answer(result).components) if part.get("custom_id") == wanted
    )


async def test_an_empty_history_says_so(community: Community) -> None:
    await save_schedule(community)

    assert "Nothing was posted or skipped yet" in words(await run(community, "history"))


async def test_the_history_links_each_post_and_counts_its_ratings(community: Community) -> None:
    await save_schedule(community)
    await community.travel_to(NINE_IN_UTC)
    (post,) = posts(community.general)
    await community.member.click(post, label="Helpful")
    await community.other.click(post, label="Not for me")

    told = words(await run(community, "history"))

    assert "2027-03-15 · [" in told
    assert f"/{community.guild.id}/{community.general.id}/{post.id}>)" in told
    assert "1 helpful, 1 not" in told
    assert community.member.name not in told
    assert str(community.member.id) not in told


async def test_the_longest_history_fits_into_one_message(community: Community) -> None:
    panel = await open_panel(community, zone="America/Argentina/Buenos_Aires")
    topics = [option["value"] for option in _menu(panel, "schedule:topics")["options"]][1:]
    panel = await choose(community.moderator, panel, "schedule:topics", topics)
    panel = await choose(community.moderator, panel, "schedule:days", list("012345"))
    await press(community.moderator, panel, "Save")
    await write_tip(community, title="[" * 80)
    for _ in range(12):
        await run(community, "pin", tip="[" * 80)
        await community.travel_to((await the_schedule(community)).next_run_at)
    community.env.backend.delete_channel(community.general.id)
    await community.travel_to((await the_schedule(community)).next_run_at)

    told = await run(community, "history")

    assert words(told).count("discord.com/channels") == 9
    assert size(told)[1] <= 4000
