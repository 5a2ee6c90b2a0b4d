"""Damage files of every survey format in many ways and count what the readers make of them.

    python benchmarks/fuzz.py [-n INPUTS] [--seed N]

Every input must give light curves or a ReadError; anything else is a crash, printed with its seed. Warnings count as
crashes. The samples are those of ``tests/samples``; the exit code is 1 when anything crashed.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from goodricke.errors import ReadError
from goodricke.surveys import SURVEYS, ReadOptions
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples.damage import damaged


def samples() -> list[tuple[str, bytes]]:
    """Name and content of every sample file."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for row in SURVEYS:
            place = Path(folder, row.name)
            place.mkdir()
            paths = importlib.import_module(f"samples.{row.name}").write(place)
            found += [(f"{row.name}/{path.name}", path.read_bytes()) for path in paths]
    return found


def main() -> int:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=20_000, help="how many inputs")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = samples()
    outcome: Counter[str] = Counter()
    slowest = 0.0
    warnings.simplefilter("error")
    for k in range(options.n):
        rng = np.random.default_rng([options.seed, k])
        name, content = files[k % len(files)]
        content = rng.bytes(int(rng.integers(0, 4000))) if rng.random() < 0.05 else damaged(content, rng)
        start = time.process_time()
        try:
            stars = sum(len(lcs) for lcs in light_curves_of(Source(name, data=content), ReadOptions()))
            outcome["light curves" if stars else "no star"] += 1
        except ReadError:
            outcome["ReadError"] += 1
        except Exception:  # noqa: BLE001 (this is what is being counted)
            outcome["crash"] += 1
            print(f"crash: {name}, input {k}, seed {options.seed}\n{traceback.format_exc()}")
        slowest = max(slowest, time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.n:,} inputs from {len(files)} samples of {len(SURVEYS)} formats: {dict(outcome)}")
    print(f"slowest {slowest:.2f} s CPU, peak memory of the whole process {peak:.0f} MB, crashes {outcome['crash']}")
    return int(outcome["crash"] > 0)


if __name__ == "__main__":
    sys.exit(main())
