"""A picture of why: the light curve in the colours of what speaks for a class and what speaks against it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.lightcurves import LightCurve
from goodricke.output.palette import ink_on, style_of
from goodricke.output.panels import folded_values, median_curve
from goodricke.output.plots import Shown, blank_figure, frame_values, plain, save_figure, seen_apart, shown, time_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_explained", "explained_name"]

Floats = NDArray[np.float64]

_INK, _GREY = "#222222", "#666666"
_FOR, _AGAINST, _NEITHER = "#0072B2", "#D55E00", "#A6A6A6"
"""Blue and vermilion (Okabe & Ito 2008), which keep apart for colour-blind readers, and grey between them."""
_MARKS = "os^Dv<>ph*"
_DEEPEST = 0.45  # opacity of the background where most speaks
_CROWDED = 4000
_MOST_BARS = 8
_FEWEST_FOR_MEDIAN = 60
_LINE = 138  # letters
_FROM, _TO = -0.25, 1.75
"""Phases that are drawn: both minima of an eclipsing binary stand whole."""


@dataclass(frozen=True, eq=False)
class _Why:
    """A row of the table of explanations."""

    label: str
    sentence: str
    axis: str
    period_days: float
    epoch: float
    edges: Floats
    share: Floats
    log_odds: float
    level: float
    noise: float
    attention: dict[str, float]
    groups: dict[str, float]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> _Why:
        if not row.get("axis"):
            raise DataError(f"there is nothing to draw for {row.get('object_id')}: {row.get('reason') or 'no shares'}")
        numbers = {name: _number(row.get(name)) for name in ("period_days", "epoch", "log_odds", "level", "noise")}
        edges, share = (np.array(row[name], dtype=np.float64) for name in ("edges", "share"))
        days = row.get("candidates") or []
        return cls(
            label=str(row["explained_class"]),
            sentence=str(row.get("explained") or ""),
            axis=str(row["axis"]),
            edges=edges,
            share=share,
            attention={f"{one:.6g} d": part for one, part in zip(days, row.get("attention") or [], strict=True)},
            groups=dict(zip(row.get("group") or [], row.get("group_effect") or [], strict=True)),
            **numbers,
        )

    def half_of(self, star: LightCurve) -> NDArray[np.int64]:
        """Half window of every point."""
        if self.axis == "phase":
            phase = (star.time - self.epoch) / self.period_days - self.edges[0]
            half = ((phase - np.floor(phase)) * len(self.share)).astype(np.int64)
            return np.asarray(np.minimum(half, len(self.share) - 1))
        return np.asarray(np.clip(np.searchsorted(self.edges, star.time, side="right") - 1, 0, len(self.share) - 1))

    @cached_property
    def colours(self) -> NDArray[np.float64]:
        """Red, green, blue and opacity of every half window (H, 4): paler the less it says."""
        from matplotlib.colors import to_rgb

        most = max(float(np.abs(self.share).max()), self.noise / 4.0, 0.02)
        strength = np.sqrt(np.abs(self.share) / most)[:, None]
        full = np.where(self.share[:, None] >= 0, to_rgb(_FOR), to_rgb(_AGAINST))
        return np.hstack([full * strength + np.array(to_rgb(_NEITHER)) * (1.0 - strength), strength**2])


def explained_name(page: str) -> str:
    """Name of the picture beside that of a star's page.

    >>> explained_name("00003_V1.png")
    '00003_V1_explained.png'
    """
    return page.removesuffix(".png") + "_explained.png"


def draw_explained(star: LightCurve, row: Mapping[str, Any], path: str | Path) -> None:
    """Write a PNG of one star, its light coloured by what it says.

    Parameters
    ----------
    star : LightCurve
        As it was explained: cleaned.
    row : mapping
        Its row of ``Explanations.to_arrow()``.
    path : str or Path
        PNG file, 1320 pixels wide.

    Raises
    ------
    DataError
        If the star has no explanation.
    MissingDependency
        If matplotlib is not installed.
    """
    why = _Why.from_row(row)
    folded = why.axis == "phase"
    figure = blank_figure(12.0, 8.4 if folded else 6.2)
    heights = [0.62, 2.3, 0.95, 1.35] if folded else [0.62, 2.3, 0.95]
    beside = bool(why.attention or why.groups)
    widths = [3.6, 1.0] if beside else [1.0]
    cells = figure.add_gridspec(len(heights), len(widths), height_ratios=heights, width_ratios=widths)
    _head(figure.add_subplot(cells[0, :]), star, why)
    light = figure.add_subplot(cells[1, 0])
    strip = figure.add_subplot(cells[2, 0], sharex=light)
    (_draw_fold if folded else _draw_time)(light, star, why)
    _draw_strip(strip, star, why)
    if folded:
        _draw_time(figure.add_subplot(cells[3, 0]), star, why)
    if beside:
        _draw_beside(figure, cells[1:, 1], why)
    save_figure(figure, Path(path))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else np.nan


def _head(axes: Axes, star: LightCurve, why: _Why) -> None:
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    name = plain(star.object_id, 52)
    axes.text(0.0, 1.0, name, fontsize=16 if len(name) <= 32 else 13, fontweight="bold", va="top", color=_INK)
    facts = [star.survey, f"{len(star):,} points"]
    facts += [f"P = {why.period_days:.7g} d"] if why.axis == "phase" else []
    axes.text(0.0, 0.52, "  ·  ".join(facts), fontsize=9.5, va="top", color=_GREY)
    said = plain(why.sentence[:1].upper() + why.sentence[1:], 400)
    axes.text(0.0, 0.26, "\n".join(textwrap.wrap(said, _LINE)[:2]), fontsize=9.5, va="top", color=_INK)
    colour = style_of(why.label).colour
    axes.text(
        0.993, 0.92, f"why {plain(why.label, 20)}?", fontsize=15, fontweight="bold", ha="right", va="top",
        color=ink_on(colour), bbox={"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": "none"},
    )  # fmt: skip


def _draw_fold(axes: Axes, star: LightCurve, why: _Why) -> None:
    seen = folded_values(star)
    phase = (star.time - why.epoch) / why.period_days
    phase -= np.floor(phase)
    turn = np.concatenate([phase - 1.0, phase, phase + 1.0])
    inside = (turn >= _FROM) & (turn < _TO)
    index = np.tile(np.arange(len(phase)), 3)[inside]
    _shade(axes, star, why)
    _dots(axes, star, seen, turn[inside], index, why)
    if len(star) >= _FEWEST_FOR_MEDIAN:
        x, y = median_curve(phase, seen.value, int(np.clip(len(phase) // 8, 8, 200)))
        axes.plot(np.concatenate([x - 1, x, x + 1]), np.tile(y, 3), color=_INK, linewidth=0.9, alpha=0.8)
    axes.set_xlim(_FROM, _TO)
    axes.set_xticks(np.arange(_FROM, _TO + 0.01, 0.25))
    axes.tick_params(labelbottom=False)
    _legend(axes, star, why)


def _draw_time(axes: Axes, star: LightCurve, why: _Why) -> None:
    seen = shown(star)
    alone = why.axis == "time"
    if alone:
        _shade(axes, star, why)
    _dots(axes, star, seen, star.time, np.arange(len(star)), why)
    axes.margins(x=0.02)
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    axes.locator_params(axis="x", nbins=6)
    if alone:
        axes.tick_params(labelbottom=False)
        _legend(axes, star, why)
    else:
        axes.set_xlabel(time_label(star), fontsize=9)


def _dots(axes: Axes, star: LightCurve, seen: Shown, x: Floats, index: NDArray[np.int64], why: _Why) -> None:
    """Points in the colour of their half windows; what says most lies on top."""
    limits = frame_values(seen.value, seen.error)
    if len(index) > _CROWDED:
        width, height = float(np.ptp(x)) or 1.0, 1.2 * (limits[1] - limits[0])
        some = seen_apart(x / width, seen.value[index] / height)
        x, index = x[some], index[some]
    half = why.half_of(star)[index]
    order = np.argsort(np.abs(why.share[half]), kind="stable")
    size = 14.0 if len(star) < 500 else 9.0 if len(star) < 3000 else 3.0
    for name, mark in zip(star.bands, _MARKS * (1 + len(star.bands) // len(_MARKS)), strict=False):
        here = order[star.band[index[order]] == name]
        axes.scatter(
            x[here], seen.value[index[here]], s=size, c=why.colours[half[here], :3], marker=mark, linewidths=0,
            rasterized=True, zorder=2,
        )  # fmt: skip
    axes.set_ylim(limits[::-1] if seen.in_mag else limits)
    axes.set_ylabel(seen.label, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _shade(axes: Axes, star: LightCurve, why: _Why) -> None:
    """The background in the same colours."""
    for start, stop, k in _spans(star, why):
        colour = why.colours[k]
        axes.axvspan(start, stop, facecolor=colour[:3], alpha=_DEEPEST * colour[3], linewidth=0, zorder=0)


def _spans(star: LightCurve, why: _Why) -> list[tuple[float, float, int]]:
    """Begin, end and number of every half window that is drawn: twice in phase; in time without the gaps about it."""
    if why.axis == "phase":
        twice = [
            (max(start + cycle, _FROM), min(stop + cycle, _TO), k)
            for k, (start, stop) in enumerate(zip(why.edges[:-1].tolist(), why.edges[1:].tolist(), strict=True))
            for cycle in (-1, 0, 1)
        ]
        return [one for one in twice if one[1] > one[0]]
    half, pad = why.half_of(star), 0.002 * float(np.ptp(star.time))
    found = []
    for k in np.unique(half).tolist():
        here = star.time[half == k]
        start, stop = max(here.min() - pad, why.edges[k]), min(here.max() + pad, why.edges[k + 1])
        found.append((float(start), float(stop), k))
    return found


def _draw_strip(axes: Axes, star: LightCurve, why: _Why) -> None:
    """What every half window adds, in numbers."""
    for start, stop, k in _spans(star, why):
        share, strength = float(why.share[k]), float(np.sqrt(why.colours[k, 3]))
        colour = _FOR if share >= 0 else _AGAINST
        axes.bar(start, share, stop - start, align="edge", color=colour, alpha=0.35 + 0.65 * strength, linewidth=0)
    axes.axhline(0.0, color=_INK, linewidth=0.7)
    low, high = min(float(why.share.min()), 0.0), max(float(why.share.max()), 0.0)
    room = 0.1 * max(high - low, 0.1)
    axes.set_ylim(low - (room if low < 0 else 0.0), high + room)
    axes.set_ylabel("adds to ln odds", fontsize=9)
    axes.set_xlabel("phase (0: minimum light)" if why.axis == "phase" else time_label(star), fontsize=9)
    axes.set_title(
        f"ln odds for {plain(why.label, 20)}: {_signed(why.level)} on level light, {_signed(why.log_odds)} as it is",
        loc="left", fontsize=9, color=_GREY,
    )  # fmt: skip
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−").replace("−0.0", "0.0")


def _legend(axes: Axes, star: LightCurve, why: _Why) -> None:
    from matplotlib.lines import Line2D

    label = plain(why.label, 20)
    sides = ((_FOR, f"speaks for {label}"), (_AGAINST, f"speaks against {label}"), (_NEITHER, "neither"))
    marks = [Line2D([], [], color=one, marker="o", markersize=6, linestyle="", label=words) for one, words in sides]
    if len(star.bands) > 1:
        marks += [
            Line2D([], [], color=_GREY, marker=mark, markersize=5, linestyle="", label=plain(name, 12))
            for name, mark in zip(star.bands[:6], _MARKS, strict=False)
        ]
    axes.legend(
        handles=marks, frameon=False, ncols=len(marks), fontsize=9, loc="lower left", bbox_to_anchor=(-0.01, 0.99),
        handletextpad=0.1, columnspacing=1.4, borderaxespad=0.2,
    )  # fmt: skip


def _draw_beside(figure: Figure, cell: Any, why: _Why) -> None:
    """What the network attended to, and which features mattered."""
    groups = dict(sorted(why.groups.items(), key=lambda item: -abs(item[1]))[:_MOST_BARS])
    attention = dict(sorted(why.attention.items(), key=lambda item: -item[1])[:_MOST_BARS])
    both = (("attention to periods", attention), ("features: ln odds lost\nwithout them", groups))
    drawn = [(title, bars) for title, bars in both if bars]
    inner = cell.subgridspec(len(drawn), 1, height_ratios=[max(len(bars), 3) + 1.5 for _, bars in drawn])
    for place, (title, bars) in zip(inner, drawn, strict=True):
        _bars(figure.add_subplot(place), list(bars), list(bars.values()))
        figure.axes[-1].set_title(title, loc="left", fontsize=9, color=_GREY)


def _bars(axes: Axes, names: Sequence[str], values: Sequence[float]) -> None:
    line = np.arange(len(names))
    axes.barh(line, values, height=0.62, color=[_FOR if value >= 0 else _AGAINST for value in values])
    low, high = min(*values, 0.0), max(*values, 0.0)
    width = max(high - low, 1e-9)
    for k, value in enumerate(values):
        said = f"{value:.2f}".replace("-", "−")
        axes.annotate(said, (max(value, 0.0) + 0.03 * width, k), va="center", fontsize=8, color=_INK)
    axes.axvline(0.0, color=_INK, linewidth=0.7)
    axes.set_yticks(line, [plain(name, 24) for name in names], fontsize=8.5)
    axes.set_ylim(max(len(names), 3) - 0.4, -0.6)
    axes.set_xlim(low - 0.02 * width, high + 0.3 * width)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
