"""The classifier before the phrases: what it reads, what it judges, what becomes of a fault."""

import logging
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.classifier import FILE, LONGEST_PASSAGE, Classifier, features_of, passages_of
from bot.safety.folding import END, fold
from bot.safety.screening import CLASSIFIED, Finding, Screen
from bot.safety.vocabularies import tokens_of
from tests.conftest import ROOT

DATA = ROOT / "data"
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


@given(lengths=st.lists(st.integers(1, 150), max_size=12))
def test_passages_have_every_word_and_begin_with_the_last_sentence_of_the_one_before(
    lengths: list[int],
) -> None:
    numbers = iter(range(sum(lengths)))
    sentences = [" ".join(f"w{next(numbers)}" for _ in range(length)) for length in lengths]
    passages = list(passages_of(tokens_of(". ".join(sentences))))
    assert all(0 < len(passage) <= LONGEST_PASSAGE for passage in passages)
    seen = [int(word[1:]) for passage in passages for word in passage if word != END]
    assert sorted(set(seen)) == list(range(sum(lengths)))
    for before, after in pairwise(passages):
        again = [word for word in after if word != END and word in before]
        assert not again or before[-len(again) - 1 : -1] == again


def test_short_sentences_stand_in_two_passages() -> None:
    passages = list(passages_of(tokens_of(fold("one two three four. " * 30))))
    assert len(passages) > 2
    assert sum(map(len, passages)) == 30 * 5 + (len(passages) - 1) * 5


def test_a_sentence_by_itself_must_be_plainer_than_a_whole_text() -> None:
    classifier = Classifier(
        {"": (1.0, 0.0, 0.0), "boom": (1.0, 2.0, 0.0), "calm": (1.0, -2.0, 0.0)}
    )
    alone = classifier.judge(tokens_of("boom one two three")).chance
    beside = classifier.judge(tokens_of("calm. boom one two three")).chance
    assert 0.5 < beside < alone
    assert beside / (1 - beside) * 3 == pytest.approx(alone / (1 - alone))


def test_what_it_says_of_a_whole_text_does_not_hide_what_stands_around_a_phrase() -> None:
    classifier = Classifier(
        {"": (1.0, 0.0, 0.0), "boom": (1.0, 3.0, 0.0), "calm": (1.0, -9.0, 0.0)}
    )
    tokens = ["calm", *["word"] * 10, "boom"]
    assert classifier.judge(tokens).chance < 0.1 < classifier.chance_at(tokens, 11, 12)


def test_without_any_phrases_it_notices_alone(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    for path in (folder / "safety").glob("*.toml"):
        path.unlink()
    finding = Screen.load(folder).screen(NEVER_A_PHRASE[1][0])
    assert finding is not None
    assert finding.rule == CLASSIFIED


@pytest.mark.parametrize("text", ["fr", "Mine.", "ja", "w" * 4000, "w " * 2000, "me", "sorry"])
def test_a_word_or_two_are_left_to_the_phrases(screen: Screen, text: str) -> None:
    assert screen.screen(text) is None


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
        ("", "line 1"),
        ("# 1 features, fitted to the lines x\n\t1\t0\t0\ndie\t1\tmuch\t0\n", "line 3"),
        ("# 1 features, fitted to the lines x\n\t1\t0\t0\ndie\t1\t2\n", "line 3"),
        ("# 1 features, fitted to the lines x\n\t1\tnan\t0\ndie\t1\t2\t0\n", "line 2"),
        ("# 2 features, fitted to the lines x\n\t1\t0\t0\ndie\t1\t2\t0\n", "line 1"),
        ("# 1 features, fitted to the lines x\n\t1\t0\t0\na\t1\t2\t0\na\t1\t2\t0\n", "line 4"),
        ("# 1 features, fitted to the lines x\ndie\t1\t2\t0\n", "line 1"),
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
