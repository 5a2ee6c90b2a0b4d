from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from goodricke.decide.simplex import (
    FLOOR,
    checked_probabilities,
    checked_target,
    checked_weights,
    log_probabilities,
    softmax,
)
from goodricke.errors import DataError


def test_softmax_is_that_of_scipy_and_ignores_a_shift() -> None:
    z = np.random.default_rng(0).normal(0, 20, (50, 6))
    np.testing.assert_allclose(softmax(z), special.softmax(z, axis=1), rtol=1e-12, atol=np.exp(FLOOR))
    # Logits of 1e6 have a resolution of 1e-10.
    np.testing.assert_allclose(softmax(z + 1e6), softmax(z), rtol=1e-8)
    np.testing.assert_allclose(log_probabilities(z), special.log_softmax(z, axis=1).clip(FLOOR), atol=1e-12)


def test_rows_that_say_nothing_become_nan_and_the_input_stays() -> None:
    z = np.array([[np.nan, 0], [np.inf, 0], [-np.inf, -np.inf], [-np.inf, 3], [1e308, -1e308]])
    before = z.copy()
    p = softmax(z)
    assert np.isnan(p[:3]).all()
    np.testing.assert_array_equal(z, before)
    np.testing.assert_allclose(p[3:], [[0, 1], [1, 0]], atol=1e-40)


def test_shapes_of_few_stars_and_classes() -> None:
    assert softmax(np.empty((0, 4))).shape == (0, 4)
    assert softmax(np.float32([[3]])).tolist() == [[1.0]]
    with pytest.raises(DataError, match=r"shape is \(3,\)"):
        softmax(np.zeros(3))


def test_what_a_fit_refuses() -> None:
    with pytest.raises(DataError, match="at least 2 classes"):
        checked_probabilities(np.ones((3, 1)))
    with pytest.raises(DataError, match="no star"):
        checked_probabilities(np.ones((0, 2)), [])
    with pytest.raises(DataError, match="1 of 2 rows are not finite"):
        checked_probabilities([[0.5, 0.5], [np.nan, 1]], [0, 1])
    for target in ([0, 2], [-1, 0]):
        with pytest.raises(DataError, match=r"in 0 \.\.\. 1"):
            checked_target(np.array(target), 2, 2)
    with pytest.raises(DataError, match="whole numbers"):
        checked_target(np.array([0.0, 1.0]), 2, 2)
    for weights in ([1.0], [-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]):
        with pytest.raises(DataError, match="2 finite numbers"):
            checked_weights(weights, 2)
    assert checked_weights([1, 3], 2).tolist() == [0.5, 1.5]
