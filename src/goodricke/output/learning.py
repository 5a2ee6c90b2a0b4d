"""The picture of a training run: loss and accuracy by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from goodricke.output.plots import blank_figure, save_figure

__all__ = ["draw_learning"]

_TRAIN, _HELD = "#0072B2", "#D55E00"


def draw_learning(history: Sequence[Mapping[str, Any]], path: str | Path) -> None:
    """Draw loss and accuracy of the stars that teach and of those held out; the best epoch is marked.

    Parameters
    ----------
    history : sequence of mappings
        One per epoch: ``number``, ``loss``, ``accuracy``, ``held_out_loss``, ``held_out_accuracy``.
    path : str or Path
        Of the PNG.

    Raises
    ------
    MissingDependency
        If matplotlib is not installed.
    """
    figure = blank_figure(9.0, 3.6)
    if not history:
        return
    number = [row["number"] for row in history]
    best = min(range(len(history)), key=lambda k: history[k]["held_out_loss"])
    for k, (name, says) in enumerate((("loss", "cross-entropy"), ("accuracy", "accuracy"))):
        axes = figure.add_subplot(1, 2, k + 1)
        axes.plot(number, [row[name] for row in history], color=_TRAIN, lw=1.6, label="stars that teach")
        held = [row[f"held_out_{name}"] for row in history]
        axes.plot(number, held, color=_HELD, lw=1.6, label="stars held out")
        kept = f"kept: epoch {number[best]}, {held[best]:.3f}"
        axes.plot(number[best], held[best], "o", color=_HELD, ms=6, label=kept)
        axes.set_xlabel("epoch")
        axes.set_ylabel(says)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#e5e5e5", lw=0.6)
        axes.legend(frameon=False, fontsize=8)
    save_figure(figure, Path(path))
