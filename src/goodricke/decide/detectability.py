"""What could have been found in a star's spectrum at all, as one number and in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.orbits import OrbitPrior, drawn_orbits
from goodricke.errors import DataError

__all__ = ["companion_weights", "detectability_words", "found_share"]

Floats = NDArray[np.float64]

_HALF = 0.5  # chance from which on a companion counts as seen
_TWIN_Q = 0.95
_SURE, _HOPELESS = 0.995, 0.005  # so that no one reads 0 % or 100 %


def companion_weights(q: ArrayLike, dv: ArrayLike, prior: OrbitPrior | None = None, mass: float = 1.0) -> Floats:
    """Share of the binaries (Q, V) that stand for each node of a grid of mass ratio and velocity difference.

    Mass ratios are even over the grid; the velocity difference at a random moment is that of the orbits of the prior,
    without sign. Each binary is shared between the two nodes beside it; beyond the last node it counts there.

    Parameters
    ----------
    q : (Q,)
        Mass ratios, rising.
    dv : (V,)
        Velocity differences in km/s from 0 on, rising.
    prior : OrbitPrior
        Of periods and eccentricities; its mass ratios are not used.
    mass : float
        Of the primary, in suns.

    Examples
    --------
    >>> weights = companion_weights([0.6, 0.8, 1.0], [0.0, 50.0, 100.0, 200.0, 400.0])
    >>> weights.sum(axis=0).round(2)
    array([0.86, 0.11, 0.02, 0.01, 0.  ])
    """
    ratios, speeds = _grid(q, dv)
    orbits = drawn_orbits(prior or OrbitPrior())
    result = np.zeros((len(ratios), len(speeds)))
    # Mean anomaly is even in time, so each of its steps is a moment as likely as any other.
    unit = np.abs(orbits.curve) * (orbits.scale * orbits.sin_i * np.cbrt(mass))[:, None]
    each = np.repeat(orbits.weight / orbits.curve.shape[1], orbits.curve.shape[1])
    for k, ratio in enumerate(ratios):
        speed = np.clip(np.cbrt(1 + ratio) * unit.ravel(), speeds[0], speeds[-1])
        if len(speeds) == 1:
            result[k] = each.sum()
            continue
        cell = np.minimum(np.searchsorted(speeds, speed, "right") - 1, len(speeds) - 2)
        part = (speed - speeds[cell]) / (speeds[cell + 1] - speeds[cell])
        result[k] = np.bincount(cell, each * (1 - part), len(speeds))
        result[k] += np.bincount(cell + 1, each * part, len(speeds))
    return result * _widths(ratios)[:, None]


def found_share(chance: ArrayLike, weights: ArrayLike) -> Floats:
    """Share (N,) of the binaries of a population that would have been found in each spectrum.

    Parameters
    ----------
    chance : (N, Q, V)
        That a binary of these q and dv would have been found in the very spectrum; NaN where that is not known.
    weights : (Q, V)
        Of `companion_weights`.

    Examples
    --------
    >>> found_share([[[0.0, 1.0], [0.5, 1.0]]], [[0.4, 0.1], [0.4, 0.1]]).round(3)
    array([0.4])
    """
    c, w = np.asarray(chance, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if c.ndim != 3 or c.shape[1:] != w.shape:
        raise DataError(f"a chance of shape (N, {w.shape}) is wanted; it has {c.shape}")
    known = np.isfinite(c)
    total = (known * w).sum(axis=(1, 2))
    return np.asarray((np.where(known, c, 0.0) * w).sum(axis=(1, 2)) / np.where(total > 0, total, np.nan))


def detectability_words(
    chance: ArrayLike, q: ArrayLike, dv: ArrayLike, share: ArrayLike | None = None
) -> NDArray[np.object_]:
    """One sentence (N,) per spectrum on what would have been found; empty where nothing is known.

    Parameters
    ----------
    chance : (N, Q, V)
        As in `found_share`.
    q, dv : (Q,), (V,)
        The grid: mass ratios, and velocity differences in km/s from 0 on.
    share : (N,), optional
        Of `found_share`; it then closes the sentence.

    Examples
    --------
    >>> chance = [[[0.1, 0.2, 0.9], [0.72, 0.8, 1.0], [0.02, 0.3, 0.9]]]
    >>> print(detectability_words(chance, [0.6, 0.8, 1.0], [0.0, 100.0, 200.0])[0])
    a companion of q 0.8 at rest would have been found with 72 %; twins (q > 0.95) cannot be seen below 130 km/s
    """
    ratios, speeds = _grid(q, dv)
    c = np.asarray(chance, dtype=np.float64)
    if c.ndim != 3 or c.shape[1:] != (len(ratios), len(speeds)):
        raise DataError(f"a chance of shape (N, {len(ratios)}, {len(speeds)}) is wanted; it has {c.shape}")
    known = np.isfinite(c).any(axis=(1, 2))
    c = np.nan_to_num(c, nan=0.0)
    rest = c[:, :, 0]
    best = rest.argmax(axis=1)
    top = rest[np.arange(len(c)), best]
    twins = ratios > _TWIN_Q
    seen_from = _first_seen(c[:, twins].mean(axis=1), speeds) if twins.any() else None
    closing = None if share is None else np.asarray(share, dtype=np.float64)
    words = np.full(len(c), "", dtype=object)
    for k in np.flatnonzero(known):
        said = f"a companion of q {ratios[best[k]]:.2g} at rest would have been found with {_percent(top[k])}"
        if seen_from is not None:
            said += f"; twins (q > {_TWIN_Q}) {_limit(float(seen_from[k]), float(speeds[-1]))}"
        if closing is not None and np.isfinite(closing[k]):
            said += f"; {_percent(closing[k])} of all companions would have been found"
        words[k] = said
    return words


def _first_seen(chance: Floats, speeds: Floats) -> Floats:
    """Speed (N,) from which on the chance (N, V) stays at a half or more: infinite where it does not at the end."""
    below = chance < _HALF
    last = np.where(below.any(axis=1), chance.shape[1] - 1 - below[:, ::-1].argmax(axis=1), -1)
    step = np.clip(last, 0, max(len(speeds) - 2, 0))
    line = np.arange(len(chance))
    low, high = chance[line, step], chance[line, np.minimum(step + 1, len(speeds) - 1)]
    part = (_HALF - low) / np.where(high > low, high - low, 1.0)
    crossed = speeds[step] + part * (speeds[np.minimum(step + 1, len(speeds) - 1)] - speeds[step])
    return np.where(last < 0, 0.0, np.where(last == len(speeds) - 1, np.inf, crossed))


def _limit(seen_from: float, fastest: float) -> str:
    if seen_from == 0:
        return "can be seen at any velocity difference"
    if np.isinf(seen_from):
        return f"cannot be seen up to {fastest:.0f} km/s"
    return f"cannot be seen below {round(seen_from, -1):.0f} km/s"


def _percent(share: float) -> str:
    if share > _SURE:
        return "more than 99 %"
    if share < _HOPELESS:
        return "less than 1 %"
    return f"{100 * share:.0f} %"


def _grid(q: ArrayLike, dv: ArrayLike) -> tuple[Floats, Floats]:
    ratios, speeds = np.asarray(q, dtype=np.float64), np.asarray(dv, dtype=np.float64)
    for name, axis in (("q", ratios), ("dv", speeds)):
        if axis.ndim != 1 or not len(axis) or (np.diff(axis) <= 0).any():
            raise DataError(f"{name} has to be a rising row of numbers; it is {axis.tolist()}")
    if speeds[0] != 0:
        raise DataError(f"velocity differences start at 0 km/s, the commonest; the first is {speeds[0]:g}")
    return ratios, speeds


def _widths(nodes: Floats) -> Floats:
    """How much of the line between the first and the last node is nearest to each; sums to 1."""
    if len(nodes) == 1:
        return np.ones(1)
    bounds = np.concatenate([nodes[:1], (nodes[1:] + nodes[:-1]) / 2, nodes[-1:]])
    return np.asarray(np.diff(bounds) / (nodes[-1] - nodes[0]))
