"""Reads the phrases of one language from ``data/safety/<language>.toml``.

A fault in one phrase loses that phrase alone: the others still find somebody who needs help.
Every fault comes back as a sentence, for the log at run time and for ``bot check``.
"""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.safety.phrases import Phrase, PhraseError, Reader
from bot.safety.vocabularies import Vocabulary

About = Literal["self", "other"]
Where = Literal["over", "before", "after", "clause", "sentence"]
"""Where an exclusion must stand to cancel a match: it shares a word with the match, reaches its
beginning, reaches its end, or stands anywhere in the clause or the sentence of the match."""

_ABOUTS: Mapping[str, About] = {"self": "self", "other": "other"}
_PLACES: Mapping[str, Where] = {
    "over": "over",
    "before": "before",
    "after": "after",
    "clause": "clause",
    "sentence": "sentence",
}

FOLDER = "safety"
NOT_BOOKS = frozenset({"messaging"})
"""Files of the folder that are no phrasebooks."""

LENDER = "en"
"""The language that people mix into every other one."""

SHARED = "shared"
"""The file whose exclusions hold for every language."""

_FILE_KEYS = frozenset({"turns", "everyday", "hidden", "words", "rule", "not_when", "question"})
_RULE_KEYS = frozenset({"id", "about", "phrases"})
_EXCLUSION_KEYS = frozenset({"id", "where", "about", "rules", "phrases", "unless"})
_QUESTION_KEYS = frozenset({"id", "asks", "asks_next", "asker", "asked_about", "unless"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases that mean the same, said by somebody about themselves or about somebody else."""

    id: str
    about: About
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Phrases beside which a match is no disclosure, unless one of ``unless`` is in the text."""

    id: str
    where: Where
    about: About | None
    """Whose matches it cancels; None: both sorts."""
    rules: frozenset[str]
    """The ids of the rules that it holds for; empty: all."""
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """How people ask for information: such a sentence is no disclosure.

    It has one of ``asks``, and one of ``asked_about`` in the clause of the match. Once the writer
    as ``asker`` is taken out ("how do I explain"), nothing of ``unless`` is left in it.
    """

    id: str
    asks: tuple[Phrase, ...]
    asks_next: bool
    """Whether the sentence after it may be the one that asks."""
    asker: tuple[Phrase, ...]
    asked_about: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What is looked for in one language, or for ``SHARED`` what is harmless in all of them."""

    language: str
    turn: str
    """A pattern of the words at which a new clause begins; empty without any."""
    known: frozenset[str]
    """Every word that it has, as the vocabulary writes them."""
    hidden: tuple[str, ...]
    """Words that people hide behind stars or type with spaces."""
    rules: tuple[Rule, ...]
    exclusions: tuple[Exclusion, ...]
    questions: tuple[Question, ...]


def hidden_words(books: Iterable[Phrasebook]) -> tuple[str, ...]:
    """The words that people hide behind stars, of all languages, each once."""
    return tuple({word: None for book in books for word in book.hidden})


def read_folder(
    folder: Path, vocabulary: Vocabulary | None = None
) -> tuple[list[Phrasebook], list[str]]:
    """Every language's phrasebook under a content folder, and every fault in them. Never raises.

    The vocabulary is closed afterwards: from then on it writes texts.
    """
    vocabulary = vocabulary or Vocabulary()
    books: list[Phrasebook] = []
    faults: list[str] = []
    paths = sorted(path for path in (folder / FOLDER).glob("*.toml") if path.stem not in NOT_BOOKS)
    if not paths:
        faults.append(f"{folder / FOLDER}: no phrases are there. Restore it from the repository.")
    for path in paths:
        book, wrong = read_phrasebook(path, vocabulary)
        faults += wrong
        if book is not None:
            books.append(book)
    vocabulary.close()
    return books, faults


def read_phrasebook(path: Path, vocabulary: Vocabulary) -> tuple[Phrasebook | None, list[str]]:
    """The phrasebook, or None if the file cannot be read at all, and every fault in it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [f"{path.name}: not readable as TOML ({error})."]
    book = _Book(path.name, document, vocabulary)
    return book.read(path.stem), book.faults


class _Book:
    """One file while it is read."""

    def __init__(self, file: str, document: Mapping[str, object], vocabulary: Vocabulary) -> None:
        self._file = file
        self._document = document
        self._vocabulary = vocabulary
        self.faults: list[str] = []

    def read(self, language: str) -> Phrasebook:
        self._refuse_unknown(self._file, self._document, _FILE_KEYS)
        words = {
            name: self._texts(f"[words] {name}", texts) for name, texts in self._table().items()
        }
        turns, everyday, hidden = (
            self._texts(name, self._document.get(name, []))
            for name in ("turns", "everyday", "hidden")
        )
        across = Reader(self._vocabulary, words, everyday)
        within = Reader(self._vocabulary, words, everyday, turns)
        rules = [rule for entry in self._entries("rule") if (rule := self._rule(entry, across))]
        ids = {rule.id for rule in rules}
        exclusions = [
            exclusion
            for entry in self._entries("not_when")
            if (exclusion := self._exclusion(entry, within, ids))
        ]
        questions = [self._question(entry, within) for entry in self._entries("question")]
        for fault in dict.fromkeys(across.faults + within.faults):
            self._add(fault)
        if not rules and language != SHARED:
            self._add("has no rule; add a [[rule]]")
        named: list[Rule | Exclusion | Question] = [*rules, *exclusions, *questions]
        self._refuse_twice([entry.id for entry in named])
        return Phrasebook(
            language=language,
            turn=within.stop,
            known=frozenset(across.known | within.known),
            hidden=hidden,
            rules=tuple(rules),
            exclusions=tuple(exclusions),
            questions=tuple(questions),
        )

    def _rule(self, entry: Mapping[str, object], reader: Reader) -> Rule | None:
        where = self._where(entry, _RULE_KEYS)
        about = _ABOUTS.get(str(entry.get("about")))
        if about is None:
            self._add('about must be "self" or "other"', where)
            return None
        phrases = self._phrases(entry, "phrases", reader, where)
        return Rule(where, about, phrases)

    def _exclusion(
        self, entry: Mapping[str, object], reader: Reader, ids: Collection[str]
    ) -> Exclusion | None:
        where = self._where(entry, _EXCLUSION_KEYS)
        place = _PLACES.get(str(entry.get("where")))
        if place is None:
            self._add(f"where must be one of {', '.join(_PLACES)}", where)
            return None
        about = _ABOUTS.get(str(entry.get("about")))
        if about is None and "about" in entry:
            self._add('about must be "self" or "other", or be left out', where)
            return None
        rules = frozenset(self._texts("rules", entry.get("rules", []), where))
        for name in sorted(rules - set(ids)):
            self._add(f"rules: there is no rule {name!r}", where)
        phrases = self._phrases(entry, "phrases", reader, where)
        unless = self._phrases(entry, "unless", reader, where) if "unless" in entry else ()
        return Exclusion(where, place, about, rules, phrases, unless)

    def _question(self, entry: Mapping[str, object], reader: Reader) -> Question:
        where = self._where(entry, _QUESTION_KEYS)
        asks, asker, asked_about, unless = (
            self._phrases(entry, key, reader, where)
            for key in ("asks", "asker", "asked_about", "unless")
        )
        asks_next = entry.get("asks_next", False)
        if not isinstance(asks_next, bool):
            self._add("asks_next must be true or false, or be left out", where)
        return Question(where, asks, asks_next is True, asker, asked_about, unless)

    def _phrases(
        self, entry: Mapping[str, object], key: str, reader: Reader, where: str
    ) -> tuple[Phrase, ...]:
        phrases: list[Phrase] = []
        texts = self._texts(key, entry.get(key, []), where)
        if not texts:
            self._add(f"{key}: write at least one", where)
        for text, times in Counter(texts).items():
            try:
                phrases.append(reader.read(text))
            except PhraseError as error:
                self._add(f"{text!r} {error}", where)
            if times > 1:
                self._add(f"{text!r} stands there {times} times", where)
        return tuple(phrases)

    def _texts(self, name: str, value: object, where: str = "") -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        self._add(f'{name} must be a list of texts, such as ["one", "two"]', where)
        return ()

    def _table(self) -> Mapping[str, object]:
        table = self._document.get("words", {})
        if isinstance(table, dict):
            return table
        self._add("write [words] with one bracket")
        return {}

    def _entries(self, name: str) -> Iterator[Mapping[str, object]]:
        entries = self._document.get(name, [])
        if not isinstance(entries, list):
            self._add(f"write [[{name}]] with two brackets")
            return
        for entry in entries:
            if isinstance(entry, dict):
                yield entry
            else:
                self._add(f"write [[{name}]] with two brackets")

    def _where(self, entry: Mapping[str, object], known: frozenset[str]) -> str:
        where = str(entry.get("id") or "(no id)")
        if "id" not in entry:
            self._add("an id is missing", where)
        self._refuse_unknown(where, entry, known)
        return where

    def _refuse_unknown(
        self, where: str, table: Mapping[str, object], known: frozenset[str]
    ) -> None:
        for name in table:
            if name not in known:
                self._add(f"{name!r} is unknown; known are {', '.join(sorted(known))}", where)

    def _refuse_twice(self, ids: list[str]) -> None:
        for name, times in Counter(ids).items():
            if times > 1:
                self._add(f"the id is used {times} times", name)

    def _add(self, fault: str, where: str = "") -> None:
        place = f"{self._file}, {where}" if where and where != self._file else self._file
        self.faults.append(f"{place}: {fault}.")
