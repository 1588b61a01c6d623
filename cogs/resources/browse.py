"""Browsing and searching: topics, lists, a guide with its sources. The same in every channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.content.guides import TOPICS, Guide
from bot.errors import RefusalError
from cogs.resources import cards
from cogs.ui.cards import SELECT_OPTIONS, button, row
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    import discord
    from discord import ui

    from bot.client import Router
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.resources.words import Shown

PAGE = 10
FOUND = 10


class Browse:
    """Shows what there is. Answers to a command or a public button are new and private."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons and selects."""
        self._resources = services.resources
        for action, handler in (
            ("topics", self.show_topics),
            ("topic", self.show_topic),
            ("page", self.turn),
            ("own", self.show_own),
            ("open", self.open),
            ("show", self.show),
            ("beside", self.show_beside),
            ("sources", self.show_sources),
        ):
            routes.on_press(f"resources:{action}", handler)

    async def begin(self, interaction: discord.Interaction[Any], topic: str | None) -> None:
        """Answer the command: the topics, or one of them."""
        await show(interaction, await self._topic(interaction, topic, 0))

    async def search(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Answer the command: what fits some words."""
        t = texts(interaction)
        found = await self._resources.ask(interaction.guild_id, text, FOUND)
        shown = await self._find_all(interaction, [hit.id for hit in found.hits])
        if not shown:
            await show(interaction, cards.render_nothing(text, t))
            return
        title = t("What fits best") if found.is_confident else t("Nothing fits well; the closest")
        await show(interaction, cards.render_found(title, shown, t))

    async def show_topics(self, interaction: discord.Interaction[Any], *_: str) -> None:
        """The topics again."""
        await update(interaction, await self._topics(interaction))

    async def show_topic(self, interaction: discord.Interaction[Any]) -> None:
        """The guides of the topic that was chosen."""
        await update(interaction, await self._topic(interaction, selected(interaction)[0], 0))

    async def turn(self, interaction: discord.Interaction[Any], topic: str, page: str) -> None:
        """Another page of a topic."""
        await update(interaction, await self._topic(interaction, topic, int(page)))

    async def show_own(self, interaction: discord.Interaction[Any], page: str) -> None:
        """A page of what this community added."""
        t = texts(interaction)
        own = list(await self._resources.own(interaction.guild_id))
        if not own:
            message = t("This community has no resources of its own any more.")
            raise RefusalError(message)
        shown, pages = _turn(own, int(page), t, "resources:own")
        title = t("Added by this community")
        await update(interaction, cards.render_list(title, shown, t, pages))

    async def open(self, interaction: discord.Interaction[Any]) -> None:
        """Read what was chosen in a list."""
        await self.show(interaction, selected(interaction)[0])

    async def show(
        self, interaction: discord.Interaction[Any], document_id: str, *trail: str
    ) -> None:
        """Read what a button names, in the place of a private card."""
        view = await self._document(interaction, document_id, *trail)
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await update(interaction, view)
        else:
            await show(interaction, view)

    async def show_beside(self, interaction: discord.Interaction[Any], document_id: str) -> None:
        """Read what a button names; the card with the button stays."""
        await show(interaction, await self._document(interaction, document_id))

    async def show_sources(self, interaction: discord.Interaction[Any], document_id: str) -> None:
        """The sources of a guide, beside it."""
        guide = await self._find(interaction, document_id)
        if isinstance(guide, Guide):
            await show(interaction, cards.render_sources(guide, texts(interaction)))

    async def _document(
        self, interaction: discord.Interaction[Any], document_id: str, *trail: str
    ) -> ui.LayoutView:
        found = await self._find(interaction, document_id)
        ids = found.related if isinstance(found, Guide) else ()
        related = await self._find_all(interaction, ids)
        return cards.render_document(found, related, texts(interaction), *trail)

    async def _find(self, interaction: discord.Interaction[Any], document_id: str) -> Shown:
        found = await self._resources.find(interaction.guild_id, document_id)
        if found is None:
            t = texts(interaction)
            message = t(
                "That one is not there any more. Run /resources browse to see what there is."
            )
            raise RefusalError(message)
        return found

    async def _find_all(
        self, interaction: discord.Interaction[Any], ids: Sequence[str]
    ) -> list[Shown]:
        found = [await self._resources.find(interaction.guild_id, item) for item in ids]
        return [item for item in found if item is not None]

    async def _topics(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        library = self._resources.library
        counts = Counter(guide.topic for guide in library.by_id.values())
        t = texts(interaction)
        own = await self._resources.own(interaction.guild_id)
        ordered = cards.topic_counts({topic: counts[topic] for topic in TOPICS}, t)
        return cards.render_topics(ordered, len(own), t)

    async def _topic(
        self, interaction: discord.Interaction[Any], topic: str | None, page: int
    ) -> ui.LayoutView:
        """A page of a topic; all topics where there is none, or another version had it."""
        if topic is None or topic not in TOPICS:
            return await self._topics(interaction)
        t = texts(interaction)
        guides: list[Shown] = [*self._resources.library.on_topic(topic)]
        shown, pages = _turn(guides, page, t, "resources:page", topic)
        return cards.render_list(t(TOPICS[topic]), shown, t, pages)


def _turn(
    items: Sequence[Shown], page: int, t: Texts, route: str, *arguments: str
) -> tuple[Sequence[Shown], ui.ActionRow[ui.LayoutView] | None]:
    """One page of a list and the buttons to the others; a page that is gone is the nearest."""
    size = min(PAGE, SELECT_OPTIONS)
    last = (len(items) - 1) // size
    page = min(max(page, 0), last)
    shown = items[page * size : (page + 1) * size]
    if last == 0:
        return shown, None
    return shown, row(
        button(t("Back"), route, *arguments, page - 1, disabled=page == 0),
        button(t("Next"), route, *arguments, page + 1, disabled=page == last),
    )
