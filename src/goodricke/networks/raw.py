"""The branch of raw points: convolutions along the steps of a light curve, padding left out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["RawBranch"]

_STEP = 5


class RawBranch(nn.Module):
    """What a fixed number of steps (N, S, 5) shows, as (N, size); see ``goodricke.represent.steps``.

    Stages of two convolutions, each halving the steps; mean and maximum over the steps that are there.
    """

    def __init__(self, widths: tuple[int, ...], size: int, dropout: float) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        width = _STEP
        for wider in widths:
            self.stages.append(
                nn.Sequential(
                    nn.Conv1d(width, wider, 5, stride=2, padding=2),
                    nn.BatchNorm1d(wider),
                    nn.GELU(),
                    nn.Conv1d(wider, wider, 3, padding=1),
                    nn.BatchNorm1d(wider),
                    nn.GELU(),
                )
            )
            width = wider
        self.last = nn.Sequential(nn.Linear(2 * width, size), nn.GELU(), nn.Dropout(dropout))

    def forward(self, steps: Tensor) -> Tensor:
        """Description (N, size) of steps (N, S, 5)."""
        x = steps.transpose(1, 2)
        mask = x[:, -1:, :]
        for stage in self.stages:
            mask = mask[:, :, ::2]
            x = stage(x) * mask
        mean = x.sum(2) / mask.sum(2).clamp(min=1.0)
        most = (x - 10.0 * (1.0 - mask)).amax(2)
        found: Tensor = self.last(torch.cat([mean, most], dim=1))
        return found
