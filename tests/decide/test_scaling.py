from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize_scalar

from decide.made import sample
from goodricke.decide.scaling import fitted, scaled
from goodricke.decide.simplex import log_probabilities


def loss(log_p, target, weights, slope, intercept, ridge) -> float:
    """The penalised log loss, written from the formulas of Kull et al. 2019."""
    z = log_probabilities(scaled(log_p, slope, intercept))
    value = -np.average(z[np.arange(len(z)), target], weights=weights)
    if slope.ndim == 2:
        value += ridge * np.mean(slope[~np.eye(len(slope), dtype=bool)] ** 2)
    return float(value + (ridge * np.mean(intercept**2) if len(intercept) else 0))


def test_temperature_is_the_minimum_of_a_line_search() -> None:
    stars = sample(800, [0.5, 0.3, 0.2], 0)
    log_p = log_probabilities(3.7 * stars.logits)
    weights = np.random.default_rng(1).uniform(0, 2, 800)
    slope, none = fitted(log_p, stars.target, weights, "temperature", 1.0)
    found = minimize_scalar(
        lambda a: loss(log_p, stars.target, weights, np.array([a]), none, 0), bounds=(0.01, 5), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    # A loss with 1e-12 of rounding is flat within 1e-6 of its minimum.
    np.testing.assert_allclose(slope, found.x, rtol=1e-5)


@pytest.mark.parametrize("kind", ["vector", "dirichlet"])
def test_the_gradient_of_the_loss_is_zero_at_the_fit(kind) -> None:
    stars = sample(400, [0.5, 0.3, 0.2], 0)
    log_p = log_probabilities(stars.logits * [2.0, 0.5, 1.0] + [0.0, 1.0, 0.0])
    weights = np.random.default_rng(1).uniform(0, 2, 400)
    slope, intercept = fitted(log_p, stars.target, weights, kind, 0.01)

    def of(numbers):
        return loss(log_p, stars.target, weights, numbers[:-3].reshape(slope.shape), numbers[-3:], 0.01)

    at = np.concatenate([slope.ravel(), intercept])
    # Forward differences of 1e-6 are good to about 1e-6 of a second derivative near 1.
    np.testing.assert_allclose(approx_fprime(at, of, 1e-6), 0, atol=1e-5)
    assert of(at) < of(np.concatenate([np.ones(3) if kind == "vector" else np.eye(3).ravel(), np.zeros(3)]))


def test_a_strong_ridge_leaves_nothing_but_the_diagonal() -> None:
    stars = sample(400, [0.5, 0.3, 0.2], 0)
    slope, intercept = fitted(log_probabilities(stars.logits), stars.target, np.ones(400), "dirichlet", 1e6)
    assert np.abs(slope[~np.eye(3, dtype=bool)]).max() < 1e-5
    assert np.abs(intercept).max() < 1e-5
    assert (np.diag(slope) > 0.3).all()


@pytest.mark.parametrize("kind", ["vector", "dirichlet"])
def test_a_class_without_a_star_keeps_its_odds(kind) -> None:
    stars = sample(600, [0.5, 0.5, 0.0], 0, believed=[0.4, 0.4, 0.2])
    log_p = log_probabilities(stars.logits)
    slope, intercept = fitted(log_p, stars.target, np.ones(600), kind, 1e-3)
    assert intercept[2] == 0.0
    if kind == "dirichlet":
        assert slope[2, :2].tolist() == [0.0, 0.0]
    (temperature, _) = fitted(log_p, stars.target, np.ones(600), "temperature", 1e-3)
    assert slope[2, 2] == temperature[0] if kind == "dirichlet" else slope[2] == temperature[0]


def test_separated_classes_and_one_star_stay_finite() -> None:
    log_p = log_probabilities(np.array([[5.0, -5.0], [-5.0, 5.0]] * 20))
    for kind in ("temperature", "vector", "dirichlet"):
        for rows in (slice(None), slice(1)):
            target = np.array([0, 1] * 20)[rows]
            for numbers in fitted(log_p[rows], target, np.ones(len(target)), kind, 1e-3):
                assert np.isfinite(numbers).all()
                assert np.abs(numbers).max(initial=0) <= 100
