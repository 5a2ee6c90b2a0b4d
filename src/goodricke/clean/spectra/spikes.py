"""Pixels that no star can have made: spikes narrower than the spectrograph's own blur, and light below nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MARGIN", "scatter", "spikes"]

MARGIN = 4
"""Pixels at either end that are looked at for their neighbours only."""
_STRETCH = 250  # pixels in which the depth of lines is taken as one number
_SHOULDER = 0.3  # of the peak; a real line sampled by 2.4 pixels per width has more than that on both of its sides
_AROUND = np.array([-8, -7, -6, -5, -4, -3, 3, 4, 5, 6, 7, 8])


def spikes(flux: NDArray[Any], ivar: NDArray[Any], sigma: float) -> NDArray[np.bool_]:
    """Which pixels are spikes of one or two pixels, or lie far below zero; their two neighbours go with them.

    A pixel is compared with the median of itself and its 2nd and 4th neighbours. It has to stand out upwards by `sigma`
    times the error and the usual height of features in that stretch of this spectrum together, and to be narrower than
    a line can be, and higher than all that is around it: emission lines stay, and so do the peaks between two lines of
    absorption.

    Parameters
    ----------
    flux, ivar : (N, L) float32
        Native pixels, side by side; 0 in both where nothing is known.
    sigma : float
        How far a spike stands out.

    Returns
    -------
    (N, L) bool
        The first and last ``MARGIN`` pixels never lie at the centre of one.

    Examples
    --------
    >>> flux = np.ones((1, 40), np.float32)
    >>> flux[0, 20], flux[0, 30] = 5.0, 0.2
    >>> np.flatnonzero(spikes(flux, np.full_like(flux, 100.0), sigma=8.0))
    array([19, 20, 21])
    """
    found = np.zeros(flux.shape, bool)
    if flux.shape[1] <= 2 * MARGIN:
        return found
    centre = flux[:, MARGIN:-MARGIN]
    excess = centre - _median_of_5(*(flux[:, k : k + centre.shape[1]] for k in range(0, 2 * MARGIN + 1, 2)))
    weight = ivar[:, MARGIN:-MARGIN]
    # What stands out by the error alone is rare; the rest is worked out for those few only.
    row, column = np.nonzero((excess * np.abs(excess) * weight > sigma**2) & (centre > 0))
    beside = sum(ivar[row, column + MARGIN + k] > 0 for k in (-4, -2, 2, 4))
    row, column = row[beside >= 3], column[beside >= 3]
    high = excess[row, column]
    height = _typical(excess, weight > 0)[row, column // _STRETCH]
    clear = high > sigma * np.sqrt(1 / weight[row, column] + height**2)
    row, column, high = row[clear], column[clear], high[clear]
    side = [excess[row, np.clip(column + k, 0, excess.shape[1] - 1)] > _SHOULDER * high for k in (-2, -1, 1, 2)]
    peak = flux[row, column + MARGIN] >= np.maximum(flux[row, column + MARGIN - 1], flux[row, column + MARGIN + 1])
    around = np.clip(column[:, None] + MARGIN + _AROUND, 0, flux.shape[1] - 1)
    peak &= flux[row, column + MARGIN] > flux[row[:, None], around].max(axis=1) + _SHOULDER * high
    narrow = ~(side[1] & side[2]) & ~(side[1] & side[0]) & ~(side[2] & side[3]) & peak
    below_row, below_column = np.nonzero((centre < 0) & (centre * np.abs(centre) * weight < -(sigma**2)))
    row = np.concatenate([row[narrow], below_row])
    column = np.concatenate([column[narrow], below_column]) + MARGIN
    for k in (-1, 0, 1):
        found[row, column + k] = True
    return found & (ivar > 0)


def scatter(flux: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Noise of one pixel from the scatter of pixels two apart, per spectrum; NaN where too few pixels are known.

    DER_SNR (Stoehr et al. 2008): 1.482602 / sqrt(6) times the median of |2 f(i) - f(i - 2) - f(i + 2)|. Lines add to
    it, so it is an upper bound for stars with many of them.

    Parameters
    ----------
    flux : (N, L) array
        Native pixels, whose noise is not correlated.
    known : (N, L) bool
        Pixels that count.

    Returns
    -------
    (N,) float64

    Examples
    --------
    >>> flux = 1 + 0.05 * np.random.default_rng(1).normal(size=(2, 4000))
    >>> scatter(flux, np.ones(flux.shape, bool)).round(3)
    array([0.051, 0.051])
    """
    if flux.shape[1] < 5:
        return np.full(len(flux), np.nan)
    apart = np.abs(2 * flux[:, 2:-2] - flux[:, :-4] - flux[:, 4:])
    usable = known[:, 2:-2] & known[:, :-4] & known[:, 4:]
    middle = masked_median(apart, usable)
    return np.asarray(np.where(usable.sum(axis=1) >= 100, 1.482602 / np.sqrt(6.0) * middle, np.nan))


def masked_median(values: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Median of the known values in every row, the upper one of two; NaN in a row without any.

    >>> masked_median(np.array([[3.0, 1.0, 9.0], [1.0, 1.0, 1.0]]), np.array([[True, True, False], [False] * 3]))
    array([ 3., nan])
    """
    ordered = np.sort(np.where(known, values, np.inf), axis=1)
    count = known.sum(axis=1)
    middle = ordered[np.arange(len(values)), np.minimum(count // 2, values.shape[1] - 1)]
    return np.where(count > 0, middle, np.nan).astype(np.float64)


def _typical(excess: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[Any]:
    """Usual height of features, (N, stretches): 1.48 times the median of what stands out, upwards or downwards."""
    n, pixels = excess.shape
    stretches = -(-pixels // _STRETCH)
    size = np.full((n, stretches * _STRETCH), np.inf, excess.dtype)
    size[:, :pixels] = np.where(known, np.abs(excess), np.inf)
    size = size.reshape(n, stretches, _STRETCH)
    count = np.isfinite(size).sum(axis=2, keepdims=True)
    size.sort(axis=2)
    middle = np.take_along_axis(size, np.minimum(count // 2, _STRETCH - 1), axis=2)
    return np.asarray(np.where(count > 0, 1.4826 * middle, np.inf)[..., 0])


def _median_of_5(a: Any, b: Any, c: Any, d: Any, e: Any) -> NDArray[Any]:
    """Median of five arrays by comparisons, as sorting networks do it."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    low2, high2 = np.minimum(c, d), np.maximum(c, d)
    bottom, top = np.maximum(low, low2), np.minimum(high, high2)
    # The lowest and the highest of a..d are out; of the three that are left with e, the middle one.
    return np.asarray(np.maximum(np.minimum(bottom, top), np.minimum(np.maximum(bottom, top), e)))
