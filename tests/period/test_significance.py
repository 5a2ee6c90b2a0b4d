from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.grid import FrequencyGrid
from goodricke.period.significance import expected_peaks, false_alarm, shuffled_false_alarm
from goodricke.period.spectrum import power
from period import made

GRID = FrequencyGrid(1 / 1500, 1 / 4500, 9000)  # 1500 d up to 0.5 d


def test_equal_points_of_normal_noise_are_baluevs() -> None:
    rng = np.random.default_rng(0)
    time, flux = np.sort(rng.uniform(0, 1500, 2000)), rng.normal(size=2000)
    height = np.array([0.005, 0.01, 0.015])
    width = GRID.size * GRID.step * np.sqrt(4 * np.pi * np.var(time))
    # Baluev (2008), eq. 6, in the limit of many points.
    expected = width * (1 - height) ** (1997 / 2) * np.sqrt(1997 / 2 * height)
    np.testing.assert_allclose(expected_peaks(height, time, flux, np.ones(2000), GRID), expected, rtol=0.1)


def test_the_exponent_is_that_of_a_random_walk() -> None:
    # Few and unequal steps, where normal noise is wrong by ten: the walk is drawn 150,000 times instead.
    rng = np.random.default_rng(1)
    flux = np.concatenate([np.tile([0.3, -0.3], 20), [2.0, -2.0, 1.5, -1.5]])
    step = np.abs(flux) / len(flux)
    walk = np.abs(np.exp(2j * np.pi * rng.random((150_000, len(flux)))) @ step)
    grid = FrequencyGrid(0.1, 0.1, 10)
    time = np.arange(44.0)
    for tail in (1e-2, 1e-3):
        height = 2 * np.quantile(walk, 1 - tail) ** 2 / np.mean(flux**2)
        number = float(expected_peaks(np.array([height]), time, flux, np.ones(44), grid)[0])
        z = np.log(1 / tail)
        normal = np.exp(-0.5 * 44 * height)
        width = grid.size * grid.step * np.sqrt(4 * np.pi * np.var(time))
        assert number == pytest.approx(width * tail * np.sqrt(z), rel=0.35)  # the saddle point without its prefactor
        assert abs(np.log(normal / tail)) > abs(np.log(number / (width * tail * np.sqrt(z))))


@pytest.mark.parametrize("kind", ["EA", "RRAB"])
def test_shuffled_stars_fall_below_p_as_often_as_p(kind: str) -> None:
    star = made.star(kind, 2.37, n=200)
    time, flux, err = star.time - star.time[0], star.flux.astype(float), star.flux_err.astype(float)
    rng = np.random.default_rng(2)
    chance = []
    for _ in range(250):
        highest = float(power(time, flux[rng.permutation(200)], err, GRID).max())
        chance.append(false_alarm(highest, time, flux, err, GRID))
    for level in (0.5, 0.1):
        # A factor of 1.5 is promised; the grid's own highest power is a tenth short of the peak's, and 250 shuffles
        # tell 0.1 to a fifth.
        assert level / 2.0 < np.mean(np.array(chance) < level) < level * 1.7


def test_few_shuffles_say_what_many_do() -> None:
    star = made.star("EA", 2.37, n=150)
    time, flux, err = star.time - star.time[0], star.flux.astype(float), star.flux_err.astype(float)
    rng = np.random.default_rng(4)
    highest = [power(time, flux[rng.permutation(150)], err, GRID).max() for _ in range(400)]
    for target in (0.5, 0.1, 0.02):
        height = float(np.quantile(highest, 1 - target))
        chances = [
            shuffled_false_alarm(height, time, flux, err, GRID, 30, np.random.default_rng(5), part)
            for part in (1.0, 1.0, 0.25)
        ]
        assert chances[0] == chances[1]
        # 30 shuffles place the distribution to a fifth of its width; a part of the grid has fewer aliases.
        assert target / 2.0 < chances[0] < 2.0 * target
        assert target / 3.0 < chances[2] < 3.0 * target


def test_a_higher_peak_is_less_likely_noise() -> None:
    star = made.star("EW", 0.37, n=200)
    data = star.time - star.time[0], star.flux.astype(float), star.flux_err.astype(float)
    chance = [false_alarm(height, *data, GRID) for height in (0.0, 0.02, 0.1, 0.2, 0.5, 1.0)]
    assert chance[0] == pytest.approx(1.0)
    assert (np.diff(chance) <= 0).all()
    assert chance[-1] < 1e-20
