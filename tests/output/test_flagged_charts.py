from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import Distance

from goodricke.output import flagged_charts
from output.made_catalogue import column, drawn, stars


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    return drawn(flagged_charts, monkeypatch, tmp_path)


def test_every_star_is_on_the_sky_once(figures: dict[str, Any]) -> None:
    labels = [text.get_text() for text in figures["sky"].legends[0].get_texts()]
    flagged = int(np.sum(column(stars(), "prob_BINARY") > 0.5))
    assert labels == [f"others ({1500 - flagged:,})", f"p > 0.5 ({flagged:,})"]
    blue = next(line for line in figures["sky"].axes[0].lines if line.get_label() == labels[1])
    mine = column(stars(), "prob_BINARY") > 0.5
    ra = column(stars(), "ra")[mine]
    np.testing.assert_allclose(np.sort(-np.degrees(blue.get_xdata()) % 360), np.sort(ra), atol=1e-6)


def test_distances_agree_with_astropy(figures: dict[str, Any]) -> None:
    table = stars()
    far = Distance(parallax=column(table, "parallax") * units.mas)
    flagged = column(table, "prob_BINARY") > 0.5
    axes = figures["distances"].axes[0]
    assert f"{int(np.sum(flagged & (far > 10 * units.kpc)))} flagged beyond 10 kpc" in axes.get_title(loc="left")
    middle = np.median(far[flagged].to_value(units.kpc))
    assert f"median of the flagged {middle:.3g} kpc" in axes.get_title(loc="left")
    assert sum(axes.patches[0].get_data()[0]) == 1500
    assert sum(axes.patches[1].get_data()[0]) == flagged.sum()


def test_bright_stars_stand_on_top(figures: dict[str, Any]) -> None:
    axes = figures["colour_magnitude"].axes[0]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_xlabel() == "BP − RP (mag)"
