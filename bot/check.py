"""``python -m bot check``: settings, content and database; every fault at once."""

import asyncio
from dataclasses import dataclass, field

from bot.content.sources import Source
from bot.content.tips import TOPICS, load_tips
from bot.errors import BreatherError, ContentError, NewerDatabaseError
from bot.i18n import load_languages
from bot.safety.emergency import find_faults, load_numbers
from bot.settings import Settings, load_what_is_right
from bot.storage.migrate import current_revision, head_revision, is_known
from bot.storage.urls import sqlite_path, without_password
from bot.zone_names import load_zone_names


@dataclass(slots=True)
class Report:
    """What was counted and what is wrong, in sentences."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    facts: dict[str, str] = field(default_factory=dict[str, str])
    faults: list[str] = field(default_factory=list[str])


def check() -> Report:
    """Check everything that can be checked without a token and without changing anything."""
    report = Report()
    settings, faults, wrong = load_what_is_right()
    report.faults += faults
    report.facts["token"] = "set" if settings.discord_token else "not set (the sandbox starts)"
    check_content(settings, report)
    if "database_url" not in wrong:
        asyncio.run(_check_database(settings.database_url, report))
    return report


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
    try:
        report.counts["time zones"] = len(load_zone_names().titles)
    except ContentError as error:
        report.faults += error.faults
    report.counts["countries with emergency numbers"] = len(load_numbers(folder).by_iso2)
    report.faults += find_faults(folder)
    try:
        report.counts["languages"] = len(load_languages(folder).codes)
    except ContentError as error:
        report.faults += error.faults


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
