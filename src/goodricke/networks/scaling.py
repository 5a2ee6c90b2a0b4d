"""Inputs brought to like size inside the network, so that the exported graph takes them as they are measured."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

__all__ = ["NormalScores"]

_LEVELS = np.linspace(0.005, 0.995, 33)
_FEWEST = 50


class NormalScores(nn.Module):
    """Every number (N, K) by where it stands among the training stars, as a normal score; unknown is 0.

    Straight lines between 33 quantiles; beyond the outermost the score stays, so that no wild number gets far.
    """

    lowest: Tensor
    rise: Tensor
    knot: Tensor
    width: Tensor
    known: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        from scipy.special import ndtri

        scores = torch.from_numpy(ndtri(_LEVELS).astype(np.float32))
        self.register_buffer("lowest", scores[0].clone())
        self.register_buffer("rise", scores.diff().clone())
        self.register_buffer("knot", torch.zeros(size, len(_LEVELS) - 1))
        self.register_buffer("width", torch.ones(size, len(_LEVELS) - 1))
        self.register_buffer("known", torch.zeros(size))

    def learn(self, values: NDArray[np.floating]) -> None:
        """Take the quantiles of training stars (N, K), NaN where unknown; a number that never changes stays 0."""
        for k, column in enumerate(np.asarray(values, dtype=np.float64).T):
            known = column[np.isfinite(column)]
            if len(known) < _FEWEST or not np.ptp(known) > 0:
                continue
            knots = np.quantile(known, _LEVELS)
            if not knots[-1] > knots[0]:
                knots = np.linspace(known.min(), known.max(), len(_LEVELS))
            width = np.maximum(np.diff(knots), 1e-6 * (knots[-1] - knots[0]))
            self.knot[k] = torch.from_numpy(knots[:-1].astype(np.float32))
            self.width[k] = torch.from_numpy(width.astype(np.float32))
            self.known[k] = 1.0

    def forward(self, values: Tensor) -> Tensor:
        """Scores (..., K) of numbers (..., K)."""
        there = torch.isfinite(values)
        plain = torch.where(there, values, torch.zeros_like(values))
        share = ((plain[..., None] - self.knot) / self.width).clamp(0.0, 1.0)
        score = self.lowest + (share * self.rise).sum(-1)
        return score * there * self.known
