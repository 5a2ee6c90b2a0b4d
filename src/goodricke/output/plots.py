"""Pictures of light curves, and what all pictures share. matplotlib is imported only when a picture is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
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

__all__ = [
    "Shown", "band_colours", "blank_figure", "draw_curve", "draw_sheet", "draw_star", "file_name", "frame_values",
    "page_name", "plain", "save_figure", "seen_apart", "shown", "time_label",
]  # fmt: skip

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
    figure = blank_figure(9.0, 4.2)
    axes = figure.add_subplot()
    draw_curve(axes, star)
    axes.set_title(f"{plain(star.object_id)}   {star.survey}, {len(star):,} points", loc="left", fontsize=11)
    axes.set_xlabel(time_label(star))
    if len(star.bands) > 1:
        axes.legend(frameon=False, ncols=len(star.bands), loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=9)
    save_figure(figure, Path(path))


def draw_sheet(lcs: LightCurves, path: str | Path) -> None:
    """Write one PNG with a small panel per star."""
    n = len(lcs)
    columns = 1 if n == 1 else 2 if n <= 8 else 4
    rows = -(-n // columns)
    figure = blank_figure(5.2 * columns, 2.1 * rows + 0.2)
    for k, star in enumerate(lcs):
        axes = figure.add_subplot(rows, columns, k + 1)
        draw_curve(axes, star)
        several = len(star.bands) > 1
        axes.set_title(
            f"{plain(star.object_id)}  ({star.survey}{'' if several else ', ' + plain(star.bands[0])})",
            loc="left",
            fontsize=9,
        )
        axes.set_xlabel(time_label(star), fontsize=8)
        axes.tick_params(labelsize=8)
        axes.yaxis.label.set_fontsize(8)
        if several:
            axes.legend(
                frameon=False, fontsize=7, loc="lower right", bbox_to_anchor=(1.0, 0.97), ncols=6, handletextpad=0
            )
    save_figure(figure, Path(path))


def file_name(star: LightCurve, k: int) -> str:
    """A safe PNG name for the k-th star.

    >>> lcs = LightCurves.from_arrays([1.0], flux=[1.0], object_id="../TIC 1/x")
    >>> file_name(lcs[0], 3)
    '00003_TIC_1_x.png'
    """
    return page_name(star.object_id, k)


def page_name(object_id: str, k: int) -> str:
    """The same, from the name of the star."""
    return f"{k:05d}_{re.sub(r'[^A-Za-z0-9+-]+', '_', object_id).strip('_')[:80]}.png"


def blank_figure(width: float, height: float) -> Figure:
    """An empty figure of this size in inches, laid out so that no labels overlap.

    Raises
    ------
    MissingDependency
        If matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependency("matplotlib", "plot") from error
    figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


@dataclass(frozen=True)
class Shown:
    """What is drawn of a star: magnitudes where they are known, flux otherwise.

    ``value`` and ``error`` (n,) belong to the points of the star; ``in_mag`` says that the axis points downwards.
    """

    value: NDArray[np.float64]
    error: NDArray[np.float64]
    in_mag: bool
    label: str


def shown(star: LightCurve) -> Shown:
    """The quantity that people expect to see of this star."""
    mag = star.mag
    difference = bool(star.batch.difference[0])
    # A few faint points below zero flux have no magnitude; a curve that mostly has none is drawn as flux.
    if not difference and np.isfinite(mag).sum() > 0.9 * len(mag) and star.survey.split("_")[0] not in _FLUX_SURVEYS:
        return Shown(mag, star.mag_err, True, "magnitude")
    label = "flux above template" if difference else "relative flux"
    return Shown(star.flux.astype(np.float64), star.flux_err.astype(np.float64), False, label)


def draw_curve(axes: Axes, star: LightCurve) -> None:
    """Draw all points against time."""
    seen = shown(star)
    limits = frame_values(seen.value, seen.error)
    bars = len(star) <= 3000
    span = float(np.ptp(star.time)) or 1.0
    for name, colour in band_colours(star.bands).items():
        here = np.flatnonzero(star.band == name)
        if not bars:
            height = limits[1] - limits[0]
            here = here[seen_apart(star.time[here] / span, seen.value[here] / height)]
        size = 3.0 if len(star) < 500 else 2.0 if bars else 1.0
        axes.errorbar(
            star.time[here],
            seen.value[here],
            yerr=seen.error[here] if bars else None,
            fmt="o",
            markersize=size,
            elinewidth=0.6,
            color=colour,
            ecolor=f"{colour}60",
            label=plain(name),
            markeredgewidth=0,
            rasterized=True,
        )
    axes.set_ylim(limits[::-1] if seen.in_mag else limits)
    axes.set_ylabel(seen.label)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.02)
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    axes.locator_params(axis="x", nbins=6)


def seen_apart(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of one point for every cell of a fine raster, so that a hundred thousand points cost no more than are seen.

    Parameters
    ----------
    x, y : (n,)
        In widths and heights of the panel; the raster has 1/2400 of a width by 1/800 of a height. Points that are not
        finite are left out.

    Examples
    --------
    >>> seen_apart(np.array([0.0, 1e-5, 0.5]), np.zeros(3))
    array([0, 2])
    """
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    across, up = np.floor(x[finite] * 2400.0), np.floor(np.clip(y[finite], -1e6, 1e6) * 800.0)
    first = np.unique(across + 1j * up, return_index=True)[1]
    return np.sort(finite[first])


_FLUX_SURVEYS = {"tess", "kepler", "k2"}


def band_colours(bands: tuple[str, ...]) -> dict[str, str]:
    """The colour that people expect of a band where it is free, another where it is taken (V and g are both green)."""
    chosen: dict[str, str] = {}
    for name in bands:
        free = [colour for colour in _COLOURS if colour not in chosen.values()] or list(_COLOURS)
        usual = _KNOWN.get(name, free[0])
        chosen[name] = usual if usual not in chosen.values() else free[0]
    return chosen


def frame_values(value: NDArray[Any], error: NDArray[Any]) -> tuple[float, float]:
    """Lowest and highest value to show: one bad point must not flatten the curve, an eclipse must stay whole."""
    good = value[np.isfinite(value)]
    if not len(good):
        return 0.0, 1.0
    low, high = np.quantile(good, [0.005, 0.995])
    room = 3 * (high - low) + 5 * float(np.nanmedian(error)) + 1e-9
    inside = good[(good > low - room) & (good < high + room)]
    pad = 0.06 * float(np.ptp(inside)) + float(np.nanmedian(error)) + 1e-9
    return float(inside.min()) - pad, float(inside.max()) + pad


def plain(text: str, most: int = 60) -> str:
    """A name from a file as it may stand in a picture: no formulas, no line breaks, nothing that the font lacks.

    >>> plain("BD+$1"), plain("a\\nb"), plain("x" * 9, 5)
    ('BD+\\\\$1', 'a?b', 'xxxx…')
    """
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties()))
    short = text if len(text) <= most else text[: most - 1] + "…"
    known = "".join(sign if sign.isprintable() and font.get_char_index(ord(sign)) else "?" for sign in short)
    return known.replace("$", r"\$")


def time_label(star: LightCurve) -> str:
    """Label of the time axis."""
    frame = str(star.time_frame)
    return "time (d)" if frame == "TIME" else f"{frame} (d)"


def save_figure(figure: Figure, path: Path) -> None:
    """Write a PNG, whole or not at all."""
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png")
