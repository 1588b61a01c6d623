"""The picture of a community's numbers: small, whole, and in the caller's words."""

import io
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image, ImageColor

from bot.claims.picture import BAR, GROUND, HEIGHT, MARGIN, RIGHT, WIDTH, Labels, render
from bot.claims.statistics import Stats, Week
from tests.conftest import ROOT

MONDAY = date(2027, 3, 1)
LABELS = Labels(
    by_week="Codes given out here, by week",
    week="Weeks from Monday (UTC)",
    claimed="codes given out here",
    pending="wait for a moderator",
    waitlisted="in the waitlist",
    offered="have an offer",
    refused="refused",
    revoked="revoked",
    left="left in the pool",
    share="left of our share",
    empty="No code yet. The first one will show up here.",
)
NOTHING = Stats(0, 0, 0, 0, 0, 0, left=100)
LONG = "Sechs Monate voller Ruhe für alle, die etwas schaffen, und noch viel mehr " * 3


def make_stats(*weeks: int) -> Stats:
    """Numbers with these weeks."""
    days = (MONDAY + timedelta(weeks=number) for number in range(len(weeks)))
    return Stats(
        claimed=sum(weeks),
        pending=3,
        waitlisted=12,
        offered=2,
        refused=1,
        revoked=4,
        left=16_000,
        share_cap=30_000,
        weeks=tuple(map(Week, days, weeks)),
    )


def draw(stats: Stats, title: str = "Six months", labels: Labels = LABELS) -> Image.Image:
    """The picture, read again."""
    content = render(stats, title, labels=labels)
    assert len(content) < 60_000
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    return image.convert("RGB")


def colours_of(image: Image.Image, *box: int) -> set[str]:
    """Every colour in a part of the picture."""
    pixels = image.crop((box[0], box[1], box[2], box[3])).getcolors(WIDTH * HEIGHT)
    assert pixels is not None
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in pixels}  # type: ignore[misc]


STATS = {
    "none": NOTHING,
    "one code": make_stats(1),
    "one week": make_stats(12),
    "a gap": make_stats(212, 0, 97, 1),
    "thirty weeks": make_stats(*range(600, 0, -20)),
    "twenty thousand in a week": make_stats(20_000),
    "three years": make_stats(*(number * 37 % 300 for number in range(160))),
    "millions": make_stats(9_999_999, 1),
}


@pytest.mark.parametrize("stats", STATS.values(), ids=STATS)
def test_a_picture_is_a_small_file_with_a_margin_of_its_own_ground(stats: Stats) -> None:
    image = draw(stats)
    for edge in ((0, 0, WIDTH, 20), (0, HEIGHT - 20, WIDTH, HEIGHT), (0, 0, 20, HEIGHT)):
        assert colours_of(image, *edge) == {GROUND}
    assert colours_of(image, WIDTH - MARGIN + 1, 0, WIDTH, HEIGHT) == {GROUND}


@pytest.mark.parametrize("stats", [NOTHING, STATS["thirty weeks"]], ids=["none", "some"])
def test_words_that_are_too_long_stay_inside(stats: Stats) -> None:
    words = {name: LONG for name in LABELS.__slots__ if isinstance(getattr(LABELS, name), str)}
    image = draw(stats, LONG, replace(LABELS, **words))  # type: ignore[arg-type]
    assert colours_of(image, WIDTH - MARGIN + 1, 0, WIDTH, HEIGHT) == {GROUND}
    assert colours_of(image, 560, 120, 582, HEIGHT) == {GROUND}


def test_before_the_first_code_the_picture_has_no_chart() -> None:
    def never(_: date) -> str:
        pytest.fail("there is no week to name")

    draw(NOTHING, labels=replace(LABELS, day=never))


def test_numbers_and_days_are_written_as_the_caller_does() -> None:
    numbers: set[int] = set()
    days: set[date] = set()
    labels = replace(
        LABELS,
        number=lambda number: numbers.add(number) or "1",  # type: ignore[func-returns-value]
        day=lambda day: days.add(day) or "1",  # type: ignore[func-returns-value]
    )
    draw(make_stats(212, 0, 97), labels=labels)
    assert days == {MONDAY, MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=2)}
    counts = {309, 3, 12, 2, 1, 4, 16_000, 30_000 - 309 - 2}
    assert numbers == counts | {212, 0, 97} | {0, 100, 200, 300}


def test_a_higher_count_is_a_higher_bar() -> None:
    image = draw(make_stats(100, 50))
    columns = [
        sum(image.getpixel((x, y)) == ImageColor.getrgb(BAR) for y in range(HEIGHT))
        for x in range(RIGHT)
    ]
    tall = sorted({height for height in columns if height > 20}, reverse=True)
    assert tall[0] / tall[-1] == pytest.approx(2, abs=0.2)


def test_letters_that_the_font_lacks_lose_their_accents_and_nothing_breaks() -> None:
    assert draw(NOTHING, "Für Zoë").tobytes() == draw(NOTHING, "Fur Zoe").tobytes()
    draw(NOTHING, "静けさ 🌿 \n\x00\u202e")


def test_nothing_at_a_start_loads_what_draws() -> None:
    code = "import sys, bot.app, bot.commandline; print('PIL' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "False"
