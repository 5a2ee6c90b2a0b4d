"""What an ONNX file holds, read field by field before ONNX Runtime sees it: nothing may reach outside the file.

ONNX Runtime looks for tensors in other files beside the working directory when it is given the bytes of a graph, so a
graph from a stranger could make a model of whatever lies there.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.errors import ModelError

__all__ = ["DOMAINS", "check_contents"]

DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
"""Sets of operators that a graph may use: those of the ONNX standard, "" being the main one."""

_MOST_FIELDS = 2_000_000

# Message -> {number of a field: message that it holds}, from onnx.proto; other fields hold no graph and no tensor.
_MESSAGES: dict[str, dict[int, str]] = {
    "model": {7: "graph", 8: "operators", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 9: "operators", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "operators": {},
    "tensor": {},
}
_DOMAIN = {"operators": 1, "node": 7, "function": 10}
_OUTSIDE = (13, 14)  # external_data and data_location of a tensor


def check_contents(content: bytes) -> None:
    """Raise ModelError if a tensor lies in another file, or an operator is not of the ONNX standard.

    Parameters
    ----------
    content : bytes
        The file.

    Examples
    --------
    >>> check_contents(bytes([0x42, 4, 0x0A, 2]) + b"me")  # an operator set of the domain "me"
    Traceback (most recent call last):
    goodricke.errors.ModelError: the graph uses operators of the domain 'me'; allowed: the main one, ai.onnx, ai.onnx.ml
    """
    waiting, seen = [("model", 0, len(content))], 0
    while waiting:
        kind, first, last = waiting.pop()
        for number, value in _fields(content, first, last):
            seen += 1
            if seen > _MOST_FIELDS:
                raise ModelError(f"the graph has more than {_MOST_FIELDS:,} fields")
            if kind == "tensor" and number in _OUTSIDE and value != 0:
                raise ModelError(
                    "a tensor of the graph lies in another file; save the graph with all its weights inside"
                )
            if not isinstance(value, slice):
                continue
            if number == _DOMAIN.get(kind):
                _check_domain(content[value])
            elif number in _MESSAGES[kind]:
                waiting.append((_MESSAGES[kind][number], value.start, value.stop))


def _check_domain(name: bytes) -> None:
    domain = name.decode("utf-8", "replace")
    if domain not in DOMAINS:
        raise ModelError(
            f"the graph uses operators of the domain {domain[:60]!r}; allowed: the main one, {', '.join(DOMAINS[1:])}"
        )


def _fields(content: bytes, first: int, last: int) -> Iterator[tuple[int, int | slice]]:
    """Number of every field of a message (protocol buffers), and its whole number or where its bytes stand."""
    while first < last:
        tag, first = _varint(content, first, last)
        wire = tag & 7
        value: int | slice
        if wire == 0:
            value, first = _varint(content, first, last)
        elif wire == 2:
            size, first = _varint(content, first, last)
            value = slice(first, first + size)
        else:
            value = slice(first, first + {1: 8, 5: 4}.get(wire, last))
        if isinstance(value, slice):
            first = value.stop
        if tag >= 1 << 32 or first > last:
            raise ModelError("the graph is not an ONNX file; install the bundle again")
        yield tag >> 3, value


def _varint(content: bytes, first: int, last: int) -> tuple[int, int]:
    """A whole number of at most 10 bytes, and where it ends."""
    value = 0
    for k, byte in enumerate(content[first : min(first + 10, last)]):
        value |= (byte & 127) << (7 * k)
        if byte < 128:
            return value, first + k + 1
    raise ModelError("the graph is not an ONNX file; install the bundle again")
