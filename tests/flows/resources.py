"""Steps that the flows of answers and resources share."""

from collections.abc import Iterable, Mapping
from typing import Any

import discord
from simcord import interactions
from simcord.enums import InteractionType
from simcord.results import InteractionResult

from bot.content.guides import Guide
from bot.resources.documents import Document, Found, Hit
from tests.flows.conftest import Community
from tests.flows.reading import answer, parts, press, words

STRANGE_GUILD = 777_777_777_777_777_777
NONSENSE = "zzyzx flurbleglimp qwertzuiop"
FORM: dict[str, str] = {
    "title": "Our quiet room",
    "summary": "A voice channel without talk.",
    "body": "Join whenever you like.\n\nNobody speaks there, and nobody keeps count.",
    "link": "https://example.org/quiet-room",
    "asked": "where is it quiet in here\nbody doubling",
}


class Script:
    """A search whose answers are written down beforehand, in their order."""

    def __init__(
        self,
        ids: Iterable[str],
        *,
        is_confident: bool = True,
        language: str | None = None,
        margins: Mapping[str, float] | None = None,
    ) -> None:
        margins = margins or {}
        hits = tuple(Hit(item, item, 0.0, margins.get(item, 0.0)) for item in ids)
        self._found = Found(hits, is_confident=is_confident, language=language)

    def index(self, documents: list[Document]) -> list[Document]:
        """Nothing to prepare."""
        return documents

    def find(self, _question: str, _own: Any = None, limit: int = 5) -> Found:
        """What was written down."""
        found = self._found
        return Found(found.hits[:limit], found.is_confident, found.language)


def will_find(community: Community, ids: Iterable[str], **how: Any) -> list[Guide]:
    """Let every question find these, and return those that are guides."""
    ids = list(ids)
    resources: Any = community.services.resources
    resources._search = Script(ids, **how)
    return [resources.library.by_id[item] for item in ids if item in resources.library.by_id]


def some_guides(community: Community, count: int) -> list[str]:
    """The ids of as many guides that do not show help first."""
    library = community.services.resources.library
    return [guide.id for guide in library.by_id.values() if not guide.help_first][:count]


def guide_of(community: Community, guide_id: str) -> Guide:
    """A guide of the library."""
    return community.services.resources.library.by_id[guide_id]


async def ask(community: Community, question: str = "how can i sleep better") -> Any:
    """``/ask`` as a member runs it."""
    return await community.member.slash(community.general, "ask", question=question)


async def search(community: Community, text: str, actor: Any = None) -> Any:
    """``/resources search``."""
    actor = actor or community.member
    return await actor.slash(community.general, "resources search", words=text)


async def run(community: Community, command: str, **options: Any) -> Any:
    """A moderator's ``/resources`` command at the desk."""
    return await community.moderator.slash(community.desk, f"resources {command}", **options)


async def fill_in(community: Community, **changes: str) -> Any:
    """The preview of a resource that was typed into the form."""
    form = await run(community, "add")
    return await community.moderator.submit_modal(form, FORM | changes)


async def keep(community: Community, **changes: str) -> Any:
    """A resource that was typed, looked at and kept."""
    return await press(community.moderator, await fill_in(community, **changes), "Keep it")


async def own_titles(community: Community) -> list[str]:
    """The titles of what the community added, oldest first."""
    return [item.title for item in await community.services.resources.own(community.guild.id)]


async def own_ids(community: Community) -> list[str]:
    """Their ids among all documents."""
    return [item.id for item in await community.services.resources.own(community.guild.id)]


async def settle_elsewhere(community: Community) -> tuple[Any, Any, Any]:
    """Another community with the bot: its guild, a channel, and its moderator."""
    guild = community.env.create_guild("Another community")
    channel = guild.create_text_channel("talk")
    role = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    admin = guild.add_member(community.env.create_user("admin"), roles=[role])
    await community.env.settle()
    return guild, channel, admin


def titles_on(result: Any) -> list[str]:
    """The titles in a list on a card."""
    lines = words(result).splitlines()
    return [line.split("**")[1] for line in lines if line.startswith("- **")]


def heading(result: Any) -> str:
    """The first heading of a card."""
    return next(
        line.removeprefix("## ") for line in words(result).splitlines() if line.startswith("## ")
    )


def custom_ids(result: Any) -> list[str]:
    """Every custom id of an answer, from above."""
    return [
        str(part["custom_id"]) for part in parts(answer(result).components) if "custom_id" in part
    ]


def rename(community: Community, result: Any, old: str, new: str) -> None:
    """Give a control of a message another custom id, as another version would have."""
    message = answer(result)
    stored = community.env.backend.get_message(message.channel_id, message.id)
    for part in parts(stored.components):
        if part.get("custom_id") == old:
            part["custom_id"] = new


async def send_command(
    community: Community, data: dict[str, Any], *, is_strange: bool, actor: Any = None
) -> Any:
    """A command in a direct message, or in a community that the bot never joined."""
    backend = community.env.backend
    user = (actor or community.member).user
    channel = user.dm_channel
    record, payload = interactions.base_payload(
        backend,
        type=InteractionType.APPLICATION_COMMAND,
        channel_id=channel.id,
        guild_id=None,
        user_id=user.id,
        data=data,
    )
    if is_strange:
        payload |= _strange(channel.id, user.id, payload.pop("user"))
    backend.emit("INTERACTION_CREATE", payload)
    await community.env.settle()
    return InteractionResult(community.env, record)


async def ask_elsewhere(community: Community, question: str, *, is_strange: bool = True) -> Any:
    """``/ask`` by someone who brought the app along."""
    root: Any = community.env.backend.find_command("ask", None)
    options = [{"name": "question", "type": 3, "value": question}]
    data = {"id": root["id"], "name": "ask", "type": 1, "options": options}
    return await send_command(community, data, is_strange=is_strange)


def _strange(channel_id: int, user_id: int, user: Any) -> dict[str, Any]:
    return {
        "guild_id": str(STRANGE_GUILD),
        "guild": {"id": str(STRANGE_GUILD), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "context": 0,
        "authorizing_integration_owners": {"1": str(user_id)},
        "channel": {
            "id": str(channel_id),
            "type": 0,
            "guild_id": str(STRANGE_GUILD),
            "name": "elsewhere",
            "position": 0,
            "permission_overwrites": [],
        },
        "member": {
            "user": user,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(discord.Permissions.all().value),
        },
    }
