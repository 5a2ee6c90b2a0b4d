"""Pictures of light curves. The only file that imports matplotlib, and only when a picture is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import MissingDependency
from goodricke.lightcurves import LightCurve, LightCurves
from goodricke.output.atomic import whole_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_sheet", "draw_star", "file_name"]

# Colours that keep apart for colour-blind readers (Okabe & Ito 2008), fixed for the bands people know.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_GREEN, _RED, _PINK, _BLUE, _SKY = "#009E73", "#D55E00", "#CC79A7", "#0072B2", "#56B4E9"
_KNOWN = {
    "V": _GREEN, "g": _GREEN, "G": _GREEN, "r": _RED, "R": _RED, "RP": _RED, "W2": _RED, "o": _RED, "i": _PINK,
    "I": _PINK, "B": _BLUE, "BP": _BLUE, "W1": _BLUE, "TESS": _BLUE, "Kepler": _BLUE, "c": _SKY,
}  # fmt: skip


def draw_star(star: LightCurve, path: str | Path) -> None:
    """Write a PNG of one star: every band in its colour, error bars, eclipses pointing down.

    Parameters
    ----------
    star : LightCurve
        What to draw; magnitudes are shown when they are known, relative flux otherwise.
    path : str or Path
        PNG file.
    """
    figure = _figure(9.0, 4.2)
    axes = figure.add_subplot()
    _curve(axes, star)
    axes.set_title(f"{star.object_id}   {star.survey}, {len(star):,} points", loc="left", fontsize=11)
    axes.set_xlabel(_time_label(star))
    if len(star.bands) > 1:
        axes.legend(frameon=False, ncols=len(star.bands), loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=9)
    _save(figure, Path(path))


def draw_sheet(lcs: LightCurves, path: str | Path) -> None:
    """Write one PNG with a small panel per star."""
    n = len(lcs)
    columns = 1 if n == 1 else 2 if n <= 8 else 4
    rows = -(-n // columns)
    figure = _figure(5.2 * columns, 2.1 * rows + 0.2)
    for k, star in enumerate(lcs):
        axes = figure.add_subplot(rows, columns, k + 1)
        _curve(axes, star)
        several = len(star.bands) > 1
        axes.set_title(
            f"{star.object_id}  ({star.survey}{'' if several else ', ' + star.bands[0]})", loc="left", fontsize=9
        )
        axes.set_xlabel(_time_label(star), fontsize=8)
        axes.tick_params(labelsize=8)
        axes.yaxis.label.set_fontsize(8)
        if several:
            axes.legend(
                frameon=False, fontsize=7, loc="lower right", bbox_to_anchor=(1.0, 0.97), ncols=6, handletextpad=0
            )
    _save(figure, Path(path))


def file_name(star: LightCurve, k: int) -> str:
    """A safe PNG name for the k-th star.

    >>> lcs = LightCurves.from_arrays([1.0], flux=[1.0], object_id="../TIC 1/x")
    >>> file_name(lcs[0], 3)
    '00003_TIC_1_x.png'
    """
    return f"{k:05d}_{re.sub(r'[^A-Za-z0-9+-]+', '_', star.object_id).strip('_')[:80]}.png"


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependency("matplotlib", "plot") from error
    figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _curve(axes: Axes, star: LightCurve) -> None:
    mag = star.mag
    # A few faint points below zero flux have no magnitude; a curve that mostly has none is drawn as flux.
    in_mag = (
        not star.batch.difference[0]
        and np.isfinite(mag).mean() > 0.9
        and star.survey.split("_")[0] not in _FLUX_SURVEYS
    )
    value, error = (mag, star.mag_err) if in_mag else (star.flux, star.flux_err)
    bars = len(star) <= 3000
    for name, colour in _colours(star.bands).items():
        here = star.band == name
        size = 3.0 if len(star) < 500 else 2.0 if bars else 1.0
        axes.errorbar(
            star.time[here],
            value[here],
            yerr=error[here] if bars else None,
            fmt="o",
            markersize=size,
            elinewidth=0.6,
            color=colour,
            ecolor=f"{colour}60",
            label=name,
            markeredgewidth=0,
            rasterized=True,
        )
    _limits(axes, value, error)
    if in_mag:
        axes.invert_yaxis()
    axes.set_ylabel("magnitude" if in_mag else "flux above template" if star.batch.difference[0] else "relative flux")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.02)
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    axes.locator_params(axis="x", nbins=6)


_FLUX_SURVEYS = {"tess", "kepler", "k2"}


def _colours(bands: tuple[str, ...]) -> dict[str, str]:
    """The colour that people expect of a band where it is free, another where it is taken (V and g are both green)."""
    chosen: dict[str, str] = {}
    for name in bands:
        free = [colour for colour in _COLOURS if colour not in chosen.values()] or list(_COLOURS)
        usual = _KNOWN.get(name, free[0])
        chosen[name] = usual if usual not in chosen.values() else free[0]
    return chosen


def _limits(axes: Axes, value: NDArray[Any], error: NDArray[Any]) -> None:
    """Room for all points but the wildest: one bad point must not flatten the curve, an eclipse must stay whole."""
    good = value[np.isfinite(value)]
    if not len(good):
        return
    low, high = np.quantile(good, [0.005, 0.995])
    room = 3 * (high - low) + 5 * float(np.nanmedian(error)) + 1e-9
    inside = good[(good > low - room) & (good < high + room)]
    pad = 0.06 * (inside.max() - inside.min()) + float(np.nanmedian(error))
    axes.set_ylim(inside.min() - pad, inside.max() + pad)


def _time_label(star: LightCurve) -> str:
    frame = str(star.time_frame)
    return "time (d)" if frame == "TIME" else f"{frame} (d)"


def _save(figure: Figure, path: Path) -> None:
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png")
