"""What moderators do in these flows before the test begins."""

from typing import Any

from bot.content.tips import TOPICS
from bot.delivery.ports import Schedule
from bot.delivery.times import Recurrence
from cogs.setup.cards import STEPS
from tests.flows.conftest import Community
from tests.flows.presence import forbid
from tests.flows.reading import choose, press

DAY = 86_400


async def save_schedule(community: Community) -> None:
    """Daily tips at 09:00 in Berlin in the community channel."""
    panel = await community.moderator.slash(community.desk, "tips schedule", zone="Europe/Berlin")
    panel = await choose(community.moderator, panel, "schedule:channel", [community.general])
    await press(community.moderator, panel, "Save")


async def the_schedule(community: Community) -> Schedule:
    """The one schedule."""
    (schedule,) = await community.services.schedules.in_guild(community.guild.id)
    return schedule


async def switch_tips_off(community: Community) -> None:
    """What the features step of ``/setup`` does."""
    await community.services.guilds.switch_feature(
        community.guild.id, community.moderator.id, "tips", is_on=False, setup_step=3
    )


async def open_step(community: Community, step: int) -> Any:
    """``/setup``, with Next pressed until a step is there; the last is the summary."""
    shown = await community.moderator.slash(community.desk, "setup")
    for number in range(1, step + 1):
        shown = await press(community.moderator, shown, "Next" if number < STEPS else "Finish")
    return shown


async def open_summary(community: Community) -> Any:
    """``/setup`` with every step skipped."""
    return await open_step(community, STEPS)


async def ask_to_forget(community: Community) -> Any:
    """The question before a community is forgotten."""
    return await press(community.moderator, await open_summary(community), "Forget this community")


async def choose_zone(community: Community, text: str) -> Any:
    """Type a zone into the form of the first step."""
    form = await press(community.moderator, await open_step(community, 0), "Change the time zone")
    return await community.moderator.submit_modal(form, {"text": text})


async def settings_of(community: Community) -> Any:
    """What the community chose."""
    return await community.services.guilds.settings(community.guild.id)


async def open_status(community: Community) -> Any:
    """``/status`` as the moderator sees it."""
    return await community.moderator.slash(community.desk, "status")


async def stop_schedule(community: Community) -> None:
    """Let a post be refused, so that the schedule stops."""
    await save_schedule(community)
    forbid(community, community.general, "send_messages")
    await community.travel_to(community.clock.now() + DAY)
    assert (await the_schedule(community)).state == "broken"


def other_schedule(guild_id: int, channel_id: int, **changes: Any) -> Schedule:
    """A schedule with as many words in it as there can be."""
    values: dict[str, Any] = {
        "schedule_id": 0,
        "guild_id": guild_id,
        "kind": "tips",
        "channel_id": channel_id,
        "recurrence": Recurrence(
            zone="America/Argentina/Buenos_Aires", minute_of_day=540, weekdays=frozenset({0, 2, 4})
        ),
        "role_id": None,
        "is_silent": False,
        "options": {"topics": list(TOPICS)[:-1]},
        "state": "active",
        "problem": None,
        "next_run_at": None,
    }
    return Schedule(**values | changes)
