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
from sklearn.ensemble import RandomForestClassifier

from goodricke.evaluate import EvaluationOptions, evaluate
from goodricke.evaluate.splits import folds_of
from goodricke.period import given_periods
from goodricke.represent.features import features
from goodricke.train.datasets import SETS, load

GROUPS = ["log_n", "moments", "percentiles", "profile"]
VIEWS = ("4class", "eclipsing")
FOLDS = 5


def forest(folder: Path, name: str, unseen: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Predictions of the forest for the stars of a set, and the words of its catalogue."""
    found = load(folder, name)
    ours = dict(zip(unseen["object_id"].to_pylist(), unseen["period_days"].to_pylist(), strict=True))
    period = np.array(
        [
            p if np.isfinite(p) else ours.get(star, np.nan)
            for star, p in zip(found.lcs.object_id, found.period, strict=True)
        ]
    )
    stars = np.flatnonzero(np.isfinite(period) & np.array([len(leaves) > 0 for leaves in found.leaves]))
    lcs, period = found.lcs[stars], period[stars]
    target = np.array([found.leaves[k][-1] for k in stars])  # of ambiguous words one, which the view unites
    table = features(lcs, given_periods(lcs, period), GROUPS)
    values = np.nan_to_num(np.concatenate([table.values, np.log10(period)[:, None]], axis=1), posinf=0.0, neginf=0.0)
    fold, classes = folds_of(lcs.object_id, FOLDS), np.unique(target)
    probability = np.zeros((len(stars), len(classes)))
    for k in range(FOLDS):
        trees = RandomForestClassifier(300, class_weight="balanced_subsample", random_state=0, n_jobs=-1)
        trees.fit(values[fold != k], target[fold != k])
        columns = np.searchsorted(classes, trees.classes_)
        probability[np.ix_(fold == k, columns)] = trees.predict_proba(values[fold == k])
    said = {"object_id": lcs.object_id.tolist(), "survey": [name] * len(stars)}
    said |= {f"prob_{c}": probability[:, k] for k, c in enumerate(classes)}
    words = found.label[stars].tolist()
    return pa.table(said), pa.table({"object_id": said["object_id"], "survey": said["survey"], "label": words})


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
        theirs, truth = forest(options.folder, name, ours)
        for view in VIEWS:
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
