"""Algols and near-contact pairs: what defines them, and Algol itself among them."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.populations.columns import sphere_depths
from goodricke.simulate.populations.geometry import lobe
from goodricke.simulate.populations.semi_detached import SemiDetached
from goodricke.simulate.stars import Columns

SPAN = (2455000.0, 2456000.0)


@pytest.fixture(scope="module")
def stars() -> Columns:
    return SemiDetached().draw(20_000, np.random.default_rng(0), SPAN)


def test_star_2_fills_its_lobe_and_is_cooler(stars: Columns) -> None:
    assert np.isinf(stars["radius2"]).all()
    assert np.isnan(stars["fillout"]).all()
    assert (stars["temperature2"] < stars["temperature1"]).all()
    assert (stars["radius1"] < lobe(stars["q"])).all()
    assert (stars["epoch"] == stars["conjunction"]).all()
    assert (np.maximum(*sphere_depths(stars)) > 0.05).all()


def test_algols_and_near_contact_pairs_are_in_their_shares(stars: Columns) -> None:
    full = stars["radius1"] / lobe(stars["q"])
    near = (stars["q"] > 0.5) | ((full > 0.75) & (stars["q"] > 0.3))
    assert 0.36 < near.mean() < 0.5  # two in five, and Algols that look like it
    days = stars["period_days"][~near]
    assert 1.8 < np.median(days) < 3.5
    assert days.max() <= 15.0
    assert np.median(stars["period_days"][near]) < 1.0
    assert np.quantile(stars["q"][~near], [0.05, 0.95]) == pytest.approx([0.13, 0.42], abs=0.03)


def test_stars_like_algol_are_among_them(stars: Columns) -> None:
    # beta Persei (Baron et al. 2012, ApJ 752, 20): 2.867 d, 3.17 and 0.70 suns, radii 2.73 and 3.48 suns.
    alike = (np.abs(stars["mass1"] - 3.17) < 0.4) & (np.abs(stars["q"] - 0.22) < 0.05)
    alike &= np.abs(stars["period_days"] - 2.867) < 0.4
    assert alike.sum() > 20
    radius1 = (stars["radius1"] * stars["semi_major_axis"])[alike]
    radius2 = (lobe(1.0 / stars["q"]) * stars["semi_major_axis"])[alike]
    assert radius1.min() < 2.73 < radius1.max()
    assert np.median(radius2) == pytest.approx(3.48, rel=0.06)
    assert ((stars["temperature1"][alike] > 9000) & (stars["temperature1"][alike] < 15_000)).all()
