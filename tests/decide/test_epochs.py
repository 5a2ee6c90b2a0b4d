from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from goodricke.decide.epochs import answers_of_epochs, error_correlation, log_odds, with_log_ratio
from goodricke.decide.evidence import combined
from goodricke.errors import DataError, OptionError


def normal_log_odds(r: float, n_stars: int, n_epochs: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Calibrated log odds of two classes, N(-m, 2m) and N(m, 2m), with one correlation between epochs."""
    m = 1.5
    truth = rng.random(n_stars) < 0.5
    common, own = rng.normal(size=(n_stars, 1)), rng.normal(size=(n_stars, n_epochs))
    x = np.where(truth, m, -m)[:, None] + np.sqrt(2 * m) * (np.sqrt(r) * common + np.sqrt(1 - r) * own)
    star = np.repeat(np.arange(n_stars), n_epochs)
    return special.expit(x.ravel()), star, truth


def test_the_sum_with_correlation_is_exact_for_normal_log_odds() -> None:
    r, n, m = 0.4, 3, 1.5
    p, star, _ = normal_log_odds(r, 200, n, np.random.default_rng(0))
    cov = 2 * m * ((1 - r) * np.eye(n) + r)
    x = special.logit(p).reshape(-1, n)
    binary, single = (stats.multivariate_normal(np.full(n, mean), cov).logpdf(x) for mean in (m, -m))
    found = answers_of_epochs(p, star, 0.5, r)
    np.testing.assert_allclose(log_odds(found.probability), np.clip(binary - single, -13.8, 13.8), atol=1e-4)


def test_it_is_combined_for_two_classes() -> None:
    rng = np.random.default_rng(1)
    p, star = rng.random(60), rng.integers(0, 20, 60)
    both, names = combined(np.stack([1 - p, p], axis=1), star, [0.7, 0.3], 0.25)
    found = answers_of_epochs(p, star, 0.3, 0.25)
    np.testing.assert_array_equal(found.stars, names)
    np.testing.assert_allclose(found.probability, both[:, 1], rtol=1e-4)
    for k, name in enumerate(names):
        mine = p[star == name]
        assert found.highest[k] == mine.max()
        assert found.lowest[k] == mine.min()
        assert found.n[k] == len(mine)
        if len(mine) > 1:
            assert found.scatter[k] == pytest.approx(special.logit(mine).std(ddof=1))
        else:
            assert np.isnan(found.scatter[k])


def test_spectra_without_an_answer_are_left_out() -> None:
    found = answers_of_epochs([np.nan, 0.8, np.nan], ["a", "a", "b"])
    np.testing.assert_allclose(found.probability, [0.8, np.nan])
    np.testing.assert_allclose(found.highest, [0.8, np.nan])
    assert found.n.tolist() == [1, 0]
    assert len(answers_of_epochs([], []).stars) == 0


def test_certainty_of_one_spectrum_does_not_outvote_the_others() -> None:
    found = answers_of_epochs([1.0, 1e-3, 1e-3, 1e-3], ["a"] * 4)
    assert found.probability[0] < 0.5
    assert np.isfinite(found.scatter[0])


def test_the_correlation_comes_out_as_it_was_put_in() -> None:
    for r, n in ((0.0, 2), (0.3, 3), (0.8, 2)):
        p, star, truth = normal_log_odds(r, 3000, n, np.random.default_rng(2))
        found = error_correlation(p, star, truth[star], n_draws=200)
        assert found.low - 0.02 <= r <= found.high + 0.02
        assert found.value == pytest.approx(r, abs=0.05)
        blind = error_correlation(p, star, n_draws=50)
        assert blind.value > found.value
        assert not blind.labelled
        assert "upper bound" in str(blind)


def test_unequal_groups_agree_with_the_textbook() -> None:
    rng = np.random.default_rng(3)
    star = np.sort(rng.integers(0, 40, 120))
    x = rng.normal(size=40)[star] + rng.normal(size=120)
    found = error_correlation(special.expit(x), star, n_draws=0)
    groups = [x[star == k] for k in np.unique(star) if (star == k).sum() > 1]
    n = np.array([len(group) for group in groups])
    total, k = n.sum(), len(groups)
    f = stats.f_oneway(*groups).statistic
    n0 = (total - (n**2).sum() / total) / (k - 1)
    assert found.value == pytest.approx((f - 1) / (f - 1 + n0))
    assert (found.n_stars, found.n_spectra) == (k, total)
    assert np.isnan(found.low)


def test_the_interval_holds_the_truth_about_as_often_as_said() -> None:
    hits = 0
    for seed in range(60):
        p, star, truth = normal_log_odds(0.4, 150, 2, np.random.default_rng(seed))
        found = error_correlation(p, star, truth[star], n_draws=300, seed=seed)
        hits += found.low <= 0.4 <= found.high
    # 57 of 60 are expected; 50 is 4 standard deviations below.
    assert hits >= 50


def test_evidence_of_another_kind_multiplies_the_odds() -> None:
    found = with_log_ratio([0.2, 0.5, np.nan, 0.3, 0.4], [np.log(8), -np.inf, 1.0, np.nan, 0.0])
    np.testing.assert_allclose(found, [2 / 3, 0.0, np.nan, 0.3, 0.4], atol=1e-12)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(OptionError, match="prior"):
        answers_of_epochs([0.5], ["a"], prior=0.0)
    with pytest.raises(OptionError, match="correlation"):
        answers_of_epochs([0.5], ["a"], correlation=1.5)
    with pytest.raises(DataError):
        answers_of_epochs([[0.5, 0.5]], ["a"])
    with pytest.raises(DataError, match="too few"):
        error_correlation([0.5, 0.6], ["a", "b"])
    with pytest.raises(DataError, match="unlike"):
        error_correlation([0.5, 0.6, 0.2, 0.2], ["a", "a", "b", "b"], [True, False, True, True])
