"""Stars whose posterior is known: Gaussian classes with unit covariance on a circle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Sample:
    """Places (N, 2), true classes (N,), and the exact logits (N, C) and posterior of the classes."""

    x: NDArray[np.float64]
    target: NDArray[np.int64]
    logits: NDArray[np.float64]
    posterior: NDArray[np.float64]


def sample(n: int, priors: list[float], seed: int, believed: list[float] | None = None, radius: float = 1.5) -> Sample:
    """`n` stars with class shares `priors`; the posterior takes the shares `believed`."""
    rng = np.random.default_rng(seed)
    c = len(priors)
    angle = 2 * np.pi * np.arange(c) / c
    means = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    target = rng.choice(c, n, p=priors)
    x = means[target] + rng.normal(size=(n, 2))
    z = x @ means.T - 0.5 * (means**2).sum(axis=1) + np.log(believed or priors)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return Sample(x, target, z, p / p.sum(axis=1, keepdims=True))


def noise_of_calibration_error(p: NDArray[np.float64], error: object, draws: int = 40, seed: int = 0) -> float:
    """The 99% quantile of a calibration error when every outcome is drawn from `p` itself."""
    rng = np.random.default_rng(seed)
    steps = p.cumsum(axis=1)
    found = [error(p, (rng.random((len(p), 1)) > steps).sum(axis=1).clip(0, p.shape[1] - 1)) for _ in range(draws)]  # type: ignore[operator]
    return float(np.mean(found) + 2.33 * np.std(found))
