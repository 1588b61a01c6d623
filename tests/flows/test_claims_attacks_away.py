"""Attacks 13 and 35: the reply does not arrive, or the database goes away in the middle."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.claims.tables import allocations, claims
from tests.flows.claims import (
    FORM,
    claim,
    claims_of,
    code_states,
    is_private,
    open_claim,
    open_form,
    open_waiting,
    posts_in,
    set_up,
    set_up_queue,
    the_claims,
    the_state,
)
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import answer, press, words

ORIGINAL = "/webhooks/*/*/messages/@original"
STORAGE_AWAY = "I can't reach what I keep right now, so nothing was changed."


@asynccontextmanager
async def falling_away(community: Community, table: str) -> AsyncIterator[None]:
    """The database breaks whenever something is written into a table, in the middle of its work."""
    writer: Any = community.services.database
    writer = writer._writer

    def fall() -> None:
        message = "disk I/O error"
        raise sqlite3.OperationalError(message)

    await writer.create_function("fall", 0, fall)
    await writer.execute(
        f"CREATE TEMP TRIGGER away BEFORE INSERT ON {table} BEGIN SELECT fall(); END"
    )
    try:
        yield
    finally:
        await writer.execute("DROP TRIGGER away")


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (404, 10015), (403, 50013)])
async def test_attack_13_when_the_reply_fails_asking_again_shows_the_same_code(
    community: Community, status: int, code: int
) -> None:
    codes = await set_up(community)
    form = await open_form(community)
    community.env.inject_error("PATCH", ORIGINAL, status=status, code=code)

    await community.member.submit_modal(form, FORM)
    assert await the_state(community) == "allocated"

    for _ in range(2):
        assert codes[0] in words(await open_claim(community))
    assert await the_state(community) == "delivered"
    assert await code_states(community) == ["spent", "free", "free"]


async def test_attack_13_when_the_acknowledgement_fails_asking_shows_the_claim(
    community: Community,
) -> None:
    codes = await set_up(community)
    form = await open_form(community)
    path = "/interactions/*/*/callback"
    community.env.inject_error("POST", path, status=404, code=10062, times=None)

    await community.member.submit_modal(form, FORM)
    community.env.backend.faults.clear()

    assert codes[0] in words(await open_claim(community))
    assert await code_states(community) == ["spent", "free", "free"]


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", ORIGINAL), ("POST", "/interactions/*/*/callback")]
)
async def test_attack_13_a_claim_whose_reply_failed_is_announced_to_the_moderators(
    community: Community, method: str, path: str
) -> None:
    await set_up_queue(community)
    form = await open_form(community)
    community.env.inject_error(method, path, status=404, code=10062, times=2)

    await community.member.submit_modal(form, FORM)

    assert len(posts_in(community, community.desk)) == 1


@pytest.mark.parametrize("table", [claims.name, allocations.name])
async def test_attack_35_a_database_that_falls_away_in_the_middle_leaves_nothing_half_done(
    community: Community, table: str
) -> None:
    codes = await set_up(community)
    form = await open_form(community)
    before = await count_rows(community)

    async with falling_away(community, table):
        shown = await community.member.submit_modal(form, FORM)

    assert is_private(shown)
    assert STORAGE_AWAY in words(shown)
    assert not any(code in words(shown) for code in codes)
    assert await count_rows(community) == before
    assert await code_states(community) == ["free"] * 3
    assert codes[0] in words(await claim(community))


async def test_attack_35_an_approval_that_falls_away_in_the_middle_leaves_the_claim_waiting(
    community: Community,
) -> None:
    codes = await set_up(community, is_reviewed=True)
    await claim(community)
    opened = await open_waiting(community)

    async with falling_away(community, allocations.name):
        shown = await press(community.moderator, opened, "Approve")

    assert STORAGE_AWAY in words(shown)
    assert await the_state(community) == "pending"
    assert await code_states(community) == ["free"] * 3
    await press(community.moderator, opened, "Approve")
    assert codes[0] in words(await open_claim(community))


async def test_attack_35_a_fence_that_cannot_be_written_gives_no_code(
    community: Community,
) -> None:
    await set_up(community)
    form = await open_form(community)
    fence = claims_of(community).fence
    fence.close()
    fence.path.mkdir(parents=True)

    shown = await community.member.submit_modal(form, FORM)

    fence.path.rmdir()
    assert STORAGE_AWAY in words(shown)
    assert await code_states(community) == ["free"] * 3
    assert not await the_claims(community)


@pytest.mark.parametrize("label", ["Claim", "form"])
async def test_attack_35_a_database_that_is_closed_is_said_kindly(
    community: Community, label: str
) -> None:
    codes = await set_up(community)
    form = await open_form(community)
    await community.services.database.close()

    if label == "form":
        shown = await community.member.submit_modal(form, FORM)
    else:
        shown = await open_claim(community)

    assert answer(shown).ephemeral
    assert STORAGE_AWAY in words(shown)
    assert "/help-now works all the same." in words(shown)
    assert not any(code in words(shown) for code in codes)
