from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import DataError
from goodricke.output import explained
from goodricke.output.explained import draw_explained

N = 240


def star(n: int = N, bands: int = 1, **kwargs: Any) -> gr.LightCurve:
    rng = np.random.default_rng(0)
    time = np.sort(rng.uniform(0, 200, n))
    away = np.abs((time / 2.5 + 0.25) % 0.5 - 0.25)
    band = np.array(["V", "g", "r", "i", "W1", "W2"])[np.arange(n) % bands]
    mag = 12 + 0.5 * (away < 0.03) + rng.normal(0, 0.01, n)
    return gr.LightCurves.from_arrays(time, mag=mag, err=np.full(n, 0.01), band=band, **kwargs)[0]


def row(axis: str = "phase", **known: Any) -> dict[str, Any]:
    share = np.zeros(48)
    share[[0, 1]], share[[24, 25]], share[10] = 2.0, 1.0, -0.7
    edges = (np.arange(49) - 1) / 48 if axis == "phase" else np.linspace(0.0, 200.0, 49)
    return {
        "object_id": "V1", "explained_class": "EA", "explained": "80% of what speaks for EA is in the minima " * 4,
        "axis": axis, "log_odds": 4.2, "level": -1.1, "noise": 0.1, "period_days": 2.5, "epoch": 50.0,
        "edges": edges.tolist(), "share": share.tolist(), "candidates": [2.5, 1.25], "attention": [0.93, 0.07],
        "group": ["eclipses", "fourier"], "group_effect": [3.4, -0.4], "status": "ok", "reason": "",
    } | known  # fmt: skip


def figure_of(star: gr.LightCurve, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    kept: list[Any] = []
    monkeypatch.setattr(explained, "save_figure", lambda figure, path: kept.append(figure))
    draw_explained(star, row, "unused.png")
    return kept[0]


def words_of(figure: Any) -> str:
    found = [text.get_text() for axes in figure.axes for text in axes.texts]
    for axes in figure.axes:
        found += [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
        found += [label.get_text() for label in axes.get_yticklabels()]
        found += [text.get_text() for text in axes.get_legend().get_texts()] if axes.get_legend() else []
    return "\n".join(found)


def test_everything_known_is_in_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = figure_of(star(object_id="V1 Cyg"), row(), monkeypatch)
    words = words_of(figure)
    for wanted in (
        "V1 Cyg", "why EA?", "80% of what speaks for EA", "P = 2.5 d", "speaks for EA", "speaks against EA",
        "ln odds for EA: −1.1 on level light, 4.2 as it is", "adds to ln odds", "attention to periods", "1.25 d",
        "0.93", "eclipses", "3.40", "−0.40", "phase (0: minimum light)", "time (d)",
    ):  # fmt: skip
        assert wanted in words, wanted
    assert len(figure.axes) == 6  # head, fold, strip, curve, attention, features


def test_colours_say_for_and_against(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = figure_of(star(), row(), monkeypatch)
    fold, strip = figure.axes[1], figure.axes[2]
    assert len(fold.patches) == len(strip.patches) >= 96  # two cycles, cut where they begin
    drawn = sum(len(points.get_offsets()) for points in fold.collections)
    assert drawn == 2 * N
    place, colour = fold.collections[0].get_offsets(), fold.collections[0].get_facecolors()
    deep = np.abs(place[:, 0] - 1.0) < 0.02
    assert (colour[deep, 2] > colour[deep, 0]).all()  # blue
    against = np.abs(place[:, 0] - 9.5 / 48) < 0.01
    assert against.any()
    assert (colour[against, 0] > colour[against, 2]).all()  # vermilion
    level = np.abs(place[:, 0] - 0.75) < 0.1
    assert np.allclose(colour[level, 0], colour[level, 2])  # grey
    heights = [bar.get_height() for bar in strip.patches]
    assert (max(heights), min(heights)) == (2.0, -0.7)


def test_windows_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = figure_of(star(bands=3), row("time", candidates=[], attention=[], group=[], group_effect=[]), monkeypatch)
    words = words_of(figure)
    assert len(figure.axes) == 3
    assert "P =" not in words
    assert {"V", "g", "r"} <= set(words.split("\n"))
    assert figure.axes[1].get_ylim()[0] > figure.axes[1].get_ylim()[1]  # magnitudes


@pytest.mark.parametrize("axis", ["phase", "time"])
def test_no_text_stands_on_another(axis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = figure_of(star(bands=6, object_id="N" * 80), row(axis, explained_class="TRANSIENT"), monkeypatch)
    renderer = figure.canvas.get_renderer()
    figure.canvas.draw()
    texts = [text for axes in figure.axes for text in (*axes.texts, axes.title) if text.get_text()]
    texts += [text for axes in figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()]
    boxes = [text.get_window_extent(renderer) for text in texts]
    for k, one in enumerate(boxes):
        assert one.x0 >= 0
        assert one.x1 <= figure.bbox.width + 1
        for other, text in zip(boxes[:k], texts, strict=False):
            assert not one.overlaps(other), (texts[k].get_text(), text.get_text())


@pytest.mark.parametrize(
    ("n", "bands", "axis"), [(1, 1, "phase"), (3, 2, "time"), (30, 1, "phase"), (9000, 1, "phase"), (9000, 2, "time")]
)
def test_any_star(n: int, bands: int, axis: str, tmp_path: Path) -> None:
    for share in (np.zeros(48), np.full(48, -0.5), np.full(48, 1e3)):
        draw_explained(star(n, bands), row(axis, share=share.tolist()), tmp_path / "why.png")
        content = (tmp_path / "why.png").read_bytes()
        assert content.startswith(b"\x89PNG")
        assert int.from_bytes(content[16:20], "big") == 1320


def test_a_star_without_explanation(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing to draw for V1: too few points"):
        draw_explained(star(), row("", reason="too few points"), tmp_path / "why.png")
