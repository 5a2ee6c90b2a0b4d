"""Cost of the whole line per stage, and of the first classification of one file in a new process.

    python benchmarks/classify.py [-n STARS] [--model NAME] [--points N]

Made stars, of 450 points if not said otherwise, over 7.4 years, as in ASAS-3. CPU time of one core.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is imported: one core is what is measured

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from goodricke import LightCurves, concatenate, load_model
from goodricke.clean import clean
from goodricke.line import classify
from goodricke.line.rows import decided
from goodricke.line.seen import see
from goodricke.period import find_periods, unsearched


def stars(n: int, points: int) -> LightCurves:
    """Half of them eclipsing, half waves."""
    rng = np.random.default_rng(0)
    made = []
    for k in range(n):
        t = np.sort(rng.choice(np.arange(2700) + rng.normal(0, 0.08, 2700), points, replace=False))
        cycle = (t / 10 ** rng.uniform(-0.4, 0.8)) % 1.0
        dip = 0.4 * np.maximum(0.0, 1.0 - ((cycle - 0.5) / 0.06) ** 2)
        flux = 1.0 - (dip if k % 2 else 0.2 * np.sin(2 * np.pi * cycle)) + rng.normal(0, 0.01, points)
        made.append(LightCurves.from_arrays(t, flux=flux, err=np.full(points, 0.01), object_id=f"star {k}"))
    return concatenate(made)


def spent(work: object) -> tuple[float, object]:
    """CPU seconds, and the result."""
    start = time.process_time()
    result = work()  # type: ignore[operator]
    return time.process_time() - start, result


def first_file() -> float:
    """CPU seconds of ``goodricke classify`` on one csv, from the start of the process to its end."""
    path = Path(__file__).parents[1] / "src" / "goodricke" / "examples" / "data"
    one = sorted(path.glob("*.csv"))[0]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "goodricke", "classify", str(one), "--quiet"], check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--model", default="variables")
    parser.add_argument("--points", type=int, default=450)
    asked = parser.parse_args()
    n = asked.n
    lcs = stars(n, asked.points)
    loading, model = spent(lambda: load_model(asked.model))
    classify(lcs[:2], model)  # pays for imports
    stages = {}
    about = model.representation
    stages["clean"], cleaned = spent(lambda: clean(lcs, about.cleaning))
    search = find_periods if about.needs_periods else unsearched
    stages["periods"], periods = spent(lambda: search(cleaned))
    stages[f"inputs: {about.says}"], inputs = spent(lambda: model.inputs(cleaned, periods))
    stages["model"], _ = spent(lambda: model.bundle.logits(inputs))
    seen = see(lcs[:2], model, None)
    stages["decisions and table, 2 stars"], _ = spent(lambda: decided(seen, model, None, None))
    whole, _ = spent(lambda: classify(lcs, model))
    print(f"{n} stars of {asked.points} points over 7.4 years; loading the model takes {1e3 * loading:.0f} ms\n")
    print("| stage | ms per star |\n|---|---:|")
    for name, seconds in stages.items():
        print(f"| {name} | {1e3 * seconds / (2 if '2 stars' in name else n):.2f} |")
    print(f"| whole line | {1e3 * whole / n:.2f} |")
    ratio = f", {whole / stages['periods']:.2f} times the period search" if about.needs_periods else ""
    print(f"\n{n / whole:.1f} stars/s/core{ratio}")
    runs = sorted(first_file() for _ in range(3))
    print(f"first classification of one csv, new process: {runs[0]:.2f} s of CPU (best of 3; worst {runs[-1]:.2f})")


if __name__ == "__main__":
    main()
