"""Maps of log-probabilities that have few numbers: temperature, vector and Dirichlet scaling.

All three are ``softmax(slope @ log p + intercept)``: with one slope for all classes and no intercept (Guo et al.
2017), a slope per class, or a full matrix whose off-diagonal and intercept are held small (ODIR; Kull et al. 2019).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scaling", "fitted", "scaled"]

Scaling = Literal["temperature", "vector", "dirichlet"]
Floats = NDArray[np.float64]

# A slope outside says that the logits are useless or that the classes are separated; the loss is flat there.
_SLOPES = (0.01, 100.0)
_OTHERS = 50.0


def scaled(log_p: Floats, slope: Floats, intercept: Floats) -> Floats:
    """New logits (N, C) from log-probabilities and a slope of shape (1,), (C,) or (C, C)."""
    z = log_p @ slope.T if slope.ndim == 2 else log_p * slope
    return np.asarray(z + intercept if len(intercept) else z)


def fitted(log_p: Floats, target: NDArray[np.int64], weights: Floats, kind: Scaling, ridge: float) -> list[Floats]:
    """Slope and intercept of least log loss.

    The slope has shape (1,), (C,) or (C, C); the intercept (C,) or, for a temperature, (0,). To the mean log loss the
    Dirichlet kind adds `ridge` times the mean square of the off-diagonal, and it and the vector kind `ridge` times the
    mean square of the intercept (Kull et al. 2019, section 3). A class without a star keeps the slope that the
    temperature has, and no intercept: its probability is not driven to nothing because it happened to be absent. The
    Dirichlet kind then has no off-diagonal either, since that says nothing sound where such stars would be.
    """
    c = log_p.shape[1]
    slope = _least(np.ones(1), [_SLOPES], log_p, target, weights, "temperature", ridge)
    if kind == "temperature":
        return [slope, np.zeros(0)]
    present = np.bincount(target, weights, minlength=c) > 0
    own = np.eye(c, dtype=bool) if kind == "dirichlet" else np.ones((1, c), dtype=bool)
    start = np.concatenate([(own * slope).ravel(), np.zeros(c)])
    reach = np.array([_SLOPES if here else (-_OTHERS, _OTHERS) for here in own.ravel()] + [(-_OTHERS, _OTHERS)] * c)
    row = np.concatenate([np.repeat(np.arange(c), c) if kind == "dirichlet" else np.arange(c), np.arange(c)])
    absent = ~present[row]
    if kind == "dirichlet" and not present.all():
        absent[: c * c] |= ~own.ravel()
    reach[absent] = start[absent, None]
    found = _least(start, list(map(tuple, reach)), log_p, target, weights, kind, ridge)
    return [found[:-c].reshape(c, c) if kind == "dirichlet" else found[:-c], found[-c:]]


def _least(
    start: Floats,
    bounds: list[Any],
    log_p: Floats,
    target: NDArray[np.int64],
    weights: Floats,
    kind: Scaling,
    ridge: float,
) -> Floats:
    from scipy.optimize import minimize

    c = log_p.shape[1]
    shape = {"temperature": (1,), "vector": (c,), "dirichlet": (c, c)}[kind]
    share = weights / weights.sum()
    off = 1.0 - np.eye(c) if kind == "dirichlet" else np.zeros(shape)

    def loss(numbers: Floats) -> tuple[float, Floats]:
        size = int(np.prod(shape))
        slope, intercept = numbers[:size].reshape(shape), numbers[size:]
        value, residual = _log_loss(scaled(log_p, slope, intercept), target, share)
        if kind == "dirichlet":
            gradient = residual.T @ log_p
        else:
            gradient = (residual * log_p).sum(axis=0)
            gradient = gradient if kind == "vector" else gradient.sum(keepdims=True)
        pull = ridge * off * slope / max(off.sum(), 1.0)
        value += float((pull * slope).sum())
        parts = [(gradient + 2 * pull).ravel()]
        if len(intercept):
            value += ridge * float(np.mean(intercept**2))
            parts.append(residual.sum(axis=0) + 2 * ridge * intercept / c)
        return value, np.concatenate(parts)

    steps = {"maxiter": 500, "maxfun": 1000, "ftol": 1e-12, "gtol": 1e-8, "maxcor": 20}
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=steps)
    return np.asarray(result.x, dtype=np.float64)


def _log_loss(z: Floats, target: NDArray[np.int64], share: Floats) -> tuple[float, Floats]:
    """Log loss, and its derivative (N, C) by the logits."""
    rows = np.arange(len(z))
    z -= z.max(axis=1, keepdims=True)
    own = z[rows, target]
    np.exp(z, out=z)
    total = z.sum(axis=1)
    value = float(share @ (np.log(total) - own))
    z *= (share / total)[:, None]
    z[rows, target] -= share
    return value, z
