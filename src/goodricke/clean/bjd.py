"""BJD: bring a whole batch to one clock and place, when asked to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from goodricke import timeframes
from goodricke.errors import DataError
from goodricke.lightcurves import LightCurves
from goodricke.timeframes import TimeFrame

__all__ = ["BJD_TDB", "to_bjd"]

BJD_TDB = TimeFrame("tdb", "barycentre", 0.0)


def to_bjd(lcs: LightCurves) -> LightCurves:
    """Return the batch with all times as BJD in TDB (zero point 0, so good to 40 microseconds).

    All stars of one frame are converted together. A change of zero point costs nothing; a light travel time or a change
    of clock costs 10 to 20 microseconds per point.

    Raises
    ------
    DataError
        If a star has an unknown zero point or place of observation, or needs a position and has none. It names the
        star.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([1325.5, 1325.6], flux=[1.0, 0.9], time_frame="BTJD")
    >>> to_bjd(lcs)
    <LightCurves: 1 star, 2 points, bands: unknown, span 0.1 d, BJD_TDB>
    """
    time = np.empty(lcs.n_points)
    star = np.repeat(np.arange(len(lcs)), lcs.lengths)
    for k in np.unique(lcs.frame):
        here = lcs.frame[star] == k
        of = star[here]
        try:
            time[here] = timeframes.to_bjd(lcs.time[here], lcs.frames[k], lcs.ra[of], lcs.dec[of])
        except DataError as error:
            placed = np.isfinite(lcs.ra + lcs.dec)
            culprits = np.flatnonzero((lcs.frame == k) & (lcs.lengths > 0))
            lost = culprits[~placed[culprits]] if not placed[culprits].all() else culprits
            raise DataError(f"{lcs.object_id[lost[0]]}: {error}") from error
    return replace(lcs, time=time, frame=np.zeros(len(lcs), dtype=np.int8), frames=(BJD_TDB,))
