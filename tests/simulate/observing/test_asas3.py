"""Simulated ASAS-3 beside 10,112 real stars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.observing.asas3 import Asas3
from simulate.observing.likeness import Stars, folded_scatter, ratio, real_stars, scatter, simulated_stars


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Stars:
    return real_stars(shared_data, "asas3_acvs", "V")


@pytest.fixture(scope="module")
def made() -> Stars:
    return simulated_stars(Asas3(), 1500, 1)


def test_numbers_spans_and_gaps_are_those_of_real_stars(real: Stars, made: Stars) -> None:
    # One weather history per call moves the median by some 5%.
    assert ratio(real.points(), made.points(), (0.5,)) == pytest.approx(1.0, abs=0.1)
    assert ratio(real.points(), made.points(), (0.1, 0.25, 0.75, 0.9)) == pytest.approx(1.0, abs=0.2)
    assert ratio(real.span(), made.span(), (0.05, 0.25, 0.5)) == pytest.approx(1.0, abs=0.1)
    # The telescope returns after one, two, three nights; between them the quantiles jump.
    assert ratio(real.gaps(), made.gaps(), (0.25, 0.4, 0.75, 0.9, 0.95)) == pytest.approx(1.0, abs=0.15)
    assert ratio(real.gaps(), made.gaps(), (0.98, 0.99)) == pytest.approx(1.0, abs=0.25)


def test_the_hours_of_the_day_are_those_of_chile(real: Stars, made: Stars) -> None:
    shares = [np.histogram(s.time % 1.0, 12, range=(0.0, 1.0))[0] / len(s.time) for s in (real, made)]
    assert np.abs(shares[0] - shares[1]).max() < 0.03


def test_errors_and_scatter_are_those_of_real_stars(real: Stars, made: Stars, shared_data: Path) -> None:
    for magnitude in (9.5, 11.0, 12.5, 13.5):
        assert made.error_near(magnitude) / real.error_near(magnitude) == pytest.approx(1.0, abs=0.1)
    for magnitude in (10.75, 12.25, 13.25):
        about_fold = folded_scatter(real, shared_data, "asas3_acvs", "EW", magnitude, 5)
        constant = scatter(simulated_stars(Asas3(), 150, 2, magnitude=magnitude))
        assert constant / about_fold == pytest.approx(1.0, abs=0.2)
