from __future__ import annotations

import sys

import numpy as np
import pytest

from goodricke.errors import MissingDependency
from goodricke.output import report_canvas


def test_without_matplotlib_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependency, match=r"pip install 'goodricke\[plot\]'"):
        report_canvas.figure(1, 1)


def test_bars_reach_from_low_to_high_and_are_nothing_without_an_interval() -> None:
    found = [{"value": 0.5, "low": 0.4, "high": 0.7}, {"value": 0.5, "low": None, "high": None}]
    np.testing.assert_allclose(report_canvas.arms(found), [[0.1, 0], [0.2, 0]])


def test_models_differ_by_colour_and_mark_and_never_run_out() -> None:
    assert len({report_canvas.colour(k) for k in range(7)}) == len({report_canvas.mark(k) for k in range(7)}) == 7
    assert report_canvas.colour(7) == report_canvas.colour(0)
