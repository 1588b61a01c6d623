"""Fits the word table to the model's vectors, and the guides' heads to both."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from bot.resources.search.texts import words_of
from bot.resources.search.vectors import WordTable
from tools.search_training_text import NONE, TOLD, Sample

SEED = 20261122
ROUNDS, BATCH, RATE, DROPPED = 12, 256, 4e-3, 0.2
"""Of the fit: rounds over all texts, texts at once, step length, share of words left out."""
RATE_OF_HEADS = 2e-3
SHARPNESS, HEAD_SHARE, MODEL_SHARE = 16.0, 0.03, 0.5
"""How a direction becomes a chance of a guide; what telling guides apart counts in the fit, and
in it what the model's own vectors count beside the table's."""
SMOOTHING = 0.05
"""How sure the heads shall not become."""
SHRINKING = 1e-5
"""What long heads cost."""
AS_SEEN = ((1.0, 0.0), (0.7, 0.15), (0.5, 0.3))
"""What a text counts for the heads when so many of its words are left out."""
WEIGHTS = {"asked": 3.0, "phrasing": 3.0, "none": 3.0, "made": 0.6}

Array = Any
"""Arrays and tensors; torch has no place in the environment that is type-checked."""


class Table:
    """The words' vectors while they are fitted."""

    def __init__(self, words: Sequence[str], rows: Array) -> None:
        self.words = list(words)
        self.numbers = {word: number for number, word in enumerate(words)}
        self.rows = torch.nn.Parameter(torch.tensor(rows, dtype=torch.float32))

    def numbers_of(self, text: str) -> list[int]:
        """The rows of a text's words."""
        return [self.numbers[word] for word in words_of(text) if word in self.numbers]

    def sum(self, texts: Sequence[Sequence[int]], dropped: float) -> Array:
        """The directions of texts, some of their words left out by chance."""
        flat = torch.tensor([number for text in texts for number in text])
        lengths = torch.tensor([len(text) for text in texts])
        owner = torch.repeat_interleave(torch.arange(len(texts)), lengths)
        kept = (torch.rand(len(flat)) >= dropped).float() + 1e-3
        rows = torch.nn.functional.embedding(flat, self.rows, sparse=True) * kept[:, None]
        total = torch.zeros(len(texts), rows.shape[1]).index_add(0, owner, rows)
        return total / (total.norm(dim=1, keepdim=True) + 1e-6)


def start_table(words: Sequence[str], samples: Sequence[Sample], in_isolation: Array) -> Table:
    """Each word where the model puts it alone, common ones shorter."""
    counts = Counter(word for sample in samples for word in words_of(sample.text))
    share = np.array([max(counts[word], 1) for word in words]) / sum(counts.values())
    return Table(words, in_isolation * (1e-3 / (1e-3 + share))[:, None])


def keep_table(table: WordTable) -> Table:
    """The table that is there."""
    return Table(table.words, table.rows * table.scales[:, None])


class Heads:
    """A direction and an offset for each guide, and for what none answers, while fitted."""

    def __init__(self, ids: Sequence[str], samples: Sequence[Sample], targets: Array) -> None:
        self.ids = [*ids, NONE]
        self.numbers = {guide: number for number, guide in enumerate(self.ids)}
        start = np.zeros((len(self.ids), targets.shape[1]), np.float32)
        for sample, vector in zip(samples, targets, strict=True):
            if (number := self.number_of(sample)) >= 0:
                start[number] += vector
        start /= np.linalg.norm(start, axis=1, keepdims=True)
        self.directions = torch.nn.Parameter(torch.tensor(start))
        self.offsets = torch.nn.Parameter(torch.zeros(len(self.ids)))

    def number_of(self, sample: Sample) -> int:
        """The head that a text belongs to, or -1."""
        return self.numbers.get(sample.guide, -1) if sample.kind in TOLD else -1

    def find_loss(self, texts: Array, right: Array) -> Array:
        """How badly texts are told apart."""
        scores = SHARPNESS * texts @ self.directions.T + self.offsets
        return torch.nn.functional.cross_entropy(
            scores, right, label_smoothing=SMOOTHING, reduction="none"
        )


def fit(table: Table, heads: Heads, samples: Sequence[Sample], targets: Array) -> None:
    """Turn the sums of words towards the model's vectors, and towards their guides."""
    texts = [table.numbers_of(sample.text) for sample in samples]
    labels = torch.tensor([heads.number_of(sample) for sample in samples])
    weights = torch.tensor([WEIGHTS.get(sample.kind, 1.0) for sample in samples])
    goals = torch.tensor(targets, dtype=torch.float32)
    for_rows = torch.optim.SparseAdam([table.rows], lr=RATE)
    for_heads = torch.optim.Adam([heads.directions, heads.offsets], lr=RATE_OF_HEADS)
    used = np.array([number for number, text in enumerate(texts) if text])
    order = np.random.default_rng(SEED)
    for turn in range(ROUNDS):
        for_rows.param_groups[0]["lr"] = RATE * (1 - turn / ROUNDS) + 1e-4
        shuffled = order.permutation(used)
        for start in range(0, len(shuffled), BATCH):
            batch = shuffled[start : start + BATCH]
            found = table.sum([texts[number] for number in batch], DROPPED)
            goal, told = goals[batch], labels[batch] >= 0
            loss = (weights[batch] * (1 - (found * goal).sum(1))).mean()
            if bool(told.any()) and turn > 0:
                right = labels[batch][told]
                apart = heads.find_loss(found[told], right).mean()
                by_model = heads.find_loss(goal[told], right).mean()
                loss = loss + HEAD_SHARE * (apart + MODEL_SHARE * by_model)
            for_rows.zero_grad()
            for_heads.zero_grad()
            loss.backward()
            for_rows.step()
            for_heads.step()


def finish(table: Table, heads: Heads, samples: Sequence[Sample], targets: Array) -> None:
    """Fit the heads alone until nothing more is to be gained, the table as it now is.

    Each text counts as the model reads it, and as the table does with all or some of its words.
    """
    told = [number for number, sample in enumerate(samples) if heads.number_of(sample) >= 0]
    texts = [table.numbers_of(samples[number].text) for number in told]
    right = torch.tensor([heads.number_of(samples[number]) for number in told])
    weights = torch.tensor([0.5 if samples[number].kind == "made" else 1.0 for number in told])
    with torch.no_grad():
        seen = [(0.5, torch.tensor(targets[told], dtype=torch.float32))]
        seen += [(share, table.sum(texts, dropped)) for share, dropped in AS_SEEN]
    vectors = torch.cat([vector for _, vector in seen])
    weights = torch.cat([share * weights for share, _ in seen])
    labels = right.repeat(len(seen))
    step = torch.optim.LBFGS(
        [heads.directions, heads.offsets], max_iter=150, line_search_fn="strong_wolfe"
    )

    def find_loss() -> Array:
        step.zero_grad()
        loss = (heads.find_loss(vectors, labels) * weights).sum() / weights.sum()
        loss = loss + SHRINKING * ((SHARPNESS * heads.directions) ** 2).sum()
        loss.backward()
        return loss

    step.step(find_loss)
