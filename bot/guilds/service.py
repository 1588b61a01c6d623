"""Use cases of communities: their settings, and being lost and found again."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.clock import DAY, Clock
from bot.guilds import store
from bot.guilds.audit import AuditLog, Change
from bot.storage import Database, Row, Transaction

GRACE_SECONDS = 30 * DAY
"""How long a community's settings are kept after the bot was removed."""

FEATURES: dict[str, str] = {"tips": "Daily tips"}
"""Feature ids and names that a community can switch off. ``/help-now`` is not one of them."""

GuildAction = Callable[[Transaction, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class FeatureHooks:
    """What a feature does in the transaction that concerns its community."""

    feature: str
    switch_on: GuildAction
    switch_off: GuildAction
    forget: GuildAction


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a community chose. The defaults work without any setup."""

    guild_id: int
    language: str = "en"
    zone: str = "UTC"
    community_channel_id: int | None = None
    staff_channel_id: int | None = None
    staff_role_id: int | None = None
    features_off: tuple[str, ...] = ()
    setup_step: int = 0

    def is_on(self, feature: str) -> bool:
        """Whether a feature is switched on."""
        return feature not in self.features_off


class Guilds:
    """Settings of communities. Reading them creates nothing."""

    def __init__(
        self, database: Database, audit: AuditLog, clock: Clock, hooks: Sequence[FeatureHooks]
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._hooks = tuple(hooks)

    async def settings(self, guild_id: int) -> GuildSettings:
        """What a community chose, or the defaults."""
        row = await self._database.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
        return GuildSettings(guild_id) if row is None else _to_settings(row)

    async def change(self, guild_id: int, actor_id: int, **changes: Any) -> GuildSettings:  # noqa: ANN401 (by field)
        """Change some settings; each that differs gets a line in the audit log."""
        async with self._database.transaction() as tx:
            row = await tx.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
            before = GuildSettings(guild_id) if row is None else _to_settings(row)
            after = replace(before, **changes)
            await tx.execute(store.SAVE_GUILD, **_to_values(after))
            for name in changes:
                old, new = getattr(before, name), getattr(after, name)
                if old != new and name != "setup_step":
                    change = Change(f"setup.{name}", None, _text(old), _text(new))
                    await self._audit.write(tx, guild_id, actor_id, change)
            for hook in self._hooks:
                if before.is_on(hook.feature) != after.is_on(hook.feature):
                    switch = hook.switch_on if after.is_on(hook.feature) else hook.switch_off
                    await switch(tx, guild_id)
        return after

    async def mark_greeted(self, guild_id: int) -> bool:
        """Remember the hello; False when it was said before."""
        async with self._database.transaction() as tx:
            row = await tx.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
            if row is None:
                await tx.execute(store.SAVE_GUILD, **_to_values(GuildSettings(guild_id)))
            return bool(
                await tx.execute(store.MARK_GREETED, in_guild=guild_id, now=self._clock.now())
            )

    async def mark_lost(self, guild_id: int) -> None:
        """Begin the 30 days of grace: nothing is posted, nothing is deleted yet."""
        async with self._database.transaction() as tx:
            changed = await tx.execute(
                store.MARK_LOST, in_guild=guild_id, new_lost_at=self._clock.now()
            )
            if changed:
                for hook in self._hooks:
                    await hook.switch_off(tx, guild_id)

    async def mark_found(self, guild_id: int) -> bool:
        """End the grace: the bot is back. False when it was never missed."""
        async with self._database.transaction() as tx:
            row = await tx.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
            if row is None or row["lost_at"] is None:
                return False
            await tx.execute(store.MARK_LOST, in_guild=guild_id, new_lost_at=None)
            settings = _to_settings(row)
            for hook in self._hooks:
                if settings.is_on(hook.feature):
                    await hook.switch_on(tx, guild_id)
        return True

    async def lost(self) -> dict[int, int]:
        """Communities in their grace, and since when (UTC epoch seconds)."""
        rows = await self._database.fetch_all(store.SELECT_LOST)
        return {row["guild_id"]: row["lost_at"] for row in rows}

    async def forget(self, guild_id: int) -> None:
        """Delete everything kept about a community, over every feature, at once."""
        async with self._database.transaction() as tx:
            for hook in self._hooks:
                await hook.forget(tx, guild_id)
            await tx.execute(store.DELETE_GUILD_AUDIT, guild_id=guild_id)
            await tx.execute(store.DELETE_GUILD, guild_id=guild_id)

    async def known(self) -> list[int]:
        """The ids of the communities that something is kept about and that are not lost."""
        return [row["guild_id"] for row in await self._database.fetch_all(store.SELECT_KNOWN)]


def _to_settings(row: Row) -> GuildSettings:
    values = {field.name: row[field.name] for field in fields(GuildSettings)}
    return GuildSettings(**values | {"features_off": tuple(json.loads(values["features_off"]))})


def _to_values(settings: GuildSettings) -> dict[str, Any]:
    values = {field.name: getattr(settings, field.name) for field in fields(GuildSettings)}
    return values | {"features_off": json.dumps(settings.features_off)}


def _text(value: object) -> str | None:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return None if value is None else str(value)
