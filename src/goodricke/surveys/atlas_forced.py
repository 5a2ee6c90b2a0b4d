"""ATLAS forced photometry, as the server at fallingstar-data.com writes it (Tonry et al. 2018, Shingles et al. 2021).

Fluxes in microjansky (AB) are read, not magnitudes: a negative flux has no magnitude and is a measurement all the same.
The file does not tell whether the photometry was done on the images or on differences from a template; a star whose
median flux is not positive is taken as a difference. Time is MJD in UTC at the start of the exposure of 30 s, as
written. The star is named by its file.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.positions import middle
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = Quality(
    {
        "fit_failed": 1,  # err is not 0
        "large_error": 2,  # duJy of 10000 and more
        "edge": 4,  # x or y within 100 pixels of the border
        "shape": 8,  # maj or min outside 1.6 to 5 pixels
        "aperture_fit": 16,  # apfit outside -1 to -0.1
        "shallow": 32,  # mag5sig or Sky 17 and brighter
        "poor_fit": 64,  # chi/N ten times the usual in its band
        "odd_filter": 128,  # a test filter among c and o: it has no template of its own, so its difference is off
    },
    default=1 | 2 | 128,
    hard=1 | 2 | 4 | 8 | 16 | 32 | 128,
    hardest=255,
)
"""Bits 1 to 32 are the cuts that the server proposes on its page of questions. The misfit is measured against the
usual one of the star, for that of a bright star grows with its flux."""
STITCH = False

ZERO_POINT = 23.9  # AB magnitude of 1 microjansky
_RANGES = {"x": (4, 100, 10460), "y": (4, 100, 10460), "maj": (8, 1.6, 5), "min": (8, 1.6, 5), "apfit": (16, -1, -0.1)}


def recognises(source: Source) -> bool:
    """The header of the server, with or without its marks of comment."""
    return source.table.has("MJD", "m", "dm", "uJy", "duJy", "F", "err", "chi/N")


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = source.table
    band, bands = codes_of(table.strings("F"), table.n_rows)
    yield Measurements(
        object_id=np.array([source.stem]),
        time=table.numbers("MJD"),
        value=table.numbers("uJy"),
        error=table.numbers("duJy"),
        kind="flux",
        frame=TimeFrame("utc", "observer", 2400000.5),
        band=band.astype(np.int8),
        bands=tuple(bands),
        quality=_quality(table, band) | _odd_filter(band, bands),
        zero_point=ZERO_POINT,
        ra=np.array([middle(table.numbers("RA")) if "RA" in table else np.nan]),
        dec=np.array([middle(table.numbers("Dec")) if "Dec" in table else np.nan]),
    )


def _quality(table: TextTable, band: NDArray[np.int64]) -> NDArray[np.int64]:
    bits: NDArray[np.int64] = 1 * (np.nan_to_num(table.numbers("err"), nan=1) != 0) | 2 * ~(
        table.numbers("duJy") < 10000
    )
    for name, (bit, low, high) in _RANGES.items():
        if name in table:
            values = table.numbers(name)
            bits |= bit * ((values <= low) | (values >= high))
    for name in ("mag5sig", "Sky"):
        if name in table:
            bits |= 32 * (table.numbers(name) <= 17)
    misfit = table.numbers("chi/N")
    for code in range(int(band.max(initial=-1)) + 1):
        here = (band == code) & np.isfinite(misfit)
        if here.any():
            bits |= 64 * (here & (misfit > 10 * max(1.0, float(np.median(misfit[here])))))
    return bits


def _odd_filter(band: NDArray[np.int64], bands: list[str]) -> NDArray[np.int64]:
    usual = np.array([name in ("c", "o", "t", "w") for name in bands] or [True])
    return 128 * (~usual if usual.any() else np.zeros(len(usual), dtype=bool))[band]
