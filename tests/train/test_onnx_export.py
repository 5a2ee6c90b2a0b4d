"""Exported graphs against the networks that they come from, at sizes and lengths that nobody exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from goodricke.errors import ModelError
from goodricke.models.onnx_graph import EXTRAS, OnnxGraph
from goodricke.models.predictor import Signature
from goodricke.networks.bigru import BiGRU, BiGRUSettings
from goodricke.networks.folds import Folds, FoldsSettings
from goodricke.networks.quick import Quick, QuickSettings
from goodricke.networks.table import NETWORKS
from goodricke.train.onnx_export import TOLERANCE, exported, shapes_of
from networks.made import settled, some_folds, some_steps

Arrays = dict[str, np.ndarray]


def of_sequences(n: int, seed: int = 0, longest: int = 40) -> Arrays:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(5, longest + 1, n)
    values = rng.uniform(size=(n, longest, 3)).astype(np.float32)
    values[np.arange(longest)[None, :] >= lengths[:, None]] = 0.0
    return {"sequence": values, "lengths": lengths}


def of_steps(n: int, seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, 7)).astype(np.float32)
    features[rng.random(features.shape) < 0.1] = np.nan
    return {"steps": some_steps(n, 32, seed).numpy(), "features": features}


def of_folds(n: int, seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    folds, strengths = some_folds(n, 8, seed).numpy(), rng.normal(size=(n, 8, 6)).astype(np.float32)
    missing = rng.integers(1, 9, n)
    folds[np.arange(8)[None, :] >= missing[:, None]] = 0.0
    strengths[np.arange(8)[None, :] >= missing[:, None]] = np.nan
    return {"folds": folds, "strengths": strengths, **of_steps(n, seed)}


def bigru(**settings: Any) -> BiGRU:
    return BiGRU(4, BiGRUSettings(**{"units": (6, 5, 4), "directions": (2, 2, 1), **settings}))


SMALL_FOLDS = FoldsSettings(candidates=5, strengths=6, features=7, widths=(8, 12, 16), raw_widths=(6, 8), embedding=20)
MADE: dict[str, tuple[Callable[[], nn.Module], Callable[..., Arrays]]] = {
    "bigru": (bigru, of_sequences),
    "bigru with a dense layer": (lambda: bigru(dense=9, activation="relu"), of_sequences),
    "bigru without normalisation": (lambda: bigru(batch_norm=False, directions=(1, 1, 1)), of_sequences),
    "folds": (lambda: Folds(4, SMALL_FOLDS), of_folds),
    "quick": (lambda: Quick(4, QuickSettings(features=7, raw_widths=(6, 8), hidden=16)), of_steps),
}


def network(name: str) -> tuple[nn.Module, Callable[..., Arrays]]:
    """As after training: means and quantiles are learned."""
    make, inputs = MADE[name]
    torch.manual_seed(0)
    module, rng = make(), np.random.default_rng(0)
    for part, size in (("feature_scores", 7), ("strength_scores", 6)):
        if hasattr(module, part):
            getattr(module, part).learn(rng.normal(size=(300, size)))
    settled(module, lambda seed: [torch.from_numpy(one) for one in inputs(16, seed).values()])
    return module.train(), inputs


def test_every_network_is_exported_here() -> None:
    assert {name.split()[0] for name in MADE} == set(NETWORKS)


@pytest.mark.parametrize("name", MADE)
def test_the_graph_is_the_network(name: str) -> None:
    module, inputs = network(name)
    content = exported(module, inputs(64))
    assert not module.training
    graph = OnnxGraph.from_arrays({"onnx": content}, Signature(4, shapes_of(inputs(2))))
    for n in (1, 3, 300):  # 300 are run in two pieces
        given = inputs(n, seed=n)
        with torch.inference_mode():
            wanted = module(**{key: torch.from_numpy(array) for key, array in given.items()})
        names = ("logits",) if isinstance(wanted, Tensor) else wanted._fields
        assert set(graph.extras) == set(names) - {"logits"} <= set(EXTRAS)
        found = graph.outputs(given, names)
        for key, one in zip(names, (wanted,) if isinstance(wanted, Tensor) else wanted, strict=True):
            miss = np.abs(found[key] - one.numpy()) / np.maximum(1.0, np.abs(one.numpy()))
            assert miss.max() <= (TOLERANCE if key == "logits" else 1e-4), key


@pytest.mark.parametrize("longest", [5, 23, 90])
def test_sequences_of_other_lengths(longest: int) -> None:
    module, inputs = network("bigru")
    graph = OnnxGraph.from_arrays({"onnx": exported(module, inputs(20))}, Signature(4, shapes_of(inputs(2))))
    given = inputs(30, seed=1, longest=longest)
    with torch.inference_mode():
        wanted = module(**{key: torch.from_numpy(array) for key, array in given.items()}).numpy()
    np.testing.assert_allclose(graph.logits(given), wanted, atol=TOLERANCE)


def test_a_handful_of_stars_is_enough() -> None:
    module, inputs = network("quick")
    assert len(exported(module, inputs(3))) > 1000


@pytest.mark.filterwarnings("error")
def test_it_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    module, inputs = network("quick")
    exported(module, inputs(9))
    assert capfd.readouterr() == ("", "")


class Baked(nn.Module):
    """Its graph holds the number of stars that it was exported with."""

    def forward(self, features: Tensor) -> Tensor:
        return features[:, :2] * (1.0 + 0.001 * int(features.shape[0]))


class Branching(nn.Module):
    """Its graph holds one side of a choice."""

    def forward(self, sequence: Tensor, lengths: Tensor) -> Tensor:
        first = sequence[:, 0] * (lengths[:, None] > 0)
        return first if sequence.shape[1] > 25 else 2.0 * first


def test_a_graph_that_depends_on_the_size_of_the_batch_is_refused() -> None:
    with pytest.raises(ModelError, match=r"the graph misses the network by 0\.0\d+ with 1 stars"):
        exported(Baked(), {"features": np.ones((64, 3), dtype=np.float32)})


def test_a_graph_that_depends_on_the_length_is_refused() -> None:
    given = {"sequence": np.ones((9, 30, 3), dtype=np.float32), "lengths": np.full(9, 30)}
    with pytest.raises(ModelError, match=r"the graph misses the network by 0\.5 with 7 stars"):
        exported(Branching(), given)


def test_a_graph_that_gives_nan_is_refused() -> None:
    class Bad(nn.Module):
        def forward(self, features: Tensor) -> Tensor:
            return torch.log(features[:, :2])

    with pytest.raises(ModelError, match="misses the network by nan"):
        exported(Bad(), {"features": -np.ones((9, 3), dtype=np.float32)})


def test_shapes_for_the_manifest() -> None:
    found = shapes_of(of_sequences(5))
    assert {name: (one.shape, one.dtype) for name, one in found.items()} == {
        "sequence": ((None, None, 3), "float32"), "lengths": ((None,), "int64"),
    }  # fmt: skip
    found = shapes_of(of_folds(5))
    assert {name: one.shape for name, one in found.items()} == {
        "folds": (None, 8, 3, 64), "strengths": (None, 8, 6), "steps": (None, 32, 5), "features": (None, 7),
    }  # fmt: skip
