"""The average against its members one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from goodricke.errors import ModelError
from goodricke.models.average import Average
from goodricke.models.boosted_trees import BoostedTrees
from goodricke.models.mlp import Perceptrons
from goodricke.models.onnx_graph import OnnxGraph
from goodricke.models.predictor import Signature
from models.made import LONG, SIGNATURE, features, long_graph, made, perceptrons, sequences, trees


def built(settings: dict[str, Any], **others: np.ndarray) -> Average:
    return Average.from_arrays({**made("average")[0], **others}, Signature(2, SIGNATURE.inputs, settings))


def test_weighted_mean_of_log_probabilities() -> None:
    rows = {"features": features(50)}
    parts = [
        BoostedTrees.from_arrays(trees(False), SIGNATURE).logits(rows),
        Perceptrons.from_arrays(perceptrons(), SIGNATURE).logits(rows),
    ]
    expected = 0.25 * log_softmax(parts[0], axis=1) + 0.75 * log_softmax(parts[1], axis=1)
    found = built({"members": [{"family": "boosted_trees"}, {"family": "mlp", "settings": {"a": 1}}]}).logits(rows)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "members",
    [None, [], "mlp", ["mlp"], [{"family": 3}], [{}], [{"family": "mlp"}] * 33, [{"family": "average"}] * 2,
     [{"family": "boosted_trees"}, {"family": "knn"}], [{"family": "nope"}, {"family": "mlp"}]],
)  # fmt: skip
def test_members_that_are_not(members: object) -> None:
    with pytest.raises(ModelError):
        built({"members": members})


@pytest.mark.parametrize("share", [[0.5, 0.6], [-0.5, 1.5], [1.0], [np.nan, 1.0]])
def test_shares_that_are_not(share: list[float]) -> None:
    with pytest.raises(ModelError, match="share"):
        built(made("average")[1], share=np.array(share))


# Members with inputs of their own -------------------------------------------------------------------------------------

WIDE = Signature(2, {**SIGNATURE.inputs, **LONG})


def mixed(members: list[dict[str, Any]], share: list[float], **arrays: np.ndarray) -> Average:
    """Trees on features and graphs on sequences."""
    held = {**{f"0.{name}": array for name, array in trees(False).items()}, **arrays, "share": np.array(share)}
    return Average.from_arrays(held, Signature(2, WIDE.inputs, {"members": members}))


TREES = {"family": "boosted_trees", "inputs": ["features"]}
GRAPH = {"family": "onnx", "inputs": ["sequence", "lengths"]}


def test_every_member_is_given_what_it_asks_for() -> None:
    model = mixed([TREES, GRAPH], [0.4, 0.6], **{"1.onnx": long_graph("embedding")})
    rows = {"features": features(30), **sequences(30)}
    one = BoostedTrees.from_arrays(trees(False), SIGNATURE).logits({"features": rows["features"]})
    other = OnnxGraph.from_arrays({"onnx": long_graph()}, Signature(2, LONG)).logits(sequences(30))
    wanted = 0.4 * log_softmax(one, axis=1) + 0.6 * log_softmax(other, axis=1)
    np.testing.assert_allclose(model.logits(rows), wanted, atol=1e-5)
    assert model.TOLERANCE == OnnxGraph.TOLERANCE > BoostedTrees.TOLERANCE


def test_extras_are_those_of_the_first_member_that_has_them() -> None:
    graphs = {"1.onnx": long_graph("attention"), "2.onnx": long_graph("embedding", "attention", scale=2.0)}
    model = mixed([TREES, GRAPH, GRAPH], [0.4, 0.3, 0.3], **graphs)
    assert set(model.extras) == {"attention", "embedding"}
    rows = {"features": features(30), **sequences(30)}
    found = model.outputs(rows, ["embedding", "attention"])
    np.testing.assert_allclose(found["attention"], rows["sequence"][:, 0], atol=1e-6)
    assert found["embedding"].shape == (30, 2)
    assert set(model.outputs(rows, ["attention"])) == {"attention"}
    assert mixed([TREES, TREES], [0.5, 0.5], **{f"1.{k}": v for k, v in trees(False).items()}).extras == ()


def test_logits_beside_extras_cost_no_second_run(monkeypatch: pytest.MonkeyPatch) -> None:
    graphs = {"1.onnx": long_graph("attention"), "2.onnx": long_graph("embedding", scale=2.0)}
    model = mixed([TREES, GRAPH, GRAPH], [0.4, 0.3, 0.3], **graphs)
    rows = {"features": features(30), **sequences(30)}
    apart = {"logits": model.logits(rows), **model.outputs(rows, ["embedding", "attention"])}
    runs: list[tuple[str, ...]] = []
    run = OnnxGraph._run

    def counted(self: OnnxGraph, inputs: Any, names: Any) -> Any:
        runs.append(tuple(names))
        return run(self, inputs, names)

    monkeypatch.setattr(OnnxGraph, "_run", counted)
    together = model.outputs(rows, ["embedding", "logits", "attention"])
    assert runs == [("logits", "attention"), ("embedding", "logits")]
    assert set(together) == set(apart)
    for name, array in apart.items():
        np.testing.assert_array_equal(together[name], array)


@pytest.mark.parametrize("asked", ["features", [], ["features", "flux"], [["features"]], {"features": 1}, 3])
def test_inputs_that_are_not_there(asked: object) -> None:
    with pytest.raises(ModelError, match=r"a member asks for the inputs .*; there are features, sequence, lengths"):
        mixed([{**TREES, "inputs": asked}, GRAPH], [0.5, 0.5], **{"1.onnx": long_graph()})
