"""Discord's rate limits, by real monotonic time: the clock that tests move does not help here.

But for publishing, which is limited by the hour: it goes by the movable clock.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from .model import Json

GLOBAL_WINDOW_SECONDS = 1.0
PUBLISHED_AN_HOUR, HOUR_SECONDS = 10, 3600.0


@dataclass(frozen=True, slots=True)
class TooMany:
    """A 429. Without ``via`` it looks like Cloudflare's, which discord.py raises at once."""

    retry_after: float = 0.05
    is_global: bool = False
    via: bool = True
    scope: str = "user"

    def headers(self) -> dict[str, str]:
        """What comes with it."""
        scope = "global" if self.is_global else self.scope
        headers = {"Retry-After": str(int(self.retry_after) + 1), "X-RateLimit-Scope": scope}
        if self.is_global:
            headers["X-RateLimit-Global"] = "true"
        if self.via:
            headers["Via"] = "1.1 google"
        return headers

    def body(self) -> Json:
        """What it says."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.is_global,
        }


@dataclass(slots=True)
class Limits:
    """What the stand-in enforces, and what it saw.

    ``per_second``: requests in any one second over all routes but the interaction ones, ``None``
    for no limit. ``per_channel``: posts and seconds for each channel, such as ``(5, 5.0)``, or
    ``None``; with it, posts carry X-RateLimit headers. ``refused`` counts every 429 sent (a
    ``faults.add(..., TooMany())`` too); ``peak`` is the largest number of limited requests that
    arrived within any one second, refused ones included.
    """

    per_second: int | None = 50
    per_channel: tuple[int, float] | None = None
    refused: int = 0
    peak: int = 0
    _arrived: deque[float] = field(default_factory=deque[float])
    _admitted: deque[float] = field(default_factory=deque[float])
    _published: defaultdict[str, deque[float]] = field(
        default_factory=lambda: defaultdict[str, deque[float]](deque)
    )
    _buckets: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])

    def admit(self, now: float) -> TooMany | None:
        """Let one request in at ``now``, or say why not. A refused request takes no place."""
        start = now - GLOBAL_WINDOW_SECONDS
        for window in (self._arrived, self._admitted):
            while window and window[0] <= start:
                window.popleft()
        self._arrived.append(now)
        self.peak = max(self.peak, len(self._arrived))
        if self.per_second is not None and len(self._admitted) >= self.per_second:
            oldest = self._admitted[0] if self._admitted else now
            return TooMany(retry_after=_wait(oldest - start), is_global=True)
        self._admitted.append(now)
        return None

    def publish(self, channel: str, now: float) -> TooMany | None:
        """Take one of a channel's ten places of an hour at ``now`` of the movable clock."""
        taken = self._published[channel]
        while taken and taken[0] <= now - HOUR_SECONDS:
            taken.popleft()
        if len(taken) >= PUBLISHED_AN_HOUR:
            return TooMany(retry_after=_wait(taken[0] + HOUR_SECONDS - now))
        taken.append(now)
        return None

    def take(self, bucket: str, now: float) -> tuple[TooMany | None, dict[str, str]]:
        """Take one place in a channel's bucket: a refusal if it is full, and the headers."""
        if self.per_channel is None:
            return None, {}
        size, seconds = self.per_channel
        start, used = self._buckets.get(bucket, (now, 0))
        if now - start >= seconds:
            start, used = now, 0
        refusal = None
        if used < size:
            self._buckets[bucket] = (start, used + 1)
        else:
            refusal = TooMany(retry_after=_wait(start + seconds - now))
        return refusal, {
            "X-RateLimit-Limit": str(size),
            "X-RateLimit-Remaining": str(max(0, size - used - 1)),
            "X-RateLimit-Reset-After": str(_wait(start + seconds - now)),
            "X-RateLimit-Bucket": "posts-of-a-channel",
        }


def _wait(seconds: float) -> float:
    """Discord gives milliseconds; rounded up, so that who waits that long is let in."""
    return max(1, -(-seconds * 1000 // 1)) / 1000
