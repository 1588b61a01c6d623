"""What a community's own tip may look like, and how its words are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tips import writing
from bot.tips.writing import Fault, find_faults, read_minutes
from bot.words import clean_line, clean_text
from cogs.ui.plain import plain


def test_a_line_loses_what_nobody_can_see() -> None:
    typed = "\u202e  Drink\u200b some\n\twater \ufeff\x00"

    assert clean_line(typed, 80) == "Drink some water"


def test_a_text_keeps_its_paragraphs_and_its_emoji() -> None:
    family = "\U0001f469\u200d\U0001f467"

    assert clean_text(f"One\r\n\r\n\r\n\r\nTwo {family}  ", 600) == f"One\n\nTwo {family}"


@given(st.text(max_size=200), st.integers(1, 80))
def test_a_cleaned_text_is_never_longer_than_it_may_be_and_stays_as_it_is(
    typed: str, length: int
) -> None:
    for clean in (clean_line, clean_text):
        cleaned = clean(typed, length)
        assert len(cleaned) <= length
        assert clean(cleaned, length) == cleaned
        cleaned.encode()


@pytest.mark.parametrize("blank", ["   ", "\u200b" * 5, "\u3164" * 5, "\ufe0f" * 5, "\n\n\n"])
def test_a_title_of_nothing_visible_is_a_fault(blank: str) -> None:
    title = clean_line(blank, 80)

    assert find_faults(title, "b" * 20, "ttt", "5") == [Fault.TITLE]


def test_every_fault_is_named_at_once() -> None:
    assert find_faults("ab", "too short", "no", "soon") == list(Fault)


def test_a_tip_in_another_script_is_without_fault() -> None:
    assert (
        find_faults(
            "水を飲む", "一口の水を、ゆっくりと、急がずに飲んでみましょう。", "飲む。。", "3"
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1", 1),
        (" 60 ", 60),
        ("05", 5),
        ("0", None),
        ("61", None),
        ("-5", None),
        ("2.5", None),
        ("²", None),
        ("٣", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_minutes_are_whole_and_from_1_to_60(text: str, minutes: int | None) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
        ("<@&123456789012345678>", "\\<@\u200b&123456789012345678>"),
        ("<@!42> <#42> </tip:42>", "\\<@\u200b!42> \\<#42> \\</tip:42>"),
        ("[a](b) [c](https://e.example)", "\\[a\\](b) \\[c\\](https://e.example)"),
        ("<x:/[c](https://e.example)>", "\\<x:/\\[c\\](https://e.example)>"),
        ("```py", "\\`\\`\\`py"),
        ("# big\n-# small\n> said\n- one", "\\# big\n\\-# small\n\\> said\n\\- one"),
        ("||hidden|| **b** ~~s~~ \\", "\\|\\|hidden\\|\\| \\*\\*b\\*\\* \\~\\~s\\~\\~ \\\\"),
        ("https://e.example/a_b?c=*", "https://e.example/a_b?c=\\*"),
        ("https://e.example/@everyone", "https://e.example/@\u200beveryone"),
        ("so <:calm:123456789012345678> 🌿", "so <:calm:123456789012345678> 🌿"),
        ("we - two - #1 <3", "we - two - #1 \\<3"),
    ],
)
def test_words_of_a_community_take_no_effect(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(alphabet="@everyonehere<>&#!0123456789[]()*_~`|\\:/ \nht", max_size=60))
def test_no_text_smuggles_a_ping_or_a_masked_link_through(text: str) -> None:
    shown = plain(text)

    assert "@everyone" not in shown
    assert "@here" not in shown
    assert "<@" not in shown.replace("\\<@", "").replace("<@\u200b", "")
    assert all(
        shown[at - 1] == "\\" for at, character in enumerate(shown) if character in "[]" and at
    )
    assert not shown.startswith(("[", "]"))
    assert len(shown) <= 2 * len(text)


def test_the_longest_tip_of_nothing_but_marks_fits_into_a_message() -> None:
    longest = sum(
        len(plain("*" * length))
        for length in (writing.TITLE_LENGTH, writing.BODY_LENGTH, writing.TRY_LENGTH)
    )

    assert longest < 3000
