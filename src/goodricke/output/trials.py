"""The picture of a search: how well every trial did, against each of the things that were tried."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.output.plots import blank_figure, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_trials"]

_DONE, _ENDED, _BEST, _MIDDLE = "#0072B2", "#b4bcc4", "#D55E00", "#1f2933"
_MOST_COLUMNS = 4
_ROOM = 28  # letters below a panel
_SPREAD = 0.16  # of the room of a choice, over which its trials are spread so that none hides another


def draw_trials(
    trials: Sequence[Mapping[str, Any]], parameters: Mapping[str, Sequence[Any]], path: str | Path, best: int = -1,
    logarithmic: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw held-out accuracy against every parameter, one panel each.

    Parameters
    ----------
    trials : sequence of mappings
        ``number``, ``state`` (``complete``, ``pruned``, ``fail``), ``accuracy``, and the value of every parameter.
    parameters : mapping
        What has a panel: name -> choices, which stand side by side with a line at the median of the complete trials; or
        nothing, for numbers on an axis.
    path : str or Path
        Of the PNG.
    best : int
        Number of the trial that is marked.
    logarithmic : sequence of str
        Parameters with a logarithmic axis.

    Raises
    ------
    MissingDependency
        If matplotlib is not installed.
    """
    shown = [one for one in trials if one["state"] != "fail" and math.isfinite(one["accuracy"])]
    columns = min(_MOST_COLUMNS, len(parameters))
    rows = -(-len(parameters) // columns)
    figure = blank_figure(3.3 * columns, 2.7 * rows + 0.4)
    panels: list[Axes] = []
    for k, (name, choices) in enumerate(parameters.items()):
        axes = figure.add_subplot(rows, columns, k + 1, sharey=panels[0] if panels else None)
        panels.append(axes)
        _panel(axes, shown, name, choices, best, name in logarithmic)
        if k % columns == 0:
            axes.set_ylabel("accuracy, held out")
        else:
            axes.tick_params(labelleft=False)
    named = {label: handle for axes in panels for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(named.values(), named.keys(), loc="outside upper right", ncols=4, frameon=False, fontsize=9)
    save_figure(figure, Path(path))


def _panel(
    axes: Axes, trials: Sequence[Mapping[str, Any]], name: str, choices: Sequence[Any], best: int, logarithmic: bool
) -> None:
    if choices:
        x = _side_by_side(axes, trials, name, choices)
    else:
        x = np.array([one[name] for one in trials], dtype=np.float64)
        if logarithmic:
            axes.set_xscale("log")
    accuracy = np.array([one["accuracy"] for one in trials])
    complete = np.array([one["state"] == "complete" for one in trials], dtype=bool)
    chosen = np.array([one["number"] == best for one in trials], dtype=bool)
    axes.plot(x[~complete], accuracy[~complete], "o", color=_ENDED, mfc="none", ms=4.5, label="ended early")
    axes.plot(
        x[complete & ~chosen], accuracy[complete & ~chosen], "o", color=_DONE, ms=4.5, alpha=0.8, label="complete"
    )
    axes.plot(x[chosen], accuracy[chosen], "o", color=_BEST, ms=7, label="least loss")
    axes.set_xlabel(name.partition(".")[2] or name)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e5e5e5", lw=0.6)
    axes.set_axisbelow(True)


def _side_by_side(
    axes: Axes, trials: Sequence[Mapping[str, Any]], name: str, choices: Sequence[Any]
) -> NDArray[np.float64]:
    """Places of the trials by the choice that they made; the axis says which choice."""
    words = [_words(one) for one in choices]
    x = np.empty(len(trials))
    for k, word in enumerate(words):
        here = [i for i, one in enumerate(trials) if _words(one[name]) == word]
        x[here] = k + (np.linspace(-_SPREAD, _SPREAD, len(here)) if len(here) > 1 else 0.0)
        complete = [trials[i]["accuracy"] for i in here if trials[i]["state"] == "complete"]
        if complete:
            axes.plot([k - 0.3, k + 0.3], [np.median(complete)] * 2, color=_MIDDLE, lw=1.2, label="median", zorder=3)
    long = max(map(len, words)) * len(words) > _ROOM
    axes.set_xticks(range(len(words)), words, rotation=35 if long else 0, ha="right" if long else "center", fontsize=8)
    axes.set_xlim(-0.5, len(words) - 0.5)
    return x


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)
