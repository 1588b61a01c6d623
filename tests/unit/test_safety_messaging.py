"""The linter for safe messaging, rule by rule, and what ``check`` holds our content to."""

import tomllib
from pathlib import Path

import pytest

from bot.check import Report, check_content
from bot.safety.messaging import advise, find_faults
from bot.settings import Settings
from tests.conftest import ROOT

DATA = ROOT / "data"
RULES = tomllib.loads((DATA / "safety" / "messaging.toml").read_text(encoding="utf-8"))["advice"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("He COMMITTED suicide.", "committed"),
        ("those who commit suicide", "committed"),
        ("a successful attempt", "attempt"),
        ("after an unsuccessful suicide attempt", "attempt"),
        ("she completed suicide", "attempt"),
        ("a suicide epidemic", "contagion"),
        ("numbers are skyrocketing", "contagion"),
        ("suicide was the only way out", "way-out"),
        ("now he is finally at peace", "way-out"),
        ("she killed herself because of the comments", "one-cause"),
        ("bullied to suicide", "one-cause"),
        ("he left a suicide note", "note"),
        ("he hanged himself", "method"),
        ("a beautiful suicide", "glory"),
        ("an addict", "person-first"),
        ("those junkies", "person-first"),
        ("crazy people", "person-first"),
        ("what a psycho", "person-first"),
        ("a lunatic", "person-first"),
    ],
)
def test_what_is_better_said_otherwise_is_found_with_why_and_what_instead(
    text: str, rule: str
) -> None:
    found = advise(text)
    assert rule in [advice.rule for advice in found]
    assert all(advice.found in text and advice.why and advice.instead for advice in found)


@pytest.mark.parametrize(
    "text",
    [
        "She died by suicide.",
        "He took his own life.",
        "People who survived an attempt recover.",
        "They are committed to their community.",
        "We commit our changes every day.",
        "a person with an addiction",
        "That song is crazy good.",
        "The attempt to bake bread was successful.",
        'Say "died by suicide", not "committed suicide".',
        'Avoid "committed suicide".',
        'Write "rising" instead of "skyrocketing".',
        'Say "a person with an addiction" rather than "addict".',
    ],
)
def test_plain_words_and_phrases_that_are_advised_against_pass(text: str) -> None:
    assert advise(text) == []


def test_a_quotation_by_itself_is_no_excuse() -> None:
    assert advise('The paper wrote "committed suicide".') != []


def test_speaking_of_suicide_without_naming_help_is_a_fault() -> None:
    texts = [
        ("bare", "Self-harm is more common than people think."),
        ("helped", "If you think about suicide, /help-now shows help lines."),
        ("asked", "If you hurt yourself through self-harm, talk to a person you trust."),
        ("other", "A walk can clear the head."),
    ]
    faults = list(find_faults(texts))
    assert len(faults) == 1
    assert faults[0].startswith("bare: ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["id"]))
def test_every_rule_says_why_and_what_instead_in_a_sentence(rule: dict[str, str]) -> None:
    assert rule["why"].endswith(".")
    assert len(rule["why"]) < 160
    assert rule["instead"]


def copied(folder: Path, kind: str, name: str, text: str) -> Report:
    """What is reported of a content folder with one more file."""
    (folder / kind).mkdir()
    (folder / kind / name).write_text(text, encoding="utf-8")
    report = Report()
    check_content(Settings(content_dir=folder), report)
    return report


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("tips", "a.toml", '[[tip]]\nid = "t"\nbody = "He committed suicide."\n'),
        ("myths", "a.toml", '[[myth]]\nid = "t"\nstatement = "He committed suicide."\n'),
        ("guides", "t.md", '+++\ntitle = "t"\n+++\nHe committed suicide. Call a help line.\n'),
    ],
)
def test_check_holds_every_kind_of_content_to_it(
    tmp_path: Path, kind: str, name: str, text: str
) -> None:
    report = copied(tmp_path, kind, name, text)
    wanted = f"{kind}/{name}"
    assert any(fault.startswith(wanted) and "committed" in fault for fault in report.faults)


def test_content_that_cannot_be_read_is_left_to_its_own_check(tmp_path: Path) -> None:
    report = copied(tmp_path, "tips", "a.toml", "[[tip]")
    assert not any("safe messaging" in fault for fault in report.faults)


def test_check_counts_the_phrases_and_their_languages() -> None:
    report = Report()
    check_content(Settings(content_dir=DATA), report)
    assert report.counts["languages of the safety net"] == 7
    assert report.counts["safety phrases"] > 700
