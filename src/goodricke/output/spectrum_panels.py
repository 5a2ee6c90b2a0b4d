"""The panels of a spectrum's page: the spectrum with line names and reasons, what a fit leaves, what could be seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.output.plots import blank_figure, plain, save_figure
from goodricke.output.spectral_lines import features_in, share_by_feature

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "AGAINST",
    "FOR",
    "draw_attribution",
    "draw_detectability",
    "draw_names",
    "draw_residue",
    "draw_shares",
    "draw_spectrum",
    "share_words",
    "smoothed",
    "windows_of",
]

Floats = NDArray[np.float64]

FOR, AGAINST = "#0072B2", "#D55E00"
"""Of a binary: blue speaks for it, vermilion against it (Okabe & Ito 2008)."""

_NEITHER, _INK, _GREY, _GRID = "#8F8F8F", "#222222", "#666666", "#E4E4E4"
_WINDOW = 12.0  # Angstrom: what a reader can tell apart in a row of the picture
_SMOOTHED = 15  # pixels; a residue of half a percent hides in the noise of one
_ROWS = 3


def draw_attribution(
    wave: ArrayLike,
    flux: ArrayLike,
    share: ArrayLike,
    path: str | Path,
    title: str = "",
    subtitle: str = "",
) -> None:
    """Write a PNG of a spectrum in the colours of what speaks for a binary and what against it.

    Parameters
    ----------
    wave : (P,)
        Angstrom in vacuum, rest frame, rising.
    flux : (P,)
        Divided by the continuum; NaN or a gap where nothing is known.
    share : (P,)
        Natural log odds of a binary by pixel, as an attribution gives them; their sum is what the spectrum says.
    path : str or Path
        PNG file, 1320 pixels wide.
    title, subtitle : str
        Name of the star, and what is said of it; by default the lines that say most.
    """
    at, light, said = _columns(wave, flux, share)
    rows = [part for part in np.array_split(np.arange(len(at)), _ROWS) if len(part) > 1]
    figure = blank_figure(12.0, 0.9 + 2.6 * len(rows))
    cells = figure.add_gridspec(2 * len(rows), 1, height_ratios=[2.6, 0.8] * len(rows))
    limits = _frame(light)
    window, edges = windows_of(at, said)
    strongest = float(np.abs(window).max()) or 1.0
    for k, part in enumerate(rows):
        axes = figure.add_subplot(cells[2 * k])
        below = figure.add_subplot(cells[2 * k + 1], sharex=axes)
        _coloured(axes, at[part], light[part], window, edges, strongest)
        axes.set_ylim(limits)
        axes.set_xlim(at[part[0]], at[part[-1]])
        draw_names(axes, 11.0)
        draw_shares(below, window, edges, strongest)
        axes.tick_params(labelbottom=False)
    figure.axes[-1].set_xlabel("wavelength in vacuum, rest frame (Å)", fontsize=9)
    figure.suptitle(plain(title, 60), x=0.01, ha="left", fontsize=13, fontweight="bold")
    said_of_it = plain(subtitle or share_words(at, said), 170)
    figure.axes[0].set_title(said_of_it, loc="left", fontsize=9.5, color=_GREY, pad=30)
    save_figure(figure, Path(path))


def share_words(wave: ArrayLike, share: ArrayLike) -> str:
    """Which lines say most, in a sentence.

    >>> share_words([5169.0, 5600.0, 6564.0], [0.75, 0.0, -0.5])
    'log odds of a binary +0.25: Mg b +0.75, Hα −0.50'
    """
    total = float(np.nansum(np.asarray(share, dtype=np.float64)))
    parts = ", ".join(f"{name} {_signed(value)}" for name, value in share_by_feature(wave, share, most=5))
    return f"log odds of a binary {_signed(total)}" + (f": {parts}" if parts else "")


def draw_spectrum(
    axes: Axes, wave: ArrayLike, flux: ArrayLike, single: ArrayLike | None = None, pair: ArrayLike | None = None
) -> None:
    """Draw a normalised spectrum, and the best fits of one star and of two where they are known."""
    at = np.asarray(wave, dtype=np.float64)
    light = np.asarray(flux, dtype=np.float64)
    axes.plot(at, light, color="#9A9A9A", linewidth=0.7, label="observed", rasterized=True)
    for model, colour, name in ((single, AGAINST, "best single star"), (pair, FOR, "best pair")):
        if model is not None:
            axes.plot(at, np.asarray(model, dtype=np.float64), color=colour, linewidth=0.9, label=name)
    axes.set_ylim(_frame(light))
    axes.set_xlim(at[0], at[-1])
    axes.set_ylabel("flux / continuum", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def draw_names(axes: Axes, inches: float) -> None:
    """Write the names of lines and bands above axes of this width, where there is room for them."""
    low, high = axes.get_xlim()
    width = (high - low) / inches
    floors: list[list[tuple[float, float]]] = [[], []]
    for feature in sorted(features_in(low, high), key=lambda one: not one.is_strong):
        if feature.is_band:
            axes.plot([max(feature.low, low), min(feature.high, high)], [1.015, 1.015], color=_GREY, linewidth=2.0,
                      transform=axes.get_xaxis_transform(), clip_on=False, solid_capstyle="butt")  # fmt: skip
        else:
            axes.axvline(feature.middle, color="#D9D9D9", linewidth=0.8, zorder=0)
        half = (0.036 * len(feature.name) + 0.04) * width
        start, end = feature.middle - half, feature.middle + half
        floor = next((k for k, taken in enumerate(floors) if all(start > b or end < a for a, b in taken)), None)
        if floor is None:
            continue
        floors[floor].append((start, end))
        axes.annotate(
            feature.name, (feature.middle, 1.0), (0, 5 + 9.5 * floor), xycoords=axes.get_xaxis_transform(),
            textcoords="offset points", ha="center", va="bottom", fontsize=7.5, color=_INK, annotation_clip=False,
        )  # fmt: skip


def draw_residue(
    axes: Axes,
    wave: ArrayLike,
    flux: ArrayLike,
    ivar: ArrayLike,
    single: ArrayLike,
    pair: ArrayLike | None = None,
) -> None:
    """Draw what the best single star leaves, smoothed, with its error, and what the best pair says it should be."""
    at, light, model = _columns(wave, flux, single)
    weight = np.where(np.isfinite(light), np.nan_to_num(np.asarray(ivar, dtype=np.float64)), 0.0)
    rest, error = smoothed(np.nan_to_num(light - model), weight)
    axes.fill_between(at, -100 * error, 100 * error, color="#E2E2E2", linewidth=0, label="error of the smoothed")
    axes.plot(at, 100 * rest, color="#5A5A5A", linewidth=0.9, label="observed less single, smoothed")
    if pair is not None:
        other = np.asarray(pair, dtype=np.float64) - model
        theirs, _ = smoothed(np.nan_to_num(other), np.where(weight > 0, 1.0, 0.0))
        axes.plot(at, 100 * theirs, color=FOR, linewidth=1.1, label="pair less single")
    axes.axhline(0.0, color=_INK, linewidth=0.6)
    shown = 100 * rest[np.isfinite(rest)]
    reach = 1.25 * float(np.quantile(np.abs(shown), 0.995)) if len(shown) else 1.0
    reach = max(reach, 2.0 * 100 * float(np.nanmedian(error)) if np.isfinite(error).any() else 0.0, 0.1)
    axes.set_ylim(-reach, reach)
    axes.set_xlim(at[0], at[-1])
    axes.set_ylabel("% of continuum", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def smoothed(values: ArrayLike, ivar: ArrayLike, pixels: int = _SMOOTHED) -> tuple[Floats, Floats]:
    """Running weighted mean over an odd number of pixels, and its error if pixels are independent; NaN in gaps.

    >>> mean, error = smoothed([1.0, 3.0, 5.0], [1.0, 1.0, 0.0], 3)
    >>> mean, error.round(2)
    (array([2., 2., 3.]), array([0.71, 0.71, 1.  ]))
    """
    x, w = np.asarray(values, dtype=np.float64), np.asarray(ivar, dtype=np.float64)
    if x.shape != w.shape or pixels % 2 == 0:
        raise DataError(f"values {x.shape} and weights {w.shape} of one shape are wanted, and an odd number of pixels")
    total = np.zeros((2, len(x) + 1))
    np.cumsum(np.stack([w, w * x]), axis=1, out=total[:, 1:])
    half = pixels // 2
    place = np.arange(len(x))
    weight, product = total[:, np.minimum(place + half + 1, len(x))] - total[:, np.maximum(place - half, 0)]
    some = weight > 0
    safe = np.where(some, weight, 1.0)
    return np.where(some, product / safe, np.nan), np.where(some, safe**-0.5, np.nan)


def draw_shares(axes: Axes, window: Floats, edges: Floats, strongest: float | None = None) -> None:
    """Draw the log odds of every window of wavelength as bars."""
    reach = 1.15 * (strongest if strongest is not None else float(np.abs(window).max()) or 1.0)
    for part, colour in ((np.maximum(window, 0.0), FOR), (np.minimum(window, 0.0), AGAINST)):
        axes.stairs(part, edges, color=colour, fill=True, linewidth=0)
    axes.axhline(0.0, color=_INK, linewidth=0.6)
    axes.set_ylim(-reach, reach)
    axes.set_ylabel("log odds", fontsize=8)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def draw_detectability(axes: Axes, q: ArrayLike, dv: ArrayLike, chance: ArrayLike, mark: Any = None) -> None:
    """Draw the chance that a companion would have been found as a heat map of mass ratio and velocity difference.

    Parameters
    ----------
    axes : matplotlib Axes
        Where to.
    q : (Q,)
        Mass ratios, rising.
    dv : (V,)
        Velocity differences, km/s, rising.
    chance : (Q, V)
        0 to 1; NaN where it is not known.
    mark : (q, dv), optional
        The best pair, drawn as a cross.
    """
    ratios, speeds, share = (np.asarray(values, dtype=np.float64) for values in (q, dv, chance))
    if share.shape != (len(ratios), len(speeds)):
        raise DataError(f"a chance of shape ({len(ratios)}, {len(speeds)}) is wanted; it has {share.shape}")
    image = axes.pcolormesh(
        _bounds(ratios), _bounds(speeds), share.T, cmap="Blues", vmin=0.0, vmax=1.0, rasterized=True
    )
    if min(share.shape) > 1 and np.isfinite(share).all() and share.min() < 0.5 < share.max():
        axes.contour(ratios, speeds, share.T, levels=[0.5], colors=_INK, linewidths=1.1)
    if mark is not None and all(np.isfinite(mark)):
        axes.plot(mark[0], min(abs(mark[1]), speeds[-1]), "x", color=AGAINST, markersize=9, markeredgewidth=2.2)
    axes.set_xlabel("mass ratio", fontsize=9)
    axes.set_ylabel("velocity difference (km/s)", fontsize=9)
    axes.tick_params(labelsize=8)
    figure = axes.get_figure()
    assert figure is not None
    bar = figure.colorbar(image, ax=axes, pad=0.02, aspect=24, format=lambda x, _: f"{x:.0%}")
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8)


def _columns(wave: ArrayLike, *others: ArrayLike) -> tuple[Floats, ...]:
    columns = tuple(np.asarray(values, dtype=np.float64) for values in (wave, *others))
    if any(column.shape != columns[0].shape or column.ndim != 1 for column in columns) or len(columns[0]) < 2:
        raise DataError(f"columns of one length are wanted; their shapes are {[column.shape for column in columns]}")
    return columns


def windows_of(wave: ArrayLike, share: ArrayLike) -> tuple[Floats, Floats]:
    """Sum of the log odds (W,) in windows of 12 Angstrom, and their edges (W + 1,)."""
    at, said = _columns(wave, share)
    n = max(1, round(float(at[-1] - at[0]) / _WINDOW))
    edges = np.linspace(at[0], at[-1], n + 1)
    return np.histogram(at, edges, weights=np.nan_to_num(said))[0].astype(np.float64), edges


def _coloured(axes: Axes, at: Floats, light: Floats, window: Floats, edges: Floats, strongest: float) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_rgb

    points = np.stack([at, light], axis=1)
    pieces = np.stack([points[:-1], points[1:]], axis=1)
    cell = np.clip(np.searchsorted(edges, at[:-1], "right") - 1, 0, len(window) - 1)
    strength = np.sqrt(np.abs(window[cell]) / strongest)[:, None]
    full = np.where(window[cell, None] >= 0, to_rgb(FOR), to_rgb(AGAINST))
    colours = full * strength + np.array(to_rgb(_NEITHER)) * (1 - strength)
    axes.add_collection(LineCollection(list(pieces), colors=colours, linewidths=1.1, rasterized=True))
    shades = np.empty((1, len(window), 4))
    shades[0, :, :3] = np.where(window[:, None] >= 0, to_rgb(FOR), to_rgb(AGAINST))
    shades[0, :, 3] = 0.35 * np.abs(window) / strongest
    axes.imshow(
        shades, extent=(float(edges[0]), float(edges[-1]), 0.0, 1.0), transform=axes.get_xaxis_transform(),
        aspect="auto", interpolation="nearest", zorder=0,
    )  # fmt: skip
    axes.set_ylabel("flux / continuum", fontsize=8)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _frame(light: Floats) -> tuple[float, float]:
    """Without the spikes of cosmic rays, with all of a deep line."""
    good = light[np.isfinite(light)]
    if not len(good):
        return 0.0, 1.5
    low, high = np.quantile(good, [0.001, 0.998])
    room = 0.08 * (high - low) + 0.01
    return float(max(low - room, -0.2)), float(high + room)


def _bounds(nodes: Floats) -> Floats:
    if len(nodes) == 1:
        return np.array([nodes[0] - 0.5, nodes[0] + 0.5])
    middle = (nodes[1:] + nodes[:-1]) / 2
    return np.concatenate([[2 * nodes[0] - middle[0]], middle, [2 * nodes[-1] - middle[-1]]])


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
