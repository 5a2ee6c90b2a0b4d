"""The panels of a star's page: folded curve, periodogram, bars of probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurve
from goodricke.output.palette import style_of
from goodricke.output.plots import Shown, band_colours, frame_values, plain, seen_apart, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_bars", "draw_fold", "draw_periodogram", "folded_values", "median_curve", "periodogram", "thinned"]

Floats = NDArray[np.float64]

_INK, _FAINT = "#222222", "#8A8A8A"
_MOST_DRAWN = 4000
_CROWDED = 4000
_FEWEST_FOR_MEDIAN = 60
_WIDEST_GAP = 0.15  # of a cycle; no line is drawn across more
_NIGHTLY = 0.35  # |mean of exp(2 pi i t)|, t in days: 0 for sampling around the clock, 1 at one hour of every day


def folded_values(star: LightCurve) -> Shown:
    """What a fold shows: one band as it is, several as differences to the median of each."""
    seen = shown(star)
    if len(star.bands) < 2:
        return seen
    value = seen.value.copy()
    for name in star.bands:
        here = star.band == name
        value[here] -= np.nanmedian(value[here])
    return Shown(value, seen.error, seen.in_mag, f"{seen.label} − median of its band")


def median_curve(phase: Floats, value: Floats, n_bins: int) -> tuple[Floats, Floats]:
    """Mean phase and median of the points in every bin of phase that holds one, phase in [0, 1).

    >>> median_curve(np.array([0.1, 0.2, 0.3, 0.9]), np.array([1.0, 5.0, 2.0, 7.0]), 2)
    (array([0.2, 0.9]), array([2., 7.]))
    """
    finite = np.isfinite(value)
    phase, value = phase[finite], value[finite]
    cell = np.minimum((phase * n_bins).astype(np.int64), n_bins - 1)
    order = np.argsort(cell, kind="stable")
    offsets = ragged.offsets_from_ids(cell, n_bins)
    filled = offsets[1:] > offsets[:-1]
    return ragged.means(phase[order], offsets)[filled], ragged.medians(value[order], offsets)[filled]


def draw_fold(axes: Axes, star: LightCurve, period_days: float, epoch: float, n_cycles: int = 2) -> None:
    """Draw the folded curve from phase -0.5 on, with a median curve per band where there are points enough."""
    seen = folded_values(star)
    limits = frame_values(seen.value, seen.error)
    phase = (star.time - epoch) / period_days
    phase -= np.floor(phase)
    cycles = np.arange(n_cycles)
    for name, colour in band_colours(star.bands).items():
        here = np.flatnonzero(star.band == name)
        if len(here) > _CROWDED:
            here = here[seen_apart(phase[here] / 1.2, seen.value[here] / (1.5 * (limits[1] - limits[0])))]
        turn = (phase[here][:, None] + np.where(phase[here] >= 0.5, -1.0, 0.0)[:, None] + cycles).ravel()
        size, opacity = (3.2, 0.75) if len(here) < 500 else (2.0, 0.45) if len(here) < 3000 else (1.2, 0.25)
        axes.plot(
            turn,
            np.repeat(seen.value[here], n_cycles),
            "o",
            color=colour,
            markersize=size,
            alpha=opacity,
            markeredgewidth=0,
            rasterized=True,
        )
    for name, colour in band_colours(star.bands).items():
        _draw_median(axes, phase[star.band == name], seen.value[star.band == name], colour, len(star.bands) > 1)
    axes.set_ylim(limits[::-1] if seen.in_mag else limits)
    axes.set_xlim(-0.5, n_cycles - 0.5)
    axes.set_xticks(np.arange(-0.5, n_cycles - 0.4, 0.5))
    axes.set_xlabel("phase", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_median(axes: Axes, phase: Floats, value: Floats, colour: str, coloured: bool) -> None:
    if len(phase) < _FEWEST_FOR_MEDIAN:
        return
    x, y = median_curve(phase, value, int(np.clip(len(phase) // 8, 8, 200)))
    x, y = np.concatenate([x - 1.0, x, x + 1.0, x + 2.0]), np.tile(y, 4)
    gaps = np.flatnonzero(np.diff(x) > _WIDEST_GAP) + 1
    x, y = np.insert(x, gaps, np.nan), np.insert(y, gaps, np.nan)
    axes.plot(x, y, color=colour if coloured else _INK, linewidth=0.9, alpha=0.85)


def periodogram(star: LightCurve) -> tuple[Floats, Floats]:
    """Periods in days, growing, and floating-mean power of the whole star with its bands at one level."""
    from goodricke.period.grid import grid_for
    from goodricke.period.periods import levelled
    from goodricke.period.spectrum import power

    time, err = star.time, star.flux_err.astype(np.float64)
    grid = grid_for(time)
    found = power(time, levelled(star.batch), err, grid)
    return 1.0 / grid.frequencies[::-1], found[::-1]


def thinned(period: Floats, power: Floats, most: int = _MOST_DRAWN) -> tuple[Floats, Floats]:
    """The highest power in each of `most` equal steps of log period, so that no peak is lost.

    >>> thinned(np.array([1.0, 1.001, 10.0]), np.array([0.2, 0.9, 0.1]), 10)
    (array([ 1.001, 10.   ]), array([0.9, 0.1]))
    """
    place = np.log(period)
    cell = ((place - place[0]) / max(place[-1] - place[0], 1e-12) * most).astype(np.int64)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    highest = np.maximum.reduceat(power, starts)
    lengths = np.diff(starts, append=len(power))
    at_top = np.flatnonzero(power == np.repeat(highest, lengths))
    step = np.searchsorted(at_top, starts)
    return period[at_top[step]], power[at_top[step]]


def draw_periodogram(axes: Axes, star: LightCurve, candidates: Sequence[float]) -> None:
    """Power against period, the ranked candidates and, for nightly sampling, the daily aliases of the highest peak."""
    period, power = periodogram(star)
    drawn = thinned(period, power)
    axes.fill_between(*drawn, color="#9DB4C6", linewidth=0)
    axes.plot(*drawn, color="#3B5B76", linewidth=0.6)
    axes.set_xscale("log")
    axes.set_xlim(period[0], period[-1])
    top = max(float(power.max()), 1e-3)
    axes.set_ylim(0.0, 1.5 * top)
    axes.set_yticks([tick for tick in axes.get_yticks() if tick <= 1.02 * top])
    if _is_nightly(star.time):
        frequency = 1.0 / period[int(np.argmax(power))]
        aliases = [1.0 / abs(frequency + shift) for shift in (-2.0, -1.0, 1.0, 2.0) if abs(frequency + shift) > 1e-3]
        for k, alias in enumerate(alias for alias in aliases if period[0] < alias < period[-1]):
            label = "highest peak ± 1 and 2 cycles per day" if k == 0 else None
            axes.axvline(alias, ymax=0.68, color="#D55E00", linestyle=(0, (1, 2)), linewidth=1.0, zorder=0, label=label)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize=8, loc="upper right", borderaxespad=0.1)
    _mark(axes, candidates, period, top)
    axes.xaxis.set_major_formatter(_days)
    axes.set_xlabel("period (d)", fontsize=9)
    axes.set_ylabel("power", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _mark(axes: Axes, candidates: Sequence[float], period: Floats, top: float) -> None:
    """A numbered mark over every candidate; those that would stand on another go one floor up."""
    width = np.log(period[-1] / period[0])
    floors: list[list[float]] = [[] for _ in range(3)]
    for rank, days in enumerate(candidates, 1):
        if not period[0] <= days <= period[-1]:
            continue
        place = float(np.log(days / period[0]) / width)
        floor = next((k for k, taken in enumerate(floors) if all(abs(place - x) > 0.022 for x in taken)), 2)
        floors[floor].append(place)
        first = rank == 1
        axes.plot([days, days], [0.0, 1.04 * top], color=_INK, linewidth=0.9 if first else 0.5, alpha=0.7)
        axes.annotate(
            str(rank),
            (days, (1.10 + 0.125 * floor) * top),
            ha="center",
            va="center",
            fontsize=8,
            color="white" if first else _INK,
            bbox={"boxstyle": "circle,pad=0.18", "facecolor": _INK if first else "white", "edgecolor": _INK, "lw": 0.7},
        )


def _is_nightly(time: Floats) -> bool:
    return bool(abs(np.exp(2j * np.pi * time).mean()) > _NIGHTLY)


def _days(days: float, _: object = None) -> str:
    return f"{days:g}"


def draw_bars(axes: Axes, names: Sequence[str], odds: Sequence[float], chosen: Sequence[str], is_class: bool) -> None:
    """Bars of probability, the first on top; those in `chosen` are solid and their names bold."""
    line = np.arange(len(names))
    for k, (name, chance) in enumerate(zip(names, odds, strict=True)):
        inside = not chosen or name in chosen
        colour = style_of(name).colour if is_class else "#3B5B76"
        axes.barh(k, chance, height=0.62, color=colour, alpha=1.0 if inside else 0.3)
        axes.annotate(
            f" {chance:.2f}" if chance >= 0.005 else " <0.01" if chance > 0 else " 0",
            (chance, k),
            va="center",
            fontsize=8,
            color=_INK if inside else _FAINT,
        )
    axes.set_yticks(line, [plain(name) for name in names], fontsize=9)
    for label, name in zip(axes.get_yticklabels(), names, strict=True):
        label.set_fontweight("bold" if name in chosen else "normal")
    axes.set_ylim(max(len(names), 3) - 0.4, -0.6)
    axes.set_xlim(0.0, 1.14)
    axes.set_xticks([0.0, 0.5, 1.0])
    axes.tick_params(axis="x", labelsize=8)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
