"""Nights against astropy's altitude of the Sun, and weather against the lengths of its spells."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import AltAz, EarthLocation, get_sun
from astropy.time import Time
from astropy.utils import iers

from goodricke.simulate.observing.nights import Site, clear_nights, nights


@pytest.mark.parametrize(
    ("longitude", "latitude", "twilight"), [(-70.7, -29.0, -12.0), (149.07, -31.3, -18.0), (0.0, 52.0, -6.0)]
)
def test_nights_begin_and_end_at_twilight(longitude: float, latitude: float, twilight: float) -> None:
    iers.conf.auto_download = False
    year = nights(Site(longitude, latitude, twilight=twilight), 2453000.5, 2453366.5)
    assert len(year.middle) in (365, 366)
    place = EarthLocation.from_geodetic(longitude, latitude)
    for edge in (-1.0, 1.0):
        stamp = Time((year.middle + edge * year.half)[::15], format="jd")
        altitude = get_sun(stamp).transform_to(AltAz(obstime=stamp, location=place)).alt
        # The Sun's declination moves by a fifth of a degree between midnight and twilight.
        assert np.abs(altitude.to_value(u.deg) - twilight).max() < 0.4
    stamp = Time(year.middle[::15], format="jd", location=place)
    away = year.sidereal[::15] - stamp.sidereal_time("mean").rad
    assert np.abs((away + np.pi) % (2 * np.pi) - np.pi).max() < 1e-3


def test_the_far_north_has_no_night_in_summer() -> None:
    year = nights(Site(0.0, 69.0, twilight=-12.0), 2453000.5, 2453366.5)
    assert year.half.min() == 0.0
    assert year.half.max() > 0.3


def test_spells_of_weather_have_their_lengths() -> None:
    fair = clear_nights(300_000, 8.0, 3.0, np.random.default_rng(0))
    edges = np.flatnonzero(np.diff(fair.astype(int)))
    lengths, state = np.diff(edges), fair[edges[:-1] + 1]
    assert lengths[state].mean() == pytest.approx(8.0, rel=0.03)
    assert lengths[~state].mean() == pytest.approx(3.0, rel=0.03)
    for k in (0, 1, 7):
        assert len(clear_nights(k, 8.0, 3.0, np.random.default_rng(k))) == k
