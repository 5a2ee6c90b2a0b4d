"""Speed of the cleaning steps, beside a loop over stars with ``astropy.stats.sigma_clip`` in the same run.

    python benchmarks/cleaning.py [--stars 20000] [--points 300] [--loop 500]

Prints CPU time of one process as stars per second and core, the best of three. The stars are constant, with 1% of
outliers in flux and 1% in error.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from astropy.stats import sigma_clip

from goodricke.clean import clean, detrend, error_clip, flux_clip, sort_and_merge, split_at_gaps
from goodricke.lightcurves import LightCurves
from goodricke.lightcurves.assemble import renormalised


def sample(stars: int, points: int, bands: int = 1, seed: int = 1) -> LightCurves:
    """Constant stars with outliers; lengths differ by up to a sixth."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(points * 5 // 6, points * 7 // 6 + 1, stars)
    m = int(lengths.sum())
    bad_flux, bad_err = rng.random((2, m)) < 0.01
    return LightCurves.from_arrays(
        rng.uniform(0.0, 1000.0, m),
        flux=1.0 + rng.normal(0.0, 0.02, m) + 0.16 * bad_flux,
        err=np.abs(rng.normal(0.02, 0.004, m)) * (1.0 + 3.0 * bad_err) + 0.005,
        object_id=np.repeat(np.arange(stars), lengths),
        band=np.array(["g", "r", "i", "z"])[rng.integers(0, bands, m)],
    )


def space(stars: int, days: float = 27.0, cadence_days: float = 10.0 / 1440.0, seed: int = 1) -> LightCurves:
    """Eclipsing stars under a trend, with the cadence of TESS full-frame images and the gap in the middle."""
    rng = np.random.default_rng(seed)
    one = np.arange(0.0, days, cadence_days)
    one = one[np.abs(one - days / 2.0) > 0.6]
    dip = 1.0 - 0.3 * (np.abs(one % 2.1 - 1.0) < 0.1)
    flux = np.tile(dip * (1.0 + 0.01 * np.sin(one / 3.0)), stars) + rng.normal(0.0, 1e-3, stars * len(one))
    return LightCurves.from_arrays(
        np.tile(one, stars), flux=flux, err=np.full(flux.size, 1e-3), object_id=np.repeat(np.arange(stars), len(one))
    )


def loop(lcs: LightCurves) -> list[np.ndarray]:
    """The clip on uncertainties as most scripts do it: one star after the other."""
    return [
        sigma_clip(star.flux_err, sigma=3.0, maxiters=5, cenfunc="mean", stdfunc="std", masked=True).mask
        for star in lcs
    ]


def seconds(work: Callable[[], object], repeat: int = 3) -> float:
    """CPU time of the fastest of `repeat` runs."""
    best = np.inf
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def report(name: str, lcs: LightCurves, work: Callable[[], object]) -> float:
    """Print one row; return stars per second."""
    spent = seconds(work)
    print(f"{name:42s} {len(lcs) / spent:12,.0f} {spent / lcs.n_points * 1e9:10.1f}")
    return len(lcs) / spent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stars", type=int, default=20_000)
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--loop", type=int, default=500, help="stars of the astropy loop")
    chosen = parser.parse_args()
    lcs = sample(chosen.stars, chosen.points)
    colours = sample(chosen.stars, chosen.points, bands=3)
    print(f"{lcs}\n{'step':42s} {'stars/s/core':>12s} {'ns/point':>10s}")
    steps: dict[str, Callable[[LightCurves], LightCurves]] = {
        "sort_and_merge": sort_and_merge,
        "error_clip, as published": error_clip,
        "error_clip, sparing variation": lambda batch: error_clip(batch, spare_variation=True),
        "flux_clip": flux_clip,
        "renormalised": renormalised,
        "split_at_gaps": lambda batch: split_at_gaps(batch, gap_days=30.0),
    }
    speed = {name: report(name, lcs, lambda step=step: step(lcs)) for name, step in steps.items()}
    whole = report("clean, the defaults", lcs, lambda: clean(lcs))
    report("clean, the defaults, 3 bands", colours, lambda: clean(colours))
    dense = space(max(chosen.stars * chosen.points // 50_000, 1))
    report(f"detrend ({dense.lengths[0]:,} points per star)", dense, lambda: detrend(dense))
    few = lcs[: chosen.loop]
    peer = report(f"loop of astropy sigma_clip ({len(few)} stars)", few, lambda: loop(few))
    print(f"error_clip as published / loop: {speed['error_clip, as published'] / peer:.0f}x")
    print(f"all of clean / the loop's error clip alone: {whole / peer:.0f}x")


if __name__ == "__main__":
    main()
