"""Words to the bot or about it: few, exact, and every fault is named with its place."""

from pathlib import Path

import pytest

from bot.check import Report, check_content
from bot.content.guides import load_guides
from bot.content.small_talk import load_small_talk
from bot.errors import ContentError
from bot.resources.search.texts import fold
from bot.settings import Settings
from tests.conftest import ROOT

DATA = ROOT / "data"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[a]\nwords = ['hi']\n", "small_talk.toml: a.answer: "),
        ("[a]\nwords = []\nanswer = 'Hello.'\n", "small_talk.toml: a.words: "),
        ("[a]\nwords = ['Hi!']\nanswer = 'Hello.'\n", "small_talk.toml: a.words.0: "),
        ("[a]\nwords = ['hi']\nanswer = 'Hello.'\nx = 1\n", "small_talk.toml: a.x: "),
        (
            "[a]\nwords = ['hi']\nanswer = 'Hello.'\n[b]\nwords = ['hi']\nanswer = 'Oh.'\n",
            "small_talk.toml: b.words: 'hi' stands there more than once.",
        ),
        ("a = 'x'\n", "small_talk.toml: a: "),
        ("[a\n", "small_talk.toml: not readable as TOML"),
    ],
)
def test_a_fault_is_named_with_file_and_place(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "small_talk.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        load_small_talk(tmp_path)

    assert any(found.startswith(fault) for found in caught.value.faults)


def test_check_names_a_file_that_is_gone_and_what_is_not_kindly_said(tmp_path: Path) -> None:
    settings = Settings(content_dir=tmp_path)
    gone, unkind = Report(), Report()
    check_content(settings, gone)
    said = "[a]\nwords = ['hi']\nanswer = 'She committed suicide. /help-now helps.'\n"
    (tmp_path / "small_talk.toml").write_text(said, encoding="utf-8")
    check_content(settings, unkind)

    assert any("small_talk.toml: not readable" in fault for fault in gone.faults)
    assert any(fault.startswith("small_talk.toml, a") for fault in unkind.faults)


def test_its_words_are_as_the_search_folds_them_and_are_no_guides_questions() -> None:
    words = load_small_talk(DATA).by_words
    asked = {fold(line) for guide in load_guides(DATA).by_id.values() for line in guide.asked}

    assert [text for text in words if fold(text) != text] == []
    assert words.keys() & asked == set()
    assert len(words) <= 50
