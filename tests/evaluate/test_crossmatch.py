from __future__ import annotations

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import Angle, SkyCoord

from goodricke.errors import DataError, OptionError
from goodricke.evaluate.crossmatch import degrees_of_text, nearest, same_name


def test_matches_are_those_of_astropy() -> None:
    rng = np.random.default_rng(0)
    # A crowded cap at each pole, a stretch across 0 h, and the sky at large.
    ra = np.concatenate([rng.uniform(0, 360, 300), rng.uniform(-0.01, 0.01, 300) % 360, rng.uniform(0, 360, 300)])
    dec = np.concatenate([90 - rng.uniform(0, 0.01, 300), rng.uniform(-0.01, 0.01, 300), rng.uniform(-90, 90, 300)])
    other = rng.choice(900, 400, replace=False)
    other_ra, other_dec = (
        (ra[other] + rng.normal(0, 5e-4, 400)) % 360,
        np.clip(dec[other] + rng.normal(0, 5e-4, 400), -90, 90),
    )
    row, apart = nearest(ra, dec, other_ra, other_dec, 3.0)
    theirs, separation, _ = SkyCoord(ra, dec, unit="deg").match_to_catalog_sky(
        SkyCoord(other_ra, other_dec, unit="deg")
    )
    inside = separation.arcsec <= 3.0
    assert 100 < inside.sum() < 800
    np.testing.assert_array_equal(row >= 0, inside)
    np.testing.assert_array_equal(row[inside], theirs[inside])
    np.testing.assert_allclose(apart[inside], separation.arcsec[inside], atol=1e-6)
    assert np.isnan(apart[~inside]).all()


def test_small_separations_keep_their_digits() -> None:
    _, apart = nearest([123.0], [45.0], [123.0], [45.0 + 1e-3 / 3600], 1.0)
    assert apart[0] == pytest.approx(1e-3, rel=1e-5)


def test_unknown_positions_match_nothing() -> None:
    row, apart = nearest([np.nan, 1.0, 1.0], [0.0, np.inf, 2.0], [np.nan, 1.0], [0.0, 2.0])
    assert row.tolist() == [-1, -1, 1]
    assert np.isnan(apart[:2]).all()
    for empty in (nearest([], [], [1.0], [1.0]), nearest([1.0], [1.0], [], [])):
        assert (empty[0] == -1).all()


@pytest.mark.parametrize("radius", [0.0, -1.0, np.nan, 1e5])
def test_radii_that_are_none(radius: float) -> None:
    with pytest.raises(OptionError, match="radius"):
        nearest([1.0], [1.0], [1.0], [1.0], radius)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(DataError):
        nearest([1.0, 2.0], [1.0], [1.0], [1.0])


def test_sexagesimal_text_agrees_with_astropy() -> None:
    words = ["12h20m42.91s", "00:00:01.5", "23 59 59.99", "6h0m0s"]
    np.testing.assert_allclose(
        degrees_of_text(words, hours=True), [Angle(word, unit=units.hourangle).deg for word in words]
    )
    words = ["+17d47m35.71s", "-00:30:15.0", "-89 59 59", "+5:1:2."]
    np.testing.assert_allclose(degrees_of_text(words, hours=False), [Angle(word, unit=units.deg).deg for word in words])
    assert np.isnan(degrees_of_text(["", "nan", "12h", "a:b:c"], hours=True)).all()


def test_names_need_not_be_spelt_alike() -> None:
    assert same_name(["Gaia DR3 1", "gaia-dr3-2", "3"], ["GAIA DR3 2", "Gaia DR3 1"]).tolist() == [1, 0, -1]
    assert same_name(["a"], []).tolist() == [-1]
    assert same_name([], ["a"]).tolist() == []
