"""Fit what rotators, lensed stars, supernovae and instrumental trouble take from real stars, and compare.

    python benchmarks/fit_others.py DIR

DIR is the shared data (`lightcurves/<set>_obs.parquet`). Prints the numbers that stand in `goodricke.simulate.kinds`,
and for rotators the same measurements on simulated stars at the real stars' times.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.optimize import least_squares

from goodricke.simulate.kinds.microlensing import magnification
from goodricke.simulate.kinds.rotators import Rotator
from goodricke.simulate.stars import Moments

Floats = NDArray[np.float64]
PERCENTILES = (16, 50, 84)


@dataclass(frozen=True)
class Star:
    """One real star."""

    period: float
    time: Floats
    mag: Floats
    err: Floats
    band: NDArray[np.str_]


def stars_of(folder: Path, name: str, label: str, most: int = 10**9) -> Iterator[Star]:
    """The stars of a set with that label."""
    labels = pq.read_table(folder / "lightcurves" / f"{name}_labels.parquet")
    table = pq.read_table(folder / "lightcurves" / f"{name}_obs.parquet")
    wanted = np.array(labels["label_mapped"].to_pylist()) == label
    names = np.array(labels["object_id"].to_pylist())[wanted][:most]
    period = np.array(labels["period_days"].to_pylist(), dtype=float)[wanted][:most]
    owner = np.array(table["object_id"].to_pylist())
    order = np.argsort(owner, kind="stable")
    first, last = np.searchsorted(owner, names, "left", order), np.searchsorted(owner, names, "right", order)
    time, mag, err = (table[c].to_numpy().astype(float)[order] for c in ("time", "mag", "err"))
    band = np.array(table["band"].to_pylist())[order]
    for p, a, b in zip(period, first, last, strict=True):
        yield Star(p, time[a:b], mag[a:b], err[a:b], band[a:b])


def waves(time: Floats, period: float, n: int) -> Floats:
    """Design (M, 2n + 1): a level and `n` harmonics."""
    turns = 2.0 * np.pi * np.outer(time / period, np.arange(1, n + 1))
    return np.concatenate([np.ones((len(time), 1)), np.cos(turns), np.sin(turns)], axis=1)


def clipped_fit(design: Floats, mag: Floats) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Least squares without the points beyond 4 sigma: coefficients, which points, residuals."""
    good = np.ones(len(mag), dtype=bool)
    for _ in range(4):
        found = np.linalg.lstsq(design[good], mag[good], rcond=None)[0]
        left = mag - design @ found
        good = np.abs(left) < 4.0 * 1.4826 * np.median(np.abs(left[good]))
    return found, good, left


def steadiness(time: Floats, mag: Floats, period: float) -> float:
    """Part of the first harmonic's power in single seasons that the mean of the seasons keeps; noise taken off."""
    seen, noise = [], []
    season = np.floor((time - time.min()) / 365.25)
    for s in np.unique(season):
        at = season == s
        if at.sum() < 20:
            continue
        design = waves(time[at], period, 1)
        spread = np.linalg.pinv(design.T @ design)
        found = spread @ design.T @ mag[at]
        variance = np.var(mag[at] - design @ found, ddof=3)
        seen.append(found[1] + 1j * found[2])
        noise.append((spread[1, 1] + spread[2, 2]) * variance)
    if len(seen) < 3:
        return np.nan
    total = np.mean(np.abs(seen) ** 2) - np.mean(noise)
    return float(1.0 - (np.var(seen, ddof=1) - np.mean(noise)) / total)


def rotation(star: Star) -> tuple[float, float, float, float]:
    """Period, amplitude of two harmonics, second over first, steadiness."""
    found, good, _ = clipped_fit(waves(star.time, star.period, 2), star.mag)
    curve = waves(np.arange(100) / 100.0, 1.0, 2) @ found
    ratio = np.hypot(found[2], found[4]) / np.hypot(found[1], found[3])
    return star.period, float(np.ptp(curve)), ratio, steadiness(star.time[good], star.mag[good], star.period)


class Active(Rotator):
    """Active stars only."""

    shares: ClassVar[dict[str, float]] = {"active": 1.0}


def near_period(star: Star) -> Star:
    """A simulated star with the period that the strongest wave near its own has, as a catalogue would give it."""
    steps = np.linspace(-3.0, 3.0, 61) / np.ptp(star.time)
    power = [
        abs(np.mean((star.mag - star.mag.mean()) * np.exp(-2j * np.pi * (1 / star.period + s) * star.time)))
        for s in steps
    ]
    return Star(1.0 / (1.0 / star.period + steps[int(np.argmax(power))]), star.time, star.mag, star.err, star.band)


def simulated(real: list[Star], noise: float) -> list[Star]:
    """Active rotators at the times of real stars."""
    rng = np.random.default_rng(5)
    time = np.concatenate([s.time for s in real]) + 2400000.5
    offsets = np.concatenate([[0], np.cumsum([len(s.time) for s in real])])
    kind = Active()
    table = kind.draw(len(real), rng, (float(time.min()), float(time.max())))
    mag = -2.5 * np.log10(kind.light(table, Moments(time, offsets), "V")) + rng.normal(0.0, noise, len(time))
    parts = zip(real, table["period_days"], offsets[:-1], offsets[1:], strict=True)
    return [near_period(Star(p, s.time - 53000.0, mag[a:b], s.err, s.band)) for s, p, a, b in parts]


def show(name: str, rows: Floats, columns: tuple[str, ...]) -> None:
    """One line of percentiles per column."""
    for k, column in enumerate(columns):
        values = np.round(np.nanpercentile(rows[:, k], PERCENTILES), 3)
        print(f"| {name} | {len(rows)} | {column} | {' | '.join(map(str, values))} |")


def rotators(folder: Path) -> None:
    """CRTS and simulated stars with one wave in a period, and the peculiar stars of ASAS-3 with a clear period."""
    columns = ("period d", "amplitude mag", "second / first harmonic", "steadiness")
    real = list(stars_of(folder, "crts_sss", "ROT"))
    for name, stars in (("CRTS", real), ("simulated", simulated(real[:800], 0.04))):
        rows = np.array([rotation(s) for s in stars])
        one = (rows[:, 2] < 0.8) & (rows[:, 1] > 0.08)
        print(f"| {name} | {len(rows)} | one wave | {one.mean():.3f} | | |")
        show(name, rows[one], columns)
    rows = np.array([r for s in stars_of(folder, "asas3_acvs", "ROT") if (r := peculiar(s)) is not None])
    show("ASAS-3 ACV", rows, columns[:2])


def peculiar(star: Star) -> tuple[float, float] | None:
    """Period and amplitude of the strongest wave from 0.4 to 50 days, if it stands out eight times."""
    mag = star.mag - np.median(star.mag)
    good = np.abs(mag) < 5.0 * 1.4826 * np.median(np.abs(mag))
    time, mag = star.time[good] - star.time[0], mag[good]
    tried = np.arange(0.02, 2.5, 7e-5)
    power = np.concatenate([np.abs(np.exp(-2j * np.pi * np.outer(f, time)) @ mag) for f in np.array_split(tried, 40)])
    best = int(np.argmax(power))
    if power[best] < 8.0 * np.median(power):
        return None
    found, _, _ = clipped_fit(waves(time, 1.0 / tried[best], 2), mag)
    return 1.0 / tried[best], float(np.ptp(waves(np.arange(100) / 100.0, 1.0, 2) @ found))


def lensing(star: Star) -> tuple[float, float, float, float, float]:
    """Logarithm of the Einstein time, impact, share of the source, scatter over errors, maximum of the flux."""
    band, count = np.unique(star.band, return_counts=True)
    at = star.band == band[np.argmax(count)]
    time, flux = star.time[at], 10.0 ** (-0.4 * (star.mag[at] - np.median(star.mag[at])))
    err = flux * np.maximum(star.err[at], 0.005) * 0.921
    smooth = np.median(np.stack([np.roll(flux, -1), flux, np.roll(flux, 1)]), axis=0)

    def left(x: Floats) -> Floats:
        gain = magnification(np.hypot(np.exp(x[1]), (time - x[0]) / 10.0 ** x[2])) - 1.0
        return (x[4] * (1.0 + gain / (1.0 + np.exp(-x[3]))) - flux) / err

    bounds = ([time.min() - 50, -5, -0.3, -5, 0.3], [time.max() + 50, 0.7, 3, 6, 1.5])
    starts = [(time[np.argmax(smooth)], np.log(u), t, 2.0, 1.0) for u in (0.1, 0.5) for t in (1.0, 1.5, 2.0)]
    best = min((least_squares(left, s, loss="soft_l1", bounds=bounds) for s in starts), key=lambda r: r.cost).x
    chi2 = np.median(left(best) ** 2) / 0.455
    return best[2], float(np.exp(best[1])), float(1.0 / (1.0 + np.exp(-best[3]))), float(chi2), float(flux.max())


def microlensing(folder: Path) -> None:
    """Fits of OGLE-II that describe their stars."""
    rows = np.array([lensing(s) for s in stars_of(folder, "ogle2_misc_small", "TRANSIENT")])
    good = rows[(rows[:, 3] < 3.0) & (rows[:, 4] > 1.3) & (rows[:, 0] < 2.5)]
    show("OGLE-II", good, ("log10 Einstein days", "impact", "share of the source"))
    print(f"log10 Einstein days: mean {good[:, 0].mean():.3f}, spread {good[:, 0].std():.3f}")


def two_peaks(days: Floats, p: Floats) -> Floats:
    """The form of ``goodricke.simulate.kinds.supernovae.thermonuclear``."""
    days = np.clip(days, -80.0, 400.0)
    light = np.exp(-0.5 * (days / np.where(days < 0, p[0], p[1])) ** 2) + p[2] * np.exp(
        -0.5 * ((days - p[3]) / p[4]) ** 2
    )
    return light + p[5] * np.exp(-days / p[6]) / (1.0 + np.exp(-np.clip((days - p[7]) / 5.0, -50.0, 50.0)))


def aligned(star: Star, shapes: list[Floats]) -> tuple[float, float, Floats, float]:
    """Peak date, stretch, height in g and R, and chi2 per point of the best of a grid, heights solved for."""
    flux = 10.0 ** (-0.4 * (star.mag - 18.0))
    weight = 1.0 / ((flux * star.err * 0.921) ** 2 + (0.04 * flux) ** 2)
    peaks, stretch = star.time[np.argmax(flux)] + np.linspace(-14.0, 14.0, 57), np.linspace(0.7, 1.5, 17)
    days = (star.time - peaks[:, None, None]) / stretch[:, None]
    cost, heights = ((stretch - 1.0) / 0.2) ** 2 + np.zeros(days.shape[:2]), []
    for band, shape in zip(("g", "R"), shapes, strict=True):
        at = star.band == band
        y, w, f = two_peaks(days[..., at], shape), weight[at], flux[at]
        heights.append((w * f * y).sum(-1) / (w * y**2).sum(-1))
        cost = cost + (w * (f - heights[-1][..., None] * y) ** 2).sum(-1)
    best = np.unravel_index(np.argmin(cost), cost.shape)
    return peaks[best[0]], stretch[best[1]], np.array([h[best] for h in heights]), cost[best] / max(len(flux) - 4, 1)


def supernovae(folder: Path) -> None:
    """One shape per band for all type Ia of ZTF, each star with its own date, stretch and heights; five rounds."""
    stars = list(stars_of(folder, "ztf_bts_snia", "TRANSIENT"))
    stars = [s for s in stars if min((s.band == b).sum() for b in ("g", "R")) >= 5]
    shapes = [np.array([7, 10, 0.2, 18, 7, 0.1, 60, 15.0]), np.array([8, 13, 0.3, 25, 7, 0.1, 60, 15.0])]
    low, high = np.array([3, 5, 0, 10, 4, 0, 20, 5.0]), np.array([15, 25, 0.8, 35, 12, 0.6, 120, 35.0])
    for _ in range(5):
        found = [aligned(s, shapes) for s in stars]
        for k, band in enumerate(("g", "R")):
            parts = [(s, f) for s, f in zip(stars, found, strict=True) if f[3] < 10]
            days = np.concatenate([(s.time[s.band == band] - f[0]) / f[1] for s, f in parts])
            flux = np.concatenate([10.0 ** (-0.4 * (s.mag[s.band == band] - 18.0)) / f[2][k] for s, f in parts])
            err = np.concatenate([np.hypot(s.err[s.band == band] * 0.921, 0.04) for s, _ in parts]) * flux
            fit = least_squares(
                lambda p, d=days, y=flux, e=err: (two_peaks(d, p) - y) / e,
                np.clip(shapes[k], low + 1e-3, high - 1e-3), bounds=(low, high), loss="soft_l1",
            )  # fmt: skip
            shapes[k] = fit.x
    stretch, chi2 = np.array([f[1] for f in found]), np.array([f[3] for f in found])
    print(f"{len(stars)} type Ia; stretch {stretch.mean():.3f} +- {stretch.std():.3f}; chi2/dof {np.median(chi2):.2f}")
    print("g", np.round(shapes[0], 3), "\nR", np.round(shapes[1], 3))


def troubles(folder: Path) -> None:
    """Waves with the day and the Moon, and scatter of seasons, in eclipsing stars without their periodic part."""
    for name in ("asas3_acvs", "crts_sss"):
        rows = []
        for star in stars_of(folder, name, "EA", 800):
            if not star.period > 0.0 or len(star.time) < 60:
                continue
            _, good, left = clipped_fit(waves(star.time, star.period, 6), star.mag)
            time, left = star.time[good], left[good]
            wave = [
                abs(2.0 * np.mean(left * np.exp(-2j * np.pi * f * time))) for f in (1.0, 1.0027379, 1 / 29.53, 1.37)
            ]
            season = np.floor((time - time.min()) / 365.25)
            parts = [left[season == s] for s in np.unique(season) if (season == s).sum() >= 12]
            excess = np.var([p.mean() for p in parts], ddof=1) - np.mean([p.var() / len(p) for p in parts])
            rows.append([*wave, np.sqrt(max(excess, 0.0))])
        for k, column in enumerate(("solar day", "sidereal day", "Moon", "1.37 / d (noise)", "seasons")):
            values = np.round(np.nanpercentile(np.array(rows)[:, k], (50, 95, 99)), 4)
            print(f"| {name} | {len(rows)} | {column}, mag: 50, 95, 99% | {' | '.join(map(str, values))} |")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print("| set | stars | what | 16% | 50% | 84% |\n|---|---:|---|---:|---:|---:|")
    rotators(folder)
    microlensing(folder)
    supernovae(folder)
    troubles(folder)


if __name__ == "__main__":
    main()
