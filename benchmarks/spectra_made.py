"""Cost of a made spectrum, and whether anything but a second star tells binaries from singles.

    python benchmarks/spectra_made.py [--data FOLDER] [-n 4096]

FOLDER has the folder `spectra` of the data. CPU time of one thread; the fastest of three runs after one that warms up.
The second table is of 4 draws of 4,000 spectra at dv = 0: the mean area under the ROC of a number that may not say
anything, with the standard error of one that says nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import prepare
from goodricke.photosphere import fit_single
from goodricke.simulate.spectra import (
    Truth,
    load_noise,
    load_population,
    load_real,
    load_templates,
    made,
    made_blocks,
    real_pairs,
    source_of,
)
from goodricke.spectra import Spectra

LEAKS = 4000
DRAWS = 4


def fastest(work: Callable[[], object], repeats: int = 3) -> float:
    """Least CPU seconds of some runs, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def auc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Area under the ROC by ranks."""
    rank = score.argsort().argsort() + 1.0
    n = positive.sum()
    return float((rank[positive].sum() - n * (n + 1) / 2) / n / (~positive).sum())


def leaks(spectra: Spectra, truth: Truth) -> dict[str, float]:
    """What single numbers say of the class."""
    ready = prepare(spectra)
    fitted = fit_single(ready)
    native = spectra.flux.reshape(len(spectra), -1)
    known = ready.ivar > 0
    flux = np.where(known, ready.flux, 1.0)
    third = native.shape[1] // 3
    columns = {
        "Teff of the best single star": fitted.teff,
        "log g": fitted.logg,
        "[Fe/H]": fitted.feh,
        "broadening": fitted.broadening,
        "S/N": ready.snr,
        "velocity": spectra.velocity,
        "masked pixels": (~known).sum(axis=1) + np.random.default_rng(0).uniform(0, 0.1, len(truth)),
        "rms of first differences": np.diff(flux, axis=1).std(axis=1),
        "rms of second differences": np.diff(flux, n=2, axis=1).std(axis=1),
        "blue third over red third": native[:, :third].mean(axis=1) / native[:, -third:].mean(axis=1),
    }
    use = ready.usable & np.isfinite(fitted.teff)
    return {name: auc(np.asarray(column, float)[use], truth.binary[use]) for name, column in columns.items()}


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = os.environ.get("GOODRICKE_DATA", Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--data", type=Path, default=data, help="folder that has the folder spectra")
    parser.add_argument("-n", type=int, default=4096, help="spectra per run")
    arguments = parser.parse_args()
    folder = Path(arguments.data) / "spectra"
    templates = load_templates(folder)
    noise, population, stars = load_noise(folder), load_population(folder), load_real(folder)
    miles = source_of(templates[templates.library == "miles"])
    pairs = source_of(templates[templates.library == "boss"], two_stars=True)

    def run(source: object, law: object, **options: object) -> Callable[[], None]:
        def work() -> None:
            for _ in made_blocks(arguments.n, np.random.default_rng(0), source, law, population, **options):  # type: ignore[arg-type]
                pass

        return work

    few = min(arguments.n, 1024)
    works = {
        "MILES, noise of real LAMOST spectra": (run(miles, noise), arguments.n),
        "MILES, white noise (ladder)": (run(miles, "white", teff=5800.0, q=0.8, dv=0.0, snr=50.0), arguments.n),
        "two BOSS means each, noise of real spectra": (run(pairs, noise), arguments.n),
        "sums of two real LAMOST spectra": (lambda: real_pairs(stars, few, np.random.default_rng(0)), few),
    }
    print(f"{len(miles)} stars of MILES, {len(pairs)} means of BOSS, noise of {len(noise)} spectra, "
          f"{len(stars)} real dwarfs of {len(np.unique(stars.star))} stars\n")  # fmt: skip
    print("| what | ms per spectrum | spectra/s/core | 50,000 take |\n|---|---:|---:|---:|")
    for name, (work, n) in works.items():
        seconds = fastest(work) / n
        print(f"| {name} | {1e3 * seconds:.2f} | {1 / seconds:,.0f} | {50_000 * seconds:.0f} s |")

    half = LEAKS // 2
    error = np.sqrt((LEAKS + 1) / (12.0 * half * half) / DRAWS)
    found = {}
    for title, options in {"q = 1": {"q": 1.0}, "q from 0.3 to 1": {}}.items():
        each = []
        for seed in range(DRAWS):
            spectra, truth = made(LEAKS, np.random.default_rng(seed), miles, noise, population, dv=0.0, **options)
            each.append(leaks(spectra, truth))
        found[title] = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
    print(
        f"\n{DRAWS} draws of {LEAKS:,} spectra at dv = 0, mean AUC of one number alone "
        f"(one that says nothing: 0.500 ± {error:.3f})\n"
    )
    print("| number | " + " | ".join(found) + " |\n|---|---:|---:|")
    for name in found["q = 1"]:
        print(f"| {name} | " + " | ".join(f"{column[name]:.3f}" for column in found.values()) + " |")


if __name__ == "__main__":
    main()
