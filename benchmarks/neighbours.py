"""Stars like this one among a million: time and memory of the exact search.

    python benchmarks/neighbours.py [-n STARS] [--numbers E] [--queries Q]

Made embeddings in a hundred clouds, as classes make them. CPU time on one core: of one run for many queries, best of
three for one. Beside it the product of matrices alone, which every comparison with all stars needs, and scikit-learn's.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is imported: one core is what is measured
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from goodricke.line.neighbours import Neighbours


def embeddings(n: int, numbers: int) -> NDArray[np.float32]:
    """Clouds of points, half of their numbers near zero as behind a GELU."""
    rng = np.random.default_rng(0)
    middle = rng.normal(size=(100, numbers)).astype(np.float32)
    rows = np.empty((n, numbers), dtype=np.float32)
    for first in range(0, n, 1 << 14):
        some = rows[first : first + (1 << 14)]
        some[:] = 0.5 * rng.standard_normal(some.shape, dtype=np.float32) + middle[rng.integers(100, size=len(some))]
        np.maximum(some, 0.01 * some, out=some)
    return rows


def table_of(rows: NDArray[np.float32]) -> pa.Table:
    """As ``goodricke embed`` writes it."""
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])
    names = pa.array([f"star {k:07d}" for k in range(len(rows))])
    return pa.table({"object_id": names, "survey": pa.array(["made"] * len(rows)), "embedding": vectors})


def product(rows: NDArray[np.float32], queries: NDArray[np.float32]) -> None:
    """Nothing but the product, in the pieces that the search uses."""
    for block in range(0, len(queries), 256):
        some = queries[block : block + 256]
        step = max((1 << 22) // len(some), 1)
        for first in range(0, len(rows), step):
            some @ rows[first : first + step].T


def milliseconds(work: Callable[[], object], runs: int) -> float:
    """Of the fastest run."""
    spent = []
    for _ in range(runs):
        start = time.process_time()
        work()
        spent.append(1e3 * (time.process_time() - start))
    return min(spent)


def megabytes(work: Callable[[], object]) -> float:
    """Most memory that it holds at once."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1_000_000)
    parser.add_argument("--numbers", type=int, default=192)
    parser.add_argument("--queries", type=int, default=1000)
    asked = parser.parse_args()
    rows = embeddings(asked.n, asked.numbers)
    table = table_of(rows)
    start = time.process_time()
    ready = Neighbours.from_table(table)
    setup = 1e3 * (time.process_time() - start)
    print("`python benchmarks/neighbours.py`\n")
    print(f"{asked.n:,} stars of {asked.numbers} float32, 10 neighbours each; the table is ready in {setup:,.0f} ms.\n")
    print("| queries | cosine, ms | euclidean, ms | the product alone, ms | scikit-learn, cosine, ms |")
    print("|---:|---:|---:|---:|---:|")
    peer = NearestNeighbors(n_neighbors=10, algorithm="brute", metric="cosine").fit(rows)
    for n in (1, asked.queries):
        some, flat = table.slice(asked.n // 3, n), rows[asked.n // 3 : asked.n // 3 + n]
        works: list[Callable[[], object]] = [
            partial(ready.nearest, some),
            partial(ready.nearest, some, metric="euclidean"),
            partial(product, rows, flat),
            partial(peer.kneighbors, flat),
        ]
        spent = [milliseconds(work, 3 if n == 1 else 1) for work in works]
        print("| " + " | ".join(f"{number:,.0f}" for number in [n, *spent]) + " |", flush=True)
    held = megabytes(partial(ready.nearest, table.slice(0, min(asked.queries, 256))))
    print(f"\nThe search held {held:,.0f} MB beside the table.")


if __name__ == "__main__":
    main()
