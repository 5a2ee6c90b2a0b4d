from __future__ import annotations

import numpy as np
import pytest

from decide.made import sample
from goodricke.decide.evidence import combined
from goodricke.errors import DataError, OptionError

PRIORS = np.array([0.5, 0.3, 0.2])


def test_independent_light_curves_give_the_exact_posterior() -> None:
    rng = np.random.default_rng(0)
    target = rng.choice(3, 400, p=PRIORS)
    means = np.array([-1.0, 0.0, 1.0])
    x = means[target][:, None] + rng.normal(size=(400, 4))
    one = np.exp(-0.5 * (x.ravel()[:, None] - means) ** 2) * PRIORS
    exact = np.exp(-0.5 * ((x[:, :, None] - means) ** 2).sum(axis=1)) * PRIORS
    found, stars = combined(one / one.sum(axis=1, keepdims=True), np.repeat(np.arange(400), 4), PRIORS)
    np.testing.assert_allclose(found, exact / exact.sum(axis=1, keepdims=True), rtol=1e-10)
    assert stars.tolist() == list(range(400))


def test_the_same_light_curve_again_says_nothing_new() -> None:
    p = sample(50, PRIORS.tolist(), 0).posterior
    found, _ = combined(np.tile(p, (5, 1)), np.tile(np.arange(50), 5), PRIORS, correlation=1.0)
    np.testing.assert_allclose(found, p, rtol=1e-10)


def test_one_light_curve_stays_and_more_correlation_means_less() -> None:
    p = [[0.7, 0.2, 0.1]]
    np.testing.assert_allclose(combined(p, ["x"], PRIORS, 0.3)[0], p, rtol=1e-12)
    best = [combined(p * 3, ["x"] * 3, PRIORS, r)[0][0, 0] for r in (0.0, 0.3, 0.7, 1.0)]
    assert best == sorted(best, reverse=True)
    # r = 0.5 and n = 3: three light curves count as 3 / (1 + 2 x 0.5) = 1.5.
    by_hand = PRIORS * (np.array(p[0]) / PRIORS) ** 1.5
    np.testing.assert_allclose(combined(p * 3, ["x"] * 3, PRIORS, 0.5)[0][0], by_hand / by_hand.sum(), rtol=1e-12)


def test_rows_in_any_order_failed_rows_and_excluded_classes() -> None:
    p = np.array([[0.7, 0.2, 0.1], [0.2, 0.2, 0.6], [np.nan] * 3, [np.nan] * 3, [0.0, 1.0, 0.0]])
    names = np.array(["a", "b", "a", "c", "b"])
    found, stars = combined(p, names, PRIORS)
    assert stars.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(found[0], p[0])
    np.testing.assert_allclose(found[1], [0, 1, 0], atol=1e-30)
    assert np.isnan(found[2]).all()
    moved, _ = combined(p[::-1], names[::-1], PRIORS)
    np.testing.assert_allclose(moved, found, rtol=1e-12)


def test_a_class_that_was_never_trained_stays_out() -> None:
    found, _ = combined([[0.6, 0.4, 0.0]] * 2, [0, 0], [0.5, 0.5, 0.0])
    np.testing.assert_allclose(found, [[0.36 / 0.52, 0.16 / 0.52, 0.0]])
    assert combined(np.empty((0, 3)), [], PRIORS)[0].shape == (0, 3)


def test_what_is_refused() -> None:
    with pytest.raises(OptionError, match="correlation lies in"):
        combined([[0.5, 0.5]], [0], [0.5, 0.5], 1.5)
    with pytest.raises(DataError, match="as many groups"):
        combined([[0.5, 0.5]], [0, 1], [0.5, 0.5])
