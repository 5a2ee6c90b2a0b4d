"""Cost of the features per group, on one core, beside the light-curve package where it is installed.

    python benchmarks/features.py [-n STARS]

Made stars of 300 points, in a batch of one size, a ragged one, and one with three bands. CPU time; best of three runs.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is imported: one core is what is measured

import argparse
import time
from collections.abc import Callable

import numpy as np

import goodricke as gr
from goodricke.period import Periods, given_periods
from goodricke.represent.features import GROUPS, features
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.table import NEED_PERIODS, group


def stars(n: int, lengths: np.ndarray, bands: str = "V") -> tuple[gr.LightCurves, Periods]:
    """Waves in noise, and their periods."""
    rng = np.random.default_rng(0)
    period, owner = rng.uniform(0.3, 10, n), np.repeat(np.arange(n), lengths)
    when = rng.uniform(0, 2000, len(owner))
    flux = 1 + 0.2 * np.sin(2 * np.pi * when / period[owner]) + rng.normal(0, 0.02, len(owner))
    lcs = gr.LightCurves.from_arrays(
        when, flux=flux, err=rng.uniform(0.015, 0.025, len(owner)), object_id=np.char.zfill(owner.astype(str), 6),
        band=np.array(list(bands))[np.arange(len(owner)) % len(bands)],
    )  # fmt: skip
    return lcs, given_periods(lcs, period)


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of three runs."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def per_group(lcs: gr.LightCurves, periods: Periods) -> dict[str, float]:
    """CPU seconds of every group in the order of the table: the first to need a shared quantity pays for it."""
    spent = dict.fromkeys(GROUPS, 0.0)
    for start in range(0, len(lcs), 200):
        rows = slice(start, start + 200)
        curves = Curves(lcs[rows], periods[rows])
        with np.errstate(all="ignore"):
            for name in GROUPS:
                began = time.process_time()
                group(name).compute(curves)
                spent[name] += time.process_time() - began
    return spent


def theirs(lcs: gr.LightCurves) -> float | None:
    """CPU seconds of the light-curve package for the features that both have, star by star."""
    try:
        import light_curve
    except ImportError:
        return None
    names = "Skew Kurtosis Eta EtaE StetsonK ReducedChi2 Cusum LinearFit MaximumSlope ExcessVariance Amplitude "
    names += "MedianAbsoluteDeviation StandardDeviation"
    extractor = light_curve.Extractor(
        *(getattr(light_curve, name)() for name in names.split()),
        *(light_curve.BeyondNStd(x) for x in (1.0, 2.0)),
        *(light_curve.InterPercentileRange(x) for x in (0.05, 0.1, 0.175, 0.25, 0.325, 0.4)),
    )
    flux, err = lcs.flux.astype(float), lcs.flux_err.astype(float)
    cuts = [slice(int(a), int(b)) for a, b in zip(lcs.offsets[:-1], lcs.offsets[1:], strict=True)]
    return best(lambda: [extractor(lcs.time[c], flux[c], err[c]) for c in cuts])


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=3000)
    n = parser.parse_args().n
    rng = np.random.default_rng(1)
    even, ragged = np.full(n, 300), rng.integers(30, 571, n)
    print("| batch | groups | features | us per star | stars/s/core |\n|---|---|---:|---:|---:|")
    for name, lengths, bands in (
        ("300 points each", even, "V"),
        ("30 to 570 points", ragged, "V"),
        ("300 points in 3 bands", even, "gri"),
    ):
        lcs, periods = stars(n, lengths, bands)
        for label, some in (("without period", None), ("all but profile", periods)):
            spent = best(lambda lcs=lcs, some=some: features(lcs, some))
            count = features(lcs, some).values.shape[1]
            print(f"| {name} | {label} | {count} | {1e6 * spent / n:.0f} | {n / spent:,.0f} |")
    lcs, periods = stars(n, even)
    other = theirs(lcs)
    if other is not None:
        print(f"| 300 points each | light-curve, 22 of them | 22 | {1e6 * other / n:.0f} | {n / other:,.0f} |")
    print("\nThe first group to need a shared quantity (a sort, weights, the fold) pays for it.\n")
    print("| group | us per star | needs periods |\n|---|---:|---|")
    for name, spent in per_group(lcs, periods).items():
        print(f"| {name} | {1e6 * spent / n:.1f} | {'yes' if name in NEED_PERIODS else ''} |")


if __name__ == "__main__":
    main()
