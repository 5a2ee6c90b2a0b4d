"""Pictures of a catalogue of binaries: probabilities, the sky, distances, the colour-magnitude diagram."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.output.binary_charts import BINARY, GREY, GRID, INK, SINGLE, tidied
from goodricke.output.charts import Drawn
from goodricke.output.plots import blank_figure, save_figure, seen_apart
from goodricke.output.sky_map import on_the_sky, sky_axes
from goodricke.output.spectral_catalogue import PROBABILITY, THRESHOLDS

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.axes import Axes

__all__ = [
    "draw_catalogue",
    "draw_colour_magnitude",
    "draw_distances",
    "draw_flagged_sky",
    "draw_probabilities",
    "draw_velocities",
]

Floats = NDArray[np.float64]

_ALL = "#8A8A8A"
_FAR_PC = 10_000.0
_CONSTANT, _MOVING = 5.0, 25.0  # km/s, of Jing et al. (2025)
_FEWEST_FOR_CONTOURS = 400
_USUAL = {
    "parallax": ("parallax", "gaia_parallax"),
    "distance": ("distance_pc", "distance", "r_med_geo", "r_est", "dist_pc"),
    "g": ("phot_g_mean_mag", "g_mag", "gaia_g", "gmag"),
    "colour": ("bp_rp", "bp_rp_0", "g_ks", "g_ks_0"),
}


def draw_catalogue(
    stars: pa.Table,
    folder: str | Path,
    spectra: pa.Table | None = None,
    threshold: float = THRESHOLDS[0],
    column: str = PROBABILITY,
) -> Drawn:
    """Write the pictures that the columns of a catalogue allow.

    Parameters
    ----------
    stars : pyarrow.Table
        One row per star, with its probability and what there is of ``ra, dec``, ``parallax`` (mas) or ``distance_pc``,
        ``phot_g_mean_mag``, ``bp_rp``, ``rv_difference``.
    folder : str or Path
        Where to; it must exist. The files are ``probabilities.png``, ``sky.png``, ``distances.png``,
        ``colour_magnitude.png`` and ``velocities.png``.
    spectra : pyarrow.Table, optional
        One row per spectrum, for the first picture.
    threshold : float
        Stars above it are flagged.
    column : str
        The probability.

    Returns
    -------
    Drawn
        The files, and for each picture left out what it would have needed.
    """
    p = _numbers(stars, column)
    if p is None or not np.isfinite(p).any():
        raise DataError(f"no star of the catalogue has a number in {column!r}; there is nothing to draw")
    ra, dec = _numbers(stars, "ra"), _numbers(stars, "dec")
    parallax, distance, g, colour = (_first(stars, names) for names in _USUAL.values())
    if distance is None and parallax is not None:
        distance = _distance(parallax)
    if distance is not None:
        distance = np.where(distance > 0, distance, np.nan)
    shift = _numbers(stars, "rv_difference")
    telling = None if shift is None else np.where((shift < _CONSTANT) | (shift > _MOVING), p, np.nan)
    each = None if spectra is None else _numbers(spectra, column)
    wanted: dict[str, tuple[Sequence[Floats | None], str, Callable[[Path], None]]] = {
        "probabilities": ((p,), "", lambda path: draw_probabilities(p, path, each)),
        "sky": (
            (ra, dec),
            "ra and dec",
            lambda path: draw_flagged_sky(_some(ra), _some(dec), p, path, threshold),
        ),
        "distances": (
            (distance,),
            "parallax or distance_pc",
            lambda path: draw_distances(_some(distance), p, path, threshold),
        ),
        "colour_magnitude": (
            (g, colour, distance, p),
            "phot_g_mean_mag, bp_rp and parallax",
            lambda path: draw_colour_magnitude(
                _absolute(_some(g), _some(distance)), _some(colour), p, path, threshold, _colour_name(stars)
            ),
        ),
        "velocities": (
            (telling,),
            "rv_difference that is small or large",
            lambda path: draw_velocities(_some(shift), p, path, threshold),
        ),
    }
    files, left_out = [], []
    for name, (needs, words, draw) in wanted.items():
        there = [np.isfinite(need) for need in needs if need is not None]
        if len(there) < len(needs) or not np.logical_and.reduce(there).any():
            left_out.append(f"{name}: no {words}")
            continue
        target = Path(folder) / f"{name}.png"
        draw(target)
        files.append(target)
    return Drawn(tuple(files), tuple(left_out))


def draw_probabilities(
    stars: ArrayLike,
    path: str | Path,
    spectra: ArrayLike | None = None,
    thresholds: Sequence[float] = THRESHOLDS,
    names: tuple[str, str] = ("spectra", "stars"),
) -> None:
    """Write a PNG of how many spectra and stars have each probability, and more than it (Jing et al., fig. 7).

    Parameters
    ----------
    stars, spectra : (G,), (M,)
        Probability of a binary; NaN is left out.
    path : str or Path
        PNG file.
    thresholds : sequence of float
        Where the number of stars above is written.
    names : two str
        What the two are called.
    """
    figure = blank_figure(7.6, 4.8)
    axes = figure.add_subplot()
    edges = np.linspace(0, 1, 51)
    sets = [(np.asarray(stars, dtype=np.float64), names[1], SINGLE)]
    if spectra is not None:
        sets.insert(0, (np.asarray(spectra, dtype=np.float64), names[0], BINARY))
    most = 1
    for values, name, colour in sets:
        p = np.sort(values[np.isfinite(values)])
        axes.stairs(np.histogram(p, edges)[0], edges, color=colour, linewidth=1.6, label=f"{name} per bin")
        steps = np.linspace(0, 1, 501)
        above = (len(p) - np.searchsorted(p, steps, "right")).astype(np.float64)
        above[above == 0] = np.nan  # which has no place on a logarithmic axis
        axes.plot(
            steps, above, color=colour, linewidth=1.3, linestyle="--", label=f"{name} above p ({len(p):,} in all)"
        )
        most = max(most, len(p))
    last = np.sort(sets[-1][0][np.isfinite(sets[-1][0])])
    for cut in thresholds:
        count = len(last) - int(np.searchsorted(last, cut, "right"))
        axes.axvline(cut, color="#BBBBBB", linewidth=0.9, zorder=0)
        axes.annotate(
            f"{count:,} {names[1]}\np > {cut:g}", (cut, 1.9 * most), (-4, 0), textcoords="offset points", ha="right",
            va="top", fontsize=8.5, color=INK,
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(0.7, 2.2 * most)
    axes.set_xlim(0, 1)
    tidied(axes, "probability of a binary", "number", "")
    figure.legend(frameon=False, ncols=2, loc="outside lower center", fontsize=9)
    save_figure(figure, Path(path))


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


def draw_velocities(
    difference: ArrayLike,
    probability: ArrayLike,
    path: str | Path,
    threshold: float = THRESHOLDS[0],
    limits: tuple[float, float] = (_CONSTANT, _MOVING),
) -> None:
    """Write a PNG of the probabilities of stars whose velocity changes much, and little (Jing et al., fig. 6).

    Parameters
    ----------
    difference : (N,)
        Largest difference of two velocities, km/s; NaN for stars with fewer.
    probability : (N,)
        Of a binary, best from the spectra alone.
    path : str or Path
        PNG file.
    threshold : float
        Drawn as a dashed line; the shares above it are written.
    limits : two floats
        Below the first a star counts as constant, above the second as moving.
    """
    dv, p = np.asarray(difference, dtype=np.float64), np.asarray(probability, dtype=np.float64)
    known = np.isfinite(p) & ((dv < limits[0]) | (dv > limits[1]))
    if not known.any():
        raise DataError("no star has velocities that are constant or change much; there is nothing to draw")
    figure = blank_figure(7.0, 4.2)
    axes = figure.add_subplot()
    edges = np.linspace(0, 1, 26)
    for mine, name, colour, filled in (
        (known & (dv > limits[1]), f"more than {limits[1]:g} km/s", BINARY, True),
        (known & (dv < limits[0]), f"less than {limits[0]:g} km/s", SINGLE, False),
    ):
        if not mine.any():
            continue
        share = float((p[mine] > threshold).mean())
        label = f"{name}: {share:.0%} of {int(mine.sum()):,} above {threshold:g}"
        density = np.histogram(p[mine], edges, density=True)[0]
        axes.stairs(
            density, edges, color=colour, fill=filled, alpha=0.45 if filled else 1.0, linewidth=1.6, label=label
        )
    axes.axvline(threshold, color=INK, linewidth=1.0, linestyle="--")
    axes.set_xlim(0, 1)
    tidied(axes, "probability of a binary", "probability density", "largest difference of two velocities")
    figure.legend(frameon=False, ncols=1, loc="outside lower center", fontsize=9)
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


def _distance(parallax: Floats) -> Floats:
    return np.where(parallax > 0, 1000.0 / np.where(parallax > 0, parallax, 1.0), np.nan)


def _absolute(g: Floats, distance_pc: Floats) -> Floats:
    good = distance_pc > 0
    return np.where(good, g - 5 * np.log10(np.where(good, distance_pc, 10.0) / 10.0), np.nan)


def _some(values: Floats | None) -> Floats:
    assert values is not None
    return values


def _first(table: pa.Table, names: Sequence[str]) -> Floats | None:
    return next((found for found in (_numbers(table, name) for name in names) if found is not None), None)


def _colour_name(table: pa.Table) -> str:
    there = next(name for name in _USUAL["colour"] if name in table.schema.names)
    return "BP − RP" if there.startswith("bp") else "G − Ks"


def _numbers(table: pa.Table, name: str) -> Floats | None:
    if name not in table.schema.names:
        return None
    values = table.column(name).cast("float64").fill_null(np.nan)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)
