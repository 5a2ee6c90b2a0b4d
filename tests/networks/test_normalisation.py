"""Batch normalisation under a mask against torch's of the steps that are there."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from goodricke.networks.normalisation import MaskedBatchNorm


def batch(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Values (6, 9, 5) with wild padding, and the mask (6, 9, 1)."""
    chance = torch.Generator().manual_seed(seed)
    values = torch.randn(6, 9, 5, generator=chance) * torch.arange(1.0, 6.0) + 3.0
    lengths = torch.tensor([9, 1, 4, 7, 2, 9])
    mask = (torch.arange(9)[None, :] < lengths[:, None]).float()[:, :, None]
    return torch.where(mask > 0, values, 1e4), mask


def test_it_is_that_of_torch_on_the_unpadded_steps() -> None:
    mine = MaskedBatchNorm(5)
    theirs = nn.BatchNorm1d(5, eps=mine.eps, momentum=None)  # a plain mean, as ours is over the first hundred batches
    with torch.no_grad():
        for layer in (mine, theirs):
            layer.weight.copy_(torch.linspace(0.5, 2.0, 5))
            layer.bias.copy_(torch.linspace(-1.0, 1.0, 5))
    for seed in range(30):
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


def test_after_a_hundred_batches_a_hundredth_is_forgotten_per_batch() -> None:
    layer = MaskedBatchNorm(1)
    mask = torch.ones(2, 3, 1)
    for _ in range(100):
        layer(torch.zeros(2, 3, 1), mask)
    for _ in range(69):
        layer(torch.ones(2, 3, 1), mask)
    assert float(layer.running_mean) == pytest.approx(1.0 - 0.99**69, rel=1e-4)


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
