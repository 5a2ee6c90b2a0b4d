"""Networks as ONNX graphs, compared with the network that they come from before anybody uses them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from goodricke.errors import MissingDependency, ModelError
from goodricke.models.onnx_graph import EXTRAS, OnnxGraph
from goodricke.models.predictor import Signature
from goodricke.models.predictor import Tensor as Shape

__all__ = ["TOLERANCE", "exported", "shapes_of"]

Arrays = Mapping[str, NDArray[Any]]

TOLERANCE = 1e-5
"""Largest difference of a logit, relative to the larger of 1 and the logit."""
_OPSET = 17
_SIZES = (1, 2, 7, 64)


class _Named(nn.Module):
    """The outputs that a bundle has: logits, and those of `EXTRAS` that the network gives."""

    def __init__(self, network: nn.Module, inputs: Sequence[str]) -> None:
        super().__init__()
        self.network, self.inputs = network, tuple(inputs)
        self.names: tuple[str, ...] = ()

    def forward(self, *arrays: Tensor) -> tuple[Tensor, ...]:
        given = self.network(**dict(zip(self.inputs, arrays, strict=True)))
        if isinstance(given, Tensor):
            self.names = ("logits",)
            return (given,)
        found = given._asdict()
        self.names = ("logits", *(name for name in EXTRAS if name in found))
        return tuple(found[name] for name in self.names)


def exported(network: nn.Module, inputs: Arrays) -> NDArray[np.uint8]:
    """The bytes of the graph.

    Parameters
    ----------
    network : torch.nn.Module
        Trained; returns logits, or a named tuple that begins with them.
    inputs : mapping
        Name -> array of some dozens of stars (N, ...), as the representation makes them. Batches of 1, 2, 7 and 64
        stars are compared, sequences also at two lengths.

    Raises
    ------
    ModelError
        If the graph gives other logits than the network.
    """
    try:
        import onnx  # noqa: F401
    except ImportError as error:
        raise MissingDependency("onnx", "train") from error
    network = network.to("cpu").eval()
    named = _Named(network, list(inputs)).eval()  # the exporter gives back the mode that it found
    tensors = tuple(torch.from_numpy(np.ascontiguousarray(array)) for array in inputs.values())
    with torch.inference_mode():
        expected = named(*tensors)
    stream: Any = io.BytesIO()  # the legacy exporter takes one; its annotation does not say so
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter, on what it does with its own operators
        torch.onnx.export(
            named, tensors, stream, input_names=list(inputs), output_names=list(named.names), dynamo=False,
            opset_version=_OPSET, dynamic_axes=_free(inputs) | {name: {0: "stars"} for name in named.names},
        )  # fmt: skip
    content = np.frombuffer(stream.getvalue(), dtype=np.uint8)
    graph = OnnxGraph.from_arrays({"onnx": content}, Signature(expected[0].shape[1], shapes_of(inputs)))
    for piece in _pieces(inputs):
        with torch.inference_mode():
            wanted = named(*(torch.from_numpy(np.ascontiguousarray(array)) for array in piece.values()))[0].numpy()
        miss = np.abs(graph.logits(piece) - wanted) / np.maximum(1.0, np.abs(wanted))
        if not float(miss.max()) <= TOLERANCE:
            stars = len(wanted)
            raise ModelError(f"the graph misses the network by {miss.max():.2g} with {stars} stars; report this")
    return content


def shapes_of(inputs: Arrays) -> dict[str, Shape]:
    """What the manifest says of the inputs: any number of stars, and of steps where there are ``lengths``."""
    return {
        name: Shape(
            (None, *((None, *array.shape[2:]) if _is_sequence(name, inputs) else array.shape[1:])), str(array.dtype)
        )
        for name, array in inputs.items()
    }


def _is_sequence(name: str, inputs: Arrays) -> bool:
    return "lengths" in inputs and inputs[name].ndim == 3


def _free(inputs: Arrays) -> dict[str, dict[int, str]]:
    return {name: {0: "stars", 1: "steps"} if _is_sequence(name, inputs) else {0: "stars"} for name in inputs}


def _pieces(inputs: Arrays) -> list[dict[str, NDArray[Any]]]:
    n = len(next(iter(inputs.values())))
    pieces = [{name: array[: min(size, n)] for name, array in inputs.items()} for size in _SIZES]
    if "lengths" in inputs:
        short = {name: array[:7, :20] if _is_sequence(name, inputs) else array[:7] for name, array in inputs.items()}
        pieces.append({**short, "lengths": np.minimum(short["lengths"], 20)})
    return pieces
