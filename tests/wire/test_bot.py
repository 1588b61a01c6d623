"""The real process: starting, stopping, outages of Discord, and what it sends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import NOON
from tests.wire.process import BotProcess, add_schedules, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.faults import Answer, CloseAfter, Delay
from tests.wire.standin.interactions import Person, moderator
from tests.wire.standin.limits import TooMany
from tests.wire.standin.model import HISTORY, SEND, channel_id
from tests.wire.standin.reading import controls, words
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = pytest.mark.wire

POSTS = r"/channels/\d+/messages"
SLOW = 20.0


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    """A Discord with four communities, at noon on 14 March 2027."""
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(NOON)
    async with StandIn(World(guilds=4, channels=2), clock) as running:
        yield running


@pytest.fixture
async def process(standin: StandIn, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """The bot, not started yet."""
    async with bot_process(standin, tmp_path) as made:
        yield made
    assert "Traceback" not in made.said()


async def start_ready(standin: StandIn, process: BotProcess, *arguments: str) -> None:
    """Start the bot and wait until its commands are there and it is connected."""
    await process.start(*arguments)
    await standin.wait_until(
        lambda: standin.world.commands and standin.gateway.is_connected, timeout=SLOW
    )


async def test_a_post_carries_its_nonce_and_its_key(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    await add_schedules(process.database_url, tmp_path, [NOON], NOON - 60)
    await process.start()

    (post,) = await standin.wait_until(lambda: standin.world.posts, timeout=SLOW)

    assert post.payload["enforce_nonce"] is True
    assert any(str(post.nonce) in custom_id for custom_id in controls(post.payload))
    assert post.payload["allowed_mentions"]["parse"] == []


@pytest.mark.parametrize(
    "fault",
    [
        Answer(500),
        Answer(502, processed=True),
        CloseAfter(),
        Delay(0.5),
        TooMany(retry_after=0.2),
        TooMany(retry_after=0.2, via=False),
    ],
    ids=repr,
)
async def test_trouble_on_the_way_neither_loses_nor_doubles_a_post(
    standin: StandIn,
    process: BotProcess,
    tmp_path: Path,
    fault: Answer | CloseAfter | Delay | TooMany,
) -> None:
    standin.faults.add("POST", POSTS, fault)
    await add_schedules(process.database_url, tmp_path, [NOON, NOON], NOON - 60)
    await process.start()

    await standin.wait_until(lambda: standin.world.posts, timeout=SLOW)
    standin.clock.move(6)
    await standin.wait_until(
        lambda: all(standin.world.posted(channel_id(index)) for index in (0, 1)), timeout=SLOW
    )
    standin.clock.move(60)
    await process.stop()

    assert [len(standin.world.posted(channel_id(index))) for index in (0, 1)] == [1, 1]


async def test_one_bad_community_delays_nobody_and_its_moderators_can_read_why(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    standin.world.lose(channel_id(0))
    standin.world.deny(channel_id(1), SEND)
    await add_schedules(process.database_url, tmp_path, [NOON] * 4, NOON - 60)
    await start_ready(standin, process)

    await standin.wait_until(
        lambda: all(standin.world.posted(channel_id(index)) for index in (2, 3)), timeout=SLOW
    )
    await process.stop()
    await process.start()
    await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)
    status = await standin.interact("slash", "status", where=channel_id(0, 1), by=moderator(0))

    assert "stopped" in words(await status.shown())
    assert not standin.world.posted(channel_id(0))
    assert not standin.world.posted(channel_id(1))


async def test_an_unreadable_history_holds_the_post_instead_of_doubling_it(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    standin.faults.add("POST", POSTS, CloseAfter())
    await add_schedules(process.database_url, tmp_path, [NOON], NOON - 60)
    await process.start()
    await standin.wait_until(lambda: standin.world.posts, timeout=SLOW)
    await process.kill()
    standin.world.deny(channel_id(0), HISTORY)
    standin.clock.move(400)

    await start_ready(standin, process)
    status = await standin.interact("slash", "status", where=channel_id(0, 1), by=moderator(0))
    assert "Read Message History" in words(await status.shown())
    assert len(standin.world.posted(channel_id(0))) == 1


async def test_sigterm_finishes_the_post_in_flight(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    standin.faults.add("POST", POSTS, Delay(0.5, processed=False))
    await add_schedules(process.database_url, tmp_path, [NOON], NOON - 60)
    await process.start()
    rule = standin.faults.rules[0]
    await standin.wait_until(lambda: rule.hits, timeout=SLOW)

    assert await process.stop() == 0

    assert len(standin.world.posted(channel_id(0))) == 1


async def test_the_bot_resumes_after_a_dropped_socket_and_after_an_invalid_session(
    standin: StandIn, process: BotProcess
) -> None:
    await start_ready(standin, process)
    for disturb in (
        standin.gateway.drop,
        standin.gateway.ask_reconnect,
        lambda: standin.gateway.invalidate(resumable=False),
    ):
        disturb()
        await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
        await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)
        reply = await standin.interact("slash", "tip")
        assert "Try this" in words(await reply.shown(timeout=SLOW))


async def test_a_reconnect_does_not_start_a_second_poster(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    await start_ready(standin, process)
    for _ in range(3):
        standin.gateway.invalidate(resumable=False)
        await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
        await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)
    await add_schedules(process.database_url, tmp_path, [NOON + 60] * 4, NOON)
    standin.clock.move(90)
    await standin.wait_until(lambda: len(standin.world.posts) >= 4, timeout=SLOW)
    standin.clock.move(60)
    await process.stop()

    assert [len(standin.world.posted(channel_id(index))) for index in range(4)] == [1] * 4


async def test_a_tip_works_for_a_user_install_where_the_bot_is_not(
    standin: StandIn, process: BotProcess
) -> None:
    await start_ready(standin, process)
    elsewhere = standin.world.open_foreign()

    reply = await standin.interact("slash", "tip", where=elsewhere, by=Person(5), installed="user")

    first = await reply.first()
    assert first.flags & 64
    assert "Try this" in words(await reply.shown())


async def test_moderators_commands_refuse_where_the_bot_was_not_added(
    standin: StandIn, process: BotProcess
) -> None:
    await start_ready(standin, process)
    elsewhere = standin.world.open_foreign()

    reply = await standin.interact(
        "slash", "tips schedule", where=elsewhere, by=moderator(5), installed="user"
    )

    assert "added" in words(await reply.shown())


async def test_the_commands_are_sent_once_and_not_again_without_a_change(
    standin: StandIn, process: BotProcess
) -> None:
    await start_ready(standin, process)
    await process.stop()
    await process.start()
    await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)

    assert standin.world.command_writes == 1


async def test_a_wrong_token_is_a_sentence_and_exit_code_2(
    standin: StandIn, process: BotProcess
) -> None:
    process.settings["DISCORD_TOKEN"] = "not.the.token"
    await process.start()

    assert await process.wait() == 2
    assert "DISCORD_TOKEN: Discord does not accept it" in process.said()


async def test_an_unreachable_discord_is_a_sentence_and_an_exit_code_that_invites_a_restart(
    standin: StandIn, process: BotProcess
) -> None:
    standin.go_down()
    await process.start()

    assert await process.wait() == 1
    assert "Discord can't be reached" in process.said()
    await standin.come_back()


async def test_health_checks_tell_a_running_bot_from_one_without_discord(
    standin: StandIn, process: BotProcess, unused_tcp_port: int
) -> None:
    process.settings["HEALTH_PORT"] = str(unused_tcp_port)
    await start_ready(standin, process)
    base = f"http://127.0.0.1:{unused_tcp_port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{base}/healthz") as healthz:
            assert healthz.status == 200
            assert (await healthz.json())["database"] == "writable"
        async with asyncio.timeout(SLOW):
            while True:
                async with session.get(f"{base}/readyz") as readyz:
                    if readyz.status == 200:
                        break
        standin.go_down()
        await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
        async with asyncio.timeout(SLOW):
            while True:
                async with session.get(f"{base}/readyz") as readyz:
                    if readyz.status == 503:
                        break
    await standin.come_back()


async def test_a_health_port_in_use_is_a_sentence_and_exit_code_2(
    standin: StandIn, process: BotProcess
) -> None:
    process.settings["HEALTH_PORT"] = str(standin.port)
    await process.start()

    assert await process.wait() == 2
    assert "HEALTH_PORT" in process.said()
