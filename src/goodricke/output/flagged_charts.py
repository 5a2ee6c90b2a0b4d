"""Pictures of where the flagged stars are among the others: on the sky, in distance, by colour and magnitude."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.output.binary_charts import BINARY, GREY, GRID, INK, tidied
from goodricke.output.plots import blank_figure, save_figure, seen_apart
from goodricke.output.sky_map import on_the_sky, sky_axes
from goodricke.output.spectral_catalogue import THRESHOLDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_colour_magnitude", "draw_distances", "draw_flagged_sky"]

Floats = NDArray[np.float64]

_ALL = "#8A8A8A"
_FAR_PC = 10_000.0
_FEWEST_FOR_CONTOURS = 400


def draw_flagged_sky(
    ra: ArrayLike, dec: ArrayLike, probability: ArrayLike, path: str | Path, threshold: float = THRESHOLDS[0]
) -> None:
    """Write a PNG of the flagged stars on the whole sky, the others in grey below them.

    Parameters
    ----------
    ra, dec : (N,)
        ICRS degrees.
    probability : (N,)
        Of a binary.
    path : str or Path
        PNG file.
    threshold : float
        Stars above it are flagged.
    """
    figure = blank_figure(10.0, 5.2)
    axes = sky_axes(figure)
    x, y = on_the_sky(np.asarray(ra, dtype=np.float64), np.asarray(dec, dtype=np.float64))
    p = np.asarray(probability, dtype=np.float64)
    size = 5.0 if len(p) < 300 else 3.4 if len(p) < 3000 else 1.8
    for mine, colour, name in ((~(p > threshold), "#BFBFBF", "others"), (p > threshold, BINARY, f"p > {threshold:g}")):
        here = np.flatnonzero(mine & np.isfinite(x) & np.isfinite(y))
        drawn = here[seen_apart(x[here] / 6.0, y[here] / 3.0)]
        axes.plot(
            x[drawn], y[drawn], "o", color=colour, markersize=size, markeredgewidth=0, alpha=0.8, rasterized=True,
            label=f"{name} ({len(here):,})",
        )  # fmt: skip
    axes.set_title(
        "right ascension and declination (ICRS), grey line: plane of the Galaxy",
        fontsize=10, loc="left", color=GREY, pad=16,
    )  # fmt: skip
    key = figure.legend(frameon=False, fontsize=9, ncols=2, loc="outside lower center", handletextpad=0.1)
    for handle in key.legend_handles:
        handle.set(markersize=6.0, alpha=1.0)  # type: ignore[union-attr, unused-ignore]
    save_figure(figure, Path(path))


def draw_distances(
    distance_pc: ArrayLike, probability: ArrayLike, path: str | Path, threshold: float = THRESHOLDS[0]
) -> None:
    """Write a PNG of the distances of all stars and of the flagged ones (Jing et al., fig. 9).

    Parameters
    ----------
    distance_pc : (N,)
        Parsecs; what is not positive is left out.
    probability : (N,)
        Of a binary; stars without one count among all.
    path : str or Path
        PNG file.
    threshold : float
        Stars above it are flagged.
    """
    d, p = np.asarray(distance_pc, dtype=np.float64), np.asarray(probability, dtype=np.float64)
    known = np.isfinite(d) & (d > 0)
    if not known.any():
        raise DataError("no star has a distance above 0; there is nothing to draw")
    d, flagged = d[known], (p > threshold)[known]
    low, high = np.log10(d.min()), np.log10(d.max())
    edges = 10.0 ** np.linspace(low - 0.02, high + 0.02, int(np.clip(20 * (high - low), 12, 60)) + 1)
    figure = blank_figure(7.6, 4.4)
    axes = figure.add_subplot()
    axes.stairs(np.histogram(d, edges)[0], edges, color="#C9C9C9", fill=True, label=f"all stars ({len(d):,})")
    axes.stairs(
        np.histogram(d[flagged], edges)[0], edges, color=BINARY, linewidth=1.8,
        label=f"p > {threshold:g} ({int(flagged.sum()):,})",
    )  # fmt: skip
    notes = []
    if flagged.any():
        middle = float(np.median(d[flagged]))
        axes.axvline(middle, color=BINARY, linewidth=1.1, linestyle="--")
        notes.append(f"median of the flagged {_parsecs(middle)}, farthest {_parsecs(float(d[flagged].max()))}")
    far = int((d[flagged] > _FAR_PC).sum())
    if (d > _FAR_PC).any():
        notes.append(f"{far:,} flagged beyond {_parsecs(_FAR_PC)}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(0.7, None)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    if high - low < 1.5:
        axes.xaxis.set_minor_formatter(lambda x, _: f"{x:g}" if f"{x:e}"[0] in "25" else "")
        axes.tick_params(axis="x", which="minor", labelsize=8)
    tidied(axes, "distance (pc)", "stars per bin", "; ".join(notes))
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    save_figure(figure, Path(path))


def draw_colour_magnitude(
    absolute_g: ArrayLike,
    colour: ArrayLike,
    probability: ArrayLike,
    path: str | Path,
    threshold: float = THRESHOLDS[0],
    colour_name: str = "BP − RP",
) -> None:
    """Write a PNG of the colour-magnitude diagram: contours of the unflagged, the flagged in colour (fig. 10).

    Parameters
    ----------
    absolute_g : (N,)
        Absolute magnitude in G, not corrected for extinction unless you did.
    colour : (N,)
        Magnitudes.
    probability : (N,)
        Of a binary; stars without one are left out.
    path : str or Path
        PNG file.
    threshold : float
        Stars above it are flagged.
    colour_name : str
        Label of the axis.
    """
    y, x, p = (np.asarray(values, dtype=np.float64) for values in (absolute_g, colour, probability))
    known = np.isfinite(x) & np.isfinite(y) & np.isfinite(p)
    if not known.any():
        raise DataError("no star has a colour, an absolute magnitude and a probability; there is nothing to draw")
    x, y, flagged = x[known], y[known], (p > threshold)[known]
    limits = (_frame(x), _frame(y))
    figure = blank_figure(6.4, 6.2)
    axes = figure.add_subplot()
    spread = (limits[0][1] - limits[0][0], limits[1][1] - limits[1][0])
    for mine, tone, name in ((flagged, BINARY, f"p > {threshold:g}"), (~flagged, INK, f"p ≤ {threshold:g}")):
        here = np.flatnonzero(mine)
        label = f"{name} ({len(here):,})"
        if len(here) >= _FEWEST_FOR_CONTOURS:
            _contours(axes, x[here], y[here], limits, tone, filled=mine is flagged)
            axes.plot([], [], "s" if mine is flagged else "-", color=tone, label=label)
            continue
        drawn = here[seen_apart(x[here] / spread[0], y[here] / spread[1])]
        axes.plot(
            x[drawn], y[drawn], "o" if mine is flagged else ".", color=tone if mine is flagged else _ALL,
            markersize=3.6, markeredgewidth=0, alpha=0.75, label=label, zorder=3 if mine is flagged else 2,
        )  # fmt: skip
    axes.set_xlim(limits[0])
    axes.set_ylim(limits[1][::-1])
    axes.grid(color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    tidied(axes, f"{colour_name} (mag)", "absolute magnitude in G", "")
    axes.legend(frameon=False, fontsize=9, loc="upper right")
    save_figure(figure, Path(path))


def _contours(
    axes: Axes, x: Floats, y: Floats, limits: tuple[tuple[float, float], tuple[float, float]], colour: str, filled: bool
) -> None:
    """Lines that hold a tenth, 3, 5, 7, 9 tenths of the stars, from a histogram smoothed by a cell and a half."""
    from matplotlib.colors import LinearSegmentedColormap
    from scipy.ndimage import gaussian_filter

    n = int(np.clip(np.sqrt(len(x)) * 1.5, 40, 120))
    counts, across, up = np.histogram2d(x, y, n, limits)
    smooth = gaussian_filter(counts, 1.5)
    ranked = np.sort(smooth.ravel())[::-1]
    inside = np.cumsum(ranked) / max(ranked.sum(), 1e-300)
    rank = np.minimum(np.searchsorted(inside, [0.9, 0.7, 0.5, 0.3, 0.1]), len(ranked) - 1)
    levels = np.unique(ranked[rank])
    middle = ((across[1:] + across[:-1]) / 2, (up[1:] + up[:-1]) / 2)
    if filled:
        shades = LinearSegmentedColormap.from_list("", ["#D6E6F2", colour])
        axes.contourf(*middle, smooth.T, levels=[*levels, smooth.max() * 1.01], cmap=shades, alpha=0.85, zorder=1)
    else:
        axes.contour(*middle, smooth.T, levels=levels, colors=colour, linewidths=0.9, zorder=3)


def _frame(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, [0.002, 0.998])
    room = 0.06 * (high - low) + 0.05
    return float(low - room), float(high + room)


def _parsecs(pc: float) -> str:
    return f"{pc / 1000:.3g} kpc" if pc >= 1000 else f"{pc:.0f} pc"
