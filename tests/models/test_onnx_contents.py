"""Graphs that reach outside their file, written byte by byte, against what ONNX Runtime would make of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models.onnx_contents import check_contents
from models.made import field, graph, varint

OUTSIDE = field(8, b"w") + field(13, field(1, b"location") + field(2, b"w.bin")) + field(14, 1)
FOREIGN = field(4, b"Gelu") + field(7, b"com.microsoft")


def in_graph(number: int, content: bytes) -> bytes:
    return field(7, field(number, content))


def test_a_whole_graph_passes() -> None:
    check_contents(graph(np.zeros((3, 2), np.float32)).tobytes())
    check_contents(field(8, field(1, b"ai.onnx.ml")) + in_graph(5, field(14, 0)))


def test_onnx_runtime_alone_would_read_the_file_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import onnxruntime

    weight = np.full((3, 3), 7, dtype=np.float32)
    weight.tofile(tmp_path / "w.bin")
    monkeypatch.chdir(tmp_path)
    content = graph(weight, outside="w.bin").tobytes()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"features": np.ones((1, 3), np.float32)})
    np.testing.assert_array_equal(found, [[21, 21, 21]])
    with pytest.raises(ModelError, match="lies in another file"):
        check_contents(content)


@pytest.mark.parametrize(
    "content",
    [
        in_graph(5, OUTSIDE),
        in_graph(5, field(14, 1)),
        in_graph(5, field(14, 1 << 32 | 1)),
        in_graph(15, field(1, OUTSIDE)),
        in_graph(1, field(5, field(5, OUTSIDE))),
        in_graph(1, field(5, field(10, OUTSIDE))),
        in_graph(1, field(5, field(6, field(1, field(5, field(11, field(5, OUTSIDE))))))),
        in_graph(1, field(5, field(23, field(2, OUTSIDE)))),
        field(20, field(2, field(5, OUTSIDE))),
        field(25, field(7, field(5, field(5, OUTSIDE)))),
        field(7, b"") + in_graph(5, OUTSIDE),
    ],
)
def test_tensors_outside(content: bytes) -> None:
    with pytest.raises(ModelError, match="lies in another file"):
        check_contents(content)


@pytest.mark.parametrize(
    "content",
    [
        in_graph(1, FOREIGN),
        in_graph(1, field(5, field(6, field(1, FOREIGN)))),
        field(25, field(7, FOREIGN)),
        field(25, field(10, b"com.microsoft")),
        field(25, field(9, field(1, b"com.microsoft"))),
    ],
)
def test_foreign_operators(content: bytes) -> None:
    with pytest.raises(ModelError, match=r"'com\.microsoft'; allowed: the main one, ai\.onnx, ai\.onnx\.ml"):
        check_contents(content)


@pytest.mark.parametrize(
    "content",
    [
        b"abc",
        field(7, b"x" * 20)[:-1],
        b"\xff" * 20,
        b"\x80",
        varint(7 << 3 | 3) + b"\x00",
        varint(1 << 33) + b"\x00",
        varint(3 << 3 | 1) + bytes(7),
        varint(3 << 3 | 5) + bytes(3),
    ],
)
def test_no_protocol_buffer(content: bytes) -> None:
    with pytest.raises(ModelError, match="not an ONNX file"):
        check_contents(content)


def test_numbers_of_fixed_size_are_passed_over() -> None:
    check_contents(varint(3 << 3 | 1) + bytes(8) + varint(3 << 3 | 5) + bytes(4))


def test_endless_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodricke.models.onnx_contents._MOST_FIELDS", 10)
    check_contents(field(1, 8) * 10)
    with pytest.raises(ModelError, match="more than 10 fields"):
        check_contents(field(1, 8) * 11)
