"""Stars that are points in a plane, and a small network: what the training loop needs, without light curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


class Blobs:
    """Three classes around three corners; with chance they are shaken a little.

    Parameters
    ----------
    n : int
        Stars.
    seed : int
        Of where they are.
    apart : float
        Distance of the corners in standard deviations.
    stop_at : int
        The call of `batch` that is interrupted; 0: none.
    """

    def __init__(self, n: int = 120, seed: int = 0, apart: float = 5.0, stop_at: int = 0) -> None:
        rng = np.random.default_rng(seed)
        corner = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
        kind = rng.integers(0, 3, n)
        self.values = (apart * corner[kind] + rng.normal(size=(n, 2))).astype(np.float32)
        self.target = np.eye(3, dtype=np.float32)[kind]
        self.lengths = rng.integers(5, 100, n)
        self.stop_at, self.asked = stop_at, 0

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator | None) -> Mapping[str, NDArray[Any]]:
        self.asked += 1
        if self.asked == self.stop_at:
            raise KeyboardInterrupt
        shaken = 0.0 if rng is None else rng.normal(0.0, 0.1, (len(rows), 2))
        return {"place": (self.values[rows] + shaken).astype(np.float32)}

    def targets(self, rows: NDArray[np.int64]) -> Mapping[str, NDArray[Any]]:
        return {"target": self.target[rows]}


class Seen(NamedTuple):
    logits: Tensor
    embedding: Tensor


class Small(nn.Module):
    """With all that has a memory: normalisation, dropped values, two outputs."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.first = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2))
        self.last = nn.Linear(8, 3)

    def forward(self, place: Tensor) -> Seen:
        embedding = self.first(place)
        return Seen(self.last(embedding), embedding)
