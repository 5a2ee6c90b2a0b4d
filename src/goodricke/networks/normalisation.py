"""Batch normalisation of sequences of unlike length."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["MaskedBatchNorm"]


class MaskedBatchNorm(nn.Module):
    """Batch normalisation of (N, L, C) over the steps that are there; padded steps come out as 0.

    While it trains the mean and variance are those of the steps under the mask, so that a batch of short stars is not
    drowned by its padding; afterwards they are the running ones: the mean over the first hundred batches, then one that
    forgets a hundredth per batch, as Keras's does. Batches hold stars of like length, so that the last few of them are
    not the average star; and a mean that began at nothing would take a thousand batches to forget it.
    """

    running_mean: Tensor
    running_var: Tensor
    batches: Tensor

    def __init__(self, channels: int, momentum: float = 0.01, eps: float = 1e-5) -> None:
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("batches", torch.zeros((), dtype=torch.int64))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Normalise `x` (N, L, C) under `mask` (N, L, 1), which is 1 where there is a step and 0 where not."""
        mean, var = self.running_mean, self.running_var
        if self.training:
            count = mask.sum().clamp(min=2.0)
            mean = (x * mask).sum(dim=(0, 1)) / count
            var = (((x - mean) * mask) ** 2).sum(dim=(0, 1)) / count
            if mask.sum() > 1.0:
                with torch.no_grad():
                    self.batches += 1
                    share = max(self.momentum, 1.0 / int(self.batches))
                    self.running_mean.lerp_(mean, share)
                    self.running_var.lerp_(var * count / (count - 1), share)
        scaled = (x - mean) * torch.rsqrt(var + self.eps) * self.weight + self.bias
        return scaled * mask
