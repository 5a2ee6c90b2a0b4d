"""A forest made by hand; the comparison with scikit-learn is in tests/train/test_classical.py."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models.random_forest import FLOOR, RandomForest
from models.made import SIGNATURE, trees


def test_by_hand() -> None:
    model = RandomForest.from_arrays(trees(True), SIGNATURE)
    rows = np.array([[0.1, 0.5, 9], [0.2, 0.6, -0.3], [np.nan, np.nan, 0]], dtype=np.float32)
    np.testing.assert_allclose(
        np.exp(model.logits({"features": rows})), [[0.9, 0.1], [0.45, 0.55], [0.9, 0.1]], rtol=1e-6
    )


def test_no_share_at_all_is_the_floor() -> None:
    arrays = trees(True)
    arrays["value"][:, 1] = 0
    found = RandomForest.from_arrays(arrays, SIGNATURE).logits({"features": np.zeros((1, 3))})
    assert found[0, 1] == np.float32(np.log(FLOOR))


def test_one_number_a_leaf_is_refused() -> None:
    with pytest.raises(ModelError, match="array 'value'"):
        RandomForest.from_arrays(trees(False), SIGNATURE)
