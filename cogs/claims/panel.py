"""``/claims settings``: what a community asks for, one panel for each program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.content.programs import MOST_CODES
from bot.errors import RefusalError
from cogs.claims.access import find_program, opened
from cogs.claims.words import say_share
from cogs.ui.cards import button, card, line, row, select
from cogs.ui.moderators import ensure_moderator
from cogs.ui.plain import plain
from cogs.ui.replies import texts, update
from cogs.ui.routes import custom_id, selected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.claims.settings import CommunitySettings, Share
    from bot.client import BreatherClient
    from bot.content.programs import Program
    from bot.i18n import Texts
    from bot.services import Services

    Change = Callable[[CommunitySettings, Sequence[str]], CommunitySettings]

DAYS = (0, 1, 3, 7, 14, 30, 90)
HOURS = (0, 24, 72, 168, 720)
MOST_ROLES = 10
SHARE_LENGTH = 40

CHANGES: dict[str, Change] = {
    "switch": lambda now, chosen: replace(now, is_on=_said(chosen, otherwise=now.is_on)),
    "review": lambda now, chosen: replace(
        now, is_reviewed=_said(chosen, otherwise=now.is_reviewed)
    ),
    "word": lambda now, chosen: replace(now, needs_word=_said(chosen, otherwise=now.needs_word)),
    "channel": lambda now, chosen: replace(
        now, queue_channel_id=int(chosen[0]) if chosen else None
    ),
    "roles": lambda now, chosen: replace(now, role_ids=tuple(map(int, chosen))),
    "days": lambda now, chosen: replace(now, days_here=int(chosen[0])),
    "age": lambda now, chosen: replace(now, account_age_hours=int(chosen[0])),
}
"""What each control of the panel changes, from what was chosen in it or what its button says."""


class SettingsPanel:
    """Shows what a community chose for a program, and changes it; each press looks anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls and the form."""
        self._services = services
        routes = client.routes
        routes.on_press("claims-settings:open", self.show)
        routes.on_press("claims-settings:share", self.ask_share)
        routes.on_form("claims-settings:share", self.change_share, self._share_form)
        for action in CHANGES:
            routes.on_press(f"claims-settings:{action}", self._changing(action))

    async def show(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """The panel of one program."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        program = find_program(self._services, program_id, t)
        settings = opened(self._services, t).settings
        wanted = await settings.of(program_id, guild.id)
        share = await settings.share(program_id, guild.id)
        await update(interaction, render(program, wanted, share, t))

    def _changing(self, action: str) -> Callable[..., Any]:
        async def change(
            interaction: discord.Interaction[Any], program_id: str, *said: str
        ) -> None:
            guild = await ensure_moderator(interaction, self._services.guilds)
            t = texts(interaction)
            find_program(self._services, program_id, t)
            chosen = said or selected(interaction)
            await opened(self._services, t).settings.change(
                interaction.user.id, program_id, guild.id, lambda now: CHANGES[action](now, chosen)
            )
            await self.show(interaction, program_id)

        return change

    async def ask_share(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Open the form for the community's share."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        share = await opened(self._services, texts(interaction)).settings.share(
            program_id, guild.id
        )
        values = {"share": "" if share.cap is None else str(share.cap)}
        await interaction.response.send_modal(self._share_form(interaction, values, program_id))

    async def change_share(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], program_id: str
    ) -> None:
        """Keep the share; an empty field means no limit of the community's own."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        typed = (values.get("share") or "").strip()
        find_program(self._services, program_id, t)
        is_number = typed.isascii() and typed.isdigit() and int(typed) <= MOST_CODES
        if typed and not is_number:
            message = t(
                "“{typed}” is not a whole number of codes, so nothing was changed. Write how many "
                "this community may give out, or leave it empty for no limit.",
                typed=plain(typed),
            )
            raise RefusalError(message)
        cap = int(typed) if typed else None
        settings = opened(self._services, t).settings
        await settings.change_share(interaction.user.id, program_id, guild.id, cap)
        await self.show(interaction, program_id)

    @staticmethod
    def _share_form(
        interaction: discord.Interaction[Any], values: dict[str, Any], program_id: str
    ) -> ui.Modal:
        t = texts(interaction)
        form = ui.Modal(
            title=t("Share of the pool"), custom_id=custom_id("claims-settings:share", program_id)
        )
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="share",
            default=values.get("share"),
            max_length=SHARE_LENGTH,
            required=False,
        )
        hint = t("How many codes this community may give out. Empty: no limit of its own.")
        form.add_item(ui.Label(text=t("Codes"), description=hint, component=field))
        form.stop()
        return form


def render(program: Program, wanted: CommunitySettings, share: Share, t: Texts) -> ui.LayoutView:
    """The panel: how it stands in words, then every control."""
    asked = program.eligibility
    days = max(asked.days_in_community, wanted.days_here)
    hours = max(asked.account_age_hours, wanted.account_age_hours)
    roles = ", ".join(f"<@&{role_id}>" for role_id in wanted.role_ids)
    word = t("a moderator looks for a word in the creator's bio")
    how = t("a moderator looks at each claim") if wanted.is_looked_at else t("at once")
    facts = [
        t("Approved: {how}", how=how),
        t("Share: {share}", share=say_share(share, t)),
        t("At least {days} days in this community", days=days),
        t("An account that is at least {hours} hours old", hours=hours),
        t("One of these roles: {roles}", roles=roles or t("none needed")),
        t("Handle: {how}", how=word) if wanted.needs_word else None,
    ]
    standing = t("On") if wanted.is_on else t("Off")
    main = discord.ButtonStyle.secondary if wanted.is_on else discord.ButtonStyle.primary
    switch = t("Switch off") if wanted.is_on else t("Switch on")
    return card(
        f"## {program.title}\n**{standing}**",
        "\n".join(f"- {fact}" for fact in facts if fact),
        line(),
        row(
            button(switch, "claims-settings:switch", program.id, int(not wanted.is_on), style=main),
            button(
                t("Approve at once") if wanted.is_reviewed else t("Look at each claim"),
                "claims-settings:review",
                program.id,
                int(not wanted.is_reviewed),
            ),
            button(
                t("No word in the bio") if wanted.needs_word else t("Ask for a word in the bio"),
                "claims-settings:word",
                program.id,
                int(not wanted.needs_word),
            ),
            button(t("Share of the pool"), "claims-settings:share", program.id),
        ),
        row(_channel(program, wanted, t)),
        row(_roles(program, wanted, t)),
        row(_numbers("days", program.id, DAYS, days, asked.days_in_community, t("Days here: "))),
        row(
            _numbers(
                "age", program.id, HOURS, hours, asked.account_age_hours, t("Hours of account: ")
            )
        ),
        "-# " + t("You can ask for more than the program does, never for less."),
    )


def _said(chosen: Sequence[str], *, otherwise: bool) -> bool:
    """What a button says; one of an older version says nothing, and changes nothing."""
    return chosen[0] == "1" if chosen else otherwise


def _channel(program: Program, wanted: CommunitySettings, t: Texts) -> ui.ChannelSelect[Any]:
    chosen = wanted.queue_channel_id
    return ui.ChannelSelect(
        custom_id=custom_id("claims-settings:channel", program.id),
        placeholder=t("Where claims that wait are shown"),
        min_values=0,
        channel_types=[discord.ChannelType.text],
        default_values=[discord.Object(chosen)] if chosen else [],
    )


def _roles(program: Program, wanted: CommunitySettings, t: Texts) -> ui.RoleSelect[Any]:
    return ui.RoleSelect(
        custom_id=custom_id("claims-settings:roles", program.id),
        placeholder=t("One of these roles is needed"),
        min_values=0,
        max_values=MOST_ROLES,
        default_values=[discord.Object(role_id) for role_id in wanted.role_ids],
    )


def _numbers(  # noqa: PLR0913, PLR0917 (a select's own parts)
    action: str,
    program_id: str,
    choices: tuple[int, ...],
    chosen: int,
    least: int,
    words: str,
) -> ui.Select[Any]:
    """A select of numbers, from the program's own on."""
    numbers = sorted({least, chosen, *(number for number in choices if number > least)})
    options = [(str(number), f"{words}{number}") for number in numbers]
    route = f"claims-settings:{action}"
    return select(words, route, program_id, options=options, chosen=[str(chosen)])
