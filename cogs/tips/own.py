"""A community's own tips: the form, the preview, and keeping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.content.tips import TOPICS, Tip
from bot.tips import writing
from bot.tips.curation import Draft
from bot.tips.rules import COMMUNITY_PREFIX
from bot.tips.writing import Fault
from bot.words import clean_line, clean_text
from cogs.tips.cards import tip_parts
from cogs.tips.words import title_of
from cogs.ui.cards import button, card, cut, refusal, row
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import ensure_moderator
from cogs.ui.once import OneAtATime
from cogs.ui.plain import plain
from cogs.ui.replies import texts, update
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from bot.client import Router
    from bot.i18n import Texts
    from bot.services import Services

COMMAND = "/tips add"
MOST_TOPICS = 3
PRIMARY = discord.ButtonStyle.primary


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the form, whether or not it can be kept."""

    title: str = ""
    body: str = ""
    try_this: str = ""
    minutes: str = "5"
    topics: tuple[str, ...] = ()


class OwnTips:
    """Write, look, edit, keep or discard. What was typed lives in memory until it is kept."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons and the form."""
        self._services = services
        self._drafts: Drafts[Typed] = Drafts(services.clock)
        self._keeping = OneAtATime()
        for action, handler in (
            ("add", self.add),
            ("edit", self.edit),
            ("keep", self.keep),
            ("discard", self.discard),
        ):
            routes.on_press(f"own:{action}", handler)
        routes.on_form("own:form", self.preview, _form_again)

    async def add(self, interaction: discord.Interaction[Any]) -> None:
        """Open an empty form."""
        await ensure_moderator(interaction, self._services.guilds)
        await interaction.response.send_modal(_form("", Typed(), texts(interaction)))

    async def edit(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form again with what was typed."""
        await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        typed = self._drafts.take(token, interaction.user.id, COMMAND, t)
        await interaction.response.send_modal(_form(token, typed, t))

    async def preview(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], token: str = ""
    ) -> None:
        """Show the tip as members would see it, before it is kept."""
        await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        typed = _read(values)
        self._drafts.drop(token)
        token = self._drafts.hold(interaction.user.id, typed)
        faults = writing.find_faults(typed.title, typed.body, typed.try_this, typed.minutes)
        view = (
            _render_faults(token, typed, faults, t) if faults else _render_preview(token, typed, t)
        )
        await update(interaction, view)

    async def keep(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the tip."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        with self._keeping.turn(token) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            typed = self._drafts.take(token, interaction.user.id, COMMAND, t)
            tip = await self._services.curation.add(guild.id, interaction.user.id, _draft(typed))
            self._drafts.drop(token)
        words = t(
            "Kept: “{title}”. It takes its turn with the others from now on.", title=title_of(tip)
        )
        buttons = row(
            button(t("Write another"), "own:add"),
            button(t("Undo"), "own:remove", tip.id),
        )
        await update(interaction, card(words, buttons))

    async def discard(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the form."""
        self._drafts.drop(token)
        t = texts(interaction)
        begin = row(button(t("Write another"), "own:add"))
        await update(interaction, card(t("Discarded. Nothing was kept."), begin))


def _read(values: dict[str, Any]) -> Typed:
    return Typed(
        title=clean_line(values.get("title") or "", writing.TITLE_LENGTH),
        body=clean_text(values.get("body") or "", writing.BODY_LENGTH),
        try_this=clean_text(values.get("try_this") or "", writing.TRY_LENGTH),
        minutes=clean_line(values.get("minutes") or "", 3),
        topics=tuple(topic for topic in values.get("topics") or () if topic in TOPICS),
    )


def _draft(typed: Typed) -> Draft:
    return Draft(
        topics=typed.topics,
        title=typed.title,
        body=typed.body,
        try_this=typed.try_this,
        minutes=writing.read_minutes(typed.minutes) or 5,
    )


def _render_preview(token: str, typed: Typed, t: Texts) -> ui.LayoutView:
    draft = _draft(typed)
    tip = Tip.model_construct(
        id=f"{COMMUNITY_PREFIX}0",
        topics=draft.topics,
        title=draft.title,
        body=draft.body,
        try_this=draft.try_this,
        minutes=draft.minutes,
        basis="common practice",
    )
    return card(
        "-# " + t("Preview: only you can see this. Links and emphasis are shown as plain text."),
        *tip_parts(tip, t),
        row(
            button(t("Keep it"), "own:keep", token, style=PRIMARY),
            button(t("Edit"), "own:edit", token),
            button(t("Discard"), "own:discard", token),
        ),
    )


def _render_faults(token: str, typed: Typed, faults: list[Fault], t: Texts) -> ui.LayoutView:
    sentences = {
        Fault.TITLE: t("The title needs at least 3 visible characters."),
        Fault.BODY: t("The few sentences need at least 20 visible characters."),
        Fault.TRY: t("The thing to try needs at least 3 visible characters."),
        Fault.MINUTES: t(
            "Minutes must be a whole number from 1 to 60, not “{text}”.",
            text=plain(cut(typed.minutes, 20)),
        ),
    }
    lines = "\n".join(f"- {sentences[fault]}" for fault in faults)
    return refusal(
        "## " + t("Almost there") + f"\n{lines}\n" + t("Your text is kept: press Edit."),
        row(
            button(t("Edit"), "own:edit", token, style=PRIMARY),
            button(t("Discard"), "own:discard", token),
        ),
    )


def _form_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], token: str = ""
) -> ui.Modal:
    return _form(token, _read(values), texts(interaction))


def _form(token: str, typed: Typed, t: Texts) -> ui.Modal:
    form = ui.Modal(
        title=t("A tip of your own"), custom_id=custom_id("own:form", *filter(None, [token]))
    )
    for label, field in (
        (t("Title"), _line("title", typed.title, writing.TITLE_LENGTH)),
        (t("A few sentences"), _paragraph("body", typed.body, writing.BODY_LENGTH)),
        (t("One thing to try"), _paragraph("try_this", typed.try_this, writing.TRY_LENGTH)),
        (t("Minutes it takes (1 to 60)"), _line("minutes", typed.minutes, 3)),
    ):
        form.add_item(ui.Label(text=label, component=field))
    topics: ui.Select[Any] = ui.Select(
        custom_id="topics",
        min_values=1,
        max_values=MOST_TOPICS,
        options=[
            discord.SelectOption(label=t(name), value=topic, default=topic in typed.topics)
            for topic, name in TOPICS.items()
        ],
    )
    form.add_item(ui.Label(text=t("Topics (up to 3)"), component=topics))
    form.stop()
    return form


def _line(name: str, text: str, length: int) -> ui.TextInput[Any]:
    return ui.TextInput(custom_id=name, default=text or None, max_length=length)


def _paragraph(name: str, text: str, length: int) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=name,
        default=text or None,
        style=discord.TextStyle.paragraph,
        max_length=length,
    )
