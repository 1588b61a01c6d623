"""Steps that several flows of the myths share."""

from typing import Any

from bot.content.myths import Myth, MythLibrary
from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, press, words
from tests.flows.tips import NINE_IN_UTC, menu_of, posts

RIGHT = "Yes, that's right"
MANY = "Many people think so"


async def open_panel(community: Community, **options: Any) -> Any:
    """The panel of a new schedule of the weekly myth with its channel chosen."""
    panel = await community.moderator.slash(
        community.desk, "myths schedule", **({"zone": "UTC"} | options)
    )
    return await choose(community.moderator, panel, "schedule:channel", [community.general])


async def save_schedule(community: Community) -> Any:
    """A weekly myth on Mondays at 09:00 UTC in #community, saved."""
    return await press(community.moderator, await open_panel(community), "Save")


async def the_schedule(community: Community) -> Any:
    """The one schedule of a weekly myth there is."""
    (schedule,) = await community.services.schedules.in_guild(community.guild.id, "myths")
    return schedule


async def post_one(community: Community) -> Any:
    """The weekly post of the first Monday."""
    await save_schedule(community)
    await community.travel_to(NINE_IN_UTC)
    (post,) = posts(community.general)
    return post


async def open_saved(community: Community) -> Any:
    """The panel of the one schedule, from the list."""
    listed = await run(community, "schedule")
    value = menu_of(listed)["options"][0]["value"]
    return await choose(community.moderator, listed, "schedule:edit", [value])


async def run(community: Community, command: str, **options: Any) -> Any:
    """A moderator's command at the desk."""
    return await community.moderator.slash(community.desk, f"myths {command}", **options)


async def switch(community: Community, feature: str, *, is_on: bool) -> None:
    """What the features step of ``/setup`` does."""
    await community.services.guilds.switch_feature(
        community.guild.id, community.moderator.id, feature, is_on=is_on, setup_step=3
    )


def myth_in(community: Community, shown: Any) -> Myth:
    """The myth or fact whose statement stands on a card."""
    text = words(shown)
    (found,) = [
        myth
        for myth in community.services.myths.library.by_id.values()
        if myth.statement in text.splitlines() or f"## {myth.statement}" in text.splitlines()
    ]
    return found


def keep_only(community: Community, *myths: Myth) -> None:
    """An update took every other myth and fact out of the library."""
    community.services.myths.library = MythLibrary({myth.id: myth for myth in myths})


def right_label(myth: Myth) -> str:
    """The button with the answer that the source gives."""
    return myth.answer.capitalize()


def other_label(myth: Myth) -> str:
    """The other button."""
    return "Fact" if myth.answer == "myth" else "Myth"


def same_message(one: Any, two: Any) -> bool:
    """Whether two answers are one card that changed."""
    return bool(answer(one).id == answer(two).id)
