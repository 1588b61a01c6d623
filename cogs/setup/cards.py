"""What the steps of ``/setup`` look like."""

from typing import Any

import discord
from discord import ui

from bot.guilds.service import FEATURES, GuildSettings
from bot.i18n import Languages, Texts, language_name
from cogs.ui.cards import Part, button, card, line, row, select
from cogs.ui.routes import custom_id

STEPS = 4
PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
TEXT_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]


def render_step(
    step: int, settings: GuildSettings, languages: Languages, t: Texts, *, undo: str = "", note: str = ""
) -> ui.LayoutView:
    """One step, its choices, and ways back and on. ``undo`` is ``field:old value``."""
    if step >= STEPS:
        return render_summary(settings, t, undo)
    parts = (_language, _channels, _staff, _features)[step](settings, languages, t)
    return card(
        "-# " + t("Set up · step {step} of {steps} · saved as you go", step=step + 1, steps=STEPS),
        *parts,
        f"**{note}**" if note else None,
        line(),
        row(
            button(t("Back"), "setup:step", step - 1) if step else None,
            button(t("Next") if step + 1 < STEPS else t("Finish"), "setup:step", step + 1, style=PRIMARY),
            _undo(step, undo, t),
        ),
    )


def render_summary(settings: GuildSettings, t: Texts, undo: str = "") -> ui.LayoutView:
    """What is chosen, and what to do next."""
    nothing = t("not chosen")
    channel = f"<#{settings.community_channel_id}>" if settings.community_channel_id else nothing
    staff = f"<#{settings.staff_channel_id}>" if settings.staff_channel_id else nothing
    role = f"<@&{settings.staff_role_id}>" if settings.staff_role_id else t("Manage Server only")
    features = ", ".join(t(name) for key, name in FEATURES.items() if settings.is_on(key)) or t("none")
    return card(
        "## " + t("Breather is ready"),
        t(
            "Language: **{language}** · Time zone: **{zone}**\n"
            "Community channel: {channel} · Moderators' desk: {staff}\n"
            "Who may configure: {role} · Switched on: {features}",
            language=language_name(settings.language),
            zone=settings.zone,
            channel=channel,
            staff=staff,
            role=role,
            features=features,
        ),
        t(
            "**Next:** /tips schedule posts a tip a day, /status shows how everything stands, "
            "and members have /tip and /help-now already."
        ),
        row(
            button(t("Schedule daily tips"), "schedule:new", style=PRIMARY),
            button(t("Change settings"), "setup:step", 0),
            _undo(STEPS, undo, t),
        ),
        row(button(t("Forget this community"), "setup:forget", style=DANGER)),
    )


def render_forget(schedules: int, tips: int, t: Texts) -> ui.LayoutView:
    """Ask before everything of a community goes; says what goes."""
    return card(
        "## " + t("Forget this community?"),
        t(
            "This deletes at once, for good: these settings, {schedules} schedules with their history, "
            "{tips} tips that you wrote, what you muted, and the log of changes. "
            "Posts in your channels stay. Members' own saved tips are theirs and stay (/my-data).",
            schedules=schedules,
            tips=tips,
        ),
        row(
            button(t("Forget everything"), "setup:really", style=DANGER),
            button(t("Keep it"), "setup:step", STEPS),
        ),
    )


def _language(settings: GuildSettings, languages: Languages, t: Texts) -> list[Part]:
    options = [(code, language_name(code)) for code in languages.codes]
    return [
        "## " + t("Language and time zone"),
        t("Posts in your channels use this language. Members get private answers in their own."),
        row(select(t("Language"), "setup:language", options=options, chosen=[settings.language])),
        t("Times are read in **{zone}**.", zone=settings.zone),
        row(button(t("Change the time zone"), "setup:zone")),
    ]


def _channels(settings: GuildSettings, _languages: Languages, t: Texts) -> list[Part]:
    return [
        "## " + t("Channels"),
        t("**Community channel:** suggested for daily tips."),
        _channel_select(t("Community channel"), "setup:community", settings.community_channel_id),
        t("**Moderators' desk:** where I say when something needs you. Members should not see it."),
        _channel_select(t("Moderators' desk"), "setup:staff", settings.staff_channel_id),
    ]


def _staff(settings: GuildSettings, _languages: Languages, t: Texts) -> list[Part]:
    role: ui.RoleSelect[Any] = ui.RoleSelect(
        placeholder=t("Staff role (none)"),
        custom_id=custom_id("setup:role"),
        min_values=0,
        default_values=[discord.Object(settings.staff_role_id)] if settings.staff_role_id else [],
    )
    return [
        "## " + t("Who may configure me"),
        t(
            "Everyone with the permission Manage Server may. Choose a role if others should too; "
            "to let them see the commands, allow it under Server Settings, Integrations."
        ),
        ui.ActionRow(role),
    ]


def _features(settings: GuildSettings, _languages: Languages, t: Texts) -> list[Part]:
    toggles = [
        button(
            t("{feature}: on", feature=t(name)) if settings.is_on(key) else t("{feature}: off", feature=t(name)),
            "setup:feature",
            key,
            style=discord.ButtonStyle.success if settings.is_on(key) else discord.ButtonStyle.secondary,
        )
        for key, name in FEATURES.items()
    ]
    return [
        "## " + t("Features"),
        t("Press to switch a feature on or off. /help-now can't be switched off."),
        row(*toggles),
    ]


def _channel_select(placeholder: str, route: str, chosen: int | None) -> ui.ActionRow[Any]:
    channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
        placeholder=placeholder,
        custom_id=custom_id(route),
        channel_types=TEXT_CHANNELS,
        min_values=0,
        default_values=[discord.Object(chosen)] if chosen else [],
    )
    return ui.ActionRow(channel)


def _undo(step: int, undo: str, t: Texts) -> ui.Button[Any] | None:
    return button(t("Undo"), "setup:undo", step, *undo.split(":", 1)) if undo else None
