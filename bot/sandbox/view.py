"""What the page shows: one channel, through one person's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcord.backend.access import can_access_channel
from simcord.backend.errors import SetupError

if TYPE_CHECKING:
    from simcord.env import Env
    from simcord.preview import Preview

    from bot.sandbox.world import Person, Place, World

DIRECT = "Direct message"
LOCALE = "en-GB"
"""The viewers' language: English, with the hours of the day as the clock shows them."""


class ChannelView:
    """simcord's preview of the present channel. ``number`` is new whenever the page must reload.

    simcord knows one preview at a time, with one channel; its address changes with every one.
    Nobody else may be at work in simcord while :meth:`open` or :meth:`redraw` run.
    """

    def __init__(self, env: Env, world: World) -> None:
        self._env = env
        self._world = world
        self._preview: Preview | None = None
        self.place: Place | None = world.places[0]
        self.person: Person = world.people[0]
        self.number = 0

    @property
    def name(self) -> str:
        """The name of what is shown: a channel's, or :data:`DIRECT`."""
        return DIRECT if self.place is None else self.place.name

    @property
    def url(self) -> str | None:
        """Where simcord serves it right now, with its capability; None between two."""
        try:
            return None if self._preview is None else self._preview.url
        except SetupError:  # it was ended from its own page
            return None

    def turn_to(self, place: Place) -> str:
        """Choose a channel. When the viewer may not see it, someone who may takes their place.

        A sentence if that happened, else "".
        """
        self.place, before = place, self.person
        if self._may_see(before, place):
            return ""
        self.person = next(person for person in self._world.people if self._may_see(person, place))
        return f"{before.name} can't see {place.name}; {self.person.name} can. "

    def turn_to_direct(self) -> None:
        """Choose the viewer's direct messages with the bot."""
        self.place = None

    def look_as(self, person: Person) -> str:
        """Choose the viewer. A channel that is closed to them is left for the first one.

        A sentence if that happened, else "".
        """
        self.person, before = person, self.place
        if before is None or self._may_see(person, before):
            return ""
        self.place = self._world.places[0]
        return f"{person.name} can't see {before.name}. "

    def shows_zone(self, zone: str) -> bool:
        """Whether times are shown in a zone."""
        return self._preview is None or self._preview.timezone == zone

    async def open(self, zone: str) -> None:
        """Serve what was chosen, with times in a zone, instead of what was shown before."""
        await self.close()
        preview = self._env.preview(
            self.person.user.dm_channel if self.place is None else self.place.channel,
            viewers=[self.person.user if self.place is None else self.person.member],
            layout="channel",
            locale=LOCALE,
            timezone=zone,
            assets=self._world.pictures,
        )
        self._preview = await preview.__aenter__()
        self.number += 1

    async def close(self) -> None:
        """Serve nothing."""
        preview, self._preview = self._preview, None
        if preview is not None:
            await preview.close()

    async def redraw(self) -> None:
        """Bring open pages up to date with what the bot did by itself."""
        if self.url is not None and self._preview is not None:
            await self._preview.refresh()

    async def show_latest(self) -> None:
        """Let a page that opens now begin at the newest message."""
        if self.url is not None and self._preview is not None:
            viewer = self.person.user if self.place is None else self.person.member
            messages = self._preview.channel.history(viewer=viewer)
            if messages:
                await self._preview.show(messages[-1])

    def _may_see(self, person: Person, place: Place) -> bool:
        return can_access_channel(self._env, place.channel.id, person.member, history=True)
