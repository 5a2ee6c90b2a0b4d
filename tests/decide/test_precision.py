from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodricke.decide.precision import (
    PRIORS,
    counted,
    cut_for_purity,
    precision_at,
    precision_by_counts,
    precision_table,
    prior_of_ratio,
)
from goodricke.decide.priors import shifted
from goodricke.errors import DataError, OptionError


def test_the_table_of_the_research_page() -> None:
    np.testing.assert_allclose(precision_at(0.8, 0.1, [0.1, 0.2, 1 / 3]), [8 / 17, 2 / 3, 0.8])
    assert np.isnan(precision_at(0.0, 0.0, 0.3))


@given(st.integers(0, 300), st.integers(0, 5000), st.fractions(Fraction(1, 50), 20))
def test_the_formula_of_the_slides_is_the_one_with_rates(tp: int, fp: int, ratio: Fraction) -> None:
    n_binaries, n_singles = 300, 5000
    found = float(precision_by_counts(tp, fp, n_binaries, n_singles, float(ratio)))
    below = Fraction(tp) + Fraction(fp) * Fraction(n_binaries, n_singles) / ratio
    if below == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(float(tp / below), abs=1e-12)


def test_a_test_set_as_on_the_sky_has_its_own_precision() -> None:
    # 1:2 in the set and 1:2 on the sky: nothing is to be corrected.
    assert float(precision_by_counts(70, 20, 100, 200)) == pytest.approx(70 / 90)


@pytest.mark.parametrize(("said", "prior"), [("1:2", 1 / 3), ("1 : 9", 0.1), ("1/4", 0.2), (1.0, 0.5), ("0.5", 1 / 3)])
def test_ratios_as_people_write_them(said: float | str, prior: float) -> None:
    assert prior_of_ratio(said) == pytest.approx(prior)


@pytest.mark.parametrize("said", ["1:0", "two", 0.0, -1.0, "", float("inf"), float("nan")])
def test_ratios_that_are_none(said: float | str) -> None:
    with pytest.raises(OptionError, match="ratio"):
        prior_of_ratio(said)


def made(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities at even odds."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.5
    x = np.where(truth, 1.0, -1.0) + rng.normal(size=n)
    return 1 / (1 + np.exp(-2 * x)), truth


def test_rows_agree_with_counting() -> None:
    p, truth = made(3000, 0)
    rows = precision_table(p, truth, thresholds=(0.8, 0.5))
    assert rows["threshold"].tolist() == [0.5] * 4 + [0.8] * 4
    assert rows["prior"].tolist() == list(PRIORS) * 2
    for k in range(8):
        flagged = p >= rows["threshold"][k]
        tpr, fpr = flagged[truth].mean(), flagged[~truth].mean()
        prior = rows["prior"][k]
        assert rows["purity"][k] == pytest.approx(tpr * prior / (tpr * prior + fpr * (1 - prior)))
        assert rows["completeness"][k] == pytest.approx(tpr)
        assert rows["false_rate"][k] == pytest.approx(fpr)
        assert rows["purity_low"][k] < rows["purity"][k] < rows["purity_high"][k]


def test_intervals_hold_the_truth() -> None:
    from scipy.stats import norm

    # P(p >= 0.8): x above 0.693 for means of 1 and -1.
    cut = 0.5 * np.log(4)
    truth = float(precision_at(norm.sf(cut - 1), norm.sf(cut + 1), 0.1))
    rows = [precision_table(*made(800, seed), thresholds=(0.8,), priors=(0.1,)) for seed in range(60)]
    inside = sum(bool(row["purity_low"][0] <= truth <= row["purity_high"][0]) for row in rows)
    assert inside >= 51  # of 60 with 95%


def test_spectra_of_one_star_share_its_vote() -> None:
    p, truth = made(500, 1)
    once = counted(p, truth, (0.5,))
    thrice = counted(np.repeat(p, 3), np.repeat(truth, 3), (0.5,), np.repeat(np.arange(500), 3))
    np.testing.assert_allclose(once.passed, thrice.passed)
    np.testing.assert_allclose(once.stars, thrice.stars)


def test_no_answer_is_no_flag() -> None:
    table = counted([0.9, np.nan, 0.1], [True, True, False], (0.0, 0.5))
    assert table.stars == (1.0, 2.0)
    assert table.passed[1] == ((1.0, 1.0), (0.0, 1.0))


def test_the_cut_gives_the_purity_on_other_stars() -> None:
    p, truth = made(20_000, 2)
    fresh, is_binary = made(200_000, 3)
    for prior in (0.1, 1 / 3):
        cut = cut_for_purity(p, truth, 0.9, prior)
        assert cut.reached
        flagged = fresh >= cut.threshold
        pure = float(precision_at(flagged[is_binary].mean(), flagged[~is_binary].mean(), prior))
        assert pure == pytest.approx(0.9, abs=0.04)
        # For calibrated probabilities the lowest one taken, shifted to the prior, lies below the mean purity.
        lowest = shifted([[1 - cut.threshold, cut.threshold]], [0.5, 0.5], [1 - prior, prior])[0, 1]
        assert lowest < 0.9
    assert cut_for_purity(p, truth, 0.9, 0.1).threshold > cut_for_purity(p, truth, 0.9, 0.5).threshold


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DataError, match="missing"):
        precision_table([0.5, 0.6], [True, True])
    with pytest.raises(DataError, match="probabilities"):
        counted([1.5, 0.6], [True, False], (0.5,))
    with pytest.raises(OptionError, match="thresholds"):
        counted([0.5, 0.6], [True, False], (1.5,))
    with pytest.raises(OptionError, match="prior"):
        precision_table([0.5, 0.6], [True, False], priors=(0.0,))
    with pytest.raises(DataError):
        precision_by_counts(1, 1, 0, 10)
