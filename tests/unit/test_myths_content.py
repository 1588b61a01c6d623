"""Myths and facts as content: every fault by file and id, and the data that ships is right."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.content import guides
from bot.content.myths import TOPICS, MythLibrary, load_myths
from bot.errors import ContentError
from tests.conftest import ROOT

WHY = "Most people sleep seven to nine hours, and what is enough differs from one to the next. " * 2
GOOD = f"""
[[myth]]
id = "good"
topic = "sleep"
statement = "Everybody needs eight hours of sleep."
answer = "myth"
explanation = "{WHY}"
source = {{ publisher = "A clinic", title = "Sleeping well", url = "https://example.org/sleep", \
seen_on = 2026-11-22 }}
guide = "sleep"
"""
OTHER = f"""
[[myth]]
id = "other"
topic = "work"
statement = "A short break can give you more energy."
answer = "fact"
explanation = "{WHY}"
source = {{ publisher = "A clinic", title = "Short breaks", url = "https://example.org/breaks", \
seen_on = 2026-11-22, copy_on = 2025-01-02 }}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder without any myth."""
    (tmp_path / "myths").mkdir()
    return tmp_path


def write(folder: Path, text: str, name: str = "some.toml") -> None:
    (folder / "myths" / name).write_text(text, encoding="utf-8")


def faults_of(folder: Path, guide_ids: set[str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        load_myths(folder, guide_ids)
    return caught.value.faults


@pytest.fixture(scope="module")
def library() -> MythLibrary:
    """The myths and facts that ship."""
    return load_myths(ROOT / "data", guides.load_guides(ROOT / "data").by_id)


def test_a_good_one_is_read_as_it_stands(folder: Path) -> None:
    write(folder, GOOD + OTHER)

    good, other = load_myths(folder, {"sleep"}).by_id.values()

    assert (good.id, good.topic, good.answer, good.guide) == ("good", "sleep", "myth", "sleep")
    assert good.source.seen_on.isoformat() == "2026-11-22"
    assert (other.answer, other.guide) == ("fact", None)


def test_they_are_found_by_topic_in_the_files_order(folder: Path) -> None:
    write(folder, GOOD, "b.toml")
    write(folder, OTHER, "a.toml")

    found = load_myths(folder)

    assert found.ids_on([]) == ["other", "good"]
    assert found.ids_on(["sleep"]) == ["good"]
    assert found.ids_on(["body"]) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"good"', '"Not An Id"', "Not An Id: id: "),
        ('"good"', '"' + "a" * 45 + '"', "a{45}: id: "),
        ('topic = "sleep"', 'topic = "naps"', "good: topic: 'naps' is not one of suicide, "),
        ('"Everybody needs eight hours of sleep."', '"Sleep."', "good: statement: "),
        ('"Everybody needs eight hours of sleep."', '"' + "long " * 40 + '"', "good: statement: "),
        ('answer = "myth"', 'answer = "maybe"', "good: answer: "),
        ('answer = "myth"\n', "", "good: answer: "),
        (f'"{WHY}"', '"Because."', "good: explanation: "),
        (", seen_on = 2026-11-22", "", r"good: source\.seen_on: "),
        ("https://", "ftp://", r"good: source\.url: "),
        ('guide = "sleep"', 'guide = "naps"', "good: guide: there is no guide 'naps'"),
        ('guide = "sleep"', "score = 1", "good: score: "),
    ],
)
def test_a_fault_is_named_with_file_id_and_field(
    folder: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    write(folder, OTHER + GOOD.replace(old, new))

    (fault,) = faults_of(folder, {"sleep"})

    assert re.match(rf"some\.toml, {words}", fault), fault


def test_guides_are_not_looked_up_where_none_are_given(folder: Path) -> None:
    write(folder, GOOD.replace('guide = "sleep"', 'guide = "naps"'))

    assert load_myths(folder).by_id["good"].guide == "naps"


def test_an_id_is_never_used_twice(folder: Path) -> None:
    write(folder, GOOD, "a.toml")
    write(folder, OTHER.replace('"other"', '"good"'), "b.toml")

    assert [fault.partition(":")[0] for fault in faults_of(folder)] == [
        "a.toml, good",
        "b.toml, good",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "EVERYBODY needs eight hours of sleep!",
        "Everybody does not need eight hours of sleep.",
        "Eight hours of sleep: everybody needs them.",
    ],
)
def test_a_statement_in_nearly_the_same_words_is_found_also_its_opposite(
    folder: Path, statement: str
) -> None:
    write(folder, GOOD, "a.toml")
    copy = OTHER.replace("A short break can give you more energy.", statement)
    write(folder, copy, "b.toml")

    assert faults_of(folder) == ("b.toml, other: states nearly the same as good.",)


def test_every_fault_of_every_file_is_told_at_once(folder: Path) -> None:
    write(folder, GOOD.replace('"sleep"', '"naps"'), "a.toml")
    write(folder, "[[myth]", "b.toml")
    write(folder, OTHER.replace('"fact"', '"maybe"'), "c.toml")

    faults = faults_of(folder, {"sleep"})

    assert Counter(fault[:6] for fault in faults) == {"a.toml": 2, "b.toml": 1, "c.toml": 1}


def test_there_are_at_least_100_with_a_source_on_every_topic(library: MythLibrary) -> None:
    assert len(library.by_id) >= 100
    assert all(library.ids_on([topic]) for topic in TOPICS)
    for myth in library.by_id.values():
        assert myth.source.url.host
        assert myth.source.seen_on.year >= 2026


def test_neither_answer_can_be_guessed_without_reading(library: MythLibrary) -> None:
    answers = Counter(myth.answer for myth in library.by_id.values())

    assert min(answers.values()) >= len(library.by_id) / 4


def test_they_speak_plainly(library: MythLibrary) -> None:
    def find(pattern: str) -> list[str]:
        return [
            myth.id
            for myth in library.by_id.values()
            if re.search(pattern, f"{myth.statement} {myth.explanation}")
        ]

    assert find(r"[\uff01-\uff5e\u2014]") == []  # full-width letters, long dashes
    assert find(r"[\U0001f000-\U0001faff]") == []  # emoji
    assert find(r"https?://|@|#|\*") == []


def test_a_statement_fits_into_a_heading_of_one_line(library: MythLibrary) -> None:
    assert [myth.id for myth in library.by_id.values() if "\n" in myth.statement] == []
