"""What the steps of ``/setup`` look like."""

from collections.abc import Collection
from typing import Any

import discord
from discord import ui

from bot.guilds.service import FEATURES, GuildSettings
from bot.i18n import Languages, Texts, language_name
from cogs.ui.cards import ROW, Part, button, card, line, row, select
from cogs.ui.routes import custom_id

STEPS = 4
PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
TEXT_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]

Undo = tuple[object, ...]
"""What brings the value from before back: a field and its old value. Empty: nothing to undo."""


def render_step(  # noqa: PLR0913 (what a step shows)
    step: int,
    settings: GuildSettings,
    languages: Languages,
    t: Texts,
    *,
    undo: Undo = (),
    note: str = "",
    scheduled: Collection[str] = (),
) -> ui.LayoutView:
    """One step, its choices, and ways back and on; ``scheduled`` are features with a schedule."""
    if step >= STEPS:
        return render_summary(settings, t, note=note, scheduled=scheduled)
    parts = (_language, _channels, _staff, _features)[step](settings, languages, t)
    progress = t(
        "Set up · step {step} of {steps} · saved as you go, every step can be skipped",
        step=step + 1,
        steps=STEPS,
    )
    return card(
        f"-# {progress}",
        *parts,
        f"**{note}**" if note else None,
        line(),
        row(
            button(t("Back"), "setup:step", step - 1) if step else None,
            button(
                t("Next") if step + 1 < STEPS else t("Finish"),
                "setup:step",
                step + 1,
                style=PRIMARY,
            ),
            button(t("Undo"), "setup:undo", step, *undo) if undo else None,
        ),
    )


def render_summary(
    settings: GuildSettings, t: Texts, *, note: str = "", scheduled: Collection[str] = ()
) -> ui.LayoutView:
    """What is chosen, and what to do next."""
    nothing = t("not chosen")
    channel = f"<#{settings.community_channel_id}>" if settings.community_channel_id else nothing
    staff = f"<#{settings.staff_channel_id}>" if settings.staff_channel_id else nothing
    role = t("Manage Server")
    if settings.staff_role_id:
        role += t(" or <@&{role_id}>", role_id=settings.staff_role_id)
    features = ", ".join(
        t(name)
        if key in scheduled
        else t("{feature} (none is scheduled yet: /{kind} schedule)", feature=t(name), kind=key)
        for key, name in FEATURES.items()
        if settings.is_on(key)
    )
    return card(
        "## " + t("Breather is ready"),
        t(
            "Language: **{language}**\nTime zone: **{zone}**\n"
            "Community channel: {channel}\nModerators' desk: {staff}\n"
            "Who may configure: {role}\nSwitched on: {features}",
            language=language_name(settings.language),
            zone=settings.zone,
            channel=channel,
            staff=staff,
            role=role,
            features=features or t("nothing but /help-now"),
        ),
        f"**{note}**" if note else None,
        t(
            "**Next:** /tips schedule posts a tip a day, /status shows how everything stands, "
            "and members have /tip and /help-now already."
        ),
        row(
            button(t("Schedule daily tips"), "schedule:new", style=PRIMARY),
            button(t("Change settings"), "setup:step", 0),
        ),
        row(button(t("Forget this community"), "setup:forget", style=DANGER)),
    )


def render_zones(text: str, options: list[tuple[str, str]], t: Texts) -> tuple[Part, ...]:
    """The zones that fit what was typed, or that none does; ``text`` is escaped already."""
    again = row(button(t("Type again"), "setup:zone"), button(t("Back"), "setup:step", 0))
    if not options:
        words = t("I know no time zone like “{text}”. Try a large city nearby.", text=text)
        return words, again
    return (
        t("Which of these is it?"),
        row(select(t("Time zone"), "setup:pick", options=options)),
        again,
    )


def render_forget(schedules: int, tips: int, t: Texts) -> ui.LayoutView:
    """Ask before everything of a community goes; says what goes."""
    return card(
        "## " + t("Forget this community?"),
        t(
            "This deletes at once and for good, with no way back:\n"
            "- these settings\n"
            "- {schedules}\n"
            "- {tips}, and what you muted\n"
            "- the log of changes",
            schedules=t("1 schedule with its history")
            if schedules == 1
            else t("{count} schedules with their history", count=schedules),
            tips=t("1 tip that you wrote")
            if tips == 1
            else t("{count} tips that you wrote", count=tips),
        ),
        t(
            "Posts in your channels stay. What members saved is theirs and stays with them; "
            "/my-data erases it."
        ),
        row(
            button(t("Forget everything"), "setup:really", style=DANGER),
            button(t("Keep it"), "setup:step", STEPS),
        ),
    )


def render_forgotten(t: Texts) -> ui.LayoutView:
    """Everything is gone; how to begin anew, and how to part."""
    return card(
        "## " + t("Forgotten"),
        t(
            "I keep nothing about this community any more. /setup begins anew. "
            "If you are parting with me, remove me in Server Settings, Integrations."
        ),
    )


def _language(settings: GuildSettings, languages: Languages, t: Texts) -> list[Part]:
    options = [(code, language_name(code)) for code in languages.codes]
    parts: list[Part] = [
        t(
            "Posts in your channels and private answers are in **{name}**, the only language "
            "so far.",
            name=options[0][1],
        )
    ]
    if len(options) > 1:
        chosen = [settings.language]
        parts = [
            t(
                "Posts in your channels use this language. Members get private answers in the "
                "language of their Discord where I know it, and in English otherwise."
            ),
            row(select(t("Language"), "setup:language", options=options, chosen=chosen)),
        ]
    return [
        "## " + t("Language and time zone"),
        *parts,
        t("Times are read in **{zone}**.", zone=settings.zone),
        row(button(t("Change the time zone"), "setup:zone")),
    ]


def _channels(settings: GuildSettings, _languages: Languages, t: Texts) -> list[Part]:
    community, desk = settings.community_channel_id, settings.staff_channel_id
    return [
        "## " + t("Channels"),
        t("**Community channel:** suggested for daily tips."),
        _channel_select(t("Community channel (none)"), "setup:community", community),
        t(
            "**Moderators' desk:** where I say when something needs you. "
            "Best is a channel that members can't see."
        ),
        _channel_select(t("Moderators' desk (none)"), "setup:staff", desk),
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
            "Everyone with the permission Manage Server may. Choose a role if others should too. "
            "So that they see the commands, allow them for the role in "
            "Server Settings, Integrations."
        ),
        ui.ActionRow(role),
    ]


def _features(settings: GuildSettings, _languages: Languages, t: Texts) -> list[Part]:
    parts: list[Part] = [
        "## " + t("Features"),
        t("Press to switch a feature on or off. /help-now can't be switched off."),
    ]
    names = list(FEATURES.items())
    return parts + [
        row(*[_toggle(key, name, settings, t) for key, name in names[start : start + ROW]])
        for start in range(0, len(names), ROW)
    ]


def _toggle(key: str, name: str, settings: GuildSettings, t: Texts) -> ui.Button[Any]:
    """A button that says what it will do: a second press on an old card changes nothing."""
    is_on = settings.is_on(key)
    return button(
        t("{feature}: on", feature=t(name)) if is_on else t("{feature}: off", feature=t(name)),
        "setup:feature",
        key,
        "off" if is_on else "on",
        style=discord.ButtonStyle.success if is_on else discord.ButtonStyle.secondary,
    )


def _channel_select(placeholder: str, route: str, chosen: int | None) -> ui.ActionRow[Any]:
    channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
        placeholder=placeholder,
        custom_id=custom_id(route),
        channel_types=TEXT_CHANNELS,
        min_values=0,
        default_values=[discord.Object(chosen)] if chosen else [],
    )
    return ui.ActionRow(channel)
