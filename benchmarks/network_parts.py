"""What every part of the network of folds buys: it learns again without one of them, or from other stars.

    python benchmarks/network_parts.py LIGHTCURVES_DIR [--cache DIR] [--seeds N] [--jobs N] [--only ROW ...]

The stars are those of the recipe ``folds``; fold 0 tests, the others teach. But for the last two rows all learn
from ASAS-3 alone, for six epochs, and are judged on its stars with one label, in four classes, and on Catalina's,
which they never saw. One row takes some three minutes of a core (the last ones more). Logits are cached: a row that was
made once costs nothing, and a killed run goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.labels import VIEWS
from goodricke.models.predictor import log_softmax
from goodricke.train.classifier import workshop
from goodricke.train.config import Config, Member, load_config
from goodricke.train.described import cache_folder
from goodricke.train.members import Workshop

Flags = NDArray[np.bool_]

ASAS, CATALINA, VIEW = "asas3_acvs", "crts_sss", "4class"
EPOCHS = {"epochs": 6, "stop": 6}
NO_CHANGE = {"fewer": 0.0, "noise": 0.0, "jitter": 0.0, "turn": 0, "mirror": 0.0, "forget": 0.0, "given": 0.0}


@dataclass(frozen=True)
class Row:
    """One row of the table: what differs from the whole network, and which stars teach."""

    title: str
    settings: dict[str, Any] = field(default_factory=dict)
    augmentation: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=lambda: dict(EPOCHS))
    sets: tuple[str, ...] = (ASAS,)
    kinds: tuple[str, ...] = ("whole", "thinned", "constant", "elsewhere", "simulated")
    trees: bool = False


EVERY = (ASAS, CATALINA, "ogle4_lmc_cep", "eros1_ramp", "ogle2_misc_small", "ztf_bts_snia", "css_lsstepo_small")
ROWS = [
    Row("the whole network"),
    Row("one candidate, the likeliest", {"candidates": 1}),
    Row("no folds, no strengths: nothing of a period but features", {"without": ("folds", "strengths")}),
    Row("no folds", {"without": ("folds",)}),
    Row("no strengths of the candidates", {"without": ("strengths",)}),
    Row("no raw points", {"without": ("raw",)}),
    Row("no features", {"without": ("features",)}),
    Row("folds and strengths alone", {"without": ("raw", "features")}),
    Row("no augmentation", {}, NO_CHANGE),
    Row("no thinned stars", kinds=("whole", "constant", "elsewhere")),
    Row("no stars as another survey would see them", kinds=("whole", "thinned", "constant")),
    Row("boosted trees", trees=True),
    Row("all real sets and simulated stars: the recipe", training={}, sets=(*EVERY, "simulated")),
    Row("boosted trees, all of them", sets=(*EVERY, "simulated"), trees=True),
]


def main(folder: Path, cache: Path, seeds: int, jobs: int, only: list[str]) -> None:
    """Print the table row by row."""
    config = load_config("folds")

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    shop = workshop(config, folder, cache, cache / "parts", jobs, say)
    print("| learns from | seeds | accuracy | macro F1 | F1 EA | EB | EW | VAR | log loss | Catalina: eclipsing |")
    print("|---" * 10 + "|", flush=True)
    for row in ROWS:
        if only and row.title not in only:
            continue
        found = np.array([figures(shop, row, config, seed, say) for seed in range(1 if row.trees else seeds)])
        mean, spread = found.mean(axis=0), found.std(axis=0, ddof=1) if len(found) > 1 else np.zeros(found.shape[1])
        cells = [f"{m:.4f}" + (f" +- {s:.4f}" if len(found) > 1 else "") for m, s in zip(mean, spread, strict=True)]
        print(f"| {row.title} | {len(found)} | {' | '.join(cells)} |", flush=True)


def figures(shop: Workshop, row: Row, config: Config, seed: int, say: Callable[[str], None]) -> list[float]:
    """Of the stars of fold 0, by a member that learned from some of the others."""
    task = shop.task
    about = task.examples
    test = about.fold == 0
    seen = ~test & np.isin(about.survey, row.sets) & np.isin(about.kind, row.kinds)
    logits = shop.logits(member(row, config, seed), seen, test, f"{row.title}, seed {seed}")
    whole = about.kind[test] == "whole"
    asas, catalina = (whole & (about.survey[test] == name) for name in (ASAS, CATALINA))
    groups = VIEWS[VIEW]
    inside = np.array([[leaf in leaves for leaf in task.classes] for leaves in groups.values()])
    possible = (task.allowed[test][:, None, :] & inside).any(axis=2)
    p = np.exp(log_softmax(logits)) @ inside.T
    known = asas & (possible.sum(axis=1) == 1)
    truth, said = possible[known].argmax(axis=1), p[known].argmax(axis=1)
    f1 = [_f1(truth == k, said == k) for k in range(len(groups))]
    loss = -np.mean(np.log(np.maximum(p[known][np.arange(len(truth)), truth], 1e-12)))
    other = list(groups).index("VAR")
    eclipsing = catalina & (possible[:, other] != np.delete(possible, other, axis=1).any(axis=1))
    right = (p[eclipsing, other] > 0.5) == possible[eclipsing, other]
    return [float(np.mean(truth == said)), float(np.mean(f1)), *f1, float(loss), float(np.mean(right))]


def member(row: Row, config: Config, seed: int) -> Member:
    """The network of the recipe with what the row changes; or the trees of the default model."""
    if row.trees:
        return next(one for one in load_config("variables").members if one.family == "boosted_trees")
    own = config.members[0]
    return replace(
        own, seed=seed, settings={**own.settings, **row.settings}, training={**own.training, **row.training},
        augmentation={**own.augmentation, **row.augmentation},
    )  # fmt: skip


def _f1(truth: Flags, said: Flags) -> float:
    both = np.sum(truth & said)
    return float(2.0 * both / max(np.sum(truth) + np.sum(said), 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", action="append", default=[])
    given = parser.parse_args()
    main(given.folder, cache_folder(given.cache), given.seeds, given.jobs, given.only)
