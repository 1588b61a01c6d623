"""``python -m bot check``: settings, content and database; every fault at once."""

import asyncio
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.clock import Clock, SystemClock, to_datetime
from bot.content.campaigns import load_campaigns
from bot.content.guides import FENCE, GuideLibrary, load_guides
from bot.content.myths import load_myths
from bot.content.programs import load_programs
from bot.content.small_talk import FILE as SMALL_TALK
from bot.content.small_talk import load_small_talk
from bot.content.sources import Source
from bot.content.tips import TOPICS, load_tips
from bot.errors import BreatherError, ContentError, NewerDatabaseError
from bot.i18n import load_languages
from bot.resources.search import find_stale
from bot.safety.classifier import Classifier
from bot.safety.emergency import find_faults, load_numbers
from bot.safety.helplines import find_faults as find_helpline_faults
from bot.safety.helplines import find_warnings, load_help_lines
from bot.safety.messaging import find_faults as find_messaging_faults
from bot.safety.phrasebooks import SHARED, read_folder
from bot.settings import Settings, load_what_is_right
from bot.storage.migrate import current_revision, head_revision, is_known
from bot.storage.urls import sqlite_path, without_password
from bot.zone_names import load_zone_names

SHOWN: Mapping[str, tuple[str, ...]] = {
    "tips": ("title", "body", "try_this"),
    "guides": ("title", "summary", "content_note"),
    "myths": ("statement", "explanation"),
    "programs": ("title", "about", "gives"),
}
"""What of each kind of content people are shown; of guides, the body too."""


@dataclass(slots=True)
class Report:
    """What was counted and what is wrong, in sentences; a warning is no fault."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    facts: dict[str, str] = field(default_factory=dict[str, str])
    faults: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])


def check(clock: Clock | None = None) -> Report:
    """Check everything that can be checked without a token and without changing anything."""
    report = Report()
    settings, faults, wrong = load_what_is_right()
    report.faults += faults
    report.facts["token"] = "set" if settings.discord_token else "not set (the sandbox starts)"
    _check_feed(settings, report)
    check_content(settings, report)
    today = to_datetime((clock or SystemClock()).now()).date()
    _check_help_lines(settings.content_dir, today, report)
    if "database_url" not in wrong:
        asyncio.run(_check_database(settings.database_url, report))
    return report


def _check_feed(settings: Settings, report: Report) -> None:
    """Where calendars are served, and what is missing for anybody to find them there."""
    port, url = settings.feed_port, settings.feed_url
    if port is not None:
        report.facts["calendar feed"] = f"{settings.feed_host}, port {port}"
        if not url:
            report.warnings.append(
                "FEED_URL: not set, and FEED_PORT is; calendars are served, but nobody is shown "
                "where."
            )
    elif url and settings.shard_count is None:
        report.warnings.append(
            "FEED_PORT: not set, and FEED_URL is; people are shown an address at which this "
            "process serves no calendars."
        )


def check_content(settings: Settings, report: Report) -> None:
    """Count the content, or say what is wrong with it."""
    folder = settings.content_dir
    try:
        library = load_tips(folder)
    except ContentError as error:
        report.faults += error.faults
    else:
        tips = list(library.by_id.values())
        report.counts["tips"] = len(tips)
        report.counts["tip topics"] = sum(bool(library.ids_on([topic])) for topic in TOPICS)
        report.counts["tips with a source"] = sum(isinstance(tip.basis, Source) for tip in tips)
    _check_guides(folder, report)
    try:
        report.counts["programs"] = len(load_programs(folder))
    except ContentError as error:
        report.faults += error.faults
    try:
        report.counts["time zones"] = len(load_zone_names().titles)
    except ContentError as error:
        report.faults += error.faults
    _check_fonts(report)
    _check_safety_net(folder, report)
    report.faults += find_messaging_faults(_read_texts(folder))
    report.faults += find_messaging_faults(_read_campaigns(folder))
    try:
        replies = load_small_talk(folder).by_name
    except ContentError as error:
        report.faults += error.faults
    else:
        said = ((f"{SMALL_TALK}, {name}", reply.answer) for name, reply in replies.items())
        report.faults += find_messaging_faults(said)
    report.counts["countries with emergency numbers"] = len(load_numbers(folder).by_iso2)
    report.faults += find_faults(folder)
    try:
        report.counts["languages"] = len(load_languages(folder).codes)
    except ContentError as error:
        report.faults += error.faults


def _check_guides(folder: Path, report: Report) -> None:
    """Guides, what the search keeps of them, and the myths that point to them.

    Where the guides can't be read, that is one fault: neither is held against them.
    """
    guide_ids = None
    try:
        library = load_guides(folder)
    except ContentError as error:
        report.faults += error.faults
    else:
        guide_ids = library.by_id
        report.counts["guides"] = len(guide_ids)
        report.faults += _check_search(library, folder, report)
    try:
        report.counts["myths and facts"] = len(load_myths(folder, guide_ids).by_id)
    except ContentError as error:
        report.faults += error.faults
    try:
        report.counts["campaigns"] = len(load_campaigns(folder, guide_ids).by_id)
    except ContentError as error:
        report.faults += error.faults


def _check_search(library: GuideLibrary, folder: Path, report: Report) -> list[str]:
    try:
        stale = find_stale(library, folder)
    except ContentError as error:
        return list(error.faults)
    report.warnings += [
        f"guides/{guide_id}.md: changed since the search was built, so questions find it a little "
        "less well. docs/search.md says how to build it anew."
        for guide_id in stale
    ]
    return []


def _check_fonts(report: Report) -> None:
    from bot.pictures.fonts import find_missing_packages  # noqa: PLC0415 (loads HarfBuzz)

    report.warnings += [
        f"{name}: not installed, so pictures lack the letters of its fonts. Install it: "
        f"python -m pip install {name}."
        for name in find_missing_packages()
    ]


def _check_help_lines(folder: Path, today: date, report: Report) -> None:
    lines = load_help_lines(folder)
    report.counts["help lines"] = len(lines)
    report.counts["countries with help lines"] = len(lines.by_iso2)
    report.faults += find_helpline_faults(folder)
    report.warnings += find_warnings(folder, today)


def _check_safety_net(folder: Path, report: Report) -> None:
    books, faults = read_folder(folder)
    report.counts["languages of the safety net"] = sum(book.language != SHARED for book in books)
    phrases = (phrase for book in books for rule in book.rules for phrase in rule.phrases)
    report.counts["safety phrases"] = sum(1 for _ in phrases)
    report.faults += [*faults, *Classifier.read(folder)[1]]


def _read_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text that people are shown, with its place, as far as it can be read.

    What can't be read is a fault already. How people ask for a guide is searched, not shown.
    """
    for kind, keys in SHOWN.items():
        for path in sorted((folder / kind).glob("*.*")):
            try:
                text = path.read_text(encoding="utf-8")
                head, _, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
                table = tomllib.loads(head if path.suffix == ".md" else text)
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
                continue
            is_whole = path.suffix == ".md" or kind == "programs"
            entries = [table] if is_whole else table.get(kind.removesuffix("s"), [])
            for entry in filter(lambda entry: isinstance(entry, dict), entries):
                where = f"{kind}/{path.name}" + (f", {entry['id']}" if "id" in entry else "")
                shown = [str(entry.get(key, "")) for key in keys]
                yield where, "\n".join([*shown, body if path.suffix == ".md" else ""])


def _read_campaigns(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text of the campaigns that can be read, with its place."""
    with suppress(ContentError):
        for campaign in load_campaigns(folder).by_id.values():
            where = f"campaigns, {campaign.id}"
            pack = campaign.pack
            yield where, "\n".join((campaign.about, *campaign.how_to_take_part, pack.alt_text))
            yield f"{where}, pack", "\n".join((*pack.captions, *pack.sharing_safely))
            for step in campaign.steps:
                for text in step.texts:
                    yield f"{where}, {step.offset:+d}", f"{text.title}\n{text.body}"


async def _check_database(url: str, report: Report) -> None:
    report.facts["database"] = without_password(url)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        report.facts["schema"] = "empty; made at the first start"
        return
    try:
        revision = await current_revision(url)
    except BreatherError as error:
        report.faults.append(str(error))
        return
    if revision is not None and not is_known(revision):
        newer = NewerDatabaseError(
            f"DATABASE_URL: the schema {revision} is newer than this version ({head_revision()}). "
            "Start the newer version, or restore the backup from before the upgrade."
        )
        report.faults.append(str(newer))
    elif revision == head_revision():
        report.facts["schema"] = f"{revision}, up to date"
    else:
        report.facts["schema"] = (
            f"{revision or 'empty'}; brought to {head_revision()} at the next start"
        )
