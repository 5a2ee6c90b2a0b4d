"""Pictures of how the probabilities of a catalogue are spread: of all, and by what velocities tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from goodricke.errors import DataError
from goodricke.evaluate.binary_figures import CONSTANT_KM_S, MOVING_KM_S
from goodricke.output.binary_charts import BINARY, INK, SINGLE, tidied
from goodricke.output.plots import blank_figure, save_figure
from goodricke.output.spectral_catalogue import THRESHOLDS

__all__ = ["draw_probabilities", "draw_velocities"]


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


def draw_velocities(
    difference: ArrayLike,
    probability: ArrayLike,
    path: str | Path,
    threshold: float = THRESHOLDS[0],
    limits: tuple[float, float] = (CONSTANT_KM_S, MOVING_KM_S),
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
