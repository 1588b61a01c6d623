"""Steps that several flows of the tips share."""

from typing import Any

import discord
from simcord import interactions
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import InteractionType, OverwriteType

from bot.content.tips import Tip
from bot.i18n import Texts
from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, parts, press, words

HOUR = 3_600
DAY = 86_400
NINE_IN_UTC = 1_805_101_200
"""2027-03-15 09:00 UTC, a Monday: the first run of a schedule at nine in UTC."""

FORM: dict[str, Any] = {
    "title": "Stretch your hands",
    "body": "Hands that type all day like to be opened wide now and then.",
    "try_this": "Open both hands wide, five times.",
    "minutes": "1",
    "topics": ["movement"],
}


async def open_panel(community: Community, **options: Any) -> Any:
    """The panel of a new schedule with its channel chosen."""
    panel = await community.moderator.slash(
        community.desk, "tips schedule", **({"zone": "UTC"} | options)
    )
    return await choose(community.moderator, panel, "schedule:channel", [community.general])


async def save_schedule(community: Community, **options: Any) -> Any:
    """A schedule at 09:00 in #community, saved."""
    return await press(community.moderator, await open_panel(community, **options), "Save")


async def the_schedule(community: Community) -> Any:
    """The one schedule there is."""
    (schedule,) = await community.services.schedules.in_guild(community.guild.id)
    return schedule


async def wake_at(community: Community, at: int) -> None:
    """The machine slept and wakes at an instant: everything due before it is late."""
    await community.env.advance_time(at - community.env.now().timestamp())
    community.clock.move_to(at)
    await community.services.engine.tick()
    await community.env.settle()


def posts(channel: Any) -> list[Any]:
    """What everyone sees in a channel, oldest first."""
    return [message for message in channel.history() if not message.flags.ephemeral]


def sent(community: Community, channel: Any) -> list[dict[str, Any]]:
    """The bodies of the posts that the bot sent to a channel of its own accord."""
    return [
        dict(request.json or {})
        for request in community.env.http_requests
        if request.method == "POST" and request.path == f"/channels/{channel.id}/messages"
    ]


async def forbid(community: Community, channel: Any, *names: str) -> None:
    """Take permissions from the bot in a channel."""
    deny = discord.Permissions(**dict.fromkeys(names, True)).value
    overwrite = Overwrite(
        target_id=community.env.backend.bot_user.id, type=OverwriteType.MEMBER, deny=deny
    )
    community.env.backend.set_overwrite(channel.id, overwrite)
    await community.env.settle()


async def allow(community: Community, channel: Any) -> None:
    """Give them back."""
    community.env.backend.delete_overwrite(channel.id, community.env.backend.bot_user.id)
    await community.env.settle()


async def demote(community: Community) -> None:
    """The moderator loses every role."""
    staff = community.guild.roles["Moderators"]
    community.env.backend.remove_member_role(community.guild.id, community.moderator.id, staff.id)
    await community.env.settle()


async def choose_desk(community: Community) -> None:
    """Moderators read problems in #moderators-desk."""
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
    )


async def switch_off(community: Community) -> None:
    """Switch tips off in the community."""
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, features_off=("tips",)
    )


async def speak(community: Community, language: str, sentences: dict[str, str]) -> None:
    """Give the community a language with a few sentences of its own."""
    community.services.languages._texts[language] = Texts(language, sentences)
    await community.services.guilds.change(community.guild.id, 1, language=language)


async def write_tip(community: Community, **changes: Any) -> Any:
    """Write a tip of the community's own and keep it."""
    form = await community.moderator.slash(community.desk, "tips add")
    preview = await community.moderator.submit_modal(form, FORM | changes)
    return await press(community.moderator, preview, "Keep it")


async def press_twice(community: Community, actor: Any, result: Any, label: str) -> None:
    """A double press: both reach the bot before it has answered the first."""
    message = answer(result)
    (button,) = [part for part in parts(message.components) if part.get("label") == label]
    backend = community.env.backend
    stored = backend.get_message(message.channel_id, message.id)
    for _ in range(2):
        record, payload = interactions.base_payload(
            backend,
            type=InteractionType.MESSAGE_COMPONENT,
            channel_id=message.channel_id,
            guild_id=community.guild.id,
            user_id=actor.id,
            data={"custom_id": button["custom_id"], "component_type": 2},
        )
        payload["message"] = dict(serializers.message_payload(backend, stored))
        record.source_message_id = stored.id
        backend.emit("INTERACTION_CREATE", payload)
    await community.env.settle()


def labels_of(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    components = message.components
    if components and not isinstance(components[0], dict):
        components = [component.to_dict() for component in components]
    return [part["label"] for part in parts(components) if part.get("type") == 2]


def size(result: Any) -> tuple[int, int]:
    """How many components an answer has, and how many characters of text."""
    found = list(parts(answer(result).components))
    return len(found), sum(len(part.get("content", "")) for part in found)


def title_in(result: Any) -> str:
    """The title of the tip in an answer."""
    return next(
        line.removeprefix("## ") for line in words(result).splitlines() if line.startswith("## ")
    )


async def votes_on(community: Community, title: str) -> tuple[int, int]:
    """How a tip with a title was rated."""
    by_title = {tip.title: tip.id for tip in community.services.tips.library.by_id.values()}
    votes = await community.services.tips.votes(by_title[title])
    return votes.helpful, votes.unhelpful


async def run(community: Community, command: str, **options: Any) -> Any:
    """A moderator's command at the desk."""
    return await community.moderator.slash(community.desk, f"tips {command}", **options)


async def mute_many(community: Community, count: int) -> None:
    """As many muted tips."""
    for tip_id in list(community.services.tips.library.by_id)[:count]:
        await community.services.curation.mute(community.guild.id, community.moderator.id, tip_id)


async def fill_in(community: Community, **changes: Any) -> Any:
    """The preview of a tip in the form."""
    form = await run(community, "add")
    return await community.moderator.submit_modal(form, FORM | changes)


async def save_two(community: Community) -> list[str]:
    """Two schedules at the same time in two channels; their ids."""
    await save_schedule(community)
    panel = await choose(
        community.moderator, await open_panel(community), "schedule:channel", [community.desk]
    )
    await press(community.moderator, panel, "Save")
    schedules = await community.services.schedules.in_guild(community.guild.id)
    return [str(schedule.schedule_id) for schedule in schedules]


def some_tip(community: Community, at: int = 100) -> Tip:
    """A tip of the library."""
    return list(community.services.tips.library.by_id.values())[at]


async def read_history(community: Community) -> str:
    """What ``/tips history`` says."""
    return words(await community.moderator.slash(community.desk, "tips history"))


async def read_status(community: Community) -> str:
    """What ``/status`` says."""
    return words(await community.moderator.slash(community.desk, "status"))


def desk_words(community: Community) -> list[str]:
    """What the bot said at the moderators' desk."""
    return [message.content for message in posts(community.desk)]


async def own_titles(community: Community) -> list[str]:
    """The titles of the community's own tips."""
    return [tip.title for tip in await community.services.curation.own_tips(community.guild.id)]


def menu_of(result: Any) -> dict[str, Any]:
    """The one select in an answer."""
    (menu,) = [part for part in parts(answer(result).components) if part.get("type") == 3]
    return menu
