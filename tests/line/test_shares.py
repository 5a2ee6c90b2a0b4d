from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from goodricke.line.shares import part_of_all, shares, states

Floats = NDArray[np.float64]


@pytest.mark.parametrize("around", [True, False])
@pytest.mark.parametrize("halves", [2, 8, 16, 48])
def test_every_half_window_is_in_as_many_windows(halves: int, around: bool) -> None:
    asked = states(halves, around)
    alone, without = np.split(asked[1:], 2)
    assert not asked[0].any()
    assert (alone == ~without).all()
    assert len(set(alone.sum(axis=0).tolist())) == 1
    if around and halves >= 8:
        assert (alone.sum(axis=1) == 8).all()
        assert part_of_all(halves) == 8 / halves


@pytest.mark.parametrize("around", [True, False])
def test_a_sum_is_shared_as_it_was_made(around: bool) -> None:
    """For a model that adds up how far the light is from its level, every half window adds that."""
    change = np.random.default_rng(0).uniform(0, 1, 48)
    answers = 3.0 + states(48, around) @ change
    # A thousandth of a window's effect is shared evenly.
    np.testing.assert_allclose(shares(answers, 3.0 + change.sum(), change, around), change, atol=1e-3)


def test_of_two_that_say_the_same_each_gets_half() -> None:
    change = np.zeros(48)
    change[[0, 24]] = 1.0
    asked = states(48, True)
    either = (asked[:, 0] | asked[:, 24]).astype(float)
    found = shares(either, 1.0, change, True)
    np.testing.assert_allclose(found[[0, 24]], 0.5, atol=0.01)
    assert np.abs(np.delete(found, [0, 24])).max() < 1e-3
    both = (asked[:, 0] & asked[:, 24]).astype(float)
    np.testing.assert_allclose(shares(both, 1.0, change, True)[[0, 24]], 0.5, atol=0.01)


def test_it_does_not_matter_where_windows_begin() -> None:
    rng = np.random.default_rng(1)
    change = rng.uniform(0.5, 1, 48)
    weight = rng.normal(size=48)

    def told(shift: int) -> Floats:
        asked = states(48, True)
        moved, far = np.roll(weight, shift), np.roll(change, shift)
        return np.roll(shares(np.tanh(asked @ moved), np.tanh(moved.sum()), far, True), -shift)

    np.testing.assert_allclose(told(0), told(10), atol=1e-12)


@pytest.mark.parametrize("around", [True, False])
def test_the_shares_add_up(around: bool) -> None:
    rng = np.random.default_rng(2)
    for change in (rng.uniform(0, 1, 48), np.zeros(48), np.r_[1.0, np.zeros(47)]):
        answers = rng.normal(size=len(states(48, around)))
        assert shares(answers, 4.0, change, around).sum() == pytest.approx(4.0 - answers[0])
