"""The table of truth."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.lightcurves import LightCurves
from goodricke.simulate.compiled import Floats
from goodricke.simulate.stars import Columns, Kind, Moments
from goodricke.simulate.truth import truth_table


class Still(Kind):
    label = "CONST"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        return {}

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        return np.ones(len(moments.time))


def test_columns_of_unlike_kinds_stand_side_by_side() -> None:
    lcs = LightCurves.from_arrays(
        [1.0, 2.0, 5.0, 1.0], flux=[1.0, 1.0, 1.0, 1.0], err=[0.1, 0.1, 0.2, 0.3], object_id=["a", "a", "a", "b"]
    )
    one = {"period_days": np.array([2.0]), "epoch": np.array([1.0]), "temperature": np.array([5e3]),
           "label": np.array(["EW"]), "total": np.array([True]), "spots": np.array([2])}  # fmt: skip
    two = {"period_days": np.array([np.nan]), "epoch": np.array([np.nan]), "temperature": np.array([6e3])}
    table = truth_table(
        np.array(["contact", "still"]),
        [(np.array([0]), Still(), one), (np.array([1]), Still(), two)],
        lcs,
        np.array([12.0, 13.0]),
        np.array([0.3, 0.0]),
    )
    first, second = table.to_pylist()
    assert first["label"] == "EW"
    assert first["total"] is True
    assert first["spots"] == 2
    assert second["label"] == "CONST"
    assert second["period_days"] is second["total"] is second["spots"] is None
    assert [first["n_points"], second["n_points"]] == [3, 1]
    assert [first["span_days"], second["span_days"]] == [4.0, 0.0]
    # 0.3 mag over errors of 0.1 of the flux, which are 0.1086 mag
    assert first["snr"] == pytest.approx(0.3 / 0.10857, rel=1e-3)
