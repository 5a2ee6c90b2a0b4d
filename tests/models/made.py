"""Small models of every family, made by hand, and graphs of ONNX written byte by byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.models import Bundle
from goodricke.models.predictor import Signature, Tensor
from goodricke.models.scaling import Scaling
from goodricke.train.export import save_bundle

N_FEATURES, N_CLASSES = 3, 2
SIGNATURE = Signature(N_CLASSES, {"features": Tensor((None, N_FEATURES))})

Arrays = dict[str, NDArray[Any]]


def features(n: int = 40, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, N_FEATURES)).astype(np.float32)
    rows[rng.random(rows.shape) < 0.1] = np.nan
    return rows


def scaling() -> Arrays:
    return Scaling.fitted(features(200, 7)).arrays()


def trees(shared: bool) -> Arrays:
    value: list[Any] = [0.0, -1.0, 0.0, 1.0, 0.5, 0.0, 2.0, -2.0]
    if shared:
        value = [[0.0, 0.0], [0.4, 0.1], [0.0, 0.0], [0.2, 0.3], [0.1, 0.4], [0.0, 0.0], [0.5, 0.0], [0.25, 0.25]]
    arrays: Arrays = {
        "feature": np.array([0, -1, 2, -1, -1, 1, -1, -1], dtype=np.int16),
        "threshold": np.array([0.1, 0, -0.3, 0, 0, 0.5, 0, 0], dtype=np.float32),
        "missing_left": np.array([1, 0, 0, 0, 0, 1, 0, 0], dtype=bool),
        "left": np.array([1, 0, 3, 0, 0, 6, 0, 0], dtype=np.int32),
        "right": np.array([2, 0, 4, 0, 0, 7, 0, 0], dtype=np.int32),
        "value": np.array(value, dtype=np.float32),
        "root": np.array([0, 5], dtype=np.int32),
        "baseline": np.zeros(2),
    }
    return arrays if shared else {**arrays, "output": np.array([0, 1], dtype=np.int16)}


def perceptrons(seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    return {
        **scaling(),
        "weight0": rng.normal(size=(2, 6, 4)), "bias0": rng.normal(size=(2, 4)),
        "weight1": rng.normal(size=(2, 4, 2)), "bias1": rng.normal(size=(2, 2)),
    }  # fmt: skip


def neighbours(n: int = 30, seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    return {
        **scaling(), "rows": rng.normal(size=(n, 6)).astype(np.float32), "label": rng.integers(2, size=n),
        "weight": rng.uniform(0.5, 2, n), "neighbours": np.array(5),
    }  # fmt: skip


def vectors(seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    return {
        **scaling(), "support": rng.normal(size=(5, 6)).astype(np.float32), "dual": rng.normal(size=(1, 5)),
        "intercept": np.array([0.3]), "n_support": np.array([2, 3]), "gamma": np.array(0.2),
        "present": np.array([0, 1]),
    }  # fmt: skip


def bayes(seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    own = {**scaling(), "scaling.indicated": np.zeros(0, dtype=np.int32)}
    return {
        **own,
        "mean": rng.normal(size=(2, 3)),
        "variance": rng.uniform(0.5, 2, (2, 3)),
        "prior": np.array([0.3, 0.7]),
    }


def field(number: int, content: bytes | int) -> bytes:
    """One field of a protocol buffer: bytes or a whole number."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _port(name: str, sides: list[int | str], kind: int) -> bytes:
    shape = b"".join(field(1, field(1, side) if isinstance(side, int) else field(2, side.encode())) for side in sides)
    return field(1, name.encode()) + field(2, field(1, field(1, kind) + field(2, shape)))


def _node(kind: str, inputs: list[str], output: str) -> bytes:
    names = b"".join(field(1, name.encode()) for name in inputs)
    return field(1, names + field(2, output.encode()) + field(4, kind.encode()))


def _constant(name: str, array: NDArray[np.float32], outside: str = "") -> bytes:
    sides = b"".join(field(1, side) for side in array.shape)
    if outside:
        entry = field(1, b"location") + field(2, outside.encode())
        held = field(13, entry) + field(14, 1)
    else:
        held = field(9, array.astype("<f4").tobytes())
    return field(5, sides + field(2, 1) + field(8, name.encode()) + held)


def graph(
    weight: NDArray[np.float32], *, n_in: int | str = N_FEATURES, given: str = "features", gives: str = "logits",
    stars: int | str = "N", kind: int = 1, operator: str = "MatMul", outside: str = "",
) -> NDArray[np.uint8]:  # fmt: skip
    """``logits = features @ weight`` with NaN as 0, as the bytes of an ONNX file."""
    body = (
        _node("IsNaN", [given], "unknown") + _node("Where", ["unknown", "zero", given], "known")
        + _node(operator, ["known", "w"], gives) + field(2, b"made")
        + _constant("w", weight, outside) + _constant("zero", np.zeros(1, np.float32))
        + field(11, _port(given, [stars, n_in], kind)) + field(12, _port(gives, [stars, weight.shape[1]], 1))
    )  # fmt: skip
    content = field(1, 8) + field(7, body) + field(8, field(2, 17))
    return np.frombuffer(content, dtype=np.uint8)


def made(family: str) -> tuple[Arrays, dict[str, Any]]:
    """Arrays and settings of a small model of that family."""
    if family == "average":
        members = {"0": trees(False), "1": perceptrons()}
        arrays = {f"{k}.{name}": array for k, one in members.items() for name, array in one.items()}
        return {**arrays, "share": np.array([0.25, 0.75])}, {
            "members": [{"family": "boosted_trees"}, {"family": "mlp"}]
        }
    weight = np.arange(6, dtype=np.float32).reshape(3, 2)
    return {
        "boosted_trees": lambda: trees(False), "random_forest": lambda: trees(True), "mlp": perceptrons,
        "knn": neighbours, "svm": vectors, "naive_bayes": bayes, "onnx": lambda: {"onnx": graph(weight)},
    }[family](), {}  # fmt: skip


def manifest(family: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "small", "version": "1", "family": family, "classes": ["EA", "EW"],
        "inputs": {"features": {"shape": [None, N_FEATURES], "dtype": "float32"}},
        "representation": {"name": "features", "names": ["a", "b", "c"]}, "settings": made(family)[1],
        "priors": {"EA": 0.25, "EW": 0.75}, **changes,
    }  # fmt: skip


def saved(folder: Path, family: str, **changes: Any) -> Bundle:
    """A bundle of a small model in ``folder / small-1``."""
    about = manifest(family, **changes)
    place = folder / f"{about['name']}-{about['version']}"
    return save_bundle(place, about, made(family)[0], "# card\n", {"features": features(4)})


def long_graph(*more: str, scale: float = 1.0) -> NDArray[np.uint8]:
    """A graph of sequences: logits are sums over the steps, extras tell how it was run.

    ``embedding`` (N, 2) is the number of steps that the batch was given, ``attention`` (N, 3) the first step of the
    star, and ``strange`` what no bundle may have.
    """
    from onnx import TensorProto, helper, numpy_helper

    weight = scale * np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], dtype=np.float32)
    nodes = [
        helper.make_node("ReduceSum", ["sequence", "steps"], ["total"], keepdims=0),
        helper.make_node("MatMul", ["total", "weight"], ["logits"]),
        helper.make_node("Sub", ["sequence", "sequence"], ["nothing"]),
        helper.make_node("Add", ["nothing", "one"], ["ones"]),
        helper.make_node("ReduceSum", ["ones", "steps"], ["counted"], keepdims=0),
        helper.make_node("Slice", ["counted", "zero", "two", "channels"], ["embedding"]),
        helper.make_node("Identity", ["counted"], ["strange"]),
        helper.make_node("Slice", ["sequence", "zero", "first", "steps"], ["head"]),
        helper.make_node("ReduceSum", ["head", "steps"], ["attention"], keepdims=0),
        helper.make_node("Identity", ["sequence"], ["morphology"]),
        helper.make_node("Identity", ["lengths"], ["unused"]),
    ]
    held = {
        "weight": weight, "one": np.ones(1, np.float32), "steps": np.array([1]), "channels": np.array([1]),
        "zero": np.array([0]), "two": np.array([2]), "first": np.array([1]),
    }  # fmt: skip
    sides = {"logits": 2, "embedding": 2, "attention": 3, "strange": 3}
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", sides[name]]) for name in ("logits", *more)
               if name in sides]  # fmt: skip
    if "morphology" in more:
        outputs.append(helper.make_tensor_value_info("morphology", TensorProto.FLOAT, ["N", "L", 3]))
    inputs = [
        helper.make_tensor_value_info("sequence", TensorProto.FLOAT, ["N", "L", 3]),
        helper.make_tensor_value_info("lengths", TensorProto.INT64, ["N"]),
    ]
    constants = [numpy_helper.from_array(array, name) for name, array in held.items()]
    made_up = helper.make_graph(nodes, "made", inputs, outputs, constants)
    whole = helper.make_model(made_up, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return np.frombuffer(whole.SerializeToString(), dtype=np.uint8)


LONG = {"sequence": Tensor((None, None, 3)), "lengths": Tensor((None,), "int64")}


def sequences(n: int, seed: int = 0, longest: int = 60) -> dict[str, NDArray[Any]]:
    """Sequences (n, longest, 3) with 0 behind the last step, and their lengths."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, longest, n)
    lengths[rng.integers(n)] = longest - 3
    values = rng.normal(size=(n, longest, 3)).astype(np.float32)
    values[np.arange(longest)[None, :] >= lengths[:, None]] = 0.0
    return {"sequence": values, "lengths": lengths}
