"""Resources as a file: out and in again is the same, and every fault is named with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.resources.exchange import MOST_BYTES, read_file, write_file
from bot.resources.rules import CommunityResource, clean, find_faults, same_words
from tests.unit.test_resources_rules import GOOD

VISIBLE = st.characters(codec="utf-8")
WORDS = st.text(VISIBLE, max_size=40)
LONG = st.text(st.one_of(VISIBLE, st.sampled_from("\n\"'\\#=[]\t")), max_size=120)
LINKS = st.sampled_from([None, "https://example.org/a?b=\"c\"&d='e'", "https://example.org/ö"])
ENTRY = """
[[resource]]
title = "Our quiet room"
summary = "A voice channel without talk."
body = "Join whenever you like; nobody speaks there."
"""


@st.composite
def resources(draw: st.DrawFn) -> CommunityResource:
    """A resource that could have been kept."""
    return clean(
        CommunityResource(
            title=f"abc{draw(WORDS)}",
            summary=f"abcdefghij{draw(WORDS)}",
            body="abcdefghijklmnopqrst" + draw(LONG),
            link=draw(LINKS),
            asked=tuple(draw(st.lists(WORDS, max_size=5))),
        )
    )


def faults_of(text: str | bytes) -> list[str]:
    """The faults of a file."""
    return read_file(text.encode() if isinstance(text, str) else text)[1]


@given(st.lists(resources(), max_size=6, unique_by=lambda found: found.title.casefold()))
def test_what_goes_out_comes_in_again_as_it_was(kept: list[CommunityResource]) -> None:
    assert [fault for item in kept for fault in find_faults(item)] == []
    read, faults = read_file(write_file(kept).encode())
    if kept:
        assert faults == []
        assert len(read) == len(kept)
        assert all(map(same_words, read, kept))
    else:
        assert [fault[:24] for fault in faults] == ["The file has no resource"]


@given(
    st.lists(resources(), min_size=1, max_size=3, unique_by=lambda found: found.title.casefold())
)
def test_a_file_that_went_through_windows_is_read_all_the_same(
    kept: list[CommunityResource],
) -> None:
    content = b"\xef\xbb\xbf" + write_file(kept).replace("\n", "\r\n").encode()
    read, faults = read_file(content)
    assert faults == []
    assert all(map(same_words, read, kept))


def test_a_file_is_written_for_people_to_change() -> None:
    body = 'First "line".\n\nSecond \\ line, with three: """'
    assert write_file([CommunityResource("Tea", "Where we have tea.", body, asked=("tea",))]) == (
        "[[resource]]\n"
        'title = "Tea"\n'
        'summary = "Where we have tea."\n'
        'body = """\n'
        'First \\"line\\".\n'
        "\n"
        'Second \\\\ line, with three: \\"\\"\\""""\n'
        'asked = [\n    "tea",\n]\n'
    )


def test_a_file_without_resources_shows_how_one_is_written() -> None:
    example = write_file([])
    (fault,) = faults_of(example)
    assert fault.startswith("The file has no resource: each one begins with a line [[resource]]")
    lines = [line.removeprefix("# ").removeprefix("#") for line in example.splitlines()[1:]]
    (read,), faults = read_file("\n".join(lines).encode())
    assert faults == []
    assert read.title == "Our quiet room"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("resource = []", "The file has no resource: each one begins with a line [[resource]]"),
        ("resource = 5", "The file has no resource: each one begins with a line [[resource]]"),
        ("[resource]\ntitle = 'x'", "Write [[resource]] with two brackets."),
        ("resource = [5]", "Resource 1: write [[resource]] with two brackets."),
        (ENTRY + "[[guide]]\n", "Only [[resource]] belongs into the file, not 'guide'."),
        (ENTRY + "links = 'x'\n", "Resource 1: links: no such field."),
        (ENTRY + "link = 5\n", "Resource 1: every field is a text in quotation marks"),
        (ENTRY + "asked = 'one'\n", "Resource 1: every field is a text in quotation marks"),
        (ENTRY + "asked = [1]\n", "Resource 1: every field is a text in quotation marks"),
        (ENTRY + "link = 'http://example.org'\n", "Resource 1: link: must be the plain address"),
        (ENTRY + "link = 'javascript:alert(1)'\n", "Resource 1: link: must be the plain address"),
        (ENTRY.replace("Our quiet room", "x"), "Resource 1: title: needs 3 visible"),
        (ENTRY.replace("Our quiet room", "x" * 81), "Resource 1: title: needs 3 visible"),
        (ENTRY.replace("title", "titel"), "Resource 1: titel: no such field."),
        (ENTRY.replace("A voice channel without talk.", ""), "Resource 1: summary: needs 10"),
        (ENTRY.replace("nobody", "nobody " * 300), "Resource 1: body: needs 20 visible"),
        (ENTRY + f"asked = ['{'x' * 121}']\n", "Resource 1: asked: takes 20 lines at most"),
        (ENTRY + f"asked = {[str(n) for n in range(21)]}\n", "Resource 1: asked: takes 20 lines"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str | bytes, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(text)), faults_of(text)


CLOSED = "something is not closed or not allowed: often a missing quotation mark."
LONG_NUMBER = "The file has a number that is too long, or brackets in too many brackets."


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"# one\ntitle = '\xff'", "Line 2 holds characters that I can't read. Save the file as"),
        ("[[resource]]".encode("utf-16"), "Line 1 holds characters that I can't read. Save the"),
        (b'[[resource]]\ntitle = "abc\nlink = ""\n', f"In line 2 {CLOSED}"),
        (b'[[resource]]\nbody = """abc\n', f"In line 2 {CLOSED}"),
        (b"[[resource]\n", f"In line 1 {CLOSED}"),
        ("title = “abc”".encode(), f"In line 1 {CLOSED}"),
        (b"title = 'a'\ntitle = 'b'\nlink = ''", "In line 2 something is named that stands above"),
        (b'{"title": "abc"}', "This looks like a JSON file, and I read TOML. /resources export"),
        (b'[{"title": "abc"}]', "This looks like a JSON file, and I read TOML. /resources export"),
        (b"", "The file is empty. /resources export gives a file that shows how one begins."),
        (b" \n", "The file is empty. /resources export gives a file that shows how one begins."),
        (b"x = " + b"9" * 5000, LONG_NUMBER),
        (b"x = " + b"[" * 5000, LONG_NUMBER),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words_with_its_line(
    content: bytes, fault: str
) -> None:
    (found,) = faults_of(content)
    assert found.startswith(fault), found


def test_a_text_without_quotation_marks_is_named_by_its_line_also_below_a_long_text() -> None:
    text = 'body = """\none\ntwo"""\ntitle = ' + "a.b." * 9
    assert faults_of(text) == [
        "In line 4 there are many dots outside of a text: often a missing quotation mark."
    ]


def test_every_fault_of_every_resource_is_told_at_once() -> None:
    bad = '[[resource]]\ntitle = "x"\nlink = "ftp://example.org"\nmood = 1\n'
    assert [fault.partition(":")[0::2] for fault in faults_of(ENTRY + bad + ENTRY + bad)] == [
        ("Resource 2", " mood: no such field."),
        ("Resource 2", " title: needs 3 visible characters at least, and 80 at most."),
        ("Resource 2", " summary: needs 10 visible characters at least, and 200 at most."),
        ("Resource 2", " body: needs 20 visible characters at least, and 2000 at most."),
        (
            "Resource 2",
            " link: must be the plain address of a public page and begin with https://.",
        ),
        ("Resource 3", " title: is the same as that of resource 1."),
        ("Resource 4", " mood: no such field."),
        ("Resource 4", " title: needs 3 visible characters at least, and 80 at most."),
        ("Resource 4", " summary: needs 10 visible characters at least, and 200 at most."),
        ("Resource 4", " body: needs 20 visible characters at least, and 2000 at most."),
        (
            "Resource 4",
            " link: must be the plain address of a public page and begin with https://.",
        ),
        ("Resource 4", " title: is the same as that of resource 2."),
    ]


def test_a_title_stands_in_a_file_once_whatever_its_case() -> None:
    (fault,) = faults_of(ENTRY + ENTRY.replace("Our quiet room", " OUR  QUIET ROOM "))
    assert fault == "Resource 2: title: is the same as that of resource 1."


def test_texts_are_cleaned_on_their_way_in() -> None:
    text = ENTRY.replace("Our quiet", "Our\u202e \u200bquiet") + "asked = [' a ', 'a', '']\n"
    (read,), faults = read_file(text.encode())
    assert faults == []
    assert (read.title, read.asked, read.link) == (GOOD.title, ("a",), None)


def test_more_resources_than_a_community_can_keep_are_one_fault() -> None:
    many = "".join(ENTRY.replace("room", f"room {number}") for number in range(301))
    assert faults_of(many) == ["The file has 301 resources; a community can keep 300."]
    assert faults_of(many.replace("room 300", "room 0").removeprefix(ENTRY)) != []


FULL = MOST_BYTES - 20


@pytest.mark.parametrize(
    "content",
    [
        b"a." * (FULL // 2) + b"a = 1",
        b"[" + b"a." * (FULL // 2) + b"a]",
        b"x = {" + b"a." * (FULL // 2) + b"a = 1}",
        b'x = """a""""\n' + b"a . " * (FULL // 4) + b"a = 1",
        b"x = 'a\\'\n" + b'"a"."b".' * (FULL // 8) + b"a = 1",
        b"# '''\n" + b"''." * (FULL // 3) + b"a = 1",
    ],
    ids=["key", "table", "inline", "after a text", "quoted", "after a comment"],
)
def test_a_key_of_a_hundred_thousand_parts_is_refused_before_it_costs_gigabytes(
    content: bytes,
) -> None:
    (fault,) = faults_of(content)
    assert "there are many dots outside of a text" in fault


@pytest.mark.parametrize(
    "content",
    [
        b'x = "' + b'\\"' * (FULL // 2),
        b'x = """' + b'\\"' * (FULL // 2),
        b"x = " + b"{a=" * (FULL // 3),
        b"[[resource]]\n" * (FULL // 13),
        b"x = " + b"1" * FULL,
    ],
    ids=["escapes", "long escapes", "nested", "many", "digits"],
)
def test_the_largest_file_made_to_be_slow_is_answered(content: bytes) -> None:
    assert faults_of(content)


def test_dots_in_texts_and_comments_are_nobodys_keys() -> None:
    dots = "a.b.c.d.e.f.g.h.i.j.k " * 5
    entry: dict[str, Any] = {
        "title": '"Dots . . . . . . . . . . . ."',
        "summary": f"'{dots}'",
        "body": f'"""\n{dots}\n{dots}"""',
        "asked": f"['{dots}'] # {dots}",
    }
    text = "[[resource]]\n" + "\n".join(f"{name} = {value}" for name, value in entry.items())
    assert faults_of(text) == []
