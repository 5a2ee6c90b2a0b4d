"""Calendar dates and light travel times, against astropy."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.files.clock import calendar, light_to_sun


def test_dates_are_astropys() -> None:
    from astropy.time import Time

    jd = np.random.default_rng(2).uniform(2450000.0, 2462000.0, 200)
    ours = np.array(calendar(jd), dtype="datetime64[us]")
    # Not in UTC, whose days of a leap second astropy stretches.
    theirs = np.array(Time(jd, format="jd", scale="tai").isot, dtype="datetime64[us]")
    assert np.abs((ours - theirs).astype(int)).max() <= 1001, "a millisecond is the last digit"
    assert calendar(jd[:0]) == []


@pytest.mark.parametrize(("ra", "dec"), [(0.0, 0.0), (270.0, 66.56), (150.25, -20.5), (281.3, -23.0)])
def test_light_travel_time_is_astropys(ra: float, dec: float) -> None:
    from astropy import units as u
    from astropy.coordinates import EarthLocation, SkyCoord
    from astropy.time import Time

    jd = np.linspace(2451545.0, 2461545.0, 300)
    centre = EarthLocation.from_geocentric(0.0, 0.0, 0.0, unit=u.m)
    star = SkyCoord(ra, dec, unit="deg")
    theirs = Time(jd, format="jd", scale="tdb", location=centre).light_travel_time(star, kind="heliocentric")
    # 0.01 degree of the Sun's place are 0.09 s of light; the Almanac says so of the years 1950 to 2050.
    np.testing.assert_allclose(light_to_sun(jd, ra, dec) * 86400.0, theirs.to_value(u.s), atol=0.1)
