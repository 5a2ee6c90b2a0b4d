from __future__ import annotations

import numpy as np
import pytest

from evaluate.made import tables
from goodricke.evaluate import EvaluationOptions, Report, evaluate
from goodricke.output import report_curves


@pytest.fixture(scope="module")
def report() -> Report:
    made = tables(300)
    return evaluate({"model": made["model"], "other": made["other"]}, made["truth"], EvaluationOptions(n_resamples=20))


def test_axes_of_the_curves(report: Report) -> None:
    for axes in report_curves.precision_recall(report).axes:
        assert axes.get_xlim() == (0, 1)
        assert len(axes.lines) == 3  # two models and the share of the class
    diagram = report_curves.reliability(report)
    assert len(diagram.axes) == 4
    assert diagram.axes[0].lines[0].get_xdata() == pytest.approx([0, 1])
    risk = report_curves.risk_coverage(report).axes[0]
    curve = report.models["model"]["risk_coverage"]
    np.testing.assert_allclose(risk.lines[0].get_ydata(), curve["risk"])
    assert any("decides" in text.get_text() for text in risk.texts)
