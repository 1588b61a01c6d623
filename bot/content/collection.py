"""All the content that features need, with every fault of every file at once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.content.campaigns import CampaignLibrary, load_campaigns
from bot.content.guides import GuideLibrary, load_guides
from bot.content.myths import MythLibrary, load_myths
from bot.content.notices import Notices, load_notices
from bot.content.small_talk import SmallTalk, load_small_talk
from bot.content.tips import TipLibrary, load_tips
from bot.errors import ContentError

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in ``data/``, but for help, which stands apart."""

    tips: TipLibrary
    guides: GuideLibrary
    myths: MythLibrary
    notices: Notices
    campaigns: CampaignLibrary
    small_talk: SmallTalk


def load_content(folder: Path) -> Content:
    """Read everything. Raises :class:`ContentError` with every fault."""
    faults: list[str] = []
    tips = _load(load_tips, folder, faults)
    guides = _load(load_guides, folder, faults)
    guide_ids = None if guides is None else guides.by_id
    myths = _load(partial(load_myths, guide_ids=guide_ids), folder, faults)
    notices = _load(load_notices, folder, faults)
    campaigns = _load(partial(load_campaigns, guide_ids=guide_ids), folder, faults)
    small_talk = _load(load_small_talk, folder, faults)
    if (
        tips is None
        or guides is None
        or myths is None
        or notices is None
        or campaigns is None
        or small_talk is None
    ):
        raise ContentError(faults)
    return Content(tips, guides, myths, notices, campaigns, small_talk)


def _load(load: Callable[[Path], Loaded], folder: Path, faults: list[str]) -> Loaded | None:
    try:
        return load(folder)
    except ContentError as error:
        faults += error.faults
        return None
