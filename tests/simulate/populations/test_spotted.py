"""Spots drawn and handed to the physics."""

import numpy as np

from goodricke.simulate.populations.spotted import draw_spots, spots_of


def test_stars_have_the_spots_they_should_and_no_others() -> None:
    count = np.array([0, 1, 2, 0, 2])
    stars = draw_spots(count, 0.0, np.random.default_rng(0))
    spots = spots_of(stars)
    assert spots is not None
    assert sorted(np.asarray(spots.system).tolist()) == [1, 2, 2, 4, 4]
    assert np.isnan(stars["spot1_radius"]).tolist() == [True, False, False, True, False]
    assert np.isnan(stars["spot2_radius"]).tolist() == [True, True, False, True, False]
    first = np.asarray(spots.system) == 1
    assert np.asarray(spots.longitude)[first][0] == stars["spot1_longitude"][1]


def test_no_spots_are_none() -> None:
    assert spots_of(draw_spots(np.zeros(3, np.int64), 0.5, np.random.default_rng(0))) is None
    assert spots_of({"q": np.ones(3)}) is None


def test_cool_spots_are_cool_and_hot_ones_face_the_companion() -> None:
    stars = draw_spots(np.full(4000, 2), 0.3, np.random.default_rng(1))
    for spot in ("spot1", "spot2"):
        hot = stars[f"{spot}_factor"] > 1.0
        assert abs(hot.mean() - 0.3) < 0.03  # four standard errors
        assert (stars[f"{spot}_factor"][~hot] <= 0.93).all()
        assert (stars[f"{spot}_factor"] >= 0.75).all()
        away = np.abs((stars[f"{spot}_longitude"] + 180.0) % 360.0 - 180.0)
        assert (away[hot] <= 30.0).all()
        assert (away[~hot] >= 60.0).all()
        assert ((stars[f"{spot}_radius"] >= 8.0) & (stars[f"{spot}_radius"] <= 30.0)).all()
