"""Read every real sample once for the record and several times for the clock, beside astropy in the same run.

    python benchmarks/reading.py [DATA_DIR] [-o FILE or FOLDER]

prints a markdown table: for every file below DATA_DIR (default: ``../shared/data/raw``) the survey it was recognised
as, stars, points kept and dropped, milliseconds per file (median CPU time), those of ``astropy.table.Table.read`` where
astropy reads the format, and the ratio. Files that fail are rows too; the exit code is 1 when one does.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from goodricke.surveys.options import ReadOptions
from goodricke.surveys.paths import Entry, expand
from goodricke.surveys.reading import FileStatus, scan

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "raw"
NO_LIGHT_CURVES = ("MANIFEST.csv", "catalogs")
WANTED = 5.0
"""The known FITS layouts are to be read this many times faster than by astropy."""

_ASTROPY = {
    "fits": ("fits",),
    "xml": ("votable",),
    "parquet": ("parquet",),
    "text": ("ascii.ipac", "ascii.ecsv", "ascii.csv", "ascii.basic", "ascii.no_header"),
}


@dataclass(frozen=True)
class Row:
    """What became of one file."""

    file: str
    status: FileStatus
    ours_ms: float | None
    astropy_ms: float | None
    container: str

    @property
    def ratio(self) -> float | None:
        """Times faster than astropy."""
        return self.astropy_ms / self.ours_ms if self.astropy_ms and self.ours_ms else None

    def markdown(self) -> str:
        """One line of the table."""
        status = self.status
        lost = ", ".join(f"{count:,} {reason}" for reason, count in status.dropped.items()) or "0"
        ours, theirs, times = (
            "" if value is None else f"{value:.{digits}f}"
            for value, digits in ((self.ours_ms, 2), (self.astropy_ms, 1), (self.ratio, 1))
        )
        if status.status != "ok":
            lost = f"{status.status}: {status.reason}".replace("|", "/")
        return (
            f"| {self.file} | {status.survey} | {status.n_stars:,} | {status.n_points:,} | {lost} "
            f"| {ours} | {theirs} | {times} |"
        )


def cpu_ms(works: list[Callable[[], object] | None], repeats: int) -> list[float | None]:
    """Median CPU time of each of `works` in milliseconds; in turns, so that a busy machine is busy for all."""
    spent: list[list[float]] = [[] for _ in works]
    for turn in range(repeats + 1):
        gc.collect()
        for work, times in zip(works, spent, strict=True):
            if work is not None:
                began = time.process_time()
                work()
                if turn:  # the first warms the caches
                    times.append(1e3 * (time.process_time() - began))
    return [statistics.median(times) if times else None for times in spent]


def by_astropy(path: Path, container: str) -> Callable[[], object] | None:
    """The first of astropy's readers that takes the file, as something to be timed; None when none does."""
    from astropy.table import Table

    for name in _ASTROPY.get(container, ()):
        more = {"hdu": 1} if name == "fits" else {"table_id": 0} if name == "votable" else {}

        def work(name: str = name, more: dict[str, int] = more) -> Table:
            return Table.read(path, format=name, **more)

        try:
            wide = len(work().colnames) > 1
        except Exception:  # noqa: BLE001 (whatever a reader raises for a format that is not its own)
            continue
        if wide:  # a table of one column is a table whose separator was not understood
            return work
    return None


def measure(path: Path, folder: Path, repeats: int) -> Row:
    """Read one file with both."""
    rows: list[FileStatus] = []
    options = ReadOptions()
    try:
        list(scan(path, options, rows))
    except Exception as error:  # noqa: BLE001 (a reader that crashes is a row of the report, too)
        rows = [FileStatus(str(path), status="failed", reason=f"crashed with {type(error).__name__}: {error}")]
    status = rows[0] if rows else FileStatus(str(path), status="failed", reason="nothing was read")
    if len(rows) > 1:
        status = united(rows)
    # The report names the file already.
    status.reason = status.reason.replace(f"{path}: ", "")
    container = container_of(next(iter(expand([path]))))
    mine = (lambda: list(scan(path, options, []))) if status.status == "ok" else None
    ours, theirs = cpu_ms([mine, by_astropy(path, container)], repeats)
    return Row(str(path.relative_to(folder)), status, ours, theirs, container)


def united(rows: list[FileStatus]) -> FileStatus:
    """The members of an archive as one row."""
    failed = [row for row in rows if row.status == "failed"]
    total = FileStatus(rows[0].path, rows[0].survey, "failed" if failed else "ok")
    total.reason = failed[0].reason if failed else ""
    for row in rows:
        total.n_stars += row.n_stars
        total.n_points += row.n_points
        for reason, count in row.dropped.items():
            total.dropped[reason] = total.dropped.get(reason, 0) + count
    return total


def container_of(entry: Entry) -> str:
    """What kind of file an entry is; empty when it cannot be opened."""
    return entry.source.container if entry.source is not None else ""


def table(rows: list[Row]) -> str:
    """The report in markdown."""
    lines = [
        "| file | survey | stars | points kept | dropped | ms | astropy ms | times faster |",
        "|---|---|---:|---:|---|---:|---:|---:|",
        *(row.markdown() for row in rows),
        "",
    ]
    ratios = [row.ratio for row in rows if row.container == "fits" and row.status.status == "ok" and row.ratio]
    if ratios:
        lines.append(
            f"Known FITS layouts: {min(ratios):.1f} to {max(ratios):.1f} times faster than astropy.table.Table.read "
            f"({len(ratios)} files; wanted: {WANTED:.0f})."
        )
    failed = [row for row in rows if row.status.status != "ok"]
    lines.append(f"{len(rows)} files, {len(failed)} failed. CPU time, median of repeats, files in the disk cache.")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("-o", "--output", type=Path, help="write the table here as well; in a folder: reading.md")
    parser.add_argument("--repeats", type=int, default=7, help="timed runs per file, 5 at least")
    given = parser.parse_args()
    if not given.data.is_dir():
        parser.error(f"there is no folder {given.data}")
    files = [
        path
        for path in sorted(given.data.rglob("*"))
        if path.is_file() and not set(path.relative_to(given.data).parts) & set(NO_LIGHT_CURVES)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # astropy's remarks on units that surveys invent
        rows = [measure(path, given.data, max(given.repeats, 5)) for path in files]
    report = table(rows)
    sys.stdout.write(report)
    if given.output:
        target = given.output / "reading.md" if given.output.is_dir() or not given.output.suffix else given.output
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(report)
    return int(any(row.status.status != "ok" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
