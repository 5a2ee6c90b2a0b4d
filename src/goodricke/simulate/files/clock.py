"""Calendar dates of Julian dates, and the light travel time between the Earth and the Sun, to a second."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats

__all__ = ["calendar", "light_to_sun"]

_UNIX_EPOCH_JD = 2440587.5
_AU_LIGHT_DAYS = 499.004783836 / 86400.0


def calendar(jd: Floats, unit: str = "ms") -> list[str]:
    """Return dates (M,) such as ``2019-07-17T21:53:52`` of Julian dates, rounded down to `unit`.

    >>> calendar(np.array([2451544.5, 2451545.25]), "s")
    ['2000-01-01T00:00:00', '2000-01-01T18:00:00']
    """
    # Half a millisecond is more than the rounding of a Julian date in float64, 40 microseconds.
    since = np.round((jd - _UNIX_EPOCH_JD) * 86400e3).astype("timedelta64[ms]")
    days = np.datetime64("1970-01-01", "ms") + since
    return [str(day) for day in days.astype(f"datetime64[{unit}]")]


def light_to_sun(jd: Floats, ra: float, dec: float) -> Floats:
    """Return days (M,) that light of a star arrives earlier at the Earth than at the Sun; negative: later.

    The Sun's place is that of the Astronomical Almanac, page C5, good to 0.01 degree: 0.1 s of light.

    Parameters
    ----------
    jd : numpy.ndarray, (M,)
        Julian dates.
    ra, dec : float
        Degrees.
    """
    n = jd - 2451545.0
    anomaly = np.radians(357.528 + 0.9856003 * n)
    longitude = np.radians(280.460 + 0.9856474 * n + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly))
    distance = 1.00014 - 0.01671 * np.cos(anomaly) - 0.00014 * np.cos(2.0 * anomaly)
    longitude -= np.radians(3.825e-5) * n  # from the equinox of the date to that of 2000, which the star's place has
    obliquity = np.radians(23.4393)
    alpha, delta = np.radians(ra), np.radians(dec)
    towards = np.cos(longitude) * np.cos(delta) * np.cos(alpha) + np.sin(longitude) * (
        np.cos(obliquity) * np.cos(delta) * np.sin(alpha) + np.sin(obliquity) * np.sin(delta)
    )
    return np.asarray(-distance * towards * _AU_LIGHT_DAYS)
