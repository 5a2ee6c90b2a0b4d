"""Batch normalisation of sequences of unlike length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

__all__ = ["MaskedBatchNorm", "settle"]


class MaskedBatchNorm(nn.Module):
    """Batch normalisation of (N, L, C) over the steps that are there; padded steps come out as 0.

    While it trains the mean and variance are those of the steps under the mask, so that a batch of short stars is not
    drowned by its padding; afterwards they are the running ones: the mean over the first ten batches, then one that
    forgets a tenth per batch. Batches hold stars of like length, so that the last few of them are not the average star:
    see `settle`.
    """

    running_mean: Tensor
    running_var: Tensor
    batches: Tensor

    def __init__(self, channels: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
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


def settle(network: nn.Module, batches: Iterable[Mapping[str, Tensor]]) -> None:
    """Give the masked normalisations of a network the mean statistics of some batches, with its weights as they are.

    Running statistics lag behind weights that change, and remember the last batches best. In a recurrent network a
    shift of the mean goes through every step, and the network of seed 0 was right on far fewer stars with the running
    statistics than with those of the batch (Wu & Johnson 2021, arXiv:2105.07576, recommend the same remedy).
    """
    norms = [module for module in network.modules() if isinstance(module, MaskedBatchNorm)]
    if not norms:
        return
    network.eval()
    kept = [norm.momentum for norm in norms]
    for norm in norms:
        norm.train()
        norm.momentum = 0.0
        norm.batches.zero_()
    with torch.no_grad():
        for inputs in batches:
            network(**inputs)
    for norm, momentum in zip(norms, kept, strict=True):
        norm.momentum = momentum
    network.eval()
