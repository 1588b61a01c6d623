"""A look at one's own time online: four questions, no score, nothing kept.

The answers stand in the buttons' custom ids and nowhere else, so a restart changes nothing.
The questions are Breather's own; they measure nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import discord

from cogs.ui.cards import button, card, cut, row
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from discord import ui

    from bot.client import Router
    from bot.i18n import Texts
    from bot.services import Services


class Question(NamedTuple):
    """What is asked, the answers, and the guides for whoever gives one of the later answers."""

    text: str
    answers: tuple[str, str, str]
    guides: tuple[str, ...]


QUESTIONS = (
    Question(
        "Does your time on screens feel right to you?",
        ("Mostly yes", "Sometimes too much", "Far more than I want"),
        ("screen-time", "doomscrolling"),
    ),
    Question(
        "How does it go with sleep?",
        ("Screens rarely keep me up", "Sometimes", "Most nights"),
        ("sleep", "insomnia"),
    ),
    Question(
        "How do you usually feel after scrolling?",
        ("Fine, or better", "It depends", "Often worse"),
        ("comparing-numbers", "negative-comments"),
    ),
    Question(
        "Do you feel safe about what others can find out about you?",
        ("Yes", "Not sure", "No, or someone misused it"),
        ("doxxing", "harassment-and-stalking"),
    ),
)
AGAIN = "again"
"""Stands for no answer yet, in the place of the card that is there."""
KEPT_NOWHERE = "Only you can see this. Your answers are kept nowhere, and there is no score."


class SelfCheck:
    """Asks one question after another and ends with what may help."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons."""
        self._resources = services.resources
        routes.on_press("self-check:step", self.step)

    async def step(self, interaction: discord.Interaction[Any], answers: str = "") -> None:
        """The next question, or the end; ``answers`` has one digit for each answer so far."""
        t = texts(interaction)
        given = [int(digit) for digit in answers if digit in "012"][: len(QUESTIONS)]
        if len(given) == len(QUESTIONS):
            await update(interaction, self._render_end(given, t))
        elif answers:
            await update(interaction, _render_question(given, t))
        else:
            await show(interaction, _render_question(given, t))

    def _render_end(self, given: list[int], t: Texts) -> ui.LayoutView:
        by_id = self._resources.library.by_id
        wanted = [
            guide_id
            for question, answer in zip(QUESTIONS, given, strict=True)
            for guide_id in question.guides[:answer]
            if guide_id in by_id
        ]
        words = (
            t("What you told yourself points to these. Read what speaks to you, leave the rest:")
            if wanted
            else t("It sounds as if things are in a good place. Come back whenever you like.")
        )
        lines = "\n".join(f"- **{by_id[item].title}**: {by_id[item].summary}" for item in wanted)
        opens = [button(cut(by_id[item].title, 80), "resources:beside", item) for item in wanted]
        return card(
            "## " + t("Thank you for taking the time"),
            words,
            lines or None,
            row(*opens[:4]),
            row(*opens[4:8]),
            row(
                button(t("Begin again"), "self-check:step", AGAIN),
                button(t("Show help lines"), "help-now:country"),
            ),
            "-# " + t(KEPT_NOWHERE),
        )


def _render_question(given: list[int], t: Texts) -> ui.LayoutView:
    question = QUESTIONS[len(given)]
    so_far = "".join(map(str, given))
    number = t("{number} of {total}", number=len(given) + 1, total=len(QUESTIONS))
    return card(
        f"-# {number}\n## {t(question.text)}",
        row(
            *(
                button(
                    t(answer),
                    "self-check:step",
                    f"{so_far}{value}",
                    style=discord.ButtonStyle.secondary,
                )
                for value, answer in enumerate(question.answers)
            )
        ),
        "-# " + t(KEPT_NOWHERE),
    )
