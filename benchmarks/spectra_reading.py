"""Read real and made spectra for the clock, beside astropy in the same run.

    python benchmarks/spectra_reading.py [DATA_DIR] [-o FILE or FOLDER]

prints a markdown table: for every folder of real files below DATA_DIR (default: ``../shared/data/spectra``), and for
thousands of copies of one LAMOST file in a folder of its own, files read per second of CPU time by our reader and by
astropy (opening the file, its arrays, and half as many cards as we read), and the ratio. The exit code is 1 when a file
fails.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from goodricke.surveys.spectra import SpectrumStatus, scan_spectra

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "spectra"
PLACES = (
    "lamost_raw/old_pilot_v2.6", "lamost_raw/old_dr2_float64", "lamost_raw/old_dr7", "lamost_raw/old_dr8",
    "lamost_raw/new_coadd_dr9", "sdss_raw",
)  # fmt: skip
CARDS = ("RA", "DEC", "Z", "Z_ERR", "MJD", "CLASS", "SUBCLASS", "DESIG", "OBSID", "PLANID", "SPID", "FIBERID", "SNRG")


def by_astropy(paths: list[Path]) -> float:
    """Flux, inverse variance, wavelength and cards of every file, as one writes it with astropy; a number from all."""
    from astropy.io import fits

    total = 0.0
    for path in paths:
        with fits.open(path, memmap=False) as file:
            card = file[0].header
            _ = [card.get(name) for name in CARDS]
            if (
                len(file) > 1
                and isinstance(file[1], fits.BinTableHDU)
                and "flux" in map(str.lower, file[1].columns.names)
            ):
                data = file[1].data
                wave = "WAVELENGTH" if "WAVELENGTH" in data.names else "loglam"
                arrays = [np.asarray(data[name], dtype=np.float64) for name in ("flux", "ivar", wave)]
                if len(file) > 2:
                    _ = [file[2].data[name][0] for name in ("Z", "CLASS", "SUBCLASS", "PLUG_RA", "PLUG_DEC")]
            else:
                arrays = list(np.asarray(file[0].data, dtype=np.float64)[:3])
            total += float(arrays[0].ravel()[100])
    return total


def ours(paths: list[Path]) -> list[SpectrumStatus]:
    """All files with our reader, which also converts, checks, masks and packs."""
    report: list[SpectrumStatus] = []
    for _ in scan_spectra(paths, report=report):
        pass
    return report


def cpu_seconds(work: Callable[[], object], repeats: int) -> float:
    """Median CPU time, without the first run, which warms the caches."""
    spent = []
    for turn in range(repeats + 1):
        began = time.process_time()
        work()
        if turn:
            spent.append(time.process_time() - began)
    return statistics.median(spent)


def row(name: str, paths: list[Path], repeats: int) -> tuple[str, bool]:
    """One line of the table, and whether every file could be read."""
    report = ours(paths)
    failed = [status for status in report if status.status != "ok"]
    mine = cpu_seconds(lambda: ours(paths), repeats) / len(paths)
    theirs = cpu_seconds(lambda: by_astropy(paths), repeats) / len(paths)
    pixels = sum(status.n_pixels for status in report) / max(len(report), 1)
    line = (
        f"| {name} | {len(paths):,} | {pixels:,.0f} | {1 / mine:,.0f} | {1 / theirs:,.0f} | {theirs / mine:.1f} "
        f"| {len(failed)} |"
    )
    return line, not failed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument(
        "-o", "--output", type=Path, help="write the table here as well; in a folder: spectra_reading.md"
    )
    parser.add_argument("--repeats", type=int, default=5, help="timed runs of each")
    parser.add_argument("--copies", type=int, default=2000, help="copies of one LAMOST file, read as one folder")
    given = parser.parse_args()
    if not given.data.is_dir():
        parser.error(f"there is no folder {given.data}")
    lines = ["| files | n | pixels | goodricke, files/s | astropy, files/s | times faster | failed |",
             "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    sound = True
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        for place in PLACES:
            paths = sorted(path for path in (given.data / place).glob("*.fit*"))
            if paths:
                line, good = row(place, paths, given.repeats)
                lines.append(line)
                sound = sound and good
        one = next(iter(sorted((given.data / "lamost_raw" / "old_dr7").glob("*.fits"))), None)
        if one is not None:
            content = one.read_bytes()
            copies = [Path(folder, f"spec-{k:05d}.fits") for k in range(given.copies)]
            for path in copies:
                path.write_bytes(content)
            line, good = row(f"{given.copies:,} copies of one DR7 file", copies, 1)
            lines.append(line)
            tracemalloc.start()
            ours(copies)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            lines += ["", f"Peak memory of that folder, read in batches of 1,000 spectra: {peak / 1e6:.0f} MB."]
            sound = sound and good
    lines += [
        "",
        "CPU time of one core, files in the disk cache. Ours includes vacuum wavelengths on their lattice, masks, "
        "facts of the star and packing into batches; astropy's opens the file and takes the arrays and cards.",
    ]
    report = "\n".join(lines) + "\n"
    sys.stdout.write(report)
    if given.output:
        target = (
            given.output / "spectra_reading.md" if given.output.is_dir() or not given.output.suffix else given.output
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(report)
    return int(not sound)


if __name__ == "__main__":
    sys.exit(main())
