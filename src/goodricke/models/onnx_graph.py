"""Networks as ONNX graphs, run by ONNX Runtime on the processor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.onnx_contents import check_contents
from goodricke.models.predictor import Inputs, Signature, Tensor
from goodricke.models.weights import Arrays, wanted

__all__ = ["OnnxGraph"]

_TYPES = {
    "float32": "tensor(float)",
    "float64": "tensor(double)",
    "int32": "tensor(int32)",
    "int64": "tensor(int64)",
    "bool": "tensor(bool)",
}


@dataclass(frozen=True, eq=False)
class OnnxGraph:
    """One graph with the inputs of the manifest and one output, ``logits`` (N, C) float32.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
        The graph, ready to run.
    """

    TOLERANCE: ClassVar[float] = 1e-4

    session: Any

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
        if set(outputs) != {"logits"}:
            raise ModelError(
                f"the graph gives {', '.join(sorted(outputs)) or 'nothing'}; one output 'logits' is wanted"
            )
        _check("output 'logits'", outputs["logits"], Tensor((None, signature.n_classes)))
        return cls(session)

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (N, C)."""
        try:
            (found,) = self.session.run(["logits"], dict(inputs))
        except _failures() as error:
            raise ModelError(f"the graph cannot be run: {_first_line(error)}") from error
        return np.asarray(found, dtype=np.float32)


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
