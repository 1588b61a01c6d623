"""Two senders that are wrong on purpose: the crash test must catch both."""

import secrets
from dataclasses import replace

from bot.delivery.ports import Delivery, Post, Publisher, Schedule
from bot.delivery.rules import DeliveryState
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

    async def post(self, post: Post) -> int:
        """Send with a nonce of its own each time."""
        return await self._publisher.post(replace(post, key=secrets.token_hex(8)))


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


VARIANTS: dict[str, type[Sender]] = {
    "mark-then-post": MarkThenPost,
    "post-then-mark": PostThenMark,
}
