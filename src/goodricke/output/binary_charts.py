"""Pictures of held-out binaries and singles: ROC, densities of the two with precision, what is found by mass ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.intervals import wilson
from goodricke.decide.precision import precision_at, prior_of_ratio
from goodricke.errors import DataError
from goodricke.evaluate.roc import roc
from goodricke.output.plots import blank_figure, plain, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BINARY", "SINGLE", "draw_classes", "draw_mass_ratios", "draw_roc", "tidied"]

Floats = NDArray[np.float64]

BINARY, SINGLE = "#0072B2", "#D55E00"
"""Blue as other binaries, and the colour that keeps apart from it (Okabe & Ito 2008)."""

INK, GREY, GRID = "#222222", "#666666", "#E4E4E4"
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
_TRAINED_Q = (0.71, 0.93)
_MOST_STEPS = 2000
_FEWEST = 5  # binaries in a bin whose share is drawn


def draw_roc(
    models: Mapping[str, ArrayLike],
    target: ArrayLike,
    path: str | Path,
    stars: ArrayLike | None = None,
    thresholds: Sequence[float] = (0.5, 0.8),
    title: str = "",
) -> None:
    """Write a PNG of ROC curves with their areas, and where each threshold stands.

    Parameters
    ----------
    models : mapping of str to (N,)
        Probability of a binary by every model, on the same rows; rows where one of them is NaN are left out.
    target : (N,) bool
        Whether it is a binary.
    path : str or Path
        PNG file.
    stars : (N,), optional
        Star (template) of every row, for the intervals.
    thresholds : sequence of float
        Marked on the curves.
    title : str
        Above the picture; what the rows are.
    """
    columns = {name: np.asarray(p, dtype=np.float64) for name, p in models.items()}
    truth = np.asarray(target).astype(bool)
    kept = np.isfinite(np.stack(list(columns.values()))).all(axis=0)
    group = None if stars is None else np.asarray(stars)[kept]
    figure = blank_figure(5.6, 5.4)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#AAAAAA", linewidth=1.0, linestyle="--", zorder=1)
    for k, (name, p) in enumerate(columns.items()):
        found = roc(p[kept], truth[kept], group)
        colour = _COLOURS[k % len(_COLOURS)]
        label = f"AUC {found.auc:.3f} ({found.low:.3f} to {found.high:.3f})"
        label = f"{plain(name, 30)}: {label}" if len(columns) > 1 or name else label
        step = max(1, len(found.true_rate) // _MOST_STEPS)
        kept_steps = np.unique(np.append(np.arange(0, len(found.true_rate), step), len(found.true_rate) - 1))
        axes.plot(found.false_rate[kept_steps], found.true_rate[kept_steps], color=colour, linewidth=1.8, label=label)
        for cut, mark in zip(thresholds, "osD^", strict=False):
            flagged = p[kept] >= cut
            place = (flagged[~truth[kept]].mean(), flagged[truth[kept]].mean())
            axes.plot(*place, mark, color=colour, markeredgecolor="white", markersize=8, zorder=4)
    for cut, mark in zip(thresholds, "osD^", strict=False):
        axes.plot([], [], mark, color=GREY, markersize=7, label=f"p ≥ {cut:g}")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.01)
    axes.set_aspect("equal")
    axes.grid(color=GRID, linewidth=0.7)
    counts = f"{int(truth[kept].sum()):,} binaries, {int((~truth[kept]).sum()):,} singles"
    tidied(axes, "false positive rate: share of the singles flagged", "true positive rate", title or counts)
    axes.legend(frameon=False, loc="lower right", fontsize=9, title=counts if title else None, title_fontsize=8.5)
    save_figure(figure, Path(path))


def draw_classes(
    probability: ArrayLike,
    target: ArrayLike,
    path: str | Path,
    ratio: float | str = "1:2",
    thresholds: Sequence[float] = (0.5, 0.8),
    title: str = "",
) -> None:
    """Write a PNG of the densities of the two classes, and of precision against the threshold (Jing et al., fig. 3).

    Parameters
    ----------
    probability : (N,)
        Of a binary; NaN is left out.
    target : (N,) bool
        Whether it is one.
    path : str or Path
        PNG file.
    ratio : float or str
        Binaries to singles on the sky, for the precision.
    thresholds : sequence of float
        Drawn as dashed lines with the precision there.
    title : str
        Above the picture.
    """
    p, truth = np.asarray(probability, dtype=np.float64), np.asarray(target).astype(bool)
    known = np.isfinite(p)
    p, truth = p[known], truth[known]
    if truth.all() or not truth.any():
        raise DataError("the densities of two classes need binaries and singles; one of them is missing")
    prior = prior_of_ratio(ratio)
    figure = blank_figure(7.6, 4.8)
    axes = figure.add_subplot()
    edges = np.linspace(0, 1, 41)
    for mine, name, colour, filled in (
        (truth, "binaries", BINARY, True),
        (~truth, "singles", SINGLE, False),
    ):
        density = np.histogram(p[mine], edges, density=True)[0]
        opacity, label = 0.45 if filled else 1.0, f"{name} ({int(mine.sum()):,})"
        axes.stairs(density, edges, color=colour, fill=filled, alpha=opacity, linewidth=1.6, label=label)
    axes.set_yscale("log")
    axes.set_xlim(0, 1)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, 1e-3), high * 3.0)
    tidied(axes, "probability of a binary, and threshold", "probability density", title)
    right = axes.twinx()
    steps = np.linspace(0.0, 0.995, 200)
    value = _precision(p, truth, steps, prior)
    said = f"{ratio} binaries to singles" if isinstance(ratio, str) else f"binaries a share of {prior:.2g}"
    right.plot(steps, value, color=INK, linewidth=1.8, label=f"precision, {said}")
    right.set_ylim(0, 1.02)
    right.set_ylabel("precision above the threshold")
    right.tick_params(labelsize=9)
    right.spines[["top"]].set_visible(False)
    for cut in thresholds:
        (at,) = _precision(p, truth, np.array([cut]), prior)
        right.plot([cut, cut], [0, at], color=INK, linewidth=1.0, linestyle="--")
        right.plot([cut], [at], "o", color=INK, markersize=5)
        right.annotate(f"{at:.2f}", (cut, at), (-5, 5), textcoords="offset points", ha="right", fontsize=10, color=INK)
    handles = [*axes.get_legend_handles_labels()[0], *right.get_legend_handles_labels()[0]]
    names = [*axes.get_legend_handles_labels()[1], *right.get_legend_handles_labels()[1]]
    figure.legend(handles, names, frameon=False, ncols=3, loc="outside lower center", fontsize=9)
    save_figure(figure, Path(path))


def draw_mass_ratios(
    probability: ArrayLike,
    q: ArrayLike,
    path: str | Path,
    thresholds: Sequence[float] = (0.5, 0.8),
    false_rate: Mapping[float, float] | None = None,
    shaded: tuple[float, float] | None = _TRAINED_Q,
    title: str = "",
) -> None:
    """Write a PNG of the share of binaries that is flagged, against their mass ratio (Jing et al., fig. 4).

    Parameters
    ----------
    probability : (N,)
        Of a binary, for binaries; NaN counts as not flagged.
    q : (N,)
        Their mass ratios; rows with NaN are left out.
    path : str or Path
        PNG file.
    thresholds : sequence of float
        One curve each, with 95% intervals.
    false_rate : mapping of float to float, optional
        Share of the singles flagged at a threshold: a dotted line, below which a curve says nothing.
    shaded : two floats, optional
        Range of q to shade: that of the training sample of Jing et al. (2025) by default.
    title : str
        Above the picture.
    """
    p, ratio = np.nan_to_num(np.asarray(probability, dtype=np.float64), nan=-1.0), np.asarray(q, dtype=np.float64)
    known = np.isfinite(ratio)
    p, ratio = p[known], ratio[known]
    if not len(ratio):
        raise DataError("no mass ratio is known; there is nothing to draw")
    low = np.floor(20 * ratio.min()) / 20
    edges = np.linspace(low, 1.0, max(2, round((1.0 - low) / 0.05) + 1))
    cell = np.clip(np.searchsorted(edges, ratio, "right") - 1, 0, len(edges) - 2)
    n = np.bincount(cell, minlength=len(edges) - 1)
    middle = (edges[1:] + edges[:-1]) / 2
    figure = blank_figure(7.0, 4.4)
    axes = figure.add_subplot()
    if shaded is not None:
        axes.axvspan(*shaded, color="#EDEDED", zorder=0)
        axes.text(sum(shaded) / 2, 1.015, f"{shaded[0]:g} to {shaded[1]:g}", ha="center", fontsize=8.5, color=GREY)
    for k, cut in enumerate(thresholds):
        hits = np.bincount(cell, p >= cut, len(n))
        some = n >= _FEWEST
        share = hits[some] / n[some]
        ends = np.array(wilson(hits[some], n[some]))
        colour = _COLOURS[k % len(_COLOURS)]
        axes.errorbar(
            middle[some] + 0.004 * (k - (len(thresholds) - 1) / 2),
            share,
            yerr=np.abs(ends - share),
            color=colour,
            marker="osD^"[k % 4],
            markersize=5,
            linewidth=1.6,
            elinewidth=1.1,
            capsize=2.5,
            label=f"p ≥ {cut:g}",
        )
        if false_rate is not None and cut in false_rate:
            axes.axhline(false_rate[cut], color=colour, linewidth=1.1, linestyle=":")
    if false_rate:
        axes.plot([], [], color=GREY, linewidth=1.1, linestyle=":", label="singles flagged")
    axes.set_xlim(edges[0], 1.0)
    axes.set_ylim(0, 1.08)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    tidied(axes, "mass ratio", "share of the binaries flagged", title or f"{len(ratio):,} binaries")
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    save_figure(figure, Path(path))


def tidied(axes: Axes, x: str, y: str, title: str) -> None:
    """Labels, a title at the left, and no frame above and at the right."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title, loc="left", fontsize=11)
    axes.tick_params(labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _precision(p: Floats, truth: NDArray[np.bool_], cuts: Floats, prior: float) -> Floats:
    own, other = np.sort(p[truth]), np.sort(p[~truth])
    true_rate = 1 - np.searchsorted(own, cuts) / len(own)
    false_rate = 1 - np.searchsorted(other, cuts) / len(other)
    return precision_at(true_rate, false_rate, prior)
