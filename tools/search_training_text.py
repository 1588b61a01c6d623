"""The texts that the search's table is fitted to: all of them the project's own.

They are the guides, tips, myths and documents, and ``tools/search_phrasings/*.txt``: lines for
each guide under its id, ``[none]`` for what no guide answers, with ``{this|or that}`` in them.
What stands in ``tests/corpora`` is left out should a line
happen to say the same.
"""

import csv
import itertools
import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.guides import load_guides
from bot.resources.documents import Document, of_guide
from bot.resources.search.lines import asked_of, passages_of
from bot.resources.search.texts import words_of

ROOT = Path(__file__).parents[1]
NONE, OTHER = "none", "other"
TOLD = frozenset({"asked", "phrasing", "summary", "none", "made"})
"""Kinds of texts that say which guide they belong to, if they belong to one."""
LEAST, MOST = 15, 250
"""Characters of a sentence of the prose."""
AS_SLANG = 0.7
MOST_OF_A_LINE = 12
"""Sentences made of one line with alternatives; more only where a list of them is longer."""

_CHOICE = re.compile(r"(\{[^{}]*\})")
_SENTENCE = re.compile(r"\n+|(?<=[.!?])\s+")
_MARKS = re.compile(r"[`*|#>\[\]()_]")

# What people type for what they mean: the table learns to read the left as the right.
SLANG = {
    "idk": "i don't know", "rn": "right now", "bf": "boyfriend", "gf": "girlfriend",
    "tmrw": "tomorrow", "bc": "because", "cuz": "because", "ppl": "people", "u": "you",
    "ur": "your", "r": "are", "wanna": "want to", "gonna": "going to", "smth": "something",
    "sb": "somebody", "mh": "mental health", "bday": "birthday", "w": "with", "yt": "youtube",
    "ig": "instagram", "vid": "video", "vids": "videos", "msg": "message", "msgs": "messages",
    "tbh": "to be honest", "ngl": "not going to lie", "thx": "thanks", "pls": "please",
    "dr": "doctor", "kms": "kill myself", "kys": "kill yourself", "sh": "self-harm",
    "unalive": "kill", "sui": "suicide", "mum": "mother", "mom": "mother", "dad": "father",
    "hubby": "husband", "bestie": "best friend", "bff": "best friend", "hw": "homework",
    "uni": "university", "meds": "medication", "psych": "psychologist", "shrink": "psychiatrist",
    "antidep": "antidepressants", "fyp": "feed", "subs": "subscribers", "dm": "message",
    "irl": "in real life", "lowkey": "somewhat", "kinda": "kind of", "sad af": "very sad",
    "gotta": "have to", "lemme": "let me", "dunno": "don't know", "cos": "because",
    "diff": "difference", "bro": "friend", "mate": "friend", "sis": "sister", "prob": "problem",
    "probs": "problems", "addy": "address", "acc": "account", "ed": "eating disorder",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, what it is, and the guide it belongs to (or NONE, or "" for neither)."""

    text: str
    kind: str
    guide: str = ""


def documents() -> list[Document]:
    """The guides as the search sees them."""
    return [of_guide(guide) for guide in load_guides(ROOT / "data").by_id.values()]


def expand(line: str, chance: random.Random) -> list[str]:
    """Sentences of a line; each alternative is in one of them where that is possible."""
    parts = [p[1:-1].split("|") if p[:1] == "{" else [p] for p in _CHOICE.split(line)]
    longest = max(len(part) for part in parts)
    count = 1
    for part in parts:
        count *= len(part)
    if count <= MOST_OF_A_LINE:
        picks = [list(pick) for pick in itertools.product(*parts)]
    else:
        orders = [chance.sample(part, len(part)) for part in parts]
        picks = [[o[n % len(o)] for o in orders] for n in range(max(longest, MOST_OF_A_LINE))]
        for pick in picks:  # lists of the same length must not always go side by side
            free = [n for n, part in enumerate(parts) if 1 < len(part) < longest]
            for n in free:
                pick[n] = chance.choice(parts[n])
    return sorted({" ".join("".join(pick).split()).strip(" ,") for pick in picks})


def held_back() -> set[tuple[str, ...]]:
    """The words of every question that the search is measured with."""
    found: set[tuple[str, ...]] = set()
    for name in ("questions.csv", "off_topic.csv", "other_languages.csv"):
        with (ROOT / "tests" / "corpora" / name).open(encoding="utf-8", newline="") as file:
            found |= {tuple(words_of(row["question"])) for row in csv.DictReader(file)}
    return found


def phrasings(chance: random.Random) -> Iterator[Sample]:
    """Every sentence of ``search_phrasings`` that is not held back for measuring."""
    measured = held_back()
    for path in sorted((ROOT / "tools" / "search_phrasings").glob("*.txt")):
        guide = OTHER
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                guide = line.strip("[] ")
            elif line.strip() and not line.startswith("#"):
                for text in expand(line, chance):
                    if tuple(words_of(text)) in measured:
                        continue
                    if guide == OTHER:
                        yield Sample(text, "prose")
                    else:
                        yield Sample(text, "none" if guide == NONE else "phrasing", guide)


def guide_samples(guides: Sequence[Document]) -> Iterator[Sample]:
    """What the guides say and how they are asked for."""
    for guide in guides:
        yield from (Sample(line, "asked", guide.id) for line in asked_of(guide))
        yield Sample(passages_of(guide)[0], "summary", guide.id)
        yield from (Sample(line, "passage", guide.id) for line in passages_of(guide)[1:])
        for sentence in _SENTENCE.split(guide.body):
            if len(plain := _MARKS.sub("", sentence).strip(" -")) > LEAST:
                yield Sample(plain, "prose", guide.id)


def prose() -> Iterator[Sample]:
    """Sentences of the tips, myths and documents."""
    yield from content_prose()
    paths = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
    yield from _sentences(
        path.read_text(encoding="utf-8")
        for path in paths
        if path.name != "search.md"  # it is written from what comes out of this
    )


def content_prose() -> Iterator[Sample]:
    """Sentences of the tips and myths."""
    texts: list[str] = []
    for path in sorted([*ROOT.glob("data/tips/*.toml"), *ROOT.glob("data/myths/*.toml")]):
        for entries in tomllib.loads(path.read_text(encoding="utf-8")).values():
            texts += [text for entry in entries for text in entry.values() if type(text) is str]
    yield from _sentences(texts)


def _sentences(texts: Iterable[str]) -> Iterator[Sample]:
    for text in texts:
        for sentence in _SENTENCE.split(text):
            plain = " ".join(_MARKS.sub(" ", sentence).split())
            if " " in plain and LEAST < len(plain) < MOST:
                yield Sample(plain, "prose")


def in_full(text: str) -> str:
    """A sentence with its slang written out, as the model shall read it."""
    return " ".join(SLANG.get(word.lower(), word) for word in text.split())


def in_slang(text: str, chance: random.Random) -> str:
    """A sentence with some of its words as slang."""
    for short, long in chance.sample(sorted(SLANG.items()), len(SLANG)):
        if chance.random() < AS_SLANG:
            text = re.sub(rf"\b{re.escape(long)}\b", short, text)
    return text
