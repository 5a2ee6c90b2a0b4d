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

from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line.memory import keep_freed_memory
from goodricke.period.candidates import COMBS, N_PEAKS, candidates_of
from goodricke.period.choice import chooser
from goodricke.period.grid import grid_for
from goodricke.period.minima import minima
from goodricke.period.periods import levelled
from goodricke.period.search import search
from goodricke.period.spectrum import exact_peaks, harmonic_sum, peaks, plain_power, power

T = TypeVar("T")
NIFTY = "nifty-ls on the same grid"


def timed(stages: dict[str, float], name: str, work: Callable[[], T]) -> T:
    """Run and add the CPU time to a stage."""
    start = time.process_time()
    result = work()
    stages[name] = stages.get(name, 0.0) + time.process_time() - start
    return result


def one_star(rng: np.random.Generator, stages: dict[str, float]) -> tuple[int, bool, LightCurves]:
    """Time every stage on one star; return the size of the grid, whether astropy has no higher peak, the star."""
    t = np.sort(rng.choice(np.arange(2700) + rng.normal(0, 0.08, 2700), 450, replace=False))
    t -= t[0]
    phase = np.abs((t / 10 ** rng.uniform(-0.4, 0.8)) % 1.0 - 0.5) / 0.06
    flux = 1.0 - 0.4 * np.maximum(0.0, 1.0 - phase**2) + rng.normal(0, 0.01, 450)
    err = np.full(450, 0.01)
    grid = grid_for(t)
    whole = timed(stages, NIFTY, lambda: power(t, flux, err, grid))
    spectrum = timed(stages, "plain spectrum", lambda: plain_power(t, flux, err, grid))
    peak = timed(stages, "exact peaks", lambda: exact_peaks(t, flux, err, spectrum, grid, N_PEAKS))
    combs = timed(
        stages,
        "harmonic sums and their peaks",
        lambda: [peaks(*harmonic_sum(spectrum, grid, h), 2 * t[-1], most) for h, most in COMBS],
    )
    found = timed(stages, "candidates, folds", lambda: candidates_of(t, flux, err, peak, combs))
    timed(stages, "chooser", lambda: chooser().log_odds(found.features))
    timed(stages, "whole search", lambda: search(t, flux, err))
    scargle = LombScargle(t, flux, err)
    theirs = timed(
        stages,
        "astropy fast Lomb-Scargle",
        lambda: scargle.power(grid.frequencies, method="fast", assume_regular_frequency=True),
    )
    # Ours is looked at between the frequencies of the grid too, so it may be higher; lower it must not be.
    same = peak[1][0] >= theirs.max() - 1e-3 and np.abs(whole - theirs).max() < 0.01
    return grid.size, bool(same), LightCurves.from_arrays(t, flux=flux, err=err, object_id=f"star {rng.integers(1e9)}")


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=12)
    n = parser.parse_args().n
    keep_freed_memory()  # as the commands do
    rng = np.random.default_rng(0)
    one_star(rng, {})  # pays for imports and plans
    stages: dict[str, float] = {}
    same, stars = 0, []
    for _ in range(n):
        size, agrees, star = one_star(rng, stages)
        same += agrees
        stars.append(star)
    lcs = concatenate(stars)
    level, period = levelled(lcs), rng.uniform(0.5, 5.0, n)
    timed(stages, "minima, depths, errors", lambda: minima(lcs, level, period, np.full(n, np.nan)))
    print(f"{n} stars of 450 points, {size:,} frequencies; astropy has no higher peak in {same} of {n}\n")
    print("| stage | ms per star | of nifty-ls |\n|---|---:|---:|")
    for name, spent in stages.items():
        print(f"| {name} | {1e3 * spent / n:.1f} | {spent / stages[NIFTY]:.2f} |")
    whole, theirs = stages["whole search"], stages["astropy fast Lomb-Scargle"]
    same_answer = stages["plain spectrum"] + stages["exact peaks"]
    print(
        f"\nThe highest peak, which is what astropy's periodogram gives: {1e3 * same_answer / n:.1f} ms;"
        f" astropy takes {theirs / same_answer:.0f} times as long."
    )
    print(
        f"\n{n / whole:.1f} stars/s/core; the whole search takes {whole / stages[NIFTY]:.2f} of one pass of nifty-ls,"
        f" and astropy's fast periodogram alone {theirs / whole:.1f} times the whole search"
    )


if __name__ == "__main__":
    main()
