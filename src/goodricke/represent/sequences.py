"""Raw sequences, as seed 0 feeds them to its recurrent network: time from 0, magnitude from 0 to 1, error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves

__all__ = ["Sequences", "sequences"]

_DAYS = 1000.0
_LN = 2.5 / np.log(10.0)


@dataclass(frozen=True)
class Sequences:
    """N stars as steps of three numbers, one star behind the other."""

    values: NDArray[np.float32]
    """(M, 3): thousands of days since the star's first point; magnitude from 0 (brightest) to 1; its error in mag."""
    offsets: NDArray[np.int64]
    """(N + 1,)"""

    def padded(self, stars: NDArray[np.int64], most: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Steps (n, L, 3) and lengths (n,) of the chosen stars: the last `most` steps of each, padded with 0 behind.

        L is the longest of them, so that a batch of short stars is a small array. Keras, which the seed used, cuts at
        the front too.
        """
        lengths = np.minimum(np.diff(self.offsets)[stars], most)
        longest = max(int(lengths.max(initial=1)), 1)
        values = np.zeros((len(stars), longest, 3), dtype=np.float32)
        ends = self.offsets[1:][stars]
        inside = np.arange(longest)[None, :] < lengths[:, None]
        index = (ends - lengths)[:, None] + np.arange(longest)[None, :]
        values[inside] = self.values[index[inside]]
        return values, lengths.astype(np.int64)


def sequences(lcs: LightCurves) -> Sequences:
    """Turn cleaned light curves into sequences; where several bands are, all points stand in one sequence.

    Parameters
    ----------
    lcs : LightCurves
        N stars, cleaned: as the seed did with ``CleanOptions(spare_variation=False, error_factor=1)``.

    Returns
    -------
    Sequences

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([5.0, 6.0, 8.0], mag=[10.0, 10.5, 11.0], err=[0.1, 0.1, 0.2], object_id="a")
    >>> sequences(lcs).values[:, 1].round(3).tolist()
    [0.0, 0.5, 1.0]
    """
    star = ragged.segment_ids(lcs.offsets)
    mag = -_LN * np.log(np.maximum(lcs.flux, 1e-6).astype(np.float64))
    low, high = ragged.minima(mag, lcs.offsets), ragged.maxima(mag, lcs.offsets)
    first = np.where(lcs.lengths > 0, lcs.time[np.minimum(lcs.offsets[:-1], max(lcs.n_points - 1, 0))], 0.0)
    width = np.maximum(high - low, 1e-6)
    values = np.stack(
        [
            (lcs.time - first[star]) / _DAYS,
            (mag - low[star]) / width[star],
            _LN * lcs.flux_err / np.maximum(lcs.flux, 1e-6),
        ],
        axis=1,
    )
    return Sequences(values.astype(np.float32), lcs.offsets)
