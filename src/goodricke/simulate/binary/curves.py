"""Light curves of many binaries at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import OptionError
from goodricke.simulate.binary.band import Band, named_band
from goodricke.simulate.binary.limb import law_code
from goodricke.simulate.binary.systems import REASONS, Systems, reasons_against
from goodricke.simulate.compiled import Floats, need_numba, numba_threads

__all__ = ["FAST", "FINE", "Grid", "light_curve", "light_curves"]


@dataclass(frozen=True)
class Grid:
    """How finely a star is cut."""

    polar: int = 20
    """Cells from pole to pole of the line of centres."""
    azimuth: int = 20
    """Cells around it; a multiple of 4."""
    outline: int = 24
    """Points of the outline of the star in front; a multiple of 4."""


# The neck of an envelope needs more rows than a whole star.
FAST, FINE = Grid(), Grid(polar=44, azimuth=40, outline=48)
FAST_APART, FINE_APART = Grid(polar=18, azimuth=16), Grid(polar=32, azimuth=32, outline=48)


def _grids(asked: Grid | Literal["fast", "fine"]) -> tuple[Grid, Grid]:
    """Grid of a contact envelope and of stars apart."""
    if isinstance(asked, str):
        named = {"fast": (FAST, FAST_APART), "fine": (FINE, FINE_APART)}.get(asked)
    else:
        sound = asked.polar >= 4 and asked.azimuth >= 8 and asked.outline >= 8
        named = (asked, asked) if sound and asked.azimuth % 4 == asked.outline % 4 == 0 else None
    if named is None:
        raise OptionError(f"grid {asked!r}: give 'fast', 'fine' or a Grid whose azimuth and outline are multiples of 4")
    return named


def _run(
    numbers: Floats, systems: Systems, rows: NDArray[np.int64], band: Band, grid: Grid, phases: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    from goodricke.simulate.binary.phases import many_curves
    from goodricke.simulate.roche.surface import fejer

    spots, offsets = systems.spot_table(len(numbers))
    taken = np.concatenate([np.arange(offsets[i], offsets[i + 1]) for i in rows]) if len(spots) else np.empty(0, int)
    starts = np.concatenate([[0], np.cumsum(np.diff(offsets)[rows])]).astype(np.int64)
    cosines, weights = fejer(grid.polar)
    step = float(band.log_temperature[1] - band.log_temperature[0])
    flux = np.full((len(rows), phases.shape[1]), np.nan)
    status = np.zeros(len(rows), np.int64)
    many_curves(
        np.ascontiguousarray(numbers[rows]),
        np.ascontiguousarray(spots[taken]),
        starts,
        law_code(systems.limb_law),
        np.array([band.log_temperature[0], step]),
        np.ascontiguousarray(band.log_brightness, dtype=np.float64),
        (cosines, weights, grid.azimuth),
        grid.outline,
        np.ascontiguousarray(phases),
        flux,
        status,
    )
    return flux, status


def _run_spheres(numbers: Floats, systems: Systems, band: Band, phases: Floats) -> Floats:
    from goodricke.simulate.spheres import sphere_curves

    bright = np.interp(np.log(numbers[:, (7, 15)]), band.log_temperature, band.log_brightness)
    phase = np.ascontiguousarray(np.atleast_2d(phases))
    flux = np.empty((len(numbers), phase.shape[1]))
    law = law_code(systems.limb_law)
    sphere_curves(np.ascontiguousarray(numbers), bright[:, 1] - bright[:, 0], law, phase, flux)
    return flux


def _round(numbers: Floats, systems: Systems, tolerance: float) -> NDArray[np.bool_]:
    from goodricke.simulate.spheres import spheres_suffice

    _, offsets = systems.spot_table(len(numbers))
    with np.errstate(all="ignore"):  # rows that are refused may hold anything
        return spheres_suffice(numbers, tolerance, np.diff(offsets))


def _same_both_ways(numbers: Floats, systems: Systems) -> NDArray[np.bool_]:
    """Whether a system's curve is even in phase: circular and without spots."""
    _, offsets = systems.spot_table(len(numbers))
    even: NDArray[np.bool_] = (numbers[:, 3] == 0) & (np.diff(offsets) == 0)
    return even


def _distinct(phase: Floats, rows: NDArray[np.int64], folds: bool) -> tuple[Floats, NDArray[np.int64]]:
    """Phases to work out, (1, P) or (len(rows), P), and where each of those asked for is among them."""
    if phase.ndim == 2:
        return phase[rows], np.arange(phase.shape[1])
    if not folds:
        return phase[None, :], np.arange(phase.size)
    distinct, inverse = np.unique(np.round(np.abs(phase - np.round(phase)), 12), return_inverse=True)
    return distinct[None, :].astype(np.float64), inverse.astype(np.int64)


def light_curves(
    systems: Systems,
    phases: ArrayLike,
    band: Band | str = "V",
    grid: Grid | Literal["fast", "fine"] = "fast",
    threads: int | None = None,
    spheres: float = 2e-5,
) -> tuple[Floats, NDArray[np.int8]]:
    """Flux of N binaries at given phases.

    Parameters
    ----------
    systems : Systems
        Their parameters.
    phases : array_like, (P,) or (N, P)
        Phases in cycles, in common or per system; 0 is the conjunction at which star 1 is eclipsed.
    band : Band or str
        A band's table, or one of ``BANDS`` (black bodies).
    grid : "fast", "fine" or Grid
        Cells per star.
    threads : int or None
        Threads over systems; None: all. The result is the same for every number.
    spheres : float
        Systems whose stars are round, and light each other little, to this part of the flux are worked out as spheres,
        some ten times faster (``goodricke.simulate.spheres``); 0: none.

    Returns
    -------
    flux : numpy.ndarray, (N, P)
        In units of the mean light over all directions, third light included, spots and reflection not; NaN for
        a system that is unphysical.
    flags : numpy.ndarray of int8, (N,)
        0, or the index in ``REASONS`` of what is wrong.

    Raises
    ------
    MissingDependency
        When numba is not installed.
    OptionError
        When shapes do not agree or a name is unknown.
    """
    need_numba()
    phase = np.atleast_1d(np.asarray(phases, float))
    numbers = systems.numbers()
    n = len(numbers)
    if phase.ndim > 2 or (phase.ndim == 2 and len(phase) != n) or not np.isfinite(phase).all():
        raise OptionError(f"phases of shape {phase.shape} for {n} systems: give finite (P,) or (N, P)")
    chosen = named_band(band) if isinstance(band, str) else band
    flags = reasons_against(numbers, *systems.spot_table(n), systems.limb_law)
    flux = np.full((n, phase.shape[-1]), np.nan)
    even, contact = _same_both_ways(numbers, systems), ~np.isnan(numbers[:, 2])
    round_ = np.zeros(n, bool)
    round_[flags == 0] = _round(numbers, systems, spheres)[flags == 0]
    before = numba_threads(threads)
    try:
        if round_.any() and phase.size:
            rows = np.flatnonzero(round_)
            flux[rows] = _run_spheres(numbers[rows], systems, chosen, phase if phase.ndim == 1 else phase[rows])
        for touching, cut in zip((True, False), _grids(grid), strict=True):
            for folds in (True, False):
                rows = np.flatnonzero((flags == 0) & ~round_ & (contact == touching) & (even == folds))
                if len(rows) and phase.size:
                    own, inverse = _distinct(phase, rows, folds)
                    found, status = _run(numbers, systems, rows, chosen, cut, own)
                    found[status != 0] = np.nan
                    flux[rows], flags[rows] = found[:, inverse], status
    finally:
        numba_threads(before)
    return flux, flags


def light_curve(
    systems: Systems, phases: ArrayLike, band: Band | str = "V", grid: Grid | Literal["fast", "fine"] = "fast"
) -> Floats:
    """Flux (P,) of one binary; see ``light_curves``.

    Raises
    ------
    OptionError
        When the parameters are unphysical, with the reason, or there are several systems.
    """
    flux, flags = light_curves(systems, phases, band, grid)
    if len(flux) != 1:
        raise OptionError(f"{len(flux)} systems; light_curves takes many")
    if flags[0]:
        raise OptionError(f"not a possible binary: {REASONS[flags[0]]}")
    only: Floats = flux[0]
    return only
