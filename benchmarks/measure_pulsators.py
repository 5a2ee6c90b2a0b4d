"""Measure what templates of pulsating stars leave out: bands, second modes, and how cycles of red giants differ.

    python benchmarks/measure_pulsators.py DIR

DIR is that of ``benchmarks/fit_pulsators.py``, with `eros1_ramp` too. The numbers stand in the code of the kinds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fit_pulsators import fit_series, heliocentric, swings

Floats = NDArray[np.float64]


def stars(folder: Path, survey: str, **wanted: str) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Give the label and the points of every star whose column has that value."""
    labels = pq.read_table(folder / f"{survey}_labels.parquet").to_pandas()
    for column, value in wanted.items():
        labels = labels[labels[column] == value]
    labels = labels.set_index("object_id")
    seen = pq.read_table(
        folder / f"{survey}_obs.parquet", filters=[("object_id", "in", list(labels.index))]
    ).to_pandas()
    for name, points in seen.groupby("object_id"):
        yield labels.loc[name], points


def two_bands(folder: Path, survey: str, blue: str, red: str, least: tuple[int, int], **wanted: str) -> None:
    """Range in the red band over the blue one, and the cycles by which it is late."""
    found = []
    for row, points in stars(folder, survey, **wanted):
        parts = [points[points.band == band] for band in (blue, red)]
        if min(len(part) - n for part, n in zip(parts, least, strict=True)) < 0 or not np.isfinite(row.period_days):
            continue
        fits = [fit_series(p.time.to_numpy(), p.mag.to_numpy(float), row.period_days, 4) for p in parts]
        if max(error / abs(series[0]) for series, error, _ in fits) > 0.05:
            continue
        first = fits[1][0][0] / fits[0][0][0]
        found.append((abs(first), (-np.angle(first) / (2.0 * np.pi) + 0.5) % 1.0 - 0.5))
    ratio, late = np.median(found, axis=0)
    print(f"{survey} {wanted}: {len(found)} stars, {red} / {blue} = {ratio:.3f}, later by {late:.3f} cycles")


def sines(time: Floats, rates: Floats) -> Floats:
    """Columns of a constant and of cosines and sines of those frequencies."""
    angle = 2.0 * np.pi * np.outer(time - time.mean(), rates)
    return np.hstack([np.ones((len(time), 1)), np.cos(angle), np.sin(angle)])


def double_modes(folder: Path) -> None:
    """Periods, sizes and phases of both modes and their sums in RR Lyrae stars whose period is the first overtone's."""
    found = []
    for row, points in stars(folder, "crts_sss", label_mapped="RRD"):
        time = heliocentric(points.time.to_numpy() + 2400000.5, row.ra, row.dec)
        mag = points.mag.to_numpy(float) - points.mag.median()
        good = np.abs(mag) < 4.0 * 1.4826 * np.median(np.abs(mag))
        time, mag, first = time[good], mag[good], 1.0 / row.period_days
        design = sines(time, first * np.arange(1, 4))
        rest = mag - design @ np.linalg.lstsq(design, mag, rcond=None)[0]
        rates = np.arange(0.735 * first, 0.755 * first, 0.1 / np.ptp(time))
        power = (
            np.abs(np.exp(-2j * np.pi * np.outer(rates, time - time.mean())) @ rest) ** 2 * 2.0 / rest.var() / len(time)
        )
        second = rates[power.argmax()]
        if power.max() < 20.0 or not 0.741 < second / first < 0.749 or row.vmag > 16.0:
            continue
        x = np.linalg.lstsq(
            sines(time, np.array([first, 2 * first, second, 2 * second, first + second, first - second])),
            mag,
            rcond=None,
        )[0]
        c = x[1:7] - 1j * x[7:]
        turn = np.exp(
            1j * np.angle([c[4] * np.conj(c[0] * c[2]), c[5] * np.conj(c[0]) * c[2], c[3] * np.conj(c[2]) ** 2])
        )
        found.append((row.period_days, second / first, abs(c[2] / c[0]), *np.abs(c[3:] / c[2]), *turn, power.max()))
    table = np.array(found)
    real = table[:, :6].real
    print(f"double modes: {len(table)} stars; periods {np.quantile(real[:, 0], [0.1, 0.3, 0.5, 0.7, 0.9]).round(3)}")
    print(f"  second over first {real[:, 2].mean():.2f} +- {real[:, 2].std():.2f}")
    print(f"  harmonic, sum, difference over second {np.median(real[:, 3:6], axis=0).round(2)}")
    print(f"  phases of sum, difference, harmonic {np.angle(table[:, 6:9].mean(axis=0)).round(2)}")
    sure = table[table[:, 9].real > 50.0].real
    print(f"  ratio of periods of the {len(sure)} surest: {np.quantile(sure[:, 1], [0.1, 0.5, 0.9]).round(4)}, "
          f"slope {np.polyfit(np.log10(sure[:, 0]), sure[:, 1], 1)[0]:.3f}")  # fmt: skip


def cycles(folder: Path) -> None:
    """Scatter of size, clock and level of the cycles of long-period variables about their mean curve."""
    found, k = [], np.arange(1, 4)
    for number, (row, points) in enumerate(stars(folder, "crts_sss", label_mapped="LPV")):
        time, mag, period = points.time.to_numpy(), points.mag.to_numpy(float), row.period_days
        if len(time) < 100 or period > 700.0:
            continue
        series, _, gap = fit_series(time, mag, period, 3)
        wave = np.exp(2j * np.pi * np.outer(time / period, k))
        curve, slope = (wave @ series).real, (wave @ (2j * np.pi * k * series)).real
        if gap > 0.2:
            continue
        cycle = np.floor(time / period)
        for one in np.unique(cycle):
            mine = cycle == one
            if mine.sum() >= 10 and np.ptp(time[mine] / period) > 0.5:
                design = np.stack([np.ones(mine.sum()), curve[mine], slope[mine]], axis=1)
                x = np.linalg.lstsq(design, mag[mine], rcond=None)[0]
                found.append((number, swings(series[None])[0], x[1], x[2], x[0] - np.median(mag - curve)))
    table = np.array([row for row in found if abs(row[3]) < 0.3])
    for low, high in ((0.4, 0.8), (0.8, 1.5), (1.5, 6.0)):
        part = table[(table[:, 1] > low) & (table[:, 1] < high)]
        half = 0.5 * np.diff(np.quantile(part[:, 2:], [0.16, 0.84], axis=0), axis=0)[0]
        print(f"range {low} to {high}: {len(part)} cycles of {len(np.unique(part[:, 0]))} stars, "
              f"size {half[0]:.2f}, clock {half[1]:.3f} cycles, level {half[2]:.2f} mag")  # fmt: skip


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    two_bands(folder, "ogle4_lmc_cep", "V", "I", (100, 200), label_original="CEP:F")
    for kind in ("RR", "LPV"):
        two_bands(folder, "eros1_ramp", "B", "R", (60, 60), label_mapped=kind)
    double_modes(folder)
    cycles(folder)


if __name__ == "__main__":
    main()
