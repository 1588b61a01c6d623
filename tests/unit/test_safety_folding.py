"""Folding: many spellings become one, and marks between sentences stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.folding import END, LAUGH, PAUSE, QUOTE, fold

HIDDEN = ("suicide", "kill", "killing", "die", "kms", "harm")


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("I Want To DIE", "i want to die"),
        ("quiero morír, mañana", "quiero morir, manana"),
        ("für Müßiggang", "fur musigang"),
        ("don't don’t donʼt don´t don`t dont", "dont dont dont dont dont dont"),  # noqa: RUF001
        ("diiiieee nooo", "die no"),
        ("feel / fel", "fel fel"),
        ("wa\u200bnt t\u00ado d\u2060ie", "want to die"),
        ("ｗａｎｔ 𝓽𝓸 𝐝𝐢𝐞", "want to die"),  # noqa: RUF001
        ("wаnt tо dіe", "want to die"),  # noqa: RUF001
        ("so sad 😢🌧️ today", "so sad today"),
        ("  one \t two  ", "one two"),
        ("self-harm", "self harm"),
        ("**kill** __me__ ~~now~~ ||please||", "kil me now please"),
        ("<@123456> <:sad:42> <#7> @someone hi https://e.example/die", "hi"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_spellings_of_a_text_fold_to_one(typed: str, folded: str) -> None:
    assert fold(typed, HIDDEN) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("su1c1de", "suicide"),
        ("k1ll mys3lf", "kil myself"),
        ("ki11", "kil"),
        ("unal1ve", "unalive"),
        ("s3lf h4rm", "self harm"),
        ("d1e", "die"),
        ("3am 24h 2nd 10mg 988", "3am 24h 2nd 10mg 988"),
    ],
)
def test_digits_inside_words_are_letters_and_amounts_are_not(typed: str, folded: str) -> None:
    assert fold(typed, HIDDEN) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("s u i c i d e", "suicide"),
        ("i want to d i e", "i want to die"),
        ("can i d i e", "can i die"),
        ("k.m.s", "kms"),
        ("s/h", "sh"),
        ("a b c", "a b c"),
        ("su*cide", "suicide"),
        ("k*ll k**l k***", "kil kil kil"),
        ("d*e", "die"),
        ("k*ing", "kiling"),
        ("sui-cide su.icide s_icide", "suicide suicide suicide"),
        ("d!e", "die"),
        ("f*ck", "f ck"),
    ],
)
def test_words_apart_and_behind_stars_are_found(typed: str, folded: str) -> None:
    assert fold(typed, HIDDEN) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("One. Two! Three?", "one. two. thre."),
        ("well, no (really): yes", "wel, no, realy, yes"),
        ("i... want... to", "i, want, to"),
        ("done.I want", "done, i want"),
        ("line\nline\n\nline", "line, line. line"),
        ("ok - fine", "ok, fine"),
        ("3.5 and 10:30", "3 5 and 10 30"),
        ('he said "go" and “went”', 'he said" go" and" went"'),
        ("he said 'go away' and didn't", 'he said" go away" and didnt'),
        ("मरना है। बस", "मरना है. बस"),
    ],
)
def test_marks_stand_behind_words(typed: str, folded: str) -> None:
    assert fold(typed, HIDDEN) == folded


def test_laughing_faces_and_skulls_become_one_face() -> None:
    assert fold("dead 💀 😂🤣") == f"dead {LAUGH} {LAUGH} {LAUGH}"


@given(st.text(max_size=300))
def test_any_text_can_be_folded_and_folding_again_changes_nothing_visible(text: str) -> None:
    folded = fold(text, HIDDEN)
    assert "  " not in folded
    assert not set("!?;:()\n\t’") & set(folded)  # noqa: RUF001
    assert folded == folded.casefold()
    assert END + PAUSE not in folded.replace(QUOTE, "")
