from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.output import trials as room
from goodricke.output.plots import blank_figure
from goodricke.output.trials import draw_trials

PARAMETERS: dict[str, tuple[Any, ...]] = {
    "steps": (), "settings.units": ([8, 8, 8], [4, 4, 4], [2, 2, 2]), "settings.batch_norm": (True, False),
    "settings.activation": ("tanh", "relu"), "training.learning_rate": (),
}  # fmt: skip


def made(n: int = 20) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    return [
        {
            "number": k, "state": ("complete", "complete", "pruned")[k % 3], "accuracy": float(rng.uniform(0.3, 0.9)),
            "steps": 100 * (1 + k % 5), "settings.units": PARAMETERS["settings.units"][k % 2],
            "settings.batch_norm": k % 4 < 2, "settings.activation": ("tanh", "relu")[k % 2],
            "training.learning_rate": float(10 ** rng.uniform(-4, -2)),
        }
        for k in range(n)
    ]  # fmt: skip


def drawn(monkeypatch: pytest.MonkeyPatch, trials: list[dict[str, Any]], folder: Path, **more: Any) -> Any:
    figures = []

    def blank(*size: float) -> Any:
        figures.append(blank_figure(*size))
        return figures[-1]

    monkeypatch.setattr(room, "blank_figure", blank)
    draw_trials(trials, PARAMETERS, folder / "trials.png", **more)
    assert (folder / "trials.png").read_bytes()[:4] == b"\x89PNG"
    return figures[0]


def test_a_panel_for_every_parameter_and_a_point_for_every_trial(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trials = made()
    trials[4] |= {"state": "fail", "accuracy": math.nan}
    figure = drawn(monkeypatch, trials, tmp_path, best=3, logarithmic=["training.learning_rate"])
    assert [axes.get_xlabel() for axes in figure.axes] == [name.split(".")[-1] for name in PARAMETERS]
    assert [axes.get_xscale() for axes in figure.axes] == ["linear"] * 4 + ["log"]
    for axes, name in zip(figure.axes, PARAMETERS, strict=True):
        lines = {line.get_label(): line for line in axes.lines}
        counts = {label: len(lines[label].get_xdata()) for label in ("complete", "ended early", "least loss")}
        assert counts == {"complete": 12, "ended early": 6, "least loss": 1}
        (x,), (y,) = lines["least loss"].get_data()
        assert y == trials[3]["accuracy"]
        if not PARAMETERS[name]:
            assert x == trials[3][name]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {
        "complete", "ended early", "least loss", "median",
    }  # fmt: skip


def test_choices_stand_in_their_order_even_those_that_nobody_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trials = made()
    units = drawn(monkeypatch, trials, tmp_path).axes[1]
    assert [label.get_text() for label in units.get_xticklabels()] == ["8 8 8", "4 4 4", "2 2 2"]
    medians = {round(float(np.mean(line.get_xdata()))): line.get_ydata()[0] for line in units.lines
               if line.get_label() == "median"}  # fmt: skip
    assert set(medians) == {0, 1}
    for k in (0, 1):
        own = [one["accuracy"] for one in trials if one["number"] % 2 == k and one["state"] == "complete"]
        assert medians[k] == pytest.approx(np.median(own))


def test_one_trial_and_one_parameter(tmp_path: Path) -> None:
    one = [{"number": 0, "state": "complete", "accuracy": 0.5, "steps": 100}]
    draw_trials(one, {"steps": ()}, tmp_path / "a.png", 0)
    draw_trials([], {"steps": (100, 200)}, tmp_path / "b.png")
    assert (tmp_path / "a.png").exists()
    assert (tmp_path / "b.png").exists()
