from __future__ import annotations

import numpy as np
import pytest

from decide.made import sample
from goodricke.decide.reliability import calibration_error, reliability
from goodricke.errors import OptionError


@pytest.mark.parametrize(("adaptive", "strategy"), [(False, "uniform"), (True, "quantile")])
def test_bins_are_those_of_scikit_learn(adaptive, strategy) -> None:
    calibration = pytest.importorskip("sklearn.calibration")
    stars = sample(5001, [0.5, 0.3, 0.2], 0)
    happened, claimed = calibration.calibration_curve(
        stars.target == 1, stars.posterior[:, 1], n_bins=15, strategy=strategy
    )
    ours = reliability(stars.posterior, stars.target, 15, column=1, adaptive=adaptive)
    # With quantiles, a star that is itself an edge may fall to either side.
    np.testing.assert_allclose(ours.claimed, claimed, atol=0.002 if adaptive else 1e-12)
    np.testing.assert_allclose(ours.happened, happened, atol=0.006 if adaptive else 1e-12)
    assert ours.count.sum() == 5001


def test_error_by_hand() -> None:
    p = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.3, 0.7]])
    # Bins of width 0.2 hold .9 .9 | .6 | .7, right 2 | 0 | 1 times.
    assert calibration_error(p, [0, 0, 1, 1], bins=5, adaptive=False) == pytest.approx((0.2 + 0.6 + 0.3) / 4)
    # Class 0 claims .9 .9 | .6 | .3 and comes 2 | 0 | 0 times; class 1 mirrors it.
    assert calibration_error(p, [0, 0, 1, 1], 5, "classwise", False) == pytest.approx((0.2 + 0.6 + 0.3) / 4)


def test_adaptive_bins_are_even_and_keep_ties_together() -> None:
    rng = np.random.default_rng(0)
    said = rng.random(1500)
    count = reliability(np.stack([said, 1 - said], axis=1), np.zeros(1500, dtype=int), 15, column=0).count
    assert (count == 100).all()
    tied = reliability([[0.5, 0.5]] * 60 + [[0.9, 0.1]] * 30, [0] * 90, 15, column=0)
    assert tied.count.tolist() == [60, 30]
    assert ((tied.low <= tied.happened) & (tied.happened <= tied.high)).all()


def test_permutations_and_one_star() -> None:
    stars = sample(900, [0.5, 0.3, 0.2], 0)
    rows, columns = np.random.default_rng(0).permutation(900), np.array([2, 0, 1])
    for kind in ("confidence", "classwise"):
        whole = calibration_error(stars.posterior, stars.target, kind=kind)
        moved = calibration_error(stars.posterior[rows][:, columns], np.argsort(columns)[stars.target[rows]], kind=kind)
        assert moved == pytest.approx(whole, abs=1e-12)
    assert calibration_error([[0.7, 0.3]], [0]) == pytest.approx(0.3)


def test_what_is_refused() -> None:
    with pytest.raises(OptionError, match="at least 1 bin"):
        calibration_error([[0.7, 0.3]], [0], bins=0)
    with pytest.raises(OptionError, match="confidence and classwise"):
        calibration_error([[0.7, 0.3]], [0], kind="top")  # type: ignore[arg-type]
