"""What a manifest may say, key by key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from goodricke.errors import ModelError
from goodricke.models.manifest import check_manifest, parse_manifest, signature_of
from models.made import manifest


def complete(**changes: Any) -> dict[str, Any]:
    weights = {"file": "arrays.npz", "sha256": "0" * 64, "bytes": 3}
    golden = {"inputs": {"features": [[0, None, 1]]}, "logits": [[0, 1]]}
    return {"format": 1, **manifest("mlp"), "weights": weights, "golden": golden, **changes}


def test_what_is_right_passes() -> None:
    full = complete(
        calibration={"kind": "temperature"}, thresholds={}, conformal={}, novelty=None, metrics={"f1": 0.5},
        data=[{"name": "a", "sha256": "b", "stars": {"EA": 3}}], split={"folds": 5}, command="goodricke train x",
        something_else=[1, 2],
    )  # fmt: skip
    assert parse_manifest(json.dumps(full).encode()) == full
    assert signature_of(full).n_features == 3
    check_manifest(complete(split="by star", representation={"name": "features"}))


@pytest.mark.parametrize("key", ["format", "name", "version", "family", "classes", "inputs", "weights", "golden"])
def test_a_missing_key_is_named(key: str) -> None:
    full = complete()
    del full[key]
    with pytest.raises(ModelError, match=f"manifest key '{key}' is missing; it holds"):
        check_manifest(full)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("format", 2, "is 2; allowed: 1; a newer goodricke may know it"),
        ("format", True, "'format' is True"),
        ("name", "../etc", "lower-case letters"),
        ("name", 3, "lower-case letters"),
        ("version", 1, '"1" or "1.2"'),
        ("version", "1.x", '"1" or "1.2"'),
        ("family", None, "'family' is None; allowed: text"),
        ("classes", ["EA"], "is a list of 1; allowed: a list of 2 to 1000 different names"),
        ("classes", ["EA", "EA"], "different names"),
        ("classes", ["EA", 3], "different names"),
        ("classes", "EA EB", "different names"),
        ("inputs", {}, "the stars first"),
        ("inputs", {"features": {"shape": [3], "dtype": "float32"}}, "the stars first"),
        ("inputs", {"features": {"shape": [None, 0], "dtype": "float32"}}, "the stars first"),
        ("inputs", {"features": {"shape": [None, 3], "dtype": "object"}}, "the stars first"),
        ("inputs", {"features": {"shape": [None, 3], "dtype": ["float32"]}}, "the stars first"),
        ("inputs", {"features": 3}, "the stars first"),
        ("representation", [], "'representation' is a list of 0; allowed: an object"),
        ("weights", "arrays.npz", "'weights' is 'arrays.npz'"),
        ("weights", {"file": "../../x.npz"}, "'weights.file' is '../../x.npz'; allowed: arrays.npz or model.onnx"),
        ("weights", {"file": []}, "'weights.file'"),
        ("weights", {"file": "arrays.npz"}, "'weights.sha256' is missing"),
        ("weights", {"file": "arrays.npz", "sha256": "A" * 64}, "64 hexadecimal digits"),
        ("weights", {"file": "arrays.npz", "sha256": "a" * 64, "bytes": -1}, "'weights.bytes' is -1"),
        ("golden", {"inputs": [], "logits": []}, "'golden.inputs' is a list of 0; allowed: an object"),
        ("golden", {"inputs": {}, "logits": 3.5}, "'golden.logits' is 3.5; allowed: a list"),
        ("priors", {"EA": 1.5}, "'priors' is an object of 1"),
        ("priors", {"RRAB": 0.5}, "names 'RRAB', which is not among the classes"),
        ("data", ["a"], "a list of objects"),
        ("split", 5, "'split' is 5; allowed: an object or text"),
        ("metrics", "good" * 50, "…; allowed: an object"),
        ("representation", {"names": ["a"]}, r"lists a list of 1, and the input 'features' has the shape \[None, 3\]"),
        ("representation", {"names": 3}, "lists 3, and the input"),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        check_manifest(complete(**{key: value}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"a": NaN}', "NaN is no number of JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[1, 2]", "holds a list of 2; an object belongs there"),
        (b"null", "holds None"),
    ],
)
def test_what_is_not_a_manifest(content: bytes, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        parse_manifest(content)
