"""Light curves of many binaries at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import OptionError
from goodricke.simulate.binary.band import Band, named_band
from goodricke.simulate.binary.grid import FAST, FINE, Grid, GridName, grids, shapes
from goodricke.simulate.binary.limb import law_code
from goodricke.simulate.binary.orbit import seen_at
from goodricke.simulate.binary.systems import REASONS, Systems, reasons_against
from goodricke.simulate.compiled import Floats, Ints, need_numba, numba_threads

__all__ = ["FAST", "FINE", "Grid", "enough_as_spheres", "kernel_arguments", "light_curve", "light_curves", "log_ratio"]

Shared = tuple[Floats, Floats, Ints, int, Floats, Floats, tuple[Floats, Floats, int], int]


def kernel_arguments(numbers: Floats, systems: Systems, rows: Ints, band: Band, grid: Grid) -> Shared:
    """What kernels of curves take first: numbers, spots and their offsets, law, band, grid and outline of some rows."""
    from goodricke.simulate.roche.surface import fejer

    spots, offsets = systems.spot_table(len(numbers))
    lengths = np.diff(offsets)[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    taken = np.repeat(offsets[rows] - starts[:-1], lengths) + np.arange(starts[-1])
    step = float(band.log_temperature[1] - band.log_temperature[0])
    return (
        np.ascontiguousarray(numbers[rows]),
        np.ascontiguousarray(spots[taken]),
        starts,
        law_code(systems.limb_law),
        np.array([band.log_temperature[0], step]),
        np.ascontiguousarray(band.log_brightness, dtype=np.float64),
        (*fejer(grid.polar), grid.azimuth),
        grid.outline,
    )


def _run(numbers: Floats, systems: Systems, rows: Ints, band: Band, grid: Grid, phases: Floats) -> tuple[Floats, Ints]:
    from goodricke.simulate.binary.phases import many_curves

    n, each = len(rows), phases.shape[1]
    flux, status = np.full(n * each, np.nan), np.zeros(n, np.int64)
    own = np.broadcast_to(phases, (n, each)).ravel()
    shared = kernel_arguments(numbers, systems, rows, band, grid)
    many_curves(*shared, grid.points, own, np.arange(n + 1) * each, np.zeros(n), flux, status)
    return flux.reshape(n, each), status


def log_ratio(numbers: Floats, band: Band) -> Floats:
    """(N,) logarithm of the intensity of star 2 over that of star 1, for round stars."""
    bright = np.interp(np.log(numbers[:, (7, 15)]), band.log_temperature, band.log_brightness)
    ratio: Floats = bright[:, 1] - bright[:, 0]
    return ratio


def _run_spheres(numbers: Floats, systems: Systems, band: Band, phases: Floats) -> Floats:
    from goodricke.simulate.spheres import sphere_curves

    phase = np.ascontiguousarray(np.atleast_2d(phases))
    flux = np.empty((len(numbers), phase.shape[1]))
    law = law_code(systems.limb_law)
    sphere_curves(np.ascontiguousarray(numbers), log_ratio(numbers, band), law, phase, flux)
    return flux


def enough_as_spheres(
    numbers: Floats, systems: Systems, tolerance: float, flags: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """(N,) whether a system without a flag can be worked out as two spheres to that tolerance."""
    from goodricke.simulate.spheres import spheres_suffice

    _, offsets = systems.spot_table(len(numbers))
    with np.errstate(all="ignore"):  # rows that are refused may hold anything
        enough: NDArray[np.bool_] = spheres_suffice(numbers, tolerance, np.diff(offsets)) & (flags == 0)
    return enough


def _same_both_ways(numbers: Floats, systems: Systems) -> NDArray[np.bool_]:
    """Whether a system's curve is even in phase: circular and without spots."""
    _, offsets = systems.spot_table(len(numbers))
    even: NDArray[np.bool_] = (numbers[:, 3] == 0) & (np.diff(offsets) == 0) & (numbers[:, 22:24] == 0).all(axis=1)
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
    grid: Grid | GridName = "fast",
    threads: int | None = None,
    spheres: float = 2e-5,
) -> tuple[Floats, NDArray[np.int8]]:
    """Flux of N binaries at given phases.

    Where there are more phases than the smooth pieces of a curve need (``Grid.points``) they are interpolated.

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
    if numbers[:, 24].any():
        own = np.broadcast_to(phase, (n, phase.shape[-1]))
        phase = seen_at(numbers, np.arange(n + 1) * own.shape[1], own.ravel()).reshape(own.shape)
    chosen = named_band(band) if isinstance(band, str) else band
    flags = reasons_against(numbers, *systems.spot_table(n), systems.limb_law)
    flux = np.full((n, phase.shape[-1]), np.nan)
    even, shape = _same_both_ways(numbers, systems), shapes(numbers)
    round_ = enough_as_spheres(numbers, systems, spheres, flags)
    before = numba_threads(threads)
    try:
        if round_.any() and phase.size:
            rows = np.flatnonzero(round_)
            flux[rows] = _run_spheres(numbers[rows], systems, chosen, phase if phase.ndim == 1 else phase[rows])
        for number, cut in enumerate(grids(grid)):
            for folds in (True, False):
                rows = np.flatnonzero((flags == 0) & ~round_ & (shape == number) & (even == folds))
                if len(rows) and phase.size:
                    own, inverse = _distinct(phase, rows, folds)
                    found, status = _run(numbers, systems, rows, chosen, cut, own)
                    found[status != 0] = np.nan
                    flux[rows], flags[rows] = found[:, inverse], status
    finally:
        numba_threads(before)
    return flux, flags


def light_curve(systems: Systems, phases: ArrayLike, band: Band | str = "V", grid: Grid | GridName = "fast") -> Floats:
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
