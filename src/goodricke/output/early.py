"""Classes of stars as they became known: the picture of one star, and the table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurve
from goodricke.output.palette import ink_on, style_of
from goodricke.output.plots import blank_figure, draw_curve, page_name, plain, save_figure, time_label

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.axes import Axes

__all__ = ["as_of_lines", "draw_early", "early_name", "settled"]

Floats = NDArray[np.float64]

_INK, _GREY, _NOTHING = "#222222", "#666666", "#ECECEC"
_SHOWN = 0.05  # a class that is never likelier than this is not drawn
_MOST_MARKS = 60
_APART = 0.09  # of the width: the room that a number of points takes
_PALE = 0.4
_MOST_LINES = 8
_MOST_ROWS = 40


@dataclass(frozen=True)
class _Story:
    """One star: when, from how many points, what was said, how it stood (K,), and probabilities (K, C) of classes."""

    time: Floats
    points: Floats
    label: tuple[str, ...]
    status: tuple[str, ...]
    odds: Floats
    classes: tuple[str, ...]


def draw_early(star: LightCurve, table: pa.Table, path: str | Path) -> None:
    """Write a PNG of a star and of what was known of it: light curve, label, probabilities, all against time.

    Parameters
    ----------
    star : LightCurve
        The whole star.
    table : pyarrow.Table
        Its rows of ``goodricke.line.early.classify_as_of``. Classes that are never likelier than 5% are left out; open
        marks and pale labels are of moments at which the model abstained.
    path : str or Path
        PNG file, 1320 by 770 pixels.

    Raises
    ------
    OptionError
        If the table has no moment.
    """
    story = _story(table)
    figure = blank_figure(12.0, 7.0)
    rows = figure.add_gridspec(3, 1, height_ratios=[3.0, 0.3, 3.0])
    curve, strip, odds = (figure.add_subplot(rows[k]) for k in range(3))
    curve.sharex(odds)
    strip.sharex(odds)
    draw_curve(curve, star)
    _draw_strip(strip, story, *_ends(star, story))
    _draw_odds(odds, story)
    changes = _changes(story)
    for axes in (curve, odds):
        for k in changes:
            width = 0.9 if len(changes) <= _MOST_LINES else 0.4
            axes.axvline(story.time[k], color=_GREY, linewidth=width, linestyle=(0, (4, 3)), zorder=0)
    model = str(table["model"][0])
    curve.set_title(f"{plain(star.object_id)}   {star.survey}, {len(star):,} points", loc="left", fontsize=11)
    curve.set_title(f"as seen by {plain(model)}", loc="right", fontsize=9, color=_GREY)
    if len(star.bands) > 1:
        curve.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9, handletextpad=0.1)
    for axes in (curve, strip):
        axes.tick_params(labelbottom=False)
    odds.set_xlabel(time_label(star))
    save_figure(figure, Path(path))


def _ends(star: LightCurve, story: _Story) -> tuple[float, float]:
    """First and last time that there is a point or a moment at."""
    both = np.concatenate([star.time, story.time])
    return float(both.min()), float(both.max())


def early_name(object_id: str, k: int) -> str:
    """A safe PNG name for the k-th star.

    >>> early_name("TIC 1", 3)
    '00003_TIC_1_early.png'
    """
    return page_name(object_id, k).removesuffix(".png") + "_early.png"


def _story(table: pa.Table) -> _Story:
    table = table.filter(table["as_of"].is_valid()).sort_by("as_of")
    if not table.num_rows:
        raise OptionError("there is no moment to draw: the column as_of is empty")
    names = [name for name in table.column_names if name.startswith("prob_")]
    odds = np.stack([table[name].to_numpy().astype(np.float64) for name in names], axis=1)
    return _Story(
        time=table["as_of"].to_numpy().astype(np.float64),
        points=table["n_points"].to_numpy().astype(np.float64),
        label=tuple(word or "" for word in table["label"].to_pylist()),
        status=tuple(table["status"].to_pylist()),
        odds=odds,
        classes=tuple(name.removeprefix("prob_") for name in names),
    )


def _changes(story: _Story) -> list[int]:
    """Moments at which another class, or for the first time a class, was the likeliest."""
    return [k for k in range(1, len(story.label)) if story.label[k] != story.label[k - 1] and story.label[k]]


def settled(labels: Sequence[str | None]) -> int | None:
    """From which moment on the label is the last one; None where there is no last label.

    >>> settled([None, "EA", "EB", "EA", "EA"]), settled(["EA", None])
    (3, None)
    """
    if not labels or not labels[-1]:
        return None
    others = [k for k, label in enumerate(labels) if label != labels[-1]]
    return others[-1] + 1 if others else 0


def _draw_strip(axes: Axes, story: _Story, start: float, end: float) -> None:
    """A band in the colour of the label, from each moment to the next; pale where the model abstained."""
    edges = np.append(story.time, end)
    width = max(end - start, 1e-9)
    if start < edges[0]:
        axes.axvspan(start, edges[0], color=_NOTHING, linewidth=0)
        _write_in(axes, (start, edges[0]), "not yet asked", _GREY, width)
    for first, last in _runs([*zip(story.label, story.status, strict=True)]):
        name = story.label[first]
        pale = name and story.status[first] != "ok"
        axes.axvspan(
            edges[first], edges[last], color=style_of(name).colour if name else _NOTHING, alpha=_PALE if pale else 1.0,
            linewidth=0,
        )  # fmt: skip
    for first, last in _runs(story.label):
        name = story.label[first]
        pale = not name or story.status[(first + last) // 2] != "ok"
        ink = _INK if pale else ink_on(style_of(name).colour)
        _write_in(axes, (edges[first], edges[last]), plain(name, 12) if name else "no answer", ink, width)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    axes.set_ylabel("label", rotation=0, ha="right", va="center")
    axes.tick_params(axis="x", length=0)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)


def _write_in(axes: Axes, stretch: tuple[float, float], word: str, ink: str, width: float) -> None:
    """A word in the middle of a stretch of the strip, if it has the room."""
    if (stretch[1] - stretch[0]) / width > 0.009 * len(word) + 0.006:
        axes.annotate(word, (sum(stretch) / 2.0, 0.5), ha="center", va="center", fontsize=9, color=ink)


def _runs(values: Sequence[Any]) -> list[tuple[int, int]]:
    """First and one past the last of every run of equal values.

    >>> _runs(["EA", "EA", "EB"])
    [(0, 2), (2, 3)]
    """
    starts = [k for k in range(len(values)) if k == 0 or values[k] != values[k - 1]]
    return list(zip(starts, [*starts[1:], len(values)], strict=True))


def _draw_odds(axes: Axes, story: _Story) -> None:
    """A line per class that ever mattered; in the key the one that is likeliest in the end comes first."""
    with np.errstate(invalid="ignore"):
        mattered = story.odds > _SHOWN
    last = _last(story.odds)
    shown = sorted(np.flatnonzero(mattered.any(axis=0)).tolist(), key=lambda k: -last[k])
    few = len(story.time) <= _MOST_MARKS
    sure = np.array([word != "abstained" for word in story.status])
    for rank, k in enumerate(shown):
        style = style_of(story.classes[k])
        on_top = 3.0 - 0.01 * rank
        axes.plot(story.time, story.odds[:, k], color=style.colour, linewidth=1.6, zorder=on_top)
        for mine, face in ((sure, style.colour), (~sure, "white")):
            here = mattered[:, k] & mine & few
            axes.plot(
                story.time[here], story.odds[here, k], style.mark, markersize=6.0, markerfacecolor=face,
                markeredgecolor=style.colour, markeredgewidth=1.2, zorder=on_top,
            )  # fmt: skip
        name = f"{plain(story.classes[k], 20)}  {last[k]:.2f}"
        axes.plot([], [], color=style.colour, marker=style.mark if few else "", linewidth=1.6, label=name)
    if not sure.all():
        said = "open, pale: abstained" if few else "pale: abstained"
        axes.plot([], [], "o" if few else "none", linestyle="none", markerfacecolor="white", color=_GREY, label=said)
    axes.set_ylim(-0.03, 1.14)
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
    axes.grid(axis="y", color="#E4E4E4", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel("probability")
    axes.spines[["top", "right"]].set_visible(False)
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    _mark_points(axes, story)
    if shown:
        axes.legend(
            frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0), title="at the last moment",
            title_fontsize=9, alignment="left",
        )  # fmt: skip


def _mark_points(axes: Axes, story: _Story) -> None:
    """How many points there were first, last, when the last label came, and at other changes, where there is room."""
    width = float(np.diff(axes.get_xlim())[0])
    taken: list[float] = []
    first = next((k for k, label in enumerate(story.label) if label), 0)
    for k in dict.fromkeys([first, len(story.time) - 1, settled(story.label) or first, *_changes(story)]):
        place = float(story.time[k]) / width
        if all(abs(place - other) > _APART for other in taken):
            taken.append(place)
            axes.annotate(
                f"{story.points[k]:,.0f} points",
                (story.time[k], 1.12),
                ha="center",
                va="top",
                fontsize=8.5,
                color=_GREY,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )


def _last(odds: Floats) -> Floats:
    """The last probabilities that there are (C,)."""
    known = np.flatnonzero(np.isfinite(odds).all(axis=1))
    return odds[known[-1]] if len(known) else np.zeros(odds.shape[1])


def as_of_lines(table: pa.Table, star: Sequence[int], output: str | None) -> list[str]:
    """A short table of what was known when, and from how many points on the last label stood, for the terminal.

    Parameters
    ----------
    table : pyarrow.Table
        Of ``goodricke.line.early.classify_as_of``.
    star : (P,) int
        Number of the star of every row.
    output : str, optional
        Where the table was written.
    """
    rows = table.select(
        ["object_id", "as_of", "n_points", "label", "probability", "period_days", "status", "reason"]
    ).to_pylist()
    cells = [_cells(row) for row in rows[:_MOST_ROWS]]
    head = ("star", "as of/d", "points", "class", "prob", "period/d", "status", "reason")
    lines = _columns([head, *cells], right={1, 2, 4, 5})
    if len(rows) > len(cells):
        lines.append(f"... and {len(rows) - len(cells):,} more rows")
    stories = [rows[first:last] for first, last in _runs(star)]
    since = [(story, settled([row["label"] for row in story])) for story in stories]
    points = [story[k]["n_points"] for story, k in since if k is not None]
    many = len(stories)
    lines += ["", f"{many:,} star{'s' * (many != 1)} at {len(rows):,} moment{'s' * (len(rows) != 1)}"]
    if points:
        lines[-1] += f"; the last label stood from {np.median(points):,.0f} points on" + " (median)" * (len(points) > 1)
    return [*lines, f"wrote {output}"] if output else lines


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    failed = row["status"] == "failed"
    return (
        row["object_id"],
        "-" if row["as_of"] is None else f"{row['as_of']:.3f}",
        f"{row['n_points']:,}",
        "-" if failed else row["label"],
        "-" if failed else f"{row['probability']:.3f}",
        "-" if row["period_days"] is None else f"{row['period_days']:.6g}",
        row["status"],
        row["reason"],
    )


def _columns(rows: Sequence[tuple[str, ...]], right: set[int]) -> list[str]:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(
            f"{word:>{w}}" if k in right else f"{word:{w}}" for k, (word, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
