"""Simulated light curves of space telescopes and LSST beside real ones, or beside published numbers.

    python benchmarks/compare_space.py DATA_DIR [-o FOLDER_OF_PICTURES]

The folder holds raw/tess_spoc_2min and so on, as the tests use it. For every real file a hundred constant stars of its
magnitude are simulated; figures are medians per sector or quarter. Real stars vary: only the scatter from point to
point is theirs and the instrument's alone, and that too not in the fastest of them.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import goodricke
from goodricke.lightcurves import LightCurves, assemble
from goodricke.simulate.observing.observatory import Observatory
from goodricke.simulate.observing.table import observatory
from goodricke.surveys.table import find

STARS = 100
REAL = (
    ("tess_2min", "tess_spoc_2min/*0092873799*", 10.236),
    ("tess_2min", "tess_spoc_2min/*0117544915*", 8.441),
    ("tess_2min", "tess_spoc_2min/*pimen*", 5.105),
    ("tess_30min", "tess_spoc_ffi_hlsp/*0038846515*", 10.316),
    ("tess_30min", "tess_qlp/*0038846515*", 10.307),
    ("kepler", "kepler_llc/*2009350155506*", 13.804),
    ("kepler", "kepler_llc/*2010009091648*", 13.804),
)
PUBLISHED = {
    "gaia": "about 40 transits in G on the mean; most near 45 degrees of ecliptic latitude",
    "lsst": "median of 825 visits: u 56, g 80, r 184, i 184, z 160, y 160",
}


@dataclass(frozen=True)
class Figures:
    """What is compared of one star, or the median over stars."""

    points: float
    """Kept by the reader, per day observed."""
    filled: float
    """Kept over the points that an unbroken cadence would give, first to last."""
    longest_gap: float
    """Days."""
    scatter: float
    """From point to point, parts per million."""
    error: float
    """Written, parts per million."""
    slow: float
    """Scatter about the median over that from point to point."""


def figures(time: np.ndarray, flux: np.ndarray, error: np.ndarray) -> Figures:
    """Measure one light curve."""
    gap = np.diff(time)
    step = float(np.median(gap))
    fast = 1.4826 * float(np.median(np.abs(np.diff(flux)))) / np.sqrt(2.0)
    slow = 1.4826 * float(np.median(np.abs(flux - np.median(flux))))
    return Figures(
        len(time) / float(time[-1] - time[0]),
        len(time) / (float(time[-1] - time[0]) / step + 1.0),
        float(gap.max()),
        1e6 * fast,
        1e6 * float(np.median(error)),
        slow / fast,
    )


def constants(survey: Observatory, magnitude: float, n: int, seed: int) -> LightCurves:
    """Constant stars of one magnitude as the reader would give them."""
    rng = np.random.default_rng(seed)
    visits = survey.visits(n, rng)
    names = np.array([f"star {k}" for k in range(n)])
    measured = survey.measure(names, visits, np.full(len(visits.time), magnitude), rng)
    row = find(survey.survey)
    return assemble(measured, row.name, row.load().QUALITY.mask("default"))


def first_spell(lcs: LightCurves, star: int, days: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time, flux and error of the first sector or quarter of a star."""
    rows = slice(lcs.offsets[star], lcs.offsets[star + 1])
    time = lcs.time[rows]
    inside = time < time[0] + days
    return time[inside], lcs.flux[rows][inside], lcs.flux_err[rows][inside]


def compare(name: str, path: Path, magnitude: float) -> list[tuple[str, Figures]]:
    """The real star, and the median of simulated ones, over as many days."""
    real = goodricke.read(path)
    one = figures(real.time, real.flux, real.flux_err)
    days = float(real.time[-1] - real.time[0]) + 0.01
    made = constants(observatory(name), magnitude, STARS if name != "tess_2min" else 30, 1)
    all_of_them = [figures(*first_spell(made, k, days)) for k in range(len(made))]
    middle = Figures(*(float(np.median([getattr(f, key) for f in all_of_them])) for key in Figures.__annotations__))
    return [(path.name[:44], one), (f"  simulated {name}", middle)]


def transits() -> None:
    """Print numbers of visits of the two surveys without real samples."""
    for name, words in PUBLISHED.items():
        survey = observatory(name)
        visits = survey.visits(2000, np.random.default_rng(2))
        counts = [np.bincount(np.repeat(np.arange(2000), np.diff(visits.offsets))[visits.band == k], minlength=2000)
                  for k in range(len(survey.bands))]  # fmt: skip
        middle = ", ".join(
            f"{band} {np.mean(c):.0f} ({np.quantile(c, 0.05):.0f} to {np.quantile(c, 0.95):.0f})"
            for band, c in zip(survey.bands, counts, strict=True)
        )
        print(f"{name}: {middle}\n    published: {words}")


def draw(data: Path, folder: Path) -> None:
    """Draw real and simulated light curves, and noise against magnitude."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    for name, pattern, magnitude in (REAL[0], REAL[1], REAL[3], REAL[4], REAL[5]):
        path = next((data / "raw").glob(pattern))
        real = goodricke.read(path)
        days = float(real.time[-1] - real.time[0]) + 0.01
        made = constants(observatory(name), magnitude, 3, 5)
        figure, axes = plt.subplots(4, 1, figsize=(12, 10), sharey=True)
        axes[0].plot(real.time, real.flux, "k.", ms=1.5)
        axes[0].set_title(f"{path.name}: real, magnitude {magnitude}")
        for k, axis in enumerate(axes[1:]):
            time, flux, _ = first_spell(made, k, days)
            axis.plot(time, flux, "C0.", ms=1.5)
            axis.set_title(f"simulated constant star, {name}")
        low, high = np.quantile(real.flux, [0.001, 0.999])
        axes[0].set_ylim(1.0 - 2.5 * (1.0 - low), 1.0 + 2.5 * (high - 1.0))
        figure.tight_layout()
        figure.savefig(folder / f"{name}_{path.parent.name}_{magnitude}.png", dpi=80)
        plt.close(figure)
    for name in ("tess_20s", "tess_2min", "tess_10min", "tess_30min", "kepler", "gaia", "lsst"):
        survey = observatory(name)
        n = min(survey.block, 40)
        rng = np.random.default_rng(3)
        visits = survey.visits(n, rng)
        magnitude = np.repeat(survey.magnitudes(n, rng), np.diff(visits.offsets))
        measured = survey.measure(np.array([str(k) for k in range(n)]), visits, magnitude, rng)
        row = find(survey.survey)
        lcs = assemble(measured, row.name, row.load().QUALITY.mask("default"))
        figure, axes = plt.subplots(1, 3, figsize=(16, 5))
        for k, band in enumerate(survey.bands):
            level, scatter = [], []
            for star in range(n):
                rows = slice(lcs.offsets[star], lcs.offsets[star + 1])
                seen = lcs.band[rows] == k
                if np.count_nonzero(seen) > 5:
                    flux = lcs.flux[rows][seen]
                    level.append(lcs.ref_mag[star, k])
                    scatter.append(1.4826 * np.median(np.abs(flux - 1.0)))
            axes[0].semilogy(level, scatter, ".", label=band)
            rows = slice(lcs.offsets[0], lcs.offsets[1])
            seen = lcs.band[rows] == k
            axes[1].plot(lcs.time[rows][seen], lcs.flux[rows][seen] + 0.1 * k * (len(survey.bands) > 1), ".", ms=2)
        for kind, pattern, magnitude in REAL:
            if kind == name:
                path = next((data / "raw").glob(pattern))
                real = goodricke.read(path)
                axes[0].plot(magnitude, 1e-6 * figures(real.time, real.flux, real.flux_err).scatter, "k*", ms=10)
        axes[0].legend()
        axes[0].set(xlabel="magnitude", ylabel="scatter (real: from point to point)", title=name)
        gaps = np.diff(lcs.time)
        axes[2].hist(np.log10(gaps[gaps > 0]), bins=80, log=True)
        axes[2].set(xlabel="log10 of days between points")
        figure.tight_layout()
        figure.savefig(folder / f"{name}.png", dpi=80)
        plt.close(figure)


def main() -> None:
    """Print the table and draw the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--pictures", type=Path)
    asked = parser.parse_args()
    print(f"{'':46s} {'points/d':>9s} {'filled':>7s} {'gap d':>6s} {'scatter':>8s} {'error':>8s} {'slow/fast':>9s}")
    for name, pattern, magnitude in REAL:
        for title, f in compare(name, next((asked.data / "raw").glob(pattern)), magnitude):
            print(
                f"{title:46s} {f.points:9.1f} {f.filled:7.3f} {f.longest_gap:6.2f} {f.scatter:8.0f} {f.error:8.0f} "
                f"{f.slow:9.2f}"
            )
    transits()
    if asked.pictures:
        draw(asked.data, asked.pictures)


if __name__ == "__main__":
    main()
