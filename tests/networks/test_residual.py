from __future__ import annotations

import pytest
import torch

from goodricke.networks.residual import BasicBlock, Residual, ResidualSettings


def test_as_the_seed_has_it() -> None:
    """Residual blocks, two fully connected layers with dropout 0.5 before each, two logits."""
    network = Residual(2)
    dense = [module for module in network.modules() if isinstance(module, torch.nn.Linear)]
    dropped = [module.p for module in network.modules() if isinstance(module, torch.nn.Dropout)]
    assert len(dense) == 2
    assert dropped == [0.5, 0.5]
    assert sum(isinstance(module, BasicBlock) for module in network.modules()) == 8
    assert sum(weight.numel() for weight in network.parameters()) < 1_500_000


@pytest.mark.parametrize("pixels", [2749, 700])
def test_shapes(pixels: int) -> None:
    network = Residual(2, ResidualSettings(pixels=pixels, widths=(4, 8), positions=8, hidden=16)).eval()
    found = network(torch.ones(3, pixels))
    assert (tuple(found.logits.shape), tuple(found.embedding.shape)) == ((3, 2), (3, 16))


def test_a_block_without_weights_is_the_way_round() -> None:
    block = BasicBlock(3, 3, 5, 1).eval()
    for weight in block.through.parameters():
        torch.nn.init.zeros_(weight)
    x = torch.randn(2, 3, 40, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(block(x), torch.relu(x))


def test_company_does_not_matter_when_it_predicts() -> None:
    torch.manual_seed(0)
    network = Residual(2, ResidualSettings(pixels=400, widths=(4, 8), hidden=8)).eval()
    flux = 1 + 0.1 * torch.randn(5, 400)
    with torch.inference_mode():
        alone = torch.cat([network(flux[k : k + 1]).logits for k in range(5)])
        torch.testing.assert_close(network(flux).logits, alone, atol=1e-5, rtol=0)
