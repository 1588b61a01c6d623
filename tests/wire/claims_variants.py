"""A claim service that is wrong on purpose, and a database that lets it: the stress must see it.

It checks, and then acts: two who ask in the same moment both see the same code free. The real
tables refuse it, so it also gets tables without keys, checks, indexes and triggers.
"""

from sqlalchemy import Column, MetaData, Table, bindparam, insert, select, text, update
from sqlalchemy.schema import CreateTable

from bot.claims import store
from bot.claims.rules import Answers, Member
from bot.claims.service import Claims
from bot.claims.standing import Standing
from bot.claims.tables import claim_settings, claims, codes, program_counters
from bot.storage import Database, metadata

FREE_CODE = (
    select(codes.c.id)
    .where(codes.c.program_id == bindparam("program_id"), codes.c.state == "free")
    .order_by(codes.c.id)
    .limit(1)
)
SPEND = update(codes).where(codes.c.id == bindparam("code_id")).values(state="spent")
NEWEST = (
    select(claims.c.id)
    .where(claims.c.subject == bindparam("subject"))
    .order_by(claims.c.id.desc())
    .limit(1)
)
KEEP_CLAIM = insert(claims).values(
    {
        name: bindparam(name)
        for name in ("program_id", "subject", "user_id", "guild_id", "state", "position")
    }
    | {"version": 1, "has_conflict": 0, "wants_dm": 0, "appeals": 0}
    | {"created_at": 0, "changed_at": 0}
)


class CheckThenAct(Claims):
    """Looks for a claim and a free code first, and writes both down in a transaction after it."""

    async def claim(
        self,
        program_id: str,
        guild_id: int,
        member: Member,
        answers: Answers,
        *,
        wants_dm: bool = False,
    ) -> Standing:
        """What many shops do."""
        person = await self._reader.identify(program_id, member.user_id)
        row = await self._reader.latest(person)
        if row is None:
            code = await self._database.fetch_one(FREE_CODE, program_id=program_id)
            counters = await self._database.fetch_one(store.SELECT_COUNTERS, program_id=program_id)
            assert counters is not None
            has_code = code is not None and counters["allocated"] < counters["cap"]
            async with self._database.transaction() as tx:
                await tx.execute(
                    KEEP_CLAIM,
                    program_id=program_id,
                    subject=person.subject,
                    user_id=member.user_id,
                    guild_id=guild_id,
                    state="allocated" if has_code else "waitlisted",
                    position=None if has_code else counters["next_position"],
                )
                kept = await tx.fetch_one(NEWEST, subject=person.subject)
                assert kept is not None
                if code is not None and has_code:
                    await tx.execute(SPEND, code_id=code["id"])
                    await tx.execute(
                        store.INSERT_ALLOCATION,
                        program_id=program_id,
                        claim_id=kept["id"],
                        code_id=code["id"],
                        subject=person.subject,
                        allocated_at=0,
                    )
                await tx.execute(
                    store.ADD_TO_COUNTERS,
                    in_program=program_id,
                    more_allocated=int(has_code),
                    more_offered=0,
                    more_waiting=int(not has_code),
                )
            row = await self._reader.latest(person)
            assert row is not None
        return await self._reader.show(person.program, row)


VARIANTS: dict[str, type[Claims]] = {"check-then-act": CheckThenAct}


async def create_without_guards(database: Database) -> None:
    """The tables of claims with nothing but their columns, and a number for each row."""
    bare = MetaData()
    dialect = database._statements._dialect  # type: ignore[attr-defined]
    async with database.transaction() as tx:
        for table in metadata.sorted_tables:
            if table.name in NEEDED:
                columns = [
                    Column(column.name, column.type, primary_key=column.name == "id")
                    if is_numbered(table)
                    else Column(column.name, column.type)
                    for column in table.columns
                ]
                statement = CreateTable(Table(table.name, bare, *columns)).compile(dialect=dialect)
                await tx.execute(text(str(statement)))
        # The one key that writing settings needs; it keeps no promise about claims.
        names = ", ".join(column.name for column in claim_settings.primary_key)
        await tx.execute(
            text(f"CREATE UNIQUE INDEX settings_key ON {claim_settings.name} ({names})")
        )


NEEDED = frozenset(
    {
        "programs",
        "program_peppers",
        "codes",
        "claims",
        "allocations",
        "claim_decisions",
        claim_settings.name,
        program_counters.name,
    }
)


def is_numbered(table: Table) -> bool:
    """Whether its rows get a number by themselves."""
    return table.name in {"codes", "claims", "allocations"}
