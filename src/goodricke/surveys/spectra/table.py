"""The table of spectra: one row, one file. To add a layout, see README.md in this folder.

A row names the module that reads the format and the containers it can come in; the module is imported when a file in
such a container is met. Other packages join through the entry point group ``goodricke.spectra``: the same door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from typing import Protocol, cast

import numpy as np

from goodricke.errors import OptionError, ReadError, UnknownFormat
from goodricke.surveys.containers.fits import BLOCK, Header
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record

__all__ = ["GROUP", "SPECTRA", "SpectrumModule", "SpectrumRow", "find", "is_spectrum", "recognise", "rows", "title_of"]


class SpectrumModule(Protocol):
    """What the file of a layout of spectra must hold.

    ``recognises`` looks at the content and is cheap: it sees every file in its containers. It says yes to its own
    format and to nobody else's. ``read`` yields a ``Record`` per spectrum, in vacuum wavelengths in Angstrom; it drops
    no spectrum.
    """

    def recognises(self, source: Source) -> bool:
        """Whether the content is of this format."""

    def read(self, source: Source, options: SpectrumOptions) -> Iterator[Record]:
        """Yield what the file holds."""


@dataclass(frozen=True)
class SpectrumRow:
    """One row of the table."""

    name: str
    module: str
    containers: tuple[str, ...]
    title: str

    def load(self) -> SpectrumModule:
        """Import the module of this row."""
        return cast(SpectrumModule, import_module(self.module))


def _row(name: str, containers: str, title: str) -> SpectrumRow:
    return SpectrumRow(name, f"goodricke.surveys.spectra.{name}", tuple(containers.split()), title)


SPECTRA: tuple[SpectrumRow, ...] = (
    _row("lamost", "fits", "LAMOST low-resolution spectra: pilot, DR2, DR7-DR8 images and COADD tables"),
    _row("sdss", "fits", "SDSS and BOSS spectra: spec-*, spSpec-*"),
    _row("desi", "fits", "DESI spectra-* and coadd-*: arms and a fibre map"),
    _row("generic", "fits text xml parquet", "any other spectrum: columns or header cards are guessed, and it is said"),
)
"""In the order in which they are asked. ``generic`` takes what nobody else wants, so it stands last."""

GROUP = "goodricke.spectra"


@cache
def rows() -> tuple[SpectrumRow, ...]:
    """All rows: ours, and those of installed packages (asked before ``generic``)."""
    ours = {row.name for row in SPECTRA}
    theirs = []
    for point in metadata.entry_points(group=GROUP):
        if point.name in ours:
            raise OptionError(f"the installed package {point.value} names spectra {point.name!r}, which exist already")
        module = point.load()
        theirs.append(SpectrumRow(point.name, point.value.split(":")[0], tuple(module.CONTAINERS), module.TITLE))
    return (*SPECTRA[:-1], *theirs, SPECTRA[-1])


def find(name: str) -> SpectrumRow:
    """The row of that name.

    >>> find("desi").title
    'DESI spectra-* and coadd-*: arms and a fibre map'
    """
    for row in rows():
        if row.name == name:
            return row
    known = ", ".join(row.name for row in rows())
    raise OptionError(f"no layout of spectra is called {name!r}; there are {known}")


def _row_of(source: Source) -> SpectrumRow | None:
    container = source.container
    with np.errstate(all="ignore"):  # damaged numbers may be infinite or signalling NaN
        return next((row for row in rows() if container in row.containers and row.load().recognises(source)), None)


def recognise(source: Source) -> SpectrumRow:
    """The first row that says the content is its own.

    Raises
    ------
    UnknownFormat
        If none does; the message says so when the file is a light curve.
    ReadError
        If the file is damaged.
    """
    row = _row_of(source)
    if row is not None:
        return row
    light_curve = _light_curve_of(source)
    if light_curve:
        raise UnknownFormat(
            f"this is a light curve ({light_curve}), not a spectrum",
            "goodricke.read reads it; goodricke classify takes light curves with another model",
            source.name,
        )
    raise UnknownFormat(
        f"no spectrum is recognised in this {source.container} file",
        "if it is one, name its columns: columns={'wave': ..., 'flux': ...}",
        source.name,
    )


def title_of(source: Source) -> str:
    """What kind of spectrum a file is; empty when it is none.

    Raises
    ------
    ReadError
        If the file is damaged.
    """
    row = _row_of(source)
    return "" if row is None else row.title


def _light_curve_of(source: Source) -> str:
    """What kind of light curve a file is; empty when it is none."""
    from goodricke.surveys import table as light_curves

    try:
        return light_curves.recognise(source).title
    except ReadError:
        return ""


def is_spectrum(source: Source) -> bool:
    """Whether a file holds spectra: cheap, and False for light curves. A file cut short counts by its first header.

    >>> is_spectrum(Source("a.csv", data=b"wave,flux\\n" + b"".join(b"%d,1.5\\n" % k for k in range(4000, 4100))))
    True
    """
    try:
        return bool(title_of(source))
    except ReadError:
        return _says_so(source)


def _says_so(source: Source) -> bool:
    """Whether the first header of a damaged FITS file is that of a spectrograph that we know."""
    try:
        head = source.head
    except ReadError:
        return False
    if not head.startswith(b"SIMPLE  ="):
        return False
    whole = head[: len(head) // BLOCK * BLOCK]
    if not whole:
        return False
    card = Header(whole)
    return "LAMOST" in card.text("TELESCOP") + card.text("AUTHOR") or (
        "SDSS" in card.text("TELESCOP") and ("COEFF0" in card or "PLATEID" in card)
    )
