"""The words of the sandbox: the same at the prompt, in ``--do`` and behind the page's buttons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import RefusalError
from bot.sandbox import pool
from bot.sandbox.clock import parse_instant, parse_span, show_instant
from bot.sandbox.travel import Journey, next_due_at, travel_to

if TYPE_CHECKING:
    from bot.sandbox.session import Sandbox

HELP = """\
channel NAME          show a channel: {places}
dm                    show the direct messages with Breather
as WHO                see through someone's eyes: {people}
+1d                   go forward in time; also +30m, +2h, +1w, +1d12h
at 2027-03-28 01:55   go to an instant ({zone}; or with a zone at the end, as in Europe/Berlin)
next                  go to the next post that is planned
codes 2               give the invented program two more codes, as its partner would
restart               stop the bot and start it again on the same database
help                  show this list
quit                  stop the sandbox; settings, ledger and clock are kept"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say.

    ``ends`` asks for the sandbox to be stopped. ``is_obvious`` says that whoever sees the page
    sees it anyway.
    """

    text: str
    ends: bool = False
    is_obvious: bool = False


async def obey(sandbox: Sandbox, line: str) -> Answer:
    """Carry out one line. Raises :class:`bot.errors.RefusalError` with a sentence."""
    word, _, rest = line.strip().partition(" ")
    word, rest = word.lower(), rest.strip()
    match word:
        case "channel" | "dm" | "as":
            answer = await _look(sandbox, word, rest)
        case "at":
            at = parse_instant(rest, sandbox.zone, sandbox.clock.now())
            answer = _arrived(sandbox, await travel_to(sandbox, at))
        case "next":
            answer = await _go_to_next(sandbox)
        case "restart":
            await sandbox.restart()
            answer = Answer(f"The bot was restarted. {sandbox.problem or ''}".strip())
        case "codes":
            count = int(rest) if rest.isascii() and rest.isdigit() else 0
            answer = Answer(await pool.add_codes(sandbox.app, count))
        case "help" | "?":
            answer = Answer(_help(sandbox))
        case "quit" | "exit":
            answer = Answer("Stopping.", ends=True)
        case _ if word.startswith("+"):
            answer = await _go_forward(sandbox, f"{word}{rest}")
        case _:
            message = f"I don't know “{line.strip()}”. “help” lists what I understand."
            raise RefusalError(message)
    return answer


async def _look(sandbox: Sandbox, word: str, rest: str) -> Answer:
    if word == "dm":
        await sandbox.dm()
        return _showing(sandbox, "")
    note = await (sandbox.view_as(rest) if word == "as" else sandbox.show_channel(rest))
    return _showing(sandbox, note)


def _showing(sandbox: Sandbox, note: str) -> Answer:
    text = f"{note}Showing {sandbox.view.name} as {sandbox.view.person.name}."
    return Answer(text, is_obvious=not note)


async def _go_forward(sandbox: Sandbox, text: str) -> Answer:
    seconds = parse_span(text)
    if seconds is None:
        message = f"“{text}” is no span of time. Write it as in +1d, +2h or +30m."
        raise RefusalError(message)
    return _arrived(sandbox, await travel_to(sandbox, sandbox.clock.now() + seconds))


async def _go_to_next(sandbox: Sandbox) -> Answer:
    due = await next_due_at(sandbox)
    if due is None:
        message = "Nothing is planned. As the moderator, plan posts with /tips schedule first."
        raise RefusalError(message)
    return _arrived(sandbox, await travel_to(sandbox, max(due, sandbox.clock.now())))


def _arrived(sandbox: Sandbox, journey: Journey) -> Answer:
    counts = Counter(post.place for post in journey.posts)
    where = ", ".join(f"{count} in {place}" for place, count in counts.items())
    posted = f"Posted on the way: {where}." if where else "Nothing was due on the way."
    return Answer(f"It is {show_instant(journey.at, sandbox.zone)}. {posted}")


def _help(sandbox: Sandbox) -> str:
    return HELP.format(
        places=", ".join(place.name for place in sandbox.world.places),
        people=", ".join(person.name for person in sandbox.world.people),
        zone=sandbox.zone,
    )
