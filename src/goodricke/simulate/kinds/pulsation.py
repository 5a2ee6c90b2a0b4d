"""What all pulsating stars share: their clock, and how their light curve changes from band to band."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.fourier import Series, series_magnitude
from goodricke.simulate.stars import Columns, Moments

__all__ = ["Tint", "band_delay", "band_swing", "cycles", "from_magnitude", "pulsation", "two_modes"]

# Planck's h c / k in nm K.
_SECOND_RADIATION = 1.4387769e7
_EARLY = 0.09

Tint = tuple[float, float]
"""Range in I over that in V, and cycles by which I is behind."""


def _steepness(temperature: Floats, band: str) -> Floats:
    """Change of a black body's log light with log temperature at the middle of a band."""
    x = _SECOND_RADIATION / (BANDS[band][0] * temperature)
    return np.asarray(x / -np.expm1(-x))


def _redness(temperature: Floats, band: str) -> Floats:
    """Where a band lies between V (0) and I (1) for stars that change their temperature; blue ones are negative."""
    blue, red = _steepness(temperature, "V"), _steepness(temperature, "I")
    return (blue - _steepness(temperature, band)) / (blue - red)


def band_swing(temperature: Floats, band: str, i_over_v: float) -> Floats:
    """Range of a pulsating star in a band over that in V.

    Temperature changes the light of a black body by an amount that is known for each band, radius by the same in all:
    the ratio of I to V, which is measured, fixes their parts.

    Parameters
    ----------
    temperature : numpy.ndarray, (N,)
        Kelvin.
    band : str
        One of ``BANDS``.
    i_over_v : float
        Range in I over that in V.

    Examples
    --------
    >>> [band_swing(np.array([6500.0]), band, 0.63).round(2).item() for band in "BVRI"]
    [1.31, 1.0, 0.82, 0.63]
    """
    return np.asarray(np.maximum(1.0 - (1.0 - i_over_v) * _redness(temperature, band), 0.05))


def band_delay(temperature: Floats, band: str, i_after_v: float) -> Floats:
    """Cycles (N,) by which a band's curve is behind that in V, if I is behind by `i_after_v`.

    Examples
    --------
    >>> band_delay(np.array([5800.0]), "I", 0.03).round(3)
    array([0.03])
    """
    return np.asarray(i_after_v * _redness(temperature, band))


def cycles(stars: Columns, moments: Moments) -> Floats:
    """Cycles (M,) since the epoch, with the slow change ``period_change`` (days per day) where there is one.

    Examples
    --------
    >>> star = {"period_days": np.array([2.0]), "epoch": np.array([10.0])}
    >>> cycles(star, Moments(np.array([10.0, 13.0]), np.array([0, 2])))
    array([0. , 1.5])
    """
    star = moments.star
    passed = (moments.time - stars["epoch"][star]) / stars["period_days"][star]
    if "period_change" in stars:
        passed = passed - 0.5 * stars["period_change"][star] * passed**2
    return np.asarray(passed)


def pulsation(series: Series, stars: Columns, moments: Moments, band: str, tint: Tint, phase: Floats) -> Floats:
    """Magnitudes (M,) in a band of stars whose series in V are given, averaged over the exposures.

    Parameters
    ----------
    series : Series
        In V.
    stars : dict
        With ``period_days`` and ``temperature``.
    moments : Moments
        When to look.
    band : str
        One of ``BANDS``.
    tint : tuple of float
        Range in I over that in V, and cycles by which I is behind.
    phase : numpy.ndarray, (M,)
        Cycles since maximum light.
    """
    warm = stars["temperature"]
    seen = series.scaled(band_swing(warm, band, tint[0])).smeared(moments.exposure / stars["period_days"])
    return series_magnitude(seen, phase - band_delay(warm, band, tint[1])[moments.star], moments)


def two_modes(series: Series, stars: Columns, moments: Moments, band: str, tint: Tint, mode: str) -> Floats:
    """Magnitudes (M,) of stars with a second mode, its sum with the first and their difference.

    Sizes and phases of the combinations are those of 178 double-mode RR Lyrae stars of CRTS. Both modes are brightest
    near the epoch, where the star is (within 0.04 cycles).

    Parameters
    ----------
    series : Series
        Of the first mode in V.
    stars : dict
        With ``<mode>_days`` of the second mode and ``<mode>_share``: its range over ``amplitude_mag``, 0 for none.
    moments, band, tint
        As in ``pulsation``.
    mode : str
        Name of the second mode.
    """
    star, share = moments.star, stars[f"{mode}_share"]
    # The sums of modes make the curve brightest before its modes are, by about this part of a cycle.
    early = Moments(moments.time - (_EARLY * share * stars["period_days"])[star], moments.offsets, moments.exposure)
    phase = cycles(stars, early)
    size = 0.5 * stars["amplitude_mag"] * share * band_swing(stars["temperature"], band, tint[0])
    size *= np.sinc(moments.exposure / np.minimum(stars["period_days"], stars[f"{mode}_days"]))
    lag = band_delay(stars["temperature"], band, tint[1])[star]
    first = 2.0 * np.pi * (phase - lag)
    second = 2.0 * np.pi * ((early.time - stars["epoch"][star]) / stars[f"{mode}_days"][star] - lag)
    own = -np.cos(second) + 0.24 * np.cos(2.0 * second - 2.2)
    sums = 0.38 * np.cos(first + second - 2.12) + 0.35 * np.cos(first - second - 2.2)
    return pulsation(series, stars, early, band, tint, phase) + size[star] * (own + sums)


def from_magnitude(magnitude: Floats) -> Floats:
    """Flux of a star whose mean magnitude is that of flux 1."""
    return np.asarray(10.0 ** (-0.4 * magnitude))
