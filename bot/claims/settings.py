"""What a community chose for a program: on or off, extra rules, automatic or reviewed."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeAlias

from bot.claims import steps, store
from bot.claims.rules import Requirements
from bot.content.programs import Program
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.storage import Database, Row, Transaction


@dataclass(frozen=True, slots=True)
class CommunitySettings:
    """The defaults: off, no extra rules, a moderator looks at each claim."""

    program_id: str
    guild_id: int
    is_on: bool = False
    is_reviewed: bool = True
    queue_channel_id: int | None = None
    role_ids: tuple[int, ...] = ()
    days_here: int = 0
    account_age_hours: int = 0
    needs_word: bool = False
    """Whether a word in the creator's bio has to show that the handle is theirs; a moderator
    looks, so each claim is reviewed then."""

    @property
    def is_looked_at(self) -> bool:
        """Whether a claim waits for a moderator."""
        return self.is_reviewed or self.needs_word


@dataclass(frozen=True, slots=True)
class Share:
    """A community's part of the pool: at most so many codes, or None for no limit of its own."""

    cap: int | None = None
    allocated: int = 0
    offered: int = 0


def requirements_of(program: Program, settings: CommunitySettings) -> Requirements:
    """What program and community ask for together: a community can ask for more, never less."""
    asked = program.eligibility
    return Requirements(
        role_ids=settings.role_ids,
        days_here=max(asked.days_in_community, settings.days_here),
        account_age_hours=max(asked.account_age_hours, settings.account_age_hours),
        countries=program.countries,
        must_be_of_age=asked.of_age,
        needs_handle=asked.handle or settings.needs_word,
    )


Edit: TypeAlias = Callable[[CommunitySettings], CommunitySettings]


class ClaimSettings:
    """Use cases of a community's settings. Each change writes the audit log."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def of(self, program_id: str, guild_id: int) -> CommunitySettings:
        """What a community chose for a program, or the defaults."""
        return await fetch_settings(self._database, program_id, guild_id)

    async def change(self, actor_id: int, program_id: str, guild_id: int, edit: Edit) -> None:
        """Keep what a moderator chose; each field that differs gets a line in the log.

        ``edit`` makes the new settings from those of now, which nobody else changes meanwhile.
        """

        async def work(tx: Transaction) -> None:
            await steps.lock(tx, program_id)
            before = await fetch_settings(tx, program_id, guild_id)
            wanted = edit(before)
            await save_settings(tx, wanted)
            for name, old in asdict(before).items():
                new = getattr(wanted, name)
                if old != new:
                    change = Change(f"claims.{name}", program_id, str(old), str(new))
                    await self._audit.write(tx, guild_id, actor_id, change)

        await self._database.run(work)

    async def share(self, program_id: str, guild_id: int) -> Share:
        """A community's part of the pool, and what it has of it."""
        return await _fetch_share(self._database, program_id, guild_id)

    async def change_share(
        self, actor_id: int, program_id: str, guild_id: int, cap: int | None
    ) -> None:
        """Limit a community's part of the pool, or free it again.

        Raises :class:`RefusalError` for less than the community has already.
        """

        async def work(tx: Transaction) -> None:
            await steps.lock(tx, program_id)
            before = await _fetch_share(tx, program_id, guild_id)
            if cap is not None and cap < before.allocated + before.offered:
                message = (
                    f"{before.allocated + before.offered:,} codes are given out or offered here "
                    "already, and those can't be taken back. Choose that many or more."
                )
                raise RefusalError(message)
            if cap != before.cap:
                await tx.execute(
                    store.SAVE_SHARE, program_id=program_id, guild_id=guild_id, cap=cap
                )
                change = Change("claims.share", program_id, str(before.cap), str(cap))
                await self._audit.write(tx, guild_id, actor_id, change)

        await self._database.run(work)


async def _fetch_share(db: Database | Transaction, program_id: str, guild_id: int) -> Share:
    row = await db.fetch_one(store.SELECT_SHARE, program_id=program_id, guild_id=guild_id)
    return Share() if row is None else Share(row["cap"], row["allocated"], row["offered"])


async def fetch_settings(
    db: Database | Transaction, program_id: str, guild_id: int
) -> CommunitySettings:
    """What a community chose, or the defaults. Reading creates nothing."""
    row = await db.fetch_one(store.SELECT_SETTINGS, program_id=program_id, guild_id=guild_id)
    return CommunitySettings(program_id, guild_id) if row is None else to_settings(row)


async def save_settings(tx: Transaction, settings: CommunitySettings) -> None:
    """Keep what a community chose."""
    chosen = {
        name: value
        for name, value in asdict(settings).items()
        if name in {"role_ids", "days_here", "account_age_hours", "needs_word"}
    }
    await tx.execute(
        store.SAVE_SETTINGS,
        program_id=settings.program_id,
        guild_id=settings.guild_id,
        is_on=int(settings.is_on),
        is_reviewed=int(settings.is_reviewed),
        requirements=json.dumps(chosen),
        queue_channel_id=settings.queue_channel_id,
    )


def to_settings(row: Row) -> CommunitySettings:
    """A row as a value."""
    chosen = json.loads(row["requirements"])
    return CommunitySettings(
        program_id=row["program_id"],
        guild_id=row["guild_id"],
        is_on=bool(row["is_on"]),
        is_reviewed=bool(row["is_reviewed"]),
        queue_channel_id=row["queue_channel_id"],
        role_ids=tuple(chosen.get("role_ids", ())),
        days_here=chosen.get("days_here", 0),
        account_age_hours=chosen.get("account_age_hours", 0),
        needs_word=chosen.get("needs_word", False),
    )
