"""The stand-in's answers, tried with a plain discord.py client over real sockets."""

import io
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import ui
from discord.http import Route

from tests.wire.plain_bot import Card, PlainBot, running_bot, text_channel
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.connector import make_connector
from tests.wire.standin.interactions import Person, Ref
from tests.wire.standin.model import HISTORY, SEND, VIEW, channel_id, dm_id, guild_id, user_id
from tests.wire.standin.reading import words
from tests.wire.standin.server import StandIn


async def test_a_client_logs_in_and_sees_every_guild(standin: StandIn, bot: PlainBot) -> None:
    assert sorted(guild.id for guild in bot.guilds) == [guild_id(index) for index in range(3)]
    permissions = text_channel(bot).permissions_for(text_channel(bot).guild.me)
    assert permissions.send_messages
    assert permissions.read_message_history
    assert standin.gateway.identifies == 1
    assert standin.unknown == []


async def test_a_wrong_token_is_refused(standin: StandIn) -> None:
    client = PlainBot(standin.port, standin.ca_file)
    with pytest.raises(discord.LoginFailure):
        await client.start("wrong")
    await client.close()


async def test_other_hosts_are_offline(standin: StandIn) -> None:
    connector = make_connector(standin.port, standin.ca_file)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get("https://example.org/")


async def test_a_sync_is_remembered_and_keeps_ids(standin: StandIn, bot: PlainBot) -> None:
    first = await bot.tree.sync()
    again = await bot.tree.sync()
    assert [one.id for one in first] == [one.id for one in again]
    assert standin.world.command_writes == 2
    assert len(await bot.tree.fetch_commands()) == 6


async def test_a_command_is_answered(standin: StandIn, bot: PlainBot) -> None:
    reply = await standin.interact("slash", "hello", options={"name": "Ada"})
    first = await reply.first()
    assert (first.type, first.data["content"], first.flags) == (4, "Hello, Ada.", 64)
    assert 0 < first.latency < 3
    assert standin.world.messages[channel_id(0)] == []


async def test_a_deferral_an_edit_and_a_followup_arrive(standin: StandIn, bot: PlainBot) -> None:
    reply = await standin.interact("slash", "slow")
    assert (await reply.first()).type == 5
    assert words(await reply.shown()) == "Here you are.\nMore"
    assert (await reply.followed_up()).current["content"] == "One more thing."


async def test_suggestions_are_offered(standin: StandIn, bot: PlainBot) -> None:
    reply = await standin.interact(
        "autocomplete", "hello", options={"name": "A"}, focused="name"
    )  # fmt: skip
    assert [one["value"] for one in (await reply.first()).data["choices"]] == ["Aa", "Ab"]


async def test_a_press_changes_the_message(standin: StandIn, bot: PlainBot) -> None:
    await text_channel(bot).send(view=Card())
    (message,) = standin.world.messages[channel_id(0)]
    reply = await standin.interact("press", "card:more", message=message)
    assert (await reply.first()).type == 7
    assert words(message.current) == "And another one.\nMore"


async def test_a_choice_is_resolved(standin: StandIn, bot: PlainBot) -> None:
    await text_channel(bot).send(view=Card())
    (message,) = standin.world.messages[channel_id(0)]
    chosen = [str(channel_id(0, 1))]
    reply = await standin.interact("press", "card:where", message=message, values=chosen)
    assert (await reply.first()).data["content"] == chosen[0]


async def test_a_control_that_is_not_there_cannot_be_pressed(
    standin: StandIn, bot: PlainBot
) -> None:
    await text_channel(bot).send(view=Card())
    (message,) = standin.world.messages[channel_id(0)]
    with pytest.raises(LookupError, match="card:more"):
        await standin.interact("press", "card:less", message=message)


async def test_a_form_is_shown_and_sent_off(standin: StandIn, bot: PlainBot) -> None:
    form = await standin.interact("slash", "write")
    assert (await form.first()).data["title"] == "A note"
    fields = {"words": "Clouds", "Colour": ["blue"]}
    reply = await standin.interact("submit", form=form, fields=fields)
    assert (await reply.first()).data["content"] == "Clouds in blue"


@pytest.mark.parametrize(("kind", "said"), [("dm", "dm None"), ("group", "group None")])
async def test_commands_work_outside_communities(
    standin: StandIn, bot: PlainBot, kind: str, said: str
) -> None:
    world, person = standin.world, Person(7)
    where = world.open_dm(person.id).id if kind == "dm" else world.open_group(person.id)
    reply = await standin.interact("slash", "where", where=where, by=person, installed="user")
    assert (await reply.first()).data["content"] == f"{said} user"


async def test_a_command_works_where_the_bot_is_no_member(standin: StandIn, bot: PlainBot) -> None:
    where = standin.world.open_foreign()
    reply = await standin.interact("slash", "where", where=where)
    assert (await reply.first()).data["content"] == f"guild {guild_id(1_000_000)} user"


async def test_options_and_members_are_resolved(standin: StandIn) -> None:
    role_id = standin.world.add_role(0, "Friends")
    async with running_bot(standin):
        reply = await standin.interact(
            "slash", "pick", options={"place": Ref("channel", channel_id(0, 1))},
            by=Person(3, role_ids=[role_id], joined_at=0.0),
        )  # fmt: skip
        said = (await reply.first()).data["content"]
    assert said == f"{channel_id(0, 1)} ['@everyone', 'Friends'] 1970-01-01 00:00:00+00:00"


async def test_a_message_menu_carries_the_message(standin: StandIn, bot: PlainBot) -> None:
    said = standin.world.say(channel_id(0), "I am tired", standin.clock.now())
    reply = await standin.interact("message", "Read", target=said)
    assert (await reply.first()).data["content"] == "Read: I am tired"


async def test_an_interaction_is_answered_once(standin: StandIn, bot: PlainBot) -> None:
    reply = await standin.interact("slash", "hello", options={"name": "Ada"})
    await reply.first()
    route = Route("POST", f"/interactions/{reply.id}/{reply.token}/callback")
    with pytest.raises(discord.HTTPException) as refused:
        await bot.http.request(route, json={"type": 5})
    assert refused.value.code == 40060
    assert [one.code for one in reply.refusals] == [40060]


async def test_a_token_ends_after_fifteen_minutes(standin: StandIn, bot: PlainBot) -> None:
    reply = await standin.interact("slash", "slow")
    await reply.followed_up()
    standin.clock.move(901)
    route = Route("GET", f"/webhooks/{bot.application_id}/{reply.token}/messages/@original")
    with pytest.raises(discord.HTTPException) as refused:
        await bot.http.request(route)
    assert refused.value.code == 50027


async def test_a_repeated_nonce_adds_nothing_for_five_minutes(
    standin: StandIn, bot: PlainBot
) -> None:
    channel = text_channel(bot)
    first = await channel.send(view=Card(), nonce="tips-1")
    standin.clock.move(299)
    assert (await channel.send(view=Card(), nonce="tips-1")).id == first.id
    (message,) = standin.world.messages[channel.id]
    assert len(message.repeats) == 1
    assert message.payload["flags"] == 1 << 15

    standin.clock.move(2)
    assert (await channel.send(view=Card(), nonce="tips-1")).id != first.id
    assert len(standin.world.messages[channel.id]) == 2
    assert [post.is_repeat for post in standin.world.posts] == [False, True, False]


async def test_a_message_carries_its_upload(standin: StandIn, bot: PlainBot) -> None:
    view = ui.LayoutView()
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://calm.txt")))
    file = discord.File(io.BytesIO(b"calm"), "calm.txt")
    message = await text_channel(bot).send(view=view, file=file)
    assert await message.attachments[0].read() == b"calm"
    assert standin.world.messages[channel_id(0)][0].files[0].data == b"calm"


async def test_messages_are_changed_and_deleted(standin: StandIn, bot: PlainBot) -> None:
    message = await text_channel(bot).send("One")
    await message.edit(content="Two")
    assert standin.world.messages[channel_id(0)][0].current["content"] == "Two"
    await message.delete()
    with pytest.raises(discord.NotFound):
        await text_channel(bot).fetch_message(message.id)


async def test_history_is_searched_by_time(standin: StandIn, bot: PlainBot) -> None:
    channel = text_channel(bot)
    for number in range(5):
        await channel.send(str(number))
        standin.clock.move(3600)
    middle = standin.world.messages[channel.id][2]
    at = discord.utils.snowflake_time(middle.id)

    async def found(**where: Any) -> list[str]:
        return [message.content async for message in channel.history(**where)]

    assert await found() == ["4", "3", "2", "1", "0"]
    assert await found(before=at) == ["1", "0"]
    assert await found(after=at, limit=1) == ["3"]
    assert await found(after=discord.Object(middle.id)) == ["3", "4"]
    assert await found(around=discord.Object(middle.id), limit=3) == ["3", "2", "1"]


@pytest.mark.parametrize(("denied", "code"), [(VIEW, 50001), (SEND, 50013)])
async def test_a_forbidden_channel_says_so(
    standin: StandIn, bot: PlainBot, denied: int, code: int
) -> None:
    standin.world.deny(channel_id(0), denied)
    with pytest.raises(discord.Forbidden) as refused:
        await text_channel(bot).send("Hello")
    assert refused.value.code == code
    assert standin.invalid_requests == 1


async def test_history_is_empty_without_the_permission(standin: StandIn, bot: PlainBot) -> None:
    await text_channel(bot).send("Hello")
    standin.world.deny(channel_id(0), HISTORY)
    assert [one async for one in text_channel(bot).history()] == []


async def test_lost_channels_and_threads_are_unknown(standin: StandIn, bot: PlainBot) -> None:
    thread_id = standin.world.open_thread(channel_id(0))
    for lost in (channel_id(1), thread_id):
        standin.world.lose(lost)
        with pytest.raises(discord.NotFound) as refused:
            await bot.get_partial_messageable(lost).send("Hello")
        assert refused.value.code == 10003


async def test_a_person_may_close_their_messages(standin: StandIn, bot: PlainBot) -> None:
    person = await bot.fetch_user(user_id(4))
    await person.send("Hello")
    assert len(standin.world.messages[dm_id(user_id(4))]) == 1
    standin.world.close_dm(user_id(4))
    with pytest.raises(discord.Forbidden) as refused:
        await person.send("Hello")
    assert refused.value.code == 50007


async def test_changes_are_told_when_the_test_says_so(standin: StandIn, bot: PlainBot) -> None:
    standin.world.lose(channel_id(0))
    standin.announce(channel_id(0))
    standin.join(3)
    standin.leave(1)
    reply = await standin.interact("slash", "hello", options={"name": "x"}, where=channel_id(2))
    await reply.first()
    assert bot.get_channel(channel_id(0)) is None
    assert {guild.id for guild in bot.guilds} == {guild_id(index) for index in (0, 2, 3)}


async def test_two_processes_read_one_clock(tmp_path: Path) -> None:
    ours, theirs = MovableClock(tmp_path / "clock"), MovableClock(tmp_path / "clock")
    ours.move(3600)
    assert theirs.offset == 3600
    theirs.move_to(0)
    assert abs(ours.now()) < 5


async def test_an_unknown_route_is_recorded(standin: StandIn, bot: PlainBot) -> None:
    with pytest.raises(discord.NotFound):
        await bot.fetch_invite("calm")
    assert standin.unknown == [("GET", "/invites/calm")]
