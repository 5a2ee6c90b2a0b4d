"""Read spectra: from anything a user names to Spectra, one file at a time, losing nothing silently."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from goodricke.errors import DataError, GoodrickeError, OptionError, ReadError, ReadWarning, UnknownFormat
from goodricke.spectra import Spectra, concatenate
from goodricke.spectra.epochs import unite
from goodricke.surveys.paths import Entry, expand
from goodricke.surveys.reading import MALFORMED
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, packed
from goodricke.surveys.spectra.table import SpectrumRow, find, recognise

__all__ = ["SpectrumStatus", "read_spectra", "records_of", "scan_spectra"]

PathLike = str | os.PathLike[str]
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
    try:
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
    except ReadError as error:
        raise error.at(source.name) from error.__cause__
    except OptionError:
        raise
    except (*MALFORMED, GoodrickeError) as error:
        layout = status.survey or source.container
        said = str(error).splitlines()[0][:160] if str(error) else ""
        raise ReadError(
            f"the content does not follow the {layout} layout of spectra ({type(error).__name__}: {said})",
            "download it again; if it is good, name its columns: columns={'wave': ..., 'flux': ...}",
            source.name,
        ) from error
    if not status.n_spectra:
        raise ReadError("there is no spectrum in the file", "is the table empty? Download it again", source.name)


def _row_for(source: Source, options: SpectrumOptions) -> SpectrumRow:
    """The row of the table of spectra that will read this file."""
    if source.container == "empty":
        raise ReadError(f"the file is empty ({source.size} bytes)", "download it again", source.name)
    if source.container == "html":
        title = next((line.strip() for line in source.lines if "<title" in line.lower()), source.lines[0].strip())
        raise ReadError(
            f"this is a web page, not data ({title[:80]!r})", "the download failed: log in or ask again", source.name
        )
    if options.survey:
        row = find(options.survey)
        if source.container not in row.containers:
            raise ReadError(
                f"a {source.container} file cannot be {row.name}, which comes as {' or '.join(row.containers)}",
                "name no survey, and the content decides",
                source.name,
            )
        return row
    generic = find("generic")
    if options.columns and source.container in generic.containers:
        return generic  # whoever names the columns knows that it is a spectrum
    return recognise(source)


def _pieces(paths: Sequence[PathLike], options: SpectrumOptions) -> Iterator[tuple[SpectrumStatus, Record | None]]:
    """Every spectrum with the status of its file, then the status with None when the file is done."""
    for entry in expand(paths):
        status = SpectrumStatus(entry.name)
        for one in _guarded(entry, options, status):
            yield status, one
        yield status, None


def _guarded(entry: Entry, options: SpectrumOptions, status: SpectrumStatus) -> Iterator[Record]:
    """The spectra of an entry; a failure goes into `status`."""
    try:
        if entry.error is not None or entry.source is None:
            raise entry.error or ReadError("nothing to read", "", entry.name)
        yield from records_of(entry.source, options, status)
    except UnknownFormat as error:
        status.status, status.reason = ("skipped" if entry.found else "failed"), str(error)
    except ReadError as error:
        status.status, status.reason = "failed", str(error)
        if status.n_spectra:
            status.reason += f" (the {status.n_spectra:,} spectra before that point are kept)"


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
    held: list[Record] = []
    for status, one in _pieces([paths] if isinstance(paths, str | os.PathLike) else list(paths), options):
        if one is None:
            if report is not None:
                report.append(status)
            if on_file is not None:
                on_file(status)
            continue
        held.append(one)
        if len(held) >= batch:
            yield packed(held)
            held = []
    if held:
        yield packed(held)


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
    paths: list[PathLike] = []
    batches: list[Spectra] = []
    for thing in things:
        if isinstance(thing, list | tuple) and all(isinstance(item, str | os.PathLike) for item in thing):
            paths.extend(thing)
        elif isinstance(thing, str | os.PathLike):
            paths.append(thing)
        else:
            batches.append(_of_object(thing, options))
    if not things:
        raise OptionError("nothing to read: name a file, a folder or a pattern")
    rows: list[SpectrumStatus] = [] if report is None else report
    already = len(rows)
    batches += scan_spectra(paths, options, rows)
    failed = [row for row in rows[already:] if row.status == "failed"]
    if failed and not batches:
        more = f" (and {len(failed) - 1} more files failed)" if len(failed) > 1 else ""
        raise ReadError(failed[0].reason + more)
    if failed and report is None:
        warnings.warn(
            f"{len(failed)} of {len(rows)} files could not be read: {failed[0].reason}"
            + (" ..." if len(failed) > 1 else "")
            + " Pass report=[] to get a row for each.",
            ReadWarning,
            stacklevel=2,
        )
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
