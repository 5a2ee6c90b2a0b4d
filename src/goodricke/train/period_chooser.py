"""Train the trees that choose among candidate periods.

    python -m goodricke.train.period_chooser LIGHTCURVES_DIR [-o BUNDLE] [--stars N] [--seed N] [--jobs N]

LIGHTCURVES_DIR holds ``asas3_acvs``, ``crts_sss`` and ``ogle4_lmc_cep`` as ``<name>_obs.parquet`` and
``<name>_labels.parquet``. The report is made with five folds by star; the bundle is then fitted on all stars.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean import clean
from goodricke.errors import MissingDependency
from goodricke.lightcurves import LightCurves
from goodricke.output.atomic import whole_file
from goodricke.period.candidates import FEATURES
from goodricke.period.periods import levelled
from goodricke.period.search import FEWEST_POINTS, candidates
from goodricke.surveys import read
from goodricke.train.splits import folds_of

__all__ = ["Examples", "collect", "main"]

SETS = {"asas3_acvs": ("EA", "EB", "EW"), "crts_sss": (), "ogle4_lmc_cep": ()}
"""Data set -> the classes whose periods are catalogued well; none named: all."""
TOLERANCE = 0.002
_FOLDS = 5
_SETTINGS = {"max_iter": 200, "learning_rate": 0.08, "max_leaf_nodes": 31, "l2_regularization": 1.0}


@dataclass(frozen=True)
class Examples:
    """Stars with their candidates: the rows of star i are ``owner == i``."""

    survey: NDArray[np.str_]
    object_id: NDArray[np.str_]
    label: NDArray[np.str_]
    period: NDArray[np.float64]
    n_points: NDArray[np.int64]
    frequency: NDArray[np.float64]
    features: NDArray[np.float64]
    owner: NDArray[np.int64]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which candidates are within 0.2% of the catalogue."""
        return np.asarray(np.abs(1.0 / self.frequency / self.period[self.owner] - 1.0) < TOLERANCE)


def _labelled(folder: Path, name: str, most: int, seed: int) -> tuple[LightCurves, list[str], NDArray[np.float64]]:
    import pyarrow.parquet as pq

    table = pq.read_table(folder / f"{name}_labels.parquet", columns=["object_id", "label_mapped", "period_days"])
    label = dict(zip(table["object_id"].to_pylist(), table["label_mapped"].to_pylist(), strict=True))
    period = dict(zip(table["object_id"].to_pylist(), table["period_days"].to_pylist(), strict=True))
    lcs = clean(read(folder / f"{name}_obs.parquet"))
    wanted = SETS[name]
    known = [k for k, star in enumerate(lcs.object_id) if period.get(star) and (not wanted or label[star] in wanted)]
    known = [k for k in known if lcs.lengths[k] >= FEWEST_POINTS]
    chosen = np.random.default_rng(seed).permutation(known)[: most or None]
    lcs = lcs[np.sort(chosen)]
    return lcs, [str(label[star]) for star in lcs.object_id], np.array([period[star] for star in lcs.object_id])


def _describe(lcs: LightCurves) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    level = levelled(lcs)
    found = []
    for a, b in pairwise(lcs.offsets):
        one = candidates(lcs.time[a:b], level[a:b], lcs.flux_err[a:b].astype(np.float64)).candidates
        found.append((one.frequency, one.features))
    return found


def collect(folder: Path, most: int, seed: int, jobs: int) -> Examples:
    """Read, clean, search and describe the stars of all sets; some 80 ms a star."""
    parts = [(name, *_labelled(folder, name, most, seed)) for name in SETS]
    found = []
    with ProcessPoolExecutor(jobs) as pool:
        for name, lcs, _, _ in parts:
            pieces = [lcs[k : k + 50] for k in range(0, len(lcs), 50)]
            for k, piece in enumerate(pool.map(_describe, pieces)):
                found += piece
                print(f"\r{name}: {min(50 * (k + 1), len(lcs))} of {len(lcs)} stars", end="", flush=True)
            print()
    return Examples(
        survey=np.concatenate([np.full(len(lcs), name) for name, lcs, _, _ in parts]),
        object_id=np.concatenate([lcs.object_id for _, lcs, _, _ in parts]),
        label=np.concatenate([np.array(labels) for _, _, labels, _ in parts]),
        period=np.concatenate([periods for *_, periods in parts]),
        n_points=np.concatenate([lcs.lengths for _, lcs, _, _ in parts]),
        frequency=np.concatenate([frequency for frequency, _ in found]),
        features=np.concatenate([features for _, features in found]),
        owner=np.repeat(np.arange(len(found)), [len(frequency) for frequency, _ in found]),
    )


def _fit(examples: Examples, stars: NDArray[np.bool_], seed: int) -> Any:
    """A classifier of candidates, every star with the same weight; stars without a right candidate teach nothing."""
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError as error:
        raise MissingDependency("scikit-learn", "train") from error
    owner, right = examples.owner, examples.right
    teaches = stars & (np.bincount(owner, right, len(stars)) > 0)
    rows = teaches[owner]
    weight = 1.0 / np.bincount(owner)[owner]
    model = HistGradientBoostingClassifier(**_SETTINGS, random_state=seed)
    return model.fit(examples.features[rows], right[rows], sample_weight=weight[rows])


def cross_validated(examples: Examples, seed: int) -> NDArray[np.float64]:
    """The period chosen for every star by trees that never saw it (N,)."""
    fold = folds_of(examples.object_id, _FOLDS)
    odds = np.zeros(len(examples.frequency))
    for k in range(_FOLDS):
        model = _fit(examples, fold != k, seed)
        test = fold[examples.owner] == k
        odds[test] = model.decision_function(examples.features[test])
    starts = np.searchsorted(examples.owner, np.arange(len(fold) + 1))
    best = [a + int(np.argmax(odds[a:b])) for a, b in pairwise(starts)]
    return 1.0 / examples.frequency[best]


def report_lines(examples: Examples, chosen: NDArray[np.float64]) -> list[str]:
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


def save(examples: Examples, model: Any, lines: Sequence[str], bundle: Path, command: str) -> None:
    """Write the bundle: arrays, manifest and card."""
    arrays, baseline = _as_arrays(model)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    content = stream.getvalue()
    rows = examples.features[:: max(1, len(examples.features) // 5)][:5]
    manifest = {
        "name": bundle.name,
        "features": list(FEATURES),
        "baseline": baseline,
        "sha256": hashlib.sha256(content).hexdigest(),
        "golden": {"rows": rows.tolist(), "log_odds": model.decision_function(rows).tolist()},
        "stars": {name: int(np.sum(examples.survey == name)) for name in SETS},
        "settings": _SETTINGS,
        "command": command,
    }
    bundle.mkdir(parents=True, exist_ok=True)
    card = [
        f"# {bundle.name}",
        "",
        (__doc__ or "").split("\n\n")[0],
        "",
        *_CARD,
        "",
        *lines,
        "",
        f"Rebuilt by: `{command}`",
        "",
    ]
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
    "Limits: ground-based sampling of years; no space photometry was used. The probabilities are not calibrated. The",
    "catalogues are taken as truth, errors included. The table is from five folds by star: every star was judged by",
    "trees that had not seen it, but for three stars that two surveys share. *Right* is within 0.2% of the catalogue.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, report, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("src/goodricke/models/bundles/period-chooser-1"))
    parser.add_argument("--stars", type=int, default=0, help="stars per data set; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    examples = collect(options.folder, options.stars, options.seed, options.jobs)
    lines = report_lines(examples, cross_validated(examples, options.seed))
    print("\n".join(lines))
    model = _fit(examples, np.ones(len(examples.object_id), dtype=bool), options.seed)
    command = f"python -m goodricke.train.period_chooser LIGHTCURVES_DIR --stars {options.stars} --seed {options.seed}"
    save(examples, model, lines, options.output, command)


if __name__ == "__main__":
    main()
