"""Positions against brute force, and names against astropy."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.surveys.positions import mean_coordinate, middle, position_name, same_place


def brute_force(ra: np.ndarray, dec: np.ndarray, radius_arcsec: float) -> np.ndarray:
    from astropy.coordinates import SkyCoord

    places = SkyCoord(ra, dec, unit="deg")
    near = places[:, None].separation(places[None, :]).arcsec <= radius_arcsec
    for _ in range(len(ra)):
        near = (near.astype(int) @ near.astype(int)) > 0
    _, first, code = np.unique(near.argmax(axis=1), return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[code]


@pytest.mark.parametrize(("ra", "dec"), [(120.0, -60.0), (0.0, 10.0), (77.0, 89.9995), (200.0, -90.0)])
def test_groups_are_those_of_brute_force(ra: float, dec: float) -> None:
    """Stars lie 6 arcsec apart and scatter by at most 0.35: far from the 1.5 arcsec that decide."""
    rng = np.random.default_rng(2)
    east, north = rng.permutation(np.repeat([[0, 0], [6, 0], [0, 6], [12, 12]], 8, axis=0)).T / 3600.0
    d = np.clip(dec + north + rng.uniform(-1e-4, 1e-4, 32), -90, 90)
    a = (ra + (east + rng.uniform(-1e-4, 1e-4, 32)) / max(np.cos(np.radians(dec)), 1e-5)) % 360.0
    np.testing.assert_array_equal(same_place(a, d, 1.5), brute_force(a, d, 1.5))


def test_a_chain_of_steps_is_one_group() -> None:
    dec = np.arange(40) / 3600.0
    assert set(same_place(np.zeros(40), dec, 1.5)) == {0}
    assert len(set(same_place(np.zeros(40), dec * 2, 1.5))) == 40


def test_unknown_positions_are_one_group() -> None:
    assert same_place([np.nan, 10.0, np.inf, 10.0], [0.0, 0.0, 1.0, 0.0], 1.0).tolist() == [0, 1, 0, 1]
    assert same_place([], [], 1.0).tolist() == []


def test_a_million_rows_of_two_stars_do_not_need_pairs_of_rows() -> None:
    dec = np.repeat([0.0, 10.0 / 3600.0], 100_000) + np.random.default_rng(1).normal(0, 1e-5, 200_000)
    np.testing.assert_array_equal(same_place(np.zeros(200_000), dec, 1.5), np.repeat([0, 1], 100_000))


@pytest.mark.parametrize(("ra", "dec"), [(36.351611, 60.841893), (150.25, -20.5), (0.0, -0.00001), (359.999999, 89.9)])
def test_names_are_cut_as_astropy_cuts(ra: float, dec: float) -> None:
    from astropy.coordinates import Angle

    # One more digit than asked for, then cut: astropy rounds.
    hms = Angle(ra, "deg").to_string("hourangle", sep="", pad=True, precision=6)[:-4]
    dms = Angle(dec, "deg").to_string("deg", sep="", pad=True, alwayssign=True, precision=6)[:-5]
    assert position_name(ra, dec) == f"J{hms}{dms}"


def test_means_over_the_zero_meridian() -> None:
    ra, group = np.array([359.9999, 0.0001, 10.0, np.nan, np.nan]), np.array([0, 0, 1, 1, 2])
    mean = mean_coordinate(ra, group, 3)
    assert mean[0] % 360.0 == pytest.approx(0.0, abs=1e-9) or mean[0] == pytest.approx(360.0, abs=1e-9)
    assert mean[1] == 10.0
    assert np.isnan(mean[2])


def test_middle_looks_at_finite_values() -> None:
    assert middle(np.array([np.nan, 3.0, 1.0, 2.0, np.inf])) == 2.0
    assert np.isnan(middle(np.array([np.nan])))
