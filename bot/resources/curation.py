"""Use cases of resources for moderators: add, edit, remove, import. Each writes the audit log.

The log names a resource by its title; what it says is in the resource itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.resources import store
from bot.resources.rules import MOST_RESOURCES, CommunityResource, match_title, same_words
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: a title that is there already is changed, never doubled."""

    new: tuple[CommunityResource, ...]
    changed: tuple[CommunityResource, ...]
    same: int


class ResourceCuration:
    """What a community's moderators do with its resources."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    async def add(
        self, guild_id: int, actor_id: int, resource: CommunityResource
    ) -> CommunityResource:
        """Keep a new resource.

        Raises :class:`RefusalError` when there are too many, or one has this title.
        """
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            own = await store.fetch_all(tx, guild_id)
            _ensure_room(len(own) + 1)
            _ensure_new_title(own, resource)
            return await self._add(tx, guild_id, actor_id, resource)

    async def edit(
        self, guild_id: int, actor_id: int, resource: CommunityResource
    ) -> CommunityResource:
        """Change a resource. Raises :class:`RefusalError` when it is gone or its title is taken."""
        async with self._database.transaction() as tx:
            before = await store.fetch_one(tx, guild_id, resource.row_id)
            if before is None or before.is_removed:
                raise _gone()
            await lock_guild(tx, guild_id)
            _ensure_new_title(await store.fetch_all(tx, guild_id), resource)
            return await self._change(tx, guild_id, actor_id, before, resource)

    async def remove(self, guild_id: int, actor_id: int, row_id: int) -> bool:
        """Find a resource no more; False when it was removed already."""
        async with self._database.transaction() as tx:
            found = await store.fetch_one(tx, guild_id, row_id)
            if found is None or not await tx.execute(
                store.REMOVE, row_id=row_id, in_guild=guild_id, now=self._clock.now()
            ):
                return False
            change = Change("resources.remove", found.title, "kept", "removed")
            await self._audit.write(tx, guild_id, actor_id, change)
        return True

    async def restore(self, guild_id: int, actor_id: int, row_id: int) -> bool:
        """Take a removal back; False when there is nothing to take back.

        Raises :class:`RefusalError` when there is no room any more, or its title is taken.
        """
        async with self._database.transaction() as tx:
            found = await store.fetch_one(tx, guild_id, row_id)
            if found is None or not found.is_removed:
                return False
            await lock_guild(tx, guild_id)
            own = await store.fetch_all(tx, guild_id)
            _ensure_room(len(own) + 1)
            _ensure_new_title(own, found)
            if not await tx.execute(store.RESTORE, row_id=row_id, in_guild=guild_id):
                return False
            change = Change("resources.remove", found.title, "removed", "kept")
            await self._audit.write(tx, guild_id, actor_id, change)
        return True

    async def plan(self, guild_id: int, resources: Sequence[CommunityResource]) -> Plan:
        """What an import would do. Raises :class:`RefusalError` when there are too many."""
        return _plan(await store.fetch_all(self._database, guild_id), resources)

    async def import_all(
        self, guild_id: int, actor_id: int, resources: Sequence[CommunityResource]
    ) -> Plan:
        """Do it, all or nothing. Raises :class:`RefusalError` when there are too many."""
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            own = await store.fetch_all(tx, guild_id)
            plan = _plan(own, resources)
            for resource in plan.new:
                await self._add(tx, guild_id, actor_id, resource)
            for resource in plan.changed:
                before = match_title(own, resource.title)
                if before is not None:
                    await self._change(tx, guild_id, actor_id, before, resource)
        return plan

    async def _add(
        self, tx: Transaction, guild_id: int, actor_id: int, resource: CommunityResource
    ) -> CommunityResource:
        now = self._clock.now()
        row_id = await store.insert_one(tx, guild_id, resource, now)
        kept = replace(resource, row_id=row_id, changed_at=now)
        change = Change("resources.add", kept.id, None, kept.title)
        await self._audit.write(tx, guild_id, actor_id, change)
        return kept

    async def _change(
        self,
        tx: Transaction,
        guild_id: int,
        actor_id: int,
        before: CommunityResource,
        after: CommunityResource,
    ) -> CommunityResource:
        now = self._clock.now()
        kept = replace(after, row_id=before.row_id, changed_at=now, is_removed=False)
        if same_words(before, kept):
            return before
        if not await store.change_one(tx, guild_id, before.row_id, kept, now):
            raise _gone()
        change = Change("resources.edit", kept.id, before.title, kept.title)
        await self._audit.write(tx, guild_id, actor_id, change)
        return kept


def _plan(own: Sequence[CommunityResource], wanted: Sequence[CommunityResource]) -> Plan:
    matches = [(resource, match_title(own, resource.title)) for resource in wanted]
    _ensure_room(len(own) + sum(known is None for _, known in matches))
    return Plan(
        new=tuple(resource for resource, known in matches if known is None),
        changed=tuple(
            resource
            for resource, known in matches
            if known is not None and not same_words(resource, known)
        ),
        same=sum(known is not None and same_words(resource, known) for resource, known in matches),
    )


def _gone() -> RefusalError:
    return RefusalError(
        "That resource is gone: it was removed meanwhile, so nothing was changed. "
        "Run /resources own to see those that are there."
    )


def _ensure_room(count: int) -> None:
    if count > MOST_RESOURCES:
        message = (
            f"A community can keep {MOST_RESOURCES} resources of its own, and this would make "
            f"{count}, so nothing was changed. Remove some in /resources own first."
        )
        raise RefusalError(message)


def _ensure_new_title(own: Sequence[CommunityResource], resource: CommunityResource) -> None:
    same = match_title(own, resource.title)
    if same is not None and same.row_id != resource.row_id:
        message = (
            "Your community has a resource with this title already, so nothing was changed. "
            "Give this one another title, or edit the other in /resources own."
        )
        raise RefusalError(message)
