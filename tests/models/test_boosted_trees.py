"""Boosted trees made by hand; the comparison with scikit-learn is in tests/train/test_classical.py."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models.boosted_trees import BoostedTrees
from models.made import SIGNATURE, trees


def test_by_hand() -> None:
    model = BoostedTrees.from_arrays({**trees(False), "baseline": np.array([0.5, -0.5])}, SIGNATURE)
    rows = np.array([[0.1, 0.5, 9], [0.2, 0.6, -0.3], [0.2, np.nan, np.nan], [np.nan, 0.5, 0]], dtype=np.float32)
    np.testing.assert_allclose(
        model.logits({"features": rows}), [[-0.5, 1.5], [1.5, -2.5], [1.0, 1.5], [-0.5, 1.5]], rtol=1e-6
    )


@pytest.mark.parametrize(("name", "place", "value"), [("left", 2, 0), ("feature", 0, 3), ("output", 0, 2)])
def test_trees_that_lead_astray_are_refused(name: str, place: int, value: int) -> None:
    arrays = trees(False)
    arrays[name][place] = value
    with pytest.raises(ModelError, match="lead nowhere"):
        BoostedTrees.from_arrays(arrays, SIGNATURE)
