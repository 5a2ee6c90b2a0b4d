from __future__ import annotations

import numpy as np
import pytest

from evaluate.made import tables
from goodricke.evaluate import EvaluationOptions, Report, evaluate
from goodricke.output import report_plots


@pytest.fixture(scope="module")
def report() -> Report:
    made = tables(900)
    return evaluate({"model": made["model"], "other": made["other"]}, made["truth"], EvaluationOptions(n_resamples=50))


def test_bars_are_as_long_as_f1(report: Report) -> None:
    axes = report_plots.class_f1(report).axes[0]
    bars = [patch.get_width() for patch in axes.patches]
    expected = [
        found["f1"]["value"]
        for name in ("model", "other")
        for found in report.models[name]["scopes"]["all"]["classes"].values()
    ]
    assert bars == pytest.approx(expected)


def test_the_matrix_shows_counts_and_shares_of_rows(report: Report) -> None:
    axes = report_plots.confusion(report).axes[0]
    shares = axes.images[0].get_array()
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    matrix = np.array(report.models["model"]["confusion"])
    assert axes.texts[0].get_text() == f"{matrix[0, 0]}\n{100 * shares[0, 0]:.1f}%"
    assert [label.get_text() for label in axes.get_xticklabels()][-1] == "no answer"


def test_shares_of_periods_add_up(report: Report) -> None:
    axes = report_plots.periods(report).axes[0]
    rows = len(axes.get_yticks())
    widths = np.array([patch.get_width() for patch in axes.patches]).reshape(6, rows)
    np.testing.assert_allclose(widths.sum(axis=0), 1.0)


def test_wide_properties_get_a_logarithmic_axis(report: Report) -> None:
    assert report_plots.against(report, "n_points").axes[0].get_xscale() == "log"
    assert report_plots.against(report, "mag").axes[0].get_xscale() == "linear"


def test_the_same_figures_are_the_same_bytes(report: Report) -> None:
    first, second = (report_plots._png(report_plots.class_f1(report)) for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG")
    assert b"Matplotlib" not in first
