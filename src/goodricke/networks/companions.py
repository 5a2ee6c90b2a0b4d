"""Our network for spectra: filters that physics knows, lines that convolutions see, and what the best single star is.

A companion leaves a pattern beside the best single star. Patterns of all kinds of companions lie in a space of some
hundred filters, turned so that the ways in which single stars differ from each other are independent along them.
There the covariance of a spectrum is a diagonal, star-to-star scatter plus noise, whatever its signal-to-noise ratio,
and the likelihood of every companion a short sum. These sums are constants of physics, not learned; dense layers and
convolutions learn what they leave out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from goodricke.networks.residual import BasicBlock
from goodricke.networks.scaling import NormalScores

__all__ = ["NUISANCES", "QUANTITIES", "Companions", "CompanionsSettings", "MatchedFilters"]

QUANTITIES = ("q", "dv", "teff", "logg", "feh")
"""What the second head tells, scaled: mass ratio, log(1 + |dv| / 30 km/s), (Teff - 5500 K) / 1000 K, log g - 4.4,
[Fe/H] of the primary."""

_FLOOR = 0.005  # of the continuum: what pixels differ by however bright the star
_TEFF = 1  # column of the numbers
NUISANCES = 10
"""What is free: Teff, log g, [Fe/H], velocity and broadening of the single star, three patterns of the survey, and a
step between the arms of the spectrograph at two places."""


@dataclass(frozen=True)
class CompanionsSettings:
    """Sizes; the defaults have 0.5 million learned weights."""

    pixels: int = 2749
    """Of a spectrum."""
    numbers: int = 10
    """That describe star and spectrum; the second is Teff."""
    filters: int = 160
    """Over all pixels."""
    nodes: int = 10
    """Temperatures at which companions are known."""
    companions: int = 63
    """Kinds of companions at every temperature."""
    widths: tuple[int, ...] = (12, 16, 24, 32)
    """Channels of every stage of residual blocks; each but the first halves the pixels."""
    hidden: int = 128
    """Units of the dense layers."""
    blocks: int = 2
    """Residual dense blocks at the end."""
    dropout: float = 0.2
    """Share of the values dropped while it trains."""
    with_lines: bool = True
    """Whether it has the convolutions."""
    with_filters: bool = True
    """Whether it has the filters."""
    with_raw: bool = False
    """Whether dense layers see every filter, and not only what all of them say of each companion."""


class Seen(NamedTuple):
    """What the network says of N spectra."""

    logits: Tensor
    """Of the classes (N, classes)."""
    embedding: Tensor
    """The spectrum in `hidden` numbers (N, hidden)."""
    quantities: Tensor
    """As `QUANTITIES` (N, 5)."""


class MatchedFilters(nn.Module):
    """Log likelihood ratios of companions against none.

    Set its buffers before use (`goodricke.train.spectra.filters`): ``filter`` (K, P) orthonormal, ``scatter`` (K,)
    variance of single stars along each, ``node`` (T,) K, ``pattern`` (T, J, K) what companions leave, ``slope``
    (T, 10, K) what errors of its labels leave, and what a survey and its arms do to spectra of all kinds, ``base``
    (T, K) what a single star leaves, which is next to nothing but in cool ones.
    """

    filter: Tensor
    scatter: Tensor
    node: Tensor
    pattern: Tensor
    slope: Tensor
    base: Tensor

    def __init__(self, filters: int, pixels: int, nodes: int, companions: int) -> None:
        super().__init__()
        self.register_buffer("filter", torch.zeros(filters, pixels))
        self.register_buffer("scatter", torch.ones(filters))
        self.register_buffer("node", torch.linspace(4000.0, 7000.0, nodes))
        self.register_buffer("pattern", torch.zeros(nodes, companions, filters))
        self.register_buffer("base", torch.zeros(nodes, filters))
        self.register_buffer("slope", torch.eye(NUISANCES, filters).repeat(nodes, 1, 1))

    def forward(self, left: Tensor, sigma: Tensor, teff: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is left (N, P) with its noise (N, P; 0 where unknown) beside a star of some Teff (N,).

        Returns the whitened filters (N, K), the significance of every companion (N, J), and its distance d' (N, J).
        """
        known = (sigma > 0).to(left.dtype)
        seen = (left * known) @ self.filter.T
        noise = ((sigma**2 + _FLOOR**2) * known) @ (self.filter**2).T
        # In units of its standard deviation every filter scatters alike, and independently of the others.
        size = (self.scatter + noise.clamp(min=1e-7)).rsqrt()
        step = self.node[1] - self.node[0]
        # Between nodes by straight lines, beyond the last as there.
        inside = torch.minimum(torch.maximum(teff, self.node[0]), self.node[-1])
        share = (1.0 - ((inside[:, None] - self.node) / step).abs()).clamp(min=0.0)
        white = (seen - share @ self.base) * size
        pattern = (share @ self.pattern.flatten(1)).reshape(-1, *self.pattern.shape[1:]) * size[:, None, :]
        slope = (share @ self.slope.flatten(1)).reshape(-1, *self.slope.shape[1:]) * size[:, None, :]
        # What looks like an error of labels, or like the survey, says nothing of companions and is taken out, by
        # Gram and Schmidt.
        for k in range(NUISANCES):
            along = slope[:, k : k + 1]
            unit = along * (along**2).sum(2, keepdim=True).clamp(min=1e-12).rsqrt()
            white = white - (white * unit[:, 0]).sum(1, keepdim=True) * unit[:, 0]
            pattern = pattern - (pattern * unit).sum(2, keepdim=True) * unit
            slope = slope - (slope * unit).sum(2, keepdim=True) * unit
        distance = (pattern**2).sum(2).clamp(min=1e-6).sqrt()
        return white, (pattern * white[:, None, :]).sum(2) / distance, distance


class DenseBlock(nn.Module):
    """Two dense layers and the way round them."""

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.through = nn.Sequential(
            nn.LayerNorm(size), nn.Linear(size, size), nn.GELU(), nn.Dropout(dropout), nn.Linear(size, size)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, size)."""
        found: Tensor = x + self.through(x)
        return found


class Companions(nn.Module):
    """Logits of spectra, and what the two stars are."""

    def __init__(self, classes: int, settings: CompanionsSettings = CompanionsSettings()) -> None:
        super().__init__()
        self.settings = s = settings
        self.number_scores = NormalScores(s.numbers)
        self.matched = MatchedFilters(s.filters, s.pixels, s.nodes, s.companions)
        told = s.numbers
        if s.with_filters:
            told += s.filters * s.with_raw + 2 * s.companions + 1
        self.told = nn.Sequential(nn.Linear(told, s.hidden), nn.GELU(), nn.Dropout(s.dropout))
        parts = s.hidden
        if s.with_lines:
            self.stem = nn.Sequential(
                nn.Conv1d(3, s.widths[0], 9, 4, 4, bias=False), nn.BatchNorm1d(s.widths[0]), nn.ReLU()
            )
            stages, width, pixels = [], s.widths[0], math.ceil(s.pixels / 4)
            for k, wider in enumerate(s.widths):
                stages.append(BasicBlock(width, wider, 5, 2 if k else 1))
                width, pixels = wider, math.ceil(pixels / (2 if k else 1))
            self.stages = nn.Sequential(*stages, nn.Conv1d(width, 6, 1), nn.GELU())
            self.lines = nn.Sequential(nn.Dropout(s.dropout), nn.Linear(6 * pixels, s.hidden), nn.GELU())
            parts += s.hidden
        dense = (DenseBlock(s.hidden, s.dropout) for _ in range(s.blocks))
        self.together = nn.Sequential(nn.Linear(parts, s.hidden), *dense, nn.LayerNorm(s.hidden))
        self.classes = nn.Linear(s.hidden, classes)
        self.quantities = nn.Linear(s.hidden, len(QUANTITIES))

    def forward(self, spectrum: Tensor, numbers: Tensor) -> Seen:
        """What is seen of N spectra: spectrum (N, 3, P) as `Looked` has it, numbers (N, K)."""
        s = self.settings
        light, left, sigma = spectrum[:, 0], spectrum[:, 1], spectrum[:, 2]
        known = [self.number_scores(numbers)]
        if s.with_filters:
            teff = torch.nan_to_num(numbers[:, _TEFF], nan=5500.0)
            white, significance, distance = self.matched(left, sigma, teff)
            ratio = significance * distance - 0.5 * distance**2
            evidence = torch.logsumexp(ratio, dim=1, keepdim=True) - math.log(s.companions)
            spread = torch.log1p(distance)
            known += [significance.clamp(-20.0, 40.0) / 3.0, spread, _squeezed(evidence)]
            if s.with_raw:
                known.append(white.clamp(-8.0, 8.0))
        parts = [self.told(torch.cat(known, dim=1))]
        if s.with_lines:
            weight = torch.where(sigma > 0, _FLOOR / (sigma**2 + _FLOOR**2).sqrt(), torch.zeros_like(sigma))
            pixels = torch.stack([light, 20.0 * left, weight], dim=1)
            parts.append(self.lines(self.stages(self.stem(pixels)).flatten(1)))
        embedding = self.together(torch.cat(parts, dim=1))
        return Seen(self.classes(embedding), embedding, self.quantities(embedding))


def _squeezed(x: Tensor) -> Tensor:
    """Log odds, those far from 0 brought nearer."""
    return torch.sign(x) * torch.log1p(x.abs())
