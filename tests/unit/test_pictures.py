"""Pictures of a day: words of any script, whole, readable and inside."""

import io
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.pictures import fonts
from bot.pictures.colours import READABLE, contrast, make_palette
from bot.pictures.directions import find_levels, reorder
from bot.pictures.landscapes import draw_landscape
from bot.pictures.layouts import FRAMES, Placed, place_words
from bot.pictures.render import render
from bot.pictures.scenes import Scene, Size
from bot.pictures.shaping import Paragraph
from bot.pictures.wrapping import CUT, LONGEST, Style, _wrap, set_words
from tests.conftest import ROOT

SCENE = Scene(
    headline="12 days to go",
    title="World Mental Health Day",
    line="Saturday 10 October 2026",
    community="Creators",
    hashtags="#WorldMentalHealthDay #WMHD",
)
NAMES = {
    "English": "Creators",
    "Vietnamese": "Cộng đồng Sáng tạo",
    "Greek": "Δημιουργοί",
    "Russian": "Творцы",
    "Arabic": "مجتمع المبدعين",
    "Hebrew": "קהילת היוצרים",
    "Hindi": "रचनाकारों का समुदाय",
    "Thai": "ชุมชนนักสร้างสรรค์",
    "Japanese": "クリエイターの広場",
    "Chinese": "创作者的小天地",
    "Korean": "창작자들의 쉼터",
    "emoji": "🌿 Calm Corner 🌙",
    "mixed": "مجتمع Creators 2026 (رقم 12)",
}
LONG = (
    "The Wonderfully Long Named Community of Writers, Painters and "
    "Everyone Else Who Makes Things Daily"
)
CROWDED = Scene(
    headline=f"{LONG} {LONG}",
    title=f"{LONG} {LONG}",
    line=LONG * 4,
    community="Donaudampfschifffahrt" * 9,
    hashtags="#WorldMentalHealthDay " * 9,
)
SCENES = {
    **{name: replace(SCENE, community=words, title=words) for name, words in NAMES.items()},
    "long": replace(SCENE, community=LONG),
    "crowded": CROWDED,
    "marks": replace(
        SCENE, community="Z" + "\u0338\u0300\u0301\u0323\u0324" * 9, headline="ệ" * 30
    ),
}
STYLE = Style(600, 40, 40, 1)


def ids_of(words: str) -> list[int]:
    """The numbers of the glyphs, from left to right."""
    paragraph = Paragraph(words, 600, "en")
    return [glyph.number for glyph in paragraph.make_line(0, len(paragraph.letters)).glyphs]


def text_of(words: str, style: Style, width: float) -> str:
    """What is left of words that were cut: the letters of which a line's width is made."""
    block = set_words(words, style, width, "en")
    for end in range(len(words), 0, -1):
        shorter = Paragraph(words[:end].rstrip() + CUT, style.weight, "en")
        if sum(shorter.advances) == sum(line.width for line in block.lines):
            return words[:end].rstrip()
    pytest.fail("the words are not cut anywhere")


def ink_of(placed: Placed, width: int) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each line."""
    block = placed.block
    for line, baseline in zip(block.lines, block.baselines, strict=True):
        half = line.width * block.scale / 2
        y = placed.top + baseline
        top, bottom = y - line.above * block.scale, y + line.below * block.scale
        yield width / 2 - half, top, width / 2 + half, bottom


def open_picture(content: bytes) -> Image.Image:
    """The picture, read again."""
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("size", Size)
def test_a_picture_is_a_png_of_its_size(size: Size) -> None:
    image = Image.open(io.BytesIO(render(SCENE, size)))
    assert (image.format, image.size) == ("PNG", (size.width, size.height))


def test_a_crowded_picture_is_less_than_300_kilobytes() -> None:
    assert len(render(CROWDED, Size.STORY)) < 300_000


def test_the_same_scene_is_the_same_picture_in_every_thread() -> None:
    scene = replace(SCENE, community=NAMES["mixed"])
    with ThreadPoolExecutor(4) as pool:
        pictures = set(pool.map(lambda _: render(scene, Size.LANDSCAPE), range(4)))
    assert len(pictures) == 1


def test_a_scene_without_words_is_the_landscape() -> None:
    assert place_words(Scene("", ""), Size.SQUARE)[0].block.lines == ()
    image = open_picture(render(Scene("", ""), Size.LANDSCAPE))
    landscape = draw_landscape(make_palette(Scene("", "").accent), Size.LANDSCAPE)
    assert ImageChops.difference(image, landscape).getbbox() is None


@given(st.integers(0, 0xFFFFFF))
def test_words_in_the_sky_are_readable_for_every_colour(accent: int) -> None:
    palette = make_palette(accent)
    for ground in palette.grounds:
        assert min(contrast(ink, ground) for ink in (palette.ink, palette.accent_ink)) >= READABLE


@given(st.integers(0, 0xFFFFFF))
def test_words_on_the_hill_are_readable_for_every_colour(accent: int) -> None:
    palette = make_palette(accent)
    assert contrast(palette.near_ink, palette.near) >= READABLE


def test_contrast_is_counted_as_wcag_does_it() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="no colour"):
        replace(SCENE, accent=0x1000000)


@pytest.mark.parametrize("words", NAMES.values(), ids=NAMES)
def test_every_letter_of_a_name_has_a_glyph(words: str) -> None:
    paragraph = Paragraph(words, 600, "en")
    assert paragraph.text == words
    assert 0 not in ids_of(words)


@pytest.mark.parametrize("words", NAMES.values(), ids=NAMES)
def test_every_name_leaves_ink(words: str) -> None:
    scene = Scene(headline=words, title="")
    image = open_picture(render(scene, Size.LANDSCAPE))
    empty = draw_landscape(make_palette(scene.accent), Size.LANDSCAPE)
    assert ImageChops.difference(image, empty).getbbox() is not None


def test_arabic_letters_are_joined() -> None:
    alone = [ids_of(letter)[-1] for letter in "بيت"]
    assert not set(alone) & set(ids_of("بيت")[:1])
    assert len(set(ids_of("ببب"))) > 1


def test_arabic_is_seen_from_right_to_left() -> None:
    paragraph = Paragraph("دار", 600, "ar")
    seen = [glyph.number for glyph in paragraph.make_line(0, 3).glyphs]
    assert seen == [ids_of(letter)[0] for letter in reversed("دار")]


def test_the_short_i_of_devanagari_stands_before_its_letter() -> None:
    letter, sign = ids_of("क")[0], ids_of("कि")
    assert sign[-1] == letter
    assert sign[0] != letter


def test_letters_of_devanagari_join_into_one() -> None:
    assert len(ids_of("क्ष")) == 1


def test_numbers_and_brackets_in_arabic_keep_their_order() -> None:
    text = "مجتمع (12) abc"
    seen = "".join(text[place] for place in reorder(find_levels(text)))
    assert seen == "abc )12( عمتجم"


def test_a_hashtag_keeps_its_sign_before_it() -> None:
    text = "#دار #WMHD"
    seen = "".join(text[place] for place in reorder(find_levels(text)))
    assert seen == "#WMHD راد#"


def test_the_same_character_has_another_form_in_japanese_and_chinese() -> None:
    forms = {
        language: Paragraph("直", 600, language).letters[0].font.face.index
        for language in ("ja", "zh-CN", "zh-TW", "ko")
    }
    assert len(set(forms.values())) == 4


def test_emoji_of_several_parts_are_one() -> None:
    assert len(ids_of("👩\u200d🎨")) == 1


def test_fancy_letters_become_plain_ones() -> None:
    assert Paragraph("𝓒𝓪𝓵𝓶", 600, "en").text == "Calm"


def test_what_no_font_has_is_left_out() -> None:
    assert Paragraph("Calm \U00012000 \ue000 \u202e\x00Corner", 600, "en").text == "Calm Corner"


def test_without_a_package_of_fonts_its_letters_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "PACKAGES", (fonts.PACKAGES[0], "no-such-fonts"))
    fonts._open.cache_clear()
    try:
        assert Paragraph("Calm 広場", 600, "en").text == "Calm"
        assert fonts.find_missing_packages() == ("no-such-fonts",)
    finally:
        fonts._open.cache_clear()


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_no_line_leaves_its_frame(scene: Scene, size: Size) -> None:
    frame = FRAMES[size]
    for placed in place_words(scene, size):
        top, bottom = (frame.crest, size.height) if placed.on_hill else (frame.top, frame.horizon)
        for box in ink_of(placed, size.width):
            assert box[0] >= frame.side - 1
            assert box[2] <= size.width - frame.side + 1
            assert top <= box[1] <= box[3] <= bottom


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_no_line_touches_another(scene: Scene, size: Size) -> None:
    boxes = [box for placed in place_words(scene, size) for box in ink_of(placed, size.width)]
    assert all(above[3] < below[1] for above, below in pairwise(boxes))


@pytest.mark.parametrize("size", Size)
def test_letters_are_large_enough_for_a_phone(size: Size) -> None:
    smallest = min(placed.block.size for placed in place_words(CROWDED, size) if placed.block.lines)
    assert smallest * 360 / size.width >= 11


def test_a_name_of_a_hundred_letters_is_shown_whole() -> None:
    assert all(placed.block.whole for placed in place_words(SCENES["long"], Size.SQUARE))


@pytest.mark.parametrize(
    "words", ["👩\u200d🎨" * 40, "नि" * 60, "e\u0301" * 90], ids=["👩‍🎨", "नि", "é"]
)
def test_long_words_are_cut_between_whole_letters(words: str) -> None:
    kept = text_of(words, STYLE, 700)
    assert set(regex.findall(r"\X", kept)) == set(regex.findall(r"\X", words))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_written_stays_inside(words: str) -> None:
    block = set_words(words, replace(STYLE, lines=2), 700, "en")
    assert len(block.lines) <= 2
    assert all(line.width * block.scale <= 700.5 for line in block.lines)


def test_a_sign_that_python_does_not_know_yet_has_a_direction() -> None:
    assert find_levels("a \U000e1000 \u0378") == [0] * 5


def test_a_text_of_any_length_is_cut_without_reading_it_all() -> None:
    short = set_words("a " * LONGEST, STYLE, 700, "en")
    assert set_words("a " * 1_000_000, STYLE, 700, "en") == short


def test_hashtags_without_room_are_left_out_whole() -> None:
    placed = next(each for each in place_words(CROWDED, Size.LANDSCAPE) if each.on_hill)
    assert placed.block.whole


def test_japanese_breaks_between_letters_but_not_before_a_full_stop() -> None:
    paragraph = Paragraph("広場に集まる。", 600, "ja")
    assert _wrap(paragraph, 6.5 * fonts.UNITS, whole=True) == [5, 7]


def test_lines_are_about_equally_long() -> None:
    block = set_words("real voices, real change", replace(STYLE, lines=2), 400, "en")
    first, second = (line.width for line in block.lines)
    assert 0.6 < first / second < 1.6


def test_the_words_for_alt_text_are_all_of_them_in_order() -> None:
    assert replace(SCENE, line=" ").words == (
        "Creators",
        "World Mental Health Day",
        "12 days to go",
        "#WorldMentalHealthDay #WMHD",
    )


def test_naming_a_scene_loads_nothing_that_draws() -> None:
    code = "import sys, bot.pictures.scenes; print({'PIL', 'uharfbuzz'} & set(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "set()"
