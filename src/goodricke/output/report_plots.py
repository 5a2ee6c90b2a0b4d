"""Pictures of a report: the table of them, and those that are bars, matrices and bins (see also `report_curves`)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from goodricke.evaluate import Report
from goodricke.output.report_canvas import GRID, INK, arms, colour, figure, legend, mark, title, true_groups
from goodricke.output.report_curves import precision_recall, reliability, risk_coverage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pictures"]

_VERDICT_COLOURS = {"right": "#0072B2", "half": "#56B4E9", "double": "#009E73", "alias": "#E69F00", "other": "#D55E00",
                    "none": "#c3cad2"}  # fmt: skip


def pictures(report: Report) -> dict[str, bytes]:
    """All pictures of a report as PNG, by name; those without data are left out."""
    first = report.models[report.about["given"][0]]
    drawn: dict[str, Callable[[Report], Figure]] = {"class_f1": class_f1, "confusion": confusion}
    if "reliability" in first:
        drawn |= {"reliability": reliability, "precision_recall": precision_recall}
    drawn["risk_coverage"] = risk_coverage
    if "periods" in first:
        drawn["periods"] = periods
    found = {name: _png(draw(report)) for name, draw in drawn.items()}
    return found | {f"by_{word}": _png(against(report, word)) for word in first.get("breakdown", {})}


def class_f1(report: Report) -> Figure:
    """Bars of F1 per class, one colour per model, with intervals."""
    given, groups = report.about["given"], true_groups(report)
    drawn = figure(8.6, 1.5 + 0.34 * len(groups) * (0.45 + 0.55 * len(given)))
    axes = drawn.add_subplot()
    height = 0.8 / len(given)
    for k, name in enumerate(given):
        classes = report.models[name]["scopes"]["all"]["classes"]
        found = [classes[group]["f1"] for group in groups]
        value = np.array([e["value"] or 0.0 for e in found])
        y = np.arange(len(groups)) + (k - (len(given) - 1) / 2) * height
        axes.barh(y, value, height * 0.92, color=colour(k), label=name, zorder=2)
        axes.errorbar(value, y, xerr=arms(found), fmt="none", ecolor=INK, elinewidth=1.2, capsize=2.5, zorder=3)
        for place, e in zip(y, found, strict=True):
            axes.text(
                (e["high"] or e["value"] or 0) + 0.012, place, f"{e['value'] or 0:.3f}", va="center", fontsize=8.5
            )
    support = report.about["support"]
    axes.set_yticks(range(len(groups)), [f"{group}  ({support[group]:,})" for group in groups])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.09)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.set_xlabel("F1")
    axes.grid(axis="x", color=GRID, zorder=0)
    title(axes, "F1 per class (true stars)")
    legend(axes, given)
    return drawn


def confusion(report: Report) -> Figure:
    """Counts and shares of the true class, of the first model."""
    name = report.about["given"][0]
    matrix = np.array(report.models[name]["confusion"])
    groups = list(report.about["groups"])
    keep = matrix.sum(axis=1) > 0
    columns = [*groups, "no answer"] if matrix[:, -1].any() else groups
    matrix = matrix[keep][:, : len(columns)]
    share = matrix / matrix.sum(axis=1, keepdims=True)
    rows, size = int(keep.sum()), 1.0 if len(columns) <= 8 else 0.62
    drawn = figure(2.2 + 1.05 * size * len(columns), 1.4 + 0.8 * size * rows)
    axes = drawn.add_subplot()
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    letters = 10 if len(columns) <= 8 else 6.5
    for i, j in np.ndindex(*share.shape):
        if matrix[i, j]:
            axes.text(j, i, f"{matrix[i, j]:,}\n{100 * share[i, j]:.1f}%", ha="center", va="center", fontsize=letters,
                      color="white" if share[i, j] > 0.55 else INK)  # fmt: skip
    axes.set_xticks(range(len(columns)), columns, rotation=0 if len(columns) <= 8 else 45)
    axes.set_yticks(range(rows), [group for group, there in zip(groups, keep, strict=True) if there])
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    axes.spines[:].set_visible(False)
    bar = drawn.colorbar(image, ax=axes, format=lambda x, _: f"{100 * x:.0f}%", pad=0.02, aspect=28)
    bar.outline.set_visible(False)
    bar.set_label("share of the true class")
    title(axes, f"Confusion of {name}")
    return drawn


def against(report: Report, word: str) -> Figure:
    """Accuracy and macro F1 against a property."""
    drawn = figure(9.4, 3.7)
    from matplotlib.ticker import LogLocator, NullFormatter

    given = report.about["given"]
    for p, (key, label) in enumerate((("accuracy", "accuracy"), ("macro_f1", "macro F1"))):
        axes = drawn.add_subplot(1, 2, p + 1)
        for k, name in enumerate(given):
            rows = report.models[name]["breakdown"][word]["bins"]
            value = np.array([np.nan if row[key]["value"] is None else row[key]["value"] for row in rows])
            x = [row["median"] for row in rows]
            axes.errorbar(x, value, yerr=arms([row[key] for row in rows]), color=colour(k), marker=mark(k),
                          markersize=5.5, linewidth=1.6, elinewidth=1.2, capsize=2.5, label=name)  # fmt: skip
            if k == 0:
                edges = [row["low"] for row in rows] + [rows[-1]["high"]]
        for edge in edges:
            axes.axvline(edge, color=GRID, linewidth=0.9, zorder=0)
        if min(edges) > 0 and max(edges) > 20 * min(edges):
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
            axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(word)
        axes.grid(axis="y", color=GRID)
        axes.spines[["top", "right"]].set_visible(False)
        title(axes, label)
        if p == 0:
            legend(axes, given)
    return drawn


def periods(report: Report) -> Figure:
    """Shares of right, half, double, alias and other periods per class."""
    given = [name for name in report.about["given"] if "periods" in report.models[name]]
    rows = [(name, row) for name in given for row in report.models[name]["periods"]["rows"] if not row["ranges"]]
    rows.sort(key=lambda pair: (pair[1]["class"] != "all", pair[1]["class"], given.index(pair[0])))
    drawn = figure(8.6, 1.7 + 0.36 * len(rows))
    axes = drawn.add_subplot()
    left = np.zeros(len(rows))
    for word, shade in _VERDICT_COLOURS.items():
        width = np.array([row[word] for _, row in rows])
        axes.barh(range(len(rows)), width, 0.74, left=left, color=shade, label=word)
        left += width
    right = np.array([row["right"] for _, row in rows])
    ends = np.abs(np.array([[row[f"right_{end}"] for _, row in rows] for end in ("low", "high")]) - right)
    axes.errorbar(right, range(len(rows)), xerr=ends, fmt="none", ecolor=INK, elinewidth=1.2, capsize=2.5)
    for k, share in enumerate(right):
        axes.text(0.012, k, f"{100 * share:.1f}%", va="center", color="white", fontsize=9)
    names = [f"{row['class']}  ({row['n']:,})" + (f"  {name}" if len(given) > 1 else "") for name, row in rows]
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f}%")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=6, loc="lower left", bbox_to_anchor=(0.0, 1.0), fontsize=9, handlelength=1.2)
    return drawn


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    # Without the version of matplotlib inside, the same figures are the same bytes.
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
