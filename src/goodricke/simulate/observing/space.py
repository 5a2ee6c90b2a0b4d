"""What space telescopes share: unbroken spells of even cadence, light in electrons, and drifts that are left in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.noise import red_noise
from goodricke.simulate.observing.sky import heliocentric

__all__ = ["ECLIPTIC_POLE", "Detector", "Drift", "cadences", "few", "impulses", "rising", "steps", "unit_vectors"]

ECLIPTIC_POLE = np.array([0.0, -np.sin(np.radians(23.4393)), np.cos(np.radians(23.4393))])
"""Direction of the northern pole of the ecliptic, ICRS."""


@dataclass(frozen=True)
class Detector:
    """Noise of a flux in electrons per second: the star's photons, and all else under its aperture.

    The variance is ``(excess F + B) / collecting`` with ``B = background 10^(-0.1 (m - reference))``: the aperture of a
    brighter star has more pixels, each with its sky and its reading noise.

    Examples
    --------
    >>> tess = Detector(zero_point=20.44, collecting=95.0, excess=1.09, background=2000.0, reference=16.0)
    >>> flux = tess.flux(np.array([10.0]))
    >>> (tess.deviation(flux, tess.aperture(np.array([10.0]))) / flux).round(5)
    array([0.00107])
    """

    zero_point: float
    """Magnitude of one electron per second."""
    collecting: float
    """Seconds of an exposure during which light is kept."""
    excess: float
    """Variance over that of the star's photons alone."""
    background: float
    """Electrons per second that would make the rest of the noise."""
    reference: float
    """Magnitude at which that number holds."""

    def flux(self, magnitude: Floats) -> Floats:
        """Electrons per second (M,)."""
        return np.asarray(np.exp(0.4 * np.log(10.0) * (self.zero_point - magnitude)))

    def aperture(self, magnitude: Floats) -> Floats:
        """What all but the star's photons add to the variance of a second, for stars of mean magnitude (N,)."""
        return np.asarray(self.background * 10.0 ** (-0.1 * (magnitude - self.reference)))

    def deviation(self, flux: Floats, background: Floats) -> Floats:
        """Standard deviation (M,) of points in electrons per second."""
        return np.asarray(np.sqrt((self.excess * flux + background) / self.collecting))


@dataclass(frozen=True)
class Drift:
    """Relative changes of the flux that the spacecraft makes and the pipeline leaves in."""

    red: float
    """Standard deviation of red noise in bright stars."""
    red_share: float
    """The same over the white noise of half an hour, in faint ones."""
    red_days: float
    """Days over which red noise remembers."""
    step: float
    """Standard deviation of the level of a piece: what is left of jumps."""
    ramp: float
    """Standard deviation of the ramp with which a spell begins."""
    ramp_days: float
    """Days over which the ramp decays by a factor e."""
    spread: float
    """Standard deviation of the logarithm of how much of all this a star has."""

    def draw(
        self, time: Floats, star: Ints, piece: Ints, spell: Ints, age: Floats, size: Floats, rng: np.random.Generator
    ) -> Floats:
        """Draw relative changes (M,).

        Parameters
        ----------
        time : numpy.ndarray, (M,)
            Days, increasing in a star.
        star, piece, spell : numpy.ndarray, (M,)
            Which star, which piece of one level, and which unbroken spell of observation.
        age : numpy.ndarray, (M,)
            Days since the spell began.
        size : numpy.ndarray, (N,)
            Red noise of every star, from ``sizes``.
        rng : numpy.random.Generator
            Source of the chance.
        """
        change = red_noise(time, star, np.full(len(size), self.red_days), rng) * size[star]
        share = size / self.red
        change += steps(star, piece, self.step * share, rng)
        early = np.flatnonzero(age < 6.0 * self.ramp_days)
        height = steps(star[early], spell[early], self.ramp * share, rng)
        change[early] += height * np.exp(-age[early] / self.ramp_days)
        return np.asarray(change)

    def sizes(self, half_hour: Floats, rng: np.random.Generator) -> Floats:
        """Draw the red noise of stars (N,) whose relative white noise in half an hour is given."""
        size = np.hypot(self.red, self.red_share * half_hour)
        return np.asarray(size * np.exp(self.spread * rng.standard_normal(len(half_hour))))


def steps(star: Ints, spell: Ints, size: Floats, rng: np.random.Generator) -> Floats:
    """Draw one normal number per star and spell and give it to all its points (M,).

    >>> steps(np.array([0, 0, 0]), np.array([4, 4, 5]), np.array([1.0]), np.random.default_rng(0)).round(2)
    array([ 0.13,  0.13, -0.13])
    """
    if not len(star):
        return np.zeros(0)
    new = np.ones(len(star), dtype=bool)
    new[1:] = (star[1:] != star[:-1]) | (spell[1:] != spell[:-1])
    level = rng.standard_normal(int(np.count_nonzero(new))) * size[star[new]]
    return np.asarray(np.repeat(level, np.diff(np.flatnonzero(np.append(new, True)))))


def few(m: int, share: float, rng: np.random.Generator) -> Ints:
    """Choose a small share of m points, in order, without asking each of them.

    >>> len(few(1_000_000, 0.001, np.random.default_rng(0)))
    1036
    """
    return np.unique(rng.integers(0, max(m, 1), rng.binomial(m, share)))


def impulses(m: int, rate: float, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Choose points that are hit, and by how many standard deviations: 4 and more, four in five of them upwards."""
    hit = few(m, rate, rng)
    size = 4.0 + 3.0 * rng.standard_exponential(len(hit))
    return hit, np.where(rng.random(len(hit)) < 0.8, size, -size)


def cadences(
    star: Ints, first: Floats, last: Floats, step: float, ra: Floats, dec: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Times at the barycentre of all exposures of W spells, each begun on the spacecraft's own even clock.

    The Sun stands for the barycentre (5 s at most), and the way of the light is a parabola through the two ends and the
    middle of a spell (0.1 s in two weeks, 20 s in three months).

    Parameters
    ----------
    star : numpy.ndarray, (W,)
        Whose spell, not decreasing.
    first, last : numpy.ndarray, (W,)
        Julian dates.
    step : float
        Days from exposure to exposure.
    ra, dec : numpy.ndarray, (N,)
        ICRS degrees.

    Returns
    -------
    time : numpy.ndarray, (M,)
        Julian dates at mid-exposure.
    offsets : numpy.ndarray, (N + 1,)
        Where each star begins.

    Examples
    --------
    >>> one = np.zeros(1)
    >>> cadences(one.astype(int), one + 2458000.0, one + 2458001.0, 0.25, one, one)[1]
    array([0, 4])
    """
    number = np.maximum(((last - first) / step).astype(np.int64), 0)
    bounds = ragged.offsets_from_lengths(number)
    spell = ragged.segment_ids(bounds)
    nodes = first + 0.5 * np.array([[0.0], [1.0], [2.0]]) * (last - first)
    late = np.stack([heliocentric(node, ra[star], dec[star]) - node for node in nodes])
    length = np.maximum(last - first, step)
    slope = (4.0 * late[1] - 3.0 * late[0] - late[2]) / length
    bend = 2.0 * (late[0] - 2.0 * late[1] + late[2]) / length**2
    at = (np.arange(bounds[-1]) - bounds[spell] + 0.5) * step
    time = (first + late[0])[spell] + at * (1.0 + slope[spell] + bend[spell] * at)
    return time, ragged.offsets_from_lengths(np.bincount(star, weights=number, minlength=len(ra)).astype(np.int64))


def rising(n: int, bright: float, faint: float, slope: float, rng: np.random.Generator) -> Floats:
    """Draw magnitudes (N,) whose number rises as ``10^(slope m)`` between two limits.

    >>> bool(13.0 < np.median(rising(1000, 8.0, 14.0, 0.3, np.random.default_rng(0))) < 13.2)
    True
    """
    low, high = 10.0 ** (slope * bright), 10.0 ** (slope * faint)
    return np.asarray(np.log10(low + (high - low) * rng.random(n)) / slope)


def unit_vectors(ra: Floats, dec: Floats) -> Floats:
    """Directions (N, 3) of ICRS positions in degrees."""
    alpha, delta = np.radians(ra), np.radians(dec)
    return np.stack([np.cos(delta) * np.cos(alpha), np.cos(delta) * np.sin(alpha), np.sin(delta)], axis=-1)
