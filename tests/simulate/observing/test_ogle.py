"""Simulated OGLE-IV beside 2,006 real Cepheids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.observing.ogle import Ogle
from simulate.observing.likeness import Stars, folded_scatter, ratio, real_stars, scatter, simulated_stars


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Stars:
    return real_stars(shared_data, "ogle4_lmc_cep", "I")


@pytest.fixture(scope="module")
def made() -> Stars:
    return simulated_stars(Ogle(), 1000, 1)


def test_numbers_spans_and_gaps_are_those_of_real_stars(real: Stars, made: Stars) -> None:
    # One weather history per call moves the median by some 5%.
    assert ratio(real.points(), made.points(), (0.5, 0.75, 0.9)) == pytest.approx(1.0, abs=0.12)
    assert ratio(real.points(), made.points(), (0.25,)) == pytest.approx(
        1.0, abs=0.3
    )  # real fields come in three kinds
    assert ratio(real.span(), made.span(), (0.05, 0.25, 0.5)) == pytest.approx(1.0, abs=0.06)
    assert ratio(real.gaps(), made.gaps(), (0.05, 0.25, 0.4, 0.6, 0.9)) == pytest.approx(1.0, abs=0.15)
    assert ratio(real.gaps(), made.gaps(), (0.95, 0.99)) == pytest.approx(1.0, abs=0.4)


def test_v_is_taken_seldom_and_in_spells(shared_data: Path) -> None:
    real = real_stars(shared_data, "ogle4_lmc_cep", "V")
    made = [simulated_stars(Ogle(), 200, seed, band=1) for seed in range(8)]
    # The spells of the filter are shared by all stars of a call: eight calls, and still some 10% are left to chance.
    points = np.concatenate([one.points() for one in made])
    assert ratio(real.points(), points, (0.5,)) == pytest.approx(1.0, abs=0.3)
    gaps = np.concatenate([one.gaps() for one in made])
    assert ratio(real.gaps(), gaps, (0.25, 0.4)) == pytest.approx(1.0, abs=0.1)


def test_errors_and_scatter_are_those_of_real_stars(real: Stars, made: Stars, shared_data: Path) -> None:
    for magnitude in (14.0, 15.5, 16.5, 17.5):
        # Errors are multiples of 0.001, which is a fifth of the smallest.
        assert made.error_near(magnitude) == pytest.approx(real.error_near(magnitude), abs=0.0011, rel=0.2)
    for magnitude in (14.75, 15.25, 15.75):
        about_fold = folded_scatter(real, shared_data, "ogle4_lmc_cep", "CEP", magnitude, 10)
        constant = scatter(simulated_stars(Ogle(), 200, 2, magnitude=magnitude))
        assert constant / about_fold == pytest.approx(1.0, abs=0.2)
