"""Use cases of tips for moderators: mute, pin, add, remove. Each writes the audit log."""

import json
from dataclasses import dataclass

from bot.clock import Clock
from bot.content.tips import TOPICS, Tip
from bot.delivery.ports import Schedule
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction
from bot.tips import store
from bot.tips.rules import COMMUNITY_PREFIX, short_id

MOST_COMMUNITY_TIPS = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A tip that a moderator wrote in the form, not yet kept."""

    topics: tuple[str, ...]
    title: str
    body: str
    try_this: str
    minutes: int


class Curation:
    """What a community's moderators do with tips."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    async def mute(self, guild_id: int, actor_id: int, tip_id: str) -> bool:
        """Never show a tip in this community again; False when it was muted already."""
        async with self._database.transaction() as tx:
            changed = await tx.execute(store.INSERT_MUTE, guild_id=guild_id, tip_id=tip_id)
            if changed:
                await self._audit.write(
                    tx, guild_id, actor_id, Change("tips.mute", tip_id, "shown", "muted")
                )
        return bool(changed)

    async def unmute(self, guild_id: int, actor_id: int, tip_id: str) -> bool:
        """Show a muted tip again; False when it was not muted."""
        async with self._database.transaction() as tx:
            changed = await tx.execute(store.DELETE_MUTE, guild_id=guild_id, tip_id=tip_id)
            if changed:
                await self._audit.write(
                    tx, guild_id, actor_id, Change("tips.mute", tip_id, "muted", "shown")
                )
        return bool(changed)

    async def muted(self, guild_id: int) -> set[str]:
        """The ids of the muted tips."""
        return await store.fetch_muted(self._database, guild_id)

    async def pin(self, actor_id: int, schedule: Schedule, tip_id: str) -> str | None:
        """Choose what a schedule posts next; the tip that was pinned before, if any."""
        async with self._database.transaction() as tx:
            return await self._pin(tx, actor_id, schedule, tip_id)

    async def unpin(
        self, actor_id: int, schedule: Schedule, pinned: str, before: str | None
    ) -> bool:
        """Take a pin back and put the one before in its place; False when it is gone by now.

        ``pinned`` is the short id of the tip that was pinned: what another moderator pinned
        since stays.
        """
        async with self._database.transaction() as tx:
            _, current = await store.fetch_bag(tx, schedule.schedule_id)
            if current is None or short_id(current) != pinned:
                return False
            await self._pin(tx, actor_id, schedule, before)
        return True

    async def _pin(
        self, tx: Transaction, actor_id: int, schedule: Schedule, tip_id: str | None
    ) -> str | None:
        _, before = await store.fetch_bag(tx, schedule.schedule_id)
        if before != tip_id:
            await tx.execute(store.PIN, schedule_id=schedule.schedule_id, pinned=tip_id)
            change = Change(f"tips.pin {schedule.schedule_id}", None, before, tip_id)
            await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return before

    async def pinned(self, schedule_id: int) -> str | None:
        """The tip that is pinned for a schedule's next post."""
        return (await store.fetch_bag(self._database, schedule_id))[1]

    async def own_tips(self, guild_id: int) -> list[Tip]:
        """The community's own tips, oldest first."""
        return await store.fetch_community_tips(self._database, guild_id)

    async def add(self, guild_id: int, actor_id: int, draft: Draft) -> Tip:
        """Keep a community's own tip. Raises :class:`RefusalError` when there are too many."""
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)  # two who add the last one at once wait for each other
            if len(await store.fetch_community_tips(tx, guild_id)) >= MOST_COMMUNITY_TIPS:
                message = (
                    f"This community has {MOST_COMMUNITY_TIPS} tips of its own, which is as many "
                    "as I keep. Remove one in /tips own, then keep this one."
                )
                raise RefusalError(message)
            row = await tx.fetch_one(
                store.INSERT_COMMUNITY_TIP,
                guild_id=guild_id,
                topics=json.dumps([topic for topic in draft.topics if topic in TOPICS]),
                title=draft.title,
                body=draft.body,
                try_this=draft.try_this,
                minutes=draft.minutes,
            )
            tip_id = f"{COMMUNITY_PREFIX}{row['id'] if row else 0}"
            await self._audit.write(
                tx, guild_id, actor_id, Change("tips.add", tip_id, None, draft.title)
            )
        return Tip.model_construct(
            id=tip_id,
            topics=draft.topics,
            title=draft.title,
            body=draft.body,
            try_this=draft.try_this,
            minutes=draft.minutes,
            basis="common practice",
        )

    async def remove(self, guild_id: int, actor_id: int, tip_id: str) -> bool:
        """Post a community's own tip no more; posted and saved copies stay readable."""
        return await self._set_removed(guild_id, actor_id, tip_id, self._clock.now())

    async def restore(self, guild_id: int, actor_id: int, tip_id: str) -> bool:
        """Take a removal back."""
        return await self._set_removed(guild_id, actor_id, tip_id, None)

    async def _set_removed(
        self, guild_id: int, actor_id: int, tip_id: str, removed_at: int | None
    ) -> bool:
        row_id = store.row_id_of(tip_id)
        if row_id is None:
            return False
        words = ("kept", "removed") if removed_at else ("removed", "kept")
        async with self._database.transaction() as tx:
            changed = await tx.execute(
                store.SET_COMMUNITY_TIP_REMOVED,
                row_id=row_id,
                in_guild=guild_id,
                new_removed_at=removed_at,
            )
            if changed:
                await self._audit.write(tx, guild_id, actor_id, Change("tips.add", tip_id, *words))
        return bool(changed)
