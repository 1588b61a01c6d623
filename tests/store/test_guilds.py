"""Communities: settings, the log of changes, being lost, found and forgotten."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.announcements.rules import Words
from bot.app import App
from bot.claims.programs import apply_program
from bot.claims.settings import ClaimSettings
from bot.claims.store import SAVE_SHARE
from bot.clock import MovableClock
from bot.guilds.audit import KEPT_SECONDS, VALUE_LENGTH, AuditLog, Change
from bot.guilds.service import Guilds, GuildSettings
from bot.resources.rules import CommunityResource
from bot.services import Services
from bot.settings import load_settings
from bot.storage import Database, metadata
from bot.tips.curation import Draft
from tests.conftest import NOON, ROOT
from tests.store.delivering import at_five
from tests.store.pools import make_program

MODERATOR = 2**53 + 1
DRAFT = Draft(("sleep",), "Rest", "A body that is long enough. " * 4, "Sit down.", 2)
CHANGES = {
    "language": "pt-BR",
    "zone": "Europe/Berlin",
    "community_channel_id": 2**62,
    "staff_channel_id": 12,
    "staff_role_id": 13,
    "setup_step": 3,
}


@pytest.fixture
async def services(
    database_url: str, tmp_path: Path, clock: MovableClock
) -> AsyncIterator[Services]:
    """Everything as the program composes it."""
    settings = load_settings(
        None, database_url=database_url, state_dir=tmp_path / "var", content_dir=ROOT / "data"
    )
    app = App(settings, clock)
    await app.open()
    assert app.services is not None
    yield app.services
    await app.close()


def guilds_on(database: Database, clock: MovableClock) -> Guilds:
    return Guilds(database, AuditLog(database, clock), clock, [])


async def count_rows(database: Database, column: str, value: int) -> dict[str, int]:
    """How many rows each table has with a value in a column."""
    found = {}
    for table in metadata.sorted_tables:
        if column in table.c:
            count = select(func.count().label("n")).where(table.c[column] == value)
            row = await database.fetch_one(count.select_from(table))
            found[table.name] = row["n"] if row else 0
    return found


async def test_reading_the_settings_of_an_unknown_community_gives_the_defaults_and_keeps_nothing(
    services: Services,
) -> None:
    assert await services.guilds.settings(1) == GuildSettings(1)
    assert await services.guilds.known() == []
    assert set((await count_rows(services.database, "guild_id", 1)).values()) == {0}


async def test_settings_come_back_as_they_were_chosen(services: Services) -> None:
    saved = await services.guilds.change(1, MODERATOR, **CHANGES)
    assert saved == GuildSettings(1, **CHANGES)  # type: ignore[arg-type]
    assert await services.guilds.settings(1) == saved
    assert await services.guilds.known() == [1]


async def test_each_changed_setting_has_one_line_in_the_log_with_old_and_new(
    services: Services,
) -> None:
    await services.guilds.change(1, MODERATOR, zone="Asia/Tokyo", setup_step=1)
    await services.guilds.change(1, MODERATOR, zone="Asia/Tokyo", language="en")
    (entry,) = await services.audit.latest(1)
    assert (entry.actor_id, entry.at) == (MODERATOR, NOON)
    assert entry.change == Change("setup.zone", None, "UTC", "Asia/Tokyo")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_changes_made_at_once_on_postgresql_are_all_kept(
    database: Database, other: Database, clock: MovableClock
) -> None:
    await changes_made_at_once_are_all_kept(database, other, clock)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_changes_made_at_once_on_sqlite_are_all_kept(
    database: Database, other: Database, clock: MovableClock
) -> None:
    await changes_made_at_once_are_all_kept(database, other, clock)


async def changes_made_at_once_are_all_kept(
    database: Database, other: Database, clock: MovableClock
) -> None:
    both = [guilds_on(database, clock), guilds_on(other, clock)]
    for guild_id in range(1, 11):
        await both[0].change(guild_id, MODERATOR, setup_step=1)
        await asyncio.gather(
            *(
                both[number % 2].change(guild_id, MODERATOR, **{name: value})
                for number, (name, value) in enumerate(CHANGES.items())
            )
        )
        assert await both[1].settings(guild_id) == GuildSettings(guild_id, **CHANGES)  # type: ignore[arg-type]


async def test_a_long_value_is_cut_in_the_log(services: Services) -> None:
    async with services.database.transaction() as tx:
        await services.audit.write(tx, 1, MODERATOR, Change("a", None, None, "x" * 5000))
    (entry,) = await services.audit.latest(1)
    assert entry.change.new == "x" * (VALUE_LENGTH - 1) + "…"


async def test_a_change_that_fails_leaves_no_line_in_the_log(services: Services) -> None:
    with pytest.raises(ZeroDivisionError):
        async with services.database.transaction() as tx:
            await services.audit.write(tx, 1, MODERATOR, Change("a", None, None, None))
            raise ZeroDivisionError
    assert await services.audit.latest(1) == []
    assert await services.guilds.known() == []


async def test_the_log_is_read_newest_first_and_per_community(services: Services) -> None:
    async with services.database.transaction() as tx:
        for number in range(5):
            await services.audit.write(tx, 1 + number % 2, number, Change("a", None, None, None))
    assert [entry.actor_id for entry in await services.audit.latest(1)] == [4, 2, 0]
    assert [entry.actor_id for entry in await services.audit.latest(1, most=2)] == [4, 2]


async def test_the_log_forgets_what_is_older_than_ninety_days(
    services: Services, clock: MovableClock
) -> None:
    await services.guilds.change(1, MODERATOR, zone="Asia/Tokyo")
    clock.move_to(NOON + 1)
    await services.guilds.change(1, MODERATOR, zone="UTC")
    clock.move_to(NOON + KEPT_SECONDS)
    await services.audit.prune()
    assert len(await services.audit.latest(1)) == 2
    clock.move_to(NOON + KEPT_SECONDS + 1)
    await services.audit.prune()
    assert [entry.at for entry in await services.audit.latest(1)] == [NOON + 1]


async def test_a_lost_community_posts_nothing_until_it_is_found_again(
    services: Services, clock: MovableClock
) -> None:
    async with services.database.transaction() as tx:
        await services.guilds._audit.write(tx, 1, MODERATOR, Change("a", None, None, None))
        tips = await services.schedules.save(tx, replace(at_five(1), kind="tips"))
    await services.guilds.mark_lost(1)
    clock.move_to(NOON + 60)
    await services.guilds.mark_lost(1)
    assert await services.guilds.lost() == {1: NOON}
    assert await services.guilds.known() == []
    assert (await services.schedules.in_guild(1))[0].state == "away"

    assert await services.guilds.mark_found(1)
    assert not await services.guilds.mark_found(1)
    assert await services.guilds.lost() == {}
    found = (await services.schedules.in_guild(1))[0]
    assert (found.state, found.next_run_at) == ("active", tips.next_run_at)


async def fill(services: Services, guild_id: int) -> None:
    """Put something about a community into every table that can hold it."""
    await services.guilds.change(guild_id, MODERATOR, zone="Asia/Tokyo")
    await services.curation.add(guild_id, MODERATOR, DRAFT)
    await services.curation.mute(guild_id, MODERATOR, "a-tip")
    async with services.database.transaction() as tx:
        schedule = await services.schedules.save(tx, replace(at_five(guild_id), kind="tips"))
        await services.schedules.skip_next(tx, schedule)
    await services.curation.pin(MODERATOR, schedule, "a-tip")
    resource = CommunityResource("Our quiet room", "Where it is quiet.", "Come as you are.")
    await services.resource_curation.add(guild_id, MODERATOR, resource)
    await services.check_ins.ask(guild_id, MODERATOR)
    settings = ClaimSettings(services.database, services.audit)
    await settings.change(MODERATOR, "calm", guild_id, lambda now: replace(now, is_on=True))
    await services.announcements.write(guild_id, MODERATOR, Words("Hello", "Come and see."))
    await services.events.write(guild_id, MODERATOR, title="Hello", body="Come and see.")
    async with services.database.transaction() as tx:
        await tx.execute(SAVE_SHARE, program_id="calm", guild_id=guild_id, cap=5)


async def count_own(database: Database, guild_id: int) -> dict[str, int]:
    """Rows about a community by table, but for claims: those are their claimants' own."""
    counts = await count_rows(database, "guild_id", guild_id)
    return {table: count for table, count in counts.items() if table != "claims"}


async def test_a_forgotten_community_leaves_no_row_and_takes_no_other_along(
    services: Services,
) -> None:
    await apply_program(services.database, make_program(), services.clock.now())
    for guild_id in (1, 2):
        await fill(services, guild_id)
    before = await count_own(services.database, 1)
    assert min(before.values()) > 0, "a table that this test does not fill"
    await services.guilds.forget(1)
    assert set((await count_own(services.database, 1)).values()) == {0}
    assert await count_own(services.database, 2) == before
    for table in ("deliveries", "tip_bags"):
        rows = await services.database.fetch_all(select(metadata.tables[table]))
        assert len(rows) == 1


async def test_a_moderators_erased_id_leaves_the_change_in_the_log(services: Services) -> None:
    await services.guilds.change(1, MODERATOR, zone="Asia/Tokyo")
    await services.guilds.change(1, MODERATOR + 1, zone="UTC")
    exported = await services.privacy.export(MODERATOR)
    assert [row["new"] for row in exported["audit"]["audit_entries"]] == ["Asia/Tokyo"]
    receipt = await services.privacy.erase(MODERATOR)
    assert receipt.erased["audit_entries"] == 1
    assert "without your id" in receipt.stays[0]
    assert [entry.actor_id for entry in await services.audit.latest(1)] == [MODERATOR + 1, None]
    assert (await services.privacy.erase(MODERATOR)).stays == ()


async def test_every_table_with_a_person_is_enrolled_for_export_and_erasure(
    services: Services,
) -> None:
    enrolled = {table for item in services.privacy.enrolled for table in item.tables}
    personal = {
        column.table.name
        for table in metadata.sorted_tables
        for column in table.c
        if column.info.get("person")
    }
    assert personal == enrolled
    named = {
        table.name
        for table in metadata.sorted_tables
        if {"user_id", "member_id", "actor_id", "author_id"} & set(table.c.keys())
    }
    assert named <= personal


async def test_looking_at_what_is_kept_about_a_person_keeps_nothing(services: Services) -> None:
    await services.privacy.export(MODERATOR)
    for column in ("user_id", "actor_id"):
        assert set((await count_rows(services.database, column, MODERATOR)).values()) == {0}
