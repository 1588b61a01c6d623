"""The lines of a document: the short texts whose vectors a question is held against."""

import re

from bot.resources.documents import Document

LEAST_PASSAGE = 40
MOST_PASSAGES = 12
LONGEST = 400

_PARTS = re.compile(r"\n\s*\n|\n\s*[-*] ")
_MARKS = re.compile(r"[*_`#>]+")


def asked_of(document: Document) -> list[str]:
    """The title and the stored questions."""
    return [document.title, *document.asked]


def passages_of(document: Document) -> list[str]:
    """The summary and the body's paragraphs and points, each after the title."""
    subject = document.title.split(":")[0]
    parts = (" ".join(_MARKS.sub("", part).split()) for part in _PARTS.split(document.body))
    found = [f"{subject}: {part[:LONGEST]}" for part in parts if len(part) >= LEAST_PASSAGE]
    return [f"{document.title}. {document.summary}", *found[:MOST_PASSAGES]]


def lines_of(document: Document) -> list[str]:
    """Every text of a document that a vector is built for."""
    return [*asked_of(document), *passages_of(document)]
