"""Networks as ONNX graphs, run by ONNX Runtime on the processor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.onnx_contents import check_contents
from goodricke.models.predictor import Inputs, Signature, Tensor
from goodricke.models.weights import Arrays, wanted

__all__ = ["EXTRAS", "OnnxGraph"]

EXTRAS = ("embedding", "attention", "morphology", "quantities")
"""What a graph may give of N stars besides the logits: (N, E) numbers in which like stars are near each other, (N, C)
log weights of candidate periods, (N, L) logits from contact to detached, (N, K) what is measured beside the class."""
_PIECE = 256  # stars: what a network makes of them on its way stays within some tens of megabytes

_TYPES = {
    "float32": "tensor(float)",
    "float64": "tensor(double)",
    "int32": "tensor(int32)",
    "int64": "tensor(int64)",
    "bool": "tensor(bool)",
}


@dataclass(frozen=True, eq=False)
class OnnxGraph:
    """One graph with the inputs of the manifest, an output ``logits`` (N, C) float32, and perhaps some of `EXTRAS`.

    Stars are run in pieces, and where the manifest has an input ``lengths`` (N,) those of like length together: a short
    star does not pay for the padding of a long one.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
        The graph, ready to run.
    extras : tuple of str
        Outputs besides the logits.
    widths : mapping
        Output -> its columns, of those whose number the graph tells.
    """

    TOLERANCE: ClassVar[float] = 1e-4

    session: Any
    extras: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the array ``onnx``, the bytes of the file; settings may name ``threads`` (1 otherwise)."""
        threads = signature.settings.get("threads", 1)
        if not isinstance(threads, int) or isinstance(threads, bool) or not 1 <= threads <= 1024:
            raise ModelError(f"settings name {threads!r} threads; a whole number from 1 is allowed")
        session = _session(wanted(arrays, "onnx", "i", None).astype(np.uint8).tobytes(), threads)
        given, outputs = _ports(session)
        if set(given) != set(signature.inputs):
            raise ModelError(
                f"the graph takes the inputs {', '.join(sorted(given)) or 'none'}; the manifest names"
                f" {', '.join(sorted(signature.inputs))}"
            )
        for name, tensor in signature.inputs.items():
            _check(f"input {name!r}", given[name], tensor)
        if "logits" not in outputs or set(outputs) - {"logits", *EXTRAS}:
            raise ModelError(
                f"the graph gives {', '.join(sorted(outputs)) or 'nothing'}; one output 'logits' is wanted, and at most"
                f" {', '.join(EXTRAS)} besides"
            )
        _check("output 'logits'", outputs["logits"], Tensor((None, signature.n_classes)))
        extras = tuple(name for name in EXTRAS if name in outputs)
        for name in extras:
            _check(f"output {name!r}", outputs[name], Tensor((None, None)))
        sides = {name: outputs[name][1][1] for name in extras}
        widths = {name: side for name, side in sides.items() if side is not None}
        return cls(session, extras, {"logits": signature.n_classes, **widths})

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (N, C)."""
        return self.outputs(inputs, ("logits",))["logits"]

    def outputs(self, inputs: Inputs, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The named outputs of N stars, each (N, ...); of none (0, 0) where the graph does not tell the columns."""
        lengths = inputs.get("lengths")
        n = len(next(iter(inputs.values())))
        if not n:
            return {name: np.zeros((0, self.widths.get(name, 0)), dtype=np.float32) for name in names}
        order = np.arange(n) if lengths is None else np.argsort(lengths, kind="stable")
        found: dict[str, NDArray[np.float32]] = {}
        for first in range(0, n, _PIECE):
            rows = order[first : first + _PIECE]
            piece = {name: array[rows] for name, array in inputs.items()}
            if lengths is not None:
                piece = _trimmed(piece)
            for name, part in zip(names, self._run(piece, names), strict=True):
                whole = found.setdefault(name, np.zeros((n, *part.shape[1:]), dtype=np.float32))
                whole[rows] = part
        return found

    def _run(self, inputs: Inputs, names: Sequence[str]) -> list[NDArray[np.float32]]:
        try:
            return [np.asarray(one, dtype=np.float32) for one in self.session.run(list(names), dict(inputs))]
        except _failures() as error:
            raise ModelError(f"the graph cannot be run: {_first_line(error)}") from error


def _trimmed(piece: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Sequences without the padding that none of these stars reaches."""
    longest = max(int(piece["lengths"].max(initial=0)), 1)
    return {name: array[:, :longest] if array.ndim == 3 else array for name, array in piece.items()}


def _session(content: bytes, threads: int) -> Any:
    import onnxruntime

    check_contents(content)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.load_model_format", "ONNX")  # no other has its contents checked
    try:
        # Without a fallback: there is but one provider, and the second attempt is announced on the standard output.
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"], enable_fallback=0)
    except _failures() as error:
        raise ModelError(f"the graph is refused by ONNX Runtime: {_first_line(error)}") from error


Port = tuple[str, tuple[int | None, ...]]


def _ports(session: Any) -> tuple[dict[str, Port], dict[str, Port]]:
    """Type and sides of every input and output; a named side is any side."""
    try:
        inputs, outputs = (
            {one.name: (one.type, tuple(n if isinstance(n, int) else None for n in one.shape)) for one in ports}
            for ports in (session.get_inputs(), session.get_outputs())
        )
    except _failures() as error:  # names that are not text
        raise ModelError(f"the inputs and outputs of the graph cannot be read: {_first_line(error)}") from error
    return inputs, outputs


def _failures() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises: classes of its own without a common base, and those of its binding."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    return (*own, RuntimeError, ValueError, TypeError, IndexError)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


def _check(what: str, found: Port, tensor: Tensor) -> None:
    """None matches any side."""
    kind, sides = found
    fits = len(sides) == len(tensor.shape) and sides[:1] == (None,)
    fits = fits and all(a is None or b is None or a == b for a, b in zip(sides, tensor.shape, strict=True))
    if kind != _TYPES[tensor.dtype] or not fits:
        raise ModelError(
            f"{what} of the graph is {kind} of shape {list(sides)}; the manifest wants"
            f" {_TYPES[tensor.dtype]} of shape {list(tensor.shape)}, any number of stars"
        )
