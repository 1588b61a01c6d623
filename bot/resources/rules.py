"""What a community's own resource may look like. Pure: texts in, texts and faults out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.links import clean_link, is_link
from bot.words import clean_line, clean_text, count_visible

COMMUNITY_PREFIX = "community-"
MOST_RESOURCES = 300
"""As many as a community may keep; above it the index of one community is no longer small."""
TITLE_LENGTH = 80
SUMMARY_LENGTH = 200
BODY_LENGTH = 2000
ASKED_LINE = 120
MOST_ASKED = 20
ASKED_LENGTH = MOST_ASKED * (ASKED_LINE + 1)
"""Every line of it, as it stands in the form."""
LEAST_TITLE = 3
LEAST_SUMMARY = 10
LEAST_BODY = 20

_ID = re.compile(COMMUNITY_PREFIX + r"([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class CommunityResource:
    """What moderators added for their community. ``changed_at`` is UTC epoch seconds."""

    title: str
    summary: str
    body: str
    link: str | None = None
    asked: tuple[str, ...] = ()
    row_id: int = 0
    changed_at: int = 0
    is_removed: bool = False

    @property
    def id(self) -> str:
        """Its id among all documents."""
        return f"{COMMUNITY_PREFIX}{self.row_id}"


class Fault(StrEnum):
    """What keeps a resource from being kept."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"
    LINK = "link"
    ASKED = "asked"


def clean(resource: CommunityResource) -> CommunityResource:
    """The same with visible text only. Nothing is cut: what is too long is a fault."""
    asked = (clean_line(line, len(line)) for line in resource.asked)
    return replace(
        resource,
        title=clean_line(resource.title, len(resource.title)),
        summary=clean_line(resource.summary, len(resource.summary)),
        body=clean_text(resource.body, len(resource.body)),
        link=clean_link(resource.link or "") or None,
        asked=tuple(dict.fromkeys(filter(None, asked))),
    )


def find_faults(resource: CommunityResource) -> list[Fault]:
    """Everything that is wrong with a cleaned resource, at once."""
    faults = [
        fault
        for fault, text, least, most in (
            (Fault.TITLE, resource.title, LEAST_TITLE, TITLE_LENGTH),
            (Fault.SUMMARY, resource.summary, LEAST_SUMMARY, SUMMARY_LENGTH),
            (Fault.BODY, resource.body, LEAST_BODY, BODY_LENGTH),
        )
        if count_visible(text) < least or len(text) > most
    ]
    if resource.link is not None and not is_link(resource.link):
        faults.append(Fault.LINK)
    if len(resource.asked) > MOST_ASKED or any(len(line) > ASKED_LINE for line in resource.asked):
        faults.append(Fault.ASKED)
    return faults


def row_id_of(document_id: str) -> int | None:
    """The row of a community resource's id; None for a guide of the library."""
    match = _ID.fullmatch(document_id)
    return int(match[1]) if match else None


def same_words(one: CommunityResource, other: CommunityResource) -> bool:
    """Whether two resources say the same, whatever their rows."""
    return _words(one) == _words(other)


def match_title(resources: Sequence[CommunityResource], title: str) -> CommunityResource | None:
    """The resource with a title, whatever its case."""
    wanted = title.casefold()
    return next((item for item in resources if item.title.casefold() == wanted), None)


def _words(resource: CommunityResource) -> tuple[object, ...]:
    return (resource.title, resource.summary, resource.body, resource.link, resource.asked)
