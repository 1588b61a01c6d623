"""What a person is filling in: kept in memory for a quarter of an hour, never stored."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.clock import MINUTE, Clock
from bot.errors import RefusalError
from bot.i18n import Texts

KEPT_SECONDS = 15 * MINUTE
MOST = 5000

Draft = TypeVar("Draft")


@dataclass(slots=True)
class _Held(Generic[Draft]):
    user_id: int
    draft: Draft
    until: int


class Drafts(Generic[Draft]):
    """Drafts by a short token that stands in the panel's custom ids."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, _Held[Draft]] = {}

    def hold(self, user_id: int, draft: Draft) -> str:
        """Keep a new draft; its token."""
        now = self._clock.now()
        self._held = {token: held for token, held in self._held.items() if held.until > now}
        while len(self._held) >= MOST:
            self._held.pop(next(iter(self._held)))
        token = secrets.token_hex(4)
        self._held[token] = _Held(user_id, draft, now + KEPT_SECONDS)
        self._forget_later(token, KEPT_SECONDS, now + KEPT_SECONDS)
        return token

    def take(self, token: str, user_id: int, command: str, t: Texts) -> Draft:
        """The draft behind a token, kept for another quarter of an hour.

        Raises :class:`RefusalError` when it is gone or not theirs.
        """
        draft = self.find(token, user_id)
        if draft is None:
            message = t(
                "This form is closed: it is older than 15 minutes, or I was restarted since. "
                "What you had saved is kept. Run {command} for a fresh one.",
                command=command,
            )
            raise RefusalError(message)
        self._held[token].until = self._clock.now() + KEPT_SECONDS
        return draft

    def find(self, token: str, user_id: int) -> Draft | None:
        """The draft behind a token, if it is theirs and not gone; it is not kept any longer."""
        held = self._held.get(token)
        if held is None or held.user_id != user_id or held.until <= self._clock.now():
            return None
        return held.draft

    def replace(self, token: str, draft: Draft) -> None:
        """Put a changed draft in the place of the old one."""
        if token in self._held:
            self._held[token].draft = draft

    def drop(self, token: str) -> None:
        """Forget a draft."""
        self._held.pop(token, None)

    def _forget_later(self, token: str, seconds: int, until: int) -> None:
        """Memory lets go of a draft in time, also when nobody comes back for it."""
        asyncio.get_running_loop().call_later(seconds, self._forget, token, until)

    def _forget(self, token: str, until: int) -> None:
        held = self._held.get(token)
        if held is None or held.until <= until:
            self.drop(token)
        else:
            self._forget_later(token, held.until - until, held.until)
