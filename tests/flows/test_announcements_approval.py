"""A second moderator approves announcements: on the desk's card, in the panel, and what if not."""

from typing import Any

from bot.announcements import rules
from bot.announcements.approval import REASON_LENGTH
from tests.flows.announcing import (
    DAY,
    PNG,
    WORDS,
    add_moderator,
    ask_for_approval,
    at,
    galleries,
    in_channel,
    listed,
    planned,
    reopened,
    weekly,
    with_picture,
    write,
)
from tests.flows.conftest import Community
from tests.flows.presence import demote, forbid
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import labels_of, posts

MOST_WORDS = 3_700


def card_on(community: Community) -> Any:
    """The latest card on the desk."""
    return posts(community.desk)[-1]


async def opened_by(community: Community, person: Any) -> Any:
    """The panel of the first announcement, opened by somebody."""
    shown = await person.slash(community.desk, "announcements")
    return await choose(person, shown, "announce:open", ["1"])


async def test_what_is_planned_waits_on_the_desk_and_is_posted_once_it_was_approved(
    community: Community,
) -> None:
    await ask_for_approval(community)
    second = add_moderator(community)

    panel = await planned(community)

    assert "Waits for approval" in words(panel)
    assert "Waits for approval" in words(await listed(community))
    card = card_on(community)
    assert words(card).startswith(f"## {WORDS['title']}\n{WORDS['body']}")
    for said in (f"<@{community.moderator.id}> asks", "15 Mar 2027 at 12:00", "Pings: nobody"):
        assert said in words(card)
    await community.restart()
    await second.click(card, label="Approve")
    decided = card_on(community)
    assert f"<@{second.id}> approved “{WORDS['title']}”" in words(decided)
    assert labels_of(decided) == []
    again = await reopened(community)
    assert "**Planned**" in words(again)
    assert f"Approved by <@{second.id}>" in words(again)

    await community.travel_to(community.clock.now() + DAY)

    assert len(posts(community.general)) == 1


async def test_nothing_is_posted_while_nobody_approved_it(community: Community) -> None:
    await ask_for_approval(community)
    panel = await in_channel(community, await write(community))
    assert "A second moderator approves it" in words(panel)
    await press(community.moderator, panel, "Send now")

    await community.travel_to(community.clock.now() + DAY)

    assert posts(community.general) == []


async def test_its_author_cannot_approve_it_and_hears_who_can(community: Community) -> None:
    await ask_for_approval(community)
    panel = await planned(community)

    for refused in (
        await community.moderator.click(card_on(community), label="Approve"),
        await press(community.moderator, panel, "Approve"),
    ):
        assert "any other moderator" in words(refused)

    assert "Waits for approval" in words(await reopened(community))


async def test_a_second_press_on_the_card_says_that_it_is_done(community: Community) -> None:
    await ask_for_approval(community)
    second, third = add_moderator(community), add_moderator(community, "third")
    await planned(community)
    panel = await opened_by(community, third)
    await second.click(card_on(community), label="Approve")

    for label in ("Approve", "Send back"):
        refused = await press(third, panel, label)
        assert "doesn't wait for approval any more" in words(refused)

    await community.travel_to(community.clock.now() + 2 * DAY)
    assert len(posts(community.general)) == 1


async def test_sent_back_its_author_reads_why_on_the_card_and_asks_again(
    community: Community,
) -> None:
    await ask_for_approval(community)
    second = add_moderator(community)
    await planned(community)

    form = await second.click(card_on(community), label="Send back")
    await second.submit_modal(form, {"reason": "Name the *room*, please."})

    card = card_on(community)
    assert f"<@{second.id}> sent “{WORDS['title']}” back to <@{community.moderator.id}>" in words(
        card
    )
    assert r"> Name the \*room\*, please." in words(card)
    panel = await reopened(community)
    assert r"Sent back: “Name the \*room\*, please.”" in words(panel)
    form = await press(community.moderator, panel, "Edit")
    panel = await community.moderator.submit_modal(form, WORDS | {"body": "In the blue room."})
    await press(community.moderator, panel, "Plan it")
    await press(second, await opened_by(community, second), "Approve")
    await community.travel_to(community.clock.now() + DAY)
    (post,) = posts(community.general)
    assert "In the blue room." in words(post)


async def test_edited_after_approval_it_pauses_until_it_is_approved_again(
    community: Community,
) -> None:
    await ask_for_approval(community)
    second = add_moderator(community)
    await weekly(community)
    await second.click(card_on(community), label="Approve")

    form = await press(community.moderator, await reopened(community), "Edit")
    changed = await community.moderator.submit_modal(form, WORDS | {"title": "Loud hour"})

    assert "Changed, not approved yet" in words(changed)
    assert "Nothing is posted until" in words(changed)
    await community.travel_to(community.clock.now() + 2 * DAY)
    assert posts(community.general) == []
    await press(community.moderator, await reopened(community), "Ask for approval")
    await second.click(card_on(community), label="Approve")
    await community.travel_to(community.clock.now() + 7 * DAY)
    (post,) = posts(community.general)
    assert "Loud hour" in words(post)


async def test_a_time_that_passed_while_it_waited_is_refused_with_the_next_step(
    community: Community,
) -> None:
    await ask_for_approval(community)
    second = add_moderator(community)
    await planned(community)
    await community.travel_to(community.clock.now() + 2 * DAY)

    refused = await second.click(card_on(community), label="Approve")

    assert "Its time passed while it waited" in words(refused)
    assert "Choose another time in /announcements" in words(refused)
    assert posts(community.general) == []


async def test_without_a_desk_it_waits_in_the_list(community: Community) -> None:
    await ask_for_approval(community, desk=False)
    second = add_moderator(community)

    await planned(community)

    assert posts(community.desk) == []
    approved = await press(second, await opened_by(community, second), "Approve")
    assert "**Planned**" in words(approved)


async def test_where_the_desk_cannot_be_reached_it_waits_and_its_author_hears_of_it(
    community: Community,
) -> None:
    await ask_for_approval(community)
    forbid(community, community.desk, "send_messages")

    told = await planned(community)

    assert "I could not show it on the moderators' desk" in words(told)
    assert "Waits for approval" in words(await reopened(community))


async def test_the_card_shows_the_picture_and_loses_it_with_the_decision(
    community: Community,
) -> None:
    await ask_for_approval(community)
    second = add_moderator(community)
    form = await press(community.moderator, await with_picture(community), "Edit")
    panel = await community.moderator.submit_modal(form, WORDS | {"alt": "A cat."})
    panel = await in_channel(community, panel)
    await press(community.moderator, panel, "Send now")

    card = card_on(community)
    assert galleries(card)[0]["description"] == "A cat."
    assert await card.attachments[0].read() == PNG
    assert "within a minute after it is approved" in words(card)
    await second.click(card, label="Approve")

    assert card_on(community).attachments == []
    await community.travel_to(community.clock.now() + 60)
    assert len(posts(community.general)) == 1


async def test_switched_off_while_it_waits_plan_it_works_as_before(community: Community) -> None:
    await ask_for_approval(community)
    await planned(community)
    shown = await press(community.moderator, await listed(community), "Switch approval off")
    assert "approval: off" in words(shown)

    panel = await reopened(community)
    assert "Approval is switched off by now" in words(panel)
    await community.travel_to(community.clock.now() + DAY // 2)
    await press(community.moderator, panel, "Plan it")
    await community.travel_to(community.clock.now() + DAY // 2)

    assert len(posts(community.general)) == 1


async def test_the_staff_role_alone_cannot_switch_approval_off(community: Community) -> None:
    await ask_for_approval(community)
    helpers = community.guild.create_role("Helpers")
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_role_id=helpers.id
    )
    helper = community.guild.add_member(community.env.create_user("helper"), roles=[helpers])
    await planned(community)
    shown = await listed(community)
    demote(community)
    community.env.backend.add_member_role(community.guild.id, community.moderator.id, helpers.id)

    refused = await press(community.moderator, shown, "Switch approval off")

    assert "needs the permission Manage Server" in words(refused)
    assert (await community.services.guilds.settings(community.guild.id)).needs_approval
    await helper.click(card_on(community), label="Approve")
    assert "approved “" in words(card_on(community))


async def test_members_can_neither_approve_nor_send_back(community: Community) -> None:
    await ask_for_approval(community)
    await planned(community)

    for label in ("Approve", "Send back"):
        refused = await community.member.click(card_on(community), label=label)
        assert "This is for moderators" in words(refused)


async def test_the_longest_one_fits_into_its_card_and_its_panel(community: Community) -> None:
    await ask_for_approval(community)
    second = add_moderator(community)
    text = ("He committed suicide last year. " * 60)[: rules.BODY_LENGTH]
    panel = await write(community, title="T" * rules.TITLE_LENGTH, body=text)
    panel = await in_channel(community, panel)
    values = {"weekdays": [str(day) for day in range(6)], "weeks": "52", "time": "23:59"}
    panel = await at(community, panel, "weeks", **values, start="2027-03-15", end="2099-12-31")
    waiting = await press(community.moderator, panel, "Plan it")
    assert len(words(waiting)) < MOST_WORDS
    assert len(words(card_on(community))) < MOST_WORDS

    form = await second.click(card_on(community), label="Send back")
    await second.submit_modal(form, {"reason": "*" * REASON_LENGTH})

    panel = await reopened(community)
    assert "Sent back" in words(panel)
    assert len(words(panel)) < MOST_WORDS
    assert {"Plan it", "Send now"} <= set(labels(panel))


async def test_a_change_of_the_setting_is_in_the_log(community: Community) -> None:
    await ask_for_approval(community)

    log = words(await community.moderator.slash(community.desk, "audit"))

    assert "Approval of announcements" in log
