"""Content: what is wrong is named with file and id, all at once; and the real data is right."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import tips as tips_module
from bot.content.sources import Source
from bot.content.tips import MOST_SHARED, TOPICS, Tip, TipLibrary, five_grams, load_tips
from bot.errors import ContentError
from tests.conftest import ROOT

BODY = "Some people find that a short walk before they begin makes the first minutes easier."
GOOD = f"""
[[tip]]
id = "good"
topics = ["sleep"]
title = "A title"
body = "{BODY}"
try_this = "Walk around the table once."
minutes = 2
basis = "common practice"
"""
SOURCE = """
[[tip]]
id = "sourced"
topics = ["sleep"]
title = "Another one"
body = "Lamps that are bright in the evening may keep you awake, as a clinic says in its leaflet."
try_this = "Switch one lamp off after nine."
minutes = 1
basis = { publisher = "A clinic", title = "Sleeping well", url = "https://example.org/sleep", \
seen_on = 2026-11-22 }
"""
OTHERS = "(your|him|her|them)sel"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder without any tip."""
    (tmp_path / "tips").mkdir()
    return tmp_path


def write(folder: Path, text: str | bytes, name: str = "some.toml") -> None:
    path = folder / "tips" / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        load_tips(folder)
    return caught.value.faults


@pytest.fixture(scope="module")
def library() -> TipLibrary:
    """The tips that ship."""
    return load_tips(ROOT / "data")


def test_a_good_tip_is_read_as_it_stands(folder: Path) -> None:
    write(folder, GOOD + SOURCE)
    good, sourced = load_tips(folder).by_id.values()
    assert (good.id, good.topics, good.minutes, good.basis) == (
        "good",
        ("sleep",),
        2,
        "common practice",
    )
    assert isinstance(sourced.basis, Source)
    assert str(sourced.basis.url) == "https://example.org/sleep"
    assert sourced.basis.seen_on.isoformat() == "2026-11-22"


def test_tips_are_found_by_topic_in_the_files_order(folder: Path) -> None:
    write(folder, SOURCE, "b.toml")
    write(folder, GOOD.replace('["sleep"]', '["breath", "money"]'), "a.toml")
    found = load_tips(folder)
    assert found.ids_on([]) == ["good", "sourced"]
    assert found.ids_on(["money", "food-and-water"]) == ["good"]
    assert found.ids_on(["sleep", "breath"]) == ["good", "sourced"]
    assert found.ids_on(["nothing-like-that"]) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "good"\n', "", r"\(no id\): id: "),
        ('"good"', '"Not An Id"', "Not An Id: id: "),
        ('"good"', '"community-5"', "community-5: ids with 'community-'"),
        ('"good"', '"' + "a" * 61 + '"', "a{61}: id: "),
        ('["sleep"]', "[]", "good: topics: "),
        ('["sleep"]', '"sleep"', "good: topics: "),
        ('["sleep"]', '["sleep", "money", "breath", "food-and-water"]', "good: topics: "),
        ('["sleep"]', '["sleeping"]', "good: topics: 'sleeping' is not one of before-live, "),
        ('"A title"', '"A"', "good: title: "),
        ('"A title"', '"' + "long " * 20 + '"', "good: title: "),
        (f'"{BODY}"', '"Too short."', "good: body: "),
        (f'"{BODY}"', '"' + "too long " * 100 + '"', "good: body: "),
        ('"Walk around the table once."', "5", "good: try_this: "),
        ('try_this = "Walk around the table once."\n', "", "good: try_this: "),
        ("minutes = 2", "minutes = 0", "good: minutes: "),
        ("minutes = 2", "minutes = 61", "good: minutes: "),
        ("minutes = 2", 'minutes = "some"', "good: minutes: "),
        ("minutes = 2", "minutes = 2\nmood = 3", "good: mood: "),
        ('"common practice"', '"hearsay"', "good: basis"),
        ('basis = "common practice"\n', "", "good: basis: "),
        ('"common practice"', '{ publisher = "A clinic" }', r"good: basis\.Source\.seen_on: "),
    ],
)
def test_a_fault_in_a_tip_is_named_with_file_id_and_field(
    folder: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    write(folder, SOURCE + GOOD.replace(old, new))
    faults = faults_of(folder)
    assert any(re.match(rf"some\.toml, {words}", fault) for fault in faults), faults
    assert not any("sourced" in fault for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (", seen_on = 2026-11-22", "", r"seen_on"),
        ("2026-11-22", '"yesterday"', r"seen_on"),
        ('url = "https://example.org/sleep", ', "", r"url"),
        ("https://example.org/sleep", "example.org", r"url"),
        ("https://", "ftp://", r"url"),
        ('publisher = "A clinic", ', "", r"publisher"),
        ('title = "Sleeping well", ', "", r"title"),
        ("seen_on", 'quote = "x", seen_on', r"quote"),
    ],
)
def test_a_source_has_publisher_title_address_and_the_day_it_was_seen(
    folder: Path, old: str, new: str, words: str
) -> None:
    assert old in SOURCE
    write(folder, GOOD + SOURCE.replace(old, new))
    assert any(
        re.match(rf"some\.toml, sourced: basis\.Source\.{words}: ", fault)
        for fault in faults_of(folder)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"[[tip]\n", "not readable as TOML"),
        (b"id = '\xff\xfe'\n", "not readable as TOML"),
        (b"[tip]\nid = 'x'\n", "two brackets"),
        (b"tip = 5\n", "two brackets"),
        (b"tip = [5]\n", r"\(not a table\)"),
        (b"[[tips]]\nid = 'x'\n", "unknown table 'tips'"),
    ],
)
def test_a_file_that_is_not_made_of_tips_is_named(folder: Path, text: bytes, words: str) -> None:
    write(folder, GOOD, "good.toml")
    write(folder, text, "bad.toml")
    (fault,) = faults_of(folder)
    assert re.match(rf"bad\.toml[:,] .*{words}", fault)


def test_a_folder_without_files_says_where_they_come_from(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)
    assert "no .toml file" in fault
    assert "repository" in fault


def test_every_fault_of_every_file_is_told_at_once(folder: Path) -> None:
    write(folder, GOOD.replace("minutes = 2", "minutes = 0").replace("A title", "A"), "a.toml")
    write(folder, "[[tip]", "b.toml")
    write(folder, SOURCE + SOURCE.replace('"sleep"', '"naps"'), "c.toml")
    faults = faults_of(folder)
    assert Counter(fault[:6] for fault in faults) == {"a.toml": 2, "b.toml": 1, "c.toml": 4}
    assert sum("used 2 times" in fault for fault in faults) == 2


def test_an_id_is_never_used_twice_not_even_in_two_files(folder: Path) -> None:
    write(folder, GOOD, "a.toml")
    write(folder, SOURCE.replace('"sourced"', '"good"'), "b.toml")
    assert [fault.partition(":")[0] for fault in faults_of(folder)] == [
        "a.toml, good",
        "b.toml, good",
    ]


def tip_of(name: str, words: list[str]) -> Tip:
    return Tip.model_construct(
        id=name,
        topics=("sleep",),
        title=words[0],
        body=" ".join(words[1:-1]),
        try_this=words[-1],
        minutes=1,
        basis="common practice",
    )


def alike(*tips: Tip) -> list[str]:
    return tips_module._alike([("some.toml", tip) for tip in tips])


@pytest.mark.parametrize(("shared", "is_found"), [(59, False), (60, True), (61, True), (100, True)])
def test_a_pair_that_shares_three_fifths_of_its_five_grams_is_found(
    shared: int, *, is_found: bool
) -> None:
    # A hundred 5-grams are 104 words; the first n of them share n - 4.
    common = [f"c{number}" for number in range(shared + 4)]
    one, two = (
        tip_of(name, common + [f"{name}{number}" for number in range(100 - shared)])
        for name in ("one", "two")
    )
    assert len(five_grams(one)) == len(five_grams(two)) == 100
    assert alike(one, two) == (["some.toml, two: says nearly the same as one."] if is_found else [])


def test_a_copy_in_another_file_is_found_whatever_its_case_and_marks(folder: Path) -> None:
    write(folder, GOOD, "a.toml")
    copy = GOOD.replace('"good"', '"copy"').replace(BODY, BODY.upper().replace(" ", ", "))
    write(folder, copy, "b.toml")
    assert faults_of(folder) == ("b.toml, copy: says nearly the same as good.",)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=12, max_size=60), st.integers(0, 3))
def test_a_tip_with_a_few_words_more_is_found_and_one_in_other_words_is_not(
    words: list[str], more: int
) -> None:
    one = tip_of("one", words)
    longer = tip_of("two", words + [f"more{number}" for number in range(more)])
    foreign = tip_of("three", [f"other{word}" for word in words])
    assert len(alike(one, longer)) == 1
    assert alike(one, foreign) == []


def test_there_are_at_least_240_tips_on_at_least_14_topics(library: TipLibrary) -> None:
    assert len(library.by_id) >= 240
    assert len(TOPICS) >= 14
    assert min(len(library.ids_on([topic])) for topic in TOPICS) >= 10


def test_no_two_tips_that_ship_say_the_same(library: TipLibrary) -> None:
    assert alike(*library.by_id.values()) == []
    planted = next(iter(library.by_id.values())).model_copy(update={"id": "planted"})
    assert len(alike(*library.by_id.values(), planted)) == 1
    titles = Counter(tip.title.casefold() for tip in library.by_id.values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert MOST_SHARED == 0.6


def test_every_sourced_tip_names_a_page_and_the_day_it_was_seen(library: TipLibrary) -> None:
    sources = [tip.basis for tip in library.by_id.values() if isinstance(tip.basis, Source)]
    assert len(sources) >= len(library.by_id) / 2
    for source in sources:
        assert source.url.host
        assert "." in source.url.host
        assert source.seen_on.year >= 2026
        assert source.copy_on is None or source.copy_on <= source.seen_on
