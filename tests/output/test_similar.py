from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from goodricke.output import similar
from goodricke.output.palette import style_of
from goodricke.output.similar import MOST_DRAWN, SheetStar, draw_similar
from line.made import star


def row(name: str, label: str = "EA", **more: Any) -> dict[str, Any]:
    return {
        "object_id": name, "label": label, "probability": 0.9, "period_days": 2.1, "epoch": 10.0, "epoch_max": 11.0,
        **more,
    }  # fmt: skip


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Figures as they are saved."""
    figures: list[Figure] = []
    real = similar.save_figure
    monkeypatch.setattr(similar, "save_figure", lambda figure, path: (figures.append(figure), real(figure, path)))
    return figures


def test_the_star_above_and_its_neighbours_in_order(drawn: list[Figure], tmp_path: Path) -> None:
    curve = star("EA", 2.1, "asked")[0]
    near = [SheetStar(row(f"n{k}", "EW" if k else "EA"), curve, 0.1 * (k + 1)) for k in range(6)]
    draw_similar(SheetStar(row("asked"), curve), near, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    axes = drawn[0].axes
    assert len(axes) == 2 + 6
    assert axes[0].get_title("left").strip() == "asked"
    assert [one.get_title("left").strip() for one in axes[2:]] == [f"{k + 1}  n{k}" for k in range(6)]
    said = [[text.get_text() for text in one.texts] for one in axes]
    assert said[0] == ["2.1 d", "EA 0.90"]
    assert said[3] == ["2.1 d   distance 0.2", "EW 0.90"]
    chip = axes[3].texts[1].get_bbox_patch()
    assert chip is not None
    assert chip.get_facecolor()[:3] == pytest.approx(
        tuple(int(style_of("EW").colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    )


@pytest.mark.parametrize(("label", "zero"), [("EA", 10.0), ("RRAB", 11.0)])
def test_all_folds_begin_at_the_same_light(
    label: str, zero: float, drawn: list[Figure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs: list[float] = []
    monkeypatch.setattr(similar, "draw_fold", lambda axes, star, days, epoch: epochs.append(epoch))
    curve = star("EA", 2.1, "asked")[0]
    draw_similar(SheetStar(row("a", label), curve), [SheetStar(row("b", "CEP"), curve)], tmp_path / "a.png")
    assert epochs == [zero, zero]


def test_what_is_missing_is_said(drawn: list[Figure], tmp_path: Path) -> None:
    curve = star("EA", 2.1, "asked")[0]
    bare = {"object_id": "b\n$x"}
    near = [
        SheetStar(row("absent"), None, 0.1),
        SheetStar(bare, curve, np.nan),
        SheetStar(row("no epoch", epoch=None), curve, 0.2),
        SheetStar(row("no points"), star("EA", 2.1, "x").keep_points(np.zeros(90, bool))[0], 0.3),
        SheetStar(row("one point"), star("EA", 2.1, "x").keep_points(np.arange(90) == 3)[0], 0.3),
    ]
    draw_similar(SheetStar(row("asked"), None), near, tmp_path / "a.png")
    axes = drawn[0].axes
    assert [text.get_text() for text in axes[2].texts] == ["no light curve", "2.1 d   distance 0.1", "EA 0.90"]
    assert "JD" in axes[3].get_xlabel() or "time" in axes[3].get_xlabel()  # no period: against time
    assert axes[4].get_xlabel() == "phase"
    assert axes[5].texts[0].get_text() == "no points"
    assert axes[6].lines or axes[6].containers


def test_no_neighbours_and_too_many(drawn: list[Figure], tmp_path: Path) -> None:
    curve = star("EA", 2.1, "asked")[0]
    draw_similar(SheetStar(row("asked"), curve), [], tmp_path / "a.png")
    many = [SheetStar(row(f"n{k}"), None, 0.1) for k in range(MOST_DRAWN + 5)]
    draw_similar(SheetStar(row("asked"), curve), many, tmp_path / "a.png")
    assert [len(figure.axes) for figure in drawn] == [2, 2 + MOST_DRAWN]
