"""Steps of whoever asks that a moderator checks on them, and of the moderators."""

from typing import Any

from sqlalchemy import select

from bot.storage import metadata
from tests.flows.conftest import Community
from tests.flows.reading import press, words
from tests.flows.safety import ASK, CRISIS, ask
from tests.flows.tips import choose_desk, posts

ANSWER = "I'll look after them"


async def get_help(community: Community) -> Any:
    """The card with help first, where moderators chose a channel."""
    await choose_desk(community)
    return await ask(community, CRISIS)


async def ask_for_moderator(community: Community) -> Any:
    """The person's press."""
    return await press(community.member, await get_help(community), ASK)


def request_at_desk(community: Community) -> Any:
    """The one message to moderators."""
    (message,) = posts(community.desk)
    return message


async def take(community: Community, actor: Any) -> Any:
    """Somebody presses the button at the desk."""
    return await actor.click(request_at_desk(community), label=ANSWER)


def what_the_person_saw(community: Community) -> list[str]:
    """The words of every private message in the community's channel, oldest first."""
    return [words(message) for message in community.general.history() if message.flags.ephemeral]


async def open_check_ins(community: Community) -> list[dict[str, Any]]:
    """The rows there are."""
    table = metadata.tables["check_ins"]
    rows = await community.services.database.fetch_all(select(table))
    return [{column.name: row[column.name] for column in table.columns} for row in rows]
