"""Signatures, and probabilities from logits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax as reference

from goodricke.errors import ModelError
from goodricke.models.predictor import Signature, Tensor, log_softmax


def test_log_softmax_is_that_of_scipy_far_from_zero_too() -> None:
    logits = np.random.default_rng(0).normal(0, 300, (50, 7))
    np.testing.assert_allclose(log_softmax(logits), reference(logits, axis=1), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("shape", [(None,), (None, None), (None, 3, 4)])
def test_features_must_be_a_table(shape: tuple[int | None, ...]) -> None:
    with pytest.raises(ModelError, match="needs one input 'features'"):
        _ = Signature(2, {"features": Tensor(shape)}).n_features
    with pytest.raises(ModelError, match="needs one input 'features'"):
        _ = Signature(2, {"sequence": Tensor((None, 3))}).n_features
