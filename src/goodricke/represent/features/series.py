"""Weighted least squares fit of a Fourier series to every folded curve at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.fold import Fold

__all__ = ["ORDER", "FourierSeries", "fourier_series"]

Floats = NDArray[np.float64]

ORDER = 6
_RIDGE = 1e-4


@dataclass(frozen=True, eq=False)
class FourierSeries:
    """mean + sum over k of cosine_k cos(2 pi k phase) + sine_k sin(2 pi k phase), for N stars."""

    mean: Floats
    """(N,)"""
    cosine: Floats
    """(N, 6)"""
    sine: Floats
    """(N, 6)"""
    explained: Floats
    """Share of the weighted variance that the first 1, 2 ... 6 harmonics explain (N, 6)."""


def fourier_series(fold: Fold) -> FourierSeries:
    """Fit six harmonics to every star by the normal equations.

    Notes
    -----
    The matrix needs only the sums of weight * exp(2 pi i k phase) up to k = 12. One Cholesky factor serves all orders:
    with the harmonics in rising order, what the first k explain is a partial sum of squares. A ridge of
    1e-4 (k / 6)^4 of the weight keeps the fit from swinging in gaps of the phase.
    """
    moments, products = _sums(fold)
    width = 2 * ORDER + 1
    harmonic = (np.arange(width) + 1) // 2
    is_sine = (np.arange(width) > 0) & (np.arange(width) % 2 == 0)
    matrix = _matrix(moments, harmonic, is_sine)
    matrix[:, np.arange(width), np.arange(width)] += _RIDGE * (harmonic / ORDER) ** 4
    right = np.where(is_sine, products.imag[:, harmonic], products.real[:, harmonic])
    matrix[~fold.usable], right[~fold.usable] = np.eye(width), 0.0
    lower = np.linalg.cholesky(matrix)
    part = np.linalg.solve(lower, right[:, :, None])
    found = np.linalg.solve(lower.transpose(0, 2, 1), part)[:, :, 0]
    square = part[:, :, 0] ** 2
    whole = np.maximum(fold.square / fold.n - square[:, 0], 1e-300)
    explained = np.cumsum(square[:, 1::2] + square[:, 2::2], axis=1) / whole[:, None]
    return FourierSeries(found[:, 0], found[:, 1::2], found[:, 2::2], np.clip(explained, 0.0, 1.0))


def _sums(fold: Fold) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Mean of weight * exp(2 pi i k phase) for k = 0 ... 12, and of weight * value * the same for k = 0 ... 6."""
    n = len(fold.usable)
    moments, products = np.empty((n, 2 * ORDER + 1), np.complex128), np.empty((n, ORDER + 1), np.complex128)
    turn = np.exp(2j * np.pi * fold.phase)
    power = fold.weight.astype(np.complex128)
    for k in range(2 * ORDER + 1):
        moments[:, k] = _total(power, fold.offsets)
        if k <= ORDER:
            products[:, k] = _total(power * fold.value, fold.offsets)
        power *= turn
    return moments / fold.n[:, None], products / fold.n[:, None]


def _total(values: NDArray[np.complex128], offsets: NDArray[np.int64]) -> NDArray[np.complex128]:
    return np.asarray(ragged.sums(values.real, offsets) + 1j * ragged.sums(values.imag, offsets))


def _matrix(
    moments: NDArray[np.complex128], harmonic: NDArray[np.int64], is_sine: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Weighted mean products of all pairs of basis functions (N, 13, 13), by the addition theorems."""
    away, both = np.abs(harmonic[:, None] - harmonic), harmonic[:, None] + harmonic
    sign = np.sign(harmonic[:, None] - harmonic)
    c0, c1 = moments.real[:, away], moments.real[:, both]
    s0, s1 = sign * moments.imag[:, away], moments.imag[:, both]
    one, other = is_sine[:, None], is_sine[None, :]
    return 0.5 * np.where(
        one & other, c0 - c1, np.where(~one & ~other, c0 + c1, np.where(one, s1 + s0, s1 - s0))
    )  # fmt: skip
