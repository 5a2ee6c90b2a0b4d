"""One star of a batch, as its file will hold it: points in order of time, Julian dates, a number for its name."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import Brightness
from goodricke.simulate.compiled import Floats, Ints
from goodricke.timeframes import TimeFrame

__all__ = ["Star", "number_of", "stars_of"]


@dataclass(frozen=True)
class Star:
    """M points of one star."""

    object_id: str
    jd: Floats
    """(M,) Julian dates on the survey's clock and place."""
    value: Floats
    """(M,) magnitudes or fluxes; NaN where nothing was measured."""
    error: Floats
    """(M,) their standard deviations."""
    band: NDArray[np.str_]
    """(M,) names of the bands."""
    seen: NDArray[np.bool_]
    """(M,) whether there is a detection: neither an upper limit nor NaN."""
    quality: Ints
    """(M,) the survey's bits, 0 is good."""
    ra: float
    """ICRS degrees; NaN when unknown."""
    dec: float
    """ICRS degrees; NaN when unknown."""

    @property
    def number(self) -> int:
        """A whole number that stands for the name, for formats that know stars by number only."""
        return number_of(self.object_id)

    def some(self, chosen: NDArray[np.bool_]) -> Star:
        """The points where `chosen` (M,) is true."""
        columns = ("jd", "value", "error", "band", "seen", "quality")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})


def number_of(object_id: str) -> int:
    """Return the number in a catalogue's name, or else all digits of a name, or else a checksum of it.

    >>> number_of("Gaia DR3 4100000000000000001"), number_of("sim-7-000000012"), number_of("star")
    (4100000000000000001, 7000000012, 3386595860)
    """
    last = object_id.split()[-1] if object_id.split() else ""
    digits = last if last.isdecimal() else "".join(letter for letter in object_id if letter.isdecimal())
    return int(digits) % 2**63 if digits else zlib.crc32(object_id.encode())


def stars_of(measured: Measurements, kind: Brightness, frame: TimeFrame, survey: str) -> Iterator[Star]:
    """Yield the stars one by one; those without any point too.

    Parameters
    ----------
    measured : Measurements
        N stars.
    kind : {"mag", "flux"}
        What the format holds.
    frame : TimeFrame
        The format's clock and place: no light travel time is added or removed here. Its zero point does not matter.
    survey : str
        For the message.

    Raises
    ------
    DataError
        When the measurements are of another kind, clock or place than the format.
    """
    own = measured.frame
    if (measured.kind, own.scale, own.place) != (kind, frame.scale, frame.place) or not np.isfinite(own.zero_jd):
        raise DataError(
            f"files of {survey} hold {kind} at times in {frame}; these measurements are {measured.kind} in {own}: "
            "were they made by the observatory of that survey?"
        )
    n, m = len(measured.object_id), len(measured.time)
    star = np.zeros(m, dtype=np.int64) if measured.star is None else measured.star
    order = np.lexsort((measured.time, star))
    bounds = np.searchsorted(star[order], np.arange(n + 1))
    columns = _columns(measured)
    for i in range(n):
        rows = order[bounds[i] : bounds[i + 1]]
        yield Star(
            object_id=str(measured.object_id[i]),
            **{name: column[rows] for name, column in columns.items()},
            ra=float("nan") if measured.ra is None else float(measured.ra[i]),
            dec=float("nan") if measured.dec is None else float(measured.dec[i]),
        )


def _columns(measured: Measurements) -> dict[str, NDArray[Any]]:
    """All points (M,) under the names of ``Star``; what a survey leaves out is filled in."""
    m = len(measured.time)
    value = np.asarray(measured.value, dtype=np.float64)
    error = np.full(m, np.nan) if measured.error is None else np.asarray(measured.error, dtype=np.float64)
    limit = np.zeros(m, dtype=bool) if measured.limit is None else measured.limit
    quality = np.zeros(m, dtype=np.int64) if measured.quality is None else measured.quality
    band = np.zeros(m, dtype=np.int8) if measured.band is None else measured.band
    return {
        "jd": measured.time + measured.frame.zero_jd,
        "value": value,
        "error": error,
        "band": np.array(measured.bands)[band],
        "seen": np.isfinite(value) & np.isfinite(error) & ~limit,
        "quality": quality.astype(np.int64),
    }
