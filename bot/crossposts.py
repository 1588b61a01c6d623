"""Publishes posts of announcement channels to the communities that follow them."""

import aiohttp
import discord

from bot.clock import HOUR, MINUTE
from bot.delivery.ports import (
    LimitedError,
    Placed,
    PostGoneError,
    RefusedError,
    UnknownOutcomeError,
)

ALREADY_CROSSPOSTED = 40033
UNKNOWN_MESSAGE = 10008
BAD_REQUEST, FORBIDDEN, NOT_FOUND = 400, 403, 404


class Crossposts:
    """Discord's own limit is ten an hour in each channel; it answers more with a wait.

    A minute is added to that hour, since a request arrives a little later than it is counted
    here. The client raises ``RateLimited`` for a wait above 30 seconds, so nobody sleeps on one.
    """

    most = 10
    seconds = HOUR + MINUTE

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def do(self, placed: Placed) -> None:
        """Publish a post; one that is published already counts as done.

        Raises :class:`~bot.delivery.ports.PublishError`.
        """
        channel = self._client.get_partial_messageable(placed.channel_id)
        try:
            await channel.get_partial_message(placed.message_id).publish()
        except discord.RateLimited as error:
            raise LimitedError(error.retry_after) from error
        except discord.HTTPException as error:
            if error.code == ALREADY_CROSSPOSTED:
                return
            if error.code == UNKNOWN_MESSAGE:
                raise PostGoneError(str(error)) from error
            is_about_post = error.status in {FORBIDDEN, NOT_FOUND} and error.code != 0
            if is_about_post or error.status == BAD_REQUEST:
                raise RefusedError(explain_refusal(placed)) from error
            raise UnknownOutcomeError(str(error)) from error
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            raise UnknownOutcomeError(str(error) or type(error).__name__) from error

    def explain_late(self, placed: Placed) -> str:
        """A sentence for moderators on a post that could not be published within a day."""
        return (
            f"{link_to(placed)} was posted, but for a day I could not publish it to the servers "
            "that follow the channel, so I left that out. To publish it now, press Publish below "
            "the post."
        )


def explain_refusal(placed: Placed) -> str:
    """A sentence for moderators on why a post was not published, and what to do."""
    return (
        f"{link_to(placed)} was posted, but Discord doesn't let me publish it to the servers that "
        f"follow <#{placed.channel_id}>. Fix: make it an announcement channel in its settings, "
        "and allow me View Channel and Send Messages there; or switch publishing off in "
        "/announcements. To publish this one now, press Publish below the post."
    )


def link_to(placed: Placed) -> str:
    """Where a post stands."""
    place = f"https://discord.com/channels/{placed.guild_id}/{placed.channel_id}"
    return f"{place}/{placed.message_id}"
