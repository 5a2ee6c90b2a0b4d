"""How long many labelled light curves take, to Parquet, and how much memory.

    python benchmarks/simulate_many.py [-n STARS] [--population NAME] [--survey NAME] [--jobs N] [--keep FOLDER]

Runs ``goodricke simulate`` as typed and watches the resident memory of its processes. A million contact binaries as
ASAS-SN saw them in V is the default; a smaller -n measures the rate.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def resident_mb(parent: int) -> float:
    """Resident memory of a process and of all that it started, in MB (Linux; 0 elsewhere)."""
    total, todo = 0, [parent]
    while todo:
        pid = todo.pop()
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                todo += map(int, children.read_text().split())
        except (OSError, ValueError):
            continue
    return total * 4096 / 1e6


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=1_000_000)
    parser.add_argument("--population", default="contact")
    parser.add_argument("--survey", default="asassn_v")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="leave the files in this folder")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp())
    target = folder / "sims.parquet"
    words = ["simulate", "--population", asked.population, "--survey", asked.survey, "-n", str(asked.n)]
    command = [sys.executable, "-m", "goodricke", *words, "--seed", "1", "--jobs", str(asked.jobs), "-o", str(target)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most = 0.0

    def watch() -> None:
        nonlocal most
        while process.poll() is None:
            most = max(most, resident_mb(process.pid))
            time.sleep(1.0)

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    spent = time.monotonic() - started
    if process.returncode:
        raise SystemExit(process.returncode)
    size = sum(path.stat().st_size for path in folder.glob("sims*"))
    print(said.splitlines()[0])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # What the processors worked, shared by the processes: the minutes of a machine that does nothing else.
    busy = (used.ru_utime + used.ru_stime) / 60 / asked.jobs
    print("\n| stars | processes | minutes | minutes of processor | ms per star and core | stars/s | memory | files |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {asked.n:,} | {asked.jobs} | {spent / 60:.1f} | {busy:.1f} | {1e3 * spent * asked.jobs / asked.n:.2f} | "
        f"{asked.n / spent:,.0f} | {most:,.0f} MB | {size / 1e9:.2f} GB |"
    )
    if not asked.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
