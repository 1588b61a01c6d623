"""The pattern language of the phrases, and what is said of a file that is not in order."""

from pathlib import Path

import pytest

from bot.safety.folding import fold
from bot.safety.phrasebooks import read_folder
from bot.safety.phrases import PhraseError, Reader
from bot.safety.vocabularies import Vocabulary, tokens_of

WORDS = {"want": ["want to", "wanna"], "die": ["die", "be dead"], "loop": ["a {loop}"]}
GOOD = """
turns = ["but"]
everyday = ["i"]
hidden = ["die"]
[words]
want = ["want to"]
[[rule]]
id = "wish"
about = "self"
phrases = ["i {want} die"]
[[not_when]]
id = "not"
where = "before"
rules = ["wish"]
phrases = ["never"]
[[question]]
id = "asked"
asks = ["why"]
asks_next = true
asker = ["i wonder"]
asked_about = ["people"]
unless = ["me"]
"""


def holds(phrase: str, text: str, turns: tuple[str, ...] | None = None) -> bool:
    """Whether a text holds a phrase; with turns, as an exclusion."""
    vocabulary = Vocabulary()
    read = Reader(vocabulary, WORDS, ["i", "to"], turns).read(phrase)
    vocabulary.close()
    return read.regex.search(vocabulary.write(tokens_of(fold(text)))) is not None


def write(folder: Path, text: str, name: str = "en.toml") -> Path:
    """A content folder with one phrasebook."""
    (folder / "safety").mkdir(exist_ok=True)
    (folder / "safety" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("die", "to Die!"),
        ("don't", "I DON’T"),  # noqa: RUF001
        ("self-harm", "self harm"),
        ("suicid*", "suicidal"),
        ("(a|b c) d", "b c d"),
        ("want [really|so] to", "want so to"),
        ("want [really] to", "want to"),
        ("my ... die", "my one two three die"),
        ("my ...1 die", "my die"),
        ("i {want} {die}", "i wanna be dead"),
        ("i want to die", "i want... to die"),
        ("goodbye . forever", "Goodbye. Forever"),
        ("relapsed !", "I relapsed, again"),
        ("relapsed !", "I relapsed"),
        ("! suicidal", "hi, suicidal again"),
        ("möchte", "moechte"),
        ("möchte", "mochte"),
        ("heißt", "heisst"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert holds(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("die", "diet"),
        ("want to die", "want to. Die"),
        ("my ...1 die", "my one two die"),
        ("relapsed !", "I relapsed again"),
        ("! suicidal", "so suicidal"),
        ("suicid*", "mysuicidal"),
    ],
)
def test_a_phrase_is_not_found_elsewhere(phrase: str, text: str) -> None:
    assert not holds(phrase, text)


def test_an_exclusion_stays_within_its_clause() -> None:
    assert holds("not ... die", "not going to die", ("but",))
    assert not holds("not ... die", "not now, die", ("but",))
    assert not holds("not ... die", "not happy but die", ("but",))
    assert holds("die , lol", "die, lol", ("but",))


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("[really]", "no word that must be there"),
        ("(a|b", "not closed"),
        ("a)", "too many"),
        ("(a|)", "nothing in them"),
        ("()", "nothing in them"),
        ("{nowhere}", "not under [words]"),
        ("a } b", "between curly brackets"),
        ("...0 die", "1 to 9"),
        ("su* die", "at least 3 letters"),
        ("what?", "not a word"),
        ("su*cide", "not a word"),
        ("", "no word that must be there"),
    ],
)
def test_a_phrase_that_cannot_be_read_says_why(phrase: str, why: str) -> None:
    with pytest.raises(PhraseError) as caught:
        Reader(Vocabulary(), WORDS).read(phrase)
    assert why in str(caught.value)


def test_a_list_that_is_part_of_itself_is_a_fault_and_no_loop() -> None:
    reader = Reader(Vocabulary(), WORDS)
    with pytest.raises(PhraseError):
        reader.read("x {loop}")
    assert "part of itself" in reader.faults[0]


def test_a_file_in_order_has_no_fault(tmp_path: Path) -> None:
    books, faults = read_folder(write(tmp_path, GOOD))
    assert faults == []
    assert [book.language for book in books] == ["en"]


@pytest.mark.parametrize(
    ("good", "bad", "why"),
    [
        ('about = "self"', 'about = "me"', 'en.toml, wish: about must be "self" or "other".'),
        ('where = "before"', 'where = "near"', "en.toml, not: where must be one of over, before"),
        ('rules = ["wish"]', 'rules = ["wisch"]', "en.toml, not: rules: there is no rule 'wisch'."),
        ('id = "not"', 'id = "wish"', "en.toml, wish: the id is used 2 times."),
        ('id = "wish"\n', "", "en.toml, (no id): an id is missing."),
        ('["never"]', "[]", "en.toml, not: phrases: write at least one."),
        ('["never"]', '["never", "never"]', "en.toml, not: 'never' stands there 2 times."),
        ('["never"]', '"never"', "en.toml, not: phrases must be a list of texts"),
        ("{want} die", "{wish} die", "en.toml, wish: 'i {wish} die' names the list {wish}"),
        ('["want to"]', '["want to", "(x"]', "en.toml: [words] want: '(x' has a '(' that is"),
        ("[words]", "[[words]]", "en.toml: write [words] with one bracket."),
        ("[[rule]]", "[rule]", "en.toml: write [[rule]] with two brackets."),
        ("turns", "turn", "en.toml: 'turn' is unknown; known are everyday, hidden"),
        ("where", "place", "en.toml, not: 'place' is unknown"),
        ("[[question]]", "[question]", "en.toml: write [[question]] with two brackets."),
        ('id = "asked"', 'id = "not"', "en.toml, not: the id is used 2 times."),
        ("asks_next = true", "asks_next = 1", "en.toml, asked: asks_next must be true or false"),
        ("asks =", "ask =", "en.toml, asked: 'ask' is unknown; known are asked_about, asker, asks"),
        ('["people"]', "[]", "en.toml, asked: asked_about: write at least one."),
        ('["i wonder"]', '["(i"]', "en.toml, asked: '(i' has a '(' that is not closed."),
        ("[words]", "[words", "en.toml: not readable as TOML"),
    ],
)
def test_each_fault_is_told_with_its_place(tmp_path: Path, good: str, bad: str, why: str) -> None:
    faults = read_folder(write(tmp_path, GOOD.replace(good, bad)))[1]
    assert any(fault.startswith(why) for fault in faults), faults


def test_a_file_without_a_rule_and_an_empty_folder_are_faults(tmp_path: Path) -> None:
    assert "no phrases are there" in read_folder(tmp_path)[1][0]
    assert "en.toml: has no rule; add a [[rule]]." in read_folder(write(tmp_path, ""))[1]


def test_a_broken_phrase_leaves_the_others(tmp_path: Path) -> None:
    text = GOOD.replace('["i {want} die"]', '["i {want} die", "(broken"]')
    books, faults = read_folder(write(tmp_path, text))
    assert len(books[0].rules[0].phrases) == 1
    assert len(faults) == 1
