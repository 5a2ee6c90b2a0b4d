"""Detrending of space photometry: divide by a slow trend that eclipses do not pull down.

The trend is worked out between gaps. It starts from running medians and is refined with means under a Hann taper 1.5
windows long, over stretches of the light curve that are not masked. Masked is what lies below the trend by more than 3
standard deviations (above it: 5), where the deviation is that of the light above the trend, so that eclipses do not
hide themselves.

Domain, with W for the window:

* Eclipses shorter than W / 3 keep their depth, if they are deeper than the noise of a stretch of W / 43.
* Continuous variation with a period below W / 3 keeps its amplitude: under the taper it averages out to better than 1%
  (3% at the ends of a segment). That is why a taper and not a running median does the last step.
* Trends slower than 10 W are removed to within a tenth. What lies between, such as the ellipsoidal variation of a
  binary with a period of 4 d under a window of 2 d, is partly removed: leave such a star as it is, or give a longer
  window.
* A segment shorter than 1.5 W, a segment with fewer than 20 points per window, and difference fluxes are not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean.gaps import cut_at_gaps
from goodricke.clean.knots import slow_curve
from goodricke.clean.series import Series
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves

__all__ = ["default_window", "detrend", "trend"]

_GAP_DAYS = 0.5
_TAPER = 1.5  # windows
_FEWEST = 20  # points per window
_AT_ONCE = 1 << 20  # points worked on together: bounds the memory

Floats = NDArray[np.float64]
Index = NDArray[np.int64]


def detrend(lcs: LightCurves, window_days: float | None = None, gap_days: float = _GAP_DAYS) -> LightCurves:
    """Divide flux and error by the trend (see ``trend`` for the arguments).

    Examples
    --------
    >>> time = np.arange(0.0, 27.0, 0.02)
    >>> lcs = LightCurves.from_arrays(time, flux=1.0 + 0.01 * time, err=np.full(time.size, 1e-3))
    >>> float(np.ptp(lcs.flux)) > 0.2, float(np.ptp(detrend(lcs).flux)) < 2e-3
    (True, True)
    """
    slow = trend(lcs, window_days, gap_days)
    return replace(lcs, flux=(lcs.flux / slow).astype(np.float32), flux_err=(lcs.flux_err / slow).astype(np.float32))


def default_window(lcs: LightCurves, gap_days: float = _GAP_DAYS) -> Floats:
    """Window in days for every star (N,): a sixth of its longest segment, but 1 d at least and 2 d at most."""
    cut = cut_at_gaps(lcs.time, lcs.offsets, np.full(len(lcs), gap_days))
    span = np.nan_to_num(ragged.maxima(lcs.time, cut.offsets) - ragged.minima(lcs.time, cut.offsets))
    longest = np.zeros(len(lcs))
    np.maximum.at(longest, cut.star, span)
    return np.clip(longest / 6.0, 1.0, 2.0)


def trend(lcs: LightCurves, window_days: float | None = None, gap_days: float = _GAP_DAYS) -> Floats:
    """Slow variation of every star and band, relative to its median (M,).

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points, sorted by time.
    window_days : float, optional
        Length of the window; what varies faster is kept. The default is ``default_window``.
    gap_days : float
        The trend may jump over gaps longer than this.
    """
    if window_days is not None and not 0 < window_days < np.inf:
        raise OptionError(f"a detrending window of {window_days} d; give days above 0, or nothing")
    if not gap_days > 0:
        raise OptionError(f"gaps of {gap_days} d; give days above 0")
    window = default_window(lcs, gap_days) if window_days is None else np.full(len(lcs), float(window_days))
    series = Series.of_bands(lcs)
    time, flux = series.gather(lcs.time), series.gather(lcs.flux)
    cut = cut_at_gaps(time, series.offsets, np.full(len(series.star), gap_days))
    star = series.star[cut.star]
    result = np.ones(lcs.n_points)
    for chosen in _portions(_worth_it(time, cut.offsets, window[star], lcs.difference[star]), cut.offsets):
        index, offsets = ragged.take(cut.offsets, chosen)
        slow = slow_curve(time[index], flux[index], offsets, _TAPER * window[star[chosen]])
        result[index] = np.where(slow > 0, slow, 1.0)
    return series.scatter(result)


def _worth_it(time: Floats, offsets: Index, window: Floats, difference: NDArray[np.bool_]) -> Index:
    """Segments that are long and dense enough."""
    span = ragged.maxima(time, offsets) - ragged.minima(time, offsets)
    dense = np.diff(offsets) >= _FEWEST * span / window
    return np.flatnonzero((span >= _TAPER * window) & dense & ~difference)


def _portions(segments: Index, offsets: Index) -> Iterator[Index]:
    """Cut a list of segments into parts of about ``_AT_ONCE`` points."""
    portion = np.cumsum(np.diff(offsets)[segments]) // _AT_ONCE
    for part in np.split(segments, np.flatnonzero(np.diff(portion)) + 1):
        if len(part):
            yield part
