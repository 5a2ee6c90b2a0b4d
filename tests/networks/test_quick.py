from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from goodricke.models.onnx_graph import EXTRAS
from goodricke.networks.quick import Quick, QuickSettings, Seen
from networks.made import settled, some_steps


def inputs(n: int = 6, seed: int = 0) -> list[Tensor]:
    return [some_steps(n, 32, seed), torch.randn(n, 7, generator=torch.Generator().manual_seed(seed))]


@pytest.fixture(scope="module")
def network() -> Quick:
    torch.manual_seed(0)
    network = Quick(4, QuickSettings(features=7, raw_widths=(8, 12), hidden=16))
    network.feature_scores.learn(np.random.default_rng(0).normal(size=(300, 7)))
    return settled(network, lambda seed: inputs(16, seed))


def test_shapes_names_and_size(network: Quick) -> None:
    found = network(*inputs())
    assert (tuple(found.logits.shape), tuple(found.embedding.shape)) == ((6, 4), (6, 16))
    assert Seen._fields[0] == "logits"
    assert set(Seen._fields[1:]) <= set(EXTRAS)
    assert sum(weight.numel() for weight in Quick(15).parameters()) == pytest.approx(1e5, rel=0.05)


def test_both_branches_tell(network: Quick) -> None:
    steps, features = inputs()
    with torch.inference_mode():
        before = network(steps, features).logits
        assert (network(steps.flip(0), features).logits - before).abs().max() > 1e-3
        assert (network(steps, features.flip(0)).logits - before).abs().max() > 1e-3


def test_what_is_unknown_does_no_harm_and_company_does_not_matter(network: Quick) -> None:
    steps, features = inputs()
    features[1], features[2, 3], steps[3] = torch.nan, torch.inf, 0.0
    with torch.inference_mode():
        together = network(steps, features)
        alone = torch.cat([network(steps[k : k + 1], features[k : k + 1]).logits for k in range(6)])
    assert all(torch.isfinite(one).all() for one in together)
    np.testing.assert_allclose(together.logits, alone, atol=1e-5)
