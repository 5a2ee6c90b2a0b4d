"""ZTF light curves from IRSA, as csv or IPAC table (Masci et al. 2019).

One ``oid`` is one star in one filter, field and CCD quadrant. Objects of the file that lie within 1.5 arcsec of each
other are one star, named by the smallest of their numbers, which does not depend on the order of the rows. Time is the
heliocentric JD where given, else MJD; both in UTC. Flags: release notes of ZTF, "Quality Filtering of Epochs in
Lightcurves".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.positions import mean_coordinate, same_place
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = Quality({"warning": 0x7FFF, "unusable": 0x8000}, default=0x8000, hard=0xFFFF, hardest=0xFFFF)
"""``catflags`` as it comes: bit 15 marks epochs that are not usable, the lower 15 bits warn."""
STITCH = False

_RADIUS = 1.5  # arcsec: one and a half pixels
_HJD = TimeFrame("utc", "heliocentre", 0.0)
_MJD = TimeFrame("utc", "observer", 2400000.5)


def recognises(source: Source) -> bool:
    """The columns that no ZTF light curve of IRSA is without."""
    table = source.table
    return table.has("oid", "mjd", "mag", "magerr", "filtercode") or table.has(
        "oid", "hjd", "mag", "magerr", "filtercode"
    )


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the file."""
    table = source.table
    oid, numbers = codes_of(table.strings("oid"), table.n_rows)
    ra, dec = (
        mean_coordinate(table.numbers(name), oid, len(numbers)) if name in table else np.full(len(numbers), np.nan)
        for name in ("ra", "dec")
    )
    # Without positions the objects cannot be told to be one star: each stands alone.
    group = (
        same_place(ra, dec, _RADIUS) if np.isfinite(ra).all() and np.isfinite(dec).all() else np.arange(len(numbers))
    )
    n = int(group.max(initial=-1)) + 1
    leader = _smallest(numbers, group, n)
    filters, bands = codes_of(table.strings("filtercode"), table.n_rows)
    time = table.numbers("hjd") if "hjd" in table else np.zeros(0)
    heliocentric = bool(np.isfinite(time).any())
    yield Measurements(
        object_id=np.array([f"ZTF {numbers[k]}" for k in leader]),
        time=time if heliocentric else table.numbers("mjd"),
        value=table.numbers("mag"),
        error=table.numbers("magerr"),
        kind="mag",
        frame=_HJD if heliocentric else _MJD,
        star=group[oid],
        band=filters.astype(np.int8),
        bands=tuple(name[1:] if name in ("zg", "zr", "zi") else name for name in bands),
        quality=_catflags(table) if "catflags" in table else None,
        ra=ra[leader],
        dec=dec[leader],
        notes=(f"{n} stars in one file: told apart by positions more than {_RADIUS} arcsec apart",) if n > 1 else (),
    )


def _catflags(table: TextTable) -> NDArray[np.int64]:
    return np.clip(np.nan_to_num(table.numbers("catflags")), 0, 2**31).astype(np.int64)


def _smallest(numbers: list[str], group: NDArray[np.int64], n: int) -> list[int]:
    """Of every group the object with the smallest number (n,); numbers are compared by length, then by letters."""
    leader = [-1] * n
    for k in sorted(range(len(numbers)), key=lambda k: (len(numbers[k]), numbers[k]), reverse=True):
        leader[int(group[k])] = k
    return leader
