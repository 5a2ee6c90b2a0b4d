"""Stars made for the cleaning tests, in many copies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import LightCurves

Floats = NDArray[np.float64]
Shape = Callable[[Floats], Floats]


def constant(phase: Floats) -> Floats:
    return np.ones_like(phase)


def rr_lyrae(phase: Floats) -> Floats:
    """A saw tooth of 1 mag: up in 0.15 of the period."""
    x = phase % 1.0
    mag = np.where(x < 0.15, 0.5 - x / 0.15, (x - 0.15) / 0.85 - 0.5)
    return 10 ** (-0.4 * mag)


def algol(phase: Floats, width: float = 0.03, depth: float = 0.6) -> Floats:
    """A round eclipse that takes `width` of the period."""
    x = np.abs((phase + 0.5) % 1.0 - 0.5) / (width / 2.0)
    return 1.0 - depth * np.sqrt(np.clip(1.0 - x, 0.0, 1.0))


def contact(phase: Floats) -> Floats:
    return 1.0 + 0.15 * np.cos(4 * np.pi * phase) - 0.03 * np.cos(2 * np.pi * phase)


def nights(rng: np.random.Generator, stars: int, points: int, span: int = 1500) -> Floats:
    """One point in each of `points` nights (stars, points), sorted."""
    days = np.sort(rng.permuted(np.tile(np.arange(span), (stars, 1)), axis=1)[:, :points], axis=1)
    return days + rng.uniform(0.0, 0.3, (stars, points))


def batch(time: Floats, flux: Floats, err: float | Floats) -> LightCurves:
    """One star per row of (stars, points)."""
    star = np.repeat(np.arange(len(time)), time.shape[1])
    return LightCurves.from_arrays(
        time.ravel(), flux=flux.ravel(), err=np.broadcast_to(err, time.shape).ravel(), object_id=star
    )


def sparse(
    shape: Shape, stars: int = 200, points: int = 300, noise: float = 0.02, seed: int = 0
) -> tuple[LightCurves, Floats]:
    """A ground survey of periodic stars, and their flux without noise (stars, points)."""
    rng = np.random.default_rng(seed)
    time = nights(rng, stars, points)
    clean = shape(time / rng.uniform(0.3, 5.0, (stars, 1)) + rng.random((stars, 1)))
    return batch(time, clean + rng.normal(0.0, noise, time.shape), noise), clean


def kept(before: LightCurves, after: LightCurves) -> NDArray[np.bool_]:
    """Which points of `before` are still there (M,); times of a star and band must differ."""
    key = lambda lcs: np.stack([np.repeat(np.arange(len(lcs)), lcs.lengths), lcs.time, lcs.band])  # noqa: E731
    whole, part = key(before).T.tolist(), {tuple(row) for row in key(after).T.tolist()}
    return np.array([tuple(row) in part for row in whole])
