"""The classifier beside the phrases: what it reads, what it judges, what becomes of a fault."""

import logging
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.classifier import FILE, LONGEST_PASSAGE, Classifier, features_of, passages_of
from bot.safety.folding import END, fold
from bot.safety.screening import CLASSIFIED, Finding, Screen
from tests.conftest import ROOT

DATA = ROOT / "data"
WORDS = st.sampled_from(
    ["i", "want", "to", "die", "not", "my", "friend", "lol", ",", ".", '"', "'"]
)
HARMLESS = (
    "What are good exercises before a long stream?",
    "The event begins at eight and lasts an hour, everybody is welcome.",
    "ich spiele heute abend mit freunden",
    "My favourite tip was the one about breathing slowly",
)
PLAIN = (
    ("i want to die", "self"),
    ("I want to kill myself.", "self"),
    ("quiero morirme", "self"),
    ("quero morrer", "self"),
    ("je veux mourir", "self"),
    ("ich will sterben", "self"),
    ("aku pengen mati", "self"),
    ("main marna chahta hu", "self"),
    ("my friend wants to kill herself", "other"),
)
NEVER_A_PHRASE = (
    ("there is a date. ive picked it. thats all i wanna say", "self"),
    ("do u think god would forgive me if i killed myself", "self"),
    ("what do i do if my bf threatens to kill himself if i leave", "other"),
)

RUN_ON = (
    "does insurance pay for therapy, i am suicidal",
    "I'm a nurse and I want to die",
    "i had school today\nthen i played some valorant\ni want to kill myself\ngood night guys",
    "i want to die and how does therapy work",
    "thanks for the stream yesterday it was great, i tried to kill myself last night",
    "my teacher asked us what suicidal ideation means and i am suicidal",
    "como cambio mi nombre aqui, me quiero morir",
    "como troco meu nome, quero morrer",
    "comment je change mon pseudo, je veux mourir",
    "wie ändere ich meinen namen, ich will sterben",
    "hp ku rusak terus aku pengen mati",
    "mera code nahi aaya aur main marna chahta hu",
)


@pytest.fixture(scope="module")
def screen() -> Screen:
    """What ships."""
    return Screen.load(DATA)


@pytest.fixture(scope="module")
def phrases() -> Screen:
    """What ships, without the classifier."""
    return Screen.load(DATA, with_classifier=False)


@pytest.mark.parametrize(("text", "about"), NEVER_A_PHRASE)
def test_it_finds_what_no_phrase_does(
    screen: Screen, phrases: Screen, text: str, about: str
) -> None:
    assert phrases.screen(text) is None
    assert screen.screen(text) == Finding("en", CLASSIFIED, about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "What does 'sewerslide' mean? saw it in a comment and someone said it's code for suicide",
        "As a data journalist, I must decide how to chart suicide deaths by age. Are there rules?",
    ],
)
def test_it_takes_back_the_alarm_of_a_phrase_at_a_plain_question(
    screen: Screen, phrases: Screen, text: str
) -> None:
    assert phrases.screen(text) is not None
    assert screen.screen(text) is None


@pytest.mark.parametrize("text", [text for text, _ in PLAIN])
@pytest.mark.parametrize("harmless", HARMLESS)
@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_said_plainly_is_never_taken_back_whatever_stands_beside_it(
    screen: Screen, text: str, harmless: str, *, is_first: bool
) -> None:
    for mark in (". ", "! ", "\n\n"):
        parts = [text.rstrip("."), harmless.rstrip(".?")]
        joined = mark.join(parts if is_first else parts[::-1])
        assert screen.screen(joined) is not None, joined


@pytest.mark.parametrize("text", RUN_ON)
def test_what_is_said_plainly_is_found_within_a_sentence_of_other_things(
    screen: Screen, text: str
) -> None:
    assert screen.screen(text) is not None


@pytest.mark.parametrize(("text", "about"), PLAIN)
def test_what_is_said_plainly_is_found_however_it_is_typed(
    screen: Screen, text: str, about: str
) -> None:
    bare = text.rstrip(".")
    for typed in (bare, f"{bare}.", f"{bare}!!", f"{bare}...", f"“{bare}”", bare.upper()):
        finding = screen.screen(typed)
        assert finding is not None, typed
        assert finding.about == about


def test_a_disclosure_that_no_phrase_finds_is_found_within_a_long_text(screen: Screen) -> None:
    text = NEVER_A_PHRASE[1][0]
    around = " ".join(HARMLESS) * 8
    for joined in (f"{around}. {text}", f"{text}. {around}", f"{around}. {text}. {around}"):
        assert screen.screen(joined) is not None


@given(words=st.lists(WORDS, max_size=300))
def test_passages_have_every_word_and_are_short(words: list[str]) -> None:
    folded = fold(" ".join(words))
    passages = list(passages_of(folded))
    assert all(0 < len(passage) <= LONGEST_PASSAGE for passage in passages)
    # each passage goes on where the last ended, or begins with its last sentence once more
    joined: list[str] = []
    for passage in passages:
        again = next(
            size
            for size in range(len(passage), -1, -1)
            if joined[len(joined) - size :] == passage[:size]
            and (not size or passage[size - 1 : size] == [END] or size == len(joined))
        )
        joined += passage[again:]
    assert "".join(joined) == folded.replace(" ", "")


def test_neither_a_last_full_stop_nor_marks_around_it_all_make_a_difference() -> None:
    words = ["i", "want", "out"]
    assert features_of([*words, "."]) == features_of(words) == features_of(['"', *words, '"'])
    assert features_of(['"', "i", '"', "want", '"']) != features_of(["i", '"', "want"])


def test_without_its_file_the_phrases_decide_alone_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = copy(tmp_path)
    (folder / FILE).unlink()
    with caplog.at_level(logging.ERROR):
        screen = Screen.load(folder)
    assert screen.screen("i want to die") is not None
    assert screen.screen(NEVER_A_PHRASE[1][0]) is None
    assert FILE in caplog.text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "intercepts is missing"),
        ("\t1\t0\t0\nto die\t1\tmuch\t0\n", "line 2"),
        ("\t1\t0\t0\nto die\t1\t2\n", "line 2"),
        ("# by hand\nto die\t1\t2\t0\n", "intercepts is missing"),
    ],
)
def test_a_fault_in_its_file_is_named_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    folder = copy(tmp_path)
    (folder / FILE).write_text(text, encoding="utf-8")
    classifier, faults = Classifier.read(folder)
    assert classifier is None
    assert len(faults) == 1
    assert fault in faults[0]
    assert FILE in faults[0]


def copy(folder: Path) -> Path:
    """The safety net's files in a content folder of their own."""
    shutil.copytree(DATA / "safety", folder / "safety")
    return folder
