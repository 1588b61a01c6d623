"""Steps that the flows of announcements share."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, parts, press

HOUR = 3_600
DAY = 86_400
WEEK = 7 * DAY
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
WORDS = {
    "title": "Quiet hour on Friday",
    "body": "We sit together for an hour.\n\n**Everyone** is welcome.",
    "link": "https://example.org/quiet-hour",
}
NOON_TOMORROW = {"date": "2027-03-15", "time": "12:00"}
"""A day after the instant at which a flow begins, 14 March 2027 at 12:00 UTC, a Sunday."""


async def write(community: Community, **changes: str) -> Any:
    """The panel of a new draft."""
    form = await community.moderator.slash(community.desk, "announce")
    return await community.moderator.submit_modal(form, WORDS | changes)


async def with_picture(community: Community, content: bytes = PNG, **options: Any) -> Any:
    """``/announce`` with a picture and its alt text."""
    file = ("cat.png", content)
    given = {"picture": file, "alt": "A grey cat asleep on a book."} | options
    return await community.moderator.slash(community.desk, "announce", **given)


async def in_channel(community: Community, panel: Any) -> Any:
    """Choose the community channel."""
    return await choose(community.moderator, panel, "announce:channel", [community.general])


async def at(community: Community, panel: Any, repeat: str, **values: Any) -> Any:
    """Choose a kind of plan and fill in its form."""
    form = await choose(community.moderator, panel, "announce:repeat", [repeat])
    return await community.moderator.submit_modal(form, values)


async def planned(community: Community, repeat: str = "once", **values: Any) -> Any:
    """The panel of one that is planned: once tomorrow at noon, unless said otherwise."""
    panel = await in_channel(community, await write(community))
    panel = await at(community, panel, repeat, **(values or NOON_TOMORROW))
    return await press(community.moderator, panel, "Plan it")


async def weekly(community: Community) -> Any:
    """One that is planned for every Monday at noon, from tomorrow on."""
    values = {"weekdays": ["0"], "weeks": "1", "time": "12:00", "start": "2027-03-15", "end": ""}
    return await planned(community, "weeks", **values)


async def listed(community: Community) -> Any:
    """``/announcements``."""
    return await community.moderator.slash(community.desk, "announcements")


async def reopened(community: Community, number: int = 1) -> Any:
    """The panel of one, from the list."""
    return await choose(
        community.moderator, await listed(community), "announce:open", [str(number)]
    )


def galleries(message: Any) -> list[dict[str, Any]]:
    """The pictures that an answer or a post shows."""
    shown = answer(message) if hasattr(message, "followups") else message
    components = [part if isinstance(part, dict) else part.to_dict() for part in shown.components]
    return [item for part in parts(components) for item in part.get("items", ())]


def add_moderator(community: Community, name: str = "second") -> Any:
    """One more moderator."""
    staff = community.guild.roles["Moderators"]
    return community.guild.add_member(community.env.create_user(name), roles=[staff])


async def ask_for_approval(community: Community, *, desk: bool = True) -> None:
    """Switch approval on in /announcements; the desk is where moderators are told."""
    if desk:
        await community.services.guilds.change(
            community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
        )
    await press(community.moderator, await listed(community), "Switch approval on")
