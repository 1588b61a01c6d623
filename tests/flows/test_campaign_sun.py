"""Follow the sun: switched on, posted as the day begins first, filled, deleted, switched off."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press, words
from tests.flows.test_campaign import at, open_panel, turn_on
from tests.flows.tips import forbid, posts, size, wake_at

START = at(2027, 10, 9, 10)
TITLE = "Follow the sun: World Mental Health Day"


async def switch_on(community: Community) -> Any:
    """The panel of the board after it was switched on."""
    panel = await press(community.moderator, await turn_on(community), "Follow the sun")
    return await press(community.moderator, panel, "Switch on")


def boards(community: Community) -> list[str]:
    """The words of every board in the channel."""
    return [text for text in map(words, posts(community.general)) if TITLE in text]


def edits(community: Community) -> int:
    """How often the bot edited a message in the channel of its own accord."""
    path = f"/channels/{community.general.id}/messages/"
    return sum(
        request.method == "PATCH" and request.path.startswith(path)
        for request in community.env.http_requests
    )


async def test_a_moderator_switches_it_on_and_it_fills_as_midnight_travels_west(
    community: Community,
) -> None:
    panel = await press(community.moderator, await turn_on(community), "Follow the sun")
    assert "**Off**" in words(panel)
    assert "Never which ones, and nothing about any person." in words(panel)
    on = await press(community.moderator, panel, "Switch on")
    assert "**On**" in words(on)
    assert f"The next board comes <t:{START}:F>." in words(on)
    assert "Follow the sun: On" in words(await press(community.moderator, on, "Back"))

    await community.travel_to(START)
    (begun,) = boards(community)
    assert "10 October has begun in 1 of 38 time zones." in begun
    assert "`[=--------------------------]`" in begun
    assert f"**Reaches you** (UTC) <t:{START + 14 * 3600}:R>" in begun
    assert "UTC+13:45, Chatham" in begun
    assert edits(community) == 0

    await community.travel_to(START + 14 * 3600)
    (half,) = boards(community)
    assert "begun in 24 of 38" in half
    assert "`[===============------------]`" in half
    assert "**Here** (UTC) it began" in half
    assert "UTC+5:45\u00a0Kathmandu · UTC+5:30\u00a0Kolkata" in half
    assert "The number of communities is shown once 10 take part." in half
    assert edits(community) == 1

    await community.restart()
    await community.travel_to(START + 27 * 3600)
    (full,) = boards(community)
    assert "10 October has begun everywhere." in full
    assert "UTC-12\u00a0at sea" in full
    assert "Next" not in full
    await community.travel_to(START + 60 * 3600)
    assert edits(community) == 3  # a step of the campaign was on the way


async def test_a_board_that_a_moderator_deleted_is_left_alone_and_the_panel_says_so(
    community: Community,
) -> None:
    on = await switch_on(community)
    await community.travel_to(START)
    (message,) = [post for post in posts(community.general) if TITLE in words(post)]
    community.env.backend.delete_message(community.general.id, message.id)

    await community.travel_to(START + 3 * 3600)

    assert boards(community) == []
    assert posts(community.desk) == []
    panel = await press(community.moderator, await open_panel(community), "Follow the sun")
    assert "On, but this round's board has stopped" in words(panel)
    assert "nothing is posted twice" in words(panel)
    off = await press(community.moderator, on, "Back")
    off = await press(community.moderator, off, "Follow the sun")
    assert "**Off**" in words(await press(community.moderator, off, "Switch off"))


async def test_switched_on_during_the_day_it_comes_at_once_and_switched_off_it_stands_still(
    community: Community,
) -> None:
    await community.travel_to(START + 3 * 3600 + 60)
    panel = await press(community.moderator, await turn_on(community), "Follow the sun")
    assert "the board is posted within a minute" in words(panel)
    on = await press(community.moderator, panel, "Switch on")
    await wake_at(community, START + 3 * 3600 + 120)
    (board,) = boards(community)
    again = await press(community.moderator, on, "Switch off")
    assert "**Off**" in words(again)

    await community.travel_to(START + 12 * 3600)

    assert boards(community) == [board]
    assert edits(community) == 0


async def test_where_the_board_could_not_be_posted_it_is_not_switched_on(
    community: Community,
) -> None:
    panel = await press(community.moderator, await turn_on(community), "Follow the sun")
    await forbid(community, community.general, "send_messages")

    refused = await press(community.moderator, panel, "Switch on")

    assert "I can't Send Messages" in words(refused)
    turned_off = await press(community.moderator, await open_panel(community), "Turn off")
    off = await press(community.moderator, turned_off, "Follow the sun")
    assert "The campaign is off here." in words(off)
    assert "turn it on first" in words(await press(community.moderator, off, "Switch on"))


async def test_members_see_it_privately_without_any_community_and_in_direct_messages(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "wmhd")
    board = await press(community.member, shown, "Follow the sun")
    assert "10 October has not begun anywhere yet." in words(board)
    assert answer(board).ephemeral
    back = await press(community.member, board, "Back")
    assert "How to take part" in words(back)

    await community.travel_to(START + 26 * 3600)
    direct = await community.member.user.slash("wmhd")
    board = await press(community.member.user, direct, "Follow the sun")
    assert "10 October has begun everywhere." in words(board)
    assert "**Here**" not in words(board)
    components, characters = size(board)
    assert components <= 40
    assert characters <= 2_000
    assert boards(community) == []


async def test_ten_communities_are_counted_and_nobody_is_named(community: Community) -> None:
    for number in range(1, 12):
        guilds, following = community.services.guilds, community.services.following
        zone = "Asia/Tokyo" if number < 4 else "Europe/Berlin"
        await guilds.change(number, 1, zone=zone)
        await community.services.campaigns.change(
            1,
            number,
            community.services.campaigns.find("world-mental-health-day"),
            zone,
            lambda choice: choice.__class__(5, 600, (1,)),
        )
        campaign = following.find("world-mental-health-day")
        assert campaign is not None
        await following.switch_on(1, number, campaign)
    panel = await press(community.moderator, await turn_on(community), "Follow the sun")

    shown = await press(community.moderator, panel, "See it now (only you)")

    assert "**11 communities** of this bot take part:\n- 11 from UTC+14 to UTC-12" in words(shown)
    assert answer(shown).ephemeral
    assert "Switch on" not in labels(shown)


async def test_a_member_can_not_switch_it_on(community: Community) -> None:
    panel = await press(community.moderator, await turn_on(community), "Follow the sun")
    staff = community.guild.roles["Moderators"]
    community.env.backend.remove_member_role(community.guild.id, community.moderator.id, staff.id)
    await community.env.settle()

    refused = await press(community.moderator, panel, "Switch on")

    assert "This is for moderators" in words(refused)
    assert await nobody_follows(community)


async def nobody_follows(community: Community) -> bool:
    """Whether nobody follows the sun here."""
    return not await community.services.schedules.in_guild(community.guild.id, "sun")
