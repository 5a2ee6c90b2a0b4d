"""Fit the templates of pulsating stars to real ones and print the numbers that stand in the code.

    python benchmarks/fit_pulsators.py DIR [--kinds rrab rrc ...]

DIR is a folder with `crts_sss`, `ogle4_lmc_cep`, `asas3_acvs` and their labels as Parquet. Every star gets a Fourier
series in magnitudes at its catalogued period, or at one that is searched for; a class becomes quantiles of the period,
amplitude against period, and the mean shape with its main variations.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke import LightCurves
from goodricke.period import find_periods
from goodricke.simulate.kinds.fourier import LEVELS, Template

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class Class:
    """Which stars make a template, and how fine it is."""

    survey: str
    labels: tuple[str, ...]
    orders: int
    nodes: tuple[float, ...]
    scores: int
    error: float
    """Largest error of a coefficient, magnitudes."""
    noise: float
    """Largest error of a coefficient over the first harmonic, for the shape."""
    periods: tuple[float, float] = (0.0, np.inf)
    band: str | None = None
    swing: float = 0.0
    """Least range of the series."""


ENDS = np.clip(LEVELS, 0.005, 0.995)
"""The ends of a class, without its strangest stars."""

CLASSES = {
    "rrab": Class("crts_sss", ("1:RRab", "4:Blazhko"), 8, (-0.37, -0.27, -0.17), 3, 0.012, 0.04, (0.38, 0.85)),
    "rrc": Class("crts_sss", ("2:RRc",), 5, (-0.60, -0.48, -0.38), 3, 0.010, 0.04, (0.2, 0.46)),
    "cepheid_f": Class(
        "ogle4_lmc_cep", ("CEP:F",), 7, (0.2, 0.45, 0.7, 0.85, 0.95, 1.05, 1.25), 3, 0.02, 0.04, band="V"
    ),
    "cepheid_1o": Class("ogle4_lmc_cep", ("CEP:1O",), 5, (-0.2, 0.1, 0.3, 0.45, 0.6), 3, 0.02, 0.04, (0.3, 7.0), "V"),
    "anomalous": Class("crts_sss", ("10:ACep",), 6, (-0.12, 0.0, 0.2), 3, 0.03, 0.08, (0.4, 2.5)),
    "bl_her": Class("crts_sss", ("12:Cep-II",), 6, (0.05, 0.35), 2, 0.04, 0.1, (0.9, 4.0)),
    "w_vir": Class("crts_sss", ("12:Cep-II",), 5, (0.7, 1.2), 2, 0.04, 0.1, (4.0, 20.0)),
    "hads": Class("crts_sss", ("9:delta Scuti",), 5, (-1.05, -0.85, -0.7), 2, 0.015, 0.07, (0.05, 0.25)),
    "mira": Class("asas3_acvs", ("MIRA",), 4, (2.3, 2.5, 2.65), 2, 0.1, 0.06, (80.0, 700.0), swing=1.2),
}


def heliocentric(time: Floats, ra: float, dec: float) -> Floats:
    """Add the light's way from the Earth to the Sun, within some seconds, to Julian dates of the Earth."""
    day = time - 2451545.0
    anomaly = np.deg2rad(357.529 + 0.98560028 * day)
    long = np.deg2rad(280.459 + 0.98564736 * day) + np.deg2rad(1.915) * np.sin(anomaly)
    tilt, a, d = np.deg2rad(23.439), np.deg2rad(ra), np.deg2rad(dec)
    along = np.cos(long) * np.cos(a) * np.cos(d) + np.sin(long) * (
        np.cos(tilt) * np.sin(a) * np.cos(d) + np.sin(tilt) * np.sin(d)
    )
    return np.asarray(time - 0.0057755 * (1.00014 - 0.01671 * np.cos(anomaly)) * along)


def fit_series(time: Floats, mag: Floats, period: float, orders: int) -> tuple[Complex, float, float]:
    """Fourier coefficients (orders,) of magnitudes, the scatter about them, and the widest gap in phase.

    Higher orders are held to 0 unless the data speak (sigma 0.5 mag / k^2); points beyond 4 sigma are left out.
    """
    phase = (time / period) % 1.0
    k = np.arange(1, orders + 1)
    angle = 2.0 * np.pi * np.outer(phase, k)
    design = np.hstack([np.ones((len(time), 1)), np.cos(angle), np.sin(angle)])
    hold = np.concatenate([[0.0], np.tile(k**2 / 0.5, 2) ** 2])
    good, scatter = np.ones(len(time), bool), 0.05
    for _ in range(4):
        if good.sum() < 3 * orders + 5:
            break
        normal = design[good].T @ design[good] / scatter**2 + np.diag(hold)
        x = np.linalg.solve(normal, design[good].T @ mag[good] / scatter**2)
        off = mag - design @ x
        scatter = max(1.4826 * float(np.median(np.abs(off[good]))), 0.002)
        good = np.abs(off) < 4.0 * scatter
    ordered = np.sort(phase[good])
    gap = float(np.max(np.diff(ordered, append=ordered[0] + 1.0)))
    return x[1 : orders + 1] - 1j * x[orders + 1 :], scatter / np.sqrt(max(good.sum(), 1)), gap


def stars(folder: Path, made: Class) -> pd.DataFrame:
    """Fit the stars of a class that are good enough: period, amplitude, coefficients of each."""
    labels = pq.read_table(folder / f"{made.survey}_labels.parquet").to_pandas()
    labels = labels[labels.label_original.isin(made.labels)].set_index("object_id")
    seen = pq.read_table(folder / f"{made.survey}_obs.parquet", filters=[("object_id", "in", list(labels.index))])
    rows = []
    for name, star in seen.to_pandas().groupby("object_id"):
        row = labels.loc[name]
        period = row.period_days
        if not np.isfinite(period):
            period = searched_period(star[star.band == star.band.iloc[0]], made.periods)
        if not made.periods[0] <= period < made.periods[1]:
            continue
        part = star if made.band is None else star[star.band == made.band]
        time = part.time.to_numpy(float)
        if made.survey == "crts_sss":
            time = heliocentric(time + 2400000.5, row.ra, row.dec)
        if len(time) < 60:
            continue
        series, error, gap = fit_series(time, part.mag.to_numpy(float), period, made.orders)
        rows.append({"object_id": name, "period": period, "series": series, "gap": gap,
                     "error": np.sqrt(2.0) * error, "swing": swings(series[None])[0]})  # fmt: skip
    found = pd.DataFrame(rows)
    good = (found.gap < 0.7 / made.orders) & (found.error < made.error) & (found.swing > made.swing)
    return found[good].reset_index(drop=True)


def searched_period(star: pd.DataFrame, between: tuple[float, float]) -> float:
    """Best period of a star that has none in the catalogue."""
    if len(star) < 100:
        return float("nan")
    lcs = LightCurves.from_arrays(star.time.to_numpy(float), mag=star.mag.to_numpy(float), err=star.err.to_numpy(float))
    return float(find_periods(lcs, shortest_days=between[0], longest_days=between[1]).period[0, 0])


def shapes(series: Complex) -> Floats:
    """Harmonics 2 and up relative to the first, real parts then imaginary parts: (N, 2 (K - 1))."""
    turn = np.exp(-1j * np.outer(np.angle(series[:, 0]), np.arange(2, series.shape[1] + 1)))
    relative = series[:, 1:] * turn / np.abs(series[:, :1])
    return np.hstack([relative.real, relative.imag])


def swings(series: Complex) -> Floats:
    """Range (N,) of each series."""
    turns = np.exp(2j * np.pi * np.outer(np.arange(1, series.shape[1] + 1), np.arange(256) / 256))
    mag = (series @ turns).real
    return np.asarray(mag.max(axis=1) - mag.min(axis=1))


def hats(x: Floats, nodes: tuple[float, ...]) -> Floats:
    """Weights (N, T) of straight lines between nodes, constant outside."""
    return np.stack([np.interp(x, nodes, row) for row in np.eye(len(nodes))], axis=1)


def template(found: pd.DataFrame, made: Class) -> Template:
    """Boil fitted stars down."""
    series = np.stack(found.series.to_list())
    log_period, log_amplitude = np.log10(found.period.to_numpy()), np.log10(swings(series))
    at = hats(log_period, made.nodes)
    mean = np.linalg.lstsq(at, log_amplitude, rcond=None)[0]
    rest = log_amplitude - at @ mean
    values = shapes(series)
    noise = found.error.to_numpy() / np.abs(series[:, 0])
    design = np.hstack([at, rest[:, None]])
    # A second harmonic as strong as the first means half or twice the period.
    good = (noise < made.noise) & (np.abs(values) < 0.9).all(axis=1)
    for _ in range(3):
        fit = np.linalg.lstsq(design[good], values[good], rcond=None)[0]
        off = values - design @ fit
        wide = 1.4826 * np.median(np.abs(off[good]), axis=0)
        good &= (np.abs(off) < 5.0 * wide).all(axis=1)
    spread, way = np.linalg.eigh(np.cov(off[good].T) - np.mean(noise[good] ** 2) * np.eye(values.shape[1]))
    print(
        f"# shapes of {good.sum()}; with the scores printed {100 * ratio(spread, made.scores):.0f}% of their variance"
    )
    loadings = (way * np.sqrt(np.maximum(spread, 0.0)))[:, ::-1].T[: made.scores]
    return Template(
        log_period=rounded(np.quantile(log_period, ENDS)),
        nodes=made.nodes,
        log_amplitude=rounded(mean),
        amplitude_spread=rounded(np.quantile(rest, ENDS)),
        mean=tuple(rounded(row) for row in fit[:-1]),
        per_amplitude=rounded(fit[-1]),
        loadings=tuple(rounded(row) for row in loadings),
    )


def ratio(spread: Floats, scores: int) -> float:
    """Part of the variance that the largest few carry."""
    most = np.sort(np.maximum(spread, 0.0))[::-1]
    return float(most[:scores].sum() / most.sum())


def rounded(values: Floats) -> tuple[float, ...]:
    """As it shall stand in the code."""
    return tuple(float(x) for x in np.round(values, 3))


def main() -> None:
    """Print the templates that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kinds", nargs="+", choices=CLASSES, default=list(CLASSES))
    asked = parser.parse_args()
    for name in asked.kinds:
        found = stars(asked.folder, CLASSES[name])
        print(f"# {name}: {len(found)} stars")
        print(f"{name.upper()} = {template(found, CLASSES[name])}\n", flush=True)


if __name__ == "__main__":
    main()
