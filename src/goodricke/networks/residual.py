"""The network of seed 4: basic residual blocks over the pixels of one spectrum, and two fully connected layers.

Jing et al. (2025, arXiv:2411.03994) name the blocks (He et al. 2015), the dropout and the learning rate, and neither
widths nor number of blocks: these are ours, as a network of 18 layers has them at an eighth of its width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

__all__ = ["BasicBlock", "Residual", "ResidualSettings"]


@dataclass(frozen=True)
class ResidualSettings:
    """Sizes; the defaults have 0.2 million weights."""

    pixels: int = 2749
    """Of a spectrum."""
    widths: tuple[int, ...] = (8, 16, 32, 64)
    """Channels of every stage; each but the first halves the pixels."""
    blocks: int = 2
    """Residual blocks of a stage."""
    kernel: int = 5
    """Pixels that a convolution sees."""
    positions: int = 16
    """Stretches of the spectrum that are told apart at the end."""
    hidden: int = 128
    """Units of the first fully connected layer."""
    dropout: float = 0.5
    """Share of the values dropped before each fully connected layer while it trains."""


class Seen(NamedTuple):
    """What the network says of N spectra."""

    logits: Tensor
    """Of the classes (N, classes)."""
    embedding: Tensor
    """The first fully connected layer (N, hidden)."""


class BasicBlock(nn.Module):
    """Two convolutions and the way round them."""

    def __init__(self, width: int, wider: int, kernel: int, stride: int) -> None:
        super().__init__()
        half = kernel // 2
        self.through = nn.Sequential(
            nn.Conv1d(width, wider, kernel, stride, half, bias=False),
            nn.BatchNorm1d(wider),
            nn.ReLU(),
            nn.Conv1d(wider, wider, kernel, 1, half, bias=False),
            nn.BatchNorm1d(wider),
        )
        self.around: nn.Module = nn.Identity()
        if stride > 1 or width != wider:
            self.around = nn.Sequential(nn.Conv1d(width, wider, 1, stride, bias=False), nn.BatchNorm1d(wider))

    def forward(self, x: Tensor) -> Tensor:
        """(N, width, P) to (N, wider, P / stride)."""
        return torch.relu(self.through(x) + self.around(x))


class Residual(nn.Module):
    """Logits of spectra over their continuum."""

    def __init__(self, classes: int, settings: ResidualSettings = ResidualSettings()) -> None:
        super().__init__()
        self.settings = s = settings
        self.stem = nn.Sequential(
            nn.Conv1d(1, s.widths[0], 7, 2, 3, bias=False),
            nn.BatchNorm1d(s.widths[0]),
            nn.ReLU(),
            nn.MaxPool1d(3, 2, 1),
        )
        stages: list[nn.Module] = []
        width, pixels = s.widths[0], math.ceil(math.ceil(s.pixels / 2) / 2)
        for k, wider in enumerate(s.widths):
            for block in range(s.blocks):
                stride = 2 if k and not block else 1
                stages.append(BasicBlock(width, wider, s.kernel, stride))
                width, pixels = wider, math.ceil(pixels / stride)
        self.stages = nn.Sequential(*stages)
        stretch = max(pixels // s.positions, 1)
        self.pool = nn.AvgPool1d(stretch, ceil_mode=False)
        self.first = nn.Sequential(
            nn.Dropout(s.dropout), nn.Linear(width * (pixels // stretch), s.hidden), nn.ReLU(), nn.Dropout(s.dropout)
        )
        self.classes = nn.Linear(s.hidden, classes)

    def forward(self, flux: Tensor) -> Seen:
        """What is seen of N spectra: flux over continuum (N, P)."""
        x = self.pool(self.stages(self.stem(flux[:, None, :] - 1.0)))
        embedding = self.first(x.flatten(1))
        return Seen(self.classes(embedding), embedding)
