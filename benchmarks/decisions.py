"""Speed of every step from logits to decisions: python benchmarks/decisions.py [--stars N] [--classes C] [--features K]

Prints a markdown table in CPU time of one process (set OMP_NUM_THREADS=1): applying each step to N stars, the whole of
it as a classification does it, beside ``scipy.special.softmax`` in the same run, and what the fits cost.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import numpy as np
from scipy.special import softmax

from goodricke.decide import (
    best_of,
    combined,
    estimated_priors,
    fit,
    fit_conformal,
    fit_novelty,
    fit_thresholds,
    morphology,
    reasons,
    set_names,
    shifted,
)
from goodricke.labels import LEAVES

TARGET = 100_000


def stars(n: int, c: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Overconfident logits (N, C), true classes (N,) and features (N, K) with a tenth unknown."""
    rng = np.random.default_rng(seed)
    target = rng.choice(c, n, p=np.arange(1, c + 1) / (c * (c + 1) / 2))
    logits = 3 * rng.normal(size=(n, c))
    logits[np.arange(n), target] += 9
    features = rng.standard_t(5, size=(n, k)).astype(np.float32)
    features[np.arange(n), target % k] += 4
    features[rng.random((n, k)) < 0.1] = np.nan
    return logits.astype(np.float32), target, features


def seconds(work: Callable[[], object], repeat: int = 3) -> float:
    """CPU time of the fastest of `repeat` runs."""
    best = np.inf
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stars", type=int, default=100_000)
    parser.add_argument("--held-out", type=int, default=20_000)
    parser.add_argument("--classes", type=int, default=15)
    parser.add_argument("--features", type=int, default=100)
    chosen = parser.parse_args()
    n, c = chosen.stars, chosen.classes
    classes = LEAVES[:c]
    held_logits, target, held_features = stars(chosen.held_out, c, chosen.features, 0)
    logits, _, features = stars(n, c, chosen.features, 1)
    rng = np.random.default_rng(2)
    cost = [
        (f"fit {kind}", seconds(lambda kind=kind: fit(held_logits, target, kind=kind), 1))
        for kind in ("temperature", "vector", "dirichlet", "isotonic")
    ]
    folds = np.arange(chosen.held_out) % 5
    cost.append(("best of five kinds, 5 folds", seconds(lambda: best_of(held_logits, target, folds), 1)))
    cost.append(("fit novelty, 5 folds", seconds(lambda: fit_novelty(held_features, target, folds), 1)))
    novelty = fit_novelty(held_features, target, folds)
    trained = np.bincount(target, minlength=c) / len(target)
    wanted = trained[::-1]
    calibrations = {kind: fit(held_logits, target, kind=kind) for kind in ("temperature", "dirichlet", "isotonic")}
    calibrated = calibrations["dirichlet"].apply(held_logits)
    sets = {score: fit_conformal(calibrated, target, 0.1, score, by_class=True) for score in ("lac", "aps")}
    table = fit_thresholds(calibrated, target, classes)
    cost.append(("cuts for a purity under other priors", seconds(lambda: table.cuts_for_purity(0.95, wanted), 1)))
    p = calibrations["dirichlet"].apply(logits)
    cost.append((f"prevalences of {n:,} stars, 100 resamples", seconds(lambda: estimated_priors(p, trained), 1)))
    cuts = table.cuts_for_purity(0.95)
    inside, odd = sets["lac"].apply(p), novelty.of(features)
    points = rng.integers(10, 1000, n)

    def why(p: np.ndarray, odd: np.ndarray) -> np.ndarray:
        return reasons(n_points=points, novelty=odd, probabilities=p, classes=classes, cuts=cuts)

    def whole() -> None:
        p = calibrations["dirichlet"].apply(logits)
        set_names(sets["lac"].apply(p), classes)
        why(p, novelty.of(features))
        morphology(shifted(p, trained, wanted), classes)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("scipy.special.softmax, for comparison", lambda: softmax(logits, axis=1)),
        *[
            (f"calibration, {kind}", lambda fitted=fitted: fitted.apply(logits))
            for kind, fitted in calibrations.items()
        ],
        ("shift of priors", lambda: shifted(p, trained, wanted)),
        ("prediction sets, lac", lambda: sets["lac"].apply(p)),
        ("prediction sets, aps", lambda: sets["aps"].apply(p)),
        ("names of the sets", lambda: set_names(inside, classes)),
        (f"novelty, {chosen.features} features", lambda: novelty.of(features)),
        (f"reasons ({np.mean(why(p, odd) != ''):.0%} of the stars have some)", lambda: why(p, odd)),
        ("morphology", lambda: morphology(p, classes)),
        ("4 light curves per star combined", lambda: combined(p, np.arange(n) // 4, trained, 0.3)),
        ("**the whole step** (dirichlet, lac, novelty, reasons, shift, morphology)", whole),
    ]
    print(f"{n:,} stars, {c} classes\n\n| step | stars/s/core | µs/star |\n|---|---:|---:|")
    for name, work in steps:
        spent = seconds(work)
        print(f"| {name} | {n / spent:,.0f} | {spent / n * 1e6:.2f} |")
    print(f"\nWanted of the whole: {TARGET:,}.\n\n| fitting {chosen.held_out:,} held-out stars | s |\n|---|---:|")
    for name, spent in cost:
        print(f"| {name} | {spent:.2f} |")
    size = {
        "thresholds": len(json.dumps(table.to_dict())),
        "dirichlet": len(json.dumps(calibrations["dirichlet"].to_dict())),
    }
    size |= {"isotonic": len(json.dumps(calibrations["isotonic"].to_dict()))}
    print(f"\nBytes of JSON: {', '.join(f'{name} {value:,}' for name, value in size.items())};", end=" ")
    print(f"arrays of novelty {sum(array.nbytes for array in novelty.to_arrays().values()):,} bytes")


if __name__ == "__main__":
    main()
