"""The periodogram: weighted by the errors, floating mean (Zechmeister & Kuerster 2009), coarse to fine.

`power` is the whole floating-mean periodogram, computed with nifty-ls: what is drawn and what others are checked by.
The search itself takes the cheaper road: `plain_power` over the whole grid, which lets the mean be, then `exact_peaks`,
the floating-mean power at a few frequencies about each of the highest peaks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.period.grid import FrequencyGrid
from goodricke.period.transform import trigonometric_sums

__all__ = ["exact_peaks", "exact_power", "harmonic_sum", "peaks", "plain_power", "power"]

Floats = NDArray[np.float64]
Spectrum = NDArray[np.floating[Any]]

_FINE = 5  # frequencies about a peak: a twelfth of a peak's width apart


def power(time: Floats, flux: Floats, err: Floats, grid: FrequencyGrid) -> Floats:
    """Fraction of the weighted variance that a sine at each frequency takes away (size,), 0 to 1.

    Cost: O(n + size log size), some 0.15 microseconds a frequency.
    """
    import nifty_ls

    found = nifty_ls.lombscargle(
        time - time[0],
        flux,
        err,
        fmin=grid.first,
        fmax=grid.first + grid.step * (grid.size - 1),
        Nf=grid.size,
        nthreads=1,
    )
    return np.asarray(found.power, dtype=np.float64)


def plain_power(time: Floats, flux: Floats, err: Floats, grid: FrequencyGrid) -> NDArray[np.float32]:
    """Fraction of the weighted variance that a sine takes away (size,) where the sampling is even enough.

    The mean is held and the sampling is taken to be even over the cycle, which it is but near the window's own peaks
    (1/d, 1/year). Cost: a fifth of `power`.
    """
    weight = 1.0 / err**2
    weight /= weight.sum()
    value = flux - np.sum(weight * flux)
    skipped = round(grid.first / grid.step)
    sums = trigonometric_sums(time - time[0], weight * value, grid.step, skipped + grid.size)[skipped:]
    found = np.square(sums.real)
    found += np.square(sums.imag)
    found *= np.float32(2.0 / np.sum(weight * value**2))
    return found


def exact_power(time: Floats, flux: Floats, err: Floats, frequency: Floats, offsets: Floats) -> Floats:
    """Floating-mean power at every frequency plus every offset (f, k); cost O(n f k) products.

    >>> time = np.array([0.0, 0.3, 0.9, 1.4, 2.2, 3.1, 3.6])
    >>> flux = 5.0 + np.cos(2 * np.pi * 0.4 * time)
    >>> exact_power(time, flux, np.ones(7), np.array([0.4]), np.array([0.0])).round(6)
    array([[1.]])
    """
    weight = 1.0 / err**2
    weight /= weight.sum()
    value = flux - np.sum(weight * flux)
    centre = np.exp(2j * np.pi * np.outer(frequency, time))
    turn = np.exp(2j * np.pi * np.outer(offsets, time))
    wave = (centre[:, None, :] * turn[None, :, :]).reshape(-1, len(time))
    y, mean = wave @ (weight * value), wave @ weight.astype(np.complex128)
    twice = np.square(wave) @ weight.astype(np.complex128)
    cc = 0.5 * (1.0 + twice.real) - mean.real**2
    ss = 0.5 * (1.0 - twice.real) - mean.imag**2
    cs = 0.5 * twice.imag - mean.real * mean.imag
    determinant = cc * ss - cs**2
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (ss * y.real**2 + cc * y.imag**2 - 2.0 * cs * y.real * y.imag) / determinant
    # A wave that the sampling sees as a constant or as one phase only explains nothing.
    found = np.where(determinant > 1e-9, found, 0.0) / np.sum(weight * value**2)
    return np.asarray(np.clip(found, 0.0, 1.0).reshape(len(frequency), len(offsets)))


def exact_peaks(
    time: Floats, flux: Floats, err: Floats, spectrum: Spectrum, grid: FrequencyGrid, most: int
) -> tuple[Floats, Floats]:
    """The highest peaks, found in a plain spectrum: frequencies between those of the grid, and floating-mean powers."""
    span = float(time[-1] - time[0])
    rough, _ = peaks(spectrum, grid, span, 2 * most)
    offsets = np.linspace(-0.5, 0.5, _FINE) * grid.step
    found = exact_power(time - time[0], flux, err, rough, offsets)
    line, best = np.arange(len(rough)), np.argmax(found, axis=1)
    inner = np.clip(best, 1, _FINE - 2)
    before, here, after = (found[line, inner + k] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = np.where((bend < 0) & (best == inner), 0.5 * (before - after) / bend, 0.0)
    frequency = rough + offsets[best] + shift * (offsets[1] - offsets[0])
    height = found[line, best]
    order = np.argsort(-height, kind="stable")[:most]
    return frequency[order], height[order]


def harmonic_sum(spectrum: Spectrum, grid: FrequencyGrid, n_harmonics: int) -> tuple[Spectrum, FrequencyGrid]:
    """Mean power of a frequency and its multiples, on a grid `n_harmonics` times as fine.

    Narrow eclipses spread their power over many harmonics, none of them strong; together they stand out at the orbit.
    Cost: `n_harmonics` look-ups a frequency, no new transform.

    >>> grid = FrequencyGrid(1.0, 1.0, 4)  # 1, 2, 3, 4 per day
    >>> total, fine = harmonic_sum(np.array([0.0, 1.0, 0.0, 1.0]), grid, 2)
    >>> total, fine
    (array([0.5, 0.5, 1. ]), FrequencyGrid(first=1.0, step=0.5, size=3))
    """
    fine_step = grid.step / n_harmonics
    last = grid.first + grid.step * (grid.size - 1)
    size = max(int((last / n_harmonics - grid.first) / fine_step) + 1, 1)
    total = np.zeros(size, dtype=spectrum.dtype)
    for h in range(1, n_harmonics + 1):
        offset = round((h - 1) * grid.first / grid.step)
        for r in range(min(n_harmonics, size)):
            # Fine frequency r + n_harmonics * i has its harmonic h at every h-th place of the coarse grid.
            part = total[r::n_harmonics]
            start = offset + int(h * r / n_harmonics + 0.5)
            found = spectrum[start : start + h * len(part) : h]
            part[: len(found)] += found
    total /= n_harmonics
    return total, FrequencyGrid(grid.first, fine_step, size)


def peaks(spectrum: Spectrum, grid: FrequencyGrid, span: float, most: int) -> tuple[Floats, Floats]:
    """Frequencies and powers of the highest local maxima that lie 1.5/span apart, highest first.

    >>> grid = FrequencyGrid(0.0, 0.1, 7)
    >>> peaks(np.array([0.0, 1.0, 0.0, 0.0, 0.5, 0.4, 0.0]), grid, 100.0, 5)
    (array([0.1, 0.4]), array([1. , 0.5]))
    """
    padded = np.concatenate([[-np.inf], spectrum, [-np.inf]])
    top = np.flatnonzero((spectrum >= padded[:-2]) & (spectrum > padded[2:]))
    if len(top) > 40 * most:
        top = top[np.argpartition(-spectrum[top], 40 * most)[: 40 * most]]
    top = top[np.argsort(-spectrum[top], kind="stable")]
    apart = 1.5 / (span * grid.step)
    chosen: list[int] = []
    for k in top:
        if all(abs(k - other) > apart for other in chosen):
            chosen.append(int(k))
            if len(chosen) == most:
                break
    index = np.array(chosen, dtype=np.int64)
    return np.asarray(grid.first + grid.step * index), spectrum[index].astype(np.float64)
