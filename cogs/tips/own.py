"""A community's own tips, and the tips it never wants to see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.content.tips import TOPICS, Tip
from bot.errors import RefusalError
from bot.tips.curation import Draft
from bot.tips.store import COMMUNITY_PREFIX
from cogs.tips.cards import tip_parts
from cogs.ui.cards import button, card, escape, refusal, row, select
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import Routes, custom_id, selected

if TYPE_CHECKING:
    from bot.app import Services
    from bot.i18n import Texts

PAGE = 25
MOST_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the form, whether or not it can be kept."""

    title: str = ""
    body: str = ""
    try_this: str = ""
    minutes: str = "5"
    topics: tuple[str, ...] = ()


class OwnTips:
    """Mute, add, list and remove."""

    def __init__(self, routes: Routes, services: Services) -> None:
        self._services = services
        self._drafts: Drafts[Typed] = Drafts(services.clock)
        for action, handler in (
            ("unmute", self.unmute),
            ("edit", self.edit),
            ("keep", self.keep),
            ("discard", self.discard),
            ("remove", self.remove),
            ("restore", self.restore),
            ("add", self.add),
        ):
            routes.on_press(f"own:{action}", handler)
        routes.on_form("own:form", self.preview)

    async def mute(self, interaction: discord.Interaction[Any], tip_id: str | None) -> None:
        """Mute a tip, or show the muted ones."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        if tip_id is None:
            await show(interaction, await self._muted(guild.id, t))
            return
        tip = await self._services.tips.find(tip_id)
        if tip is None:
            message = t("I have no such tip. Type a word of its title and choose one from the list.")
            raise RefusalError(message)
        await self._services.curation.mute(guild.id, interaction.user.id, tip.id)
        await show(
            interaction,
            card(
                t("“{title}” won't be shown in this community any more.", title=escape(tip.title)),
                row(button(t("Undo"), "own:unmute", tip.id)),
            ),
        )

    async def unmute(self, interaction: discord.Interaction[Any], tip_id: str = "") -> None:
        """Show a muted tip again."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        for muted in [tip_id] if tip_id else selected(interaction):
            await self._services.curation.unmute(guild.id, interaction.user.id, muted)
        await update(interaction, await self._muted(guild.id, t))

    async def add(self, interaction: discord.Interaction[Any]) -> None:
        """Open an empty form."""
        await ensure_moderator(interaction, self._services.guilds)
        await interaction.response.send_modal(_form("", Typed(), texts(interaction)))

    async def edit(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form again with what was typed."""
        t = texts(interaction)
        typed = self._drafts.take(token, interaction.user.id, "/tips add", t)
        await interaction.response.send_modal(_form(token, typed, t))

    async def preview(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], token: str = ""
    ) -> None:
        """Show the tip as members would see it, before it is kept."""
        await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        typed = Typed(
            title=(values.get("title") or "").strip(),
            body=(values.get("body") or "").strip(),
            try_this=(values.get("try_this") or "").strip(),
            minutes=(values.get("minutes") or "").strip(),
            topics=tuple(values.get("topics") or ()),
        )
        self._drafts.drop(token)
        token = self._drafts.hold(interaction.user.id, typed)
        minutes = _minutes(typed.minutes)
        if minutes is None:
            view = refusal(
                t("Minutes must be a whole number from 1 to 60, not “{text}”. Your text is kept.", text=escape(typed.minutes)),
                row(button(t("Edit"), "own:edit", token, style=discord.ButtonStyle.primary)),
            )
        else:
            view = _preview(token, _as_tip(typed, minutes), t)
        await (update if interaction.message else show)(interaction, view)

    async def keep(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the tip."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        typed = self._drafts.take(token, interaction.user.id, "/tips add", t)
        draft = Draft(typed.topics, typed.title, typed.body, typed.try_this, _minutes(typed.minutes) or 5)
        tip = await self._services.curation.add(guild.id, interaction.user.id, draft)
        self._drafts.drop(token)
        await update(
            interaction,
            card(
                t("Kept: “{title}”. It takes its turn with the others from now on.", title=escape(tip.title)),
                row(
                    button(t("Write another"), "own:add"),
                    button(t("Undo"), "own:remove", tip.id),
                ),
            ),
        )

    async def discard(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the form."""
        self._drafts.drop(token)
        await update(interaction, card(texts(interaction)("Discarded. Nothing was kept.")))

    async def list_own(self, interaction: discord.Interaction[Any]) -> None:
        """Show what the community wrote."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await show(interaction, await self._own(guild.id, texts(interaction)))

    async def remove(self, interaction: discord.Interaction[Any], tip_id: str = "") -> None:
        """Remove a community tip, with a way back."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        tip_id = tip_id or selected(interaction)[0]
        await self._services.curation.remove(guild.id, interaction.user.id, tip_id)
        await update(
            interaction,
            card(
                t("Removed. It is not posted any more; who saved it keeps it."),
                row(button(t("Undo"), "own:restore", tip_id)),
            ),
        )

    async def restore(self, interaction: discord.Interaction[Any], tip_id: str) -> None:
        """Take a removal back."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await self._services.curation.restore(guild.id, interaction.user.id, tip_id)
        await update(interaction, await self._own(guild.id, texts(interaction)))

    async def _muted(self, guild_id: int, t: Texts) -> ui.LayoutView:
        muted = sorted(await self._services.curation.muted(guild_id))[:PAGE]
        tips = [tip for tip_id in muted if (tip := await self._services.tips.find(tip_id))]
        if not tips:
            return card(t("No tip is muted here. To mute one, name it: /tips mute tip."))
        return card(
            "## " + t("Muted tips"),
            "\n".join(f"- {escape(tip.title)}" for tip in tips),
            row(
                select(
                    t("Show again"),
                    "own:unmute",
                    options=[(tip.id, tip.title) for tip in tips],
                    most=len(tips),
                )
            ),
        )

    async def _own(self, guild_id: int, t: Texts) -> ui.LayoutView:
        tips = (await self._services.curation.own_tips(guild_id))[-PAGE:]
        if not tips:
            return card(
                t("Your community has no tips of its own yet."),
                row(button(t("Write one"), "own:add", style=discord.ButtonStyle.primary)),
            )
        return card(
            "## " + t("Your community's own tips"),
            "\n".join(f"- {escape(tip.title)}" for tip in tips),
            row(select(t("Remove one"), "own:remove", options=[(tip.id, tip.title) for tip in tips])),
            row(button(t("Write one"), "own:add", style=discord.ButtonStyle.primary)),
        )


def _preview(token: str, tip: Tip, t: Texts) -> ui.LayoutView:
    return card(
        "-# " + t("Preview: only you can see this"),
        *tip_parts(tip, t),
        row(
            button(t("Keep it"), "own:keep", token, style=discord.ButtonStyle.primary),
            button(t("Edit"), "own:edit", token),
            button(t("Discard"), "own:discard", token),
        ),
    )


def _as_tip(typed: Typed, minutes: int) -> Tip:
    shown = replace(typed, title=escape(typed.title))
    return Tip.model_construct(
        id=f"{COMMUNITY_PREFIX}0",
        topics=shown.topics,
        title=shown.title,
        body=shown.body,
        try_this=shown.try_this,
        minutes=minutes,
        basis="common practice",
    )


def _minutes(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_MINUTES else None


def _form(token: str, typed: Typed, t: Texts) -> ui.Modal:
    form = ui.Modal(title=t("A tip of your own"), custom_id=custom_id("own:form", *filter(None, [token])))
    long = discord.TextStyle.paragraph
    fields: list[tuple[str, ui.TextInput[Any] | ui.Select[Any]]] = [
        (t("Title"), ui.TextInput(custom_id="title", default=typed.title or None, min_length=3, max_length=80)),
        (t("A few sentences"), ui.TextInput(custom_id="body", default=typed.body or None, style=long, min_length=20, max_length=600)),
        (t("One thing to try"), ui.TextInput(custom_id="try_this", default=typed.try_this or None, style=long, min_length=3, max_length=300)),
        (t("Minutes it takes (1 to 60)"), ui.TextInput(custom_id="minutes", default=typed.minutes, max_length=3)),
        (
            t("Topics (up to 3)"),
            ui.Select(
                custom_id="topics",
                min_values=1,
                max_values=3,
                options=[
                    discord.SelectOption(label=t(name), value=topic, default=topic in typed.topics)
                    for topic, name in TOPICS.items()
                ],
            ),
        ),
    ]
    for label, field in fields:
        form.add_item(ui.Label(text=label, component=field))
    form.stop()
    return form
