"""Read spectra: from anything a user names to Spectra, one file at a time, losing nothing silently."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from goodricke.errors import DataError, OptionError, ReadError
from goodricke.spectra import Spectra, concatenate
from goodricke.spectra.epochs import unite
from goodricke.surveys.files import PathLike, each_file, in_batches, paths_and_objects, tell_failures
from goodricke.surveys.refusals import check_container, check_data, read_errors
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, packed
from goodricke.surveys.spectra.table import SpectrumRow, find, recognise

__all__ = ["SpectrumStatus", "read_spectra", "records_of", "scan_spectra"]

_BATCH = 1000  # spectra: some 100 MB of LAMOST's


@dataclass
class SpectrumStatus:
    """What became of one file of spectra: a row of the report."""

    path: str
    survey: str = ""
    status: Literal["ok", "failed", "skipped"] = "ok"
    n_spectra: int = 0
    n_pixels: int = 0
    n_bad: int = 0
    notes: list[str] = field(default_factory=list)
    reason: str = ""

    def count(self, one: Record) -> None:
        """Add a spectrum of the file."""
        self.n_spectra += 1
        self.n_pixels += len(one.wave)
        self.n_bad += int(one.bad.sum())
        self.notes += [note for note in one.notes if note not in self.notes]

    @property
    def kept(self) -> str:
        """What was read of it so far, in words; empty when nothing was."""
        return f"{self.n_spectra:,} spectra" if self.n_spectra else ""

    def as_row(self) -> dict[str, Any]:
        """Flat values for a table."""
        return {
            "path": self.path,
            "survey": self.survey,
            "status": self.status,
            "n_spectra": self.n_spectra,
            "n_pixels": self.n_pixels,
            "n_bad": self.n_bad,
            "notes": "; ".join(self.notes),
            "reason": self.reason,
        }


def records_of(
    source: Source,
    options: SpectrumOptions = SpectrumOptions(),  # noqa: B008 (frozen)
    status: SpectrumStatus | None = None,
) -> Iterator[Record]:
    """Yield the spectra of one file.

    Raises
    ------
    ReadError
        Whatever is wrong with the file.
    """
    status = SpectrumStatus(source.name) if status is None else status
    with read_errors(
        source,
        lambda: f"{status.survey or source.container} layout of spectra",
        "download it again; if it is good, name its columns: columns={'wave': ..., 'flux': ...}",
    ):
        row = _row_for(source, options)
        status.survey = row.name
        stream = row.load().read(source, options)
        while True:
            with np.errstate(all="ignore"):  # damaged numbers may be infinite or signalling NaN
                one = next(stream, None)
            if one is None:
                break
            status.count(one)
            yield one
    if not status.n_spectra:
        raise ReadError("there is no spectrum in the file", "is the table empty? Download it again", source.name)


def _row_for(source: Source, options: SpectrumOptions) -> SpectrumRow:
    """The row of the table of spectra that will read this file."""
    check_data(source, "the download failed: log in or ask again")
    if options.survey:
        row = find(options.survey)
        check_container(source, row, "name no survey, and the content decides")
        return row
    generic = find("generic")
    if options.columns and source.container in generic.containers:
        return generic  # whoever names the columns knows that it is a spectrum
    return recognise(source)


def scan_spectra(
    paths: PathLike | Sequence[PathLike],
    options: SpectrumOptions = SpectrumOptions(),  # noqa: B008 (frozen)
    report: list[SpectrumStatus] | None = None,
    batch: int = _BATCH,
    on_file: Callable[[SpectrumStatus], None] | None = None,
) -> Iterator[Spectra]:
    """Yield batches of spectra from files of any number and size, holding one batch in memory.

    Stars are not united across batches here: ``read_spectra`` does that, and ``goodricke.spectra.epochs.star_names``
    does it for columns of names and positions.

    Parameters
    ----------
    paths : path or sequence of paths
        Files, folders, globs, archives, ``-``.
    options : SpectrumOptions
        How to read.
    report : list, optional
        Receives a ``SpectrumStatus`` for every file; failures are only told here.
    batch : int
        Spectra in a batch.
    on_file : callable, optional
        Called with the status when a file is done (progress).
    """
    if batch < 1:
        raise OptionError(f"batch is {batch}; it must be at least 1")
    each = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    found = each_file(each, SpectrumStatus, lambda source, status: records_of(source, options, status))
    yield from in_batches(found, lambda one: 1, batch, packed, report, on_file)


def read_spectra(
    *things: Any,
    survey: str = "",
    wavelengths: str = "",
    columns: Mapping[str, str] | None = None,
    report: list[SpectrumStatus] | None = None,
) -> Spectra:
    """Read spectra from files of any survey; spectra of one star get one ``object_id``.

    Parameters
    ----------
    *things : paths or objects
        Files, folders, globs, tar and zip archives, ``-`` for standard input; or ``Spectra``, or an object of
        specutils.
    survey : str
        Read as this layout (``lamost``, ``sdss``, ``desi``, ``generic``) instead of recognising it.
    wavelengths : str
        Overrule what the wavelengths are: ``"air"`` or ``"vacuum"``, a unit such as ``"nm"``, or both. LAMOST, SDSS and
        DESI say it themselves; this is for all others.
    columns : mapping
        Overrule which columns are read, such as ``{"wave": "lambda", "flux": "F", "err": "sigma"}``.
    report : list, optional
        Receives a ``SpectrumStatus`` per file.

    Returns
    -------
    Spectra
        Every spectrum found, in the order of the files; vacuum Angstrom, as observed.

    Raises
    ------
    ReadError
        If the only file, or every file, cannot be read. When some of many fail, a ``ReadWarning`` says which and the
        others are returned; pass `report` to get the reasons as rows instead.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "star.csv")
    >>> _ = path.write_text("wave_vac,flux\\n" + "".join(f"{w},1.5\\n" for w in range(4000, 5001)))
    >>> read_spectra(path)
    <Spectra: 1 spectrum of 1 star, 1,001 pixels, 4000 to 5000 Angstrom>
    """
    options = SpectrumOptions(survey=survey, wavelengths=wavelengths, columns=dict(columns or {}))
    paths, objects = paths_and_objects(things)
    batches = [_of_object(thing, options) for thing in objects]
    rows: list[SpectrumStatus] = [] if report is None else report
    already = len(rows)
    batches += scan_spectra(paths, options, rows)
    tell_failures(rows[already:], some=bool(batches), warn=report is None)
    if not batches:
        raise ReadError(
            "no spectrum was found",
            "FITS, csv, text, VOTable and Parquet files with wavelengths and fluxes are understood",
            str(paths[0]) if paths else "",
        )
    try:
        return unite(concatenate(batches))
    except DataError as error:
        raise ReadError(str(error)) from error


def _of_object(thing: Any, options: SpectrumOptions) -> Spectra:
    """Spectra of an object in memory."""
    if isinstance(thing, Spectra):
        return thing
    from goodricke.surveys.spectra.objects import records_of_object

    return packed(records_of_object(thing, options))
