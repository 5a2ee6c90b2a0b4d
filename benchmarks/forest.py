"""A plain forest that is told the true period, beside a model that is not, on the same stars and folds.

    python benchmarks/forest.py LIGHTCURVES_DIR UNSEEN [--sets NAME ...]

UNSEEN is the file that `goodricke train` writes beside a bundle: what models that never saw a star say of it. The
forest (scikit-learn, 300 trees) sees 24 bins of the folded curve, the moments and percentiles, and the logarithm of the
period: the catalogue's where it has one, else the one in UNSEEN. Five folds by star, the same for both.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from goodricke.evaluate import EvaluationOptions, evaluate
from goodricke.evaluate.splits import folds_of
from goodricke.labels import VIEWS
from goodricke.period import given_periods
from goodricke.represent.features import features
from goodricke.train.datasets import SETS, Labelled, load

GROUPS = ["log_n", "moments", "percentiles", "profile"]
ASKED = ("4class", "eclipsing")
FOLDS = 5


def described(folder: Path, name: str, unseen: pa.Table) -> tuple[Labelled, NDArray[np.int64], NDArray[np.float64]]:
    """A set, those of its stars that have a period and a class, and the numbers (n, k) that the forest sees of them."""
    found = load(folder, name)
    ours = dict(zip(unseen["object_id"].to_pylist(), unseen["period_days"].to_pylist(), strict=True))
    other = np.array([ours.get(star, np.nan) for star in found.lcs.object_id], dtype=np.float64)
    period = np.where(np.isfinite(found.period), found.period, other)
    stars = np.flatnonzero(np.isfinite(period) & np.array([len(leaves) > 0 for leaves in found.leaves]))
    table = features(found.lcs[stars], given_periods(found.lcs[stars], period[stars]), GROUPS)
    values = np.concatenate([table.values, np.log10(period[stars])[:, None]], axis=1)
    return found, stars, np.nan_to_num(values, posinf=0.0, neginf=0.0)


def forest(found: Labelled, stars: NDArray[np.int64], values: NDArray[np.float64], view: str) -> pa.Table:
    """Predictions, by forests that had not seen the star; stars whose class is open in the view do not teach."""
    group = np.array([group_of(found.leaves[k], view) for k in stars])
    ids = found.lcs.object_id[stars]
    fold, classes = folds_of(ids, FOLDS), np.unique(group[group != ""])
    probability = np.zeros((len(stars), len(classes)))
    for k in range(FOLDS):
        taught = (fold != k) & (group != "")
        trees = RandomForestClassifier(300, random_state=0, n_jobs=-1).fit(values[taught], group[taught])
        probability[fold == k] = trees.predict_proba(values[fold == k])
    said = {"object_id": ids.tolist(), "survey": [found.name] * len(stars)}
    return pa.table(said | {f"prob_{VIEWS[view][c][0]}": probability[:, k] for k, c in enumerate(classes)})


def group_of(leaves: tuple[str, ...], view: str) -> str:
    """The group of the view that holds all the classes; empty when there is none."""
    return next((group for group, members in VIEWS[view].items() if set(leaves) <= set(members)), "")


def options_of(name: str, view: str) -> EvaluationOptions:
    """Groups to tell apart, and whose words the truth uses."""
    return EvaluationOptions(view=view, catalogue=SETS[name].catalogue, n_resamples=300)


def main() -> None:
    """Train, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("unseen", type=Path)
    parser.add_argument("--sets", nargs="+", default=["asas3_acvs", "crts_sss"])
    options = parser.parse_args()
    unseen = pq.read_table(options.unseen)
    print("| set | view | stars | model | accuracy | macro F1 | calibration error |\n|---|---|---:|---|---|---|---|")
    for name in options.sets:
        ours = unseen.filter(pc.equal(unseen["survey"], name)).drop_columns(["truth"])
        found, stars, values = described(options.folder, name, ours)
        ids = found.lcs.object_id[stars].tolist()
        truth = pa.table({"object_id": ids, "survey": [name] * len(ids), "label": found.label[stars].tolist()})
        for view in ASKED:
            theirs = forest(found, stars, values, view)
            report = evaluate(
                {options.unseen.stem: ours, "forest, true period": theirs},
                truth,
                options_of(name, view),
            )
            for model, one in report.models.items():
                scope = one["scopes"]["all"]
                cells = [
                    "{value:.3f} ({low:.3f} to {high:.3f})".format(**scope[key])
                    for key in ("accuracy", "macro_f1", "ece")
                ]
                print(f"| {name} | {view} | {report.counts['compared']} | {model} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
