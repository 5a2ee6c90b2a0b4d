from __future__ import annotations

import numpy as np

from goodricke.decide.tails import fit_tail


def test_shares_are_ranks_by_brute_force() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 7, 40):
        held, score = rng.normal(size=n).round(1), rng.normal(size=200).round(1)
        wanted = [(np.sum(held >= s) + 1) / (n + 1) for s in score]
        np.testing.assert_allclose(fit_tail(held).of(score), wanted, atol=1e-6)


def test_a_long_list_is_short_and_its_shares_are_near() -> None:
    rng = np.random.default_rng(1)
    held, score = rng.normal(size=50_000), rng.normal(size=5000)
    tail = fit_tail(held)
    assert len(tail.levels) <= 513
    exact = (50_000 - np.searchsorted(np.sort(held), score) + 1) / 50_001
    found = tail.of(score)
    assert (found <= exact + 1e-6).all()
    # 512 steps in the logarithm of the share from 1 to 50,000: 2.2% each.
    assert (found > exact * 0.97 - 1e-6).all()
    rare = exact < 40 / 50_001
    assert rare.any()
    np.testing.assert_allclose(found[rare], exact[rare], atol=1e-7)
    assert tail.of(np.array([1e9]))[0] == np.float64(np.round(1 / 50_001, 7))


def test_ties_are_not_odd() -> None:
    tail = fit_tail(np.zeros(1000))
    assert tail.of(np.array([0.0, -1.0, 1e-3])).tolist() == [1.0, 1.0, np.round(1 / 1001, 7)]
