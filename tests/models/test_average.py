"""The average against its members one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from goodricke.errors import ModelError
from goodricke.models.average import Average
from goodricke.models.boosted_trees import BoostedTrees
from goodricke.models.mlp import Perceptrons
from goodricke.models.predictor import Signature
from models.made import SIGNATURE, features, made, perceptrons, trees


def built(settings: dict[str, Any], **others: np.ndarray) -> Average:
    return Average.from_arrays({**made("average")[0], **others}, Signature(2, SIGNATURE.inputs, settings))


def test_weighted_mean_of_log_probabilities() -> None:
    rows = {"features": features(50)}
    parts = [
        BoostedTrees.from_arrays(trees(False), SIGNATURE).logits(rows),
        Perceptrons.from_arrays(perceptrons(), SIGNATURE).logits(rows),
    ]
    expected = 0.25 * log_softmax(parts[0], axis=1) + 0.75 * log_softmax(parts[1], axis=1)
    found = built({"members": [{"family": "boosted_trees"}, {"family": "mlp", "settings": {"a": 1}}]}).logits(rows)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "members",
    [None, [], "mlp", ["mlp"], [{"family": 3}], [{}], [{"family": "mlp"}] * 33, [{"family": "average"}] * 2,
     [{"family": "boosted_trees"}, {"family": "knn"}], [{"family": "nope"}, {"family": "mlp"}]],
)  # fmt: skip
def test_members_that_are_not(members: object) -> None:
    with pytest.raises(ModelError):
        built({"members": members})


@pytest.mark.parametrize("share", [[0.5, 0.6], [-0.5, 1.5], [1.0], [np.nan, 1.0]])
def test_shares_that_are_not(share: list[float]) -> None:
    with pytest.raises(ModelError, match="share"):
        built(made("average")[1], share=np.array(share))
