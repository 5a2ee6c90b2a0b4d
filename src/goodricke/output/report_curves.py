"""Curves of a report: reliability, precision against recall, risk against coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from goodricke.evaluate import Report
from goodricke.output.report_canvas import GREY, GRID, colour, figure, mark, title, true_groups

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["precision_recall", "reliability", "risk_coverage"]


def reliability(report: Report) -> Figure:
    """Share right against confidence, with a histogram of confidence below; one column per model."""
    given = [name for name in report.about["given"] if "reliability" in report.models[name]][:4]
    drawn = figure(1.0 + 4.4 * len(given), 5.4)
    grid = drawn.add_gridspec(2, len(given), height_ratios=(3.4, 1))
    for k, name in enumerate(given):
        found = report.models[name]["reliability"]
        axes, below = drawn.add_subplot(grid[0, k]), drawn.add_subplot(grid[1, k])
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=1.2, linestyle="--", label="perfect")
        value = np.array(found["accuracy"])
        ends = np.abs(np.array([found["low"], found["high"]]) - value)
        axes.errorbar(found["confidence"], value, yerr=ends, color=colour(k), marker=mark(k), markersize=5.5,
                      linewidth=1.4, elinewidth=1.2, capsize=2.5, label="bins of equal counts")  # fmt: skip
        ece = report.models[name]["scopes"]["all"]["ece"]
        title(axes, f"{name}:  ECE {ece['value']:.3f}")
        axes.set_ylim(-0.02, 1.03)
        axes.set_ylabel("share right")
        axes.legend(frameon=False, loc="upper left", fontsize=9)
        edges = np.linspace(0, 1, len(found["histogram"]) + 1)
        below.bar(edges[:-1], found["histogram"], width=np.diff(edges) * 0.94, align="edge", color=colour(k))
        below.set_xlabel("confidence in the label")
        below.set_ylabel("stars")
        for one in (axes, below):
            one.set_xlim(0, 1)
            one.grid(color=GRID)
            one.set_axisbelow(True)
            one.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelbottom=False)
    return drawn


def precision_recall(report: Report) -> Figure:
    """One panel per class, one curve per model."""
    given, groups = [n for n in report.about["given"] if "precision_recall" in report.models[n]], true_groups(report)
    columns = min(4, len(groups))
    rows = -(-len(groups) // columns)
    drawn = figure(0.8 + 2.9 * columns, 0.9 + 2.7 * rows)
    for g, group in enumerate(groups):
        axes = drawn.add_subplot(rows, columns, g + 1)
        share = report.about["support"][group] / report.about["n_rows"]
        axes.axhline(share, color=GREY, linewidth=1, linestyle="--")
        for k, name in enumerate(given):
            curve = report.models[name]["precision_recall"][group]
            value = report.models[name]["scopes"]["all"]["classes"][group]["average_precision"]["value"]
            number = "–" if value is None else f"{value:.3f}"
            said = number if len(given) == 1 else f"{name} {number}"
            recall, precision = [0, *curve["recall"]], [curve["precision"][0], *curve["precision"]]
            axes.step(recall, precision, where="pre", color=colour(k), linewidth=1.6, label=said)
        title(axes, group)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.03)
        axes.grid(color=GRID)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="lower left", framealpha=0.85, edgecolor="none", fontsize=8.5, title="average precision",
                    title_fontsize=8.5, alignment="left")  # fmt: skip
        axes.set_ylabel("precision" if g % columns == 0 else "")
        axes.set_xlabel("recall" if g + columns >= len(groups) else "")
        axes.tick_params(labelleft=g % columns == 0, labelbottom=g + columns >= len(groups))
    return drawn


def risk_coverage(report: Report) -> Figure:
    """Share of errors among the stars kept, one curve per model."""
    drawn = figure(8.0, 4.6)
    axes = drawn.add_subplot()
    given = report.about["given"]
    for k, name in enumerate(given):
        curve = report.models[name]["risk_coverage"]
        axes.plot(curve["coverage"], curve["risk"], color=colour(k), linewidth=1.8, label=name)
        if "low" in curve:
            axes.fill_between(curve["coverage"], curve["low"], curve["high"], color=colour(k), alpha=0.18, linewidth=0)
        decided = curve["decided"][0]
        if decided < 1:
            risk = float(np.interp(decided, curve["coverage"], curve["risk"]))
            axes.plot([decided], [risk], mark(k), color=colour(k), markersize=8, markeredgecolor="white")
            axes.annotate(f"decides {decided:.0%}", (decided, risk), xytext=(7, -14), textcoords="offset points",
                          ha="left", fontsize=9, color=colour(k))  # fmt: skip
    top = max(max(report.models[name]["risk_coverage"]["risk"]) for name in given)
    axes.set_ylim(0, max(1.25 * top, 0.02))
    axes.set_xlim(0, 1.0)
    axes.set_xlabel("coverage: share of stars kept, surest first")
    axes.set_ylabel("risk: share of errors among them")
    axes.grid(color=GRID)
    axes.spines[["top", "right"]].set_visible(False)
    title(axes, "Risk and coverage")
    axes.legend(frameon=False, loc="upper left")
    return drawn
