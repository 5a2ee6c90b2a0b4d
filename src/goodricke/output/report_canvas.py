"""What the pictures of a report share: an empty figure, a colour and a mark for every model, titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from goodricke.errors import MissingDependency
from goodricke.evaluate import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GREY", "GRID", "INK", "arms", "colour", "figure", "legend", "mark", "title", "true_groups"]

# Okabe & Ito 2008: keep apart for colour-blind readers. Models also differ by mark.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKS = "osD^vPX"
INK, GREY, GRID = "#1d2733", "#8a94a0", "#e4e8ed"


def true_groups(report: Report) -> list[str]:
    """Groups that have a true star."""
    return [group for group in report.about["groups"] if report.about["support"][group]]


def arms(found: list[dict[str, Any]]) -> np.ndarray[Any, Any]:
    """Lengths (2, n) of error bars; none where there is no interval."""
    ends = [(e["value"] - e["low"], e["high"] - e["value"]) if e["low"] is not None else (0.0, 0.0) for e in found]
    return np.asarray(np.clip(np.array(ends).reshape(-1, 2).T, 0, None))


def colour(k: int) -> str:
    """Colour of the k-th model."""
    return _COLOURS[k % len(_COLOURS)]


def title(axes: Axes, text: str) -> None:
    """A bold title at the left."""
    axes.set_title(text, loc="left", fontsize=11, fontweight="bold")


def legend(axes: Axes, given: list[str]) -> None:
    """Names of the models above the axes, when there are several."""
    if len(given) > 1:
        axes.legend(frameon=False, ncols=min(4, len(given)), loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=9)


def figure(width: float, height: float) -> Figure:
    """An empty figure; sizes in inches at 110 dots each."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependency("matplotlib", "plot") from error
    made = Figure(figsize=(width, height), dpi=110, layout="constrained")
    FigureCanvasAgg(made)
    return made


def mark(k: int) -> str:
    """Mark of the k-th model."""
    return _MARKS[k % len(_MARKS)]
