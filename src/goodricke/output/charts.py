"""Pictures of a table of predictions or periods: classes, periods and amplitudes, the sky, how sure it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.output.palette import OTHER, style_of
from goodricke.output.plots import blank_figure, plain, save_figure, seen_apart
from goodricke.output.sky_map import on_the_sky, sky_axes

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Drawn", "draw_charts"]

Floats = NDArray[np.float64]

_INK, _GREY = "#222222", "#666666"
_NO_CLASS = "no class"
_MOST_LINES = 8


@dataclass(frozen=True)
class Drawn:
    """The PNG files, and what was not drawn and why."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Stars:
    """Columns of the table as arrays (N,); None where there is no such column or nothing in it."""

    label: NDArray[np.str_] | None
    numbers: dict[str, Floats]
    status: NDArray[np.str_] | None
    reason: NDArray[np.str_] | None
    n: int


def draw_charts(table: pa.Table, folder: str | Path) -> Drawn:
    """Write the charts that the columns of a table allow.

    Parameters
    ----------
    table : pyarrow.Table
        Predictions or periods, one row per star.
    folder : str or Path
        Where to; it must exist. The files are ``classes.png``, ``amplitudes.png`` (period-amplitude diagram),
        ``sky.png``, ``periods.png`` and ``certainty.png``.

    Returns
    -------
    Drawn
        Which files were written, and for each chart left out which column it would have needed.

    Raises
    ------
    OptionError
        If the table has no rows.
    """
    if not table.num_rows:
        raise OptionError("the table has no rows; there is nothing to draw")
    stars = _stars(table)
    files, left_out = [], []
    for name, (needs, draw) in _CHARTS.items():
        missing = [column for column in needs if not _has(stars, column)]
        if missing:
            left_out.append(f"{name}: no {' and no '.join(missing)} in the table")
            continue
        target = Path(folder) / f"{name}.png"
        save_figure(draw(stars), target)
        files.append(target)
    return Drawn(tuple(files), tuple(left_out))


def _stars(table: pa.Table) -> _Stars:
    def words(name: str) -> NDArray[np.str_] | None:
        if name not in table.schema.names:
            return None
        found = np.array([value or "" for value in table.column(name).to_pylist()], dtype=str)
        return found if (found != "").any() else None

    numbers = {}
    for name in ("period_days", "amplitude", "ra", "dec", "probability", "period_probability"):
        if name in table.schema.names:
            values = table.column(name).cast("float64").fill_null(np.nan).to_numpy(zero_copy_only=False)
            if np.isfinite(values).any():
                numbers[name] = values
    label = words("label")
    if label is not None:
        label = np.where(label == "", _NO_CLASS, label)
    return _Stars(label, numbers, words("status"), words("reason"), table.num_rows)


def _has(stars: _Stars, column: str) -> bool:
    return stars.label is not None if column == "label" else column in stars.numbers


def _by_class(stars: _Stars) -> list[tuple[str, NDArray[np.bool_]]]:
    """Every class, the commonest first, and its rows; one nameless class when there are none."""
    if stars.label is None:
        return [("", np.ones(stars.n, dtype=bool))]
    names, counts = np.unique(stars.label, return_counts=True)
    return [(str(names[k]), stars.label == names[k]) for k in np.argsort(-counts, kind="stable")]


def _classes(stars: _Stars) -> Figure:
    groups = _by_class(stars)
    figure = blank_figure(8.0, 1.2 + 0.34 * len(groups))
    axes = figure.add_subplot()
    sure = stars.numbers.get("probability")
    for k, (name, mine) in enumerate(groups):
        axes.barh(k, mine.sum(), height=0.66, color=style_of(name).colour)
        known = sure is not None and np.isfinite(sure[mine]).any()
        mean = f", mean probability {np.nanmean(sure[mine]):.2f}" if sure is not None and known else ""
        axes.annotate(f" {mine.sum():,}{mean}", (mine.sum(), k), va="center", fontsize=9, color=_INK)
    axes.set_yticks(range(len(groups)), [plain(name, 20) for name, _ in groups])
    axes.set_ylim(len(groups) - 0.4, -0.6)
    most = max(int(mine.sum()) for _, mine in groups)
    # The longest bar ends where two thirds of the axis do, so that its text has room.
    _log_axis(axes, "x", 0.7, 0.7 * (most / 0.7) ** 1.55, (1.0, most))
    _tidy(axes, "stars", "", f"classes of {stars.n:,} stars")
    axes.tick_params(axis="y", length=0)
    return figure


def _amplitudes(stars: _Stars) -> Figure:
    figure = blank_figure(8.6, 6.0)
    axes = figure.add_subplot()
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = np.log10(stars.numbers["period_days"]), np.log10(stars.numbers["amplitude"])
    size = _mark_size(stars.n)
    for name, mine in _by_class(stars):
        here = np.flatnonzero(mine)
        here = here[seen_apart(x[here] / 6.0, y[here] / 3.0)]
        if len(here):
            _scatter(axes, 10.0 ** x[here], 10.0 ** y[here], name, int(mine.sum()), size)
    known = np.isfinite(x) & np.isfinite(y)
    _log_axis(axes, "x", *_around(x[known]))
    _log_axis(axes, "y", *_around(y[known]))
    _tidy(axes, "period (d)", "amplitude (mag)", "period and amplitude")
    _key(axes, stars)
    return figure


def _sky(stars: _Stars) -> Figure:
    figure = blank_figure(10.0, 5.0)
    axes = sky_axes(figure)
    x, y = on_the_sky(stars.numbers["ra"], stars.numbers["dec"])
    size = _mark_size(stars.n)
    for name, mine in _by_class(stars):
        here = np.flatnonzero(mine)
        here = here[seen_apart(x[here] / 6.0, y[here] / 3.0)]
        if len(here):
            _scatter(axes, x[here], y[here], name, int(mine.sum()), size)
    known = int(np.isfinite(x).sum())
    axes.set_title(
        f"{known:,} stars on the sky: right ascension and declination (ICRS), grey line: plane of the Galaxy",
        fontsize=10, loc="left", color=_GREY, pad=16,
    )  # fmt: skip
    _key(axes, stars)
    return figure


def _periods(stars: _Stars) -> Figure:
    figure = blank_figure(8.6, 4.8)
    axes = figure.add_subplot()
    with np.errstate(divide="ignore", invalid="ignore"):
        log_period = np.log10(stars.numbers["period_days"])
    known = np.isfinite(log_period)
    low, high = float(log_period[known].min()), float(log_period[known].max())
    edges = np.linspace(low - 0.05, high + 0.05, int(np.clip(20.0 * (high - low), 10, 80)) + 1)
    groups = _by_class(stars)
    total = np.histogram(log_period[known], edges)[0]
    axes.stairs(total, 10.0**edges, color="#DDDDDD", fill=True, label="all")
    for name, mine in groups[:_MOST_LINES] if stars.label is not None else []:
        counted = np.histogram(log_period[known & mine], edges)[0]
        if counted.any():
            axes.stairs(
                counted, 10.0**edges, color=style_of(name).colour, linewidth=1.6, label=_entry(name, mine.sum())
            )
    _log_axis(axes, "x", 10.0 ** edges[0], 10.0 ** edges[-1])
    _log_axis(axes, "y", 0.7, 1.6 * float(total.max()), (1.0, np.inf))
    others = f"; the {_MOST_LINES} commonest classes" if len(groups) > _MOST_LINES else ""
    _tidy(axes, "period (d)", "stars per bin", f"periods of {int(known.sum()):,} stars{others}")
    if stars.label is not None:
        axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def _certainty(stars: _Stars) -> Figure:
    reasons = _reasons(stars)
    figure = blank_figure(10.5 if reasons else 6.4, 4.2)
    cells = figure.add_gridspec(1, 2 if reasons else 1)
    axes = figure.add_subplot(cells[0])
    sure = stars.numbers["probability"]
    edges = np.linspace(0.0, 1.0, 26)
    ok = np.ones(stars.n, dtype=bool) if stars.status is None else stars.status == "ok"
    parts = [("accepted", ok, "#0072B2"), ("not accepted", ~ok, "#E69F00")]
    floor = np.zeros(len(edges) - 1)
    for name, mine, colour in parts:
        counted = np.histogram(sure[mine & np.isfinite(sure)], edges)[0]
        if counted.any():
            axes.stairs(floor + counted, edges, baseline=floor, fill=True, color=colour, label=_entry(name, mine.sum()))
        floor = floor + counted
    axes.set_xlim(0.0, 1.0)
    axes.locator_params(axis="y", integer=True)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    _tidy(axes, "probability of the label", "stars", "how sure the labels are")
    if reasons:
        _reason_bars(figure.add_subplot(cells[1]), reasons, int((~ok).sum()))
    return figure


def _reasons(stars: _Stars) -> list[tuple[str, int]]:
    """Why stars have no answer, the commonest first; numbers in the sentences are not told apart."""
    if stars.status is None or stars.reason is None:
        return []
    said = stars.reason[(stars.status != "ok") & (stars.reason != "")]
    return Counter(re.sub(r"\d+(\.\d+)?", "…", str(reason)) for reason in said).most_common(_MOST_LINES)


def _reason_bars(axes: Axes, reasons: list[tuple[str, int]], total: int) -> None:
    for k, (reason, count) in enumerate(reasons):
        axes.barh(k, count, height=0.34, color=OTHER.colour)
        axes.annotate(
            f"{count:,}   {plain(reason, 62)}",
            (0, k - 0.34),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=_INK,
        )
    axes.set_ylim(max(len(reasons), 4) - 0.5, -0.7)
    axes.set_yticks([])
    axes.locator_params(axis="x", integer=True, nbins=6)
    _tidy(axes, "stars", "", f"why {total:,} stars have no accepted answer")


def _scatter(axes: Axes, x: Floats, y: Floats, name: str, count: int, size: float) -> None:
    style = style_of(name)
    axes.plot(
        x, y, style.mark, linestyle="none", color=style.colour, markersize=size, alpha=0.7, markeredgewidth=0,
        rasterized=True, label=_entry(name, count) if name else None,
    )  # fmt: skip


def _mark_size(n: int) -> float:
    return 6.0 if n < 300 else 4.0 if n < 3000 else 2.2


def _entry(name: str, count: Any) -> str:
    return f"{plain(name, 20)} ({int(count):,})"


def _key(axes: Axes, stars: _Stars) -> None:
    if stars.label is not None:
        key = axes.legend(frameon=False, fontsize=8.5, loc="upper left", bbox_to_anchor=(1.01, 1.0), handletextpad=0.1)
        for handle in key.legend_handles:
            handle.set(markersize=6.0, alpha=1.0)  # type: ignore[union-attr, unused-ignore]


def _tidy(axes: Axes, x: str, y: str, title: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title, loc="left", fontsize=11)
    axes.tick_params(labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _around(logs: Floats) -> tuple[float, float]:
    room = 0.05 + 0.03 * float(np.ptp(logs))
    return float(10.0 ** (logs.min() - room)), float(10.0 ** (logs.max() + room))


def _log_axis(axes: Axes, which: str, low: float, high: float, labels: tuple[float, float] = (0.0, np.inf)) -> None:
    """A logarithmic axis labelled in plain numbers: all of 1 to 9, or 1, 2, 5, or powers of ten, as many as fit."""
    decades = np.log10(high / low)
    steps = np.arange(1.0, 10.0) if decades < 0.8 else np.array([1.0, 2.0, 5.0]) if decades < 3.2 else np.ones(1)
    tens = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    ticks = np.outer(tens, steps).ravel()
    ticks = ticks[(ticks >= max(low, labels[0])) & (ticks <= min(high, labels[1]))]
    axes.set(**{f"{which}scale": "log", f"{which}lim": (low, high)})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(ticks, [f"{tick:,.0f}" if tick >= 1 else f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)


_CHARTS: dict[str, tuple[tuple[str, ...], Callable[[_Stars], Figure]]] = {
    "classes": (("label",), _classes),
    "amplitudes": (("period_days", "amplitude"), _amplitudes),
    "sky": (("ra", "dec"), _sky),
    "periods": (("period_days",), _periods),
    "certainty": (("probability",), _certainty),
}
