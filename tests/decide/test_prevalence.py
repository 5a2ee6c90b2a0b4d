from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from decide.made import sample
from goodricke.decide.prevalence import confusion, estimated_priors, priors_by_confusion
from goodricke.errors import DataError

TRAINED, TRUE = [0.5, 0.3, 0.2], [0.1, 0.2, 0.7]


@pytest.mark.parametrize("method", ["likelihood", "confusion"])
def test_the_prevalence_is_recovered_within_its_interval(method) -> None:
    held, stars = sample(20_000, TRAINED, 1), sample(4000, TRUE, 2, believed=TRAINED)
    if method == "likelihood":
        found = estimated_priors(stars.posterior, TRAINED)
    else:
        found = priors_by_confusion(stars.posterior, confusion(held.posterior, held.target))
    # A share of 4,000 labelled stars has an error of at most 0.008; classes that overlap double it.
    np.testing.assert_allclose(found.priors, TRUE, atol=0.03)
    assert found.priors.sum() == pytest.approx(1)
    # Twice the interval reaches four errors to either side.
    half = (found.high - found.low) / 2
    assert ((found.low - half < TRUE) & (found.high + half > TRUE)).all()
    assert (found.high - found.low < 0.1).all()


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    inside = []
    for seed in range(60):
        stars = sample(300, TRUE, seed, believed=TRAINED)
        found = estimated_priors(stars.posterior, TRAINED, n_draws=60, seed=seed)
        inside.append((found.low <= TRUE) & (found.high >= TRUE))
    # 180 intervals of 95%, of which those of one star sample depend on each other; a bootstrap is a little short.
    assert 0.86 < np.mean(inside) < 0.995


def test_it_is_the_maximum_of_the_likelihood() -> None:
    stars = sample(500, TRUE, 3, believed=TRAINED)

    def loss(z):
        q = np.exp(z - z.max())
        return -np.log(stars.posterior / TRAINED @ (q / q.sum())).sum()

    z = minimize(loss, np.zeros(3), options={"gtol": 1e-8}).x
    q = np.exp(z - z.max())
    # The likelihood of 500 stars is flat to rounding within about 1e-6 of its maximum; the steps stop at 1e-9 each.
    np.testing.assert_allclose(estimated_priors(stars.posterior, TRAINED, 0).priors, q / q.sum(), atol=1e-5)


def test_certain_stars_are_counted() -> None:
    p = np.eye(3)[[0, 0, 0, 2]]
    assert estimated_priors(p, TRAINED, 0).priors.round(6).tolist() == [0.75, 0.0, 0.25]
    assert priors_by_confusion(p, np.eye(3), 0).priors.round(12).tolist() == [0.75, 0.0, 0.25]
    assert np.isnan(estimated_priors(p, TRAINED, 0).low).all()


def test_seeds_order_and_classes_that_were_never_trained() -> None:
    stars = sample(200, TRUE, 4, believed=TRAINED)
    first, again = (estimated_priors(stars.posterior, TRAINED, 20, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.low, again.low)
    order = np.array([2, 0, 1])
    turned = estimated_priors(stars.posterior[::-1, order], np.array(TRAINED)[order], 0)
    np.testing.assert_allclose(turned.priors, first.priors[order], atol=1e-6)
    wider = np.column_stack([stars.posterior, np.zeros(200)])
    np.testing.assert_allclose(estimated_priors(wider, [*TRAINED, 0.0], 0).priors, [*first.priors, 0.0], atol=1e-12)
    failed = np.vstack([stars.posterior, [np.nan] * 3])
    np.testing.assert_allclose(estimated_priors(failed, TRAINED, 0).priors, first.priors, atol=1e-12)


def test_confusion_is_a_mean_per_class() -> None:
    stars = sample(300, TRAINED, 5)
    matrix = confusion(stars.posterior, stars.target)
    np.testing.assert_allclose(matrix, [stars.posterior[stars.target == k].mean(axis=0) for k in range(3)])
    assert confusion([[0.6, 0.4]], [0]).tolist() == [[0.6, 0.4], [0.0, 0.0]]


def test_what_is_refused() -> None:
    with pytest.raises(DataError, match="no star with probabilities"):
        estimated_priors([[np.nan, np.nan]], [0.5, 0.5])
    for matrix in (np.ones((3, 3)), np.full((2, 2), np.nan), np.zeros((2, 2))):
        with pytest.raises(DataError, match="confusion matrix"):
            priors_by_confusion([[0.5, 0.5]], matrix)
