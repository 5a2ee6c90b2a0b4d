from __future__ import annotations

import dataclasses

import pytest

from goodricke.represent.features import Feature


def test_a_feature_is_frozen_and_unmoved_by_default() -> None:
    feature = Feature("eta", "", 0, 10, "A number.")
    assert (feature.shift, feature.scale) == ("same", "same")
    with pytest.raises(dataclasses.FrozenInstanceError):
        feature.low = 1  # type: ignore[misc]
