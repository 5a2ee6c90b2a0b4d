"""Perceptrons against a sum over weights, star by star."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models.mlp import Perceptrons
from goodricke.models.scaling import Scaling
from models.made import SIGNATURE, features, perceptrons


def test_mean_of_log_probabilities() -> None:
    arrays = perceptrons()
    rows = features(2100)  # more than one block
    found = Perceptrons.from_arrays(arrays, SIGNATURE).logits({"features": rows})
    scaling = Scaling.from_arrays(arrays, 3)
    for k in (0, 1, 1023, 1024, 2099):
        seen = scaling.apply(rows[k : k + 1])[0]
        logs = []
        for member in range(2):
            hidden = [
                max(0.0, sum(seen[i] * arrays["weight0"][member, i, j] for i in range(6)) + arrays["bias0"][member, j])
                for j in range(4)
            ]
            out = [
                sum(hidden[i] * arrays["weight1"][member, i, j] for i in range(4)) + arrays["bias1"][member, j]
                for j in range(2)
            ]
            logs.append(np.array(out) - np.log(np.exp(out).sum()))
        np.testing.assert_allclose(found[k], np.mean(logs, axis=0), rtol=1e-6, atol=1e-6)


def test_layers_must_fit() -> None:
    arrays = perceptrons()
    with pytest.raises(ModelError, match="end in no outputs for 2 classes"):
        Perceptrons.from_arrays({k: v for k, v in arrays.items() if not k.startswith("weight")}, SIGNATURE)
    with pytest.raises(ModelError, match="end in 4 outputs for 2 classes"):
        Perceptrons.from_arrays({k: v for k, v in arrays.items() if k != "weight1"}, SIGNATURE)
    with pytest.raises(ModelError, match="outputs for 2 classes"):
        Perceptrons.from_arrays({k: v[:0] if k[:-1] in ("weight", "bias") else v for k, v in arrays.items()}, SIGNATURE)
    with pytest.raises(ModelError, match=r"shape \(2, 4\) belong there"):
        Perceptrons.from_arrays({**arrays, "bias0": arrays["bias0"][:1]}, SIGNATURE)
