from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from evaluate.made import answers
from goodricke.evaluate.figures import differences, figures, from_table, scorers
from goodricke.evaluate.resampling import bootstrap


def test_scopes_that_repeat_another_are_left_out() -> None:
    said = answers(60)
    assert list(scorers({"m": said})) == [("m", "all")]
    part = replace(said, status=np.where(np.arange(60) < 9, "abstained", "ok"))
    assert list(scorers({"m": part})) == [("m", "all"), ("m", "decided")]


def test_a_model_minus_itself_is_nothing_and_bands_hold_the_curve() -> None:
    said = answers(500)
    models = {"m": said, "twin": said}
    values, samples = bootstrap(scorers(models), said.star, 100, 0)
    for difference in differences(list(models), values, samples)["twin"].values():
        assert (difference["value"], difference["low"], difference["high"]) == (0.0, 0.0, 0.0)
    curve = figures("m", said, values, samples)["risk_coverage"]
    inside = (np.array(curve["low"]) <= curve["risk"]) & (np.array(curve["risk"]) <= curve["high"])
    assert inside.mean() > 0.9


def test_reasons_are_counted_most_frequent_first() -> None:
    table = pa.table({
        "model": ["m-1"] * 4, "status": ["ok", "failed", "failed", "abstained"],
        "reason": ["", "short", "short", "faint"],
    })  # fmt: skip
    found = from_table(table, np.arange(4))
    assert found["model"] == ["m-1"]
    assert found["reasons"] == [
        {"status": "failed", "reason": "short", "n": 2}, {"status": "abstained", "reason": "faint", "n": 1},
    ]  # fmt: skip
    assert from_table(pa.table({"object_id": ["a"]}), np.arange(1)) == {}
