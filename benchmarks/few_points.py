"""Accuracy against the number of points: the first so many of a star, and so many at random.

    python benchmarks/few_points.py LIGHTCURVES_DIR [--unseen-model FOLDER ...] [--model NAME ...] [-n STARS] [--plot]

Stars of ASAS-3 (set asas3_acvs) in fold 0 of 5 by a hash of their names, four classes, those of open class left out. A
model that ships saw all of them in training: its numbers say nothing of new stars and are marked so. Give bundles that
were trained without fold 0 with --unseen-model. A star without an answer counts as wrong (20 points is the least that a
period is searched in); intervals (95%) are from a bootstrap over stars; fewer than 10 stars of so many points are no
line of the table. --plot writes benchmarks/results/few_points.png.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke import LightCurves, Model, Predictions, classify, load_model, ragged, read
from goodricke.evaluate.resampling import Estimate, bootstrap, estimate
from goodricke.evaluate.splits import folds_of
from goodricke.labels import group_of, in_view, leaf_of
from goodricke.line.early import classify_as_of
from goodricke.output.plots import blank_figure, save_figure

SET, VIEW, FOLDS = "asas3_acvs", "4class", 5
COUNTS = (10, 20, 50, 100, 200, 500, 1000)
MOST_STARS, FEWEST_STARS = 200, 10
RESAMPLES = 2000
PICTURE = Path(__file__).parent / "results" / "few_points.png"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")


@dataclass(frozen=True)
class Judged:
    """So many points of so many stars: share that is right, that the model accepts, and that is right of these."""

    points: int
    stars: int
    right: Estimate
    accepted: float
    right_of_accepted: float


def test_stars(folder: Path, n: int, seed: int) -> tuple[LightCurves, NDArray[np.str_]]:
    """Light curves as read, and the class of each in the view."""
    table = pq.read_table(folder / f"{SET}_labels.parquet", columns=["object_id", "label_mapped"])
    names = np.array(table["object_id"].to_pylist())
    groups = np.array([group_of(leaf_of("", word), VIEW) for word in table["label_mapped"].to_pylist()])
    usable = np.flatnonzero((folds_of(names.tolist(), FOLDS) == 0) & (groups != ""))
    chosen = np.sort(np.random.default_rng(seed).permutation(usable)[:n])
    return read(folder / f"{SET}_obs.parquet")[names[chosen]], groups[chosen]


def first(lcs: LightCurves, points: int, model: Model, _: np.random.Generator) -> Predictions:
    """By the first points of every star."""
    return classify_as_of(lcs, model, f"{points}p")


def at_random(lcs: LightCurves, points: int, model: Model, rng: np.random.Generator) -> Predictions:
    """By points drawn from the whole of every star."""
    rank = np.empty(lcs.n_points, dtype=np.int64)
    shuffled = ragged.order(rng.random(lcs.n_points), lcs.offsets)
    rank[np.arange(lcs.n_points) if shuffled is None else shuffled] = np.arange(lcs.n_points)
    return classify(lcs.keep_points(rank - np.repeat(lcs.offsets[:-1], lcs.lengths) < points), model)


WAYS: dict[str, Callable[[LightCurves, int, Model, np.random.Generator], Predictions]] = {
    "first": first,
    "random": at_random,
}


def judged(found: Predictions, truth: NDArray[np.str_], points: int, seed: int) -> Judged:
    """What of the predictions is right."""
    answered = found.column("status") != "failed"
    odds, groups = in_view(np.nan_to_num(found.probabilities), found.classes, VIEW)
    right = answered & (np.array(groups)[odds.argmax(axis=1)] == truth)
    accepted = found.column("status") == "ok"
    values, samples = bootstrap(
        {"": lambda w: {"right": w @ right / w.sum(axis=1)}}, np.arange(len(truth)), RESAMPLES, seed
    )
    return Judged(
        points,
        len(truth),
        estimate(values[""]["right"], samples[""]["right"]),
        float(accepted.mean()),
        float(right[accepted].mean()) if accepted.any() else np.nan,
    )


def cells(one: Judged) -> str:
    """The table's cells of one way."""
    of_these = "-" if np.isnan(one.right_of_accepted) else f"{one.right_of_accepted:.3f}"
    right = "{value:.3f} ({low:.3f} to {high:.3f})".format(**one.right)
    return f"{right} | {one.accepted:.2f} | {of_these}"


def draw(curves: dict[tuple[str, str], list[Judged]], path: Path) -> None:
    """One colour per model, a full line for the first points, a broken one for points at random."""
    figure = blank_figure(8.6, 5.0)
    axes = figure.add_subplot()
    models = list(dict.fromkeys(model for model, _ in curves))
    for (model, way), found in curves.items():
        told = [one for one in found if one.right["value"]]
        centre = np.array([one.right["value"] for one in told])
        low, high = (np.array([one.right[end] for one in told]) for end in ("low", "high"))
        shift = 1.0 + 0.03 * (2 * models.index(model) + (way == "random"))  # so that bars do not hide each other
        axes.errorbar(
            [one.points * shift for one in told], centre, yerr=[centre - low, high - centre],
            color=COLOURS[models.index(model) % len(COLOURS)], linestyle="-" if way == "first" else (0, (4, 2)),
            marker="o" if way == "first" else "s", markerfacecolor=None if way == "first" else "white", markersize=5.5,
            linewidth=1.6, elinewidth=1.0, capsize=2.5,
            label=f"{model}, {'first points' if way == 'first' else 'points at random'}",
        )  # fmt: skip
    stars = {one.points: one.stars for found in curves.values() for one in found if one.right["value"]}
    axes.set_xscale("log")
    axes.set_xticks(list(stars), [f"{points:,}\n{n} stars" for points, n in stars.items()])
    axes.set_xticks([], minor=True)
    axes.set_ylim(None, 1.01)
    axes.grid(axis="y", color="#E4E4E4", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("number of points")
    axes.set_ylabel("share of stars that are right, EA / EB / EW / VAR")
    axes.set_title("ASAS-3: how much a few points tell", loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    save_figure(figure, path)


def main() -> None:
    """Classify, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", action="append", help="a bundle that saw the stars (default: variables)")
    parser.add_argument(
        "--unseen-model", action="append", default=[], help="folder of a bundle that did not see fold 0"
    )
    parser.add_argument("-n", type=int, default=MOST_STARS, help="stars")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of stars and points")
    parser.add_argument("--plot", action="store_true")
    options = parser.parse_args()
    seen = options.model or ([] if options.unseen_model else ["variables"])
    models = {Path(path).name: load_model(path) for path in options.unseen_model}
    models |= {f"{model.name} (saw them)": model for model in map(load_model, seen)}
    if len(models) < len(seen) + len(options.unseen_model):
        parser.error(f"two bundles have one name among {', '.join(models)}; rename a folder")
    lcs, truth = test_stars(options.folder, options.n, options.seed)
    names, counts = np.unique(truth, return_counts=True)
    said = ", ".join(f"{n} {name}" for name, n in zip(names.tolist(), counts.tolist(), strict=True))
    print(f"{len(lcs)} stars of {SET}, fold 0 of {FOLDS}: {said}; {np.median(lcs.lengths):.0f} points (median)\n")
    ways = " | ".join(f"{way}: right (95%) | accepted | right of these" for way in WAYS)
    print(f"| model | points | stars | {ways} |\n|---|---:|---:|{'---|---:|---:|' * len(WAYS)}")
    curves: dict[tuple[str, str], list[Judged]] = {}
    for title, model in models.items():
        for points in COUNTS:
            enough = lcs.lengths >= points
            if enough.sum() < FEWEST_STARS:
                continue
            row = []
            for way, predicted in WAYS.items():
                found = predicted(lcs[enough], points, model, np.random.default_rng(options.seed))
                row.append(judged(found, truth[enough], points, options.seed))
                curves.setdefault((title, way), []).append(row[-1])
            print(f"| {title} | {points} | {enough.sum()} | {' | '.join(cells(one) for one in row)} |", flush=True)
    if options.plot:
        draw(curves, PICTURE)


if __name__ == "__main__":
    main()
