"""LSST / Rubin ForcedSource table in Parquet, one file per batch of stars: MJD in TAI, total fluxes in nJy.

Reference: https://sdm-schemas.lsst.io. Names of columns are those of Data Preview 1, with the time from
the visit.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_whole
from goodricke.surveys.lsst import QUALITY
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("tai", "observer", 2400000.5)
_FLAGS = {
    "psf_failed": "psfFlux_flag", "edge": "pixelFlags_edge", "bad": "pixelFlags_bad",
    "saturated": "pixelFlags_saturatedCenter", "suspect": "pixelFlags_suspectCenter",
    "cosmic_ray": "pixelFlags_crCenter",
}  # fmt: skip
"""Names of our quality bits -> columns of the table; it has none for the others."""


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write one table with all stars, named after the first; a flux that is missing is null."""
    stars = list(stars_of(measured, "flux", _FRAME, "LSST"))
    if not stars:
        return []
    table = pa.concat_tables([_rows(star) for star in stars])
    file = io.BytesIO()
    pq.write_table(table, file)
    return [write_whole(folder / f"ForcedSource-{stars[0].number}.parquet", file.getvalue())]


def _rows(star: Star) -> pa.Table:
    m = len(star.jd)
    flags = {column: (star.quality & QUALITY.bits[name]) != 0 for name, column in _FLAGS.items()}
    # 100,000 points a star are enough for two of LSST's visits to a field every night of ten years.
    numbers = star.number % 10**12 * 100_000 + np.arange(m)
    return pa.table(
        {
            "objectId": np.full(m, star.number, dtype=np.int64),
            "forcedSourceId": numbers.astype(np.int64),
            "coord_ra": np.full(m, star.ra),
            "coord_dec": np.full(m, star.dec),
            "midpointMjdTai": star.jd - _FRAME.zero_jd,
            "band": pa.array(star.band.astype(str)),
            "psfFlux": pa.array(star.value, mask=~star.seen, type=pa.float64()),
            "psfFluxErr": pa.array(star.error, mask=~star.seen, type=pa.float64()),
            **flags,
        }
    )
