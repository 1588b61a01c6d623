"""``/announce`` and ``/announcements``: written, looked at, sent, planned, and what is refused."""

import pytest

from bot.clock import HOUR
from tests.flows.announcing import (
    DAY,
    NOON_TOMORROW,
    PNG,
    WORDS,
    at,
    galleries,
    in_channel,
    listed,
    planned,
    reopened,
    with_picture,
    write,
)
from tests.flows.conftest import Community
from tests.flows.presence import forbid, run_hidden
from tests.flows.reading import choose, labels, press, words
from tests.flows.safety import fields_of
from tests.flows.tips import posts, wake_at


async def test_what_is_written_is_shown_as_it_will_look_and_nothing_is_posted(
    community: Community,
) -> None:
    panel = await write(community)

    assert panel.ephemeral
    assert words(panel).startswith(f"## {WORDS['title']}\n{WORDS['body']}")
    assert "**Draft**" in words(panel)
    assert "Open the link" in labels(panel)
    assert posts(community.general) == []


@pytest.mark.allow_mass_mention
async def test_the_post_looks_as_it_was_previewed(community: Community) -> None:
    panel = await in_channel(community, await write(community))
    panel = await choose(community.moderator, panel, "announce:role", [community.opt_in])
    preview = panel.response.components[0]
    await press(community.moderator, panel, "Send now")

    await community.travel_to(community.clock.now() + 60)

    (post,) = posts(community.general)
    container, ping = (component.to_dict() for component in post.components)
    assert container["accent_color"] == preview["accent_color"]
    assert container["components"][0]["content"] == preview["components"][0]["content"]
    assert len(container["components"]) == len(preview["components"])
    assert ping["content"] == f"<@&{community.opt_in.id}>"


async def test_sent_now_it_is_posted_once_within_a_minute(community: Community) -> None:
    panel = await in_channel(community, await write(community))

    await press(community.moderator, panel, "Send now")
    await community.travel_to(community.clock.now() + 60)
    await community.travel_to(community.clock.now() + DAY)

    assert len(posts(community.general)) == 1
    assert "Last: posted" in words(await reopened(community))


async def test_sending_now_twice_posts_it_once(community: Community) -> None:
    panel = await in_channel(community, await write(community))
    await press(community.moderator, panel, "Send now")

    again = await reopened(community)
    await community.travel_to(community.clock.now() + DAY)

    assert "Send now" not in labels(again)
    assert len(posts(community.general)) == 1


async def test_planned_once_it_is_posted_at_that_time(community: Community) -> None:
    panel = await planned(community)
    assert "**Planned**" in words(panel)
    assert "once, on 15 Mar 2027 at 12:00 (UTC)" in words(panel)

    await community.travel_to(community.clock.now() + DAY - 1)
    assert posts(community.general) == []
    await community.travel_to(community.clock.now() + DAY)

    assert len(posts(community.general)) == 1
    assert "Nothing more is to come" in words(await listed(community))


async def test_nobody_is_pinged_unless_a_role_was_chosen(community: Community) -> None:
    everyone = f"@everyone <@{community.member.id}> <@&{community.opt_in.id}>, come!"
    panel = await in_channel(community, await write(community, body=everyone))
    await press(community.moderator, panel, "Send now")

    await community.travel_to(community.clock.now() + 60)

    sent = [one for one in community.env.http_requests if one.path.endswith("/messages")]
    assert [(one.json or {})["allowed_mentions"] for one in sent] == [{"parse": []}]


@pytest.mark.allow_mass_mention
async def test_only_the_role_that_was_chosen_is_pinged(community: Community) -> None:
    panel = await in_channel(community, await write(community, body="@everyone, come!"))
    panel = await choose(community.moderator, panel, "announce:role", [community.opt_in])
    await press(community.moderator, panel, "Send now")

    await community.travel_to(community.clock.now() + 60)

    sent = [one for one in community.env.http_requests if one.path.endswith("/messages")]
    assert [(one.json or {})["allowed_mentions"] for one in sent] == [
        {"parse": [], "roles": [community.opt_in.id]}
    ]


async def test_a_picture_is_posted_with_its_alt_text(community: Community) -> None:
    panel = await with_picture(community)
    assert galleries(panel)[0]["description"] == "A grey cat asleep on a book."
    form = await press(community.moderator, panel, "Edit")
    panel = await community.moderator.submit_modal(
        form, WORDS | {"alt": "A grey cat asleep on an open book."}
    )
    panel = await in_channel(community, panel)
    assert len(galleries(panel)) == 1
    await press(community.moderator, panel, "Send now")

    await community.travel_to(community.clock.now() + 60)

    (post,) = posts(community.general)
    assert [file.description for file in post.attachments] == ["A grey cat asleep on an open book."]
    assert galleries(post)[0]["description"] == "A grey cat asleep on an open book."
    assert await post.attachments[0].read() == PNG


async def test_a_picture_can_be_taken_out(community: Community) -> None:
    panel = await with_picture(community)
    form = await press(community.moderator, panel, "Edit")
    panel = await community.moderator.submit_modal(form, WORDS | {"alt": "A cat."})

    bare = await press(community.moderator, panel, "Take the picture out")

    assert galleries(bare) == []
    assert bare.response.attachments == []
    assert "alt" not in fields_of(await press(community.moderator, bare, "Edit"))


@pytest.mark.parametrize(
    ("options", "content", "reason"),
    [
        ({"alt": "  "}, PNG, "A picture needs an alt text"),
        ({}, PNG + b"0" * 1024 * 1024, "larger than 1 MB"),
        ({}, b"<svg></svg>", "no picture that I know"),
    ],
)
async def test_a_picture_that_cannot_be_posted_is_refused(
    community: Community, options: dict[str, str], content: bytes, reason: str
) -> None:
    refused = await with_picture(community, content, **options)

    assert reason in words(refused)
    assert "Nothing is planned" in words(await listed(community))


async def test_a_picture_without_alt_text_is_refused(community: Community) -> None:
    refused = await community.moderator.slash(community.desk, "announce", picture=("a.png", PNG))

    assert "A picture needs an alt text" in words(refused)


async def test_a_picture_needs_words_before_it_is_sent(community: Community) -> None:
    panel = await in_channel(community, await with_picture(community))

    refused = await press(community.moderator, panel, "Send now")

    assert "no title or no text yet" in words(refused)


async def test_a_draft_survives_a_restart_with_its_picture_and_its_choices(
    community: Community,
) -> None:
    form = await press(community.moderator, await with_picture(community), "Edit")
    panel = await community.moderator.submit_modal(form, WORDS | {"alt": "A cat."})
    panel = await in_channel(community, panel)
    await at(community, panel, "once", **NOON_TOMORROW)
    await community.restart()

    panel = await reopened(community)

    assert WORDS["title"] in words(panel)
    assert f"Where: <#{community.general.id}>" in words(panel)
    assert "once, on 15 Mar 2027" in words(panel)
    assert len(galleries(panel)) == 1
    assert "**Planned**" in words(await press(community.moderator, panel, "Plan it"))


async def test_words_that_safe_messaging_advises_against_get_advice_and_can_be_sent(
    community: Community,
) -> None:
    body = "He committed suicide last year. Please reach out to a help line."
    panel = await in_channel(community, await write(community, body=body))
    assert "Safe messaging suggests" in words(panel)
    assert "“committed suicide”" in words(panel)

    await press(community.moderator, panel, "Send now")
    await community.travel_to(community.clock.now() + 60)

    assert len(posts(community.general)) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "\u200b\u200b\u200b"}, "The title needs at least 3"),
        ({"body": " . "}, "The text needs at least 3"),
        ({"link": "javascript:alert(1)"}, "not “javascript:alert(1)”"),
        ({"link": "not a link"}, "not “not a link”"),
    ],
)
async def test_what_cannot_be_kept_is_named_and_the_text_is_not_lost(
    community: Community, changes: dict[str, str], reason: str
) -> None:
    refused = await write(community, **changes)
    assert reason in words(refused)
    assert "Nothing is planned" in words(await listed(community))

    form = await press(community.moderator, refused, "Edit")

    typed = WORDS | changes
    kept = next(name for name in ("title", "body") if name not in changes)
    assert fields_of(form)[kept]["value"] == typed[kept]
    assert fields_of(form)["link"]["value"] == typed["link"]
    panel = await community.moderator.submit_modal(form, WORDS)
    assert "**Draft**" in words(panel)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"date": "2027-03-13", "time": "12:00"}, "That time is past"),
        ({"date": "2027-03-14", "time": "11:59"}, "That time is past"),
        ({"date": "tomorrow", "time": "12:00"}, "can't read “tomorrow” as a date"),
        ({"date": "2027-03-15", "time": "noonish"}, "can't read “noonish” as a time"),
        ({"date": "9999-01-01", "time": "12:00"}, "before the year 2100"),
    ],
)
async def test_a_time_that_cannot_be_kept_is_refused(
    community: Community, values: dict[str, str], reason: str
) -> None:
    refused = await at(community, await write(community), "once", **values)

    assert reason in words(refused)
    assert "When: choose below" in words(await reopened(community))


async def test_without_a_channel_or_a_time_nothing_is_planned(community: Community) -> None:
    panel = await write(community)
    assert "Choose a channel first" in words(await press(community.moderator, panel, "Send now"))
    panel = await in_channel(community, panel)

    assert "Choose when first" in words(await press(community.moderator, panel, "Plan it"))


async def test_a_channel_in_which_it_cannot_post_is_refused(community: Community) -> None:
    panel = await write(community)
    forbid(community, community.general, "send_messages")
    assert "I can't Send Messages" in words(await in_channel(community, panel))

    forbid(community, community.general, "attach_files")
    with_one = await with_picture(community)
    assert "I can't Attach Files" in words(await in_channel(community, with_one))
    assert f"Where: <#{community.general.id}>" in words(await in_channel(community, panel))


async def test_members_cannot_announce(community: Community) -> None:
    for name in ("announce", "announcements"):
        refused = await run_hidden(community.member, community.general, name)
        assert "This is for moderators" in words(refused)


async def test_what_is_more_than_three_hours_late_is_left_out_and_its_author_told(
    community: Community,
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
    )
    await planned(community)

    await wake_at(community, community.clock.now() + DAY + 3 * HOUR + 60)

    assert posts(community.general) == []
    (told,) = [post for post in community.desk.history() if "Quiet hour" in post.content]
    assert f"It was <@{community.moderator.id}>'s" in told.content
    assert "Last: not posted on 2027-03-15" in words(await reopened(community))


async def test_what_is_a_little_late_is_posted(community: Community) -> None:
    await planned(community)

    await wake_at(community, community.clock.now() + DAY + 2 * HOUR)

    assert len(posts(community.general)) == 1
