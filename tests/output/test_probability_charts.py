from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.output import probability_charts
from output.made_catalogue import column, drawn, stars


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    return drawn(probability_charts, monkeypatch, tmp_path)


def test_counts_above_each_probability(figures: dict[str, Any]) -> None:
    axes = figures["probabilities"].axes[0]
    p = column(stars(), "prob_BINARY")
    said = [text.get_text() for text in axes.texts]
    assert said == [f"{int(np.sum(p > cut)):,} stars\np > {cut:g}" for cut in (0.5, 0.8)]
    above = next(line for line in axes.lines if line.get_label().startswith("stars above"))
    for x, y in list(zip(above.get_xdata(), above.get_ydata(), strict=True))[::100][:-1]:
        assert y == np.sum(p > x)


def test_shares_of_moving_and_constant_stars(figures: dict[str, Any]) -> None:
    p, dv = column(stars(), "prob_BINARY"), column(stars(), "rv_difference")
    known = np.isfinite(p)
    moving, constant = known & (dv > 25), known & (dv < 5)
    said = [text.get_text() for text in figures["velocities"].legends[0].get_texts()]
    assert said == [
        f"more than 25 km/s: {np.mean(p[moving] > 0.5):.0%} of {moving.sum()} above 0.5",
        f"less than 5 km/s: {np.mean(p[constant] > 0.5):.0%} of {constant.sum()} above 0.5",
    ]
