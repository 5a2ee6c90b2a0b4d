"""Cost of the period search per stage, beside astropy's fast Lomb-Scargle on the same grid, in the same run.

    python benchmarks/periods.py [-n STARS]

Made eclipsing stars of 450 points over 7.4 years, as in ASAS-3. CPU time, one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from astropy.timeseries import LombScargle

from goodricke.period.candidates import N_COMB_PEAKS, N_PEAKS, candidates_of
from goodricke.period.grid import grid_for
from goodricke.period.search import chooser, search
from goodricke.period.spectrum import harmonic_sum, peaks, power


def timed(stages: dict[str, float], name: str, work: Callable[[], object]) -> object:
    """Run and add the CPU time to a stage."""
    start = time.process_time()
    result = work()
    stages[name] = stages.get(name, 0.0) + time.process_time() - start
    return result


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=12)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    stages: dict[str, float] = {}
    same = size = 0
    trees = chooser()
    for k in range(options.n + 1):
        if k == 1:
            stages.clear()  # the first star pays for imports and plans
        t = np.sort(rng.choice(np.arange(2700) + rng.normal(0, 0.08, 2700), 450, replace=False))
        t -= t[0]
        period = 10 ** rng.uniform(-0.4, 0.8)
        phase = np.abs((t / period) % 1.0 - 0.5) / 0.06
        flux = 1.0 - 0.4 * np.maximum(0.0, 1.0 - phase**2) + rng.normal(0, 0.01, 450)
        err = np.full(450, 0.01)
        grid = grid_for(t)
        size = grid.size
        spectrum = timed(stages, "periodogram (nifty-ls)", lambda: power(t, flux, err, grid))
        peak = timed(stages, "peaks", lambda: peaks(spectrum, grid, t[-1], N_PEAKS))
        comb = timed(
            stages,
            "harmonic sum and its peaks",
            lambda: peaks(*harmonic_sum(spectrum, grid, 10), 2 * t[-1], N_COMB_PEAKS),
        )
        found = timed(stages, "candidates, folds", lambda: candidates_of(t, flux, err, peak, comb))
        timed(stages, "chooser", lambda: trees.log_odds(found.features))
        timed(stages, "whole search", lambda: search(t, flux, err))
        theirs = timed(
            stages, "astropy fast Lomb-Scargle", lambda: LombScargle(t, flux, err).power(grid.frequencies, method="fast",
                                                                                         assume_regular_frequency=True)
        )  # fmt: skip
        same += k > 0 and int(np.argmax(theirs) == np.argmax(spectrum))
    print(
        f"{options.n} stars of 450 points, {size:,} frequencies; the highest peak is astropy's in {same} of {options.n}\n"
    )
    print("| stage | ms per star | of the periodogram |\n|---|---:|---:|")
    one = stages["periodogram (nifty-ls)"]
    for name, spent in stages.items():
        print(f"| {name} | {1e3 * spent / options.n:.1f} | {spent / one:.2f} |")
    whole = stages["whole search"]
    print(
        f"\n{options.n / whole:.1f} stars/s/core; {stages['astropy fast Lomb-Scargle'] / whole:.1f} times faster than astropy alone"
    )


if __name__ == "__main__":
    main()
