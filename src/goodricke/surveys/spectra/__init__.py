"""IN, for spectra: one file per layout, one table of them, and the reader that uses it."""

from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.reading import SpectrumStatus, read_spectra, scan_spectra
from goodricke.surveys.spectra.record import Record, packed, record
from goodricke.surveys.spectra.table import SPECTRA, SpectrumRow, is_spectrum

__all__ = [
    "SPECTRA",
    "Record",
    "SpectrumOptions",
    "SpectrumRow",
    "SpectrumStatus",
    "is_spectrum",
    "packed",
    "read_spectra",
    "record",
    "scan_spectra",
]
