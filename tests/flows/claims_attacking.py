"""What attackers do in these flows that no client lets people do, and what became of it."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import answer, words
from tests.flows.safety import forge_press


def reached(community: Community, text: str) -> set[tuple[int, bool]]:
    """Whom a text reached, each request looked at: who had asked, and whether only they see it.

    Raises ``KeyError`` for a text in anything but the answer to an interaction.
    """
    by_token = {item.token: item for item in community.env.backend.interactions.values()}
    sent = [one for one in community.env.http_requests if text in f"{one.json} {one.reason}"]
    asked = [by_token[token_of(one.path)] for one in sent]
    return {(one.user_id, one.ephemeral or is_card_of_one(community, one)) for one in asked}


def token_of(path: str) -> str:
    """The token of the interaction that a request answers, or an empty text."""
    parts = path.strip("/").split("/")
    return parts[2] if parts[0] in {"interactions", "webhooks"} and len(parts) > 2 else ""


def is_card_of_one(community: Community, interaction: Any) -> bool:
    """Whether a press put its answer in the place of a card that one person sees."""
    stored = community.env.backend.get_message(interaction.channel_id, interaction.message_id)
    return bool(stored.is_ephemeral)


async def press_together(community: Community, *presses: tuple[Any, Any, str]) -> list[str]:
    """Presses that are all sent before the bot has answered one; what each was told.

    Each is an actor, a stored message and a label.
    """
    sent = [
        forge_press(community, actor, stored.channel_id, stored.id, label)
        for actor, stored, label in presses
    ]
    await community.env.settle()
    return [words(one) for one in sent]


def stored(community: Community, shown: Any) -> Any:
    """The message of an answer, as Discord keeps it."""
    message = answer(shown)
    return community.env.backend.get_message(message.channel_id, message.id)
