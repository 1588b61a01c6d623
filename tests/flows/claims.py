"""Claims in a simulated Discord: a program with codes, switched on, and the steps of people."""

from collections.abc import Sequence
from typing import Any

import discord
from simcord.enums import InteractionType
from sqlalchemy import select

from bot.claims.codes import import_codes
from bot.claims.opening import ClaimServices
from bot.claims.programs import apply_program
from bot.claims.settings import CommunitySettings
from bot.claims.standing import Claim
from bot.claims.tables import codes
from bot.claims.waitlist import move_each
from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press
from tests.store.pools import PROGRAM, file_of, make_codes, make_program

FORM = {"handle": "@example_creator", "of_age": ["yes"], "consent": ["yes"], "wants_dm": ["no"]}
"""What a member who may claim fills in."""

NEW_ACCOUNTS: dict[str, object] = {"eligibility": {"account_age_hours": 0}}
"""Everybody here has just made their account."""


def claims_of(community: Community) -> ClaimServices:
    """The services of claims."""
    claims = community.services.claims
    assert claims is not None
    return claims


async def open_program(community: Community, codes: int = 3, **changes: object) -> list[str]:
    """Apply a program and import codes, as an operator does; the codes."""
    claims, now = claims_of(community), community.clock.now()
    database = community.services.database
    program = make_program(**NEW_ACCOUNTS | changes)
    await apply_program(database, program, now)
    await claims.catalogue.refresh()
    return await add_codes(community, codes)


async def add_codes(community: Community, count: int, first: int = 0) -> list[str]:
    """Import codes into the open program; the codes."""
    lines = make_codes(count, first)
    if lines:
        await import_lines(community, *lines)
    return lines


async def import_lines(community: Community, *lines: str, program_id: str = PROGRAM) -> None:
    """Import codes as they stand."""
    claims, now = claims_of(community), community.clock.now()
    database, content = community.services.database, file_of(lines)
    await import_codes(database, claims.keys, program_id, content, now, fence=claims.fence)


async def switch_on(community: Community, program_id: str = PROGRAM, **chosen: Any) -> None:
    """Let the community take claims, at once unless something else is chosen."""
    values: dict[str, Any] = {"is_on": True, "is_reviewed": False, **chosen}
    wanted = CommunitySettings(program_id, community.guild.id, **values)
    await claims_of(community).settings.change(
        community.moderator.id, program_id, community.guild.id, lambda _: wanted
    )


async def set_up(community: Community, codes: int = 3, **chosen: Any) -> list[str]:
    """A program with codes that this community takes claims of; the codes."""
    lines = await open_program(community, codes)
    await switch_on(community, **chosen)
    return lines


async def set_up_queue(community: Community, codes: int = 3) -> list[str]:
    """The same, where moderators look at each claim, in their own channel."""
    return await set_up(community, codes, is_reviewed=True, queue_channel_id=community.desk.id)


async def ensure_set_up(community: Community, **chosen: Any) -> None:
    """The same, if it was not done yet."""
    if PROGRAM not in claims_of(community).catalogue.by_id:
        await set_up(community, **chosen)


async def ensure_asked(community: Community) -> None:
    """A member's claim waits, and a moderator has asked for more."""
    await ensure_set_up(community, is_reviewed=True)
    review = claims_of(community).review
    if not await review.queue(community.guild.id):
        await claim(community)
        (waiting,) = await review.queue(community.guild.id)
        who = community.moderator.id
        number, version = waiting.claim_id, waiting.version
        await review.ask(community.guild.id, who, number, version, "Which page is yours?")


async def open_settings(community: Community) -> Any:
    """``/claims settings`` of the program."""
    return await community.moderator.slash(community.desk, "claims settings", program=PROGRAM)


async def open_waiting(community: Community, actor: Any = None) -> Any:
    """``/claims queue`` and its first claim."""
    actor = actor or community.moderator
    shown = await actor.slash(community.desk, "claims queue")
    label = next(label for label in labels(shown) if label.startswith("Look at"))
    return await press(actor, shown, label)


async def open_claim(community: Community, actor: Any = None) -> Any:
    """``/claim``."""
    return await (actor or community.member).slash(community.general, "claim")


async def open_form(community: Community, actor: Any = None) -> Any:
    """``/claim`` and its button."""
    actor = actor or community.member
    return await press(actor, await open_claim(community, actor), "Claim")


async def claim(community: Community, actor: Any = None, **form: Any) -> Any:
    """Claim with a form that is filled in; the card that comes."""
    actor = actor or community.member
    return await actor.submit_modal(await open_form(community, actor), FORM | form)


def posts_in(community: Community, channel: Any) -> list[Any]:
    """What everybody sees in a channel, oldest first, as Discord keeps it."""
    stored = community.env.backend.messages.get(channel.id, {}).values()
    return [message for message in stored if not message.is_ephemeral]


def announced(community: Community) -> Any:
    """The newest card in the moderators' channel."""
    return posts_in(community, community.desk)[-1]


def is_private(result: Any) -> bool:
    """Whether only the person sees it."""
    return bool(answer(result).ephemeral)


def a_second_moderator(community: Community) -> Any:
    """Somebody else with the moderators' role."""
    user = community.env.create_user("second-moderator")
    return community.guild.add_member(user, roles=[community.guild.roles["Moderators"]])


async def another_community(community: Community) -> tuple[Any, Any]:
    """A second guild that the bot is in: a channel of it, and one of its moderators."""
    guild = community.env.create_guild("Another community")
    role = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    channel = guild.create_text_channel("desk")
    moderator = guild.add_member(community.env.create_user("their-moderator"), roles=[role])
    await community.env.settle()
    return channel, moderator


async def run_hidden_subcommand(
    actor: Any, channel: Any, group: str, name: str, **options: str
) -> Any:
    """A subcommand with text options although Discord would not offer it to this person."""
    command = actor._env.backend.find_command(group, None, type=1)
    typed = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    chosen = [{"name": name, "type": 1, "options": typed}]
    data = {"id": command["id"], "name": group, "type": 1, "options": chosen}
    return await actor._dispatch_interaction(InteractionType.APPLICATION_COMMAND, channel, data)


async def decide(
    community: Community, shown: Any, label: str, reason: str, actor: Any = None
) -> Any:
    """Press a button of a claim's card, and send its form with a reason."""
    actor = actor or community.moderator
    return await actor.submit_modal(await press(actor, shown, label), {"reason": reason})


async def look_for(community: Community, member: Any, actor: Any = None) -> Any:
    """``/claims find`` and the newest claim of that member."""
    actor = actor or community.moderator
    found = await actor.slash(community.desk, "claims find", member=member)
    label = next(label for label in labels(found) if label.startswith("Look at"))
    return await press(actor, found, label)


async def the_claims(community: Community, actor: Any = None) -> Sequence[Claim]:
    """What somebody claimed here, newest first."""
    user_id = (actor or community.member).id
    return await claims_of(community).review.of_member(community.guild.id, user_id)


async def the_state(community: Community, actor: Any = None) -> str:
    """How somebody's newest claim stands."""
    return (await the_claims(community, actor))[0].state.value


async def code_states(community: Community) -> list[str]:
    """Every code's state, in the order of the import."""
    rows = await community.services.database.fetch_all(select(codes).order_by(codes.c.id))
    return [row["state"] for row in rows]


async def move_waitlist(community: Community) -> None:
    """What happens each minute to every waitlist."""
    programs = list(claims_of(community).catalogue.by_id)
    await move_each(community.services.database, programs, community.clock.now())
