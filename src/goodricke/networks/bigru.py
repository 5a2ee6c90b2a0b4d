"""The recurrent network of seed 0: three GRU layers on the raw sequence of times, magnitudes and errors.

The paper gives layers of 128, 64 and 64 units, the first two in both directions, batch normalisation, a fifth of the
values dropped, one dense layer, and "266,000 free parameters"; these have 265,092 with the running means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from goodricke.errors import OptionError
from goodricke.networks.normalisation import MaskedBatchNorm

__all__ = ["BiGRU", "BiGRUSettings"]


@dataclass(frozen=True)
class BiGRUSettings:
    """What Table 1 of the paper searches."""

    units: tuple[int, ...] = (128, 64, 64)
    """Of every layer, per direction."""
    directions: tuple[int, ...] = (2, 2, 1)
    """Of every layer: 2 reads forwards and backwards."""
    dense: int = 0
    """Units of a dense layer before the last; 0: none."""
    activation: str = "tanh"
    """Of that layer: tanh, relu or softmax."""
    dropout: float = 0.2
    """Share of the values dropped after every layer while it trains."""
    batch_norm: bool = True
    """Whether every layer is followed by batch normalisation."""
    initialiser: str = "glorot_uniform"
    """Of the input weights: glorot_uniform, orthogonal, lecun_uniform, lecun_normal, he_uniform or he_normal."""


class BiGRU(nn.Module):
    """Logits (N, classes) of sequences (N, L, 3) of which the first ``lengths`` (N,) steps are there.

    The backward direction reads every star from its own last step, so that padding is never read: a star has the same
    logits however far it is padded and whoever else is in the batch.
    """

    def __init__(self, classes: int, settings: BiGRUSettings = BiGRUSettings(), channels: int = 3) -> None:
        super().__init__()
        self.forwards, self.backwards, self.norms = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        self.settings = settings
        _check(settings)
        width = channels
        for units, directions in zip(settings.units, settings.directions, strict=True):
            self.forwards.append(nn.GRU(width, units, batch_first=True))
            self.backwards.append(nn.GRU(width, units, batch_first=True) if directions == 2 else nn.Identity())
            width = units * directions
            self.norms.append(MaskedBatchNorm(width) if settings.batch_norm else nn.Identity())
        self.drop = nn.Dropout(settings.dropout)
        self.dense = nn.Linear(width, settings.dense) if settings.dense else nn.Identity()
        self.last = nn.Linear(settings.dense or width, classes)
        _initialise(self, settings.initialiser)

    def forward(self, sequence: Tensor, lengths: Tensor) -> Tensor:
        """Logits (N, classes)."""
        step = torch.arange(sequence.shape[1], device=sequence.device)[None, :]
        mask = (step < lengths[:, None]).to(sequence.dtype)[:, :, None]
        turned = torch.where(step < lengths[:, None], lengths[:, None] - 1 - step, step)
        x = sequence * mask
        for ahead, back, norm, directions in zip(
            self.forwards, self.backwards, self.norms, self.settings.directions, strict=True
        ):
            y = ahead(x)[0]
            if directions == 2:
                index = turned[:, :, None]
                reversed_ = back(torch.gather(x, 1, index.expand(-1, -1, x.shape[2])))[0]
                y = torch.cat([y, torch.gather(reversed_, 1, index.expand(-1, -1, reversed_.shape[2]))], dim=2)
            x = self.drop(norm(y, mask) if self.settings.batch_norm else y * mask)
        at = (lengths - 1).clamp(min=0)[:, None, None].expand(-1, 1, x.shape[2])
        final = torch.gather(x, 1, at)[:, 0]
        if self.settings.dense:
            final = self.drop(_ACTIVATIONS[self.settings.activation](self.dense(final)))
        logits: Tensor = self.last(final)
        return logits


_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh, "relu": torch.relu, "softmax": lambda x: torch.softmax(x, dim=1)
}  # fmt: skip
_INITIALISERS = {
    "glorot_uniform": lambda w: nn.init.xavier_uniform_(w),
    "orthogonal": lambda w: nn.init.orthogonal_(w),
    "lecun_uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="linear"),
    "lecun_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="linear"),
    "he_uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "he_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
}


def _check(settings: BiGRUSettings) -> None:
    for key, known in (("activation", _ACTIVATIONS), ("initialiser", _INITIALISERS)):
        value = getattr(settings, key)
        if value not in known:
            raise OptionError(f"{key} = {value!r} of the network bigru is none of {', '.join(known)}")
    layers, directions = len(settings.units), settings.directions
    if len(directions) != layers or not set(directions) <= {1, 2}:
        raise OptionError(f"directions = {list(directions)} of the network bigru: 1 or 2 for each of {layers} layers")


def _initialise(network: nn.Module, name: str) -> None:
    """As Keras does: input weights as named, gate by gate; recurrent weights orthogonal; biases zero."""
    for module in network.modules():
        if isinstance(module, nn.GRU):
            for key, weight in module.named_parameters():
                if "bias" in key:
                    nn.init.zeros_(weight)
                else:
                    start = nn.init.orthogonal_ if "weight_hh" in key else _INITIALISERS[name]
                    for gate in weight.data.chunk(3):
                        start(gate)
        elif isinstance(module, nn.Linear):
            _INITIALISERS[name](module.weight)
            nn.init.zeros_(module.bias)
