"""The sandbox: the real bot, a simulated Discord, one address, and time that can be moved."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.clock import DAY, HOUR
from bot.delivery.ports import Schedule
from bot.delivery.times import Recurrence
from bot.errors import RefusalError, SettingsError
from bot.sandbox import run_sandbox
from bot.sandbox.clock import parse_instant, parse_span, show_instant
from bot.sandbox.serving import Serving, serve_sandbox
from bot.sandbox.session import Sandbox
from bot.settings import Settings
from tests.conftest import NOON, ROOT

DAILY = Recurrence(9 * 60, "Europe/Berlin", frozenset(range(7)))
PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.sandbox import run_sandbox
from bot.settings import load_settings

settings = load_settings(None, state_dir=Path(sys.argv[1]), content_dir=Path(sys.argv[2]))
asyncio.run(run_sandbox(settings, commands=sys.argv[3:], port=0))
"""


@asynccontextmanager
async def sandbox_at_noon(settings: Settings, **options: Any) -> AsyncIterator[Serving]:
    """A sandbox on a free port whose present is noon on 14 March 2027 (UTC)."""
    async with serve_sandbox(settings, port=0, start_at=NOON, tell=str, **options) as serving:
        yield serving


@pytest.fixture
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    """A sandbox that nobody has used before."""
    async with sandbox_at_noon(settings) as opened:
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """Something that asks over HTTP."""
    async with aiohttp.ClientSession() as session:
        yield session


async def plan_daily_tips(sandbox: Sandbox) -> None:
    """Tips in the announcements, every day at 09:00 in Berlin."""
    services = sandbox.app.services
    assert services is not None
    schedule = Schedule(
        schedule_id=0,
        guild_id=sandbox.world.guild.id,
        kind="tips",
        channel_id=sandbox.world.find_place("announcements").channel.id,
        recurrence=DAILY,
        role_id=None,
        is_silent=False,
        options={},
        state="active",
        problem=None,
        next_run_at=None,
    )
    async with services.database.transaction() as tx:
        await services.schedules.save(tx, schedule)


def ids(sandbox: Sandbox) -> dict[str, int]:
    """Every id that settings and ledger may hold on to."""
    world, backend = sandbox.world, sandbox.env.backend
    return (
        {"guild": world.guild.id, "bot": backend.bot_user.id, "application": backend.application_id}
        | {place.name: place.channel.id for place in world.places}
        | {person.name: person.user.id for person in world.people}
        | {f"dm of {person.name}": person.user.dm_channel.id for person in world.people}
        | {f"role {name}": role.id for name, role in world.guild.roles.items()}
    )


async def open_page(browser: aiohttp.ClientSession, serving: Serving) -> dict[str, Any]:
    """What simcord's page gets when it opens, through the sandbox's address."""
    headers = {"X-Simcord-Capability": "sandbox"}
    async with browser.post(f"{serving.address}api/pages", json={}, headers=headers) as answer:
        assert answer.status == 200
        page: dict[str, Any] = await answer.json()
        return page


async def state_of(browser: aiohttp.ClientSession, serving: Serving) -> dict[str, Any]:
    """What the bar shows."""
    async with browser.get(f"{serving.address}sandbox/state") as answer:
        state: dict[str, Any] = await answer.json()
        return state


# ------------------------------------------------------------------ the address


async def test_the_address_shows_the_bar_and_the_channel(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    async with browser.get(serving.address) as answer:
        page = await answer.text()
        assert answer.headers["X-Frame-Options"] == "DENY"
    async with browser.get(f"{serving.address}channel") as answer:
        channel = await answer.text()
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]

    assert "Breather sandbox" in page
    assert "channel-composer-input" in channel
    assert "/sandbox/calm.css" in channel


async def test_a_visit_begins_in_the_communitys_channel_as_a_member(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    page = await open_page(browser, serving)

    assert page["channel"]["name"] == "community"
    assert page["channel"]["canUseApplicationCommands"]
    assert page["viewerId"] == str(serving.sandbox.world.people[0].user.id)


async def test_the_address_stays_when_channel_viewer_and_bot_change(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    seen = []
    for line in ("channel announcements", "as moderator", "restart", "dm"):
        await serving.obey(line)
        page = await open_page(browser, serving)
        seen.append((page["channel"]["name"], page["channel"]["canSendMessages"]))

    assert seen == [
        ("announcements", False),
        ("announcements", True),
        ("announcements", True),
        (None, True),
    ]


async def test_every_file_of_the_page_is_served(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    for name in (
        "sandbox/page.js",
        "sandbox/page.css",
        "sandbox/calm.css",
        "app.js",
        "favicon.ico",
    ):
        async with browser.get(serving.address + name) as answer:
            assert answer.status == 200, name
    async with browser.get(f"{serving.address}sandbox/session.py") as answer:
        assert answer.status == 404


async def test_the_capability_of_simcord_never_leaves_the_process(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    secret = (serving.sandbox.view.url or "").partition("#")[2]

    assert secret
    assert secret not in json.dumps(await state_of(browser, serving))
    assert secret not in json.dumps(await open_page(browser, serving))
    assert secret not in serving.greeting


@pytest.mark.parametrize("path", ["", "channel", "sandbox/state", "api/state"])
async def test_another_host_name_is_turned_away(
    serving: Serving, browser: aiohttp.ClientSession, path: str
) -> None:
    headers = {"Host": f"attacker.example:{serving.port}"}
    async with browser.get(serving.address + path, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", ["sandbox/command", "api/pages", "api/action"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://attacker.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_orders_from_another_site_are_turned_away(
    serving: Serving, browser: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    order = {"line": "+1d"}
    async with browser.post(serving.address + path, json=order, headers=headers) as answer:
        assert answer.status == 403

    assert serving.sandbox.clock.now() < NOON + HOUR


async def test_an_order_must_be_json_so_that_no_form_can_send_it(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    async with browser.post(f"{serving.address}sandbox/command", data='{"line": "+1d"}') as answer:
        assert answer.status == 415


async def test_the_page_sends_the_words_of_the_prompt(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    answers = []
    for line in ("channel announcements", "channel nowhere", "quit"):
        address = f"{serving.address}sandbox/command"
        async with browser.post(address, json={"line": line}) as answer:
            answers.append(await answer.json())

    assert answers[0] == {"refused": False, "text": ""}
    assert "Choose one of: community, announcements" in answers[1]["text"]
    assert "in its terminal" in answers[2]["text"]
    assert (await state_of(browser, serving))["place"] == "announcements"


async def test_a_port_in_use_is_named_with_a_next_step(
    serving: Serving, settings: Settings
) -> None:
    with pytest.raises(SettingsError, match=r"SANDBOX_PORT: port \d+ cannot be used.*--port"):
        await run_sandbox(settings, port=serving.port)


async def test_a_second_sandbox_does_not_touch_what_the_first_one_uses(
    serving: Serving, settings: Settings
) -> None:
    with pytest.raises(SettingsError):
        await run_sandbox(settings, port=serving.port, fresh=True)

    assert (settings.state_dir / "sandbox" / "breather.db").is_file()


async def test_without_its_extra_the_sandbox_says_how_to_get_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(SettingsError, match=r"needs the extra 'sandbox'.*pip install"):
        await run_sandbox(settings)


# ------------------------------------------------------------------ the community


async def test_ids_are_the_same_in_every_run(settings: Settings) -> None:
    async with sandbox_at_noon(settings) as first:
        ids_of_the_first = ids(first.sandbox)
    async with sandbox_at_noon(settings, fresh=True) as second:
        await second.obey("+30d")
        await second.obey("restart")

        assert ids(second.sandbox) == ids_of_the_first


async def test_the_bot_has_the_permissions_of_its_invite_link_only(serving: Serving) -> None:
    guild = serving.sandbox.app.client.guilds[0]
    allowed = guild.me.guild_permissions

    assert allowed.send_messages
    assert not allowed.administrator
    assert not allowed.manage_guild
    assert not allowed.mention_everyone


async def test_a_channel_closed_to_the_viewer_is_shown_to_someone_who_may_see_it(
    serving: Serving,
) -> None:
    answer = await serving.obey("channel moderators-desk")

    assert answer.text == (
        "Member one can't see moderators-desk; Moderator can. Showing moderators-desk as Moderator."
    )


async def test_a_person_who_may_not_see_the_channel_lands_in_the_first_one(
    serving: Serving,
) -> None:
    await serving.obey("channel desk")
    answer = await serving.obey("as member two")

    assert answer.text == "Member two can't see moderators-desk. Showing community as Member two."


async def test_the_second_member_joined_when_the_sandbox_began(settings: Settings) -> None:
    async with sandbox_at_noon(settings) as serving:
        await serving.obey("+10d")
    async with sandbox_at_noon(settings) as serving:
        world, backend = serving.sandbox.world, serving.sandbox.env.backend
        joined = [
            backend.get_member(world.guild.id, person.user.id).joined_at[:10]
            for person in world.people
        ]

    assert joined == ["2026-01-01", "2027-03-14", "2026-01-01"]


# ------------------------------------------------------------------ time


async def test_travelling_posts_what_is_due_on_the_way_each_at_its_time(serving: Serving) -> None:
    sandbox = serving.sandbox
    await plan_daily_tips(sandbox)

    answer = await serving.obey("at 2027-03-29 12:00")

    posts = sandbox.world.find_place("announcements").channel.history()
    assert [post.created_at.strftime("%d %H:%M") for post in posts] == [
        *(f"{day} 08:00" for day in range(15, 28)),
        "28 07:00",
        "29 07:00",
    ]
    assert answer.text == (
        "It is Mon 29 Mar 2027, 12:00 (UTC). Posted on the way: 15 in announcements."
    )


async def test_new_posts_are_counted_at_a_channel_until_it_is_shown(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    await plan_daily_tips(serving.sandbox)
    await serving.obey("+2d")
    counted = [place["unread"] for place in (await state_of(browser, serving))["places"]]
    await serving.obey("channel announcements")
    read = [place["unread"] for place in (await state_of(browser, serving))["places"]]

    assert counted == [0, 2, 0, 0, 0]
    assert read == [0, 0, 0, 0, 0]


async def test_posts_of_a_journey_are_told_one_by_one(settings: Settings) -> None:
    told: list[str] = []
    async with serve_sandbox(settings, port=0, start_at=NOON, tell=told.append) as serving:
        await plan_daily_tips(serving.sandbox)
        await serving.obey("+2d")

    assert [line.partition("  ")[0] for line in told] == [
        "Mon 15 Mar 2027, 08:00 (UTC)",
        "Tue 16 Mar 2027, 08:00 (UTC)",
    ]


async def test_next_goes_to_the_next_post(serving: Serving) -> None:
    with pytest.raises(RefusalError, match="Nothing is planned"):
        await serving.obey("next")
    await plan_daily_tips(serving.sandbox)

    answer = await serving.obey("next")

    assert answer.text.startswith("It is Mon 15 Mar 2027, 08:00 (UTC). Posted on the way: 1")


async def test_time_does_not_go_back(serving: Serving) -> None:
    with pytest.raises(RefusalError, match=r"only goes forward.*--fresh"):
        await serving.obey("at 2027-03-14 11:59")


async def test_a_journey_of_years_is_refused(serving: Serving) -> None:
    with pytest.raises(RefusalError, match="Go there in several steps"):
        await serving.obey("+60w")


async def test_a_second_journey_waits_for_the_first(serving: Serving) -> None:
    await plan_daily_tips(serving.sandbox)
    first = asyncio.create_task(serving.obey("+30d"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    with pytest.raises(RefusalError, match="on the way to Tue 13 Apr 2027"):
        await serving.obey("+1d")
    with pytest.raises(RefusalError, match="on the way"):
        await serving.obey("restart")
    await serving.obey("channel announcements")
    assert "30 in announcements" in (await first).text


async def test_time_runs_on_and_the_engine_ticks_with_it(serving: Serving) -> None:
    sandbox = serving.sandbox
    assert sandbox.app.services is not None
    sandbox._put_since -= 90

    async with sandbox.turn:
        await sandbox._pulse()

    assert sandbox.clock.now() - NOON in range(90, 100)
    assert sandbox.app.services.engine.ticked_at == sandbox.clock.now()


async def test_the_bot_and_discord_agree_on_the_time(serving: Serving) -> None:
    await serving.obey("+1d12h")

    assert serving.sandbox.clock.now() == int(serving.sandbox.env.now().timestamp() + 0.001)
    assert serving.sandbox.clock.now() == NOON + 36 * HOUR


async def test_times_are_in_the_communitys_zone(
    serving: Serving, browser: aiohttp.ClientSession
) -> None:
    sandbox = serving.sandbox
    assert sandbox.app.services is not None
    moderator = sandbox.world.people[2]
    await sandbox.app.services.guilds.change(
        sandbox.world.guild.id, moderator.user.id, zone="Europe/Berlin"
    )

    await serving.obey("+1m")
    await serving.obey("at 2027-03-28 01:55")

    assert (await state_of(browser, serving))["clock"] == "Sun 28 Mar 2027, 01:55 (Europe/Berlin)"
    assert (await open_page(browser, serving))["profile"]["timezone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+1d", DAY), ("+90m", 90 * 60), ("+1d12h", 36 * HOUR), ("+1W", 7 * DAY), ("+5s", 5)],
)
def test_a_span_is_read(text: str, seconds: int) -> None:
    assert parse_span(text) == seconds


@pytest.mark.parametrize("text", ["+", "+1", "1d", "+1y", "+-1d", "+1.5h"])
def test_what_is_no_span_is_not_read(text: str) -> None:
    assert parse_span(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2027-03-28 01:55", "Sun 28 Mar 2027, 01:55 (UTC)"),
        ("2027-03-28T01:55", "Sun 28 Mar 2027, 01:55 (UTC)"),
        ("2027-03-28", "Sun 28 Mar 2027, 00:00 (UTC)"),
        ("11:00", "Mon 15 Mar 2027, 11:00 (UTC)"),
        ("13:00", "Sun 14 Mar 2027, 13:00 (UTC)"),
        ("2027-03-28 01:55 Europe/Berlin", "Sun 28 Mar 2027, 00:55 (UTC)"),
        ("2027-03-28 02:30 Europe/Berlin", "Sun 28 Mar 2027, 01:30 (UTC)"),
    ],
)
def test_an_instant_is_read(text: str, shown: str) -> None:
    assert show_instant(parse_instant(text, "UTC", NOON), "UTC") == shown


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-02-30", "25:00", "2027-03-28 01:55 Berlin"])
def test_what_is_no_instant_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RefusalError, match="Write it as in"):
        parse_instant(text, "UTC", NOON)


# ------------------------------------------------------------------ what lasts


async def test_settings_ledger_and_clock_outlast_a_run(settings: Settings) -> None:
    async with sandbox_at_noon(settings) as serving:
        await plan_daily_tips(serving.sandbox)
        await serving.obey("+3d")
    async with sandbox_at_noon(settings) as serving:
        services = serving.sandbox.app.services
        assert services is not None
        history = await services.schedules.history(1)
        now = serving.sandbox.clock.now()
        await serving.obey("next")
        posts = serving.sandbox.world.find_place("announcements").channel.history()

    assert now - (NOON + 3 * DAY) in range(1, 10)
    assert [delivery.state for delivery in history] == ["sent"] * 3
    assert len(posts) == 1


async def test_fresh_forgets_everything(settings: Settings) -> None:
    async with sandbox_at_noon(settings) as serving:
        await plan_daily_tips(serving.sandbox)
        await serving.obey("+3d")
    async with sandbox_at_noon(settings, fresh=True) as serving:
        services = serving.sandbox.app.services
        assert services is not None

        assert await services.schedules.next_due_at() is None
        assert serving.sandbox.clock.now() - NOON in range(10)


async def test_the_operators_own_database_is_left_alone(settings: Settings) -> None:
    async with sandbox_at_noon(settings):
        pass

    assert not (settings.state_dir.parent / "breather.db").exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"at": "x", "began_at": 1}'])
async def test_a_broken_clock_file_starts_at_the_present(settings: Settings, content: str) -> None:
    folder = settings.state_dir / "sandbox"
    folder.mkdir(parents=True)
    (folder / "clock.json").write_text(content, encoding="utf-8")

    async with sandbox_at_noon(settings) as serving:
        assert serving.sandbox.clock.now() - NOON in range(10)


async def test_buttons_work_after_a_restart(serving: Serving) -> None:
    sandbox = serving.sandbox
    member, channel = sandbox.world.people[0].member, sandbox.world.places[0].channel
    answer = (await member.slash(channel, "help-now")).response
    assert answer is not None
    before = sandbox.app

    await serving.obey("restart")
    form = await member.click(answer, label="Type a country")

    assert sandbox.app is not before
    assert form.modal is not None


async def test_a_bot_in_help_only_mode_is_served_and_says_why(settings: Settings) -> None:
    database = settings.state_dir / "sandbox" / "breather.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"this is no database" * 100)

    async with sandbox_at_noon(settings) as serving, aiohttp.ClientSession() as browser:
        problem = (await state_of(browser, serving))["problem"]
        answer = await serving.obey("+1d")
        member, channel = serving.sandbox.world.people[0].member, serving.sandbox.world.places[0]
        shown = await member.slash(channel.channel, "help-now")
        greeting = serving.greeting

    assert problem
    assert problem in greeting
    assert "Nothing was due" in answer.text
    assert shown.response is not None


# ------------------------------------------------------------------ the terminal


async def test_calendars_are_served_with_the_sandbox_or_it_goes_on_without(
    settings: Settings, browser: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    told: list[str] = []
    settings = settings.model_copy(update={"feed_port": unused_tcp_port})
    address = f"http://127.0.0.1:{unused_tcp_port}/campaigns.ics"
    async with serve_sandbox(settings, port=0, start_at=NOON, tell=told.append) as serving:
        await serving.obey("restart")
        async with browser.get(address) as answer:
            assert "World Mental Health Day" in await answer.text()
    assert not any("FEED_PORT" in line for line in told)
    async with (
        await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", unused_tcp_port),
        serve_sandbox(settings, port=0, start_at=NOON, tell=told.append),
    ):
        (said,) = [line for line in told if line.startswith("FEED_PORT")]
    assert said.endswith("The sandbox goes on without calendar feeds.")


async def test_an_unknown_word_is_refused_kindly(serving: Serving) -> None:
    with pytest.raises(RefusalError, match="“help” lists what I understand"):
        await serving.obey("dance")


async def test_help_names_every_channel_and_person(serving: Serving) -> None:
    text = (await serving.obey("help")).text

    world = serving.sandbox.world
    names = [place.name for place in world.places] + [person.name for person in world.people]
    assert [name for name in names if name not in text] == []


async def start_program(settings: Settings, *commands: str, **options: Any) -> Any:
    """The sandbox as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", PROGRAM, str(settings.state_dir), str(settings.content_dir), *commands),
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        **options,
    )


async def test_the_prompt_takes_words_until_quit(settings: Settings) -> None:
    program = await start_program(settings, "as moderator", stdin=asyncio.subprocess.PIPE)
    output, errors = await asyncio.wait_for(
        program.communicate(b"channel desk\ndance\n\nquit\n"), timeout=60
    )
    text = output.decode()

    assert program.returncode == 0, errors.decode()
    assert "The sandbox is at http://127.0.0.1:" in text
    assert "> as moderator\nShowing community as Moderator." in text
    assert "Showing moderators-desk as Moderator." in text
    assert "I don't know “dance”." in text
    assert text.rstrip().endswith("kept for the next time.")


async def test_with_its_input_closed_it_serves_until_sigterm(settings: Settings) -> None:
    program = await start_program(settings, stdin=asyncio.subprocess.DEVNULL)
    line = (await asyncio.wait_for(program.stdout.readline(), timeout=60)).decode()
    address = line.removeprefix("The sandbox is at ").strip()
    async with aiohttp.ClientSession() as browser, browser.get(address) as answer:
        assert answer.status == 200
    program.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(program.communicate(), timeout=60)

    assert program.returncode == 0, errors.decode()
    assert "Traceback" not in errors.decode()


async def test_a_refused_command_given_at_the_start_ends_it_with_the_reason(
    settings: Settings,
) -> None:
    with pytest.raises(SettingsError, match=r"--do 'as nobody'.*no person “nobody”"):
        await run_sandbox(settings, commands=["as nobody"], port=0)
