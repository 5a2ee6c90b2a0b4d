"""Pictures of a catalogue of binaries: those that its columns allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.evaluate.binary_figures import CONSTANT_KM_S, MOVING_KM_S
from goodricke.output.arrays import numbers_of
from goodricke.output.charts import Drawn
from goodricke.output.flagged_charts import draw_colour_magnitude, draw_distances, draw_flagged_sky
from goodricke.output.probability_charts import draw_probabilities, draw_velocities
from goodricke.output.spectral_catalogue import PROBABILITY, THRESHOLDS

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["draw_catalogue"]

Floats = NDArray[np.float64]

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
    telling = None if shift is None else np.where((shift < CONSTANT_KM_S) | (shift > MOVING_KM_S), p, np.nan)
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
    return numbers_of(table, name) if name in table.schema.names else None
