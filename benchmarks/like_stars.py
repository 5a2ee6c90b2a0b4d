"""Are the stars that a network calls alike of one class? Neighbours of stars that it never saw.

    python benchmarks/like_stars.py LIGHTCURVES_DIR [--cache DIR] [--model NAME] [-n STARS]

The table is of whole light curves of ASAS-3 and Catalina in fold 0, which the bundle ``folds`` did not learn from;
every one of them asks for its ten nearest among the others. Printed for every class of the catalogue: the share of the
neighbours with the same word of the same catalogue, the share that chance would give, and the share of the stars whose
nearest one has it; beside them the same of the features that the network is given (ranks of every number, so that none
is louder than another), for what the network adds.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke import load_model
from goodricke.train.classifier import workshop
from goodricke.train.config import load_config
from goodricke.train.described import cache_folder

SETS, K, FEWEST, PIECE = ("asas3_acvs", "crts_sss"), 10, 20, 500
Words = NDArray[np.str_]


def shares(vectors: NDArray[np.float32], words: Words) -> NDArray[np.float64]:
    """Of the ten nearest (cosine), and of the nearest, how many have the star's own word (N, 2)."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    like = unit @ unit.T
    np.fill_diagonal(like, -np.inf)
    nearest = np.argsort(-like, axis=1)[:, :K]
    same = words[nearest] == words[:, None]
    return np.stack([same.mean(axis=1), same[:, 0]], axis=1)


def main(folder: Path, cache: Path, model: str, n: int) -> None:
    """Print the tables."""
    shop = workshop(load_config("folds"), folder, cache, cache / "parts", 1, lambda text: print(text, file=sys.stderr))
    bundle, about = load_model(model).bundle, shop.task.examples
    for name in SETS:
        rows = np.flatnonzero((about.survey == name) & (about.kind == "whole") & (about.fold == 0))
        rows = np.sort(np.random.default_rng(0).permutation(rows)[:n])
        pieces = [shop.material.inputs(rows[first : first + PIECE]) for first in range(0, len(rows), PIECE)]
        vectors = np.concatenate([bundle.outputs(piece, ("embedding",))["embedding"] for piece in pieces])
        features, words = np.nan_to_num(about.values[rows], nan=-1e30), about.label[rows]
        ranks = np.argsort(np.argsort(features, axis=0), axis=0) / len(rows) - 0.5
        ours, plain = shares(vectors, words), shares(ranks.astype(np.float32), words)
        print(f"\n{name}: {len(rows)} stars\n")
        print("| class | stars | by chance | ten nearest | the nearest | ten nearest by features | the nearest |")
        print("|---" * 7 + "|")
        for word in [*sorted(set(words.tolist())), ""]:
            own = words == word if word else np.ones(len(words), dtype=bool)
            if own.sum() < FEWEST:
                continue
            chance = np.mean([(words == one).mean() for one in words[own]])
            cells = [chance, *ours[own].mean(axis=0), *plain[own].mean(axis=0)]
            print(f"| {word or 'all'} | {own.sum()} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--model", default="folds-1")
    parser.add_argument("-n", type=int, default=2000)
    given = parser.parse_args()
    main(given.folder, cache_folder(given.cache), given.model, given.n)
