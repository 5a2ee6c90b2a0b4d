from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.decide.intervals import wilson
from goodricke.decide.precision import precision_by_counts
from goodricke.errors import DataError
from goodricke.evaluate.roc import roc
from goodricke.output import binary_charts
from goodricke.output.binary_charts import draw_classes, draw_mass_ratios, draw_roc


def made(n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.random(n) < 0.2
    q = np.where(truth, rng.uniform(0.3, 1, n), np.nan)
    return 1 / (1 + np.exp(-(2 * truth - 1 + rng.normal(0, 1.5, n)))), truth, q


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    monkeypatch.setattr(binary_charts, "save_figure", lambda figure, path: figures.update({path.stem: figure}))
    return figures


def test_all_are_written_as_png(tmp_path: Path) -> None:
    p, truth, q = made()
    draw_roc({"network": p, "fit": np.round(p, 1)}, truth, tmp_path / "roc.png")
    draw_classes(p, truth, tmp_path / "classes.png")
    draw_mass_ratios(p[truth], q[truth], tmp_path / "q.png", false_rate={0.5: 0.1})
    for name in ("roc", "classes", "q"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_the_curve_and_its_area(kept: dict[str, Any]) -> None:
    p, truth, _ = made()
    p[5] = np.nan
    draw_roc({"": p}, truth, "roc.png", thresholds=(0.5,))
    axes = kept["roc"].axes[0]
    good = np.isfinite(p)
    found = roc(p[good], truth[good])
    assert axes.get_legend().get_texts()[0].get_text() == f"AUC {found.auc:.3f} ({found.low:.3f} to {found.high:.3f})"
    curve, dot = axes.lines[1], axes.lines[2]
    assert np.trapezoid(curve.get_ydata(), curve.get_xdata()) == pytest.approx(found.auc, abs=2e-3)
    flagged = p[good] >= 0.5
    assert dot.get_xdata()[0] == pytest.approx(flagged[~truth[good]].mean())
    assert dot.get_ydata()[0] == pytest.approx(flagged[truth[good]].mean())


def test_precision_is_that_of_the_slides(kept: dict[str, Any]) -> None:
    p, truth, _ = made()
    draw_classes(p, truth, "classes.png", ratio="1:2", thresholds=(0.5, 0.8))
    right = kept["classes"].axes[1]
    for cut, text in zip((0.5, 0.8), right.texts, strict=True):
        flagged = p >= cut
        counts = (flagged[truth].sum(), flagged[~truth].sum(), truth.sum(), (~truth).sum())
        expected = float(precision_by_counts(*counts, ratio=0.5))
        assert text.get_text() == f"{expected:.2f}"
    stairs = kept["classes"].axes[0].patches
    for patch, mine in zip(stairs, (truth, ~truth), strict=True):
        values, edges, _ = patch.get_data()
        np.testing.assert_allclose(values, np.histogram(p[mine], edges, density=True)[0])


def test_shares_by_mass_ratio_are_counted(kept: dict[str, Any]) -> None:
    p, truth, q = made()
    draw_mass_ratios(p[truth], q[truth], "q.png", thresholds=(0.5,))
    axes = kept["q"].axes[0]
    line = axes.containers[0].lines[0]
    for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
        mine = truth & (np.abs(np.nan_to_num(q) - x) < 0.025)
        assert y == pytest.approx((p[mine] >= 0.5).mean())
    low, high = wilson((p[mine] >= 0.5).sum(), mine.sum())
    bar = axes.containers[0].lines[2][0].get_segments()[-1]
    np.testing.assert_allclose(bar[:, 1], [low, high], atol=1e-6)
    span = axes.patches[0]
    assert (span.get_x(), span.get_x() + span.get_width()) == pytest.approx((0.71, 0.93))


def test_nothing_to_draw(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        draw_classes([0.5, 0.6], [True, True], tmp_path / "x.png")
    with pytest.raises(DataError):
        draw_mass_ratios([0.5], [np.nan], tmp_path / "x.png")
    assert not list(tmp_path.iterdir())
