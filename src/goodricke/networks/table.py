"""The table of networks: name -> module and settings. To add one: one file, one row here, one in ``NAMES``."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from torch import nn

from goodricke.errors import OptionError
from goodricke.networks.bigru import BiGRU, BiGRUSettings
from goodricke.networks.companions import Companions, CompanionsSettings
from goodricke.networks.folds import Folds, FoldsSettings
from goodricke.networks.quick import Quick, QuickSettings
from goodricke.networks.residual import Residual, ResidualSettings

__all__ = ["NETWORKS", "SPECTRAL_NETWORKS", "Network", "network"]


@dataclass(frozen=True)
class Network:
    """A row of the table."""

    module: type[nn.Module]
    """Made with the number of classes and the settings; its ``forward`` takes the inputs of the representation."""
    settings: type[Any]
    """A frozen dataclass: what a recipe may set."""


NETWORKS: dict[str, Network] = {
    "bigru": Network(BiGRU, BiGRUSettings),
    "folds": Network(Folds, FoldsSettings),
    "quick": Network(Quick, QuickSettings),
}
"""Name -> row: networks that look at light curves."""

SPECTRAL_NETWORKS: dict[str, Network] = {
    "companions": Network(Companions, CompanionsSettings),
    "residual": Network(Residual, ResidualSettings),
}
"""Name -> row: networks that look at spectra."""


def network(name: str) -> Network:
    """The row of a name.

    Raises
    ------
    OptionError
        If there is none.

    Examples
    --------
    >>> network("bigru").settings().dropout
    0.2
    """
    if name not in NETWORKS:
        near = get_close_matches(name, NETWORKS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(NETWORKS)}"
        raise OptionError(f"network {name!r} is not known; {hint}")
    return NETWORKS[name]
