"""The mean of several models of other families, stored in one weights file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.families import family
from goodricke.models.predictor import Inputs, Predictor, Signature, log_softmax, told
from goodricke.models.weights import Arrays, under, wanted

__all__ = ["Average"]

_MOST_MEMBERS = 32


@dataclass(frozen=True, eq=False)
class Average:
    """Weighted mean of log probabilities.

    The manifest's settings name the members, ``{"members": [{"family": "boosted_trees"}, {"family": "mlp"}]}``; their
    arrays stand under "0.", "1.", ... and their weights, which add up to 1, in the array ``share`` (M,). A member with
    ``"inputs": ["features"]`` is given these alone, and not all that the manifest names.
    """

    members: tuple[Predictor, ...]
    share: NDArray[np.float64]
    inputs: tuple[tuple[str, ...], ...]

    @property
    def TOLERANCE(self) -> float:  # noqa: N802 - a constant of other families
        """That of the least exact member."""
        return max(1e-6, *(member.TOLERANCE for member in self.members))

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
        members, inputs = [], []
        for k, one in enumerate(named):
            settings = one.get("settings")
            inputs.append(_inputs(one.get("inputs"), signature))
            about = Signature(
                signature.n_classes,
                {name: signature.inputs[name] for name in inputs[-1]},
                settings if isinstance(settings, dict) else {},
            )
            members.append(family(one["family"]).from_arrays(under(f"{k}.", arrays), about))
        return cls(tuple(members), share, tuple(inputs))

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Weighted mean log probabilities (N, C)."""
        return self.outputs(inputs, ("logits",))["logits"]

    @property
    def extras(self) -> tuple[str, ...]:
        """What the members give besides logits."""
        return tuple(dict.fromkeys(name for member in self.members for name in getattr(member, "extras", ())))

    def outputs(self, inputs: Inputs, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The named extras, each of the first member that has it; ``logits`` of all. Every member is run once."""
        found: dict[str, NDArray[np.float32]] = {}
        parts = []
        for share, member, own in zip(self.share, self.members, self.inputs, strict=True):
            there = ("logits", *getattr(member, "extras", ()))
            asked = [name for name in names if name in there and name not in found]
            if asked:
                given = told(member, {name: inputs[name] for name in own}, asked)
                if "logits" in asked:
                    parts.append(share * log_softmax(given.pop("logits")))
                found |= given
        if parts:
            found["logits"] = np.asarray(np.sum(parts, axis=0), dtype=np.float32)
        return found


def _inputs(asked: object, signature: Signature) -> tuple[str, ...]:
    if asked is None:
        return tuple(signature.inputs)
    names = [name for name in asked if isinstance(name, str)] if isinstance(asked, list) else []
    if not names or names != asked or not set(names) <= set(signature.inputs):
        raise ModelError(f"a member asks for the inputs {str(asked)[:200]}; there are {', '.join(signature.inputs)}")
    return tuple(names)
