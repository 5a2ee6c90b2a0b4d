from __future__ import annotations

import numpy as np
import pytest
import torch

from goodricke.models.onnx_graph import EXTRAS
from goodricke.networks.companions import NUISANCES, Companions, CompanionsSettings, MatchedFilters, Seen

P, K, T, J = 300, 24, 10, 6


def matched(seed: int = 0) -> MatchedFilters:
    rng = np.random.default_rng(seed)
    module = MatchedFilters(K, P, T, J)
    basis = np.linalg.qr(rng.normal(size=(P, K)))[0].T
    module.filter.copy_(torch.from_numpy(basis))
    module.scatter.copy_(torch.from_numpy(rng.uniform(1e-5, 1e-3, K)))
    module.pattern.copy_(torch.from_numpy(0.02 * rng.normal(size=(T, J, K))))
    module.slope.copy_(torch.from_numpy(0.1 * rng.normal(size=(T, NUISANCES, K))))
    return module


def test_significance_is_that_of_the_covariance_written_out() -> None:
    """Against C = scatter + noise + free labels as a matrix: the limit of infinitely wide priors of labels."""
    module = matched()
    rng = np.random.default_rng(1)
    sigma = rng.uniform(0.01, 0.03, (4, P)).astype(np.float32)
    left = (0.02 * rng.normal(size=(4, P))).astype(np.float32)
    teff = np.array([4000.0, 5000.0, 5150.0, 9000.0], np.float32)
    with torch.inference_mode():
        _, significance, distance = module(*map(torch.from_numpy, (left, sigma, teff)))
    basis, node = module.filter.double().numpy(), module.node.double().numpy()
    for k in range(4):
        share = np.maximum(0.0, 1.0 - np.abs((np.clip(teff[k], node[0], node[-1]) - node) / (node[1] - node[0])))
        pattern = np.einsum("t,tjk->jk", share, module.pattern.double().numpy())
        slope = np.einsum("t,tlk->lk", share, module.slope.double().numpy())
        noise = basis**2 @ (sigma[k].astype(float) ** 2 + 0.005**2)
        covariance = np.diag(module.scatter.double().numpy() + noise) + 1e6 * slope.T @ slope
        inverse = np.linalg.inv(covariance)
        expected = np.sqrt(np.einsum("jk,kl,jl->j", pattern, inverse, pattern))
        np.testing.assert_allclose(distance[k], expected, rtol=2e-3)
        np.testing.assert_allclose(
            significance[k], pattern @ inverse @ (basis @ left[k]) / expected, rtol=5e-3, atol=0.01
        )


def test_errors_of_labels_are_no_companion() -> None:
    module = matched()
    slope = module.slope[0, 2] @ module.filter
    sigma = torch.full((1, P), 0.01)
    with torch.inference_mode():
        none, some = (module(left[None], sigma, torch.tensor([4000.0]))[1] for left in (torch.zeros(P), slope))
    torch.testing.assert_close(some, none, atol=2e-3, rtol=0)


def test_a_companion_is_as_significant_as_it_is_distant() -> None:
    module = matched()
    left = (module.pattern[3, 4] @ module.filter)[None]
    with torch.inference_mode():
        _, significance, distance = module(left, torch.full((1, P), 0.01), module.node[3:4])
    torch.testing.assert_close(significance[0, 4], distance[0, 4], rtol=1e-3, atol=0)


@pytest.fixture(scope="module")
def network() -> Companions:
    torch.manual_seed(0)
    settings = CompanionsSettings(pixels=P, filters=K, companions=J, widths=(4, 8), hidden=16, blocks=1)
    made = Companions(2, settings)
    made.number_scores.learn(np.random.default_rng(0).normal(size=(300, 10)))
    for name, value in matched().state_dict().items():
        getattr(made.matched, name).copy_(value)
    return made.eval()


def inputs(n: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(1)
    pixels = torch.randn(n, 3, P, generator=rng) * 0.02
    pixels[:, 2] = 0.02
    return pixels, torch.randn(n, 10, generator=rng)


def test_shapes_names_and_size(network: Companions) -> None:
    found = network(*inputs())
    assert (tuple(found.logits.shape), tuple(found.quantities.shape)) == ((6, 2), (6, 5))
    assert set(Seen._fields[1:]) <= set(EXTRAS)
    assert sum(weight.numel() for weight in Companions(2).parameters()) < 1_500_000


def test_what_is_unknown_does_no_harm_and_company_does_not_matter(network: Companions) -> None:
    pixels, numbers = inputs()
    pixels[1, :, 40:90], numbers[2], pixels[3] = 0.0, torch.nan, 0.0
    with torch.inference_mode():
        together = network(pixels, numbers)
        alone = torch.cat([network(pixels[k : k + 1], numbers[k : k + 1]).logits for k in range(6)])
    assert all(torch.isfinite(one).all() for one in together)
    torch.testing.assert_close(together.logits, alone, atol=1e-4, rtol=0)


@pytest.mark.parametrize("part", ["with_lines", "with_filters"])
def test_parts_can_be_left_out(part: str) -> None:
    settings = CompanionsSettings(pixels=P, filters=K, companions=J, widths=(4, 8), hidden=16, **{part: False})
    network = Companions(2, settings).eval()
    with torch.inference_mode():
        assert torch.isfinite(network(*inputs()).logits).all()
