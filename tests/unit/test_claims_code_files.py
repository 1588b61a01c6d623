"""Files of codes: read strictly, told about in counts and line numbers, never in codes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.code_files import MOST_BYTES, read_codes
from bot.errors import RefusalError

CODES = ["AAAA-1111", "BBBB-2222", "CCCC-3333"]
PLAIN = st.text(st.sampled_from("ABCDEFGHJKMNPQRSTUVWXYZ23456789-"), min_size=4, max_size=40)


def found(content: bytes) -> list[tuple[int, str | None]]:
    return [(line.number, line.code) for line in read_codes(content)]


def refusal(content: bytes, *, suspects_heading: bool = False) -> str:
    with pytest.raises(RefusalError) as caught:
        read_codes(content, suspects_heading=suspects_heading)
    assert "AAAA" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"AAAA-1111\nBBBB-2222\nCCCC-3333",
        b"AAAA-1111\r\nBBBB-2222\r\nCCCC-3333\r\n",
        b"AAAA-1111\rBBBB-2222\rCCCC-3333\r",
        b"\xef\xbb\xbfAAAA-1111\nBBBB-2222\nCCCC-3333\n",
        b'"AAAA-1111"\n"BBBB-2222"\nCCCC-3333\n',
        b"AAAA-1111,\nBBBB-2222,\n CCCC-3333 ,\n",
        b"AAAA-1111;\nBBBB-2222;\nCCCC-3333;\n",
    ],
)
def test_attack_19_marks_line_ends_and_quotes_of_every_system_are_read(content: bytes) -> None:
    assert found(content) == list(enumerate(CODES, start=1))


def test_attack_19_blank_lines_are_dropped_and_the_numbers_stay_those_of_the_file() -> None:
    content = b"\n  \nAAAA-1111\n\t\n,,\n\nBBBB-2222\n\n"
    assert found(content) == [(3, "AAAA-1111"), (7, "BBBB-2222")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_column_named_code_is_found(delimiter: str) -> None:
    rows = ["number,Code,note", "1,AAAA-1111,x", "2,BBBB-2222,", "3,CCCC-3333,", "4"]
    content = "\n".join(rows).replace(",", delimiter).encode()
    assert found(content) == [(2, CODES[0]), (3, CODES[1]), (4, CODES[2]), (5, None)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("AAAA-1111\nBBBB".encode("utf-16"), "line 1 is UTF-16"),
        ("AAAA-1111\nBBBB".encode("utf-16-be"), "line 1 has a NUL byte"),
        (b"AAAA-1111\r\nAA\0AA\n", "line 2 has a NUL byte"),
        ("AAAA-1111\nAAAA-2222\nAAAAß".encode("cp1252"), "line 3 is not UTF-8"),
        (b"AAAA-1111\n\xff\n", "line 2 is not UTF-8"),
        (b"AAAA-1111\n\xc0\xaf\n", "line 2 is not UTF-8"),
        (b"AAAA-1111\n\xed\xa0\x80\n", "line 2 is not UTF-8"),
        (b'AAAA-1111\n"AAAA\n1111"\n', "line 2 has a cell over several lines"),
        (b'AAAA-1111\n"AAAA"1111\n', "line 2 has a cell over several lines"),
        (b"", "there is no code in it"),
        (b"\n\n \n", "there is no code in it"),
        (b"code\n", "there is no code in it"),
        (b"A" * (MOST_BYTES + 1), "more than 10 MB"),
    ],
)
def test_attack_19_a_doubtful_file_is_refused_as_a_whole_with_the_line(
    content: bytes, words: str
) -> None:
    assert words in refusal(content)


def test_attack_19_a_file_of_ten_megabytes_is_read() -> None:
    line = b"A" * 199 + b"\n"
    assert len(found(line * (MOST_BYTES // len(line)))) == MOST_BYTES // len(line)


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b"Voucher\nAAAA-1111\n", 1),
        (b"\n\nVoucher;\nAAAA-1111;\nAAAA-2222;\n", 3),
        (b'"Access code"\r\n"AAAA-1111"\r\n', 1),
    ],
)
def test_a_first_line_that_alone_has_no_digit_is_told_with_what_to_do(
    content: bytes, number: int
) -> None:
    told = refusal(content, suspects_heading=True)
    assert f"line {number} alone has no digit" in told
    assert "put a line above it that says code" in told
    assert "Voucher" not in told
    assert "Access" not in told
    assert found(content)[0][0] == number


@pytest.mark.parametrize(
    "content",
    [
        b"AAAA\n",
        b"AAAA\nBBBB\n",
        b"AAAA\nBBBB-2222\nCCCC\n",
        b"AAAA-1111\nBBBB\n",
        b"AAAA\nBBBB-2222,CCCC-3333\n",
    ],
)
def test_a_first_line_that_is_like_another_one_is_no_heading(content: bytes) -> None:
    assert read_codes(content, suspects_heading=True) == read_codes(content)


@given(codes=st.lists(PLAIN, min_size=1))
def test_below_a_heading_whatever_looks_like_a_heading_is_read(codes: list[str]) -> None:
    content = "\n".join(["Code", *codes]).encode()
    assert [line.code for line in read_codes(content, suspects_heading=True)] == codes


@pytest.mark.parametrize("cell", ["A" * 201, "A" * 200_000, "AAAA,BBBB", '"AAAA","BBBB"'])
def test_a_line_that_is_not_one_code_is_kept_as_malformed(cell: str) -> None:
    assert found(f"AAAA-1111,\n{cell}\n".encode())[1] == (2, None)


def test_line_separators_of_unicode_end_no_line() -> None:
    assert len(found("AAAA\u2028BBBB\x0bCCCC\x85DDDD\n".encode())) == 1


def test_what_was_read_shows_no_code_of_itself() -> None:
    assert "AAAA" not in repr(read_codes(b"AAAA-1111\n"))


@given(codes=st.lists(PLAIN, min_size=1), end=st.sampled_from(["\n", "\r\n"]), mark=st.booleans())
def test_whatever_a_spreadsheet_writes_is_read_back(
    codes: list[str], end: str, *, mark: bool
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([code] for code in codes)
    content = text.getvalue().encode("utf-8-sig" if mark else "utf-8")
    assert found(content) == list(enumerate(codes, start=1))


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    told = ""
    try:
        assert read_codes(content)
    except RefusalError as error:
        told = str(error)
    assert told == "" or told.startswith("The file was not taken, and nothing was changed: ")
