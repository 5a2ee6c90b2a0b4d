"""Any other spectrum: tables (FITS, csv and text, ECSV, VOTable, Parquet) and images with wavelengths in the header.

Names, units and UCDs tell which column is which; header cards and names tell unit and medium. What is guessed, above
all whether wavelengths without a word are in air, is said in the notes and can be overruled.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from goodricke.errors import ReadError
from goodricke.surveys.source import Source
from goodricke.surveys.spectra import images, tables
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record

__all__ = ["read", "recognises"]


def recognises(source: Source) -> bool:
    """A table with wavelengths that rise or fall and fluxes, or an image with an axis of wavelengths."""
    try:
        if any(_moves(table) for table in tables.tables_of(source, {})):
            return True
        return source.container == "fits" and images.recognises(source.fits)
    except ReadError:
        return False


def _moves(table: tables.Table) -> bool:
    """Whether the first wavelengths are all different, as in a spectrum: those of a catalogue need not be."""
    first = table.first_wavelengths()
    step = np.diff(first[np.isfinite(first)])
    return len(step) > 1 and bool((step > 0).all() or (step < 0).all())


def read(source: Source, options: SpectrumOptions) -> Iterator[Record]:
    """Yield the spectra of the file."""
    found = False
    for table in tables.tables_of(source, options.columns):
        found = True
        yield from tables.records(source, table, options)
    if found:
        return
    if source.container == "fits" and not options.columns:
        yield from images.records(source, options)
        return
    raise tables.nothing_chosen(source, options.columns)
