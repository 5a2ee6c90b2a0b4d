"""Where a model and a catalogue disagree: the confusion matrix, and the stars of which the model is surest, to look at.

    python benchmarks/disagreements.py LIGHTCURVES_DIR UNSEEN.parquet PICTURE.png [--set NAME] [-n STARS]

UNSEEN is what ``goodricke train`` writes beside a bundle: predictions by models that never saw the star. Stars are
folded at the catalogue's period where it has one, otherwise at ours, and drawn twice. If most of the surest
disagreements are faults of the catalogue, no model that is judged by it will do much better.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke import read
from goodricke.labels import VIEWS, group_of
from goodricke.output.plots import blank_figure, save_figure
from goodricke.represent.folds import magnitudes

VIEW, SURE = "4class", (0.5, 0.7, 0.9)


def judged(table: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Column of the true group (N,), -1 where it is open, and the probability of every group (N, G)."""
    groups = VIEWS[VIEW]
    own = [[f"prob_{leaf}" for leaf in leaves if f"prob_{leaf}" in table.column_names] for leaves in groups.values()]
    p = np.stack([sum(table[name].to_numpy() for name in names) for names in own], axis=1)
    words = [group_of(tuple(word.split("/")), VIEW) for word in table["truth"].to_pylist()]
    return np.array([list(groups).index(word) if word else -1 for word in words]), p


def main(folder: Path, unseen: Path, picture: Path, name: str, n: int) -> None:
    """Print the tables, draw the picture."""
    table = pq.read_table(unseen)
    table = table.filter(pc.equal(table["survey"], name))
    truth, p = judged(table)
    groups, said, sure = list(VIEWS[VIEW]), p.argmax(axis=1), p.max(axis=1)
    known = truth >= 0
    agreed = np.mean(said[known] == truth[known])
    print(f"{name}: {known.sum()} stars with one label, {agreed:.4f} as the catalogue says")
    print(f"\n| catalogue | {' | '.join(f'said {one}' for one in groups)} |\n{'|---' * (len(groups) + 1)}|")
    for k, one in enumerate(groups):
        print(f"| {one} | {' | '.join(str(int(np.sum(known & (truth == k) & (said == j)))) for j in range(4))} |")
    print("\n| surer than | share of the stars | as the catalogue says | otherwise |\n|---|---|---|---|")
    for limit in SURE:
        rows = known & (sure > limit)
        right = said[rows] == truth[rows]
        print(f"| {limit} | {rows.sum() / known.sum():.3f} | {right.mean():.4f} | {np.sum(~right)} |")
    rows = np.flatnonzero(known & (said != truth))
    draw(folder, name, table, rows[np.argsort(-sure[rows])][:n], [groups[k] for k in said], sure, picture)


def draw(
    folder: Path, name: str, table: pa.Table, rows: NDArray[np.int64], said: list[str], sure: NDArray[np.float64],
    picture: Path,
) -> None:  # fmt: skip
    """The folds of the chosen rows, with both opinions."""
    stored = pq.read_table(folder / f"{name}_labels.parquet").to_pylist()
    catalogue = {star["object_id"]: star for star in stored}
    lcs = read(folder / f"{name}_obs.parquet")
    columns = 6
    figure = blank_figure(2.3 * columns, 1.9 * (-(-len(rows) // columns)))
    for place, row in enumerate(rows):
        star = catalogue[table["object_id"][row].as_py()]
        theirs, ours = star["period_days"], table["period_days"][row].as_py()
        period = theirs if theirs and np.isfinite(theirs) else ours
        points = magnitudes(lcs[np.array([star["object_id"]])])
        fine = np.abs(points.mag - np.median(points.mag)) < 5.0 * np.std(points.mag)
        phase = (points.time[fine] / period) % 1.0
        axes = figure.add_subplot(-(-len(rows) // columns), columns, place + 1)
        twice = np.concatenate([phase, phase + 1.0])
        axes.plot(twice, np.tile(points.mag[fine], 2), ".", markersize=1.0, color="#333333")
        axes.invert_yaxis()
        axes.tick_params(labelsize=5)
        whose = "catalogue's" if period == theirs else "ours"
        title = f"{star['label_original']}; said {said[row]} {sure[row]:.2f}\n{period:.4f} d ({whose})"
        axes.set_title(title, fontsize=6)
    save_figure(figure, picture)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("unseen", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--set", default="asas3_acvs", dest="name")
    parser.add_argument("-n", type=int, default=36)
    given = parser.parse_args()
    main(given.folder, given.unseen, given.picture, given.name, given.n)
