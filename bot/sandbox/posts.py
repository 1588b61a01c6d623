"""Which posts the bot has made in the simulated channels since the last look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simcord.backend.models import Message
    from simcord.env import Env

    from bot.sandbox.world import World

TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class SeenPost:
    """One post: where it stands, when it was made (UTC epoch seconds), how it begins."""

    place: str
    at: int
    title: str


class PostWatch:
    """Finds what was posted for everyone in the community's channels. Private answers are not."""

    def __init__(self, env: Env, world: World) -> None:
        self._env = env
        self._world = world
        self._seen: dict[int, int] = {}

    def look(self) -> list[SeenPost]:
        """The bot's posts since the last look, oldest first."""
        posts: list[tuple[int, SeenPost]] = []
        for place in self._world.places:
            known = self._seen.get(place.channel.id, 0)
            messages = self._env.backend.messages.get(place.channel.id, {})
            for message_id in reversed(messages):
                if message_id <= known:
                    break
                message = messages[message_id]
                if message.author_id == self._env.backend.bot_user.id and not message.is_ephemeral:
                    posts.append((message_id, _to_post(place.name, message)))
            if messages:
                self._seen[place.channel.id] = max(messages)
        return [post for _, post in sorted(posts, key=lambda item: item[0])]


def _to_post(place: str, message: Message) -> SeenPost:
    at = int(datetime.fromisoformat(message.timestamp).timestamp())
    lines = "\n".join([message.content, *_texts(message.components)]).splitlines()
    title = next((line.strip("#*_- ") for line in lines if line.strip("#*_- ")), "a post")
    return SeenPost(place, at, title[:TITLE_LENGTH])


def _texts(components: Iterable[Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    for component in components:
        if isinstance(component.get("content"), str):
            found.append(component["content"])
        found += _texts(component.get("components") or ())
    return found
