"""What a change of an event needs, and the refusals of one that can't be made."""

from collections.abc import Sequence
from dataclasses import replace

from bot.delivery.plans import Plan
from bot.errors import RefusalError
from bot.events import rules, store
from bot.events.rules import Event, State
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction


def move(event: Event, plan: Plan, now: int) -> Event:
    """The event at its new plan's next day. Raises :class:`RefusalError`."""
    starts_at = find_start(event, now)
    if event.state is not State.LIVE:
        return replace(event, starts_at=starts_at)
    if not event.repeats:
        message = "It is on now, so it can't be moved any more. Nothing was changed."
        raise RefusalError(message)
    return rules.plan_others(event, plan)


def find_start(event: Event, now: int) -> int:
    """When its plan begins next. Raises :class:`RefusalError` where nothing is ahead."""
    try:
        starts_at = None if event.plan is None else rules.find_start(event.plan, now)
    except ValueError as error:
        raise RefusalError(str(error)) from error
    if starts_at is None:
        raise lacking([rules.Fault.PAST])
    return starts_at


def new_faults(after: Event, before: Event, now: int) -> list[rules.Fault]:
    """What a change would spoil.

    A planned event may lie in the past by now, and at Discord it may have got what nobody could
    type here.
    """
    old = set(rules.find_faults(before, now))
    return [fault for fault in rules.find_faults(after, now) if fault not in old]


WORDS = {
    rules.Fault.TITLE: "a title of at least 3 visible characters",
    rules.Fault.BODY: "a text of at least 3 visible characters",
    rules.Fault.PLACE: "where it takes place: a stage, a voice channel or a link",
    rules.Fault.LINK: "a link that begins with https://",
    rules.Fault.WHEN: "when it begins",
    rules.Fault.PAST: "a beginning that is still to come",
    rules.Fault.CHANNEL: "the channel for its card",
    rules.Fault.LINE_UP: "a line-up that fits into its length",
}
"""What an event lacks, in words."""


def lacking(faults: Sequence[rules.Fault]) -> RefusalError:
    """The refusal of an event that lacks something."""
    lines = "\n".join(f"- {WORDS[fault]}" for fault in faults)
    return RefusalError(f"Nothing was changed. The event still needs:\n{lines}")


async def take(db: Database | Transaction, guild_id: int, event_id: int) -> Event:
    """One that is there. Raises :class:`RefusalError` when it is deleted or elsewhere."""
    event = await store.fetch_one(db, guild_id, event_id)
    if event is None:
        message = "That event is gone: somebody deleted it. /events shows what is coming."
        raise RefusalError(message)
    return event


async def lock(tx: Transaction, guild_id: int, event_id: int) -> Event:
    """The same for a change that must not meet another one in the community."""
    await lock_guild(tx, guild_id)
    return await take(tx, guild_id, event_id)


def finished() -> RefusalError:
    """The refusal of an event that is over."""
    return RefusalError(
        "That event is over or cancelled, so it can't be changed any more. /event create makes a "
        "new one."
    )
