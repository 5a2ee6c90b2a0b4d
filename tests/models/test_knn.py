"""Neighbours against a loop over all stored stars."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models import knn
from goodricke.models.knn import FLOOR, NearestNeighbours
from goodricke.models.scaling import Scaling
from models.made import SIGNATURE, features, neighbours


def test_votes_by_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knn, "_CELLS", 1000)  # several blocks
    arrays, rows = neighbours(300), features(100)
    found = NearestNeighbours.from_arrays(arrays, SIGNATURE).logits({"features": rows})
    seen = Scaling.from_arrays(arrays, 3).apply(rows)
    for star, logits in zip(seen, found, strict=True):
        distance = [float(np.sqrt(((star - row) ** 2).sum())) for row in arrays["rows"].astype(np.float64)]
        votes = np.zeros(2)
        for k in sorted(range(300), key=distance.__getitem__)[:5]:
            votes[arrays["label"][k]] += arrays["weight"][k] / distance[k]
        np.testing.assert_allclose(logits, np.log(np.maximum(votes / votes.sum(), FLOOR)), rtol=1e-6, atol=1e-6)


def test_a_stored_star_at_the_same_place_decides_alone() -> None:
    arrays = neighbours()
    rows = features(30)
    arrays["rows"] = Scaling.from_arrays(arrays, 3).apply(rows).astype(np.float32)
    found = NearestNeighbours.from_arrays(arrays, SIGNATURE).logits({"features": rows})
    np.testing.assert_array_equal(found.argmax(axis=1), arrays["label"])
    assert (found.max(axis=1) == 0).all()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("neighbours", np.array(0), "0 neighbours are to vote among 30"),
        ("neighbours", np.array(31), "31 neighbours"),
        ("label", np.full(30, 2), "a class that is not there"),
        ("label", np.full(30, -1), "a class that is not there"),
        ("weight", np.zeros(30), "or no weight"),
    ],
)
def test_refused(name: str, value: np.ndarray, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        NearestNeighbours.from_arrays({**neighbours(), name: value}, SIGNATURE)
