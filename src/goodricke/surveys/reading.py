"""Read: from anything a user names to LightCurves, one file at a time, losing nothing silently."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from goodricke.errors import DataError, ReadError, UnknownFormat
from goodricke.lightcurves import DROP_REASONS, LightCurves, Measurements, assemble, concatenate
from goodricke.surveys.files import PathLike, each_file, in_batches, paths_and_objects, tell_failures
from goodricke.surveys.merge import merge as merged
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.refusals import check_container, check_data, read_errors
from goodricke.surveys.source import Source
from goodricke.surveys.table import SurveyRow, find, recognise
from goodricke.timeframes import TimeFrame

__all__ = ["FileStatus", "light_curves_of", "pieces", "read", "row_for", "scan"]


@dataclass
class FileStatus:
    """What became of one file: a row of the report."""

    path: str
    survey: str = ""
    status: Literal["ok", "failed", "skipped"] = "ok"
    n_stars: int = 0
    n_points: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    n_single: int = 0
    n_empty: int = 0
    bands: list[str] = field(default_factory=list)

    def count(self, lcs: LightCurves, fresh: bool) -> None:
        """Add a piece of the file; what it lost counts when it was lost just now (`fresh`)."""
        self.n_stars += len(lcs)
        self.n_points += lcs.n_points
        self.n_single += int(np.count_nonzero(lcs.lengths == 1))
        self.n_empty += int(np.count_nonzero(lcs.lengths == 0))
        if fresh:
            for reason, n in zip(DROP_REASONS, lcs.dropped.sum(axis=0), strict=True):
                if n:
                    self.dropped[reason] = self.dropped.get(reason, 0) + int(n)
        if lcs.n_points:
            _suspect_two_stars(lcs, self)

    @property
    def kept(self) -> str:
        """What was read of it so far, in words; empty when no point was."""
        return f"{self.n_stars:,} stars" if self.n_points else ""

    def as_row(self) -> dict[str, Any]:
        """Flat values for a table."""
        return {
            "path": self.path,
            "survey": self.survey,
            "status": self.status,
            "n_stars": self.n_stars,
            "n_points": self.n_points,
            **{f"n_{reason}": self.dropped.get(reason, 0) for reason in DROP_REASONS},
            "notes": "; ".join(self.notes),
            "reason": self.reason,
        }


def light_curves_of(source: Source, options: ReadOptions, status: FileStatus | None = None) -> Iterator[LightCurves]:
    """Yield the light curves of one file; a large table comes in pieces.

    Raises
    ------
    ReadError
        Whatever is wrong with the file.
    """
    status = FileStatus(source.name) if status is None else status
    waiting: list[LightCurves] = []  # stars that lost every point, until another star shows that the file is sound
    with read_errors(
        source,
        lambda: f"{status.survey or source.container} layout",
        "download it again; if it is good, read it as another survey (--survey) or name the columns (--columns)",
    ):
        row = row_for(source, options)
        status.survey = row.name
        module = row.load()
        mask = module.QUALITY.mask(options.quality)
        if options.quality not in ("none", "default") and not module.QUALITY.bits:
            status.notes.append(f"{row.name} has no quality flags, so --quality {options.quality} changes nothing")
        for found in module.read(source, options):
            lcs = found if isinstance(found, LightCurves) else _assembled(found, row, options, mask, status)
            lcs = _only_bands(lcs, options.bands, status)
            status.count(lcs, fresh=not isinstance(found, LightCurves))
            waiting.append(lcs)
            if status.n_points:
                yield from waiting
                waiting.clear()
    if not status.n_stars:
        raise ReadError("there is no star in the file", "is the table empty? Download it again", source.name)
    if not status.n_points:
        raise _nothing_left(status, options)
    if status.n_single:
        stars = "1 star" if status.n_single == 1 else f"{status.n_single:,} stars"
        status.notes.append(f"{stars} with a single point: too few for anything but a table")
    if status.n_empty:
        status.notes.append(f"{status.n_empty:,} star{'s' * (status.n_empty > 1)} without a usable point")


_REMEDIES = {
    "limit": "these are upper limits only: read the file that has the detections",
    "quality": "try --quality none",
    "not_finite": "name the columns to read: --columns time=...,mag=...",
    "error": "name another column of errors: --columns err=...",
}


def _nothing_left(status: FileStatus, options: ReadOptions) -> ReadError:
    """Why a file with stars gives none: the commonest reason, and what helps against it."""
    if options.bands and status.bands:
        wanted, there = ", ".join(options.bands), ", ".join(status.bands)
        return ReadError(f"none of the bands {wanted} is here", f"it has {there}", status.path)
    if not status.dropped:
        return ReadError("the stars in it have no points", "is the table empty? Download it again", status.path)
    why = ", ".join(f"{n:,} {reason}" for reason, n in status.dropped.items())
    main = max(status.dropped, key=lambda reason: status.dropped[reason])
    n = sum(status.dropped.values())
    return ReadError(f"no point is left of {n:,} ({why})", _REMEDIES.get(main, "try --quality none"), status.path)


def _assembled(
    measured: Measurements, row: SurveyRow, options: ReadOptions, mask: int, status: FileStatus
) -> LightCurves:
    if options.time_frame is not None:
        measured = replace(measured, frame=options.time_frame)
    status.notes += [note for note in measured.notes if note not in status.notes]
    return assemble(measured, row.name, mask)


def row_for(source: Source, options: ReadOptions) -> SurveyRow:
    """The survey row that will read this file."""
    check_data(source, "the download failed: log in or ask the survey again")
    if options.survey:
        row = find(options.survey)
        check_container(source, row, "leave --survey out to let the content decide")
        return row
    generic = find("generic")
    try:
        row = recognise(source)
    except UnknownFormat:
        if options.columns and source.container in generic.containers:
            return generic  # whoever names the columns knows that it is a light curve
        raise
    if not set(options.columns) <= set(getattr(row.load(), "COLUMNS", ())):
        return generic
    return row


def _only_bands(lcs: LightCurves, bands: tuple[str, ...], status: FileStatus) -> LightCurves:
    """The points in the wanted bands; a piece of a large table may have none of them."""
    if not bands:
        return lcs
    status.bands += [name for name in lcs.bands if name not in status.bands]
    present = tuple(name for name in bands if name in lcs.bands)
    return lcs.select_band(*present) if present else lcs.keep_points(np.zeros(lcs.n_points, dtype=bool))


def _suspect_two_stars(lcs: LightCurves, status: FileStatus) -> None:
    """Note when many points share their time and disagree: two stars that were written into one file."""
    same = (np.diff(lcs.time) == 0) & (np.diff(lcs.band) == 0)
    same[lcs.offsets[1:-1][(lcs.offsets[1:-1] > 0) & (lcs.offsets[1:-1] < lcs.n_points)] - 1] = False
    pairs = np.flatnonzero(same)
    if len(pairs) < max(5, lcs.n_points // 5):
        return
    apart = np.abs(lcs.flux[pairs] - lcs.flux[pairs + 1]) / np.hypot(lcs.flux_err[pairs], lcs.flux_err[pairs + 1])
    if np.median(apart) > 5:
        status.notes.append(
            f"{len(pairs):,} points share their time with another and disagree by {np.median(apart):.0f} sigma: are "
            "two stars mixed in this file? Separate them, or name the column that tells them: --columns object_id=NAME"
        )


def scan(
    things: PathLike | Sequence[PathLike],
    options: ReadOptions = ReadOptions(),  # noqa: B008 (frozen)
    report: list[FileStatus] | None = None,
    on_file: Callable[[FileStatus], None] | None = None,
) -> Iterator[LightCurves]:
    """Yield batches of light curves from files of any number and size, holding one batch in memory.

    Stars are not merged across files here: ``read`` does that, and so does ``goodricke read``.

    Parameters
    ----------
    things : path or sequence of paths
        Files, folders, globs, archives, ``-``.
    options : ReadOptions
        How to read.
    report : list, optional
        Receives a ``FileStatus`` for every file; failures are only told here.
    on_file : callable, optional
        Called with the status when a file is done (progress).

    Examples
    --------
    >>> from goodricke.examples import path
    >>> [len(batch) for batch in scan(path("*.dat"))]
    [1]
    """
    paths = [things] if isinstance(things, str | os.PathLike) else list(things)
    found = pieces(paths, options)
    yield from in_batches(found, lambda lcs: lcs.n_points, options.batch_points, concatenate, report, on_file)


def pieces(
    paths: Sequence[PathLike],
    options: ReadOptions,
    skip: Callable[[str], bool] = lambda name: False,
) -> Iterator[tuple[FileStatus, LightCurves | None]]:
    """Yield every file's light curves with its status as they come, then the status with None when the file is done.

    Files whose name `skip` says yes to are passed over (resuming).
    """
    return each_file(paths, FileStatus, lambda source, status: light_curves_of(source, options, status), skip)


def read(
    *things: Any,
    survey: str = "",
    quality: str | int = "default",
    columns: Mapping[str, str] | None = None,
    time_frame: str | TimeFrame | None = None,
    bands: Sequence[str] = (),
    merge: bool = True,
    report: list[FileStatus] | None = None,
) -> LightCurves:
    """Read light curves from files of any survey, or from the objects of other libraries.

    Parameters
    ----------
    *things : paths or objects
        Files, folders, globs, tar and zip archives, ``-`` for standard input; or an Arrow table, a (nested) pandas
        frame, an astropy Table or TimeSeries, a lightkurve object or collection.
    survey : str
        Read as this format (a name from ``goodricke surveys``) instead of recognising it.
    quality : {"none", "default", "hard", "hardest"} or int
        Which quality flags drop a point.
    columns : mapping
        Overrule which columns are read, such as ``{"time": "HJD", "mag": "Vmag"}``.
    time_frame : str or TimeFrame
        Overrule what the times mean, such as ``"HJD_UTC-2450000"``.
    bands : sequence of str
        Keep only these bands.
    merge : bool
        Unite the files of one star; False keeps every file a row of its own.
    report : list, optional
        Receives a ``FileStatus`` per file.

    Returns
    -------
    LightCurves
        Every star found, in the order of the files.

    Raises
    ------
    ReadError
        If the only file, or every file, cannot be read. When some of many fail, a ``ReadWarning`` says which and the
        others are returned; pass `report` to get the reasons as rows instead.

    Examples
    --------
    >>> import goodricke as gr
    >>> from goodricke.examples import path
    >>> gr.read(path("*.dat"))
    <LightCurves: 1 star, 200 points, bands: I, span 2232 d, HJD_UTC-2450000>
    """
    options = ReadOptions(
        survey=survey,
        quality=quality,
        columns=dict(columns or {}),
        time_frame=TimeFrame.parse(time_frame) if isinstance(time_frame, str) else time_frame,
        bands=(bands,) if isinstance(bands, str) else tuple(bands),
        merge=merge,
    )
    paths, objects = paths_and_objects(things)
    batches = [LightCurves.from_object(thing, **options.columns) for thing in objects]
    rows: list[FileStatus] = [] if report is None else report
    already = len(rows)
    batches += scan(paths, options, rows)
    tell_failures(rows[already:], some=bool(batches), warn=report is None)
    if not batches:
        raise ReadError(
            "no light curve was found", "goodricke surveys lists what is understood", str(paths[0]) if paths else ""
        )
    try:
        return merged(batches) if merge else concatenate(batches)
    except DataError as error:
        raise ReadError(str(error)) from error
