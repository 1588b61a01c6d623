"""What the form, the preview and the list of a community's own resources look like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.links import LINK_LENGTH
from bot.resources import rules
from bot.resources.rules import CommunityResource, Fault, clean
from bot.safety.messaging import Advice, advise
from cogs.resources.cards import document_parts
from cogs.resources.words import summary_of
from cogs.ui.cards import button, card, cut, refusal, row, select
from cogs.ui.plain import plain
from cogs.ui.replies import texts
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
PAGE = 10
LINE_LENGTH = 90
ADVICE_LENGTH = 700
FIELDS = ("title", "summary", "body", "link", "asked")


def advise_on(resource: CommunityResource) -> list[Advice]:
    """What safe messaging would say otherwise."""
    return advise(f"{resource.title}\n{resource.summary}\n{resource.body}")


def render_preview(token: str, resource: CommunityResource, t: Texts) -> ui.LayoutView:
    """The resource as members would see it, and advice on its words, before it is kept."""
    advice = [f"- “{plain(item.found)}”: {item.instead}" for item in advise_on(resource)]
    return card(
        "-# " + t("Preview: only you can see this. Links and emphasis are shown as plain text."),
        *document_parts(replace(resource, changed_at=0), t),
        "-# " + t("In lists: {summary}", summary=summary_of(resource)),
        "-# " + t("Also found by: {lines}", lines=plain(cut(" · ".join(resource.asked), 150)))
        if resource.asked
        else None,
        "**" + t("Safe messaging suggests:") + "**\n" + cut("\n".join(advice), ADVICE_LENGTH)
        if advice
        else None,
        row(
            button(t("Keep it"), "own-resource:keep", token, style=PRIMARY),
            button(t("Edit"), "own-resource:edit", token),
            button(t("Discard"), "own-resource:discard", token),
        ),
    )


def render_faults(
    token: str, resource: CommunityResource, faults: Sequence[Fault], t: Texts
) -> ui.LayoutView:
    """What keeps it from being kept, and the way back into the form."""
    sentences = {
        Fault.TITLE: t("The title needs at least 3 visible characters."),
        Fault.SUMMARY: t("The sentence on what it gives needs at least 10 visible characters."),
        Fault.BODY: t("The text needs at least 20 visible characters."),
        Fault.LINK: t(
            "The link must be the plain address of a public page and begin with https://, "
            "not “{text}”.",
            text=plain(cut(resource.link or "", 60)),
        ),
        Fault.ASKED: t(
            "Ways to ask for it: {count} lines at most, each of {length} characters at most.",
            count=rules.MOST_ASKED,
            length=rules.ASKED_LINE,
        ),
    }
    lines = "\n".join(f"- {sentences[fault]}" for fault in faults)
    return refusal(
        "## " + t("Almost there") + f"\n{lines}\n" + t("Your text is kept: press Edit."),
        row(
            button(t("Edit"), "own-resource:edit", token, style=PRIMARY),
            button(t("Discard"), "own-resource:discard", token),
        ),
    )


def render_list(own: Sequence[CommunityResource], page: int, t: Texts) -> ui.LayoutView:
    """A page of what the community added, newest first."""
    add = button(t("Add one"), "own-resource:add", style=PRIMARY)
    if not own:
        words = t(
            "Your community has no resources of its own yet. What you add is found by /ask and "
            "/resources next to my library, marked as yours."
        )
        return card(words, row(add))
    last = (len(own) - 1) // PAGE
    page = min(max(page, 0), last)
    shown = list(reversed(own))[page * PAGE : (page + 1) * PAGE]
    options = [(str(item.row_id), item.title) for item in shown]
    lines = "\n".join(
        f"- **{plain(item.title)}**: {plain(cut(item.summary, LINE_LENGTH))}" for item in shown
    )
    turn = row(
        button(t("Back"), "own-resource:list", page - 1, disabled=page == 0),
        button(t("Next"), "own-resource:list", page + 1, disabled=page == last),
    )
    return card(
        "## " + t("Your community's own resources ({count})", count=len(own)),
        lines,
        row(select(t("Edit or remove one"), "own-resource:choose", options=options)),
        turn if last else None,
        row(add),
    )


def read_form(values: dict[str, Any], row_id: str) -> CommunityResource:
    """The resource that was typed into the form."""
    title, summary, body, link, asked = (values.get(name) or "" for name in FIELDS)
    typed = CommunityResource(title, summary, body, link, tuple(asked.splitlines()), int(row_id))
    return clean(typed)


def form_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], row_id: str = "0"
) -> ui.Modal:
    """The form with what was typed into it."""
    return make_form(read_form(values, row_id), texts(interaction))


def make_form(resource: CommunityResource, t: Texts) -> ui.Modal:
    """The form with a resource in it."""
    form = ui.Modal(
        title=t("A resource of your own"),
        custom_id=custom_id("own-resource:form", resource.row_id),
    )
    long = discord.TextStyle.paragraph
    for label, name, text, most, style in (
        (t("Title"), "title", resource.title, rules.TITLE_LENGTH, None),
        (
            t("What it gives, in a sentence"),
            "summary",
            resource.summary,
            rules.SUMMARY_LENGTH,
            None,
        ),
        (t("Text"), "body", resource.body, rules.BODY_LENGTH, long),
        (t("Link (https://…), if there is one"), "link", resource.link, LINK_LENGTH, None),
        (
            t("How people ask for it, one a line"),
            "asked",
            "\n".join(resource.asked),
            rules.ASKED_LENGTH,
            long,
        ),
    ):
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id=name,
            default=text or None,
            max_length=most,
            style=style or discord.TextStyle.short,
            required=name not in {"link", "asked"},
        )
        form.add_item(ui.Label(text=label, component=field))
    form.stop()
    return form
