"""A model with an embedding: a graph written byte by byte that looks at a few features, alone or beside trees.

It may have a second head for the morphology.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.line import Model, load_model
from goodricke.train.export import save_bundle
from models import made

NAMES = ("log_n", "skew", "log_amplitude", "log_period")
CLASSES = ("EA", "EW", "RRAB")
WIDTH = 6
LEVELS = 7


def weights(seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of the logits (4, 3) and of the embedding (4, 6)."""
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(len(NAMES), len(CLASSES))).astype(np.float32),
        (0.3 * rng.normal(size=(len(NAMES), WIDTH))).astype(np.float32),
    )


def head(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The morphology of features (N, 4)."""
    return np.asarray(np.nan_to_num(rows) @ _head_weights(), dtype=np.float32)


def _head_weights() -> NDArray[np.float32]:
    return np.random.default_rng(3).normal(size=(len(NAMES), LEVELS)).astype(np.float32)


def graph(seed: int = 0, with_head: bool = False) -> NDArray[np.uint8]:
    """``logits = known @ w`` and ``embedding = tanh(known @ v)`` of the features, unknown ones as 0."""
    w, v = weights(seed)
    body = (
        made._node("IsNaN", ["features"], "unknown") + made._node("Where", ["unknown", "zero", "features"], "known")
        + made._node("MatMul", ["known", "w"], "logits") + made._node("MatMul", ["known", "v"], "flat")
        + made._node("Tanh", ["flat"], "embedding") + made.field(2, b"made")
        + made._constant("w", w) + made._constant("v", v) + made._constant("zero", np.zeros(1, np.float32))
        + made.field(11, made._port("features", ["N", len(NAMES)], 1))
        + made.field(12, made._port("logits", ["N", len(CLASSES)], 1))
        + made.field(12, made._port("embedding", ["N", WIDTH], 1))
    )  # fmt: skip
    if with_head:
        body += made._node("MatMul", ["known", "u"], "morphology") + made._constant("u", _head_weights())
        body += made.field(12, made._port("morphology", ["N", LEVELS], 1))
    content = made.field(1, 8) + made.field(7, body) + made.field(8, made.field(2, 17))
    return np.frombuffer(content, dtype=np.uint8)


def expected(rows: NDArray[np.float32], seed: int = 0) -> NDArray[np.float32]:
    """The embedding of features (N, 4)."""
    return np.tanh(np.nan_to_num(rows) @ weights(seed)[1])


def bundle(
    folder: Path, name: str = "seer", seed: int = 0, beside_trees: bool = False, with_head: bool = False
) -> Path:
    """A bundle in ``folder / NAME-1``."""
    settings: dict[str, Any] = {}
    arrays: dict[str, NDArray[Any]] = {"onnx": graph(seed, with_head)}
    if beside_trees:
        settings = {"members": [{"family": "boosted_trees"}, {"family": "onnx"}]}
        trees = {**made.trees(False), "baseline": np.zeros(len(CLASSES))}
        share = {"share": np.full(2, 0.5)}
        arrays = {f"0.{key}": array for key, array in trees.items()} | {"1.onnx": arrays["onnx"]} | share
    about = {
        "name": name, "version": "1", "family": "average" if beside_trees else "onnx", "classes": list(CLASSES),
        "inputs": {"features": {"shape": [None, len(NAMES)], "dtype": "float32"}},
        "representation": {"name": "features", "names": list(NAMES)}, "settings": settings,
        "priors": dict.fromkeys(CLASSES, 1 / 3),
        "calibration": {"kind": "temperature", "n_classes": len(CLASSES), "slope": [0.2]},
    }  # fmt: skip
    golden = {"features": np.random.default_rng(0).normal(size=(4, len(NAMES)))}
    return save_bundle(folder / f"{name}-1", about, arrays, "# card\n", golden).folder


def model(folder: Path, **kinds: Any) -> Model:
    """The same, ready for use."""
    return load_model(bundle(folder, **kinds))
