"""Supernovae in their galaxies: type Ia, stripped (Ib and Ic) and type II with a plateau."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Supernova", "plateau", "thermonuclear"]

# Rise and fall of the main peak, part, delay and width of the second, part, fading time and onset of the tail (days):
# fitted to 1,281 type Ia of the ZTF Bright Transient Survey, all stars at once, each with its own stretch.
_WAVES = np.log([BANDS["g"][0], BANDS["R"][0]])
_IA = np.array(
    [[7.194, 10.085, 0.069, 21.08, 8.55, 0.135, 78.2, 8.33], [7.205, 10.356, 0.148, 27.13, 7.05, 0.600, 38.1, 13.24]]
)
# Plateau: rise, slope per day, length, drop, fading of the tail, days; the part left after the drop. Blue light falls
# more than red light: between the two rows V has the mean slope (1.2 mag in 100 d) and length (84 d) of Anderson et al.
# 2014 (ApJ 786, 67); the tail is the decay of cobalt (111 d).
_II = np.array([[2.5, -0.016, 80.0, 5.0, 111.0, 0.15], [3.5, -0.004, 88.0, 5.0, 111.0, 0.15]])


def _between(numbers: Floats, band: str) -> Floats:
    """Row of numbers for a band: straight in the logarithm of wavelength, no further than a little beyond the ends."""
    at = (np.log(BANDS[band][0]) - _WAVES[0]) / (_WAVES[1] - _WAVES[0])
    at = float(np.clip(at, -0.4, 1.4))
    return np.asarray((1.0 - at) * numbers[0] + at * numbers[1])


def thermonuclear(days: Floats, band: str, second_peak: ArrayLike = 1.0) -> Floats:
    """Flux of a type Ia supernova about 1 at its peak, `days` after it, as a sum of two peaks and a tail.

    Parameters
    ----------
    days : numpy.ndarray, (M,)
        Since the peak.
    band : str
        One of ``BANDS``.
    second_peak : array_like
        1 for type Ia, 0 for the stripped ones, which have none.

    Examples
    --------
    >>> thermonuclear(np.array([-30.0, 0.0, 25.0]), "R").round(2)
    array([0.  , 1.04, 0.48])
    """
    rise, fall, second, delay, width, tail, fade, onset = np.exp(_between(np.log(_IA), band))
    days = np.clip(days, -100.0, 1000.0)
    light = np.exp(-0.5 * (days / np.where(days < 0.0, rise, fall)) ** 2)
    light += second_peak * second * np.exp(-0.5 * ((days - delay) / width) ** 2)
    # Part of what the fit calls a tail in the red belongs to the second peak.
    tail = tail * (0.4 + 0.6 * np.asarray(second_peak))
    return np.asarray(light + tail * np.exp(-days / fade) / (1.0 + np.exp((onset - days) / 5.0)))


def plateau(days: Floats, length: Floats, band: str) -> Floats:
    """Flux of a type II supernova, about 1 at its maximum, in the manner of Villar et al. 2019 (ApJ 884, 83), eq. 1.

    Parameters
    ----------
    days : numpy.ndarray, (M,)
        Since the explosion.
    length : numpy.ndarray, (M,)
        Of the plateau over its median.
    band : str
        One of ``BANDS``.

    Examples
    --------
    >>> plateau(np.array([0.0, 30.0, 150.0]), np.ones(3), "R").round(3)
    array([0.   , 0.887, 0.06 ])
    """
    rise, slope, middle, drop, fade, left = _between(_II, band)
    end = middle * length
    days = np.clip(days, -100.0, 2000.0)
    up = np.where(days > 0.0, -np.expm1(-np.maximum(days, 0.0) / rise), 0.0)
    on = np.exp(slope * np.minimum(days, end))
    gone = 1.0 / (1.0 + np.exp(np.clip((days - end) / drop, -50.0, 50.0)))
    tail = left * np.exp(-np.maximum(days - end, 0.0) / fade)
    return np.asarray(up * on * (gone + (1.0 - gone) * tail))


class Supernova(Kind):
    """One explosion in a galaxy whose light is always in the aperture.

    Flux 1 is the peak with its host, so that the star's magnitude is that of its peak. Shares are those of a survey
    limited by magnitude (Perley et al. 2020, ApJ 904, 35).
    """

    label: ClassVar[str] = "TRANSIENT"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` events: ``supernova_type``, ``stretch`` of time, ``host_share`` of the light at the peak."""
        kinds = rng.choice(["Ia", "II", "Ibc"], n, p=[0.72, 0.22, 0.06])
        spread = np.select([kinds == "Ia", kinds == "II"], [0.11, 0.15], 0.20)
        return {
            "period_days": np.full(n, np.nan),
            "epoch": rng.uniform(*span, n),
            "temperature": np.select([kinds == "Ia", kinds == "II"], [9500.0, 8000.0], 6500.0),
            "supernova_type": kinds,
            "stretch": np.clip(1.0 + spread * rng.normal(0.0, 1.0, n), 0.5, 1.8),
            "host_share": 10.0 ** rng.uniform(-2.5, -0.3, n),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of host and supernova; at least the host's share, about 1 at the peak."""
        star = moments.star
        kinds, stretch = stars["supernova_type"][star], stars["stretch"][star]
        days = (moments.time - stars["epoch"][star]) / np.where(kinds == "II", 1.0, stretch)
        peak = thermonuclear(np.linspace(-5.0, 10.0, 151), band).max()
        light = thermonuclear(days, band, kinds == "Ia") / peak
        two = kinds == "II"
        # The epoch of a plateau is its brightest time, some days after the explosion.
        light[two] = plateau(days[two] + 10.0, stretch[two], band)
        host = stars["host_share"][star]
        return np.asarray(host + (1.0 - host) * light)
