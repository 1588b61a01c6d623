"""Whatever people do in whatever order: the counts agree with the rows, and nobody is passed over.

Hypothesis tries sequences of everything that can happen to a program, and shrinks one that breaks
a promise to its shortest form. It likes short and plain ones, so long walks go beside it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.claims.rules import State
from bot.storage.opening import open_migrated
from tests.conftest import is_full_size
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE
from tests.store.claims_machine import GIVEN, LEAVING, Program

EXAMPLES, STEPS = (300, 60) if is_full_size() else (20, 30)
WALKS, WALK_STEPS = (40, 400) if is_full_size() else (4, 150)

HAPPENINGS: dict[str, tuple[int, tuple[State, ...], Callable[[Random], dict[str, Any]]]] = {
    "claim": (
        6,
        (),
        lambda chance: {
            "person": chance.randint(1, 12),
            "guild_id": chance.choice([HERE, HERE, THERE]),
            "handle": chance.choice(["", "", "ann", "ben"]),
        },
    ),
    "claim_together": (
        2,
        (),
        lambda chance: {
            "people": [chance.randint(1, 12) for _ in range(chance.randint(2, 8))],
            "guild_id": chance.choice([HERE, THERE]),
        },
    ),
    "bring": (2, (), lambda chance: {"more": chance.randint(1, 3)}),
    "change_cap": (2, (), lambda chance: {"cap": chance.randint(0, GIVEN)}),
    "change_share": (
        2,
        (),
        lambda chance: {
            "guild_id": chance.choice([HERE, THERE]),
            "cap": chance.choice([None, None, *range(6)]),
        },
    ),
    "move": (5, (), lambda _: {}),
    "pass_time": (1, (), lambda chance: {"hours": chance.choice([1, 71, 73])}),
    "erase": (1, (), lambda chance: {"person": chance.randint(1, 12)}),
    "look": (4, (State.OFFERED,), lambda chance: {"which": chance.randint(0, 11)}),
    "accept": (3, (State.OFFERED,), lambda chance: {"which": chance.randint(0, 11)}),
    "withdraw": (2, LEAVING, lambda chance: {"which": chance.randint(0, 11)}),
    "appeal": (3, (State.REJECTED,), lambda chance: {"which": chance.randint(0, 11)}),
    "approve": (
        4,
        (State.PENDING,),
        lambda chance: {
            "which": chance.randint(0, 11),
            "moderator": chance.choice([MODERATOR, OTHER_MODERATOR]),
        },
    ),
    "reject": (
        2,
        (State.PENDING,),
        lambda chance: {
            "which": chance.randint(0, 11),
            "moderator": chance.choice([MODERATOR, OTHER_MODERATOR]),
        },
    ),
    "revoke": (1, (State.ALLOCATED,), lambda chance: {"which": chance.randint(0, 11)}),
}
"""What a walk chooses from: how often, when it is possible, and with what."""


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One loop for all examples, since the connections belong to it."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_whatever_happens_in_whatever_order_the_promises_hold(
    loop: asyncio.AbstractEventLoop, database_url: str
) -> None:
    database = loop.run_until_complete(open_migrated(database_url))
    machine = type("ProgramOfThisEngine", (Program,), {"loop": loop, "database": database})
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    finally:
        loop.run_until_complete(database.close())


@pytest.mark.parametrize("seed", range(WALKS))
def test_the_promises_hold_on_long_walks_that_leave_nothing_out(
    loop: asyncio.AbstractEventLoop, database_url: str, seed: int
) -> None:
    chance = Random(seed)
    done: Counter[str] = Counter()
    database = loop.run_until_complete(open_migrated(database_url))
    machine = type("ProgramOfThisEngine", (Program,), {"loop": loop, "database": database})()
    try:
        machine.begin(cap=4, waiting=[HERE, THERE, HERE], share=None, more=2, is_moved=True)
        for _ in range(WALK_STEPS):
            machine.counts_agree_with_the_rows()
            machine.places_and_codes_stay_whose_they_are()
            possible = {
                name: often
                for name, (often, states, _) in HAPPENINGS.items()
                if not states or machine.has(*states)
            }
            (name,) = chance.choices([*possible], [*possible.values()])
            arguments = HAPPENINGS[name][2](chance)
            print(name, arguments)
            getattr(machine, name)(**arguments)
            done[name] += 1
    finally:
        loop.run_until_complete(database.close())
    assert set(done) >= {"accept", "approve", "move", "look", "withdraw"}
