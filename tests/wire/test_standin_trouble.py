"""The stand-in's limits, faults and gateway, tried with a plain discord.py client."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import discord
import pytest

from tests.wire.plain_bot import PlainBot, running_bot, text_channel
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.connector import make_connector
from tests.wire.standin.faults import Answer, CloseAfter, CloseBefore, Delay, Hang
from tests.wire.standin.limits import Limits, TooMany
from tests.wire.standin.model import channel_id, guild_id
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

POSTS = r"/channels/\d+/messages"


async def test_a_429_with_via_is_waited_out(standin: StandIn, bot: PlainBot) -> None:
    standin.faults.add("POST", POSTS, TooMany(retry_after=0.02))
    await text_channel(bot).send("Hello")
    assert standin.limits.refused == 1
    assert len(standin.world.posts) == 1


async def test_a_429_without_via_is_raised(standin: StandIn, bot: PlainBot) -> None:
    standin.faults.add("POST", POSTS, TooMany(via=False))
    with pytest.raises(discord.HTTPException) as refused:
        await text_channel(bot).send("Hello")
    assert refused.value.status == 429


async def test_a_500_is_tried_again(standin: StandIn, bot: PlainBot) -> None:
    rule = standin.faults.add("POST", POSTS, Answer(500))
    await text_channel(bot).send("Hello")
    assert rule.hits == 1
    assert standin.counts["POST", "/channels/{}/messages", 500] == 1
    assert len(standin.world.messages[channel_id(0)]) == 1


async def test_a_503_after_the_fact_is_raised(standin: StandIn, bot: PlainBot) -> None:
    standin.faults.add("POST", POSTS, Answer(503, processed=True))
    with pytest.raises(discord.DiscordServerError):
        await text_channel(bot).send("Hello")
    assert len(standin.world.messages[channel_id(0)]) == 1


async def test_a_connection_closed_too_early_leaves_the_message(
    standin: StandIn, bot: PlainBot
) -> None:
    channel = text_channel(bot)
    standin.faults.add("POST", POSTS, CloseAfter())
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("Hello", nonce="n")
    (stored,) = standin.world.messages[channel.id]
    assert (await channel.send("Hello", nonce="n")).id == stored.id


async def test_a_connection_closed_beforehand_leaves_nothing(
    standin: StandIn, bot: PlainBot
) -> None:
    standin.faults.add("POST", POSTS, CloseBefore())
    with pytest.raises((aiohttp.ClientError, OSError)):
        await text_channel(bot).send("Hello")
    assert standin.world.messages[channel_id(0)] == []


async def test_answers_can_be_late_or_never_come(standin: StandIn, bot: PlainBot) -> None:
    standin.faults.add("POST", POSTS, Delay(0.05))
    late = asyncio.create_task(text_channel(bot).send("Hello"))
    await standin.wait_until(lambda: standin.world.posts)
    assert not late.done()
    await late

    rule = standin.faults.add("POST", POSTS, Hang(processed=True), times=None)
    never = asyncio.create_task(text_channel(bot).send("Hello"))
    await standin.wait_until(lambda: len(standin.world.posts) == 2)
    rule.stop()
    never.cancel()
    assert rule.hits == 1


async def test_more_than_fifty_a_second_are_refused(standin: StandIn, bot: PlainBot) -> None:
    channels = [text_channel(bot, index, number) for index in range(3) for number in range(2)]
    sends = [channels[number % 6].send(str(number)) for number in range(60)]
    await asyncio.gather(*sends)
    assert standin.limits.refused > 0
    assert standin.limits.peak > 50
    assert len(standin.world.posts) == 60


async def test_the_global_429_says_all_that_discord_says(standin: StandIn) -> None:
    standin.limits.per_second = 1
    connector = make_connector(standin.port, standin.ca_file)
    headers = {"Authorization": f"Bot {standin.world.token}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        await session.get("https://discord.com/api/v10/users/@me")
        refused = await session.get("https://discord.com/api/v10/users/@me")
        body = await refused.json()
    assert refused.status == 429
    assert (body["global"], 0 < body["retry_after"] <= 1) == (True, True)
    assert refused.headers["Content-Type"] == "application/json"
    assert refused.headers["Via"] == "1.1 google"
    assert refused.headers["X-RateLimit-Scope"] == "global"
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert int(refused.headers["Retry-After"]) >= 1


async def test_interactions_are_exempt_from_the_limit(standin: StandIn, bot: PlainBot) -> None:
    standin.limits.per_second = 0
    replies = [
        await standin.interact("slash", "hello", options={"name": str(number)})
        for number in range(60)
    ]
    for reply in replies:
        await reply.first()
    assert standin.limits.refused == 0


async def test_a_channels_bucket_is_kept_by_the_client(tmp_path: Path) -> None:
    limits = Limits(per_channel=(2, 0.2))
    async with StandIn(World(), MovableClock(tmp_path / "clock"), limits) as standin:
        async with running_bot(standin) as client:
            for number in range(5):
                await text_channel(client).send(str(number))
        assert limits.refused == 0
        ats = [post.at for post in standin.world.posts]
        assert ats[4] - ats[0] >= 0.3


async def test_a_dropped_socket_is_resumed_and_nothing_is_missed(
    standin: StandIn, bot: PlainBot
) -> None:
    standin.gateway.drop()
    await standin.wait_until(lambda: not standin.gateway.is_connected)
    reply = await standin.interact("slash", "hello", options={"name": "Ada"})
    assert (await reply.first()).data["content"] == "Hello, Ada."
    assert standin.gateway.resumes == 1
    assert standin.gateway.identifies == 1


async def test_op_7_makes_the_bot_resume(standin: StandIn, bot: PlainBot) -> None:
    standin.gateway.ask_reconnect()
    await standin.wait_until(lambda: standin.gateway.resumes == 1)
    assert standin.gateway.identifies == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_op_9_says_whether_to_resume(
    standin: StandIn, bot: PlainBot, resumable: bool
) -> None:
    standin.gateway.invalidate(resumable=resumable)
    await standin.wait_until(lambda: standin.gateway.connections == 2)
    await standin.wait_until(lambda: standin.gateway.is_connected)
    assert (standin.gateway.resumes, standin.gateway.identifies) == (
        (1, 1) if resumable else (0, 2)
    )  # fmt: skip


async def test_a_forgotten_session_starts_anew(standin: StandIn, bot: PlainBot) -> None:
    standin.gateway.forget_sessions()
    await standin.gateway.close(4000)
    await standin.wait_until(lambda: standin.gateway.identifies == 2)
    assert standin.gateway.resumes == 1


async def test_final_close_codes_end_the_bot(standin: StandIn) -> None:
    standin.gateway.refuse_identify = 4014
    client = PlainBot(standin.port, standin.ca_file)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(standin.world.token)
    await client.close()


async def test_silence_makes_the_bot_reconnect(standin: StandIn) -> None:
    standin.gateway.heartbeat_seconds = 0.1
    standin.gateway.acks = False
    async with running_bot(standin, heartbeat_timeout=0.3):
        await standin.wait_until(lambda: standin.gateway.connections >= 2)
        assert standin.gateway.heartbeats >= 2


async def test_an_outage_is_survived(standin: StandIn, bot: PlainBot) -> None:
    standin.go_down()
    await standin.wait_until(lambda: not standin.gateway.sockets)
    with pytest.raises(aiohttp.ClientError):
        await text_channel(bot).send("Hello")
    await standin.come_back()
    await standin.wait_until(lambda: standin.gateway.resumes == 1, timeout=8)
    await text_channel(bot).send("Hello")


async def test_shards_get_their_own_communities(standin: StandIn) -> None:
    async with (
        running_bot(standin, shard_id=0, shard_count=2) as first,
        running_bot(standin, shard_id=1, shard_count=2) as second,
    ):
        assert {guild.id for guild in first.guilds} == {guild_id(0), guild_id(2)}
        assert {guild.id for guild in second.guilds} == {guild_id(1)}
        reply = await standin.interact("slash", "where", where=channel_id(1))
        await reply.first()


async def test_a_killed_process_posts_once_and_reads_the_moved_clock(standin: StandIn) -> None:
    program = [sys.executable, "-m", "tests.wire.plain_bot"]
    root = Path(__file__).parents[2]
    arguments = [str(standin.port), str(standin.ca_file), str(standin.clock.path), "n"]

    async def start() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *program, *arguments, cwd=root, stdout=asyncio.subprocess.PIPE
        )

    rule = standin.faults.add("POST", POSTS, Hang(processed=True))
    first = await start()
    await standin.wait_until(lambda: standin.world.posts, timeout=15)
    first.kill()
    await first.wait()

    standin.clock.move(200)
    second = await start()
    output, _ = await second.communicate()
    assert abs(float(output) - standin.clock.now()) < 5
    assert rule.hits == 1
    assert [post.is_repeat for post in standin.world.posts] == [False, True]
    assert len(standin.world.messages[channel_id(0)]) == 1


async def test_a_breakdown_of_the_stand_in_is_raised_on_leaving(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup, match="nonsense"):
        async with (
            StandIn(World(), MovableClock(tmp_path / "clock")) as standin,
            aiohttp.ClientSession(
                connector=make_connector(standin.port, standin.ca_file)
            ) as session,
        ):
            await session.post("https://discord.com/api/v10/channels/1/messages", data=b"{")
