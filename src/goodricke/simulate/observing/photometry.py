"""How a survey measures magnitudes, what it believes of its errors, and the faults of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.noise import ErrorLaw, outliers, red_noise
from goodricke.simulate.observing.observatory import Visits

__all__ = ["Deviations", "Faults", "Photometry", "by_band", "deviations"]

_BURNT_OUT = 2.0  # magnitudes above saturation


@dataclass(frozen=True)
class Photometry:
    """How well magnitudes of one band are measured, and how well the survey believes they are."""

    noise: ErrorLaw
    """Standard deviation of what is measured."""
    written: ErrorLaw
    """Standard deviation that is written, at the magnitude that is written."""
    limit: float
    """Magnitude at which half of the points are detected."""
    saturation: float
    """Brighter points scatter more, see ``Faults.bleeding``; two magnitudes brighter nothing is measured."""
    limit_width: float = 0.15
    """Magnitudes over which the odds of a detection fall by a factor e."""


@dataclass(frozen=True)
class Faults:
    """What is wrong with a survey's magnitudes beside plain noise. Spreads are those of natural logarithms."""

    by_star: float
    """Spread of the noise between stars of the same magnitude: neighbours, place on the chip."""
    frames: float
    """Spread between frames that the written errors follow fully."""
    follows: float
    """Power of the frame's factor that is in the true noise: 1 where the survey is right about its bad frames."""
    uneven: float
    """Spread of the noise between points of which the survey knows nothing."""
    memory: tuple[tuple[float, float], ...]
    """Parts of the variance that are red, each with its days."""
    outliers: float
    """Mean share of points that are far off."""
    outliers_by_star: float
    """Spread of that share between stars."""
    outlier_size: float
    """Median of their offset in magnitudes, at least; ``outlier_sigmas`` where that is more."""
    outlier_spread: float
    """Spread of the offset."""
    outlier_fainter: float
    """Part of them that is too faint."""
    outlier_sigmas: float = 0.0
    """Median of their offset in standard deviations."""
    belief: float = 0.0
    """Spread of the written errors between stars of the same magnitude."""
    bleeding: float = 0.1
    """Noise (magnitudes) that every magnitude above saturation adds."""


@dataclass(frozen=True)
class Deviations:
    """What is wrong with M points."""

    off: Floats
    """(M,) by how much the flux is off, in magnitudes: positive for too faint."""
    belief: Floats
    """(M,) factor of the error that is written."""
    lost: NDArray[np.bool_]
    """(M,) too bright to be measured."""


def by_band(laws: list[ErrorLaw], band: NDArray[np.int8], magnitude: Floats) -> Floats:
    """Standard deviations (M,) by the law of each point's band."""
    if len(laws) == 1:
        return laws[0](magnitude)
    return np.choose(band, [law(magnitude) for law in laws])


def deviations(
    photometry: tuple[Photometry, ...],
    faults: Faults,
    visits: Visits,
    magnitude: Floats,
    depth: Floats,
    rng: np.random.Generator,
) -> Deviations:
    """Draw what is wrong with every point.

    Parameters
    ----------
    photometry : tuple of Photometry
        For each band.
    faults : Faults
        Of the survey.
    visits : Visits
        Times, bands and stars of the M points.
    magnitude : numpy.ndarray, (M,)
        True magnitudes.
    depth : numpy.ndarray, (N,)
        Magnitudes by which each star is measured less deep.
    rng : numpy.random.Generator
        Source of the faults.
    """
    star = ragged.segment_ids(visits.offsets)
    n, m = len(visits.ra), len(star)
    frame = np.exp(faults.frames * rng.standard_normal(m))
    sigma = by_band([p.noise for p in photometry], visits.band, magnitude + depth[star])
    sigma *= np.exp(faults.by_star * rng.standard_normal(n))[star] * frame**faults.follows
    if faults.uneven:
        sigma *= np.exp(faults.uneven * rng.standard_normal(m))
    above = np.array([p.saturation for p in photometry])[visits.band] - magnitude
    sigma += faults.bleeding * np.maximum(above, 0.0)
    off = sigma * _coloured(faults, visits, star, rng) + _far_off(faults, sigma, star, n, rng)
    if faults.belief:
        frame = frame * np.exp(faults.belief * rng.standard_normal(n))[star]
    return Deviations(off, frame, above > _BURNT_OUT)


def _coloured(faults: Faults, visits: Visits, star: Ints, rng: np.random.Generator) -> Floats:
    """Noise (M,) of variance 1, part of it with memory, in each band of a star by itself."""
    white = 1.0 - sum(share for share, _ in faults.memory)
    unit = np.sqrt(white) * rng.standard_normal(len(star))
    for share, days in faults.memory:
        unit += np.sqrt(share) * red_noise(visits.time, star, np.full(len(visits.ra), days), rng, visits.band)
    return np.asarray(unit)


def _far_off(faults: Faults, sigma: Floats, star: Ints, n: int, rng: np.random.Generator) -> Floats:
    """Outliers (M,), of which some stars have more than others."""
    spread = faults.outliers_by_star
    prone = np.exp(spread * rng.standard_normal(n) - 0.5 * spread**2)  # of mean 1
    return outliers(
        len(sigma),
        rng,
        rate=faults.outliers * prone[star],
        size=np.maximum(faults.outlier_size, faults.outlier_sigmas * sigma),
        spread=faults.outlier_spread,
        fainter=faults.outlier_fainter,
    )
