"""A crowd that claims over the wire: the program in the bot's database, and the form they send."""

import asyncio
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.claims.settings import CommunitySettings, save_settings
from bot.storage.opening import open_database
from tests.conftest import NOON
from tests.store.pools import PROGRAM, RING, fill
from tests.wire.standin import payloads
from tests.wire.standin.interactions import Person
from tests.wire.standin.model import Json
from tests.wire.standin.reading import words
from tests.wire.standin.replies import Reply
from tests.wire.standin.server import StandIn

KEYS = {
    "CLAIM_CODE_KEYS": ",".join(
        f"{name}:{urlsafe_b64encode(key).decode()}" for name, key in RING.code_keys.items()
    ),
    "CLAIM_HASH_KEY": urlsafe_b64encode(RING.hash_key).decode(),
}
"""For the bot's environment."""

FIRST = Person(0)
"""Who opens the form and never sends it."""

ANSWER_SECONDS = 60.0
OUTCOME = re.compile(r"CALM-\d{6}|You are number \d+ in the waitlist")


async def open_program(url: str, folder: Path, guild_id: int, codes: int) -> None:
    """A program with so many codes, which one community gives without a moderator's look."""
    database = await open_database(url, folder / "backups", lambda: NOON)
    chosen = CommunitySettings(PROGRAM, guild_id, is_on=True, is_reviewed=False)
    try:
        await fill(database, codes, given=codes, cap=codes)
        async with database.transaction() as tx:
            await save_settings(tx, chosen)
    finally:
        await database.close()


async def open_form(standin: StandIn, where: int) -> Reply:
    """``/claim`` and a press on its button; the answer is the form."""
    card = await standin.interact("slash", "claim", where=where, by=FIRST)
    await card.shown(ANSWER_SECONDS)
    form = await standin.interact("press", f"claim:form:{PROGRAM}", message=card.original, by=FIRST)
    await form.first(ANSWER_SECONDS)
    return form


async def send_form(standin: StandIn, form: Reply, index: int) -> Reply:
    """A person fills it in, on a card of their own, and sends it; returns at once."""
    person, card = Person(index), form.pressed
    assert card is not None
    asked = card.extra["interaction_metadata"] | {"user": payloads.user(person.id)}
    own = replace(form, pressed=replace(card, extra=card.extra | {"interaction_metadata": asked}))
    fields = {"handle": f"creator{index}", "of_age": ["yes"], "consent": ["yes"]}
    return await standin.interact("submit", form=own, fields=fields, by=person)


async def at_pace(count: int, rate: float) -> AsyncIterator[int]:
    """Numbers up to ``count``, so many a second, whatever is done with them."""
    started = time.monotonic()
    for number in range(count):
        delay = started + number / rate - time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        yield number


async def settle(standin: StandIn, replies: Sequence[Reply]) -> list[str]:
    """What each of them was shown in the end; nothing where the bot came too late for Discord."""

    def is_over(reply: Reply) -> bool:
        return bool(reply.edits or reply.refusals)

    for reply in replies:
        await standin.wait_until(lambda reply=reply: is_over(reply), ANSWER_SECONDS)  # type: ignore[misc]
    return [read_outcome(reply.edits[-1] if reply.edits else {}) for reply in replies]


def read_outcome(shown: Json) -> str:
    """A code, or the line that names a place in the waitlist; else everything that was said."""
    text = words(shown)
    found = OUTCOME.search(text)
    return text if found is None else found[0]
