from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats as distributions

from decide.made import sample
from goodricke.decide.conformal import Conformal, fit_conformal, scores, set_names
from goodricke.errors import DataError, OptionError

PRIORS = [0.6, 0.3, 0.1]


@pytest.mark.parametrize("score", ["lac", "aps", "raps"])
@pytest.mark.parametrize("alpha", [0.02, 0.1, 0.3])
def test_coverage_is_what_exchangeability_promises(score, alpha) -> None:
    covered = 0
    for seed in range(40):
        # Any model will do, so a wrong one: logits of the right shape, three times too sure.
        stars = sample(700, PRIORS, seed)
        p = np.exp(3 * stars.logits - (3 * stars.logits).max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p = 0.9 * p + 0.1 * stars.posterior  # no ties at 0 and 1
        sets = fit_conformal(p[:199], stars.target[:199], alpha, score).apply(p[199:], may_be_empty=True)
        covered += int(sets[np.arange(501), stars.target[199:]].sum())
    # With continuous scores the coverage of one fit is Beta(k, n + 1 - k) (Vovk 2012); 40 fits share 20,040 stars.
    k = int(np.ceil(200 * (1 - alpha) - 1e-9))
    exact = distributions.betabinom(501, k, 200 - k)
    error = np.sqrt(40 * exact.var())
    assert abs(covered - 40 * exact.mean()) < 3.3 * error
    assert exact.mean() / 501 >= 1 - alpha - 1e-12


def test_every_class_keeps_the_promise_when_asked() -> None:
    held, new = sample(6000, PRIORS, 1), sample(60_000, PRIORS, 2)
    plain = fit_conformal(held.posterior, held.target, 0.1).apply(new.posterior)
    by_class = fit_conformal(held.posterior, held.target, 0.1, by_class=True).apply(new.posterior, may_be_empty=True)
    covered = [by_class[new.target == k, k].mean() for k in range(3)]
    # The rarest class has 600 held-out stars: coverage has an error of sqrt(0.09 / 600) = 0.012.
    np.testing.assert_allclose(covered, 0.9, atol=0.045)
    assert plain[new.target == 2, 2].mean() < 0.8  # what the promise over all stars hides


def test_scores_by_brute_force() -> None:
    p = sample(30, PRIORS, 3).posterior
    aps, raps = scores(p, "aps"), scores(p, "raps")
    for row in range(30):
        for k in range(3):
            rank = int((p[row] >= p[row, k]).sum())
            assert aps[row, k] == pytest.approx(p[row][p[row] >= p[row, k]].sum())
            assert raps[row, k] == pytest.approx(aps[row, k] + 0.02 * max(rank - 2, 0))
    np.testing.assert_allclose(scores(p, "lac"), 1 - p)


def test_the_limit_is_the_right_rank() -> None:
    p = np.stack([1 - np.arange(1, 10) / 10, np.arange(1, 10) / 10], axis=1)
    # Nine scores 0.1 ... 0.9: ceil(10 x 0.8) = 8th, ceil(10 x 0.9) = 9th, and no rank above it.
    for alpha, limit in ((0.2, 0.8), (0.1, 0.9), (0.05, 1e9)):
        assert fit_conformal(p, np.zeros(9, dtype=int), alpha).limits == pytest.approx((limit,))
    few = fit_conformal(p, np.array([0] * 8 + [1]), 0.2, by_class=True)
    assert few.limits[1] == 1e9
    assert few.apply([[1.0, 0.0]]).tolist() == [[True, True]]


def test_sets_hold_the_likeliest_unless_they_may_be_empty() -> None:
    sets = Conformal("lac", 0.5, (0.2,), 3)
    p = [[0.4, 0.3, 0.3], [0.1, 0.9, 0.0], [np.nan] * 3]
    assert sets.apply(p).tolist() == [[True, False, False], [False, True, False], [True] * 3]
    assert sets.apply(p, may_be_empty=True)[0].tolist() == [False] * 3
    assert sets.apply(np.empty((0, 3))).shape == (0, 3)


def test_json_and_order() -> None:
    stars, order = sample(300, PRIORS, 4), np.array([2, 0, 1])
    for by_class in (False, True):
        sets = fit_conformal(stars.posterior, stars.target, 0.1, "aps", by_class)
        assert Conformal.from_dict(json.loads(json.dumps(sets.to_dict()))) == sets
        turned = fit_conformal(
            stars.posterior[::-1, order], np.argsort(order)[stars.target[::-1]], 0.1, "aps", by_class
        )
        np.testing.assert_allclose(np.array(turned.limits), np.array(sets.limits)[order if by_class else [0]])


@pytest.mark.parametrize("c", [1, 2, 7, 8, 9, 20])
def test_names_by_brute_force(c) -> None:
    names = [f"C{k}" for k in range(c)]
    inside = np.random.default_rng(0).random((200, c)) < 0.3
    wanted = [" ".join(n for n, here in zip(names, row, strict=True) if here) for row in inside]
    assert set_names(inside, names).tolist() == wanted
    assert set_names(inside[:0], names).tolist() == []


def test_what_is_refused() -> None:
    with pytest.raises(OptionError, match="there are lac, aps, raps"):
        fit_conformal([[0.5, 0.5]], [0], 0.1, "best")  # type: ignore[arg-type]
    for alpha in (0.0, 1.0, float("nan")):
        with pytest.raises(OptionError, match="alpha lies"):
            fit_conformal([[0.5, 0.5]], [0], alpha)
    with pytest.raises(DataError, match="3 classes are wanted"):
        Conformal("lac", 0.5, (0.2,), 3).apply([[0.5, 0.5]])
