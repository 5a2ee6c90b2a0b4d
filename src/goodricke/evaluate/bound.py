"""The most that any method can tell of made binaries: the ideal linear discriminant of the very conditions.

Where single stars deviate from the mean star of their labels as Gaussian variables with the covariance C, binaries and
singles deviate alike, and a companion adds s to the flux over that of the best single star, no test of one spectrum is
better than s^T C^-1 applied to it (Neyman & Pearson 1933; Fisher 1936). C is made of photons, the survey's floor, what
errors of the star's labels do, and how real stars scatter: all of it, not the strongest components alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.photosphere.composite import pair_flux, velocities
from goodricke.photosphere.emulator import MARGIN, Emulator
from goodricke.photosphere.main_sequence import light_ratio
from goodricke.photosphere.model import over_continuum
from goodricke.photosphere.noise import FLOOR
from goodricke.photosphere.single import single_model

__all__ = ["Conditions", "Ideal", "bound", "conditions", "ideal"]

Floats = NDArray[np.float64]

_INNER = slice(MARGIN, -MARGIN)
_UNITS = np.array([100.0, 0.1, 0.1, 10.0, 0.1])  # of labels, km/s, pixels squared: steps of like effect
_TURNS = 4


@dataclass(frozen=True, eq=False)
class Conditions:
    """What a discriminant has to tell apart, as parts of the flux of the best single star.

    Parameters
    ----------
    left : (P,) float64
        What the companion leaves.
    free : (M, P) float64
        What errors of the single star's labels, velocity and broadening leave: nothing is known of their size.
    scatter : (K, P) float64
        What real single stars leave.
    normal : (P,) float64
        The best single star over its continuum.
    """

    left: Floats
    free: Floats
    scatter: Floats
    normal: Floats

    def variance(self, snr: float, floor: float = FLOOR) -> Floats:
        """Of white noise (P,), at a signal-to-noise ratio in the continuum, with the survey's floor."""
        return np.asarray((1.0 / (snr * self.normal)) ** 2 + floor**2)


@dataclass(frozen=True, eq=False)
class Ideal:
    """The best discriminant.

    Parameters
    ----------
    weights : (P,) float64
        Its value for a spectrum is the sum of weights times flux; singles have a variance of 1.
    distance : float
        By how much binaries are above singles on average, d'.
    """

    weights: Floats
    distance: float

    @property
    def auc(self) -> float:
        """Area under its ROC curve, Phi(d' / sqrt 2)."""
        from scipy.special import ndtr

        return float(ndtr(self.distance / np.sqrt(2.0)))


def ideal(left: ArrayLike, variance: ArrayLike, scatter: ArrayLike, free: ArrayLike | None = None) -> Ideal:
    """The discriminant of a signal in Gaussian scatter, by matrices no larger than the number of stars (Woodbury).

    Parameters
    ----------
    left : (P,)
        Signal.
    variance : (P,) or float
        Of white noise.
    scatter : (K, P)
        Deviations of K stars: C has their covariance about their mean (sum over K).
    free : (M, P), optional
        Directions in which spectra scatter without bound: the discriminant is blind to them.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = ideal(np.full(50, 0.01), 0.01**2, 0.01 * rng.normal(size=(20, 50)))
    >>> 0.99 < ideal(np.full(50, 0.01), 0.01**2, np.zeros((1, 50))).distance / np.sqrt(50.0) < 1.01, found.auc < 1.0
    (np.True_, True)
    """
    signal = np.asarray(left, dtype=np.float64)
    stars = np.atleast_2d(np.asarray(scatter, dtype=np.float64))
    held = np.zeros((0, len(signal))) if free is None else np.atleast_2d(np.asarray(free, dtype=np.float64))
    if stars.shape[1:] != signal.shape or held.shape[1:] != signal.shape:
        raise DataError(f"signal {signal.shape}, stars {stars.shape} and free directions {held.shape} do not fit")
    white = np.broadcast_to(np.asarray(variance, dtype=np.float64), signal.shape)
    if not (white > 0).all():
        raise DataError("the variance of white noise lies above 0 in every pixel")
    rows = np.concatenate([(stars - stars.mean(axis=0)) / np.sqrt(len(stars)), held])
    # What is free has an infinite variance along its row: nothing is added to its place in the core.
    core = (rows / white) @ rows.T + np.diag(np.concatenate([np.ones(len(stars)), np.zeros(len(held))]))
    along = np.linalg.lstsq(core, rows @ (signal / white), rcond=1e-13)[0]
    filtered = (signal - along @ rows) / white
    size = float(np.sqrt(max(filtered @ signal, 0.0)))
    return Ideal(filtered / max(size, 1e-12), size)


def conditions(
    labels: ArrayLike, q: float, dv: float, emulator: Emulator, residues: NDArray[np.floating[Any]]
) -> Conditions:
    """Binaries of one kind among the singles that look most like them, with the scatter of real stars.

    Parameters
    ----------
    labels : (3,)
        Teff in K, log g, [Fe/H] of the primary.
    q, dv : float
        Mass ratio; velocity of the companion less that of the primary, km/s.
    emulator : Emulator
        Mean stars.
    residues : (K, P') float
        Log flux of real stars over its continuum less that of the mean star, on the emulator's lattice
        (``goodricke.simulate.spectra.Source.residues``).

    Examples
    --------
    >>> from goodricke.photosphere import emulator
    >>> none = np.zeros((1, emulator().lattice.n))
    >>> found = conditions([5800.0, 4.4, 0.0], 0.8, 0.0, emulator(), none)
    >>> bool(0.003 < found.left.std() < 0.007), found.free.shape
    (True, (5, 2749))
    """
    primary = np.asarray(labels, dtype=np.float64).reshape(1, 3)
    v1, v2 = velocities(np.array([q]), np.array([dv]))
    share = float(light_ratio(primary[:, 0], primary[:, 1], primary[:, 2], q)[0])
    middle = (v1 + share * v2) / (1.0 + share)
    pair = _normal(pair_flux(emulator, primary, np.array([q]), v1 - middle, v2 - middle))[0]
    star = np.column_stack([primary, [[0.0, 0.1]]])
    model, even = single_model(emulator), np.ones((1, len(pair)), np.float32)
    for _ in range(_TURNS):
        flux, slopes = model(star, even, True)
        by = slopes[0].astype(np.float64) * _UNITS[:, None]
        step, *_ = np.linalg.lstsq(by.T, pair - flux[0], rcond=None)
        star = star + np.clip(step, -5.0, 5.0) * _UNITS
    flux, slopes = model(star, even, True)
    normal = flux[0].astype(np.float64)
    mean = emulator.log_flux(star[:, :3])
    apart = _normal(np.exp(mean + residues)) / _normal(np.exp(mean)) - 1.0
    return Conditions(pair / normal - 1.0, slopes[0].astype(np.float64) * _UNITS[:, None] / normal, apart, normal)


def _normal(flux: Floats) -> Floats:
    """Flux over continuum (N, P), with the continuum that `fit_single` gives models and spectra."""
    inner = flux[:, _INNER].astype(np.float32)
    none = np.empty((len(inner), 0, inner.shape[1]), np.float32)
    return over_continuum(inner, none, np.ones_like(inner))[0].astype(np.float64)


def bound(
    labels: ArrayLike,
    q: float,
    dv: float,
    snr: float,
    emulator: Emulator,
    residues: NDArray[np.floating[Any]],
    floor: float = FLOOR,
) -> Ideal:
    """The ideal discriminant of binaries of one kind at one signal-to-noise ratio per pixel.

    Parameters
    ----------
    labels, q, dv, emulator, residues
        As for `conditions`.
    snr : float
        Per pixel.
    floor : float
        Error of every pixel in parts of the flux that no inverse variance tells of.

    Examples
    --------
    >>> from goodricke.photosphere import emulator
    >>> ours = emulator()
    >>> stars = np.random.default_rng(0).normal(size=(90, 90)) * np.sqrt(ours.variances) @ ours.components
    >>> found = [bound([5800.0, 4.4, 0.0], q, 0.0, 50.0, ours, stars).auc for q in (0.7, 0.9, 1.0)]
    >>> found[0] > found[1] > found[2], round(found[2], 2)
    (True, 0.5)
    """
    at = conditions(labels, q, dv, emulator, residues)
    return ideal(at.left, at.variance(snr, floor), at.scatter, at.free)
