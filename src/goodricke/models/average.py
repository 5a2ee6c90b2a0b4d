"""The mean of several models of other families, stored in one weights file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.families import family
from goodricke.models.predictor import Inputs, Predictor, Signature, log_softmax
from goodricke.models.weights import Arrays, under, wanted

__all__ = ["Average"]

_MOST_MEMBERS = 32


@dataclass(frozen=True, eq=False)
class Average:
    """Weighted mean of log probabilities.

    The manifest's settings name the members, ``{"members": [{"family": "boosted_trees"}, {"family": "mlp"}]}``; their
    arrays stand under "0.", "1.", ... and their weights, which add up to 1, in the array ``share`` (M,).
    """

    TOLERANCE: ClassVar[float] = 1e-6

    members: tuple[Predictor, ...]
    share: NDArray[np.float64]

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays of the members."""
        named = signature.settings.get("members")
        if (
            not isinstance(named, list)
            or not 0 < len(named) <= _MOST_MEMBERS
            or not all(isinstance(one, dict) and isinstance(one.get("family"), str) for one in named)
        ):
            raise ModelError(
                f'an average needs settings {{"members": [{{"family": NAME}}, ...]}} with 1 to {_MOST_MEMBERS} of them;'
                f" they are {str(signature.settings)[:200]}"
            )
        if any(one["family"] == "average" for one in named):
            raise ModelError("an average cannot have an average for a member")
        share = wanted(arrays, "share", "f", len(named)).astype(np.float64)
        if (share < 0).any() or abs(share.sum() - 1) > 1e-3:
            raise ModelError(
                f"the shares of an average are {share.tolist()}; they must not be negative and add up to 1"
            )
        members = []
        for k, one in enumerate(named):
            settings = one.get("settings")
            about = Signature(signature.n_classes, signature.inputs, settings if isinstance(settings, dict) else {})
            members.append(family(one["family"]).from_arrays(under(f"{k}.", arrays), about))
        return cls(tuple(members), share)

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Weighted mean log probabilities (N, C)."""
        parts = [
            share * log_softmax(member.logits(inputs)) for share, member in zip(self.share, self.members, strict=True)
        ]
        return np.asarray(np.sum(parts, axis=0), dtype=np.float32)
