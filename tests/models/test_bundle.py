"""Bundles of every family, and every reason to refuse one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError, ModelError
from goodricke.models import FAMILIES, Bundle, load_bundle
from models.made import features, made, saved


@pytest.mark.parametrize("family", FAMILIES)
def test_a_bundle_gives_what_its_predictor_gave(tmp_path: Path, family: str) -> None:
    bundle = saved(tmp_path, family)
    assert (bundle.name, bundle.version, bundle.classes) == ("small", "1", ("EA", "EW"))
    assert set(bundle.arrays) == set(made(family)[0])
    golden = json.loads((tmp_path / "small-1" / "manifest.json").read_text())["golden"]
    rows = np.array(golden["inputs"]["features"], dtype=np.float64)
    np.testing.assert_allclose(bundle.logits({"features": rows}), golden["logits"], rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(rows.astype(np.float32), features(4))
    assert bundle.logits({"features": np.zeros((0, 3))}).shape == (0, 2)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "takes the inputs features; given: none"),
        ({"features": np.zeros((2, 3)), "x": np.zeros(2)}, "given: features, x"),
        ({"features": np.zeros((2, 4))}, r"has the shape \(2, 4\); the model takes \(None, 3\)"),
        ({"features": np.zeros(3)}, r"has the shape \(3,\)"),
        ({"features": np.float32(3)}, r"has the shape \(\)"),
    ],
)
def test_wrong_inputs(tmp_path: Path, inputs: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        saved(tmp_path, "boosted_trees").logits(inputs)


def test_inputs_of_different_length(tmp_path: Path) -> None:
    tensors = {"features": {"shape": [None, 3], "dtype": "float32"}, "more": {"shape": [None], "dtype": "int64"}}
    inputs = {"features": features(4), "more": np.zeros(4)}
    from goodricke.train.export import save_bundle
    from models.made import manifest

    bundle = save_bundle(tmp_path / "small-1", manifest("mlp", inputs=tensors), made("mlp")[0], "card", inputs)
    with pytest.raises(DataError, match=r"different numbers of stars: \[3, 4\]"):
        bundle.logits({"features": features(4), "more": np.zeros(3)})


def edited(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return edit


def _large(folder: Path) -> None:
    os.truncate(folder / "arrays.npz", (64 << 20) + 1)


def _folder_for_a_file(folder: Path) -> None:
    (folder / "card.md").unlink()
    (folder / "card.md").mkdir()


def _flipped(folder: Path) -> None:
    content = bytearray((folder / "arrays.npz").read_bytes())
    content[50] ^= 1
    (folder / "arrays.npz").write_bytes(content)


REFUSALS: dict[str, tuple[Callable[[Path], None], str]] = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json is missing"),
    "no card": (lambda folder: (folder / "card.md").unlink(), "card.md is missing"),
    "no weights": (lambda folder: (folder / "arrays.npz").unlink(), "arrays.npz is missing; a bundle has"),
    "card is no text": (lambda folder: (folder / "card.md").write_bytes(b"\xff\xff") and None, "card.md is not text"),
    "card is a folder": (_folder_for_a_file, "card.md cannot be read"),
    "too large": (_large, "64.0 MiB; at most 64 MiB are read"),
    "one bit": (_flipped, r"\(\d+ bytes, SHA-256 [0-9a-f]{12}…\) is not the one that the manifest names"),
    "length": (edited(lambda m: m["weights"].update(bytes=1)), r"names \(1 bytes"),
    "format": (edited(lambda m: m.update(format=9)), "'format' is 9"),
    "family": (edited(lambda m: m.update(family="boosted")), "family 'boosted' is not known; did you mean"),
    "other family": (edited(lambda m: m.update(family="mlp")), "the weights have no array 'scaling.knots'"),
    "more classes": (edited(lambda m: m["classes"].append("EB")), "array 'baseline' of the weights is"),
    "golden": (edited(lambda m: m["golden"]["logits"][0].__setitem__(0, 9.0)), "golden output is missed by"),
    "golden null": (edited(lambda m: m["golden"]["logits"][0].__setitem__(0, None)), "golden output is missed by nan"),
    "golden ragged": (edited(lambda m: m["golden"]["inputs"]["features"].append([1])), "does not hold the arrays"),
    "golden text": (edited(lambda m: m["golden"].update(logits=[["a", "b"]])), "does not hold the arrays"),
    "golden huge": (edited(lambda m: m["golden"].update(logits=[[10**400, 1]])), "does not hold the arrays"),
    "golden other input": (edited(lambda m: m["golden"].update(inputs={"x": [1]})), "does not hold the arrays"),
    "golden no input": (edited(lambda m: m["golden"].update(inputs={})), "'golden.inputs': the model takes"),
    "golden shape": (edited(lambda m: m["golden"].update(inputs={"features": [[1]]})), "'golden.inputs': input"),
    "golden rows": (edited(lambda m: m["golden"]["logits"].pop()), r"shape \(4, 2\); \(3, 2\) were promised"),
    "golden none": (edited(lambda m: m["golden"].update(logits=[])), r"has the shape \(0,\); allowed: 1 to 256 rows"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_refused(tmp_path: Path, why: str) -> None:
    folder = saved(tmp_path, "boosted_trees").folder
    spoil, words = REFUSALS[why]
    spoil(folder)
    with pytest.raises(ModelError, match=words) as caught:
        load_bundle(folder)
    assert str(caught.value).startswith(f"{folder}: ")


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json is missing"):
        load_bundle(tmp_path / "nothing")


@pytest.mark.parametrize("family", ["boosted_trees", "average", "onnx"])
def test_any_bytes_are_a_bundle_or_a_model_error(tmp_path: Path, family: str) -> None:
    """Damage of every file; the hash is made right again half of the time, so that what is behind it is tested too."""
    folder = saved(tmp_path, family).folder
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    weights = next(name for name in whole if name not in ("manifest.json", "card.md"))
    rng = np.random.default_rng(11)
    outcomes = {"bundle": 0, "refused": 0}
    for _ in range(60):
        name = str(rng.choice(sorted(whole)))
        content = _damaged(bytearray(whole[name]), rng)
        files = {**whole, name: content}
        if name == weights and rng.random() < 0.8:
            manifest = json.loads(files["manifest.json"])
            manifest["weights"].update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
            files["manifest.json"] = json.dumps(manifest).encode()
        for path, text in files.items():
            (folder / path).write_bytes(text)
        try:
            assert isinstance(load_bundle(folder), Bundle)
            outcomes["bundle"] += 1
        except ModelError:
            outcomes["refused"] += 1
    assert outcomes["refused"] > 20


def _damaged(content: bytearray, rng: np.random.Generator) -> bytes:
    kind = rng.integers(4)
    if kind == 0:
        return bytes(content[: rng.integers(len(content))])
    if kind == 1:
        return rng.bytes(int(rng.integers(200)))
    for place in rng.integers(len(content), size=rng.integers(1, 6)):
        content[place] = rng.integers(256) if kind == 2 else rng.choice(list(b'0123456789-[]{}",.e'))
    return bytes(content)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"onnx"}))
def test_any_numbers_in_the_arrays_are_a_bundle_or_a_model_error(tmp_path: Path, family: str) -> None:
    """Arrays that are well-formed and hold anything, written by somebody who knows the layout."""
    from goodricke.models.manifest import signature_of
    from goodricke.train.export import _packed

    bundle = saved(tmp_path, family)
    arrays, manifest = made(family)[0], dict(bundle.manifest)
    rng = np.random.default_rng(5)
    assert signature_of(manifest).n_classes == 2
    odd = np.array([-(2**31), -1, 0, 1, 2, 7, 1000, 2**31 - 1, 1e30, -1e30, 1e-30, np.nan, np.inf])
    for _ in range(50):
        name = str(rng.choice(sorted(arrays)))
        array = np.atleast_1d(arrays[name].astype(np.float64))
        array.ravel()[rng.integers(array.size or 1) : None][:1] = rng.choice(odd)
        with np.errstate(invalid="ignore", over="ignore"):
            changed = array.reshape(arrays[name].shape).astype(arrays[name].dtype)
        content = _packed({**arrays, name: changed})
        manifest["weights"] = {
            "file": "arrays.npz", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()
        }  # fmt: skip
        (bundle.folder / "arrays.npz").write_bytes(content)
        (bundle.folder / "manifest.json").write_text(json.dumps(manifest))
        try:
            again = load_bundle(bundle.folder)
        except ModelError:
            continue
        assert np.isfinite(again.logits({"features": features(4)})).all()
