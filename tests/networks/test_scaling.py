"""Normal scores against the distributions that the numbers were drawn from."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from goodricke.networks.scaling import NormalScores

N = 40_000
LAST = stats.norm.ppf(0.995)


def learned(values: np.ndarray) -> NormalScores:
    scores = NormalScores(values.shape[1])
    scores.learn(values)
    return scores.eval()


def scored(scores: NormalScores, values: object) -> np.ndarray:
    with torch.inference_mode():
        return scores(torch.as_tensor(np.asarray(values, dtype=np.float32))).numpy()


def test_numbers_of_any_distribution_become_normal() -> None:
    rng = np.random.default_rng(0)
    kinds = [stats.norm(3.0, 2.0), stats.lognorm(1.5), stats.uniform(-1.0, 5.0), stats.t(2), stats.norm(1e6, 1e3)]
    scores = learned(np.stack([kind.rvs(N, random_state=rng) for kind in kinds], axis=1))
    share = np.linspace(0.01, 0.99, 197)
    wanted = np.tile(stats.norm.ppf(share)[:, None], len(kinds))
    miss = np.abs(scored(scores, np.stack([kind.ppf(share) for kind in kinds], axis=1)) - wanted)
    # Between two quantiles three hundredths apart a straight line stands for the curve. For numbers that are spread
    # evenly there it misses by 0.16 in the outermost piece, by 0.05 in the next, by 0.01 in the middle.
    assert miss.max() < 0.18
    assert miss[(share > 0.04) & (share < 0.96)].max() < 0.08
    assert miss[(share > 0.2) & (share < 0.8)].max() < 0.03
    assert miss[:, [0, 4]].max() < 0.05  # a straight line between normal numbers is right


def test_a_quantile_has_its_score_exactly() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=(5000, 1))
    levels = np.linspace(0.005, 0.995, 33)
    found = scored(learned(values), np.quantile(values, levels)[:, None])[:, 0]
    np.testing.assert_allclose(found, stats.norm.ppf(levels), atol=1e-4)


def test_wild_numbers_do_not_get_far_and_unknown_ones_are_0() -> None:
    scores = learned(np.random.default_rng(2).normal(size=(1000, 1)))
    found = scored(scores, [[1e30], [-1e30], [np.nan], [np.inf], [-np.inf]])[:, 0]
    np.testing.assert_allclose(found[:2], [LAST, -LAST], atol=1e-5)
    assert found[2:].tolist() == [0.0, 0.0, 0.0]


def test_more_is_never_less() -> None:
    rng = np.random.default_rng(3)
    steps = rng.integers(0, 4, size=(2000, 1)).astype(float)  # many ties
    scores = learned(steps)
    found = scored(scores, np.linspace(-1, 4, 501)[:, None])[:, 0]
    assert (np.diff(found) >= 0).all()
    low, middle, high = scored(scores, [[0.0], [1.5], [3.0]])[:, 0]
    assert low < middle < high


@pytest.mark.parametrize(
    "column", [np.full(500, 7.0), np.full(500, np.nan), np.where(np.arange(500) < 49, np.arange(500.0), np.nan)]
)
def test_what_never_changes_or_is_hardly_known_stays_0(column: np.ndarray) -> None:
    assert not scored(learned(column[:, None]), [[7.0], [-5.0], [100.0], [np.nan]]).any()


def test_a_number_that_hardly_ever_changes_still_tells() -> None:
    column = np.zeros(10_000)
    column[:20] = 5.0  # all quantiles are 0
    low, high = scored(learned(column[:, None]), [[0.0], [5.0]])[:, 0]
    assert low < high
    assert np.isfinite([low, high]).all()


def test_unknown_numbers_of_training_do_not_count() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=(3000, 1))
    gaps = np.concatenate([values, np.full((3000, 1), np.nan), np.full((10, 1), np.inf)])
    probe = np.linspace(-3, 3, 50)[:, None]
    np.testing.assert_array_equal(scored(learned(values), probe), scored(learned(gaps), probe))


def test_any_sides_before_the_last() -> None:
    values = np.random.default_rng(5).normal(size=(400, 3))
    scores = learned(values)
    np.testing.assert_array_equal(scored(scores, values.reshape(20, 20, 3)).reshape(400, 3), scored(scores, values))


def test_it_is_saved_with_the_weights() -> None:
    values = np.random.default_rng(6).normal(size=(400, 3))
    scores, other = learned(values), NormalScores(3)
    other.load_state_dict(scores.state_dict())
    np.testing.assert_array_equal(scored(other, values), scored(scores, values))
