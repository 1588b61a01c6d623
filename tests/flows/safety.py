"""Steps that the flows of the safety net share, and every way in which a text is handed over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from simcord import interactions
from simcord.backend import serializers
from simcord.enums import InteractionType
from simcord.results import InteractionResult
from sqlalchemy import select

from bot.storage import metadata
from tests.flows import announcing, claims, eventing, test_campaign
from tests.flows.conftest import Community
from tests.flows.moderating import open_step
from tests.flows.reading import answer, choose, labels, parts, press, words
from tests.flows.tips import FORM, open_panel

CRISIS = "i want to kill myself"
ABOUT_OTHER = "my friend wants to kill herself"
CORE = "kill"
"""A word of both; no card of the bot has it."""

QUARTER = 15 * 60
FOR_SELF = "First of all: you don't have to carry this alone"
FOR_OTHER = "It sounds as if you are worried about someone"
GONE = "I don't have that text any more"
CHOICE = ["Send it as it is", "Edit it", "Delete it"]
ASK = "Ask a moderator to check on me"
HELP = ["Show help lines", "Find a help line"]
MINUTE = 60
ANSWER_NEW, ANSWER_DEFERRED, ANSWER_UPDATE, ANSWER_FORM = 4, 6, 7, 9
"""How an interaction can be answered: a new message, nothing yet, the old message, a form."""

RESOURCE = {
    "title": "Our quiet room",
    "summary": "A voice channel without music.",
    "body": "It is open all day, and nobody has to talk in it.",
    "link": "https://example.org/quiet",
    "asked": "where is it quiet",
}


@dataclass(frozen=True)
class Form:
    """A form, who opens it and how, what else is in it, and a text that is ordinary."""

    open: Callable[[Community], Awaitable[Any]]
    is_moderators: bool
    into: str
    ordinary: str
    others: dict[str, Any] = field(default_factory=dict)

    def actor(self, community: Community) -> Any:
        """Who fills it in."""
        return community.moderator if self.is_moderators else community.member

    async def send(self, community: Community, text: str) -> Any:
        """Open it and send it with a text."""
        return await self.submit(community, await self.open(community), text)

    async def submit(self, community: Community, form: Any, text: str) -> Any:
        """Send an open form with a text."""
        values = self.others | {self.into: text}
        return await self.actor(community).submit_modal(form, values)


async def _open_help(community: Community) -> Any:
    shown = await community.member.slash(community.general, "help-now")
    return await press(community.member, shown, "Type a country")


async def _open_time(community: Community) -> Any:
    return await press(community.moderator, await open_panel(community), "Time")


async def _open_zone(community: Community) -> Any:
    return await press(community.moderator, await open_panel(community), "Zone")


async def _open_tip(community: Community) -> Any:
    return await community.moderator.slash(community.desk, "tips add")


async def _open_resource(community: Community) -> Any:
    return await community.moderator.slash(community.desk, "resources add")


async def _open_claim(community: Community) -> Any:
    await claims.ensure_set_up(community)
    return await claims.open_form(community)


async def _open_claim_answer(community: Community) -> Any:
    await claims.ensure_asked(community)
    return await press(community.member, await claims.open_claim(community), "Answer")


async def _open_claim_reason(community: Community) -> Any:
    await claims.ensure_asked(community)
    return await press(community.moderator, await claims.open_waiting(community), "Ask for more")


async def _open_share(community: Community) -> Any:
    await claims.ensure_set_up(community)
    return await press(
        community.moderator, await claims.open_settings(community), "Share of the pool"
    )


async def _open_setup_zone(community: Community) -> Any:
    return await press(community.moderator, await open_step(community, 0), "Change the time zone")


async def _open_announcement(community: Community) -> Any:
    return await community.moderator.slash(community.desk, "announce")


async def _open_announcement_time(community: Community) -> Any:
    panel = await announcing.write(community)
    return await choose(community.moderator, panel, "announce:repeat", ["once"])


async def _open_send_back(community: Community) -> Any:
    settings = await community.services.guilds.settings(community.guild.id)
    if not settings.needs_approval:
        await announcing.ask_for_approval(community)
    return await press(community.moderator, await announcing.planned(community), "Send back")


async def _open_colour(community: Community) -> Any:
    panel = await test_campaign.turn_on(community)
    pictures = await press(community.moderator, panel, "Pictures")
    return await press(community.moderator, pictures, "Another colour")


async def _open_reminder(community: Community) -> Any:
    shown = await community.member.slash(community.general, "wmhd")
    opened = await press(community.member, shown, "Remind me")
    is_set = await community.services.reminders.find(community.member.id, "world-mental-health-day")
    return await press(community.member, opened, "Change") if is_set else opened


async def _open_campaign_time(community: Community) -> Any:
    return await press(community.moderator, await test_campaign.turn_on(community), "Time")


async def _open_campaign_words(community: Community) -> Any:
    panel = await test_campaign.turn_on(community)
    calendar = await press(community.moderator, panel, "Calendar")
    step = await choose(community.moderator, calendar, "campaign:look", ["2027-10-10"])
    return await press(community.moderator, step, "Edit")


async def _open_event(community: Community) -> Any:
    return await community.moderator.slash(community.desk, "event create")


async def _open_event_details(community: Community) -> Any:
    panel = await eventing.written(community)
    return await press(community.moderator, panel, "Length and line-up")


async def _open_event_time(community: Community) -> Any:
    panel = await eventing.written(community)
    return await choose(community.moderator, panel, "event:repeat", ["once"])


async def _open_event_recap(community: Community) -> Any:
    panel = await eventing.ensure_closed(community)
    (label,) = [label for label in labels(panel) if "recap" in label]
    return await press(community.moderator, panel, label)


async def _open_again(community: Community) -> Any:
    return await press(community.member, await ask(community, CRISIS), "Edit it")


FORMS = {
    "help-now:find": Form(_open_help, is_moderators=False, into="country", ordinary="India"),
    "schedule:time": Form(_open_time, is_moderators=True, into="text", ordinary="10:30"),
    "schedule:zone": Form(_open_zone, is_moderators=True, into="text", ordinary="Europe/Paris"),
    "own:form": Form(
        _open_tip, is_moderators=True, into="body", ordinary=FORM["body"], others=FORM
    ),
    "own-resource:form": Form(
        _open_resource, is_moderators=True, into="body", ordinary=RESOURCE["body"], others=RESOURCE
    ),
    "claim:send": Form(
        _open_claim,
        is_moderators=False,
        into="handle",
        ordinary="@example_creator",
        others=claims.FORM | {"consent": ["no"]},
    ),
    "claim:reply": Form(_open_claim_answer, is_moderators=False, into="note", ordinary="It is me."),
    "claims:reason": Form(
        _open_claim_reason, is_moderators=True, into="reason", ordinary="Which page is yours?"
    ),
    "claims-settings:share": Form(_open_share, is_moderators=True, into="share", ordinary="5"),
    "announce:form": Form(
        _open_announcement,
        is_moderators=True,
        into="body",
        ordinary=announcing.WORDS["body"],
        others=announcing.WORDS,
    ),
    "announce:when": Form(
        _open_announcement_time,
        is_moderators=True,
        into="time",
        ordinary="12:00",
        others=announcing.NOON_TOMORROW,
    ),
    "announce:back": Form(
        _open_send_back, is_moderators=True, into="reason", ordinary="The date is another one."
    ),
    "campaign:own-colour": Form(
        _open_colour, is_moderators=True, into="colour", ordinary="#3F7CAC"
    ),
    "reminder:set": Form(
        _open_reminder,
        is_moderators=False,
        into="zone",
        ordinary="Europe/Paris",
        others={"days": ["day"], "time": "9:00", "often": ["once"]},
    ),
    "campaign:time": Form(_open_campaign_time, is_moderators=True, into="text", ordinary="10:30"),
    "campaign:words": Form(
        _open_campaign_words,
        is_moderators=True,
        into="body",
        ordinary="Come and breathe with us at noon, all of you.",
        others={"title": "Our day"},
    ),
    "event:form": Form(
        _open_event,
        is_moderators=True,
        into="body",
        ordinary=eventing.WORDS["body"],
        others=eventing.WORDS,
    ),
    "event:lengths": Form(
        _open_event_details,
        is_moderators=True,
        into="line_up",
        ordinary="Ana, 20",
        others=eventing.LENGTHS,
    ),
    "event:when": Form(
        _open_event_time,
        is_moderators=True,
        into="time",
        ordinary="18:00",
        others=eventing.TOMORROW,
    ),
    "event:recap": Form(
        _open_event_recap,
        is_moderators=True,
        into="recap",
        ordinary="It was a good evening, and the tea was hot.",
        others={"attendance": ""},
    ),
    "setup:zone": Form(_open_setup_zone, is_moderators=True, into="text", ordinary="Asia/Tokyo"),
    "safety:again": Form(
        _open_again, is_moderators=False, into="question", ordinary="how can i sleep better"
    ),
}
"""Every form, by route."""


@dataclass(frozen=True)
class Command:
    """A text option of a command: who may run it, the other options, a text that is ordinary."""

    is_moderators: bool
    ordinary: str
    others: dict[str, Any] = field(default_factory=dict)

    def actor(self, community: Community) -> Any:
        """Who runs it."""
        return community.moderator if self.is_moderators else community.member

    async def run(self, community: Community, name: str, option: str, text: str) -> Any:
        """Run it with a text."""
        actor = self.actor(community)
        channel = community.desk if self.is_moderators else community.general
        return await actor.slash(channel, name, **self.others | {option: text})


COMMANDS = {
    ("ask", "question"): Command(is_moderators=False, ordinary="how can i sleep better"),
    ("help-now", "country"): Command(is_moderators=False, ordinary="India"),
    ("resources search", "words"): Command(is_moderators=False, ordinary="sleep"),
    ("tips schedule", "zone"): Command(is_moderators=True, ordinary="Europe/Paris"),
    ("tips skip", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("tips pause", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("tips resume", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("tips history", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("tips pin", "tip"): Command(is_moderators=True, ordinary="water"),
    ("tips pin", "schedule"): Command(
        is_moderators=True, ordinary="1", others={"tip": "Leave the hook in the water"}
    ),
    ("tips mute", "tip"): Command(is_moderators=True, ordinary="water"),
    ("announce", "alt"): Command(is_moderators=True, ordinary="A grey cat asleep on a book."),
    ("claims settings", "program"): Command(is_moderators=True, ordinary="calm"),
    ("claims stats", "program"): Command(is_moderators=True, ordinary="calm"),
    ("claims post", "program"): Command(is_moderators=True, ordinary="calm"),
    ("myths schedule", "zone"): Command(is_moderators=True, ordinary="Europe/Paris"),
    ("myths skip", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("myths pause", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("myths resume", "schedule"): Command(is_moderators=True, ordinary="1"),
    ("myths history", "schedule"): Command(is_moderators=True, ordinary="1"),
}
"""Every option of every command in which people can write what they like."""


async def ask(community: Community, text: str) -> Any:
    """``/ask`` as a member runs it."""
    return await community.member.slash(community.general, "ask", question=text)


class Blind:
    """A screen that finds nothing: how things go when nothing is noticed."""

    def screen(self, _text: str) -> None:
        """Nothing."""


@contextmanager
def unnoticed(community: Community) -> Iterator[None]:
    """Nothing is noticed meanwhile."""
    net: Any = community.app.client.net
    screen, net._screen = net._screen, Blind()
    try:
        yield
    finally:
        net._screen = screen


def shown(result: Any) -> tuple[str, list[str], bool]:
    """What a person sees of an answer: its words, its buttons, and that only they see it."""
    return words(result), labels(result), answer(result).ephemeral


def is_help(result: Any, title: str = FOR_SELF, own_language: str | None = None) -> bool:
    """Whether an answer is the private card with help first and then the choice.

    ``own_language`` says where help is in the language of the text, and stands above all.
    """
    message = answer(result)
    return (
        message is not None
        and message.ephemeral
        and words(result).startswith(
            f"{own_language}\n## {title}" if own_language else f"## {title}"
        )
        and [label for label in labels(result) if label in CHOICE] == CHOICE
    )


def fields_of(form: Any) -> dict[str, dict[str, Any]]:
    """The fields of an open form by custom id."""
    found = parts(form.modal["components"])
    return {part["custom_id"]: part for part in found if "custom_id" in part}


async def press_as(community: Community, actor: Any, result: Any, label: str) -> Any:
    """A press with a forged request: somebody who cannot see the message."""
    message = answer(result)
    found = forge_press(community, actor, message.channel_id, message.id, label)
    await community.env.settle()
    return found


def forge_press(
    community: Community, actor: Any, channel_id: int, message_id: int, label: str
) -> InteractionResult:
    """Send a press off; the bot has not answered it yet."""
    backend = community.env.backend
    stored = backend.get_message(channel_id, message_id)
    (button,) = [part for part in parts(stored.components) if part.get("label") == label]
    record, payload = interactions.base_payload(
        backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=channel_id,
        guild_id=community.guild.id,
        user_id=actor.id,
        data={"custom_id": button["custom_id"], "component_type": 2},
    )
    payload["message"] = dict(serializers.message_payload(backend, stored))
    record.source_message_id = stored.id
    backend.emit("INTERACTION_CREATE", payload)
    return InteractionResult(community.env, record)


async def everything_written(community: Community, caplog: pytest.LogCaptureFixture) -> str:
    """All logs, tables, messages and requests, except the forms that a person was shown."""
    found = [str(vars(record)) for record in caplog.records]
    database = community.services.database
    for table in metadata.sorted_tables:
        for row in await database.fetch_all(select(table)):
            found += [str(row[column.name]) for column in table.columns]
    for messages in community.env.backend.messages.values():
        found += [repr(message) for message in messages.values()]
    for request in community.env.http_requests:
        body: Any = request.json or {}
        if not (isinstance(body, dict) and body.get("type") == ANSWER_FORM):
            found.append(f"{request.path} {request.params} {body} {request.reason}")
    return "\n".join(found)


def callbacks(community: Community) -> list[int]:
    """The kinds of the answers to interactions so far, in their order."""
    return [
        int((request.json or {})["type"])
        for request in community.env.http_requests
        if request.path.endswith("/callback")
    ]


def last_callback(community: Community) -> dict[str, Any]:
    """What the last answer to an interaction said."""
    bodies: list[Any] = [
        request.json
        for request in community.env.http_requests
        if request.path.endswith("/callback")
    ]
    data: dict[str, Any] = bodies[-1]["data"]
    return data


def held(community: Community) -> dict[str, Any]:
    """What the net has in memory."""
    net: Any = community.app.client.net
    kept: dict[str, Any] = net._held._held
    return kept
