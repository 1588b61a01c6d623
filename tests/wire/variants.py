"""Senders, and follow-ups, that are wrong on purpose: the crash tests must catch each."""

import secrets
from dataclasses import replace
from typing import Any

from bot.delivery.follow_ups import FollowUps
from bot.delivery.ports import (
    Delivery,
    FollowUpStep,
    Moderators,
    Post,
    Publisher,
    Schedule,
    Turn,
)
from bot.delivery.rules import DeliveryState, Note
from bot.delivery.sender import Sender


class MarkThenPost(Sender):
    """Marks first: a crash in between loses the post."""

    async def _post(self, delivery: Delivery, schedule: Schedule, content_id: str) -> None:
        await self._ledger.finish(delivery, DeliveryState.SENT, None, 0)
        await super()._post(delivery, schedule, content_id)


class Forgetful:
    """A publisher whose posts carry nothing that a repeat could be known by."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def post(self, post: Post, turn: Turn) -> int:
        """Send with a nonce of its own each time."""
        return await self._publisher.post(replace(post, key=secrets.token_hex(8)), turn)


class PostThenMark(Sender):
    """Posts first and trusts the mark alone: a crash in between doubles the post."""

    async def _was_posted_before(self, delivery: Delivery, schedule: Schedule) -> bool:
        return False

    async def _post(self, delivery: Delivery, schedule: Schedule, content_id: str) -> None:
        own, self._publisher = self._publisher, Forgetful(self._publisher)  # type: ignore[assignment]
        try:
            await super()._post(delivery, schedule, content_id)
        finally:
            self._publisher = own


class MarkThenTell(Sender):
    """Marks a late post first: a crash in between leaves its author without a word."""

    async def _skip_late(self, delivery: Delivery, schedule: Schedule) -> None:
        await self._ledger.finish(delivery, DeliveryState.SKIPPED, Note.LATE)
        await super()._skip_late(delivery, schedule)


class Blind:
    """Tells without looking whether it stands there already."""

    def __init__(self, moderators: Moderators) -> None:
        self._moderators = moderators

    async def tell_moderators(self, guild_id: int, text: str) -> None:
        """As it should be."""
        await self._moderators.tell_moderators(guild_id, text)

    async def tell_once(self, guild_id: int, text: str, _key: str, turn: Turn) -> None:
        """Once, as far as it remembers."""
        await turn()
        await self.tell_moderators(guild_id, text)


class TellBlindly(Sender):
    """Tells again what it told before a crash."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts | {"moderators": Blind(parts["moderators"])})


class SettleThenDo(FollowUps):
    """Settles first: a crash in between loses what should follow the post."""

    async def _do(self, due: Any, step: FollowUpStep) -> None:
        await self._settle(due, None)
        await super()._do(due, step)


VARIANTS: dict[str, type[Sender]] = {
    "mark-then-post": MarkThenPost,
    "post-then-mark": PostThenMark,
    "mark-then-tell": MarkThenTell,
    "tell-blindly": TellBlindly,
}
FOLLOW_UP_VARIANTS: dict[str, type[FollowUps]] = {"settle-then-do": SettleThenDo}
