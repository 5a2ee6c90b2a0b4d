"""The filters of the network `companions`: what companions leave, in a space where single stars scatter independently.

For a companion that leaves s in spectra whose pixels scatter with the covariance C, the best linear filter is C^-1 s
(Fisher). C holds photons, the floor, and how stars scatter. The filters of all kinds of companions, at a few levels of
photons, span a space of some hundred dimensions. Its axes are turned so that the scatter of stars is a diagonal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import prepare
from goodricke.photosphere.composite import pair_flux, velocities
from goodricke.photosphere.detectability import dwarf_gravity
from goodricke.photosphere.emulator import Emulator
from goodricke.photosphere.main_sequence import light_ratio
from goodricke.photosphere.noise import FLOOR
from goodricke.photosphere.single import fit_single, single_model
from goodricke.spectra import Spectra

__all__ = ["APART", "RATIOS", "TEFF", "Filters", "arms_pattern", "filters_of", "patterns", "survey_patterns"]

TEFF = tuple(float(t) for t in np.linspace(4000.0, 7150.0, 10))
"""Nodes, K."""
RATIOS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Mass ratios."""
APART = (0.0, 60.0, -60.0, 120.0, -120.0, 200.0, -200.0, 300.0, -300.0)
"""Velocities of the companion less that of the primary, km/s."""

_LEVELS = (12.0, 30.0, 100.0)
_USUAL = 40.0  # S/N of the spectra that patterns are taken from; it hardly matters, since labels are free
_UNITS = np.array([300.0, 0.3, 0.3, 30.0, 0.5])  # by which labels may be off
_BLOCK = 256
_SMOOTHED = 350.0 / np.sqrt(2.0)  # Angstrom: standard deviation of the weights of the continuum


@dataclass(frozen=True, eq=False)
class Filters:
    """What `goodricke.networks.companions.MatchedFilters` holds."""

    filter: NDArray[np.float32]
    scatter: NDArray[np.float32]
    node: NDArray[np.float32]
    pattern: NDArray[np.float32]
    slope: NDArray[np.float32]
    base: NDArray[np.float32]


def patterns(emulator: Emulator) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """What companions leave (T, J, P), what errors of labels leave (T, 5, P), and what a single star leaves (T, P).

    As parts of the flux of the best single star, which is fitted as all spectra are. Companions are every one of
    `RATIOS` with every one of `APART`. A single star leaves next to nothing; a cool one, whose continuum is weighted
    otherwise in a spectrum than in a model, some thousandths, which are not counted to its companions.
    """
    grid = np.array([(t, q, v) for t in TEFF for q in RATIOS for v in APART])
    labels = np.column_stack([grid[:, 0], dwarf_gravity(grid[:, 0]), np.full(len(grid), -0.1)])
    v1, v2 = velocities(grid[:, 1], grid[:, 2])
    share = light_ratio(labels[:, 0], labels[:, 1], labels[:, 2], grid[:, 1])
    middle = (v1 + share * v2) / (1.0 + share)

    def left(flux: NDArray[np.float64]) -> NDArray[np.float32]:
        parts = []
        for start in range(0, len(flux), _BLOCK):
            light = flux[start : start + _BLOCK]
            seen = prepare(Spectra.from_arrays(emulator.lattice.wave, light, (_USUAL / light) ** 2, velocity=0.0))
            parts.append(seen.flux / fit_single(seen, emulator).model - 1.0)
        return np.concatenate(parts)

    base = left(emulator.flux(labels[:: len(RATIOS) * len(APART)]))
    pairs = left(pair_flux(emulator, labels, grid[:, 1], v1 - middle, v2 - middle))
    stars = np.column_stack(
        [TEFF, dwarf_gravity(TEFF), np.full(len(TEFF), -0.1), np.zeros((len(TEFF), 1)), np.full(len(TEFF), 0.1)]
    )
    even = np.ones((len(stars), base.shape[1]), np.float32)
    star, by = single_model(emulator)(stars, even, True)
    slopes = by / star[:, None, :] * _UNITS[:, None]
    alone = pairs.reshape(len(TEFF), len(RATIOS) * len(APART), -1) - base[:, None]
    return alone.astype(np.float32), slopes.astype(np.float32), base.astype(np.float32)


def survey_patterns(left: NDArray[np.floating], teff: NDArray[np.floating]) -> NDArray[np.float32]:
    """What a survey does to all spectra alike, (3, P): the median of what is left, of cool, middle and hot stars.

    Response, remains of the night sky and of the air, and what the emulator's own library was. Binaries among the stars
    are too few to move a median.

    Parameters
    ----------
    left : (N, P)
        Flux over that of the best single star, less 1; 0 where unknown.
    teff : (N,)
        Of the stars.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> odd = np.sin(np.arange(60.0))
    >>> found = survey_patterns(0.01 * odd + 0.001 * rng.normal(size=(90, 60)), rng.uniform(4000, 7000, 90))
    >>> float(np.corrcoef(found[0], odd)[0, 1].round(2))
    1.0
    """
    groups = np.array_split(np.argsort(teff), 3)
    return np.stack([np.median(left[rows], axis=0) for rows in groups]).astype(np.float32)


def arms_pattern(
    wave: NDArray[np.floating], middle: NDArray[np.floating], width: NDArray[np.floating]
) -> NDArray[np.float32]:
    """What is left of a step between the two arms of a spectrograph when the continuum is divided out, (N, P).

    LAMOST's arms overlap from 5700 to 5900 Angstrom; where their fluxes differ, a sawtooth remains, some 500 Angstrom
    long. It is as likely in a single star's spectrum as in a pair's.

    Parameters
    ----------
    wave : (P,)
        Angstrom.
    middle, width : (N,)
        Where the step is and how far it is smeared, Angstrom.

    Examples
    --------
    >>> arms_pattern(np.array([5000.0, 5790.0, 5810.0, 6600.0]), np.array([5800.0]), np.array([3.0])).round(2)
    array([[-0.  , -0.45,  0.45,  0.  ]], dtype=float32)
    """
    away = (np.asarray(wave, np.float32) - np.asarray(middle, np.float32)[:, None]).astype(np.float32)
    step = 1.0 / (1.0 + np.exp(-np.clip(away / np.asarray(width, np.float32)[:, None], -30.0, 30.0)))
    # The logistic function stands for the integral of the Gaussian that the continuum is smoothed by.
    return np.asarray(step - 1.0 / (1.0 + np.exp(-1.702 * away / _SMOOTHED)), np.float32)


def filters_of(
    left: NDArray[np.floating],
    slopes: NDArray[np.floating],
    base: NDArray[np.floating],
    scatter: NDArray[np.floating],
    size: int,
) -> Filters:
    """The space of best filters.

    Parameters
    ----------
    left : (T, J, P)
        What companions leave.
    slopes : (T, 10, P)
        What errors of labels leave, and what the survey and its spectrographs do.
    base : (T, P)
        What a single star leaves.
    scatter : (K, P)
        What K single stars leave beside the mean star of their labels, without noise.
    size : int
        Filters wanted.

    Returns
    -------
    Filters

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> left, slopes = rng.normal(size=(10, 3, 50)), rng.normal(size=(10, 8, 50))
    >>> found = filters_of(left, slopes, np.zeros((10, 50)), 0.01 * rng.normal(size=(20, 50)), 4)
    >>> (found.filter @ found.filter.T).round(3)[0, :2] + 0.0, found.pattern.shape
    (array([1., 0.], dtype=float32), (10, 3, 4))
    """
    stars = np.asarray(scatter, float) - np.mean(scatter, axis=0)
    _, spread, along = np.linalg.svd(stars, full_matrices=False)
    ways = along * (spread / np.sqrt(len(stars)))[:, None]
    best = []
    for level in _LEVELS:
        white = level**-2 + FLOOR**2
        for node in range(len(left)):
            rows = np.concatenate([ways, slopes[node].astype(float)])
            core = np.linalg.inv(np.eye(len(rows)) + rows @ rows.T / white)
            seen = left[node].astype(float)
            seen = (seen - (seen @ rows.T / white) @ core @ rows) / white
            # By significance and not by size: a strong pattern is seen anyway.
            best.append(seen / np.sqrt(np.maximum((seen * left[node]).sum(axis=1), 1e-12))[:, None] * np.sqrt(white))
    _, _, modes = np.linalg.svd(np.concatenate(best), full_matrices=False)
    space = modes[:size]
    inside = (stars @ space.T).T @ (stars @ space.T) / max(len(stars), 1)
    size_along, turned = np.linalg.eigh(inside)
    filters = turned.T @ space
    variance = np.maximum(size_along, 0.0)
    inside_of = [part.astype(float) @ filters.T for part in (left, slopes, base)]
    return Filters(*(part.astype(np.float32) for part in (filters, variance, np.array(TEFF), *inside_of)))
