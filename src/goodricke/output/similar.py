"""One picture of a star and of those that are like it, each folded with its own period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from goodricke.lightcurves import LightCurve
from goodricke.output.pages import StarPage
from goodricke.output.palette import ink_on, style_of
from goodricke.output.panels import draw_fold, folded_values
from goodricke.output.plots import blank_figure, draw_curve, plain, save_figure, shown, time_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MOST_DRAWN", "SheetStar", "draw_similar"]

MOST_DRAWN = 24
"""Neighbours on a sheet."""

_INK, _GREY = "#222222", "#666666"
_COLUMNS = 4
_FEWEST_POINTS = 3


@dataclass(frozen=True)
class SheetStar:
    """A star of a sheet."""

    row: Mapping[str, Any]
    """What is known of it: ``object_id``, and perhaps ``label``, ``probability``, ``period_days``, ``epoch`` ..."""
    curve: LightCurve | None
    """Its cleaned light curve, if there is one."""
    distance: float = np.nan
    """From the star that is asked for."""


def draw_similar(star: SheetStar, neighbours: Sequence[SheetStar], path: str | Path) -> None:
    """Write a PNG of a star, folded and against time, and beneath it the folds of its neighbours, the nearest first.

    Parameters
    ----------
    star : SheetStar
        The one that is asked for.
    neighbours : sequence of SheetStar
        At most `MOST_DRAWN` are drawn. One without a light curve keeps its place, and one without a period is drawn
        against time.
    path : str or Path
        PNG file.

    Raises
    ------
    MissingDependency
        If matplotlib is not installed.
    """
    drawn = neighbours[:MOST_DRAWN]
    n_rows = -(-len(drawn) // _COLUMNS)
    figure = blank_figure(14.0, 3.1 + 2.35 * n_rows)
    cells = figure.add_gridspec(1 + n_rows, _COLUMNS, height_ratios=[1.25, *[1.0] * n_rows])
    fold, whole = figure.add_subplot(cells[0, :2]), figure.add_subplot(cells[0, 2:])
    by_maximum = StarPage.from_row(star.row).phase_zero[1] == "maximum"
    _draw(fold, star, by_maximum)
    _titled(fold, plain(str(star.row["object_id"]), 40), star, 12)
    if star.curve is not None:
        draw_curve(whole, star.curve)
        whole.set_xlabel(time_label(star.curve), fontsize=8)
        whole.tick_params(labelsize=8)
        whole.yaxis.label.set_fontsize(8)
    else:
        whole.axis("off")
    for k, one in enumerate(drawn):
        axes = figure.add_subplot(cells[1 + k // _COLUMNS, k % _COLUMNS])
        _draw(axes, one, by_maximum)
        _titled(axes, f"{k + 1}  {plain(str(one.row['object_id']), 22)}", one, 9)
    save_figure(figure, Path(path))


def _draw(axes: Axes, star: SheetStar, by_maximum: bool) -> None:
    """The fold, which begins at maximum light in all panels if it does for the star that is asked for."""
    page, curve = StarPage.from_row(star.row), star.curve
    if curve is None or not len(curve):
        said = "no light curve" if curve is None else "no points"
        axes.annotate(said, (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", color=_GREY)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color("#DDDDDD")
    elif page.periods and len(curve) >= _FEWEST_POINTS and np.ptp(curve.time) > 0:
        epoch = page.epoch_max if by_maximum else page.epoch
        draw_fold(axes, curve, page.periods[0], epoch if np.isfinite(epoch) else float(curve.time[0]))
        axes.set_ylabel(folded_values(curve).label, fontsize=8)
    else:
        draw_curve(axes, curve)
        axes.set_xlabel(time_label(curve), fontsize=8)
        axes.set_ylabel(shown(curve).label, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.xaxis.label.set_fontsize(8)


def _titled(axes: Axes, name: str, star: SheetStar, size: int) -> None:
    """The name, beneath it period and distance; at the right the class in its colour."""
    page = StarPage.from_row(star.row)
    known = [f"{page.periods[0]:.6g} d"] if page.periods else []
    known += [f"distance {star.distance:.3g}"] if np.isfinite(star.distance) else []
    axes.set_title(f"{name}\n", loc="left", fontsize=size, fontweight="bold", color=_INK)
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "fontsize": 8}
    axes.annotate("   ".join(known), (0.0, 1.0), (0, 5), color=_GREY, **place)
    if page.label:
        colour = style_of(page.label).colour
        sure = f" {page.probability:.2f}" if np.isfinite(page.probability) else ""
        axes.annotate(
            plain(page.label, 20) + sure, (1.0, 1.0), (-3, 6), ha="right", color=ink_on(colour),
            bbox={"boxstyle": "round,pad=0.25", "facecolor": colour, "edgecolor": "none"}, **place,
        )  # fmt: skip
