"""Lines made of the safety net's own phrases, so that the classifier knows all of them too."""

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.safety.phrasebooks import FOLDER
from bot.safety.screening import Screen
from tools.safety_lines import Line

OF_EACH = 3
"""At most so many lines are made of each phrase."""
SEED = 10
OFTEN = 0.3
"""How often a word is there that may be there."""

_LEXEME = re.compile(r"\{[\w-]+\}|\.{3}\d?|[()\[\]|,!]|[^\s()\[\]|,!{}]+")
_ORDERS: Mapping[str, Callable[[str, str], Sequence[str]]] = {
    "over": lambda words, _told: [words],
    "before": lambda words, told: [words, told],
    "after": lambda words, told: [told, words],
    "clause": lambda words, told: [told, words],
    "sentence": lambda words, told: [words, told],
}
"""Where the words of an exclusion stand beside what they cancel."""
_SILENT = frozenset({"!", "."})


def phrase_lines(folder: Path, screen: Screen) -> Iterator[Line]:
    """Lines of every phrase and every exclusion in a content folder, as ``screen`` takes them."""
    chance = random.Random(SEED)  # noqa: S311 (seeded so that it repeats)
    for path in sorted((folder / FOLDER).glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        maker = _Maker(content.get("words", {}), chance)
        said: dict[str, list[str]] = {}
        for rule in content.get("rule", ()):
            for text in _make(maker, rule["phrases"]):
                if (finding := screen.screen(text)) is not None:
                    said.setdefault(rule["id"], []).append(text)
                    yield Line(path.stem, finding.about, text)
        for exclusion in content.get("not_when", ()):
            rules = exclusion.get("rules") or list(said)
            told = [text for rule in rules for text in said.get(rule, ())]
            order = _ORDERS[exclusion["where"]]
            for words in _make(maker, exclusion["phrases"]):
                beside = chance.sample(told, min(OF_EACH, len(told)))
                for text in sorted({" ".join(order(words, one)) for one in beside}):
                    if screen.screen(text) is None:
                        yield Line(path.stem, "everyday", text)


def _make(maker: "_Maker", phrases: Sequence[str]) -> Iterator[str]:
    for phrase in phrases:
        made = {" ".join(maker.say(phrase)) for _ in range(OF_EACH)}
        yield from sorted(made)


class _Maker:
    """Says a phrase, choosing among what it leaves open."""

    def __init__(self, words: Mapping[str, Sequence[str]], chance: random.Random) -> None:
        self._words = words
        self._chance = chance

    def say(self, phrase: str) -> list[str]:
        return self._say_all(_LEXEME.findall(phrase)[::-1])

    def _say_all(self, lexemes: list[str]) -> list[str]:
        alternatives: list[list[Any]] = [[]]
        while lexemes and lexemes[-1] not in {")", "]"}:
            lexeme = lexemes.pop()
            if lexeme == "|":
                alternatives.append([])
            elif lexeme in {"(", "["}:
                said = self._say_all(lexemes)
                lexemes.pop()
                is_said = lexeme == "(" or self._chance.random() < OFTEN
                alternatives[-1] += said if is_said else []
            elif lexeme[0] == "{":
                alternatives[-1] += self.say(self._chance.choice(self._words[lexeme[1:-1]]))
            elif lexeme not in _SILENT and not lexeme.startswith("..."):
                alternatives[-1].append(lexeme.removesuffix("*"))
        return self._chance.choice(alternatives)
