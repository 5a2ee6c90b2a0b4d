"""M dwarfs that flare, with the spots that go with it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.kinds.brightness import surface_ratio
from goodricke.simulate.kinds.chance import new_seeds, uniforms
from goodricke.simulate.kinds.rotators import spot_temperature, with_spots
from goodricke.simulate.kinds.spot_groups import spotted_light
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["FlareStar", "flare_shape", "flares_of_days"]

_COUNT, _WHEN, _ENERGY = 10, 11, 12
# Equivalent durations (seconds in the Kepler band) of the smallest and the greatest flare.
_LEAST, _MOST = 10.0, 1e5
_HOT = 9500.0
_AREA = 1.827  # of the shape, in its own unit of time


def flare_shape(x: Floats) -> Floats:
    """Flux of a flare over that of its peak, `x` widths at half maximum after it (Davenport et al. 2014, ApJ 797, 122).

    Examples
    --------
    >>> flare_shape(np.array([-1.0, 0.0, 1.0])).round(3)
    array([0.005, 0.992, 0.368])
    """
    up = np.clip(x, -1.0, 0.0)
    rise = 1.0 + up * (1.941 + up * (-0.175 + up * (-2.246 - 1.125 * up)))
    down = np.clip(x, 0.0, 300.0)
    fall = 0.6890 * np.exp(-1.600 * down) + 0.3030 * np.exp(-0.2783 * down)
    return np.asarray(np.where(x < -1.0, 0.0, np.where(x < 0.0, rise, fall)))


def _area_before(x: Floats) -> Floats:
    """Integral of ``flare_shape`` up to `x`."""
    up = np.clip(x, -1.0, 0.0)
    rise = up * (1.0 + up * (0.9705 + up * (-0.175 / 3.0 + up * (-0.5615 - 0.225 * up))))
    down = np.clip(x, 0.0, 300.0)
    fall = -0.6890 / 1.600 * np.expm1(-1.600 * down) - 0.3030 / 0.2783 * np.expm1(-0.2783 * down)
    return np.asarray(rise + fall)


def _counts(chance: Floats, rate: Floats) -> Ints:
    """Numbers of a Poisson process that go with even random numbers."""
    made = np.zeros(len(chance), dtype=np.int64)
    term = np.exp(-rate)
    total = term.copy()
    for k in range(1, 40):
        more = chance > total
        if not more.any():
            break
        made += more
        term = term * rate / k
        total += term
    return made


def flares_of_days(stars: Columns, star: Ints, day: Ints) -> tuple[Ints, Floats, Floats, Floats]:
    """Every flare of those stars whose peak falls in those days.

    Parameters
    ----------
    stars : Columns
        ``seed``, ``flares_per_day``, ``energy_slope``.
    star, day : numpy.ndarray, (K,)
        Row of the table, and whole Julian day.

    Returns
    -------
    place, peak, height, width : numpy.ndarray, (F,)
        Index into the days given, Julian date, height in the Kepler band over the quiet star, days at half maximum.
        Width goes as the cube root of energy (Namekata et al. 2017, ApJ 851, 91), 20 minutes for a flare of half the
        star's light.
    """
    number = _counts(uniforms(stars["seed"][star], _COUNT, day), stars["flares_per_day"][star])
    place = np.repeat(np.arange(len(day)), number)
    order = np.arange(len(place)) - np.repeat(np.cumsum(number) - number, number)
    seed = stars["seed"][star[place]]
    peak = day[place] + uniforms(seed, _WHEN, day[place], order)
    # A power law in energy between two ends, by its inverse.
    slope = stars["energy_slope"][star[place]] - 1.0
    part = 1.0 - (_LEAST / _MOST) ** slope
    energy = _LEAST * (1.0 - part * uniforms(seed, _ENERGY, day[place], order)) ** (-1.0 / slope)
    width = 1200.0 * np.cbrt(energy / (_AREA * 600.0))
    return place, peak, energy / (_AREA * width), width / 86400.0


def _flare_light(stars: Columns, moments: Moments) -> Floats:
    """Light (M,) of all flares in the Kepler band over that of the quiet star, averaged over the exposures."""
    time, star = moments.time, moments.star
    added = np.zeros(len(time))
    if not len(time):
        return added
    today = np.floor(time).astype(np.int64)
    first = np.concatenate([[0], np.flatnonzero((np.diff(today) != 0) | (np.diff(star) != 0)) + 1])
    length = np.diff(np.append(first, len(time)))
    last = time[first + length - 1] - today[first]
    # No flare lasts for more than a day, and none begins more than 0.1 days before its peak.
    for near in (-1, 0, 1):
        if near == 1:
            first, length = first[last > 0.85], length[last > 0.85]
        place, peak, height, width = flares_of_days(stars, star[first], today[first] + near)
        many = length[place]
        at = np.repeat(first[place], many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        wide = np.repeat(width, many)
        since, open_ = (time[at] - np.repeat(peak, many)) / wide, moments.exposure / wide
        if moments.exposure > 0.0:
            shape = (_area_before(since + 0.5 * open_) - _area_before(since - 0.5 * open_)) / open_
        else:
            shape = flare_shape(since)
        added += np.bincount(at, np.repeat(height, many) * shape, len(time))
    return added


class FlareStar(Kind):
    """Spotted M dwarfs with flares at random times: black bodies of 9,500 K, so that they are highest in the blue.

    The label is ROT, the leaf of active stars: rotation is what repeats.
    """

    label: ClassVar[str] = "ROT"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars: the columns of ``Rotator``, ``flares_per_day`` and ``energy_slope``.

        Flares are counted from an equivalent duration of 10 s in the Kepler band, 2% of the star's light at their peak;
        numbers fall with energy as a power law of slope 1.6 to 2.0.
        """
        period = 10.0 ** rng.uniform(-0.7, 1.5, n)
        temperature = rng.uniform(2900.0, 3900.0, n)
        stars: Columns = {
            "period_days": period,
            "epoch": rng.uniform(*span, n),
            "temperature": temperature,
            "seed": new_seeds(n, rng),
            "inclination_deg": np.rad2deg(np.arccos(rng.uniform(0.0, 0.94, n))),
            "amplitude_mag": 10.0 ** rng.normal(-1.6, 0.3, n),
            "spot_radius_deg": rng.uniform(20.0, 60.0, n),
            "spot_temperature": spot_temperature(temperature),
            "spot_life_days": np.maximum(10.0 ** rng.normal(2.5, 0.4, n), 4.0 * period),
            "shear": 10.0 ** rng.normal(-2.5, 0.5, n),
            "flares_per_day": 10.0 ** rng.uniform(-1.5, 0.4, n),
            "energy_slope": rng.uniform(1.6, 2.0, n),
        }
        return with_spots(stars)

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the spotted star and its flares, these averaged over the exposures."""
        star = moments.star
        temperature = stars["temperature"]
        bluer = surface_ratio(_HOT, temperature, band) / surface_ratio(_HOT, temperature, "Kepler")
        return spotted_light(stars, moments, band) + bluer[star] * _flare_light(stars, moments)
