"""Log odds from any model that has a representation of spectra."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.evaluate.odds import log_odds
from goodricke.represent.spectra import NUMBERS, Looked


class Stub:
    """Logits that say what they were given."""

    def __init__(self, name, classes=("SINGLE", "BINARY")):
        self.manifest, self.classes, self.calls = {"representation": {"name": name}}, classes, 0

    def logits(self, inputs):
        self.calls += 1
        first = next(iter(inputs.values()))
        mean = first.reshape(len(first), -1).mean(axis=1)
        return np.stack([np.zeros_like(mean), mean], axis=1)[:, [self.classes.index(c) for c in ("SINGLE", "BINARY")]]


def some(n):
    light = np.repeat(np.linspace(0, 1, n)[:, None], 8, axis=1).astype(np.float16)
    return Looked(light, light, light, np.zeros((n, len(NUMBERS)), np.float32))


def test_in_blocks_and_in_order():
    model = Stub("spectrum-flux")
    found = log_odds(model, some(1100))
    assert model.calls == 3
    np.testing.assert_allclose(found, 1 + np.linspace(0, 1, 1100), atol=1e-3)
    assert log_odds(model, some(2)[:0]).shape == (0,)


def test_classes_in_another_order():
    np.testing.assert_allclose(log_odds(Stub("spectrum-flux", ("BINARY", "SINGLE")), some(3)), [1, 1.5, 2], atol=1e-3)


def test_models_of_something_else():
    with pytest.raises(ModelError, match="not known"):
        log_odds(Stub("folds"), some(2))
    model = Stub("spectrum-flux")
    model.classes = ("EA", "EW")
    with pytest.raises(ModelError, match="SINGLE and BINARY are asked for"):
        log_odds(model, some(2))
