"""Batch normalisation under a mask against torch's of the steps that are there."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from goodricke.networks.normalisation import MaskedBatchNorm, settle


def batch(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Values (6, 9, 5) with wild padding, and the mask (6, 9, 1)."""
    chance = torch.Generator().manual_seed(seed)
    values = torch.randn(6, 9, 5, generator=chance) * torch.arange(1.0, 6.0) + 3.0
    lengths = torch.tensor([9, 1, 4, 7, 2, 9])
    mask = (torch.arange(9)[None, :] < lengths[:, None]).float()[:, :, None]
    return torch.where(mask > 0, values, 1e4), mask


def test_it_is_that_of_torch_on_the_unpadded_steps() -> None:
    mine = MaskedBatchNorm(5)
    theirs = nn.BatchNorm1d(5, eps=mine.eps, momentum=None)  # a plain mean, as ours is over the first ten batches
    with torch.no_grad():
        for layer in (mine, theirs):
            layer.weight.copy_(torch.linspace(0.5, 2.0, 5))
            layer.bias.copy_(torch.linspace(-1.0, 1.0, 5))
    for seed in range(10):
        values, mask = batch(seed)
        there = mask[:, :, 0] > 0
        found, wanted = mine(values, mask), theirs(values[there])
        np.testing.assert_allclose(found[there].detach(), wanted.detach(), atol=2e-5)
        assert not found[~there].any()
    np.testing.assert_allclose(mine.running_mean, theirs.running_mean, rtol=1e-5)
    np.testing.assert_allclose(mine.running_var, theirs.running_var, rtol=1e-5)
    mine.eval(), theirs.eval()
    values, mask = batch(99)
    there = mask[:, :, 0] > 0
    np.testing.assert_allclose(mine(values, mask)[there].detach(), theirs(values[there]).detach(), atol=2e-5)


def test_after_ten_batches_a_tenth_is_forgotten_per_batch() -> None:
    layer = MaskedBatchNorm(1)
    mask = torch.ones(2, 3, 1)
    for _ in range(10):
        layer(torch.zeros(2, 3, 1), mask)
    for _ in range(7):
        layer(torch.ones(2, 3, 1), mask)
    assert float(layer.running_mean) == pytest.approx(1.0 - 0.9**7, rel=1e-4)


def test_gradients_are_those_of_torch() -> None:
    mine, theirs = MaskedBatchNorm(5), nn.BatchNorm1d(5)
    values, mask = batch()
    there = mask[:, :, 0] > 0
    values.requires_grad_()
    plain = values.detach()[there].requires_grad_()
    (found,) = torch.autograd.grad((mine(values, mask) ** 3).sum(), values)
    (wanted,) = torch.autograd.grad((theirs(plain) ** 3).sum(), plain)
    np.testing.assert_allclose(found[there], wanted, atol=2e-4)
    assert not found[~there].any()


def test_a_batch_that_is_all_padding_does_no_harm() -> None:
    layer = MaskedBatchNorm(3)
    found = layer(torch.full((2, 4, 3), 7.0), torch.zeros(2, 4, 1))
    assert not found.any()
    assert torch.isfinite(layer.running_mean).all()
    assert (layer.running_var > 0).all()


class Two(nn.Module):
    """Two normalisations, the second of what the first makes of the values."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.drop = MaskedBatchNorm(5), MaskedBatchNorm(5), nn.Dropout(0.5)

    def forward(self, values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.second(self.drop(torch.relu(self.first(values, mask))), mask)
        return out


def test_settled_statistics_are_those_of_the_batches_with_the_weights_of_now() -> None:
    network = Two()
    with torch.no_grad():
        for seed in range(50, 90):  # other stars than those below: what is remembered of them must go
            network(*(batch(seed)[0] * 3.0, batch(seed)[1]))
    batches = [dict(zip(("values", "mask"), batch(seed), strict=True)) for seed in range(40)]
    settle(network, batches)
    assert not any(module.training for module in network.modules())
    means = [one["values"][one["mask"][:, :, 0] > 0].mean(dim=0) for one in batches]
    np.testing.assert_allclose(network.first.running_mean, torch.stack(means).mean(dim=0), rtol=1e-5)
    once = {name: value.clone() for name, value in network.state_dict().items()}
    settle(network, batches)  # dropout is off, so that nothing is left to chance
    for name, value in network.state_dict().items():
        np.testing.assert_array_equal(value, once[name])
    assert network.first.momentum == 0.1
