"""From a spectrum's own pixels to a common lattice in the star's rest frame, with the errors they then have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.spikes import MARGIN
from goodricke.spectra import Lattice, Spectra
from goodricke.spectra.lattice import LIGHT_KM_S

__all__ = ["Native", "even", "native", "native_step", "resampled"]

_SNAP = 1e-3  # of a pixel, 0.07 km/s: pixels nearer than that to the lattice are taken as lying on it
_UNKNOWN = 1e30  # variance of a pixel of which nothing is known
_FINE = 0.5  # native pixels narrower than this part of a lattice pixel are averaged, wider ones interpolated
_GAP = 3.0  # native steps (or lattice steps, where those are wider) over which no line is drawn


@dataclass(frozen=True)
class Native:
    """Native pixels of n spectra side by side, as far as they matter to a lattice.

    Parameters
    ----------
    flux, ivar : (n, L) float32
        In units of `scale`; both 0 where a pixel is missing, masked or has a flux but no error.
    place : (n, L) float64 or None
        Where a pixel's middle lies, in steps of the lattice in the rest frame; NaN behind a spectrum's last pixel. None
        when pixel k of all spectra lies at ``k - MARGIN - shift``.
    shift : (n,) float64
        Part of a step, from 0 to 1, when `place` is None.
    there : (n, L) bool
        Pixels that the spectrum has, good or bad.
    scale : (n,) float64
        Mean of the absolute flux.
    """

    flux: NDArray[np.float32]
    ivar: NDArray[np.float32]
    place: NDArray[np.float64] | None
    shift: NDArray[np.float64]
    there: NDArray[np.bool_]
    scale: NDArray[np.float64]


def even(spectra: Spectra, lattice: Lattice) -> NDArray[np.bool_]:
    """Which spectra (N,) have pixels at every step of a lattice's spacing, from whatever wavelength on."""
    length = spectra.lengths
    if not spectra.n_pixels:
        return np.zeros(len(spectra), bool)
    full = length > 0
    first = np.ones(len(spectra))
    first[full] = spectra.wave[spectra.offsets[:-1][full]]
    ladder = 10.0 ** np.minimum(lattice.step * np.arange(length.max()), 9.0)
    column = np.arange(spectra.n_pixels) - np.repeat(spectra.offsets[:-1], length)
    expected = np.repeat(first, length) * ladder[column]
    off = np.abs(spectra.wave - expected) - _SNAP * lattice.step * np.log(10.0) * expected
    worst = np.zeros(len(spectra))
    worst[full] = np.maximum.reduceat(off, spectra.offsets[:-1][full])
    return np.asarray(full & (first > 0) & (worst < 0))


def native(spectra: Spectra, lattice: Lattice, velocity: NDArray[np.float64], *, even: bool) -> Native:
    """Pixels of a block of spectra side by side, spectra that are all `even` or all to be placed one by one.

    Parameters
    ----------
    spectra : Spectra
        n spectra.
    lattice : Lattice
        Where they are to go.
    velocity : (n,) float64
        km/s to take out.
    even : bool
        Whether all of them are even, see ``even``.
    """
    n, length = len(spectra), spectra.lengths
    row = np.repeat(np.arange(n), length)
    column = np.arange(spectra.n_pixels) - np.repeat(spectra.offsets[:-1], length)
    rest = np.log10(1 + velocity / LIGHT_KM_S) + lattice.first
    if even:
        begin = np.where(length > 0, spectra.offsets[:-1], 0)
        start = (np.log10(spectra.wave[begin]) - rest) / lattice.step
        whole = np.ceil(start - _SNAP)
        shift = np.maximum(whole - start, 0)
        shift[shift < _SNAP] = 0
        column += np.repeat(whole.astype(np.int64) + MARGIN, length)
        width = lattice.n + 2 * MARGIN + 1
        place = None
    else:
        along = (np.log10(np.maximum(spectra.wave, 1e-300)) - np.repeat(rest, length)) / lattice.step
        near = (along > -2 * MARGIN - 1) & (along < lattice.n + 2 * MARGIN)
        before = np.concatenate([[0], np.cumsum(near)])
        column = before[:-1] - before[np.repeat(spectra.offsets[:-1], length)]
        column[~near] = -1
        shift = np.zeros(n)
        width = int(column.max(initial=-1)) + 1 + 2 * MARGIN
        column[near] += MARGIN
        place = np.full((n, width), np.nan)
    inside = (column >= 0) & (column < width)
    target = row[inside] * width + column[inside]
    if place is not None:
        place.ravel()[target] = along[inside]
    flux, ivar, there = np.zeros((n, width)), np.zeros((n, width)), np.zeros((n, width), bool)
    good = ~spectra.bad[inside]
    flux.ravel()[target] = np.where(good, spectra.flux[inside], 0)
    ivar.ravel()[target] = np.where(good, spectra.ivar[inside], 0)
    there.ravel()[target] = True
    count = np.count_nonzero(flux, axis=1)
    scale = np.abs(flux).sum(axis=1) / np.maximum(count, 1)
    scale[scale == 0] = 1.0
    flux /= scale[:, None]
    ivar *= (scale**2)[:, None]
    return Native(flux.astype(np.float32), ivar.astype(np.float32), place, shift, there, scale)


_Resampled: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]


def resampled(pixels: Native, lattice: Lattice) -> _Resampled:
    """Flux, inverse variance and what is covered, each (n, P), and the part of the ivar that is independent (n,).

    Between two native pixels the flux lies on a line, (1 - w) f1 + w f2, and its variance is (1 - w)^2 s1^2 + w^2 s2^2:
    the noise falls where w is near a half, and neighbours then share it, so that all of them together say no more than
    the native pixels did: `independent` is what to multiply their inverse variances with before they are summed up. A
    pixel that leans on a bad one is bad. Native pixels that are much narrower than those of the lattice are averaged
    instead, each by the part of it that falls into the pixel: the light is kept, and nothing between two steps is lost.
    """
    if pixels.place is None:
        return _shifted(pixels, lattice)
    fine = native_step(pixels) < _FINE
    if fine.all():
        return _averaged(pixels, lattice)
    if not fine.any():
        return _interpolated(pixels, lattice)
    flux, ivar, covered, independent = _nothing(len(fine), lattice)
    for some, way in ((fine, _averaged), (~fine, _interpolated)):
        flux[some], ivar[some], covered[some], independent[some] = way(_only(pixels, some), lattice)
    return flux, ivar, covered, independent


def _nothing(n: int, lattice: Lattice) -> _Resampled:
    flux, ivar = (np.zeros((n, lattice.n), np.float32) for _ in range(2))
    return flux, ivar, np.zeros((n, lattice.n), bool), np.ones(n)


def _shifted(pixels: Native, lattice: Lattice) -> _Resampled:
    near, far = slice(MARGIN, MARGIN + lattice.n), slice(MARGIN + 1, MARGIN + lattice.n + 1)
    part = pixels.shift[:, None].astype(np.float32)
    return _between(
        (pixels.flux[:, near], pixels.flux[:, far]),
        (pixels.ivar[:, near], pixels.ivar[:, far]),
        part,
        pixels.there[:, near] & (pixels.there[:, far] | (part == 0)),
        np.ones(len(part)),
    )


def _interpolated(pixels: Native, lattice: Lattice) -> _Resampled:
    assert pixels.place is not None
    n, width = pixels.place.shape
    # One search for all: rows follow one another on the same axis, so far apart that they never meet.
    apart = lattice.n + 100.0
    row = np.arange(n)[:, None]
    has = np.isfinite(pixels.place)
    axis = (pixels.place + row * apart)[has]
    if not len(axis):
        return _nothing(n, lattice)
    index, native_steps = np.flatnonzero(has), native_step(pixels)
    wanted = np.arange(lattice.n) + row * apart
    after = np.searchsorted(axis, wanted.ravel(), side="right").reshape(wanted.shape)
    left, right = np.maximum(after - 1, 0), np.minimum(after, len(axis) - 1)
    step = axis[right] - axis[left]
    part = np.where(step > 0, (wanted - axis[left]) / np.where(step > 0, step, 1), 0.0)
    at_left, at_right = index[left], index[right]
    own = (at_left // width == row) & (at_right // width == row) & (part >= 0)
    exact = (at_left // width == row) & (np.abs(wanted - axis[left]) < _SNAP)
    exact_right = (at_right // width == row) & (np.abs(wanted - axis[right]) < _SNAP)
    part = np.where(exact, 0.0, np.where(exact_right, 1.0, part))
    own &= (step > 0) & (step < _GAP * np.maximum(native_steps, 1.0)[:, None])
    own |= exact | exact_right
    flux, ivar = pixels.flux.ravel(), pixels.ivar.ravel()
    part = np.where(own, part, 0.0)
    return _between((flux[at_left], flux[at_right]), (ivar[at_left], ivar[at_right]), part, own, native_steps)


def _between(
    flux: tuple[NDArray[Any], NDArray[Any]],
    ivar: tuple[NDArray[Any], NDArray[Any]],
    part: NDArray[Any],
    there: NDArray[np.bool_],
    step: NDArray[np.float64],
) -> _Resampled:
    """What lies a `part` of the way from the first to the second of two pixels, a `step` of the lattice apart."""
    part = part.astype(np.float32)
    with np.errstate(divide="ignore", over="ignore"):
        variance = [np.minimum(1 / weight, np.float32(_UNKNOWN)) for weight in ivar]
    together = (1 - part) ** 2 * variance[0] + part**2 * variance[1]
    known = there & (together < 1e-8 * _UNKNOWN)
    light = (1 - part) * flux[0] + part * flux[1]
    gained = 1 / ((1 - part) ** 2 + part**2)
    gain = gained[:, 0] if gained.shape[1] == 1 else gained.mean(axis=1)
    return np.where(known, light, 0), np.where(known, 1 / together, 0), there, np.minimum(1 / (step * gain), 1.0)


def _averaged(pixels: Native, lattice: Lattice) -> _Resampled:
    assert pixels.place is not None
    n = len(pixels.flux)
    step = native_step(pixels)[:, None]
    # Pixel k of the lattice reaches from k to k + 1 here; a native pixel falls into one of them or into two.
    place = pixels.place + 0.5
    widest = np.minimum(1.5 * step, 1.0) / 2
    apart = np.diff(place, axis=1) / 2
    apart = np.minimum(np.where(np.isfinite(apart), apart, step / 2), widest)
    none = np.broadcast_to(step / 2, (n, 1))
    before, after = np.concatenate([none, apart], axis=1), np.concatenate([apart, none], axis=1)
    has = np.isfinite(place)
    row = np.nonzero(has)[0]
    low, high = (place - before)[has], (place + after)[has]
    flux, ivar = pixels.flux[has].astype(np.float64), pixels.ivar[has].astype(np.float64)
    good = ivar > 0
    variance = np.where(good, 1 / np.where(good, ivar, 1), 0)
    sums = np.zeros((4, n * lattice.n))
    first = np.floor(low)
    for cell in (first, first + 1):
        share = np.minimum(high, cell + 1) - np.maximum(low, cell)
        use = (share > 0) & (cell >= 0) & (cell < lattice.n)
        target = row[use] * lattice.n + cell[use].astype(np.int64)
        part = share[use]
        seen = part * good[use]
        for total, value in zip(sums, (part, seen, seen * flux[use], seen**2 * variance[use]), strict=True):
            total += np.bincount(target, value, minlength=len(total))
    reached, seen, light, error = (total.reshape(n, lattice.n) for total in sums)
    # Half of the pixel has to be known, and what is bad in it may be a quarter of what is there.
    known = (seen > 0.5) & (seen > 0.75 * reached) & (error > 0)
    mean = np.where(known, light / np.where(known, seen, 1), 0)
    weight = np.where(known, seen**2 / np.where(known, error, 1), 0)
    return mean.astype(np.float32), weight.astype(np.float32), reached > 0.5, np.ones(n)


def native_step(pixels: Native) -> NDArray[np.float64]:
    """Median step (n,) between native pixels, in steps of the lattice; 1 where there are not two."""
    assert pixels.place is not None
    step = np.sort(np.diff(pixels.place, axis=1), axis=1)  # NaN goes last
    count = np.isfinite(step).sum(axis=1)
    if not step.shape[1]:
        return np.ones(len(step))
    middle = step[np.arange(len(step)), np.minimum(count // 2, step.shape[1] - 1)]
    return np.where(count > 0, middle, 1.0)


def _only(pixels: Native, some: NDArray[np.bool_]) -> Native:
    assert pixels.place is not None
    return Native(
        pixels.flux[some], pixels.ivar[some], pixels.place[some], pixels.shift[some], pixels.there[some],
        pixels.scale[some],
    )  # fmt: skip
