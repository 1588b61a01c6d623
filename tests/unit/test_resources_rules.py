"""A community's own resource: what is cleaned, what is refused, where a link may lead."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import host_of, is_link
from bot.resources import rules
from bot.resources.rules import CommunityResource, Fault, clean, find_faults

GOOD = CommunityResource(
    "Our quiet room",
    "A voice channel without talk.",
    "Join whenever you like; nobody speaks there.",
    "https://example.org/quiet",
    ("where is it quiet", "body doubling"),
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def changed(**changes: object) -> CommunityResource:
    """The good one with other fields, cleaned."""
    values = {name: getattr(GOOD, name) for name in ("title", "summary", "body", "link", "asked")}
    return clean(CommunityResource(**{**values, **changes}))


def cleaned_link(text: str) -> str | None:
    """A link as it is kept."""
    return changed(link=text).link


def test_a_good_resource_stays_as_it_is() -> None:
    assert clean(GOOD) == GOOD
    assert find_faults(GOOD) == []


def test_everything_that_is_wrong_is_told_at_once() -> None:
    bad = CommunityResource("T", " ", "too short", "ftp://example.org", ("x" * 121,))
    assert find_faults(clean(bad)) == list(Fault)


def test_a_resource_needs_neither_a_link_nor_ways_to_ask() -> None:
    assert find_faults(changed(link=None, asked=())) == []
    assert changed(link=" \u200b ").link is None
    assert changed(asked=["", "  ", "\u3164"]).asked == ()


@pytest.mark.parametrize("blank", ["\u200b\u200b\u200b", "\u3164 \u2800 \uffa0", "\n\t ", "\u202e"])
def test_blank_letters_do_not_count_as_a_title(blank: str) -> None:
    assert Fault.TITLE in find_faults(changed(title=blank))


@pytest.mark.parametrize(
    ("field", "most", "fault"),
    [
        ("title", 80, Fault.TITLE),
        ("summary", 200, Fault.SUMMARY),
        ("body", 2000, Fault.BODY),
    ],
)
def test_a_text_is_never_cut_but_refused_when_it_is_too_long(
    field: str, most: int, fault: Fault
) -> None:
    fits, too_long = changed(**{field: "a" * most}), changed(**{field: "a" * (most + 1)})
    assert find_faults(fits) == []
    assert find_faults(too_long) == [fault]
    assert len(getattr(too_long, field)) == most + 1


def test_as_many_ways_to_ask_as_allowed_fit_into_the_form() -> None:
    lines = [f"{number:02}" + "a" * 118 for number in range(20)]
    full = changed(asked=lines)
    assert find_faults(full) == []
    assert len("\n".join(full.asked)) <= rules.ASKED_LENGTH <= 4000
    assert find_faults(changed(asked=[*lines, "one more"])) == [Fault.ASKED]
    assert find_faults(changed(asked=["a" * 121])) == [Fault.ASKED]


def test_a_way_to_ask_stands_there_once() -> None:
    assert changed(asked=["same", " same ", "other", "same"]).asked == ("same", "other")


def test_marks_that_turn_the_direction_of_a_line_are_taken_out() -> None:
    assert changed(title="safe\u202egnp.exe").title == "safegnp.exe"
    assert changed(body="one line here\u202e and\r\n\r\n\r\n\r\nanother").body == (
        "one line here and\n\nanother"
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org",
        "https://example.org/",
        "https://example.org:443/a",
        "https://sub.example.co.uk/path?query=1&more=2#part",
        "https://xn--bcher-kva.example/",
        "https://example.org/wiki/Angstst%C3%B6rung",
        "https://example.org/@someone/12",
    ],
)
def test_a_plain_address_is_kept_as_it_is(link: str) -> None:
    assert is_link(link)
    assert cleaned_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://example.org",
        "data:text/html,x",
        "http://example.org",
        "ftp://example.org",
        "discord://example.org",
        "//example.org",
        "example.org",
        "https:example.org",
        "https:/example.org",
        "https:///example.org",
        "https://",
        "https://user:password@example.org",
        "https://user@example.org",
        "https://@example.org",
        "https://example.org%40elsewhere.org",
        "https://example.org\\@elsewhere.org",
        "https://example.org:8443/",
        "https://example.org:port/",
        "https://localhost/",
        "https://192.168.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://example.org./",
        "https://.example.org/",
        "https://-example.org/",
        "https://exa mple.org/",
        "https://exam_ple.org/",
        "https://\u0430pple.com/",
        "https://example\u3002com/",
        "https://ex\u00adample.org\uff0f@elsewhere.org/",
        "https://b\u00fccher.example/",
        "https://example.org/" + "a" * 500,
        "https://" + "a" * 64 + ".org/",
    ],
)
def test_any_other_address_is_refused_before_and_after_cleaning(link: str) -> None:
    assert not is_link(link)
    assert find_faults(changed(link=link)) == [Fault.LINK]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTPS://example.org/A", "https://example.org/A"),
        ("  https://example.org/a  ", "https://example.org/a"),
        ("https://example.org/a\u200bb", "https://example.org/ab"),
        ("https://example.org/Angstst\u00f6rung", "https://example.org/Angstst%C3%B6rung"),
        ("https://example.org/two words", "https://example.org/two%20words"),
        ('https://example.org/<a>|"`^', "https://example.org/%3Ca%3E%7C%22%60%5E"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
    ],
)
def test_an_address_is_kept_as_browsers_send_it(typed: str, kept: str) -> None:
    assert cleaned_link(typed) == kept
    assert is_link(kept)


@pytest.mark.parametrize("typed", ["not a link", "HTTPS://örtlich/ein Weg", "http://example.org/ö"])
def test_what_is_no_address_stays_as_it_was_typed(typed: str) -> None:
    assert cleaned_link(typed) == typed
    assert find_faults(changed(link=typed)) == [Fault.LINK]


def test_a_link_that_only_fits_as_it_was_typed_is_refused_and_not_lengthened() -> None:
    typed = "https://example.org/" + "\u7761" * 200
    assert cleaned_link(typed) == typed
    assert find_faults(changed(link=typed)) == [Fault.LINK]


def test_the_host_that_a_button_names_is_where_the_link_leads() -> None:
    assert host_of("https://Example.ORG:443/elsewhere.org") == "example.org"
    assert host_of("https://nobody@example.org") is None


@given(TEXTS)
def test_no_text_breaks_the_look_at_a_link(text: str) -> None:
    kept = cleaned_link(text)
    if kept is not None and is_link(kept):
        assert kept.isascii()
        assert kept.isprintable()
        assert kept.startswith("https://")


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=25))
def test_cleaning_twice_changes_nothing(
    title: str, summary: str, body: str, link: str, asked: list[str]
) -> None:
    once = clean(CommunityResource(title, summary, body, link, tuple(asked), row_id=5))
    assert clean(once) == once
    assert once.row_id == 5


@pytest.mark.parametrize(
    ("document_id", "row_id"),
    [
        ("community-1", 1),
        ("community-" + "9" * 18, int("9" * 18)),
        ("community-" + "9" * 19, None),
        ("community-", None),
        ("community--1", None),
        ("community-1 ", None),
        ("community-\u00b2", None),
        ("community-\u0661", None),
        ("sleep", None),
    ],
)
def test_only_a_communitys_own_id_names_a_row(document_id: str, row_id: int | None) -> None:
    assert rules.row_id_of(document_id) == row_id


def test_titles_are_the_same_whatever_their_case_and_rows_do_not_matter() -> None:
    own = [replace(GOOD, row_id=4, title="Stra\u00dfe"), replace(GOOD, row_id=5)]
    assert rules.match_title(own, "STRASSE") == own[0]
    assert rules.match_title(own, "Our quiet rooms") is None
    assert rules.same_words(own[1], GOOD)
    assert not rules.same_words(own[0], GOOD)
