"""Light curves as one row per point: what csv, ECSV, FITS and VOTable hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.output.columns import described

__all__ = ["long_table"]


def long_table(lcs: LightCurves) -> pa.Table:
    """One Arrow row per point, in the order of the batch. A star without points has no row.

    >>> lcs = LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol", band="V")
    >>> long_table(lcs).column_names
    ['object_id', 'survey', 'band', 'time', 'time_frame', 'flux', 'flux_err', 'mag', 'mag_err', 'ra', 'dec']
    """
    star = ragged.segment_ids(lcs.offsets)
    index = pa.array(star.astype(np.int32))
    frames = np.array([str(frame) for frame in lcs.frames] or [""])[lcs.frame]

    def repeated(values: object) -> pa.Array:
        return pa.DictionaryArray.from_arrays(index, pa.array(values)).cast(pa.string())

    with np.errstate(invalid="ignore", divide="ignore"):
        mag = lcs.ref_mag[star, lcs.band] - 2.5 * np.log10(lcs.flux.astype(np.float64)) if len(star) else np.zeros(0)
        mag_err = 2.5 / np.log(10.0) * lcs.flux_err.astype(np.float64) / lcs.flux
    known = np.isfinite(mag) & ~lcs.difference[star]
    band = pa.DictionaryArray.from_arrays(pa.array(lcs.band.astype(np.int32)), pa.array(lcs.bands, pa.string()))
    return described(
        pa.table(
            {
                "object_id": repeated(lcs.object_id),
                "survey": repeated(lcs.survey),
                "band": band.cast(pa.string()),
                "time": pa.array(lcs.time),
                "time_frame": repeated(frames),
                "flux": pa.array(lcs.flux),
                "flux_err": pa.array(lcs.flux_err),
                "mag": pa.array(mag.astype(np.float32), mask=~known),
                "mag_err": pa.array(mag_err.astype(np.float32), mask=~known),
                "ra": pa.array(lcs.ra[star], mask=np.isnan(lcs.ra[star])),
                "dec": pa.array(lcs.dec[star], mask=np.isnan(lcs.dec[star])),
            }
        )
    )
