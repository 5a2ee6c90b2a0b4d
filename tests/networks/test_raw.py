"""The branch of raw points against its own stages, one star after the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from goodricke.networks.raw import RawBranch
from networks.made import settled, some_steps


@pytest.fixture(scope="module")
def branch() -> RawBranch:
    torch.manual_seed(0)
    branch = RawBranch((8, 12, 16), 10, 0.1)
    return settled(branch, lambda seed: (some_steps(32, 64, seed),))


@pytest.mark.parametrize("length", [64, 33, 20, 5, 1])
def test_mean_and_maximum_are_over_the_steps_that_are_there(branch: RawBranch, length: int) -> None:
    steps = some_steps(1, 64, lengths=[length])
    with torch.inference_mode():
        x, left = steps.transpose(1, 2), length
        for stage in branch.stages:
            x, left = stage(x), -(-left // 2)  # every other step
            x[:, :, left:] = 0.0
        inside = x[:, :, :left]
        wanted = branch.last(torch.cat([inside.mean(2), inside.amax(2)], dim=1))
        np.testing.assert_allclose(branch(steps), wanted, atol=1e-5)


def test_company_does_not_matter(branch: RawBranch) -> None:
    steps = some_steps(9, 64)
    with torch.inference_mode():
        alone = torch.cat([branch(one[None]) for one in steps])
        np.testing.assert_allclose(branch(steps), alone, atol=1e-5)


def test_a_star_without_steps_is_finite(branch: RawBranch) -> None:
    with torch.inference_mode():
        assert torch.isfinite(branch(torch.zeros(3, 64, 5))).all()


def test_every_channel_of_every_step_tells(branch: RawBranch) -> None:
    steps = some_steps(1, 64, lengths=[64]).requires_grad_()
    (gradient,) = torch.autograd.grad(branch(steps).square().sum(), steps)
    assert (gradient[0, :, :4].abs() > 0).all()
