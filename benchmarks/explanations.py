"""Shares of explanations beside Shapley values from many orders, and what becomes of a star without its strongest part.

    python benchmarks/explanations.py LIGHTCURVES_DIR [--stars N]

The first stars of each class of ASAS-3 that the model `variables` classifies as the catalogue does. Reference: Shapley
values of the 24 windows from 32 orders. They are uncertain themselves: the last row but one compares 16 of the orders
with the other 16. Beside ours stand its two halves, and as many questions spent on random orders. "Lost" is what the
log odds lose when the 4 windows with the largest shares are levelled; in the last row, 4 windows at random.
"""

from __future__ import annotations

import argparse
import time as clock
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke.clean import clean
from goodricke.lightcurves import LightCurves
from goodricke.line import Model, classify, load_model
from goodricke.line.explain import _log_odds, _probabilities, _rows, explain
from goodricke.line.levelled import Cut, cut_phase
from goodricke.line.shares import shares, states
from goodricke.period import Periods, find_periods

Floats = NDArray[np.float64]
Ask = Callable[[NDArray[np.bool_]], Floats]
WINDOWS, ORDERS = 24, 16
CLASSES = ("EA", "EB", "EW", "RRAB")


def stars_of(folder: Path, label: str, n: int) -> LightCurves:
    """The first stars of this class."""
    labels = pq.read_table(folder / "asas3_acvs_labels.parquet").to_pydict()
    names = [one for one, said in zip(labels["object_id"], labels["label_mapped"], strict=True) if said == label][:n]
    seen = pq.read_table(folder / "asas3_acvs_obs.parquet", filters=[("object_id", "in", names)]).to_pydict()
    return LightCurves.from_arrays(
        seen["time"], mag=seen["mag"], err=seen["err"], object_id=seen["object_id"], band=seen["band"]
    )


def asker(star: LightCurves, periods: Periods, model: Model, target: int, cut: Cut) -> Ask:
    """Log odds of the star with only some windows as they are (K, 24)."""

    def ask(keep: NDArray[np.bool_]) -> Floats:
        flux = cut.kept(np.repeat(keep, 2, axis=1))
        row = np.zeros(len(flux), dtype=np.int64)
        inputs = model.inputs(replace(star[row], flux=flux.ravel()), _rows(periods, row))
        return _log_odds(_probabilities(model, model.bundle.logits(inputs)), np.full(len(flux), target))

    return ask


def by_orders(ask: Ask, rng: np.random.Generator, pairs: int, ends: Floats) -> Floats:
    """Shapley values (2 pairs, 24) from random orders and the same backwards, one row for each."""
    found = []
    for _ in range(pairs):
        one = rng.permutation(WINDOWS)
        for order in (one, one[::-1]):
            told = ask(np.argsort(order) < np.arange(1, WINDOWS)[:, None])
            gain = np.empty(WINDOWS)
            gain[order] = np.diff(np.concatenate([ends[:1], told, ends[1:]]))
            found.append(gain)
    return np.array(found)


def judged(
    star: LightCurves, periods: Periods, model: Model, target: int, rng: np.random.Generator
) -> dict[str, Floats]:
    """Name of a way -> correlation with the reference, log odds lost without the strongest windows."""
    cut = cut_phase(star, float(periods.period[0, 0]), float(periods.epoch[0]), WINDOWS)
    ask = asker(star, periods, model, target, cut)
    ends = ask(np.array([[False], [True]]) | np.zeros((2, WINDOWS), dtype=bool))
    many = by_orders(ask, rng, ORDERS, ends)
    answers = ask(states(2 * WINDOWS, True)[:, ::2])
    alone, without = np.split(answers[1:], 2)
    level, whole, change = float(ends[0]), float(ends[1]), cut.change_of_half
    ways = {
        "ours, 49 questions": shares(answers, whole, change, True),
        "windows alone": shares(np.concatenate([ends[:1], alone, whole - alone + level]), whole, change, True),
        "all but a window": shares(np.concatenate([ends[:1], whole - without + level, without]), whole, change, True),
        "2 orders, 47 questions": by_orders(ask, rng, 1, ends).mean(axis=0).repeat(2) / 2,
        "16 orders, 369 questions": many[:ORDERS].mean(axis=0).repeat(2) / 2,
    }
    reference = {True: many.mean(axis=0), False: many[ORDERS:].mean(axis=0)}
    found = {}
    for name, share in ways.items():
        windows = share.reshape(-1, 2).sum(axis=1)
        keep = np.ones((1, WINDOWS), dtype=bool)
        keep[0, np.argsort(windows)[-4:]] = False
        close = np.corrcoef(windows, reference[not name.startswith("16")])[0, 1]
        found[name] = np.array([close, whole - ask(keep)[0]])
    keep = np.argsort(rng.random((8, WINDOWS)), axis=1) >= 4
    return {**found, "at random": np.array([0.0, whole - ask(keep).mean()])}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stars", type=int, default=12)
    asked = parser.parse_args()
    model, rng = load_model("variables"), np.random.default_rng(0)
    found: dict[str, dict[str, list[Floats]]] = {}
    spent, count, points = np.zeros(2), 0, 0
    for name in CLASSES:
        lcs = stars_of(asked.folder, name, asked.stars)
        start = clock.process_time()
        rows = classify(lcs, model)
        middle = clock.process_time()
        explain(lcs, model)
        spent += middle - start, clock.process_time() - middle
        count, points = count + len(lcs), points + lcs.n_points
        right = lcs[rows.label == name]
        cleaned = clean(right)
        periods = find_periods(cleaned)
        for k in range(len(right)):
            told = judged(cleaned[k : k + 1], periods[k : k + 1], model, model.classes_.index(name), rng)
            for way, numbers in told.items():
                found.setdefault(way, {}).setdefault(name, []).append(numbers)
    print("| | " + " | ".join(f"{name}: correlation | lost" for name in CLASSES) + " |")
    print("|---|" + "---:|" * (2 * len(CLASSES)))
    for way, numbers in found.items():
        means = [np.mean(numbers[name], axis=0) for name in CLASSES]
        print(f"| {way} | " + " | ".join(f"{close:.2f} | {lost:.1f}" for close, lost in means) + " |")
    used = ", ".join(f"{len(one)} {name}" for name, one in found["at random"].items())
    each = 1e3 * spent / count
    print(f"\n{used}. Of {count} stars with {points / count:.0f} points: {each[0]:.0f} ms to classify one, ", end="")
    print(f"{each[1]:.0f} ms to explain it, {each[1] / each[0]:.1f} times as long")


if __name__ == "__main__":
    main()
