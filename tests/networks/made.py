"""Made inputs of networks, and networks whose running means are settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

N = TypeVar("N", bound=nn.Module)


def settled(network: N, inputs: Callable[[int], Sequence[Any]], batches: int = 30) -> N:
    """The network after some batches without a step, ready to be asked."""
    network.train()
    with torch.no_grad():
        for seed in range(batches):
            network(*inputs(seed))
    return network.eval()


def some_steps(n: int, most: int, seed: int = 0, lengths: Sequence[int] | None = None) -> Tensor:
    """Steps (n, most, 5) as ``goodricke.represent.steps`` lays them out: padding is 0 behind the last."""
    chance = torch.Generator().manual_seed(seed)
    drawn = torch.randint(3, most + 1, (n,), generator=chance) if lengths is None else torch.tensor(lengths)
    there = (torch.arange(most)[None, :] < drawn[:, None]).float()[:, :, None]
    values = torch.randn(n, most, 4, generator=chance)
    return torch.cat([values * there, there], dim=2)


def some_folds(n: int, candidates: int, seed: int = 0, bins: int = 64) -> Tensor:
    """Folds (n, candidates, 3, bins) with smooth levels, errors near 0.01 and a scatter; none is missing."""
    chance = torch.Generator().manual_seed(seed)
    phase = torch.arange(bins) / bins
    wave = torch.randn(n, candidates, 4, 1, generator=chance)
    level = sum(wave[:, :, k] * torch.cos(2 * torch.pi * (k + 1) * phase) for k in range(4)) * 0.2
    error = -1.9 + 0.3 * torch.randn(n, candidates, bins, generator=chance)
    scatter = 0.15 + 0.05 * torch.rand(n, candidates, bins, generator=chance)
    return torch.stack([torch.as_tensor(level), error, scatter], dim=2)
