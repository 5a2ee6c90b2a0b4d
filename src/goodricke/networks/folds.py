"""The network of candidate folds: it looks at a star folded at several periods, and learns which of them to believe.

Every fold (level, error and scatter in phase bins) goes through one circular convolutional net; the strengths of its
candidate (log period, odds, evidence) are added, and attention over the candidates makes one description of the star.
A second branch reads numbers that need no fold. Both end in logits of the classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

__all__ = ["Folds", "FoldsSettings"]


@dataclass(frozen=True)
class FoldsSettings:
    """Sizes; the defaults have 0.2 million weights."""

    bins: int = 64
    """Of a fold; a power of two."""
    channels: int = 3
    """Of a fold."""
    strengths: int = 46
    """Numbers that describe a candidate."""
    scalars: int = 162
    """Numbers that describe the star."""
    widths: tuple[int, ...] = (24, 32, 48)
    """Channels of every stage; each halves the bins."""
    embedding: int = 64
    """Numbers that describe a fold."""
    heads: int = 2
    """Kinds of attention; the first is taught the catalogue's period."""
    levels: int = 7
    """Steps of the morphology from contact to detached."""
    hidden: int = 128
    """Units of the dense layers."""
    dropout: float = 0.2
    """Share of the values dropped while it trains."""
    missing: float = 0.1
    """Share of the stars that train without their scalars, so that the folds learn to do alone."""


class Folds(nn.Module):
    """Logits of classes and of morphology, and attention over the candidates, of stars seen as C candidate folds.

    Shapes are fixed and nothing branches on the data, so the network exports as one graph.
    """

    def __init__(self, classes: int, settings: FoldsSettings = FoldsSettings()) -> None:
        super().__init__()
        self.settings = s = settings
        self.stages = nn.ModuleList()
        width = 2 * s.channels  # two neighbouring bins stand side by side as channels
        for wider in s.widths:
            self.stages.append(_Stage(width, wider))
            width = wider
        flat = width * s.bins // 2 ** len(s.widths)
        self.describe = nn.Sequential(nn.Linear(flat + 2 * width, s.embedding), nn.GELU(), nn.Dropout(s.dropout))
        self.strength_norm = nn.BatchNorm1d(s.strengths)
        self.strength = nn.Sequential(nn.Linear(s.strengths, s.embedding), nn.GELU(), nn.Dropout(s.dropout))
        self.merge = nn.Sequential(nn.Linear(2 * s.embedding, s.embedding), nn.GELU())
        self.attend = nn.Linear(s.embedding, s.heads)
        self.scalar = nn.Sequential(
            nn.BatchNorm1d(s.scalars), nn.Linear(s.scalars, s.hidden), nn.GELU(), nn.Dropout(s.dropout),
            nn.Linear(s.hidden, s.embedding), nn.GELU(),
        )  # fmt: skip
        together = (s.heads + 2) * s.embedding
        self.head = nn.Sequential(
            nn.Dropout(s.dropout), nn.Linear(together, s.hidden), nn.GELU(), nn.Dropout(s.dropout),
            nn.Linear(s.hidden, classes + s.levels),
        )  # fmt: skip
        self.classes = classes

    def embed(self, folds: Tensor, strengths: Tensor, there: Tensor, scalars: Tensor) -> tuple[Tensor, Tensor]:
        """Description of the star (N, E), and log of the first attention (N, C)."""
        n, c = folds.shape[:2]
        s = self.settings
        x = folds.reshape(n * c, s.channels, s.bins // 2, 2).transpose(2, 3)
        x = x.reshape(n * c, 2 * s.channels, s.bins // 2)
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number + 1 < len(self.stages):
                x = nn.functional.avg_pool1d(x, 2)
        seen = self.describe(torch.cat([x.flatten(1), x.mean(2), x.amax(2)], dim=1))
        told = self.strength(self.strength_norm(strengths.reshape(n * c, s.strengths)))
        each = self.merge(torch.cat([seen, told], dim=1)).reshape(n, c, s.embedding)
        score = self.attend(each).masked_fill(~there[:, :, None], -1e4)
        attention = torch.softmax(score, dim=1)
        star = torch.einsum("nch,nce->nhe", attention, each).flatten(1)
        best = each.masked_fill(~there[:, :, None], -1.0).amax(1)
        return torch.cat([star, best, self._of_scalars(scalars)], dim=1), torch.log_softmax(score[:, :, 0], dim=1)

    def forward(
        self, folds: Tensor, strengths: Tensor, there: Tensor, scalars: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of the classes (N, classes) and of the morphology (N, levels), and log attention (N, C).

        Parameters
        ----------
        folds : (N, C, channels, bins)
            As ``goodricke.represent.folds.folded`` makes them.
        strengths : (N, C, strengths)
            Numbers of every candidate, finite.
        there : (N, C) bool
            Which candidates are there.
        scalars : (N, scalars)
            Numbers of the star, finite.
        """
        star, attention = self.embed(folds, strengths, there, scalars)
        logits = self.head(star)
        return logits[:, : self.classes], logits[:, self.classes :], attention

    def _of_scalars(self, scalars: Tensor) -> Tensor:
        found: Tensor = self.scalar(scalars)
        if self.training and self.settings.missing:
            found = found * (torch.rand(len(found), 1, device=found.device) >= self.settings.missing)
        return found


class _Stage(nn.Module):
    """A wider convolution and a residual one, both around the circle: (n, before, b) -> (n, after, b)."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.widen = _Circular(before, after, 5)
        self.first, self.second = _Circular(after, after, 3), _Circular(after, after, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.gelu(self.widen(x))
        return nn.functional.gelu(x + self.second(nn.functional.gelu(self.first(x))))


class _Circular(nn.Module):
    """Convolution around the circle with batch normalisation."""

    def __init__(self, before: int, after: int, kernel: int) -> None:
        super().__init__()
        self.edge = kernel // 2
        self.convolution = nn.Conv1d(before, after, kernel, bias=False)
        self.norm = nn.BatchNorm1d(after)

    def forward(self, x: Tensor) -> Tensor:
        around = torch.cat([x[:, :, -self.edge :], x, x[:, :, : self.edge]], dim=2)
        found: Tensor = self.norm(self.convolution(around))
        return found
