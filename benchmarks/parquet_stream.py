"""Speed and memory of our nested Parquet as a stream: python benchmarks/parquet_stream.py [--stars N] [--points P]

Writes synthetic light curves (``to_arrow`` and the settings of our Parquet writer: lz4, split bytes, 5,000 stars a row
group) to a temporary folder, then streams them in fresh processes with one thread: through ``goodricke.scan``, which
makes LightCurves, and through plain ``ParquetFile.iter_batches``, which makes Arrow arrays. Prints stars per CPU second
and the peak of memory above that of the imports, at two file sizes: memory must follow the batch and not the file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from goodricke import ragged
from goodricke.lightcurves import DROP_REASONS, LightCurves
from goodricke.timeframes import TimeFrame

GROUP = 5_000
SPLIT = ("time", "flux", "flux_err", "ref_mag", "ref_flux")

CHILD = """
import json, resource, sys, time
import pyarrow as pa, pyarrow.parquet as pq
import goodricke as gr
from goodricke.surveys import SURVEYS, ReadOptions
for row in SURVEYS:
    row.load()
gr.LightCurves.from_arrow(gr.LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 2.0]).to_arrow())  # late imports, once
pa.set_cpu_count(1); pa.set_io_thread_count(1)
how, path, rows, points = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
if how == "goodricke":
    stars = sum(len(lcs) for lcs in gr.scan(path, ReadOptions(batch_points=points)))
else:
    file = pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    stars = sum(b.num_rows for b in file.iter_batches(batch_size=rows, use_threads=False))
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"stars": stars, "seconds": seconds, "peak_mb": (peak - before) / 1024}))
"""


def synthetic(n: int, points: int, rng: np.random.Generator) -> LightCurves:
    """`n` stars of noise with `points` points each over ten years, times to 1e-5 d as surveys write them."""
    time = np.round(np.sort(rng.uniform(58000, 61650, (n, points)), axis=1), 5).ravel()
    unknown = np.full((n, 1), np.nan)
    return LightCurves(
        object_id=np.array([f"star {k:09d}" for k in rng.integers(0, 10**9, n)]),
        offsets=ragged.offsets_from_lengths(np.full(n, points)),
        time=time,
        flux=rng.normal(1.0, 0.05, n * points).astype(np.float32),
        flux_err=rng.uniform(0.01, 0.05, n * points).astype(np.float32),
        band=np.zeros(n * points, dtype=np.int8),
        bands=("g",),
        survey=np.full(n, "benchmark"),
        frame=np.zeros(n, dtype=np.int8),
        frames=(TimeFrame.parse("HMJD_UTC"),),
        ra=rng.uniform(0, 360, n),
        dec=rng.uniform(-90, 90, n),
        ref_mag=rng.uniform(12, 20, (n, 1)),
        ref_flux=unknown,
        difference=np.zeros(n, dtype=bool),
        dropped=np.zeros((n, len(DROP_REASONS)), dtype=np.int64),
    )


def write(path: Path, stars: int, points: int) -> None:
    """A file of `stars` stars, a row group at a time."""
    rng = np.random.default_rng(1)
    first = synthetic(2, points, rng).to_arrow().schema
    paths = [f"{name}.list.element" for name in SPLIT]
    words = ["object_id", "survey", "time_frame", "band.list.element", "bands.list.element"]
    with pq.ParquetWriter(path, first, compression="lz4", use_dictionary=words, use_byte_stream_split=paths) as out:
        for start in range(0, stars, GROUP):
            out.write_table(synthetic(min(GROUP, stars - start), points, rng).to_arrow(), row_group_size=GROUP)


def run(how: str, path: Path, batch: int) -> dict[str, float]:
    """Stream the file in a process of its own."""
    command = [sys.executable, "-c", CHILD, how, str(path), str(GROUP), str(batch)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    """Write, stream, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--stars", type=int, default=100_000, help="stars in the larger file (the smaller has a quarter)"
    )
    parser.add_argument("--points", type=int, default=300, help="points a star")
    parser.add_argument("--repeat", type=int, default=3, help="runs; the fastest counts")
    chosen = parser.parse_args()
    batch = GROUP * chosen.points
    print(f"{chosen.points} points a star, batches of {GROUP:,} stars, pyarrow {pa.__version__}, one core")
    print(f"{'stars':>9} {'file MB':>8} {'reader':>10} {'stars/s/core':>13} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for stars in (chosen.stars // 4, chosen.stars):
            path = Path(folder, f"{stars}.parquet")
            write(path, stars, chosen.points)
            for how in ("pyarrow", "goodricke"):
                runs = [run(how, path, batch) for _ in range(chosen.repeat)]
                best, peak = min(r["seconds"] for r in runs), max(r["peak_mb"] for r in runs)
                assert runs[0]["stars"] == stars
                size = path.stat().st_size / 1e6
                print(f"{stars:>9,} {size:>8.0f} {how:>10} {stars / best:>13,.0f} {peak:>8.0f}")


if __name__ == "__main__":
    main()
