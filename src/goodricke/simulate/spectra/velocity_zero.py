"""Velocities of a library's stars against MILES, whose stars are at rest to some 4 km/s."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.spectra.libraries import Library
from goodricke.simulate.spectra.resampling import TEMPLATE_LATTICE, on_lattice

__all__ = ["rezeroed", "velocities"]

_MEANS = 12  # mean spectra of MILES, by temperature
_SEARCH_KM_S = 100.0


def rezeroed(part: Library, miles: Library) -> Library:
    """The library with the velocity of each spectrum against the mean of MILES stars that it is most like.

    Two passes: what the first has moved is measured again, since the correlation is done on whole pixels of a lattice.
    """
    velocity = np.zeros(len(part.name))
    means = _means(miles)
    for _ in range(2):
        flux = on_lattice(part.wave, part.flux, TEMPLATE_LATTICE, part.fwhm, velocity)
        velocity = velocity + velocities(flux, means)
    return replace(part, velocity=velocity)


def _means(miles: Library) -> NDArray[np.float64]:
    """Lines of MILES stars of like temperature, dwarfs and giants apart (B, P)."""
    lines = _lines(on_lattice(miles.wave, miles.flux, TEMPLATE_LATTICE, miles.fwhm))
    teff, logg, feh = miles.labels.T
    means = []
    for side in (logg > 3.7, logg <= 3.7):
        chosen = np.flatnonzero(side & (feh > -1.0) & np.isfinite(teff))
        order = chosen[np.argsort(teff[chosen])]
        means += [np.median(lines[group], axis=0) for group in np.array_split(order, _MEANS)]
    return np.stack(means)


def velocities(flux: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Velocity in km/s (K,) of spectra (K, P) against the one of mean line spectra (B, P) that fits best.

    The peak of the cross-correlation, between pixels by a parabola; lines to the red are positive. 0 where the peak is
    at the edge of the search: a spectrum that is like none of the means, such as that of a Wolf-Rayet star.
    """
    lines = _lines(flux)
    reach = int(np.ceil(_SEARCH_KM_S / TEMPLATE_LATTICE.km_s)) + 1
    inner = slice(reach + 20, TEMPLATE_LATTICE.n - reach - 20)
    here = means[:, inner] / np.linalg.norm(means[:, inner], axis=1, keepdims=True)
    moved = [lines[:, inner.start + k : inner.stop + k] for k in range(-reach, reach + 1)]
    match = np.stack([(m @ here.T) / np.linalg.norm(m, axis=1, keepdims=True) for m in moved], axis=2)
    best = match[np.arange(len(flux)), match.max(axis=2).argmax(axis=1)]
    found = best.argmax(axis=1)
    peak = np.clip(found, 1, 2 * reach - 1)
    low, top, high = (best[np.arange(len(flux)), peak + step] for step in (-1, 0, 1))
    between = 0.5 * (low - high) / np.minimum(low - 2.0 * top + high, -1e-12)
    place = np.where(found == peak, peak - reach + np.clip(between, -1.0, 1.0), 0.0)
    return np.asarray(place * TEMPLATE_LATTICE.km_s)


def _lines(flux: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flux over its running mean of 101 pixels (7000 km/s), less 1."""
    width = 101
    padded = np.pad(flux, ((0, 0), (width // 2 + 1, width // 2)), mode="edge")
    sums = np.cumsum(padded, axis=1)
    smooth = (sums[:, width:] - sums[:, :-width]) / width
    return np.asarray(flux / smooth - 1.0)
