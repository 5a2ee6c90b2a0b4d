"""Cost of the period search per stage, beside astropy's fast Lomb-Scargle on the same grid, in the same run.

    python benchmarks/periods.py [-n STARS]

Made eclipsing stars of 450 points over 7.4 years, as in ASAS-3. CPU time, one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from astropy.timeseries import LombScargle

from goodricke.period.candidates import N_COMB_PEAKS, N_PEAKS, candidates_of
from goodricke.period.grid import grid_for
from goodricke.period.choice import chooser
from goodricke.period.search import search
from goodricke.period.spectrum import harmonic_sum, peaks, power

T = TypeVar("T")


def timed(stages: dict[str, float], name: str, work: Callable[[], T]) -> T:
    """Run and add the CPU time to a stage."""
    start = time.process_time()
    result = work()
    stages[name] = stages.get(name, 0.0) + time.process_time() - start
    return result


def one_star(rng: np.random.Generator, stages: dict[str, float]) -> tuple[int, bool]:
    """Time every stage on one star; return the size of the grid and whether the highest peak is astropy's."""
    t = np.sort(rng.choice(np.arange(2700) + rng.normal(0, 0.08, 2700), 450, replace=False))
    t -= t[0]
    phase = np.abs((t / 10 ** rng.uniform(-0.4, 0.8)) % 1.0 - 0.5) / 0.06
    flux = 1.0 - 0.4 * np.maximum(0.0, 1.0 - phase**2) + rng.normal(0, 0.01, 450)
    err = np.full(450, 0.01)
    grid = grid_for(t)
    spectrum = timed(stages, "periodogram (nifty-ls)", lambda: power(t, flux, err, grid))
    peak = timed(stages, "peaks", lambda: peaks(spectrum, grid, t[-1], N_PEAKS))
    summed = timed(stages, "harmonic sum", lambda: harmonic_sum(spectrum, grid, 10))
    comb = timed(stages, "peaks of the sum", lambda: peaks(*summed, 2 * t[-1], N_COMB_PEAKS))
    found = timed(stages, "candidates, folds", lambda: candidates_of(t, flux, err, peak, comb))
    timed(stages, "chooser", lambda: chooser().log_odds(found.features))
    timed(stages, "whole search", lambda: search(t, flux, err))
    scargle = LombScargle(t, flux, err)
    theirs = timed(
        stages,
        "astropy fast Lomb-Scargle",
        lambda: scargle.power(grid.frequencies, method="fast", assume_regular_frequency=True),
    )
    return grid.size, bool(np.argmax(theirs) == np.argmax(spectrum))


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=12)
    n = parser.parse_args().n
    rng = np.random.default_rng(0)
    one_star(rng, {})  # pays for imports and plans
    stages: dict[str, float] = {}
    same = 0
    for _ in range(n):
        size, agrees = one_star(rng, stages)
        same += agrees
    print(f"{n} stars of 450 points, {size:,} frequencies; the highest peak is astropy's in {same} of {n}\n")
    print("| stage | ms per star | of the periodogram |\n|---|---:|---:|")
    for name, spent in stages.items():
        print(f"| {name} | {1e3 * spent / n:.1f} | {spent / stages['periodogram (nifty-ls)']:.2f} |")
    whole, theirs = stages["whole search"], stages["astropy fast Lomb-Scargle"]
    print(f"\n{n / whole:.1f} stars/s/core; the whole search takes {whole / theirs:.2f} of astropy's periodogram alone")


if __name__ == "__main__":
    main()
