"""Naive Bayes against the normal densities of scipy, feature by feature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodricke.errors import ModelError
from goodricke.models.naive_bayes import NaiveBayes
from goodricke.models.scaling import Scaling
from models.made import SIGNATURE, bayes, features


def test_unknown_features_are_left_out() -> None:
    arrays, rows = bayes(), features(100)
    found = NaiveBayes.from_arrays(arrays, SIGNATURE).logits({"features": rows})
    seen = Scaling.from_arrays(arrays, 3).apply(rows, impute=False)
    for star, logits in zip(seen, found, strict=True):
        density = arrays["prior"].copy()
        for k in np.flatnonzero(np.isfinite(star)):
            density *= stats.norm(arrays["mean"][:, k], np.sqrt(arrays["variance"][:, k])).pdf(star[k])
        np.testing.assert_allclose(logits, np.log(density / density.sum()), rtol=1e-6, atol=1e-6)


def test_nothing_known_gives_the_shares_and_no_share_gives_the_floor() -> None:
    model = NaiveBayes.from_arrays({**bayes(), "prior": np.array([1.0, 0.0])}, SIGNATURE)
    assert model.logits({"features": np.full((1, 3), np.nan)}).tolist() == [[0, -30]]


@pytest.mark.parametrize(("name", "value"), [("variance", 0.0), ("prior", -1.0), ("prior", 0.0)])
def test_refused(name: str, value: float) -> None:
    arrays = bayes()
    arrays[name] = np.full_like(arrays[name], value)
    with pytest.raises(ModelError, match="must be positive"):
        NaiveBayes.from_arrays(arrays, SIGNATURE)
