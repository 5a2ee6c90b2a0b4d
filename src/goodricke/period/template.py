"""Smooth folded curves of many stars, with their slopes and errors.

A cycle is cut into fine bins, and about each of them a parabola is fitted to the bins within reach (Savitzky & Golay
1964, for weighted and uneven data). How far to reach is decided place by place: as far as the wider fits agree with the
narrower ones within their errors (Lepski 1991, Theory Probab. Appl. 35, 454). So a narrow eclipse keeps its edges, and
the level outside it is quiet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["BINS", "Template", "at", "templates"]

Floats = NDArray[np.float64]

BINS = 192
_REACH = (0.015, 0.03, 0.06, 0.11, 0.2)
"""Half widths of the windows, in cycles."""
_AGREE = 2.0
_FEWEST = 4  # bins with points under a window before a parabola is trusted
_BLOCK = 256  # stars at once: their bins stay in the cache


@dataclass(frozen=True, eq=False)
class Template:
    """Folded curves of N stars at the centres of ``BINS`` bins.

    ``curve`` is in the unit of the flux, ``slope`` in flux per cycle; ``curve_variance`` and ``slope_variance`` are
    squares of their errors, scaled to the scatter seen. In a gap wider than the widest window the curve is the mean,
    its slope and that one's variance are 0, and ``curve_variance`` is inf. ``excess`` (N,) is the reduced chi square of
    the points about the curve, NaN where a star has too few points; ``n_free`` (N,) is the number of parameters that
    the curve is worth.
    """

    curve: Floats
    slope: Floats
    curve_variance: Floats
    slope_variance: Floats
    excess: Floats
    n_free: Floats


def at(phase: Floats, star: NDArray[np.int64], *rows: Floats) -> tuple[Floats, ...]:
    """Values of folded curves (N, BINS) at the phases (M,) of points of the stars (M,), linear between bin centres.

    >>> at(np.array([0.5 / 192, 10.75 / 192, 1.5 / 192 - 3]), np.array([0, 0, 0]), np.arange(192.0)[None])
    (array([ 0.  , 10.25,  1.  ]),)
    """
    place = phase * BINS - 0.5
    low = np.floor(place)
    place -= low
    first = low.astype(np.int64)
    first -= BINS * np.floor_divide(first, BINS)
    base = star * BINS
    last = first == BINS - 1
    first += base
    second = first + 1
    second[last] -= BINS
    found = []
    for one in rows:
        flat = one.ravel()
        value = flat[second]
        before = flat[first]
        value -= before
        value *= place
        value += before
        found.append(value)
    return tuple(found)


def templates(phase: Floats, flux: Floats, weight: Floats, star: NDArray[np.int64], n: int) -> Template:
    """Fit the folded curves.

    Parameters
    ----------
    phase : (M,)
        In cycles, 0 to 1.
    flux, weight : (M,)
        Any unit, and 1 / error^2.
    star : (M,)
        Number of the star of every point, rising.
    n : int
        How many stars.

    Examples
    --------
    >>> phase = (np.arange(384) + 0.5) / 384
    >>> found = templates(phase, np.cos(2 * np.pi * phase), np.ones(384), np.zeros(384, dtype=np.int64), 1)
    >>> bool(np.abs(found.curve[0] - np.cos(2 * np.pi * (np.arange(192) + 0.5) / 192)).max() < 2e-3)
    True
    """
    bounds = np.searchsorted(star, np.arange(0, max(n, 1) + _BLOCK, _BLOCK))
    parts = [
        _block(phase[a:b], flux[a:b], weight[a:b], star[a:b] - k * _BLOCK, min(_BLOCK, n - k * _BLOCK))
        for k, (a, b) in enumerate(pairwise(bounds))
    ]
    return Template(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _block(phase: Floats, flux: Floats, weight: Floats, star: NDArray[np.int64], n: int) -> tuple[Floats, ...]:
    cell = np.minimum((phase * BINS).astype(np.int64), BINS - 1) + star * BINS
    total = np.bincount(cell, weight, n * BINS).reshape(n, BINS)
    product = np.bincount(cell, weight * flux, n * BINS).reshape(n, BINS)
    scale = np.maximum(total.sum(axis=1, keepdims=True), 1e-300)  # sums of order one, whatever the unit
    total = total / scale
    fits = _parabolas(total, product / scale)
    count = np.bincount(star, minlength=n)
    worth, excess = np.empty((len(fits), n)), np.empty((len(fits), n))
    for k, fit in enumerate(fits):
        worth[k] = _worth(fit, total, count)
        residual = flux - at(phase, star, fit.curve)[0]
        with np.errstate(invalid="ignore", divide="ignore"):
            excess[k] = np.bincount(star, weight * residual**2, n) / (count - worth[k])
    with np.errstate(invalid="ignore", divide="ignore"):
        validation = excess / (1.0 - worth / count)  # generalised cross-validation (Craven & Wahba 1979)
    best = np.argmin(np.where(count - worth > 1.0, validation, np.inf), axis=0)
    noise = np.where(count > 1, excess[best, np.arange(n)], np.nan)
    unit = noise[:, None] / scale
    fit = _as_wide_as_they_agree(fits, unit)
    free = _worth(fit, total, count)
    steep = np.where(np.isfinite(fit.steep), fit.steep, 0.0)
    with np.errstate(invalid="ignore"):
        variance = np.where(np.isfinite(fit.spread), fit.spread * unit * _NARROWER[0], np.inf)
    return fit.curve, fit.slope, variance, steep * unit * _NARROWER[1], noise, free


@dataclass(frozen=True, eq=False)
class _Fit:
    """Value and slope (n, BINS), and their variances for weights of sum 1 if the window were flat; inf if not known."""

    curve: Floats
    slope: Floats
    spread: Floats
    steep: Floats


def _worth(fit: _Fit, total: Floats, count: NDArray[np.int64]) -> Floats:
    """Trace of the matrix that makes the curve out of the points (n,): the number of its parameters."""
    share = np.where(np.isfinite(fit.spread), fit.spread, 0.0) * total
    return np.asarray(np.minimum(share.sum(axis=1), count))


def _parabolas(total: Floats, product: Floats) -> list[_Fit]:
    """Parabolas fitted about every bin, for every reach."""
    waves = np.fft.rfft(total), np.fft.rfft(product), np.fft.rfft((total > 0).astype(np.float64))
    mean = product.sum(axis=1, keepdims=True)
    fits = []
    for reach, (moments, window) in zip(_REACH, _kernels(), strict=True):
        s0, s1, s2, s3, s4 = np.fft.irfft(waves[0] * moments[:, None], BINS)
        t0, t1, t2 = np.fft.irfft(waves[1] * moments[:3, None], BINS)
        enough = np.fft.irfft(waves[2] * window, BINS) > _FEWEST - 0.5
        a00, a01, a02 = s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2
        a11, a12 = s0 * s4 - s2 * s2, s1 * s2 - s0 * s3
        determinant = s0 * a00 + s1 * a01 + s2 * a02
        known = enough & (determinant > _FLATTEST * s0**3)
        divisor = np.where(known, determinant, 1.0)
        fits.append(
            _Fit(
                np.where(known, (a00 * t0 + a01 * t1 + a02 * t2) / divisor, mean),
                np.where(known, (a01 * t0 + a11 * t1 + a12 * t2) / divisor / reach, 0.0),
                np.where(known, a00 / divisor, np.inf),
                np.where(known, a11 / divisor / reach**2, np.inf),
            )
        )
    return fits


def _as_wide_as_they_agree(fits: list[_Fit], unit: Floats) -> _Fit:
    """In every bin the widest fit before the first one that contradicts a narrower."""
    going = np.ones(fits[0].curve.shape, dtype=bool)
    chosen = [array.copy() for array in (fits[0].curve, fits[0].slope, fits[0].spread, fits[0].steep)]
    low, high = np.full(going.shape, -np.inf), np.full(going.shape, np.inf)
    for fit in fits:
        with np.errstate(invalid="ignore"):  # a star without scatter, where nothing is known either
            sigma = _AGREE * np.sqrt(fit.spread * unit * _NARROWER[0])
        known = np.isfinite(sigma)
        going &= ~known | ((fit.curve >= low) & (fit.curve <= high))
        take = going & known
        for array, new in zip(chosen, (fit.curve, fit.slope, fit.spread, fit.steep), strict=True):
            np.copyto(array, new, where=take)
        np.maximum(low, fit.curve - sigma, out=low, where=known)
        np.minimum(high, fit.curve + sigma, out=high, where=known)
    return _Fit(*chosen)


@cache
def _kernels() -> list[tuple[NDArray[np.complex128], NDArray[np.complex128]]]:
    """Transforms of x^k K(x), k = 0 ... 4 (5, BINS / 2 + 1), and of the window itself, for every reach; K = 1 - x^2."""
    bins = (np.arange(BINS) + BINS // 2) % BINS - BINS // 2
    found = []
    for reach in _REACH:
        x = bins / (BINS * reach)
        kernel = np.maximum(1.0 - x**2, 0.0)
        moments = np.stack([kernel * x**k for k in range(5)])
        # A correlation, not a convolution: the moment at a bin is over what lies at bin + x.
        found.append((np.fft.rfft(moments).conj(), np.fft.rfft((kernel > 0).astype(np.float64))))
    return found


_FLATTEST = 1e-4  # determinant of the moments over s0^3; 9e-3 for an evenly filled window
_NARROWER = (8 / 9, 4 / 7)
"""The kernel weighs its edges less: what that does to the variances of value and slope when points are even."""
