"""Steps against a plain loop over stars and points."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.represent.folds import Points, magnitudes
from goodricke.represent.steps import CHANNELS, steps
from represent import made


def looped(points: Points, most: int) -> np.ndarray:
    found = np.zeros((len(points), most, 5))
    for k in range(len(points)):
        here = slice(int(points.offsets[k]), int(points.offsets[k + 1]))
        time, mag, weight = points.time[here], points.mag[here], points.weight[here]
        if not len(time):
            continue
        low, high = np.quantile(mag, [0.01, 0.99])
        amplitude, span = max(high - low, 1e-4), max(time.max(), 1e-6)
        before = None
        for row in range(min(len(time), most)):
            j = row * len(time) // min(len(time), most)
            wait = 0.0 if before is None else time[j] - before
            found[k, row] = (
                min(max(mag[j] / amplitude, -2.5), 2.5),
                np.log10(min(max(1.0 / np.sqrt(weight[j]) / amplitude, 1e-3), 10.0)),
                np.log10(min(max(wait, 1e-4), 1e3)),
                time[j] / span,
                1.0,
            )
            before = time[j]
    return found


@pytest.mark.parametrize("most", [7, 128, 400])
def test_they_are_those_of_a_plain_loop(most: int) -> None:
    points = magnitudes(made.ordinary(300))  # of 220 to 337 points
    found = steps(points, most)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, looped(points, most), atol=2e-5)


def test_wild_stars_are_finite_and_within_their_limits() -> None:
    points = magnitudes(made.hostile())
    found = steps(points, 50)
    assert np.isfinite(found).all()
    assert np.abs(found[:, :, 0]).max() <= 2.5
    assert found[:, :, 1].min() >= -3.0
    assert found[:, :, 1].max() <= 1.0
    assert found[:, :, 2].min() >= -4.0
    assert found[:, :, 2].max() <= 3.0
    np.testing.assert_array_equal(found[:, :, 4].sum(axis=1), np.minimum(np.diff(points.offsets), 50))
    assert not found[found[:, :, 4] == 0].any()


def test_a_star_is_the_same_in_any_company_and_on_any_day() -> None:
    lcs = made.ordinary(100)
    whole = steps(magnitudes(lcs), 64)
    np.testing.assert_array_equal(steps(magnitudes(lcs[3:4]), 64)[0], whole[3])
    points = magnitudes(lcs)
    np.testing.assert_array_equal(steps(points.some(np.array([5, 3])), 64), whole[[5, 3]])


def test_of_a_long_star_first_to_last_are_seen() -> None:
    time = np.linspace(0.0, 99.0, 1000)
    star = Points(time, np.sin(time), np.ones(1000), np.array([0, 1000]))
    when = steps(star, 100)[0, :, CHANNELS.index("when")]
    assert when[0] == 0.0
    assert when[-1] == pytest.approx(0.99, abs=0.002)
    np.testing.assert_allclose(np.diff(when), 0.01, atol=1e-3)


def test_no_stars_and_no_points() -> None:
    nothing = Points(np.empty(0), np.empty(0), np.empty(0), np.array([0]))
    assert steps(nothing, 9).shape == (0, 9, 5)
    empty = Points(np.empty(0), np.empty(0), np.empty(0), np.array([0, 0, 0]))
    assert not steps(empty, 9).any()
