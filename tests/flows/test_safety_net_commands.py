"""Commands that were held back have options of every kind; a screen that fails holds nothing."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from simcord.env import Env

from bot.app import App
from bot.client import BreatherClient
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.reading import press, words
from tests.flows.safety import (
    CRISIS,
    FOR_SELF,
    FORMS,
    ask,
    fields_of,
    held,
    is_help,
    unnoticed,
)

COLOURS = [app_commands.Choice(name=name, value=name.lower()) for name in ("Red", "Blue")]
GOT: list[dict[str, Any]] = []


class Everything(commands.Cog):
    """Commands with options of every kind, which remember what they were given."""

    def __init__(self, _client: BreatherClient) -> None:
        GOT.clear()

    @app_commands.command(name="everything", description="Takes all there is")
    @app_commands.choices(colour=COLOURS)
    @app_commands.rename(note="my-note")
    async def everything(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        note: app_commands.Range[str, 3, 40],
        colour: app_commands.Choice[str],
        number: int,
        share: float,
        is_on: bool,
        member: discord.Member,
        channel: discord.TextChannel,
        role: discord.Role,
        whom: discord.Member | discord.Role,
        file: discord.Attachment,
        left_out: str = "as it was",
    ) -> None:
        """Remember."""
        GOT.append(
            {"text": text, "note": note, "colour": colour.value, "number": number, "share": share}
            | {"is_on": is_on, "left_out": left_out, "file": await file.read()}
            | {"ids": [item.id for item in (member, channel, role, whom)]}
        )
        await interaction.response.send_message("done", ephemeral=True)

    @app_commands.command(name="letters", description="Takes more texts than a form can")
    async def letters(
        self, interaction: discord.Interaction[Any], a: str, b: str, c: str, d: str, e: str, f: str
    ) -> None:
        """Remember."""
        GOT.append({"all": [a, b, c, d, e, f]})
        await interaction.response.send_message("done", ephemeral=True)


@pytest.fixture
async def env(app: App) -> AsyncIterator[Env]:
    """The simulated Discord, with commands in it that take everything."""
    app.client.add_cogs([Everything])
    env = Env(app.client)
    await env.start()
    await env.advance_time(NOON - env.now().timestamp())
    yield env
    await env.shutdown()


async def give_everything(community: Community, text: str, **changes: Any) -> Any:
    """Run the command with an option of every kind."""
    options: dict[str, Any] = {
        "text": text,
        "my-note": "a few words",
        "colour": "blue",
        "number": 0,
        "share": 0.5,
        "is_on": False,
        "member": community.other,
        "channel": community.desk,
        "role": community.opt_in,
        "whom": community.opt_in,
        "file": ("notes.txt", b"a file"),
    }
    return await community.moderator.slash(community.desk, "everything", **options | changes)


async def test_options_of_every_kind_arrive_as_if_nothing_had_been_noticed(
    community: Community,
) -> None:
    with unnoticed(community):
        await give_everything(community, CRISIS)
    helped = await give_everything(community, CRISIS)
    assert len(GOT) == 1

    await press(community.moderator, helped, "Send it as it is")

    assert GOT[0] == GOT[1]
    assert GOT[1]["left_out"] == "as it was"


async def test_only_what_people_write_themselves_can_be_changed(community: Community) -> None:
    helped = await give_everything(community, CRISIS)
    form = await press(community.moderator, helped, "Edit it")
    assert list(fields_of(form)) == ["text", "my-note"]

    corrected = {"text": "better words", "my-note": "other words"}
    await community.moderator.submit_modal(form, corrected)

    with unnoticed(community):
        await give_everything(community, "better words", **{"my-note": "other words"})
    assert GOT[0] == GOT[1]


async def test_the_form_keeps_to_the_lengths_of_the_options(community: Community) -> None:
    helped = await give_everything(community, CRISIS)

    fields = fields_of(await press(community.moderator, helped, "Edit it"))

    lengths = {name: (it.get("min_length"), it["max_length"]) for name, it in fields.items()}
    assert lengths == {"text": (None, 4000), "my-note": (3, 40)}


async def test_a_text_that_is_longer_than_a_form_can_hold_is_sent_whole(
    community: Community,
) -> None:
    long = f"{CRISIS} {'and so on ' * 590}"
    helped = await give_everything(community, long)

    form = await press(community.moderator, helped, "Edit it")
    await press(community.moderator, helped, "Send it as it is")

    assert len(fields_of(form)["text"]["value"]) == 4000
    assert GOT[0]["text"] == long


async def test_a_text_that_found_no_room_in_the_form_is_not_lost(community: Community) -> None:
    texts = {name: f"text {name}" for name in "abcdef"}
    helped = await community.member.slash(community.general, "letters", **texts | {"b": CRISIS})
    form = await press(community.member, helped, "Edit it")

    await community.member.submit_modal(form, {name: texts[name] for name in "abcde"})

    assert GOT[0]["all"] == list(texts.values())


async def test_a_chosen_value_is_no_text_of_the_person(community: Community) -> None:
    net: Any = community.app.client.net
    seen: list[str] = []

    class Listening:
        def screen(self, text: str) -> None:
            seen.append(text)

    net._screen = Listening()

    await give_everything(community, "hello")

    assert seen == ["hello", "a few words"]


async def test_the_menu_of_a_message_is_no_text_of_the_person(community: Community) -> None:
    message = await community.other.send(community.general, CRISIS)

    result = await community.member.context_menu(
        community.general, "Support for this person", message
    )

    assert FOR_SELF not in words(result)
    assert held(community) == {}


async def test_a_screen_that_fails_lets_the_text_pass_and_logs_nothing_of_it(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    net: Any = community.app.client.net

    class Failing:
        def screen(self, text: str) -> None:
            raise ValueError(text)

    net._screen = Failing()

    result = await ask(community, CRISIS)

    assert not is_help(result)
    assert "the safety net failed: ValueError" in caplog.text
    assert "kill" not in "\n".join(str(vars(record)) for record in caplog.records)
    assert held(community) == {}


async def test_a_screen_that_fails_on_a_form_lets_it_pass(community: Community) -> None:
    net: Any = community.app.client.net

    class Failing:
        def screen(self, text: str) -> None:
            raise ValueError(text)

    form = await FORMS["help-now:find"].open(community)
    net._screen = Failing()

    found = await community.member.submit_modal(form, {"country": "Norway"})

    assert "Norway" in words(found)
