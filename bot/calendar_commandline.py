"""``python -m bot calendar``: every post that would go out, without changing anything."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from bot.errors import RefusalError
from bot.operating import run, tell_faults
from bot.settings import load_settings

if TYPE_CHECKING:  # a command loads what it needs, and only that
    from bot.campaigns.calendar import Entry
    from bot.storage import Database

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("calendar")
@click.option("--from", "first", type=_DAY, required=True, help="The first local date.")
@click.option("--to", "last", type=_DAY, required=True, help="The last local date, included.")
@click.option("--zone", default="UTC", show_default=True, help="The time zone of these dates.")
@click.option("--guild", "guild_id", type=int, help="A community's id; without one, the defaults.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each post.")
def show_calendar(
    first: datetime, last: datetime, zone: str, guild_id: int | None, *, as_json: bool
) -> None:
    """List every post between two dates, in order.

    Without --guild, those of a community in the zone that left every campaign as it comes.
    """
    with tell_faults():
        entries = _find_entries(first.date(), last.date(), zone, guild_id)
    for entry in entries:
        what = " ".join(filter(None, (entry.kind, entry.campaign)))
        step = "" if entry.step is None else f" {entry.step:+d} days" if entry.step else " the day"
        click.echo(json.dumps(entry.as_json()) if as_json else f"{entry.local}  {what}{step}")
    if not entries and not as_json:
        click.echo("Nothing would be posted between these days.")


def _find_entries(first: date, last: date, zone: str, guild_id: int | None) -> "Sequence[Entry]":
    from bot.campaigns.calendar import of_guild, span_of, with_defaults
    from bot.clock import SystemClock
    from bot.content.campaigns import load_campaigns
    from bot.delivery.schedules import Schedules
    from bot.events.posts import POSTS, SOON_POSTS

    settings = load_settings()
    library = load_campaigns(settings.content_dir)
    if last < first:
        message = "--to: is before --from, so there is no day between them."
        raise RefusalError(message)
    try:
        span = span_of(first, last, zone)
    except (KeyError, ValueError, OSError) as error:
        message = f"--zone: there is no time zone called {zone!r}; write it as Europe/Berlin."
        raise RefusalError(message) from error
    if guild_id is None:
        return with_defaults(library, zone, *span)

    async def read(database: "Database") -> "Sequence[Entry]":
        schedules = Schedules(database, SystemClock())
        return await of_guild(schedules, library, guild_id, *span, {SOON_POSTS: POSTS})

    return run(settings, read)
