"""A community's resources as a file: TOML with one ``[[resource]]`` each, out and in again."""

import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from bot.i18n import Texts
from bot.resources import rules
from bot.resources.faults import explain_dots, explain_empty, explain_encoding, explain_syntax
from bot.resources.rules import CommunityResource, Fault, clean, find_faults

MOST_BYTES = 512 * 1024
FIELDS = frozenset({"title", "summary", "body", "link", "asked"})
WHY = {
    Fault.TITLE: f"title: needs 3 visible characters at least, and {rules.TITLE_LENGTH} at most.",
    Fault.SUMMARY: (
        f"summary: needs 10 visible characters at least, and {rules.SUMMARY_LENGTH} at most."
    ),
    Fault.BODY: f"body: needs 20 visible characters at least, and {rules.BODY_LENGTH} at most.",
    Fault.LINK: "link: must be the plain address of a public page and begin with https://.",
    Fault.ASKED: (
        f"asked: takes {rules.MOST_ASKED} lines at most, of {rules.ASKED_LINE} characters at most."
    ),
}
MOST_DOTS = 8
"""On one line outside of texts: a key with thousands of parts costs tomllib gigabytes."""
_TEXTS = re.compile(
    r"""
    \"{3} (?: \\. | [^\\] )*? (?: \"{3,5} | \Z )
    | '{3} .*? (?: '{3,5} | \Z )
    | \" (?: \\. | [^"\\\n] )* \"?
    | ' [^'\n]* '?
    | \# [^\n]*
    """,
    re.DOTALL | re.VERBOSE,
)
EMPTY = """\
# No resources yet. Each one is written like this, without the # in front:
#
# [[resource]]
# title = "Our quiet room"
# summary = "A voice channel without talk, for working side by side."
# body = "Join whenever you like. Nobody speaks there, and nobody keeps count."
# link = "https://example.org/quiet-room"
# asked = ["where can i work with others", "body doubling"]
"""


def write_file(resources: Sequence[CommunityResource]) -> str:
    """The resources as TOML."""
    return "\n".join(_entry(resource) for resource in resources) or EMPTY


def read_file(content: bytes, t: Texts | None = None) -> tuple[list[CommunityResource], list[str]]:
    """The resources of a file, and every fault of it, each with its place."""
    t = t or Texts()
    document = _parse(content, t)
    if isinstance(document, str):
        return [], [document]
    entries = document.pop("resource", [])
    faults = [f"Only [[resource]] belongs into the file, not {name!r}." for name in document]
    if isinstance(entries, dict):
        return [], [*faults, "Write [[resource]] with two brackets."]
    if not isinstance(entries, list) or not entries:
        return [], faults or [explain_empty(content, t)]
    if len(entries) > rules.MOST_RESOURCES:
        most = f"a community can keep {rules.MOST_RESOURCES}"
        return [], [*faults, f"The file has {len(entries)} resources; {most}."]
    resources: list[CommunityResource] = []
    places: dict[str, int] = {}
    for number, entry in enumerate(entries, start=1):
        resource, why = _read_entry(entry)
        if resource is not None:
            first = places.setdefault(resource.title.casefold(), number)
            if first != number and resource.title:
                why.append(f"title: is the same as that of resource {first}.")
            resources.append(resource)
        faults += [f"Resource {number}: {reason}" for reason in why]
    return resources, faults


def _parse(content: bytes, t: Texts) -> dict[str, Any] | str:
    """What the file says, or in a sentence why it can't be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return explain_encoding(error, t)
    for number, line in enumerate(_TEXTS.sub(_empty, text).split("\n"), start=1):
        if line.count(".") > MOST_DOTS:
            return explain_dots(number, t)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with thousands of digits
        return explain_syntax(text, error, t)


def _empty(text: re.Match[str]) -> str:
    """As many lines as a text has, so that what follows keeps its line."""
    return "\n" * text[0].count("\n")


def _read_entry(entry: Any) -> tuple[CommunityResource | None, list[str]]:  # noqa: ANN401 (raw TOML)
    if not isinstance(entry, dict):
        return None, ["write [[resource]] with two brackets."]
    faults = [f"{name}: no such field." for name in sorted(entry.keys() - FIELDS)]
    asked = entry.get("asked", [])
    texts = [entry.get(name, "") for name in ("title", "summary", "body", "link")]
    if not isinstance(asked, list) or not all(isinstance(part, str) for part in [*texts, *asked]):
        return None, [*faults, "every field is a text in quotation marks; asked is a list of them."]
    title, summary, body, link = texts
    resource = clean(CommunityResource(title, summary, body, link or None, tuple(asked)))
    return resource, faults + [WHY[fault] for fault in find_faults(resource)]


def _entry(resource: CommunityResource) -> str:
    values = {"title": resource.title, "summary": resource.summary}
    lines = ["[[resource]]", *(f"{name} = {_quoted(text)}" for name, text in values.items())]
    if "\n" in resource.body:
        body = "\n".join(_quoted(line)[1:-1] for line in resource.body.split("\n"))
        lines.append(f'body = """\n{body}"""')
    else:
        lines.append(f"body = {_quoted(resource.body)}")
    if resource.link:
        lines.append(f"link = {_quoted(resource.link)}")
    if resource.asked:
        lines += ["asked = [", *(f"    {_quoted(line)}," for line in resource.asked), "]"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A TOML string is a JSON string, but for DEL, which clean() has removed.
    return json.dumps(text, ensure_ascii=False)
