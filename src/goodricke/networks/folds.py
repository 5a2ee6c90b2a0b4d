"""The network of candidate folds: it looks at a star folded at several periods, and learns which of them to believe.

Every fold (level, error and scatter in phase bins) goes through one circular convolutional net; the strengths of its
candidate (odds, log period, evidence) are added, and attention over the candidates makes one description of the star.
A second branch reads the raw points, a third numbers that describe the star. All end in logits of the classes, with
the help of a second head that places the star between contact and detached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from goodricke.networks.raw import RawBranch
from goodricke.networks.scaling import NormalScores

__all__ = ["Folds", "FoldsSettings", "Seen"]


@dataclass(frozen=True)
class FoldsSettings:
    """Sizes; the defaults have 0.32 million weights."""

    candidates: int = 8
    """Folds that are looked at, likeliest first; no more than are given."""
    bins: int = 64
    """Of a fold; a power of two."""
    channels: int = 3
    """Of a fold."""
    strengths: int = 46
    """Numbers that describe a candidate."""
    features: int = 162
    """Numbers that describe the star."""
    widths: tuple[int, ...] = (24, 40, 64)
    """Channels of every stage over the fold; each halves the bins."""
    raw_widths: tuple[int, ...] = (16, 32, 48)
    """Channels of every stage over the raw points; each halves the steps."""
    embedding: int = 96
    """Numbers that describe a fold, and the star in every branch."""
    heads: int = 2
    """Kinds of attention; the first is taught the catalogue's period."""
    levels: int = 7
    """Steps of the morphology from contact to detached."""
    hidden: int = 192
    """Units of the dense layers."""
    dropout: float = 0.2
    """Share of the values dropped while it trains."""
    missing: float = 0.1
    """Share of the stars that train without one of the branches, so that the others learn to do alone."""
    without: tuple[str, ...] = ()
    """What it does not look at, to see what each is worth: folds, strengths, raw, features."""


class Seen(NamedTuple):
    """What the network says of N stars."""

    logits: Tensor
    """Of the classes (N, classes)."""
    morphology: Tensor
    """Logits of the steps from contact to detached (N, levels)."""
    attention: Tensor
    """Log of the first attention over the candidates (N, C)."""
    embedding: Tensor
    """The star in `hidden` numbers (N, hidden): like stars have like ones."""


# About the mean and the scatter of the three channels over the training stars: level, log error, scatter.
_MIDDLE, _SIZE = (0.0, -1.9, 0.15), (0.25, 0.5, 0.12)


class Folds(nn.Module):
    """Logits of stars that are seen as C candidate folds, raw points and features.

    Shapes are fixed and nothing branches on the data, so the network exports as one graph.
    """

    middle: Tensor
    size: Tensor

    def __init__(self, classes: int, settings: FoldsSettings = FoldsSettings()) -> None:
        super().__init__()
        self.settings = s = settings
        self.register_buffer("middle", torch.tensor(_MIDDLE)[:, None])
        self.register_buffer("size", torch.tensor(_SIZE)[:, None])
        self.stages = nn.ModuleList()
        width = 2 * s.channels  # two neighbouring bins stand side by side as channels
        for wider in s.widths:
            self.stages.append(_Stage(width, wider))
            width = wider
        flat = width * s.bins // 2 ** len(s.widths)
        self.describe = nn.Sequential(nn.Linear(flat + 2 * width, s.embedding), nn.GELU(), nn.Dropout(s.dropout))
        self.strength_scores = NormalScores(s.strengths)
        self.strength = nn.Sequential(nn.Linear(s.strengths, s.embedding), nn.GELU(), nn.Dropout(s.dropout))
        self.merge = nn.Sequential(nn.Linear(2 * s.embedding, s.embedding), nn.GELU())
        self.attend = nn.Linear(s.embedding, s.heads)
        self.feature_scores = NormalScores(s.features)
        self.numbers = nn.Sequential(
            nn.Linear(s.features, s.hidden), nn.GELU(), nn.Dropout(s.dropout), nn.Linear(s.hidden, s.embedding),
            nn.GELU(),
        )  # fmt: skip
        self.raw = RawBranch(s.raw_widths, s.embedding, s.dropout)
        self.together = nn.Sequential(
            nn.Dropout(s.dropout), nn.Linear((s.heads + 3) * s.embedding, s.hidden), nn.GELU(), nn.Dropout(s.dropout)
        )
        self.classes = nn.Linear(s.hidden, classes)
        self.morphology = nn.Linear(s.hidden, s.levels)
        self.shape_to_class = nn.Linear(s.levels, classes, bias=False)
        nn.init.zeros_(self.shape_to_class.weight)

    def forward(self, folds: Tensor, strengths: Tensor, steps: Tensor, features: Tensor) -> Seen:
        """What is seen of N stars.

        Parameters
        ----------
        folds : (N, C, channels, bins)
            As ``goodricke.represent.folds.folded`` makes them; a candidate that is missing is all 0.
        strengths : (N, C, strengths)
            Numbers of every candidate; what is not finite is unknown.
        steps : (N, S, 5)
            As ``goodricke.represent.steps.steps`` makes them.
        features : (N, features)
            Numbers of the star; what is not finite is unknown.
        """
        s = self.settings
        folds, strengths = folds[:, : s.candidates], strengths[:, : s.candidates]
        each, there = self._candidates(folds, strengths)
        score = self.attend(each).masked_fill(~there[:, :, None], -1e4)
        star = torch.einsum("nch,nce->nhe", torch.softmax(score, dim=1), each).flatten(1)
        best = each.masked_fill(~there[:, :, None], -1.0).amax(1)
        numbers = self.numbers(self.feature_scores(features))
        raw = self.raw(steps)
        star, best = self._kept("folds", star), self._kept("folds", best)
        parts = [star, best, self._kept("features", numbers), self._kept("raw", raw)]
        embedding = self.together(torch.cat(parts, dim=1))
        morphology = self.morphology(embedding)
        logits = self.classes(embedding) + self.shape_to_class(torch.log_softmax(morphology, dim=1))
        return Seen(logits, morphology, torch.log_softmax(score[:, :, 0], dim=1), embedding)

    def _candidates(self, folds: Tensor, strengths: Tensor) -> tuple[Tensor, Tensor]:
        """Every candidate in numbers (N, C, embedding), and whether it is there (N, C)."""
        s = self.settings
        n, c = folds.shape[:2]
        there = folds.abs().amax((2, 3)) > 0.0
        x = ((folds - self.middle) / self.size * there[:, :, None, None]).reshape(n * c, s.channels, s.bins // 2, 2)
        x = x.transpose(2, 3).reshape(n * c, 2 * s.channels, s.bins // 2)
        if "folds" in s.without:
            x = torch.zeros_like(x)
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number + 1 < len(self.stages):
                x = nn.functional.avg_pool1d(x, 2)
        seen = self.describe(torch.cat([x.flatten(1), x.mean(2), x.amax(2)], dim=1))
        scores = self.strength_scores(strengths).reshape(n * c, s.strengths)
        if "strengths" in s.without:
            scores = torch.zeros_like(scores)
        each = self.merge(torch.cat([seen, self.strength(scores)], dim=1)).reshape(n, c, s.embedding)
        if {"folds", "strengths"} <= set(s.without):
            each = each.detach()  # normalisation of nothing has gradients without bound
        return each, there

    def _kept(self, name: str, branch: Tensor) -> Tensor:
        """A branch, left out for some of the stars while it trains."""
        if name in self.settings.without and not (name == "folds" and "strengths" not in self.settings.without):
            return torch.zeros_like(branch)
        if self.training and self.settings.missing:
            return branch * (torch.rand(len(branch), 1, device=branch.device) >= self.settings.missing)
        return branch


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
