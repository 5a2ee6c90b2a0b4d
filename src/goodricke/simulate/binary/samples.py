"""Light curves of many binaries, each at its own phases and with its own exposure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import OptionError
from goodricke.simulate.binary.band import Band, named_band
from goodricke.simulate.binary.curves import enough_as_spheres, kernel_arguments, log_ratio
from goodricke.simulate.binary.grid import FINE, Grid, GridName, grids, shapes
from goodricke.simulate.binary.limb import law_code
from goodricke.simulate.binary.orbit import seen_at
from goodricke.simulate.binary.systems import Systems, reasons_against
from goodricke.simulate.compiled import Floats, Ints, need_numba, numba_threads

__all__ = ["curves_at"]


def _checked(n: int, phases: ArrayLike, offsets: ArrayLike, smear: ArrayLike) -> tuple[Floats, Ints, Floats]:
    """Phases (M,), offsets (N + 1,) and exposures (N,) as arrays."""
    phase, cuts = np.asarray(phases, float), np.asarray(offsets, np.int64)
    exposure = np.asarray(smear, float)
    if phase.ndim != 1 or cuts.shape != (n + 1,) or (np.diff(cuts) < 0).any() or cuts[0] != 0 or cuts[-1] != phase.size:
        raise OptionError(
            f"offsets of shape {cuts.shape} over {phase.shape} phases for {n} systems: give n + 1, from 0 to all, "
            "not decreasing"
        )
    if exposure.shape not in ((), (1,), (n,)) or not ((exposure >= 0) & (exposure < 1)).all():
        raise OptionError("exposures (smear) must be one or N numbers from 0 to below 1 cycle")
    if not np.isfinite(phase).all():
        raise OptionError("a phase is not finite; leave such points out")
    return np.ascontiguousarray(phase), cuts, np.ascontiguousarray(np.broadcast_to(exposure, n))


def _members(offsets: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Where the points of some systems are among all, and their offsets among themselves."""
    lengths = np.diff(offsets)[rows]
    own = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.repeat(offsets[rows] - own[:-1], lengths) + np.arange(own[-1]), own


def curves_at(
    systems: Systems,
    phases: ArrayLike,
    offsets: ArrayLike,
    band: Band | str = "V",
    grid: Grid | GridName = "fast",
    threads: int | None = None,
    spheres: float = 2e-5,
    smear: ArrayLike = 0.0,
) -> tuple[Floats, NDArray[np.int8]]:
    """Flux of N binaries at phases of each one's own.

    A curve is worked out at the points that its smooth pieces need (``Grid.points``), and interpolated: the cost hardly
    depends on the number of phases.

    Parameters
    ----------
    systems : Systems
        Their parameters.
    phases : array_like, (M,)
        Cycles, those of one system together.
    offsets : array_like of int, (N + 1,)
        Where each system begins in `phases`.
    band, grid, threads, spheres
        As for ``light_curves``.
    smear : array_like, () or (N,)
        Exposure in cycles, 0 to 1: flux is the mean over it.

    Returns
    -------
    flux : numpy.ndarray, (M,)
        In units of the mean light over all directions; NaN for a system that is unphysical.
    flags : numpy.ndarray of int8, (N,)
        0, or the index in ``REASONS`` of what is wrong.

    Raises
    ------
    MissingDependency
        When numba is not installed.
    OptionError
        When shapes do not agree, a name is unknown or an exposure is not from 0 to 1.

    Examples
    --------
    >>> stars = Systems(q=[0.3, 0.5], inclination=[80.0, 60.0], fillout=0.2)
    >>> flux, flags = curves_at(stars, [0.0, 0.25, 0.5, 0.1, 0.7], [0, 3, 5])
    >>> flux.shape, flags.tolist()
    ((5,), [0, 0])
    """
    need_numba()
    from goodricke.simulate.binary.phases import many_curves
    from goodricke.simulate.spheres import ragged_spheres

    numbers = systems.numbers()
    n = len(numbers)
    phase, cuts, exposure = _checked(n, phases, offsets, smear)
    if numbers[:, 24].any():
        phase = seen_at(numbers, cuts, phase)
    chosen = named_band(band) if isinstance(band, str) else band
    flags = reasons_against(numbers, *systems.spot_table(n), systems.limb_law)
    flux = np.full(phase.size, np.nan)
    shape = shapes(numbers)
    round_ = enough_as_spheres(numbers, systems, spheres, flags)
    before = numba_threads(threads)
    try:
        if round_.any():
            at, own = _members(cuts, np.flatnonzero(round_))
            found, some = np.empty(at.size), np.ascontiguousarray(numbers[round_])
            law = law_code(systems.limb_law)
            ragged_spheres(some, log_ratio(some, chosen), law, phase[at], own, exposure[round_], FINE.points, found)
            flux[at] = found
        for number, made in enumerate(grids(grid)):
            rows = np.flatnonzero((flags == 0) & ~round_ & (shape == number))
            if rows.size:
                at, own = _members(cuts, rows)
                found, status = np.full(at.size, np.nan), np.zeros(rows.size, np.int64)
                points = made.points if any(made.points) or not exposure.any() else FINE.points
                shared = kernel_arguments(numbers, systems, rows, chosen, made)
                many_curves(*shared, points, phase[at], own, exposure[rows], found, status)
                found[np.repeat(status != 0, np.diff(own))] = np.nan
                flux[at], flags[rows] = found, status
    finally:
        numba_threads(before)
    return flux, flags
