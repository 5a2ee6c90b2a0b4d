"""Cost of every family beside the model of scikit-learn that it came from, in one run, and the size of its weights.

    python benchmarks/models.py [-n STARS] [--classes C] [--features K]

Made stars, one core, the default settings of ``goodricke.train.classical``. CPU time; best of three.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is imported: one core is what is measured
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from goodricke.models.scaling import Scaling
from goodricke.train.classical import SETTINGS, fit
from goodricke.train.export import _packed


def stars(n: int, classes: int, features: int) -> tuple[np.ndarray, np.ndarray]:
    """Classes that overlap, a tenth of the features unknown."""
    rng = np.random.default_rng(0)
    target = rng.integers(classes, size=n)
    rows = rng.normal(size=(n, features)) + 0.5 * rng.normal(size=(classes, features))[target]
    rows[rng.random(rows.shape) < 0.1] = np.nan
    return rows.astype(np.float32), target


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of three runs."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def peer(family: str, settings: dict[str, Any], rows: np.ndarray, target: np.ndarray, test: np.ndarray) -> list[float]:
    """Milliseconds of scikit-learn's model for all rows of a test and for one of them."""
    own = {k: v for k, v in settings.items() if k not in ("class_weights", "members", "most", "smoothing")}
    makers: dict[str, Callable[[], Any]] = {
        "boosted_trees": lambda: HistGradientBoostingClassifier(**own, early_stopping=False),
        "random_forest": lambda: RandomForestClassifier(**own),
        "mlp": lambda: MLPClassifier(**own),
        "knn": lambda: KNeighborsClassifier(**own, weights="distance"),
        "svm": lambda: SVC(**own),
        "naive_bayes": GaussianNB,
    }
    most = settings.get("most", len(rows))
    scaling = Scaling.fitted(rows) if "trees" not in family and "forest" not in family else None
    ready = (lambda x: x) if scaling is None else scaling.apply
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = makers[family]().fit(ready(rows[:most]), target[:most])
    asked = model.decision_function if family in ("boosted_trees", "svm") else model.predict_proba
    times = settings.get("members", 1)
    return [1e3 * times * best(lambda part=part: asked(ready(part))) for part in (test, test[:1])]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=6000, help="training stars")
    parser.add_argument("--classes", type=int, default=12)
    parser.add_argument("--features", type=int, default=100)
    options = parser.parse_args()
    rows, target = stars(options.n + 1000, options.classes, options.features)
    test = rows[options.n :]
    print(f"{options.n} training stars, {options.classes} classes, {options.features} features\n")
    print("| family | 1000 stars, ms | scikit-learn | ratio | 1 star, ms | scikit-learn | ratio | weights, MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for family in SETTINGS:
        found = fit(family, rows[: options.n], target[: options.n], options.classes)
        model = found.predictor()
        model.logits({"features": test[:1]})
        ours = [1e3 * best(lambda part=part, m=model: m.logits({"features": part})) for part in (test, test[:1])]
        theirs = peer(family, found.settings, rows[: options.n], target[: options.n], test)
        cells = [f"{a:.2f} | {b:.2f} | {a / b:.2f}" for a, b in zip(ours, theirs, strict=True)]
        print(f"| {family} | {' | '.join(cells)} | {len(_packed(found.arrays)) / 1e6:.2f} |", flush=True)


if __name__ == "__main__":
    main()
