"""Statements on events and on who comes, and their rows as values."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.delivery.plans import read_plan, write_plan
from bot.events.rules import Event, Outline, Place, Slot, State
from bot.events.tables import event_rsvps, events
from bot.storage import Database, Row, Transaction
from bot.storage.database import Value

_COLUMNS = tuple(
    column.name for column in events.c if column.name not in {"id", "guild_id", "changes"}
)
_CHANGED = {"changes": events.c.changes + 1}
"""Whatever is changed makes the posted card older than the event."""
_OWN = (events.c.id == bindparam("event_id"), events.c.guild_id == bindparam("in_guild"))
_IS_OPEN = events.c.finished_at.is_(None)

SELECT_ONE = select(events).where(*_OWN)
SELECT_BY_DISCORD = select(events).where(
    events.c.discord_event_id == bindparam("discord_event_id"),
    events.c.guild_id == bindparam("in_guild"),
)
SELECT_GUILD = (
    select(events)
    .where(events.c.guild_id == bindparam("guild_id"), _IS_OPEN)
    .order_by(events.c.starts_at, events.c.id)
)
SELECT_PAST = (
    select(events)
    .where(events.c.guild_id == bindparam("guild_id"), events.c.finished_at > bindparam("since"))
    .order_by(events.c.finished_at.desc(), events.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
SELECT_CALENDAR = (
    select(events)
    .where(
        events.c.guild_id == bindparam("guild_id"),
        events.c.state.in_((State.PLANNED.value, State.LIVE.value, State.CANCELLED.value)),
    )
    .order_by(events.c.starts_at, events.c.id)
)
SELECT_TO_SYNC = (
    select(events)
    .where(
        events.c.state.in_((State.PLANNED.value, State.LIVE.value))
        | (
            events.c.finished_at.is_not(None)
            & (events.c.synced.is_not(None) | (events.c.was_tried == 1))
        )
    )
    .order_by(events.c.starts_at, events.c.id)
)
INSERT = (
    insert(events)
    .values({name: bindparam(name) for name in ("guild_id", *_COLUMNS)} | {"changes": 1})
    .returning(events.c.id)
)
CHANGE = (
    update(events)
    .where(*_OWN)
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS} | _CHANGED)
)
SELECT_STALE = (
    select(events)
    .where(events.c.changes > 0, events.c.state != State.DRAFT.value)
    .order_by(events.c.id)
)
COUNT_CHANGE = update(events).where(events.c.id == bindparam("event_id")).values(_CHANGED)
MARK_SHOWN = (
    update(events)
    .where(events.c.id == bindparam("event_id"), events.c.changes == bindparam("shown"))
    .values(changes=0)
)
DELETE = delete(events).where(*_OWN)
SELECT_OLD = select(events).where(events.c.finished_at <= bindparam("until"))
DELETE_OLD = delete(events).where(events.c.finished_at <= bindparam("until"))
FORGET_GUILD = delete(events).where(events.c.guild_id == bindparam("guild_id"))

UPSERT_RSVP = (
    insert(event_rsvps)
    .values(
        event_id=bindparam("event_id"),
        user_id=bindparam("user_id"),
        way=bindparam("way"),
        asked_at=bindparam("asked_at"),
    )
    .on_conflict_do_update(index_elements=["event_id", "user_id"], set_={"way": bindparam("way")})
)
SELECT_RSVP = select(event_rsvps.c.way).where(
    event_rsvps.c.event_id == bindparam("event_id"), event_rsvps.c.user_id == bindparam("user_id")
)
SELECT_RSVPS = (
    select(event_rsvps.c.id, event_rsvps.c.user_id)
    .where(event_rsvps.c.event_id == bindparam("event_id"), event_rsvps.c.way == bindparam("way"))
    .order_by(event_rsvps.c.id)
)
SELECT_COMING = select(event_rsvps.c.user_id).where(event_rsvps.c.event_id == bindparam("event_id"))
SELECT_REFERENCE = select(event_rsvps.c.id).where(
    event_rsvps.c.id == bindparam("reference"), event_rsvps.c.way == bindparam("way")
)
COUNT_RSVPS = select(func.count().label("coming")).where(
    event_rsvps.c.event_id == bindparam("event_id")
)
DELETE_RSVP = delete(event_rsvps).where(
    event_rsvps.c.event_id == bindparam("event_id"), event_rsvps.c.user_id == bindparam("user_id")
)
DELETE_OLD_RSVPS = delete(event_rsvps).where(
    event_rsvps.c.event_id.in_(
        select(events.c.id).where(events.c.finished_at <= bindparam("until"))
    )
)

EXPORTED_RSVP = ("guild_id", "title", "starts_at", "way", "asked_at")
SELECT_PERSON_EVENTS = (
    select(events)
    .where(
        (events.c.author_id == bindparam("user_id"))
        | (events.c.host_id == bindparam("user_id"))
        | (events.c.signal_id == bindparam("user_id"))
    )
    .order_by(events.c.id)
)
SELECT_PERSON_RSVPS = (
    select(
        events.c.guild_id,
        events.c.title,
        events.c.starts_at,
        event_rsvps.c.way,
        event_rsvps.c.asked_at,
    )
    .select_from(event_rsvps.join(events))
    .where(event_rsvps.c.user_id == bindparam("user_id"))
    .order_by(event_rsvps.c.id)
)
ERASE_PERSON = tuple(
    update(events).where(column == bindparam("user_id")).values({column.name: None})
    for column in (events.c.author_id, events.c.host_id, events.c.signal_id)
)
ERASE_RSVPS = delete(event_rsvps).where(event_rsvps.c.user_id == bindparam("user_id"))


async def fetch_one(db: Database | Transaction, guild_id: int, event_id: int) -> Event | None:
    """One of a community's events."""
    row = await db.fetch_one(SELECT_ONE, in_guild=guild_id, event_id=event_id)
    return None if row is None else to_event(row)


async def fetch_by_discord(
    db: Database | Transaction, guild_id: int, discord_event_id: int
) -> Event | None:
    """The one that stands for an event of Discord's."""
    row = await db.fetch_one(
        SELECT_BY_DISCORD, in_guild=guild_id, discord_event_id=discord_event_id
    )
    return None if row is None else to_event(row)


async def fetch_open(db: Database | Transaction, guild_id: int) -> Sequence[Event]:
    """A community's drafts and events ahead, the nearest first, drafts without a time last."""
    found = [to_event(row) for row in await db.fetch_all(SELECT_GUILD, guild_id=guild_id)]
    return sorted(found, key=lambda one: (one.starts_at is None, one.starts_at or 0, one.event_id))


async def insert_one(tx: Transaction, event: Event) -> int:
    """Keep a new one; its id."""
    row = await tx.fetch_one(INSERT, guild_id=event.guild_id, **_values(event))
    return row["id"] if row else 0


async def save(tx: Transaction, event: Event) -> None:
    """Put a changed one in the place of the old one."""
    values = {f"new_{name}": value for name, value in _values(event).items()}
    await tx.execute(CHANGE, in_guild=event.guild_id, event_id=event.event_id, **values)


def to_event(row: Row) -> Event:
    """A row as a value."""
    return Event(
        event_id=row["id"],
        **{name: row[name] for name in Event.__slots__ if name not in {"event_id", *_READ}},
        **{name: read(row[name]) for name, read in _READ.items()},
    )


def export_row(row: Row, user_id: int) -> dict[str, Any]:
    """What a person's file says of an event that they had a part in."""
    parts = [part for part in ("author", "host", "signal") if row[f"{part}_id"] == user_id]
    kept = {name: row[name] for name in ("guild_id", "title", "body", "starts_at", "state")}
    return kept | {"as": parts}


def _read_outline(text: str | None) -> Outline | None:
    if text is None:
        return None
    values: dict[str, Any] = json.loads(text)
    return Outline(**values | {"place": Place(values["place"])})


_READ: dict[str, Any] = {
    "place": lambda text: None if text is None else Place(text),
    "plan": lambda text: None if text is None else read_plan(text),
    "has_therapist": bool,
    "was_tried": bool,
    "line_up": lambda text: tuple(Slot(**slot) for slot in json.loads(text)),
    "state": State,
    "synced": _read_outline,
    "pushed": _read_outline,
}
"""How columns that are no plain numbers or texts are read."""


def _values(event: Event) -> dict[str, Value]:
    values: dict[str, Any] = {name: getattr(event, name) for name in _COLUMNS}
    return values | {
        "place": None if event.place is None else event.place.value,
        "plan": None if event.plan is None else write_plan(event.plan),
        "has_therapist": int(event.has_therapist),
        "was_tried": int(event.was_tried),
        "line_up": json.dumps([asdict(slot) for slot in event.line_up]),
        "state": event.state.value,
        "synced": None if event.synced is None else json.dumps(asdict(event.synced)),
        "pushed": None if event.pushed is None else json.dumps(asdict(event.pushed)),
    }
