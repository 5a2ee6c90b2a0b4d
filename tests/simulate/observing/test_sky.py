"""The low-precision sky against astropy."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import EarthLocation, SkyCoord, get_body, get_sun
from astropy.time import Time
from astropy.utils import iers

from goodricke.simulate.observing.sky import heliocentric, moonlight, sidereal, sun

JD = np.random.default_rng(0).uniform(2451545.0, 2458849.0, 300)


@pytest.fixture(autouse=True)
def _no_download() -> None:
    iers.conf.auto_download = False


def test_the_sun_stands_where_astropy_has_it() -> None:
    ra, dec = sun(JD)
    truth = get_sun(Time(JD, format="jd"))
    mine = SkyCoord(ra * u.rad, dec * u.rad)
    # A hundredth of a degree of the formulas and up to 0.28 of precession since 2000, which ICRS does not have.
    assert mine.separation(SkyCoord(truth.ra, truth.dec)).deg.max() < 0.3


def test_sidereal_time_agrees() -> None:
    stamp = Time(JD, format="jd", scale="ut1")
    truth = stamp.sidereal_time("mean", "greenwich").rad
    away = np.abs((sidereal(JD) - truth + np.pi) % (2 * np.pi) - np.pi)
    assert np.degrees(away).max() < 0.001


def test_moonlight_agrees() -> None:
    stamp = Time(JD[:100], format="jd")
    moon, star = get_body("moon", stamp), get_sun(stamp)
    lit = 0.5 * (1.0 - np.cos(moon.separation(star, origin_mismatch="ignore").rad))
    # Half a degree of the formula, one degree of evection and variation that it leaves out, five of latitude.
    assert np.abs(moonlight(JD[:100]) - lit).max() < 0.03


def test_light_reaches_the_sun_when_astropy_says() -> None:
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, 300), np.degrees(np.arcsin(rng.uniform(-1, 1, 300)))
    centre = EarthLocation.from_geocentric(0, 0, 0, unit="m")
    stamp = Time(JD, format="jd", scale="utc", location=centre)
    late = stamp.light_travel_time(SkyCoord(ra * u.deg, dec * u.deg), kind="heliocentric", ephemeris="builtin")
    away = (heliocentric(JD, ra, dec) - JD - late.to_value("day")) * 86400.0
    assert np.abs(away).max() < 3.0
    star = np.arange(300)
    assert (heliocentric(JD, ra, dec, star) == heliocentric(JD, ra, dec)).all()
