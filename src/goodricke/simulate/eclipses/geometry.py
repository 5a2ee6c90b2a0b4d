"""Which star is hidden, how much of it, and how long: labels from geometry alone."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.stars import (
    ECCENTRICITY,
    FILLOUT,
    FIRST,
    INCLINATION,
    PER_STAR,
    PERIASTRON,
    RADIUS,
    SPIN,
)
from goodricke.simulate.binary.stars import Q as MASS_RATIO
from goodricke.simulate.binary.systems import Systems, reasons_against
from goodricke.simulate.compiled import Floats, kernel, need_numba, numba_threads, parallel_kernel, span
from goodricke.simulate.eclipses.conjunction import HIDDEN, covers, hides_until, nearest, total_until
from goodricke.simulate.roche.lobes import contact_bodies, set_star
from goodricke.simulate.roche.surface import BODY, fejer
from goodricke.simulate.stars import Columns

__all__ = ["KINDS", "eclipse_labels"]

KINDS = ("none", "partial", "total", "annular")
"""What may happen to the star behind at a conjunction."""

# Columns of the kernel's answer.
_KIND, _HIDDEN, _PHASE, _WIDTH, _LIMIT = 0, 2, 4, 6, 7
_COLUMNS = 8
_GRID = 16


@kernel
def _bodies(numbers: Floats, d: float, grid: tuple[Floats, Floats], one: Floats, two: Floats) -> bool:
    """Fill both bodies at a separation; whether they exist."""
    if not math.isnan(numbers[FILLOUT]):
        contact_bodies(one, two, numbers[MASS_RATIO], numbers[FILLOUT])
        return True
    cosines, weights = grid
    q, b = numbers[MASS_RATIO], FIRST + PER_STAR
    fits = set_star(one, q, numbers[FIRST + SPIN], d, numbers[FIRST + RADIUS], cosines, weights, cosines.size) == 0
    return (
        fits and set_star(two, 1.0 / q, numbers[b + SPIN], d, numbers[b + RADIUS], cosines, weights, cosines.size) == 0
    )


@kernel
def _kind(part: float, area: float, front_area: float) -> float:
    """Index into KINDS."""
    if part < HIDDEN:
        return 2.0
    share = (1.0 - part) * area / min(area, front_area)
    if share < HIDDEN:
        return 0.0
    return 3.0 if share > 1.0 - HIDDEN else 1.0


@kernel
def _total(
    front: Floats,
    behind: Floats,
    place: tuple[float, float, float],
    conjunction: float,
    numbers: Floats,
    total: bool,
    out: Floats,
) -> None:
    """Fill width and limit of the eclipse of the smaller star."""  # fmt: skip
    angle, phase, d = place
    inclination, e = numbers[INCLINATION], numbers[ECCENTRICITY]
    limit = hides_until(front, behind, d, angle - conjunction, inclination, False)
    if limit >= 0.0:
        along = math.sqrt(max(1.0 - (limit / d) ** 2, 0.0)) / abs(math.cos(angle - conjunction))
        out[_LIMIT] = math.asin(min(along, 1.0))
    if total and e > 0.0:
        out[_WIDTH] = total_until(front, behind, conjunction, phase, inclination, e, numbers[PERIASTRON])
    elif total:
        apart = hides_until(front, behind, d, 0.0, inclination, True)
        along = math.sqrt(max(1.0 - apart * apart, 0.0)) / math.sin(inclination)
        out[_WIDTH] = math.acos(min(along, 1.0)) / math.pi


@kernel
def _one_system(numbers: Floats, grid: tuple[Floats, Floats], out: Floats) -> None:
    """Fill the row of one system; it is left as it is where a star does not fit its lobe."""
    one, two = np.empty(BODY), np.empty(BODY)
    inclination, e, periastron = numbers[INCLINATION], numbers[ECCENTRICITY], numbers[PERIASTRON]
    if not _bodies(numbers, 1.0 - e, grid, one, two):
        return
    first, second = nearest(0.0, inclination, e, periastron), nearest(math.pi, inclination, e, periastron)
    if e > 0.0 and not _bodies(numbers, second[2], grid, one, two):
        return
    part2, area2, front2, _, _ = covers(one, two, second[2], second[0] - math.pi, inclination)
    # In a circular orbit both discs and their overlap are the same at either conjunction.
    part1, area1, front1 = 1.0 - (1.0 - part2) * area2 / front2, front2, area2
    out[_WIDTH] = 0.0
    small_is_two = area2 <= front2 * (1.0 + 1e-9)
    if small_is_two:
        _total(one, two, second, math.pi, numbers, part2 < HIDDEN, out)
    if e > 0.0:
        if not _bodies(numbers, first[2], grid, one, two):
            return
        part1, area1, front1, _, _ = covers(two, one, first[2], first[0], inclination)
    if not small_is_two:
        _total(two, one, first, 0.0, numbers, part1 < HIDDEN, out)
    out[_KIND], out[_KIND + 1] = _kind(part1, area1, front1), _kind(part2, area2, front2)
    # Where next to nothing is hidden, outlines of few nodes may leave less than the face of the neck.
    out[_HIDDEN], out[_HIDDEN + 1] = max(1.0 - part1, 0.0), max(1.0 - part2, 0.0)
    out[_PHASE], out[_PHASE + 1] = first[1] - math.floor(first[1] + 0.5), second[1]


@parallel_kernel
def _all_systems(numbers: Floats, grid: tuple[Floats, Floats], out: Floats) -> None:
    for i in span(numbers.shape[0]):
        k = np.int64(i)
        _one_system(numbers[k], grid, out[k])


def eclipse_labels(systems: Systems, threads: int | None = None) -> Columns:
    """Which eclipses N binaries have, from the shapes of the stars alone: no light, no grid of cells.

    An eclipse is looked at where the centres of the stars are closest on the sky near a conjunction. A star is *wholly*
    hidden where less than 5e-4 of its disc is seen, and not at all where less than that part of the smaller disc is
    covered. Of a contact envelope each half is a star, and its disc is what could be seen of that half if the other
    were not there, less the flat face of the neck.

    Parameters
    ----------
    systems : Systems
        N binaries.
    threads : int or None
        Threads over systems; None: all.

    Returns
    -------
    dict of numpy.ndarray, (N,)
        ``eclipse_1``, ``eclipse_2``: what happens to each star when it is behind, one of ``KINDS``; ``annular`` means
        that the whole disc of the star in front is seen against it. ``total``: whether the smaller star is wholly
        hidden. ``hidden_1``, ``hidden_2``: greatest part of each disc that is hidden (good to 0.5% for a small star of
        a contact envelope seen from near its pole, better else). ``eclipse_phase_1`` (-0.5 ... 0.5) and
        ``eclipse_phase_2`` (0 ... 1): when, in cycles. ``totality_width``: cycles for which the smaller star is wholly
        hidden, 0 for none (shapes held, in an eccentric orbit). ``total_limit_deg``: inclination above which its
        eclipse is total, NaN if none is; ``total_margin_deg``: how far above that limit (negative: below) this system
        is. Numbers of an impossible system are NaN, its eclipses ``none``.

    Raises
    ------
    MissingDependency
        When numba is not installed.

    Examples
    --------
    >>> labels = eclipse_labels(Systems(q=0.3, inclination=[75.0, 85.0], fillout=0.4))
    >>> labels["total"].tolist(), labels["eclipse_1"].tolist()
    ([False, True], ['partial', 'annular'])
    """
    need_numba()
    numbers = systems.numbers()
    good = reasons_against(numbers, *systems.spot_table(len(numbers)), systems.limb_law) == 0
    out = np.full((len(numbers), _COLUMNS), np.nan)
    found = np.full((int(good.sum()), _COLUMNS), np.nan)
    before = numba_threads(threads)
    try:
        _all_systems(np.ascontiguousarray(numbers[good]), fejer(_GRID), found)
    finally:
        numba_threads(before)
    out[good] = found
    out[np.isnan(out[:, _HIDDEN])] = np.nan
    return _columns(out, numbers[:, INCLINATION])


def _columns(out: Floats, inclination: Floats) -> Columns:
    kinds = np.where(np.isnan(out[:, :2]), 0, out[:, :2]).astype(np.int64)
    limit = np.degrees(out[:, _LIMIT])
    tilt = 90.0 - np.abs(90.0 - np.degrees(inclination))
    return {
        "total": (kinds == 2).any(axis=1),
        "eclipse_1": np.array(KINDS)[kinds[:, 0]],
        "eclipse_2": np.array(KINDS)[kinds[:, 1]],
        "hidden_1": out[:, _HIDDEN],
        "hidden_2": out[:, _HIDDEN + 1],
        "eclipse_phase_1": out[:, _PHASE],
        "eclipse_phase_2": out[:, _PHASE + 1],
        "totality_width": out[:, _WIDTH],
        "total_limit_deg": limit,
        "total_margin_deg": np.where(np.isnan(out[:, _HIDDEN]), np.nan, tilt - limit),
    }
