"""Where TESS looks and when."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.observing.sectors import ORBIT, START, footprint, orbit_lengths, orbits

ALL = np.arange(1, 27)


def sectors_of(ra: float, dec: float) -> list[int]:
    return ALL[footprint(ALL, np.array([ra]), np.array([dec]))[0]].tolist()


def test_known_stars_are_in_the_sectors_that_observed_them() -> None:
    """Pi Mensae: 1, 4, 8, 11 to 13; WASP-100: the southern continuous zone, but for the edges of its cameras."""
    assert {1, 4, 8, 12, 13} <= set(sectors_of(84.291, -80.469))
    assert set(range(1, 14)) == set(sectors_of(90.0, -66.56))  # the pole of the ecliptic
    assert set(range(14, 27)) == set(sectors_of(270.0, 66.56))
    assert 1 in sectors_of(317.949, -30.030)  # TIC 92873799, observed in sector 1
    assert 1 in sectors_of(340.328, -43.841)  # TIC 117544915, the same
    assert {2, 13} <= set(sectors_of(68.960, -64.027))  # WASP-100


def test_nothing_near_the_ecliptic_and_most_stars_in_one_or_two_sectors() -> None:
    assert sectors_of(0.0, 0.0) == []
    rng = np.random.default_rng(0)
    ra, dec = rng.uniform(0.0, 360.0, 20_000), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, 20_000)))
    count = footprint(ALL, ra, dec).sum(axis=1)
    # Ricker et al. 2015: 74 per cent of the sky for 27 d, 2 per cent for a year (the two zones of 12 degrees).
    assert 0.70 < np.mean(count > 0) < 0.88
    assert 0.015 < np.mean(count >= 12) < 0.03
    assert np.median(count[count > 0]) <= 2


def test_orbits_have_gaps_and_are_found_again() -> None:
    length = orbit_lengths()
    assert (length < ORBIT - 0.8).all()
    assert (length > ORBIT - 1.6).all()
    begin = START + ORBIT * np.arange(10)
    orbit, age = orbits(np.concatenate([begin - 0.005, begin + length[:10] + 0.005]))  # the way of the light
    assert orbit.tolist() == [*range(10), *range(10)]
    np.testing.assert_allclose(age[:10], -0.005, atol=1e-6)
