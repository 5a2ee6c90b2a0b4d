"""Places on the sky against astropy's Galactic coordinates."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord

from goodricke.simulate.observing.footprint import stars_between


def test_stars_fall_off_exponentially_from_the_plane() -> None:
    ra, dec = stars_between(20_000, np.random.default_rng(0), (-90.0, 90.0), 15.0, least_latitude=5.0)
    galactic = SkyCoord(ra * u.deg, dec * u.deg).galactic
    height = np.abs(galactic.b.deg)
    assert height.min() > 5.0 - 1e-3
    assert np.median(height) - 5.0 == pytest.approx(15.0 * np.log(2.0), rel=0.04)
    # Longitudes are even: no part of the circle is left out or favoured.
    counts = np.histogram(galactic.l.deg, 12, range=(0.0, 360.0))[0]
    assert np.abs(counts / counts.mean() - 1.0).max() < 0.1


def test_stars_stay_inside() -> None:
    ra, dec = stars_between(500, np.random.default_rng(1), (60.0, 70.0), 10.0)
    assert len(ra) == len(dec) == 500
    assert ((dec > 60.0) & (dec < 70.0) & (ra >= 0.0) & (ra < 360.0)).all()
