"""Graphs written byte by byte: the answer, and what does not fit the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models.onnx_graph import OnnxGraph
from goodricke.models.predictor import Signature
from models.made import SIGNATURE, features, graph

WEIGHT = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)


def test_a_product_of_matrices() -> None:
    rows = features(50)
    found = OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, SIGNATURE).logits({"features": rows})
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.nan_to_num(rows) @ WEIGHT, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given": "x"}, "takes the inputs x; the manifest names features"),
        ({"gives": "y"}, "gives y; one output 'logits' is wanted"),
        ({"stars": 1}, r"of shape \[1, 3\]; the manifest wants tensor\(float\) of shape \[None, 3\], any number"),
        ({"operator": "Nothing"}, "refused by ONNX Runtime"),
        ({"kind": 11}, "refused by ONNX Runtime"),
        ({"n_in": 5}, "refused by ONNX Runtime"),
    ],
)
def test_a_graph_that_does_not_fit(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        OnnxGraph.from_arrays({"onnx": graph(WEIGHT, **changes)}, SIGNATURE)


def test_another_number_of_classes() -> None:
    with pytest.raises(ModelError, match=r"output 'logits' of the graph .* wants tensor\(float\) of shape \[None, 3\]"):
        OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, Signature(3, SIGNATURE.inputs))


def test_a_graph_that_fails_while_it_runs() -> None:
    model = OnnxGraph.from_arrays({"onnx": graph(WEIGHT, n_in="K")}, SIGNATURE)
    with pytest.raises(ModelError, match="cannot be run"):
        model.logits({"features": np.zeros((2, 4), np.float32)})


def test_files_outside_the_bundle_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    WEIGHT.tofile("outside.bin")
    for place in ("outside.bin", str(tmp_path / "outside.bin"), "../outside.bin"):
        with pytest.raises(ModelError, match="lies in another file"):
            OnnxGraph.from_arrays({"onnx": graph(WEIGHT, outside=place)}, SIGNATURE)


@pytest.mark.parametrize("threads", [0, "two", True, 2000])
def test_threads(threads: object) -> None:
    with pytest.raises(ModelError, match="threads"):
        OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, Signature(2, SIGNATURE.inputs, {"threads": threads}))


@pytest.mark.parametrize("content", [b"", b"abc", bytes(1000)])
def test_bytes_that_are_no_graph(content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError, match=r"refused by ONNX Runtime|not an ONNX file"):
        OnnxGraph.from_arrays({"onnx": np.frombuffer(content, np.uint8)}, SIGNATURE)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("place", [b"features", b"logits", b"N"])
def test_a_name_that_is_no_text(place: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    content = graph(WEIGHT).tobytes().replace(place, b"\xee" * len(place))
    with pytest.raises(ModelError):
        OnnxGraph.from_arrays({"onnx": np.frombuffer(content, np.uint8)}, SIGNATURE)
    assert capfd.readouterr() == ("", "")
