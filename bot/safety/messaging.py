"""A linter for safe messaging: what is better said otherwise, why, and how.

It gives advice and blocks nothing. Content of our own has to follow it; see ``find_faults``.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RULES_FILE = Path(__file__).resolve().parent.parent.parent / "data" / "safety" / "messaging.toml"
SUBJECT = re.compile(
    r"\b(suicid\w*|self-harm\w*|self-injur\w*|kill (my|your|him|her|them)sel\w+)", re.IGNORECASE
)
HELP = re.compile(
    r"/help-now|help ?lines?|crisis lines?|emergency (number|services?)"
    r"|(reach out|talk|speak) (to|with)"
    r"|tell (someone|somebody|a|an|one|your)|ask (for help|them|someone|a)|call (your|the|a|an|for)"
    r"|get help|(doctor|therapist|helper|professional)s?",
    re.IGNORECASE,
)
ADVISED_AGAINST = re.compile(
    r"(\bnot|\bnever|n't|\bavoid|instead of|rather than|\bthan|\bwithout|\bno)\W+"
    r"(?:[\w'-]+\W+){0,4}$",
    re.IGNORECASE,
)
"""Words that show that a quoted phrase is named in order to advise against it."""

QUOTES = (
    "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{RIGHT SINGLE QUOTATION MARK}"
)


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding: the rule's id, the words that were found, why, and what to say instead."""

    rule: str
    found: str
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    regex: re.Pattern[str]
    why: str
    instead: str


def advise(text: str) -> list[Advice]:
    """Every phrase of a text that safe messaging advises against, in the rules' order."""
    return [
        Advice(rule.id, match[0], rule.why, rule.instead)
        for rule in _rules()
        for match in rule.regex.finditer(text)
        if not _is_quoted_against(text, match)
    ]


def find_faults(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with content of our own, each fault with its place.

    Besides the advice: a text on suicide or self-harm must say where help is.
    """
    for where, text in texts:
        for item in advise(text):
            yield f"{where}: safe messaging: {item.found!r}: {item.why} Say: {item.instead}."
        if SUBJECT.search(text) and not HELP.search(text):
            yield f"{where}: safe messaging: it speaks of suicide or self-harm and names no help."


@cache
def _rules() -> tuple[_Rule, ...]:
    with RULES_FILE.open("rb") as stream:
        entries = tomllib.load(stream)["advice"]
    return tuple(
        _Rule(
            entry["id"],
            re.compile(rf"\b(?:{'|'.join(entry['phrases'])})\b", re.IGNORECASE),
            entry["why"],
            entry["instead"],
        )
        for entry in entries
    )


def _is_quoted_against(text: str, match: re.Match[str]) -> bool:
    """Whether the phrase stands in quotation marks after a word that advises against it."""
    before, after = text[: match.start()], text[match.end() :]
    opening = max((before.rfind(mark) for mark in QUOTES), default=-1)
    is_quoted = (
        opening >= 0 and "\n" not in before[opening:] and any(m in after[:80] for m in QUOTES)
    )
    return is_quoted and ADVISED_AGAINST.search(before[:opening]) is not None
