"""The list of every source in ``data/``: ``docs/sources.md``. See :mod:`tests.generate_docs`."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.content.guides import FENCE

ABOUT = """\
Every page that the content names, with the day on which somebody of us saw it, and what rests on
it. Many were seen as a stored copy or an excerpt of one, not live; no clinician has reviewed what
we wrote from them. Help lines and emergency numbers have lists of their own:
[help lines](help-lines.md), `data/emergency_sources.toml`."""
FEW = 6


class Use(NamedTuple):
    """One place in the content that rests on a page."""

    publisher: str
    title: str
    url: str
    seen_on: date
    where: str


def render_sources(data: Path, notice: str) -> str:
    """The document: one row for each page, by publisher."""
    by_page: dict[str, list[Use]] = defaultdict(list)
    for use in find_uses(data):
        by_page[use.url].append(use)
    lines = [
        "# Sources",
        "",
        notice,
        "",
        ABOUT,
        "",
        f"{len(by_page)} pages.",
        "",
        "| Publisher | Page | Seen | What rests on it |",
        "|---|---|---|---|",
    ]
    for url, uses in sorted(by_page.items(), key=_order):
        seen_on = max(use.seen_on for use in uses)
        places = sorted({use.where for use in uses})
        shown = ", ".join(places[:FEW]) + (f" and {len(places) - FEW} more" * (len(places) > FEW))
        title = uses[0].title.replace("|", r"\|").replace("[", r"\[").replace("]", r"\]")
        lines.append(f"| {uses[0].publisher} | [{title}](<{url}>) | {seen_on} | {shown} |")
    return "\n".join(lines) + "\n"


def find_uses(data: Path) -> Iterator[Use]:
    """Every source of every tip, guide, myth and campaign."""
    for path in sorted((data / "campaigns").glob("[!_]*.toml")):
        campaign = tomllib.loads(path.read_text(encoding="utf-8"))
        for source in campaign["sources"]:
            yield _use(source, f"campaign {path.stem}")
        for theme in campaign.get("themes", ()):
            yield _use(theme["source"], f"campaign {path.stem}, theme of {theme['year']}")
    for path in sorted((data / "guides").glob("*.md")):
        head = tomllib.loads(path.read_text(encoding="utf-8").split(f"{FENCE}\n", 2)[1])
        for source in head["sources"]:
            yield _use(source, f"guide {path.stem}")
    for kind, folder in (("tip", "tips"), ("myth", "myths")):
        for path in sorted((data / folder).glob("*.toml")):
            for entry in tomllib.loads(path.read_text(encoding="utf-8"))[kind]:
                source = entry.get("source", entry.get("basis"))
                if isinstance(source, dict):
                    yield _use(source, f"{kind} {entry['id']}")


def _order(page: tuple[str, list[Use]]) -> tuple[str, str]:
    return page[1][0].publisher.casefold(), page[0]


def _use(source: Mapping[str, Any], where: str) -> Use:
    return Use(source["publisher"], source["title"], source["url"], source["seen_on"], where)
