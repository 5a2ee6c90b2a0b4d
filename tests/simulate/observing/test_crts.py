"""Simulated CRTS beside 17,122 real stars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.observing.crts import Crts
from simulate.observing.likeness import Stars, folded_scatter, ratio, real_stars, scatter, simulated_stars


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Stars:
    return real_stars(shared_data, "crts_sss", "V_CSS")


@pytest.fixture(scope="module")
def made() -> Stars:
    return simulated_stars(Crts(), 2000, 1)


def test_numbers_spans_and_gaps_are_those_of_real_stars(real: Stars, made: Stars) -> None:
    # One weather history per call moves the median by some 5%.
    assert ratio(real.points(), made.points(), (0.5,)) == pytest.approx(1.0, abs=0.1)
    assert ratio(real.points(), made.points(), (0.05, 0.25, 0.75, 0.95)) == pytest.approx(1.0, abs=0.15)
    assert ratio(real.span(), made.span(), (0.05, 0.25, 0.5)) == pytest.approx(1.0, abs=0.06)
    assert ratio(real.gaps(), made.gaps(), (0.05, 0.25, 0.5, 0.6)) == pytest.approx(1.0, abs=0.15)
    assert ratio(real.gaps(), made.gaps(), (0.75, 0.9, 0.95, 0.98, 0.99)) == pytest.approx(1.0, abs=0.2)


def test_most_visits_are_four_exposures_in_three_quarters_of_an_hour(real: Stars, made: Stars) -> None:
    shares = []
    for stars in (real, made):
        night = np.floor(stars.time + 149.07 / 360.0) + 1e6 * np.repeat(
            np.arange(len(stars.points())), np.diff(stars.offsets)
        )
        shares.append(np.bincount(np.unique(night, return_counts=True)[1], minlength=6)[1:5] / len(np.unique(night)))
    assert shares[0] == pytest.approx(shares[1], abs=0.04)


def test_errors_are_twice_the_scatter_as_in_real_ones(real: Stars, made: Stars, shared_data: Path) -> None:
    assert np.median(made.err) == pytest.approx(0.09, abs=0.009)
    for magnitude in (13.0, 15.0, 17.0, 18.0):
        assert made.error_near(magnitude) / real.error_near(magnitude) == pytest.approx(1.0, abs=0.1)
    for magnitude in (14.25, 15.75, 17.25):
        about_fold = folded_scatter(real, shared_data, "crts_sss", "EW_EB", magnitude, 5)
        constant = scatter(simulated_stars(Crts(), 200, 2, magnitude=magnitude))
        assert constant / about_fold == pytest.approx(1.0, abs=0.2)
        assert made.error_near(magnitude) > 1.5 * constant
