"""The picture of a campaign: what it says on which day, its alt text, colour, and keeping."""

import asyncio
from datetime import date

import pytest

from bot.campaigns.pictures import Look, describe, make_scene
from bot.content.campaigns import Campaign, load_campaigns
from bot.i18n import Texts
from bot.pictures import studio as studios
from bot.pictures.choosing import CALM_COLOURS, read_colour, to_accent
from bot.pictures.scenes import HOUSE_ACCENT, Scene, Size
from bot.pictures.studio import Studio
from tests.conftest import ROOT

T = Texts()
DAY = date(2026, 10, 10)
LIBRARY = load_campaigns(ROOT / "data").by_id
WMHD = LIBRARY["world-mental-health-day"]
SCENE = Scene("Today", "A day")


def scene(today: date, campaign: Campaign = WMHD, look: Look | None = None, t: Texts = T) -> Scene:
    """The picture's words on a date."""
    return make_scene(campaign, campaign.day_in(2026), today, look or Look("Example Creators"), t)


@pytest.mark.parametrize(
    ("today", "headline"),
    [
        (date(2026, 9, 26), "14 days to go"),
        (date(2026, 10, 8), "2 days to go"),
        (date(2026, 10, 9), "Tomorrow"),
        (DAY, "Today"),
        (date(2026, 10, 11), "10 October 2026"),
    ],
)
def test_it_counts_down_to_the_day_and_names_it_afterwards(today: date, headline: str) -> None:
    assert scene(today).headline == headline


def test_it_says_the_date_once_and_the_theme() -> None:
    assert scene(DAY).line.startswith("10 October 2026 · “Lived") or "Lived" in scene(DAY).line
    assert scene(date(2026, 10, 11)).line.count("October") == 0


def test_where_the_subject_is_near_it_names_help_and_looks_forward_to_nothing() -> None:
    quiet = LIBRARY["world-suicide-prevention-day"]
    shown = scene(date(2026, 9, 1), quiet)

    assert shown.headline == "In 9 days"
    assert "findahelpline.com" in shown.line


def test_the_alt_text_has_every_word_of_the_picture() -> None:
    shown = scene(DAY)
    alt = describe(shown, T)

    assert all(word in alt for word in shown.words)
    assert alt.startswith("A sun over soft hills.")
    assert len(alt) < 1024


def test_without_a_community_there_is_no_name_and_the_house_colour() -> None:
    shown = scene(DAY, look=Look())
    assert (shown.community, shown.accent) == ("", HOUSE_ACCENT)


def test_a_name_with_marks_that_turn_lines_around_is_cleaned() -> None:
    assert scene(DAY, look=Look("Cre\u202eators\n club")).community == "Creators club"


def test_its_words_are_those_of_the_language() -> None:
    german = Texts("de", {"Today": "Heute", "October": "Oktober"})
    shown = scene(DAY, t=german)
    assert (shown.headline, shown.language) == ("Heute", "de")
    assert "Oktober" in shown.line


@pytest.mark.parametrize(
    ("typed", "colour"),
    [
        ("#3F7CAC", "#3f7cac"),
        (" 3f7cac ", "#3f7cac"),
        ("#37c", "#3377cc"),
        ("blue", None),
        ("#3F7CA", None),
        ("#\uff13F7CAC", None),
        ("", None),
        ("0x3F7CAC", None),
    ],
)
def test_a_colour_is_read_as_people_type_it(typed: str, colour: str | None) -> None:
    assert read_colour(typed) == colour


def test_the_first_of_the_calm_colours_is_the_houses() -> None:
    assert to_accent(next(iter(CALM_COLOURS))) == HOUSE_ACCENT == to_accent(None)
    assert all(read_colour(colour) == colour for colour in CALM_COLOURS)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Scene]:
    """Every scene that was drawn, in place of the drawing."""
    scenes: list[Scene] = []

    def draw(scene: Scene, size: Size) -> bytes:
        scenes.append(scene)
        return size.name.encode() * 10

    monkeypatch.setattr(studios, "_draw", draw)
    return scenes


async def test_asked_for_by_many_at_once_it_is_drawn_once(drawn: list[Scene]) -> None:
    studio = Studio()
    pictures = await asyncio.gather(*(studio.paint(SCENE, Size.STORY) for _ in range(5)))

    assert len(drawn) == 1
    assert set(pictures) == {b"STORY" * 10}


async def test_what_was_asked_for_longest_ago_is_let_go(drawn: list[Scene]) -> None:
    studio = Studio(most_bytes=130)
    for size in (Size.STORY, Size.SQUARE, Size.STORY, Size.SQUARE):
        await studio.paint(SCENE, size)
    assert len(drawn) == 2
    other = Scene("Tomorrow", "A day")
    await studio.paint(other, Size.SQUARE)
    await studio.paint(SCENE, Size.SQUARE)
    assert len(drawn) == 3
    await studio.paint(SCENE, Size.STORY)
    assert len(drawn) == 4
