from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodricke.decide.detectability import companion_weights, detectability_words, found_share
from goodricke.decide.orbits import AMPLITUDE_KM_S, OrbitPrior
from goodricke.errors import DataError

Q = np.array([0.3, 0.5, 0.7, 0.8, 0.9, 1.0])
DV = np.array([0.0, 50.0, 100.0, 200.0, 400.0])


def test_weights_are_those_of_circles_drawn_at_random() -> None:
    prior = OrbitPrior(period_low=1.0, period_high=1000.0, circular_below=1e9)
    found = companion_weights(Q, DV, prior)
    assert found.sum() == pytest.approx(1)
    rng = np.random.default_rng(0)
    n = 400_000
    a, b = ((np.log10(x) - prior.log_period_mean) / prior.log_period_sd for x in (1.0, 1000.0))
    period = 10 ** stats.truncnorm(a, b, prior.log_period_mean, prior.log_period_sd).rvs(n, random_state=rng)
    sin_i, swing = np.sqrt(1 - rng.random(n) ** 2), np.abs(np.cos(rng.uniform(0, 2 * np.pi, n)))
    q = rng.uniform(0.3, 1.0, n)
    for k, ratio in enumerate(Q):
        # A binary belongs to the nearest node of q, as its companion there would move.
        mine = np.argmin(np.abs(q[:, None] - Q), axis=1) == k
        dv = AMPLITUDE_KM_S * np.cbrt((1 + ratio) / period[mine]) * sin_i[mine] * swing[mine]
        assert found[k].sum() == pytest.approx(mine.mean(), abs=3e-3)
        # The mean of any function that is linear between the nodes is kept, as that of dv below the last one.
        assert found[k] @ DV / found[k].sum() == pytest.approx(np.minimum(dv, DV[-1]).mean(), rel=0.02)


def test_the_share_is_a_mean_over_binaries() -> None:
    weights = companion_weights(Q, DV)
    rng = np.random.default_rng(1)
    chance = rng.random((4, len(Q), len(DV)))
    expected = [np.average(one.ravel(), weights=weights.ravel()) for one in chance]
    np.testing.assert_allclose(found_share(chance, weights), expected)
    np.testing.assert_allclose(found_share(np.ones_like(chance), weights), 1)
    chance[0] = np.nan
    assert np.isnan(found_share(chance, weights)[0])


def test_most_binaries_hardly_move() -> None:
    weights = companion_weights(Q, DV)
    speeds = weights.sum(axis=0)
    assert speeds[0] > 0.8
    assert (np.diff(speeds) < 0).all()
    heavy = companion_weights(Q, DV, mass=8.0).sum(axis=0)
    assert heavy[0] < speeds[0]


def test_words() -> None:
    chance = np.zeros((4, len(Q), len(DV)))
    chance[0, 3, 0] = 0.42
    chance[1] = 1.0
    chance[2, -1] = [0.1, 0.3, 0.5, 0.9, 1.0]
    chance[3] = np.nan
    words = detectability_words(chance, Q, DV, share=[0.1, 1.0, np.nan, np.nan])
    assert words[0] == (
        "a companion of q 0.8 at rest would have been found with 42 %; twins (q > 0.95) cannot be seen up to 400 km/s;"
        " 10 % of all companions would have been found"
    )
    assert "more than 99 %; twins (q > 0.95) can be seen at any velocity difference" in words[1]
    assert words[2].endswith("found with 10 %; twins (q > 0.95) cannot be seen below 100 km/s")
    assert words[3] == ""


def test_a_grid_without_twins_says_nothing_of_them() -> None:
    words = detectability_words(np.full((1, 2, 1), 0.6), [0.5, 0.8], [0.0])
    assert words[0] == "a companion of q 0.5 at rest would have been found with 60 %"


@pytest.mark.parametrize(("q", "dv"), [([0.8, 0.5], [0.0]), ([0.5], [10.0, 20.0]), ([], [0.0])])
def test_grids_that_are_none(q: list[float], dv: list[float]) -> None:
    with pytest.raises(DataError):
        companion_weights(q, dv)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(DataError):
        found_share(np.ones((3, 2)), np.ones((3, 2)))
    with pytest.raises(DataError):
        detectability_words(np.ones((1, 3, 2)), Q, DV)
