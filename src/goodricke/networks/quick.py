"""The quick network: raw points and numbers that need no period, for a first look at very many stars.

It learns from the labels and from what the large model says of the same stars.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from goodricke.networks.raw import RawBranch
from goodricke.networks.scaling import NormalScores

__all__ = ["Quick", "QuickSettings"]


@dataclass(frozen=True)
class QuickSettings:
    """Sizes; the defaults have 0.1 million weights."""

    features: int = 60
    """Numbers that describe the star."""
    raw_widths: tuple[int, ...] = (24, 48, 64)
    """Channels of every stage over the raw points; each halves the steps."""
    hidden: int = 128
    """Units of the dense layers."""
    dropout: float = 0.1
    """Share of the values dropped while it trains."""


class Seen(NamedTuple):
    """What the network says of N stars."""

    logits: Tensor
    """Of the classes (N, classes)."""
    embedding: Tensor
    """The star in `hidden` numbers (N, hidden)."""


class Quick(nn.Module):
    """Logits of stars that are seen as raw points and features."""

    def __init__(self, classes: int, settings: QuickSettings = QuickSettings()) -> None:
        super().__init__()
        self.settings = s = settings
        self.feature_scores = NormalScores(s.features)
        self.numbers = nn.Sequential(nn.Linear(s.features, s.hidden), nn.GELU(), nn.Dropout(s.dropout))
        self.raw = RawBranch(s.raw_widths, s.hidden, s.dropout)
        self.together = nn.Sequential(nn.Linear(2 * s.hidden, s.hidden), nn.GELU(), nn.Dropout(s.dropout))
        self.classes = nn.Linear(s.hidden, classes)

    def forward(self, steps: Tensor, features: Tensor) -> Seen:
        """What is seen of N stars: steps (N, S, 5) and features (N, K), not finite where unknown."""
        parts = [self.raw(steps), self.numbers(self.feature_scores(features))]
        embedding = self.together(torch.cat(parts, dim=1))
        return Seen(self.classes(embedding), embedding)
