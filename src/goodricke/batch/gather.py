"""Gather: any number of files into one output, in bounded memory, resumable.

Files are read once, in order. What was read is held until it is large (or half a minute old) and then kept as a part in
the spool. At the end the parts are joined: files of one star are united even when they came far apart. When everything
fits in memory that is one merge; otherwise stars are dealt into buckets by a hash of their name, so that a bucket fits.
The cost is one reading of the input and, for runs larger than memory, two more of the parts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from goodricke.batch.joining import joined, united_schema
from goodricke.batch.spool import Spool
from goodricke.clean import CleanOptions, clean
from goodricke.lightcurves import DROP_REASONS, LightCurves, concatenate
from goodricke.output import LightCurveFile
from goodricke.surveys import FileStatus, ReadOptions
from goodricke.surveys.files import PathLike
from goodricke.surveys.merge import merge
from goodricke.surveys.reading import pieces

__all__ = ["Gathered", "gather"]

CHECKPOINT_SECONDS = 30.0


@dataclass
class Gathered:
    """What a run did."""

    statuses: list[FileStatus] = field(default_factory=list)
    n_stars: int = 0
    n_points: int = 0
    bands: dict[str, int] = field(default_factory=dict)
    """Points per band."""
    spans: list[float] = field(default_factory=list)
    """Shortest, median and longest span in days of the stars with two points or more (median of batch medians)."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Points that cleaning removed, by reason; what reading dropped is in the statuses."""
    resumed: int = 0
    """Files taken over from an earlier, interrupted run."""

    def count(self, status: str) -> int:
        """Files with this status."""
        return sum(row.status == status for row in self.statuses)

    def add(self, lcs: LightCurves) -> None:
        """Count a batch that was written."""
        self.n_stars += len(lcs)
        self.n_points += lcs.n_points
        for name, n in zip(lcs.bands, np.bincount(lcs.band, minlength=len(lcs.bands)), strict=True):
            self.bands[name] = self.bands.get(name, 0) + int(n)
        several = lcs.lengths > 1
        if several.any():
            span = lcs.time[lcs.offsets[1:][several] - 1] - lcs.time[lcs.offsets[:-1][several]]
            low, middle, high = float(span.min()), float(np.median(span)), float(span.max())
            if self.spans:
                low, high = min(low, self.spans[0]), max(high, self.spans[2])
                middle = float(np.median([middle, self.spans[1]]))
            self.spans = [low, middle, high]


def gather(
    paths: Sequence[PathLike],
    output: PathLike | None = None,
    options: ReadOptions = ReadOptions(),  # noqa: B008 (frozen)
    cleaning: CleanOptions | None = None,
    resume: bool = False,
    on_file: Callable[[FileStatus], None] | None = None,
    on_batch: Callable[[LightCurves], None] | None = None,
) -> Gathered:
    """Read every file behind `paths` and write the stars to `output`.

    Parameters
    ----------
    paths : sequence of paths
        Files, folders, globs, archives, ``-``.
    output : path, optional
        Where to; the suffix chooses the format. None only counts.
    options : ReadOptions
        How to read.
    cleaning : CleanOptions, optional
        Clean every star after its files are united.
    resume : bool
        Go on where an interrupted run with the same paths and options stopped.
    on_file : callable, optional
        Called with every file's status (progress).
    on_batch : callable, optional
        Called with every batch as it is written.

    Returns
    -------
    Gathered
        Statuses of all files and totals.
    """
    done = Gathered()
    spool = None
    if output is not None and str(output) != "-":
        target = Path(output)
        asked = json.dumps(
            [[str(path) for path in paths], asdict(options), repr(cleaning)], default=str, sort_keys=True
        )
        spool = Spool(target.with_name(f".{target.name}.parts"), asked, resume)
        done.resumed = len(spool.statuses)
    held, statuses = _read(paths, options, spool, on_file)
    done.statuses = statuses

    def finished() -> Iterator[LightCurves]:
        for lcs in _united(held, spool, options):
            result = lcs if cleaning is None else clean(lcs, cleaning)
            done.add(result)
            for name, n in _newly_dropped(lcs, result).items():
                done.dropped[name] = done.dropped.get(name, 0) + n
            if on_batch is not None:
                on_batch(result)
            yield result

    if output is None or not any(status.status == "ok" for status in statuses):
        for _ in finished():
            pass
    else:
        with LightCurveFile(output, united_schema(spool.parts) if spool else None) as file:
            for lcs in finished():
                file.write(lcs)
    if spool:
        spool.clear()
    return done


def _united(held: list[LightCurves], spool: Spool | None, options: ReadOptions) -> Iterator[LightCurves]:
    if spool is not None and spool.parts:
        yield from joined(spool.parts, options.merge, options.batch_points)
    elif held:
        yield merge(held) if options.merge else concatenate(held)


def _newly_dropped(before: LightCurves, after: LightCurves) -> dict[str, int]:
    lost = (after.dropped - before.dropped).sum(axis=0)
    return {reason: int(n) for reason, n in zip(DROP_REASONS, lost, strict=True) if n}


def _read(
    paths: Sequence[PathLike],
    options: ReadOptions,
    spool: Spool | None,
    on_file: Callable[[FileStatus], None] | None,
) -> tuple[list[LightCurves], list[FileStatus]]:
    """Read every file; return what is still in memory (nothing, once the spool has parts) and all statuses."""
    held: list[LightCurves] = []  # of files that are done
    current: list[LightCurves] = []  # of the file being read
    complete: list[FileStatus] = []
    points, since = 0, time.monotonic()
    earlier = frozenset(spool.done) if spool else frozenset()
    for status, lcs in pieces(paths, options, earlier.__contains__):
        if lcs is None:
            held, current = held + current, []
            complete.append(status)
            if on_file is not None:
                on_file(status)
        else:
            current.append(lcs)
            points += lcs.n_points
        if spool is None or (points < options.batch_points and time.monotonic() - since < CHECKPOINT_SECONDS):
            continue
        if complete:
            spool.keep(held, complete)
        if current:
            spool.keep(current, [], piece_of=status.path)
        held, current, complete, points, since = [], [], [], 0, time.monotonic()
    if spool is None:
        return held, complete
    if spool.parts:
        spool.keep(held, complete)
        return [], spool.statuses
    return held, spool.statuses + complete
