"""Train the trees that choose among candidate periods.

    python -m goodricke.train.period_chooser LIGHTCURVES_DIR [-o BUNDLE] [--stars N] [--seed N] [--jobs N] [--cache DIR]

LIGHTCURVES_DIR holds the data sets of ``goodricke.train.datasets``. The report is made with five folds by star; the
bundle is then fitted on all stars.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import MissingDependency
from goodricke.evaluate.splits import folds_of
from goodricke.output.atomic import whole_file
from goodricke.period.candidates import FEATURES
from goodricke.period.choice import different, probabilities
from goodricke.train.augment import all_parts
from goodricke.train.datasets import SETS, Labelled
from goodricke.train.described import Described, cache_folder, described

__all__ = ["Examples", "calibrated", "examples_of", "main", "odds_unseen"]

Floats = NDArray[np.float64]

TOLERANCE = 0.002
FOLDS = 5
_TIGHTEST, _OTHERS = 12, 0.1
_SETTINGS = {"max_iter": 200, "learning_rate": 0.1, "max_leaf_nodes": 31, "l2_regularization": 1.0}


@dataclass(frozen=True)
class Examples:
    """Stars with their candidates: the rows of star i are ``owner == i``."""

    survey: NDArray[np.str_]
    object_id: NDArray[np.str_]
    label: NDArray[np.str_]
    period: Floats
    span: Floats
    frequency: Floats
    features: NDArray[np.float32]
    owner: NDArray[np.int64]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which candidates are within 0.2% of the catalogue."""
        return np.asarray(np.abs(1.0 / self.frequency / self.period[self.owner] - 1.0) < TOLERANCE)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Star i owns the rows from ``offsets[i]`` up to ``offsets[i + 1]``."""
        return np.asarray(np.searchsorted(self.owner, np.arange(len(self.period) + 1)))


def examples_of(sets: Sequence[tuple[Labelled, Described]], all_stars: bool = False) -> Examples:
    """The stars whose catalogued period is to be trusted, or all stars that have candidates."""
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in Examples.__dataclass_fields__}
    stars = 0
    for labelled, found in sets:
        lengths = np.diff(found.offsets)
        wanted = (lengths > 0) & (all_stars | (np.isfinite(labelled.period) & _trusted(labelled)))
        rows = np.repeat(wanted, lengths)
        first, last = labelled.lcs.offsets[:-1], labelled.lcs.offsets[1:] - 1
        parts["survey"].append(np.full(wanted.sum(), labelled.title))
        parts["object_id"].append(labelled.lcs.object_id[wanted])
        parts["label"].append(labelled.label[wanted])
        parts["period"].append(labelled.period[wanted])
        parts["span"].append(labelled.lcs.time[last[wanted]] - labelled.lcs.time[first[wanted]])
        parts["frequency"].append(found.frequency[rows])
        parts["features"].append(found.features[rows])
        parts["owner"].append(stars + np.repeat(np.arange(wanted.sum()), lengths[wanted]))
        stars += int(wanted.sum())
    return Examples(**{name: np.concatenate(arrays) for name, arrays in parts.items()})


def _trusted(labelled: Labelled) -> NDArray[np.bool_]:
    return np.isin(labelled.label, SETS[labelled.name].periodic)


def _fit(examples: Examples, stars: NDArray[np.bool_], seed: int) -> Any:
    """A classifier of candidates, every star with the same weight; stars without a right candidate teach nothing.

    Of the wrong candidates those with the tightest folds teach, and a few others; that is a third of the work.
    """
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError as error:
        raise MissingDependency("scikit-learn", "train") from error
    owner, right = examples.owner, examples.right
    teaches = stars & (np.bincount(owner, right, len(stars)) > 0)
    rows = teaches[owner] & (right | _instructive(examples, seed))
    weight = 1.0 / np.maximum(np.bincount(owner, rows, len(stars)), 1.0)[owner]
    model = HistGradientBoostingClassifier(**_SETTINGS, random_state=seed)
    return model.fit(examples.features[rows], right[rows], sample_weight=weight[rows])


def _instructive(examples: Examples, seed: int) -> NDArray[np.bool_]:
    evidence = examples.features[:, FEATURES.index("evidence")].astype(np.float64)
    order = np.lexsort((evidence, examples.owner))
    place = np.arange(len(order)) - np.repeat(examples.offsets[:-1], np.diff(examples.offsets))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = place
    return np.asarray((rank < _TIGHTEST) | (np.random.default_rng(seed).random(len(rank)) < _OTHERS))


def odds_unseen(examples: Examples, seed: int, others: Examples | None = None) -> tuple[Floats, Floats]:
    """Log odds of every candidate by trees that never saw its star: of the examples, and of other stars.

    Parameters
    ----------
    examples : Examples
        Stars with true periods.
    seed : int
        Of the trees.
    others : Examples, optional
        Any stars, those of `examples` among them if you like: each is judged by the trees of its own fold.
    """
    fold = folds_of(examples.object_id, FOLDS)
    odds = np.zeros(len(examples.frequency))
    elsewhere = np.zeros(0 if others is None else len(others.frequency))
    for k in range(FOLDS):
        model = _fit(examples, fold != k, seed)
        test = fold[examples.owner] == k
        odds[test] = model.decision_function(examples.features[test])
        if others is not None:
            test = (folds_of(others.object_id, FOLDS) == k)[others.owner]
            elsewhere[test] = model.decision_function(others.features[test])
    return odds, elsewhere


def chosen_unseen(
    sets: Sequence[tuple[Labelled, Described]], cache: Path, seed: int
) -> tuple[Examples, Floats, Examples, Floats, tuple[float, float]]:
    """The trusted stars and their odds, all stars and theirs, and what turns odds into probabilities; from the cache.

    The odds are those of trees that never saw the star.
    """
    trusted, everything = examples_of(sets), examples_of(sets, all_stars=True)
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for array in (everything.frequency, everything.features, trusted.owner, np.array([seed, FOLDS])):
        digest.update(np.ascontiguousarray(array).tobytes())
    path = cache / f"odds-{digest.hexdigest()[:16]}.npz"
    if not path.exists():
        seen, odds = odds_unseen(trusted, seed, everything)
        with whole_file(path) as temporary, temporary.open("wb") as file:
            np.savez(file, seen=seen, odds=odds, trust=np.array(calibrated(trusted, seen)))
    with np.load(path, allow_pickle=False) as arrays:
        scale, none = arrays["trust"].tolist()
        return trusted, arrays["seen"], everything, arrays["odds"], (scale, none)


def calibrated(examples: Examples, odds: Floats) -> tuple[float, float]:
    """Scale of the odds and weight of "none" that make the probabilities true for stars the trees had not seen."""
    from scipy.optimize import minimize

    table, column = _odds_table(examples, odds)

    def loss(numbers: Floats) -> float:
        scale, none = float(np.exp(numbers[0])), float(numbers[1])
        weight = np.concatenate([scale * table, np.full((len(table), 1), none)], axis=1)
        top = weight.max(axis=1)
        total = top + np.log(np.exp(weight - top[:, None]).sum(axis=1))
        return float(np.mean(total - weight[np.arange(len(table)), column]))

    found = minimize(loss, np.array([0.0, 0.0]), method="Nelder-Mead")
    return float(np.exp(found.x[0])), float(found.x[1])


def _odds_table(examples: Examples, odds: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Odds of the different candidates of every star (N, c), likeliest first, and which of them is right; c: none."""
    offsets, right = examples.offsets, examples.right
    kept = [
        a + different(examples.frequency[a:b], odds[a:b], span)
        for (a, b), span in zip(pairwise(offsets), examples.span, strict=True)
    ]
    width = max(len(rows) for rows in kept)
    table = np.full((len(kept), width), -1e3)
    column = np.full(len(kept), width, dtype=np.int64)
    for k, rows in enumerate(kept):
        table[k, : len(rows)] = odds[rows]
        if right[rows].any():
            column[k] = int(np.argmax(right[rows]))
    return table, column


def report_lines(examples: Examples, chosen: Floats) -> list[str]:
    """A markdown table: how often the chosen period is right, per survey and class."""
    lines = [
        "| survey | class | stars | right | P/2 | 2P | other | right candidate offered |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    offered = np.bincount(examples.owner, examples.right, len(chosen)) > 0
    for survey, label in _groups(examples):
        here = (examples.survey == survey) & ((examples.label == label) | (label == "all"))
        ratio = chosen[here] / examples.period[here]
        share = [np.mean(np.abs(ratio / r - 1.0) < TOLERANCE) for r in (1.0, 0.5, 2.0)]
        cells = [*share, 1.0 - sum(share), np.mean(offered[here])]
        lines.append(f"| {survey} | {label} | {here.sum()} | " + " | ".join(f"{100 * c:.1f}%" for c in cells) + " |")
    return lines


def _groups(examples: Examples) -> Iterator[tuple[str, str]]:
    for survey in dict.fromkeys(examples.survey):
        for label in sorted(set(examples.label[examples.survey == survey])):
            yield survey, label
        yield survey, "all"


def reliability_lines(examples: Examples, odds: Floats, scale: float, none: float) -> list[str]:
    """A markdown table: how often the period is right where its probability is so high, for unseen stars."""
    table, column = _odds_table(examples, odds)
    said = np.array([probabilities(row[row > -1e3], scale, none)[0] for row in table])
    edges = np.array([0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0 + 1e-9])
    lines = ["| probability | stars | said | right |", "|---|---:|---:|---:|"]
    for low, high in pairwise(edges):
        here = (said >= low) & (said < high)
        if here.any():
            true = (column[here] == 0).mean()
            lines.append(f"| {low:.2f} to {high:.2f} | {here.sum()} | {said[here].mean():.3f} | {true:.3f} |")
    return lines


def _as_arrays(model: Any) -> tuple[dict[str, NDArray[Any]], float]:
    """The fitted trees as flat arrays, node numbers counted over all trees."""
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots, offset = [], 0
    for (tree,) in model._predictors:
        nodes = tree.nodes
        leaf = nodes["is_leaf"].astype(bool)
        parts["feature"].append(np.where(leaf, -1, nodes["feature_idx"]).astype(np.int16))
        parts["threshold"].append(nodes["num_threshold"].astype(np.float64))
        parts["left"].append((nodes["left"] + offset).astype(np.int32))
        parts["right"].append((nodes["right"] + offset).astype(np.int32))
        parts["value"].append(np.where(leaf, nodes["value"], 0.0))
        roots.append(offset)
        offset += len(nodes)
    arrays = {name: np.concatenate(values) for name, values in parts.items()}
    return {**arrays, "root": np.array(roots, dtype=np.int32)}, float(model._baseline_prediction.ravel()[0])


def save(
    examples: Examples, model: Any, trust: tuple[float, float], lines: Sequence[str], bundle: Path, command: str
) -> None:
    """Write the bundle: arrays, manifest and card."""
    arrays, baseline = _as_arrays(model)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    content = stream.getvalue()
    rows = examples.features[:: max(1, len(examples.features) // 5)][:5].astype(np.float64)
    manifest = {
        "name": bundle.name,
        "features": list(FEATURES),
        "baseline": baseline,
        "scale": trust[0],
        "none": trust[1],
        "sha256": hashlib.sha256(content).hexdigest(),
        "golden": {"rows": rows.tolist(), "log_odds": model.decision_function(rows).tolist()},
        "stars": {name: int(np.sum(examples.survey == name)) for name in dict.fromkeys(examples.survey.tolist())},
        "settings": _SETTINGS,
        "command": command,
    }
    bundle.mkdir(parents=True, exist_ok=True)
    card = [f"# {bundle.name}", "", *_CARD, "", *lines, "", f"Rebuilt by: `{command}`", ""]
    for name, data in (
        ("trees.npz", content),
        ("manifest.json", json.dumps(manifest, indent=1).encode()),
        ("card.md", "\n".join(card).encode()),
    ):
        with whole_file(bundle / name) as temporary:
            temporary.write_bytes(data)


_CARD = (
    "Boosted trees that say for each candidate period of a star how likely it is the right one. Trained on",
    "eclipsing stars of ASAS-3 (ACVS, Pojmanski 2002), variables of the Catalina southern survey (Drake et al. 2017)",
    "and Cepheids of OGLE-IV (Soszynski et al. 2015), with their catalogues' periods as truth.",
    "",
    "Limits: ground-based sampling of years; no space photometry was used. The catalogues are taken as truth, errors",
    "included. The tables are from five folds by star: every star was judged by trees that had not seen it, but for",
    "three stars that two surveys share. *Right* is within 0.2% of the catalogue. The second table compares the",
    "probability of the chosen period with how often it is right; its two numbers were fitted on the same stars.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, report, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("src/goodricke/models/bundles/period-chooser-1"))
    parser.add_argument("--stars", type=int, default=0, help="stars per data set; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cache", type=Path, help="where candidates are kept; default ~/.cache/goodricke")
    options = parser.parse_args(arguments)
    cache = cache_folder(options.cache)
    parts = all_parts(options.folder, tuple(SETS), options.stars, options.seed)
    sets = [(one, described(one, cache, options.jobs, _said)) for one in parts]
    examples, odds, _, _, trust = chosen_unseen(sets, cache, options.seed)
    best = np.array([a + int(np.argmax(odds[a:b])) for a, b in pairwise(examples.offsets)])
    lines = [*report_lines(examples, 1.0 / examples.frequency[best]), "", *reliability_lines(examples, odds, *trust)]
    print("\n".join(lines))
    model = _fit(examples, np.ones(len(examples.object_id), dtype=bool), options.seed)
    command = f"python -m goodricke.train.period_chooser LIGHTCURVES_DIR --stars {options.stars} --seed {options.seed}"
    save(examples, model, trust, lines, options.output, command)


def _said(stars: int) -> None:
    print(f"{stars} stars described", flush=True)


if __name__ == "__main__":
    main()
