"""The margin of two classes by hand; three classes against scikit-learn are in tests/train/test_classical.py."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models import svm
from goodricke.models.predictor import Signature
from goodricke.models.scaling import Scaling
from goodricke.models.svm import SupportVectors
from models.made import SIGNATURE, features, vectors


def test_margin_of_two_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svm, "_CELLS", 50)  # several blocks
    arrays, rows = vectors(), features(30)
    found = SupportVectors.from_arrays(arrays, SIGNATURE).logits({"features": rows})
    seen = Scaling.from_arrays(arrays, 3).apply(rows)
    for star, logits in zip(seen, found, strict=True):
        kernel = [np.exp(-0.2 * ((star - one) ** 2).sum()) for one in arrays["support"].astype(np.float64)]
        margin = sum(k * d for k, d in zip(kernel, arrays["dual"][0], strict=True)) + 0.3
        np.testing.assert_allclose(logits, [0, margin], rtol=1e-6, atol=1e-6)


def test_a_class_without_stars_is_unlikely() -> None:
    wide = Signature(4, SIGNATURE.inputs)
    found = SupportVectors.from_arrays({**vectors(), "present": np.array([3, 1])}, wide)
    logits = found.logits({"features": features(5)})
    assert (logits[:, [0, 2]] == -30).all()
    assert (logits[:, 3] == 0).all()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("present", np.array([0, 2]), "tells classes"),
        ("present", np.array([1, 1]), "tells classes"),
        ("present", np.array([-1, 1]), "tells classes"),
        ("n_support", np.array([2, 2]), "as counted"),
        ("n_support", np.array([-1, 6]), "as counted"),
        ("gamma", np.array(-1.0), "as counted"),
    ],
)
def test_refused(name: str, value: np.ndarray, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        SupportVectors.from_arrays({**vectors(), name: value}, SIGNATURE)
