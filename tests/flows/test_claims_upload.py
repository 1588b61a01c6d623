"""``/claims import``: only the operator, counted first, added once, and never a code in sight."""

from typing import Any

import pytest

from bot.claims.programs import apply_program
from tests.flows.claims import add_codes, claim, claims_of, set_up
from tests.flows.conftest import Community
from tests.flows.reading import choose, labels, press, words
from tests.store.pools import file_of, make_codes, make_program

NEW = make_codes(3, first=500)


@pytest.fixture
def _operated(community: Community) -> None:
    """The moderator is also who runs the bot."""
    application: Any = community.app.client.application
    application.owner.id = community.moderator.id


async def upload(community: Community, content: bytes, actor: Any = None) -> Any:
    """Hand a file over."""
    actor = actor or community.moderator
    file = ("codes.csv", content)
    return await actor.slash(community.desk, "claims import", file=file)


async def test_a_moderator_who_does_not_run_the_bot_is_refused(community: Community) -> None:
    await set_up(community, codes=0)

    shown = await upload(community, file_of(NEW))

    assert "Only whoever runs this bot can add codes" in words(shown)


@pytest.mark.usefixtures("_operated")
async def test_codes_are_counted_first_then_added_once_and_never_shown(
    community: Community,
) -> None:
    await set_up(community, codes=0)
    before = len(community.env.http_requests)

    shown = await upload(community, file_of(NEW))
    assert "3 new" in words(shown)
    added = await press(community.moderator, shown, "Add them")
    assert "Added: 3." in words(added)

    sent = str(community.env.http_requests[before:])
    assert not any(code in sent for code in NEW)
    assert NEW[0] in words(await claim(community))


@pytest.mark.usefixtures("_operated")
async def test_a_malformed_line_is_named_by_its_number_and_nothing_is_added(
    community: Community,
) -> None:
    await set_up(community, codes=0)

    shown = await upload(community, file_of([*NEW, "not a code!"]))

    assert "1 malformed (lines 4)" in words(shown)
    assert "not a code" not in words(shown)
    assert "Add them" not in labels(shown)


@pytest.mark.usefixtures("_operated")
async def test_codes_that_are_known_are_counted_and_cancelling_adds_nothing(
    community: Community,
) -> None:
    await set_up(community, codes=0)
    await add_codes(community, 1, first=500)

    shown = await upload(community, file_of(NEW))
    assert "1 known already (lines 1)" in words(shown)
    cancelled = await press(community.moderator, shown, "Cancel")

    assert "Nothing was added" in words(cancelled)


@pytest.mark.usefixtures("_operated")
async def test_with_two_programs_it_asks_whose_codes_these_are(community: Community) -> None:
    await set_up(community, codes=0)
    services = community.services
    other = make_program(id="other", title="Another offer")
    await apply_program(services.database, other, community.clock.now())
    await claims_of(community).catalogue.refresh()

    shown = await upload(community, file_of(NEW))
    assert "Whose codes are these?" in words(shown)
    counted = await choose(community.moderator, shown, "codes:choose", ["other"])

    assert "Codes for Another offer" in words(counted)
    assert "3 new" in words(counted)
