"""Use cases of communities: their settings, and being lost and found again."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.clock import DAY, Clock
from bot.guilds import store
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Row, Transaction

GRACE_SECONDS = 30 * DAY
"""How long a community's settings are kept after the bot was removed."""

FEATURES: dict[str, str] = {"tips": "Daily tips", "myths": "Weekly myth"}
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
    """What a community chose. The defaults work without any setup.

    ``needs_approval``: announcements wait until a second moderator approves them.
    """

    guild_id: int
    language: str = store.DEFAULT_LANGUAGE
    zone: str = store.DEFAULT_ZONE
    community_channel_id: int | None = None
    staff_channel_id: int | None = None
    staff_role_id: int | None = None
    accent: str | None = None
    """The colour of its pictures, like ``#4d8c7d``; None for the house's."""
    features_off: tuple[str, ...] = ()
    setup_step: int = 0
    needs_approval: bool = False

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
        return await _fetch(self._database, guild_id)

    async def change(self, guild_id: int, actor_id: int, **changes: Any) -> GuildSettings:  # noqa: ANN401 (by field)
        """Change some settings; each that differs gets a line in the audit log."""
        async with self._database.transaction() as tx:
            before = await _fetch_locked(tx, guild_id)
            return await self._save(tx, before, replace(before, **changes), actor_id)

    async def switch_feature(
        self, guild_id: int, actor_id: int, feature: str, *, is_on: bool, setup_step: int
    ) -> GuildSettings:
        """Switch one feature on or off, whatever others are being switched meanwhile."""
        async with self._database.transaction() as tx:
            before = await _fetch_locked(tx, guild_id)
            off = set(before.features_off) - {feature} if is_on else {*before.features_off, feature}
            after = replace(before, features_off=tuple(sorted(off)), setup_step=setup_step)
            return await self._save(tx, before, after, actor_id)

    async def was_greeted(self, guild_id: int) -> bool:
        """Whether the hello was said in a community, or could not be said anywhere."""
        row = await self._database.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
        return row is not None and row["greeted_at"] is not None

    async def mark_greeted(self, guild_id: int) -> None:
        """Remember that the hello was said."""
        async with self._database.transaction() as tx:
            await tx.execute(store.ADD_GUILD, guild_id=guild_id)
            await tx.execute(store.MARK_GREETED, in_guild=guild_id, now=self._clock.now())

    async def mark_lost(self, guild_id: int) -> None:
        """Begin the 30 days of grace: nothing is posted, nothing is deleted yet.

        A community that is lost already keeps the day on which its grace began.
        """
        async with self._database.transaction() as tx:
            changed = await tx.execute(store.MARK_LOST, in_guild=guild_id, now=self._clock.now())
            if changed:
                for hook in self._hooks:
                    await hook.switch_off(tx, guild_id)

    async def mark_found(self, guild_id: int) -> bool:
        """End the grace: the bot is back. False when it was never missed."""
        row = await self._database.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
        if row is None or row["lost_at"] is None:
            return False
        async with self._database.transaction() as tx:
            settings = await _fetch(tx, guild_id)
            if not await tx.execute(store.MARK_FOUND, in_guild=guild_id):
                return False
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

    async def _save(
        self, tx: Transaction, before: GuildSettings, after: GuildSettings, actor_id: int
    ) -> GuildSettings:
        await tx.execute(store.SAVE_GUILD, **_to_values(after))
        for change in _changes(before, after):
            await self._audit.write(tx, after.guild_id, actor_id, change)
        for hook in self._hooks:
            if before.is_on(hook.feature) != after.is_on(hook.feature):
                switch = hook.switch_on if after.is_on(hook.feature) else hook.switch_off
                await switch(tx, after.guild_id)
        return after


def _changes(before: GuildSettings, after: GuildSettings) -> list[Change]:
    changed = []
    for name in store.SETTINGS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and name not in {"setup_step", "features_off"}:
            changed.append(Change(f"setup.{name}", None, _text(old), _text(new)))
    for feature in sorted(set(before.features_off) ^ set(after.features_off)):
        words = ("on", "off") if before.is_on(feature) else ("off", "on")
        changed.append(Change("setup.feature", feature, *words))
    return changed


async def _fetch_locked(tx: Transaction, guild_id: int) -> GuildSettings:
    """The settings for a change of them."""
    row = await lock_guild(tx, guild_id)
    return GuildSettings(guild_id) if row is None else _to_settings(row)


async def _fetch(db: Database | Transaction, guild_id: int) -> GuildSettings:
    row = await db.fetch_one(store.SELECT_GUILD, guild_id=guild_id)
    return GuildSettings(guild_id) if row is None else _to_settings(row)


def _to_settings(row: Row) -> GuildSettings:
    values = {field.name: row[field.name] for field in fields(GuildSettings)}
    features_off = tuple(json.loads(values["features_off"]))
    needs_approval = bool(values["needs_approval"])
    return GuildSettings(
        **values | {"features_off": features_off, "needs_approval": needs_approval}
    )


def _to_values(settings: GuildSettings) -> dict[str, Any]:
    values = {field.name: getattr(settings, field.name) for field in fields(GuildSettings)}
    features_off = json.dumps(settings.features_off)
    return values | {"features_off": features_off, "needs_approval": int(settings.needs_approval)}


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "on" if value else "off"
    return None if value is None else str(value)
