"""Quantiles and rank correlations of many draws against those asked for."""

import numpy as np

from goodricke.simulate.populations.joint import Quantiles, joint_normals

KNOWN = {0.05: 0.2, 0.25: 0.28, 0.5: 0.35, 0.75: 0.43, 0.95: 0.72}


def test_draws_have_the_quantiles_asked_for_and_stay_within_the_ends() -> None:
    values = Quantiles(KNOWN, 0.15, 1.6).of(np.random.default_rng(0).standard_normal(200_000))
    found = np.quantile(values, list(KNOWN))
    # The error of a quantile of 200,000 draws is below 1% of the distribution's width here.
    assert np.allclose(found, list(KNOWN.values()), atol=0.005)
    assert values.min() >= 0.15
    assert values.max() <= 1.6


def test_values_rise_with_the_normal_number_also_where_quantiles_bunch() -> None:
    steep = Quantiles({0.1: 1.0, 0.4: 1.01, 0.6: 5.0, 0.9: 5.01}, 0.0, 9.0).of(np.linspace(-4, 4, 4001))
    assert (np.diff(steep) > 0).all()
    assert steep[0] == 0.0
    assert steep[-1] == 9.0


def test_rank_correlations_are_those_asked_for() -> None:
    asked = np.array([[1.0, -0.54, 0.3], [-0.54, 1.0, 0.1], [0.3, 0.1, 1.0]])
    drawn = joint_normals(asked, 50_000, np.random.default_rng(1))
    ranks = drawn.argsort(axis=1).argsort(axis=1)
    # Standard error of a rank correlation: 1 / sqrt(50,000) = 0.0045.
    assert np.abs(np.corrcoef(ranks) - asked).max() < 0.015
    assert np.allclose(drawn.std(axis=1), 1.0, atol=0.01)
