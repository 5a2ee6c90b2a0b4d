"""How often the period is right: ours, the highest peak of the floating-mean periodogram, and that peak doubled.

    python benchmarks/period_quality.py FOLDER [--stars N] [--peers N] [--sets NAME ...] [--periods FILE] [--folds DIR]

FOLDER holds `<set>_obs.parquet` and `<set>_labels.parquet` with `object_id`, `label_mapped` and `period_days`. Right
means within 0.2% of the catalogue's period. Without --periods the shipped chooser is used, which was trained on part of
these stars; for a figure of record give out-of-fold periods (`object_id`, `period_days`) with --periods.

With --folds, stars are drawn whose catalogue period is probably wrong: ours is no relative of it (P/2, 2P, ...) nor
near a clock of the sampling nor longer than half the span, and the curve folded at ours scatters by a fifth less (chi
square about 40 bins) than at any period within 0.2% of the catalogue's, by 40 or more in ``n ln(chi square)``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from astropy.timeseries import LombScargle
from numpy.typing import NDArray

import goodricke as gr
from goodricke.clean import clean
from goodricke.period import find_periods
from goodricke.period.aliases import is_suspicious
from goodricke.period.folds import scatter
from goodricke.period.grid import grid_for
from goodricke.period.periods import levelled, why_not
from goodricke.period.search import floored
from goodricke.period.spectrum import exact_peaks, plain_power

mpl.use("Agg")
import matplotlib.pyplot as plt

Floats = NDArray[np.float64]

SETS = ("asas3_acvs", "crts_sss", "ogle4_lmc_cep", "eros1_ramp")
TOLERANCE = 0.002
OUTCOMES = ("right", "P/2", "2P", "day alias", "other")
FEWEST = 10  # stars in a line of the table
BINS = 40
TIGHTER, EVIDENCE = 0.8, 40.0


def outcome(found: float, truth: float) -> str:
    """What a period is to the catalogue's."""
    if not found > 0:
        return "other"
    for name, factor in (("right", 1.0), ("P/2", 0.5), ("2P", 2.0)):
        if abs(found / (factor * truth) - 1.0) < TOLERANCE:
            return name
    for own in (1.0, 2.0, 0.5):
        for days in (-2, -1, 1, 2):
            if abs(found * abs(own / truth + days) - 1.0) < TOLERANCE:
                return "day alias"
    return "other"


def relatives(found: float, truth: float) -> bool:
    """Whether the periods are in a ratio of small whole numbers."""
    return any(abs(found / truth * b / a - 1.0) < TOLERANCE for a in range(1, 7) for b in range(1, 7))


def stars_of(folder: Path, name: str, most: int, seed: int) -> tuple[gr.LightCurves, NDArray[np.str_], Floats]:
    """Cleaned light curves, classes and catalogue periods of a random part of a set."""
    labels = pq.read_table(
        folder / f"{name}_labels.parquet", columns=["object_id", "label_mapped", "period_days"]
    ).filter(pc.greater(pc.field("period_days"), 0))
    order = np.sort(np.random.default_rng(seed).permutation(len(labels))[:most])
    labels = labels.take(pa.array(order))
    ids = labels["object_id"].to_numpy(zero_copy_only=False).astype(str)
    part = folder / f"{name}_obs.parquet"
    lcs = clean(gr.read(part))
    place = {star: k for k, star in enumerate(lcs.object_id)}
    here = np.array([star in place for star in ids])
    lcs = lcs[np.array([place[star] for star in ids[here]])]
    classes = labels["label_mapped"].to_numpy(zero_copy_only=False).astype(str)
    return lcs, classes[here], labels["period_days"].to_numpy()[here]


def our_periods(lcs: gr.LightCurves, file: Path | None) -> tuple[Floats, NDArray[np.bool_]]:
    """Best periods (N,), searched or from a file, and whether the star was asked about: the file may lack some."""
    if file is None:
        return find_periods(lcs).period[:, 0], np.ones(len(lcs), dtype=bool)
    table = pq.read_table(file, columns=["object_id", "period_days"])
    known = dict(zip(table["object_id"].to_pylist(), table["period_days"].to_pylist(), strict=True))
    names = lcs.object_id.tolist()
    return np.array([known.get(star) or np.nan for star in names]), np.array([star in known for star in names])


def top_periods(lcs: gr.LightCurves, flux: Floats, peers: int) -> tuple[Floats, str]:
    """Periods of the highest peaks (N,) of the floating-mean periodogram, and how often astropy has the same."""
    found, same = np.full(len(lcs), np.nan), []
    asked = set(np.random.default_rng(1).permutation(len(lcs))[:peers].tolist())
    for i in range(len(lcs)):
        here = slice(int(lcs.offsets[i]), int(lcs.offsets[i + 1]))
        time, err = lcs.time[here] - lcs.time[here][0], floored(lcs.flux_err[here].astype(float))
        if why_not(time, flux[here]):
            continue
        grid = grid_for(time)
        frequency, _ = exact_peaks(time, flux[here], err, plain_power(time, flux[here], err, grid), grid, 3)
        found[i] = 1.0 / frequency[0]
        if i in asked:
            power = LombScargle(time, flux[here], err).power(
                grid.frequencies, method="fast", assume_regular_frequency=True
            )
            same.append(abs(grid.frequencies[int(np.argmax(power))] - frequency[0]) < 1.0 / time[-1])
    return found, f"{sum(same)} of {len(same)}"


def terciles(values: Floats) -> list[tuple[str, NDArray[np.bool_]]]:
    """Names and masks of the lower, middle and upper third."""
    known = np.isfinite(values)
    if known.sum() < 3 * FEWEST:
        return []
    low, high = np.quantile(values[known], [1 / 3, 2 / 3])
    return [
        (f"<= {low:.4g}", values <= low),
        (f"{low:.4g} - {high:.4g}", (values > low) & (values <= high)),
        (f"> {high:.4g}", values > high),
    ]


def print_lines(
    name: str, classes: NDArray[np.str_], found: dict[str, NDArray[np.str_]],
    cuts: dict[str, Floats],
) -> None:  # fmt: skip
    """Lines of the table for one set."""

    def line(label: str, cut: str, mask: NDArray[np.bool_]) -> None:
        if mask.sum() >= FEWEST:
            shares = [f"{100 * np.mean(found['ours'][mask] == one):.1f}" for one in OUTCOMES]
            peers = [f"{100 * np.mean(found[peer][mask] == 'right'):.1f}" for peer in ("top", "doubled")]
            right = [found[peer][mask] == "right" for peer in ("ours", "doubled")]
            peers += [f"{100 * np.mean(right[0] & ~right[1]):.1f}", f"{100 * np.mean(right[1] & ~right[0]):.1f}"]
            print(f"| {name} | {label} | {cut} | {mask.sum()} | {' | '.join([*shares, *peers])} |")

    for label in np.unique(classes):
        mine = classes == label
        line(label, "all", mine)
        for cut, values in cuts.items():
            for text, third in terciles(np.where(mine, values, np.nan)):
                line(label, f"{cut} {text}", mine & third)


def scatters(time: Floats, flux: Floats, err: Floats, period: float, reach: float) -> float:
    """Least chi square about the bins of a fold near a period: within its relative `reach`, in steps of 0.1/span."""
    weight = 1.0 / np.maximum(err, 0.5 * np.median(err)) ** 2
    value = flux - np.sum(weight * flux) / np.sum(weight)
    span = time[-1] - time[0]
    k = min(int(reach / period * 10 * span) + 1, 4000)
    trial = 1.0 / period + np.linspace(-reach / period, reach / period, 2 * k + 1)
    return min(
        float(scatter(time - time[0], value, weight, part, BINS)[0].min())
        for part in np.array_split(trial, k // 100 + 1)
    )


def doubtful(lcs: gr.LightCurves, flux: Floats, ours: Floats, truth: Floats) -> list[tuple[int, float]]:
    """Stars whose catalogue period is probably wrong, and the ratio of the scatters, clearest first."""
    found = []
    for i in np.flatnonzero(np.isfinite(ours)):
        if relatives(ours[i], truth[i]):
            continue
        here = slice(int(lcs.offsets[i]), int(lcs.offsets[i + 1]))
        data = lcs.time[here], flux[here], lcs.flux_err[here].astype(float)
        if is_suspicious(data[0], ours[i : i + 1])[0]:
            continue
        ratio = scatters(*data, ours[i], 1e-5) / scatters(*data, truth[i], TOLERANCE)
        if ratio < TIGHTER and -len(data[0]) * np.log(ratio) > EVIDENCE:
            found.append((int(i), float(ratio)))
    return sorted(found, key=lambda pair: pair[1])


def draw(
    path: Path, lcs: gr.LightCurves, flux: Floats, stars: list[int], titles: list[list[tuple[str, float]]]
) -> None:
    """Folds of stars at two periods each, two cycles, two stars to a row."""
    rows = (len(stars) + 1) // 2
    figure, axes = plt.subplots(rows, 4, figsize=(15, 2.3 * rows), sharey=False, layout="constrained", squeeze=False)
    for axis in axes.ravel()[2 * len(stars) :]:
        axis.set_axis_off()
    for k, i in enumerate(stars):
        here = slice(int(lcs.offsets[i]), int(lcs.offsets[i + 1]))
        time, light, err = lcs.time[here], 1.0 + flux[here], lcs.flux_err[here]
        low, high = np.quantile(light, [0.003, 0.997])
        for axis, (title, period) in zip(axes.ravel()[2 * k : 2 * k + 2], titles[k], strict=True):
            phase = (time / period) % 1.0
            axis.errorbar(
                np.concatenate([phase, phase + 1]), np.tile(light, 2), np.tile(err, 2),
                fmt=".", ms=2.5, color="#1f4e79", ecolor="#c9d6e3", elinewidth=0.6,
            )  # fmt: skip
            axis.set_title(title, fontsize=8)
            axis.set(xlim=(0, 2), ylim=(low - 0.15 * (high - low), high + 0.15 * (high - low)))
    figure.supxlabel("phase")
    figure.supylabel("relative flux")
    figure.savefig(path, dpi=70)
    plt.close(figure)


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stars", type=int, default=300, help="per set")
    parser.add_argument("--peers", type=int, default=50, help="stars per set that astropy is asked about")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--periods", type=Path, help="Parquet file with object_id and period_days found out of fold")
    parser.add_argument(
        "--folds", type=Path, help="folder for a picture per set of stars whose catalogue period is doubtful"
    )
    parser.add_argument("--pictures", type=int, default=12, help="per set")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    source = f"`{options.periods.name}`" if options.periods else "the shipped chooser, TRAINED ON PART OF THESE STARS"
    print(
        f"Periods of ours: {source}. At most {options.stars} stars a set, seed {options.seed}; percent of the stars.\n"
    )
    print("| set | class | cut | stars | " + " | ".join(f"ours {one}" for one in OUTCOMES), end="")
    print(
        " | top peak right | doubled right | ours only | doubled only |\n|---|---|---|" + "---:|" * (5 + len(OUTCOMES))
    )
    doubts: list[tuple[str, str, int, int]] = []
    agreed: list[str] = []
    for name in options.sets:
        lcs, classes, truth = stars_of(options.folder, name, options.stars, options.seed)
        ours, asked = our_periods(lcs, options.periods)
        lcs, classes, truth, ours = lcs[np.flatnonzero(asked)], classes[asked], truth[asked], ours[asked]
        flux = levelled(lcs)
        top, same = top_periods(lcs, flux, options.peers)
        agreed.append(f"{name} {same}")
        trials = {"ours": ours, "top": top, "doubled": 2.0 * top}
        found = {
            key: np.array([outcome(p, t) for p, t in zip(periods, truth, strict=True)])
            for key, periods in trials.items()
        }
        magnitude = np.full(len(lcs), np.nan)
        for column in lcs.ref_mag.T:
            magnitude = np.where(np.isfinite(magnitude), magnitude, column)
        print_lines(name, classes, found, {"mag": magnitude, "points": lcs.lengths.astype(float)})
        if options.folds:
            wrong = doubtful(lcs, flux, ours, truth)
            doubts += [
                (name, label, np.sum(classes == label), sum(classes[i] == label for i, _ in wrong))
                for label in np.unique(classes)
            ]
            stars = [i for i, _ in wrong[: options.pictures]]
            titles = [
                [
                    (f"{lcs.object_id[i]}: ours, {ours[i]:.6g} d, scatter x {ratio:.2f}", ours[i]),
                    (f"{classes[i]}, catalogue, {truth[i]:.6g} d", truth[i]),
                ]
                for i, ratio in wrong[: options.pictures]
            ]
            if stars:
                options.folds.mkdir(parents=True, exist_ok=True)
                draw(options.folds / f"disputed_{name}.png", lcs, flux, stars, titles)
    print(f"\nThe same top peak in astropy: {', '.join(agreed)} stars.")
    if options.folds:
        print("\n| set | class | stars | catalogue probably wrong |\n|---|---|---:|---:|")
        for row in doubts:
            print("| {} | {} | {} | {} |".format(*row))


if __name__ == "__main__":
    main()
