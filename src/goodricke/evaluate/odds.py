"""What a model says of spectra that are ready to be looked at: log odds of a binary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.represent.spectra import Looked, spectral

__all__ = ["Sees", "log_odds"]

_BLOCK = 512


class Sees(Protocol):
    """A model as `log_odds` needs it: ``goodricke.models.Bundle``, or anything like it."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Names the representation."""

    @property
    def classes(self) -> tuple[str, ...]:
        """SINGLE and BINARY are among them."""

    def logits(self, inputs: Mapping[str, NDArray[Any]]) -> NDArray[np.floating[Any]]:
        """Of the classes, (N, C)."""


def log_odds(model: Sees, seen: Looked) -> NDArray[np.float64]:
    """Log odds of a binary (N,), as the network gives them: not calibrated, at the prior that it learnt with.

    Parameters
    ----------
    model : Bundle
        Of spectra.
    seen : Looked
        What `goodricke.represent.spectra.looked` makes of them.

    Raises
    ------
    ModelError
        If the model is not one of binaries from spectra.
    """
    kind = model.manifest.get("representation")
    view = spectral(kind.get("name") if isinstance(kind, Mapping) else kind)
    if not {"SINGLE", "BINARY"} <= set(model.classes):
        raise ModelError(f"the model tells {', '.join(model.classes)}; SINGLE and BINARY are asked for")
    single, binary = (model.classes.index(name) for name in ("SINGLE", "BINARY"))
    found = np.empty(len(seen))
    for start in range(0, len(seen), _BLOCK):
        some = slice(start, start + _BLOCK)
        logits = model.logits(view.make(seen[some])).astype(np.float64)
        found[some] = logits[:, binary] - logits[:, single]
    return found
