"""Fourier series and the families that describe classes."""

import numpy as np
import pytest

from goodricke.simulate.kinds.fourier import LEVELS, Series, Template, series_magnitude
from goodricke.simulate.stars import Moments

pytest.importorskip("numba")

SMALL = Template(
    log_period=tuple(np.linspace(-1.0, 1.0, len(LEVELS))),
    nodes=(-1.0, 1.0),
    log_amplitude=(-0.5, 0.0),
    amplitude_spread=(0.0,) * len(LEVELS),
    mean=((0.4, 0.1, -0.2, 0.05), (0.2, 0.0, 0.3, 0.0)),
    per_amplitude=(0.0,) * 4,
    loadings=((0.05, 0.02, -0.05, 0.01),),
)


def random_series(n: int = 20, orders: int = 5) -> Series:
    rng = np.random.default_rng(1)
    fall = 1.0 / np.arange(1, orders + 1) ** 1.5
    return Series(rng.normal(0.0, 0.3, (n, orders)) * fall, rng.normal(0.0, 0.3, (n, orders)) * fall)


def brute(series: Series, star: int, phase: np.ndarray) -> np.ndarray:
    total = np.zeros(len(phase))
    for k in range(series.cosine.shape[1]):
        turn = 2.0 * np.pi * (k + 1) * phase
        total += series.cosine[star, k] * np.cos(turn) + series.sine[star, k] * np.sin(turn)
    return total


def test_recurrence_sums_like_cosines_and_sines() -> None:
    series, offsets = random_series(3), np.array([0, 40, 40, 100])
    phase = np.random.default_rng(2).uniform(-3000.0, 3000.0, 100)
    made = series_magnitude(series, phase, Moments(phase, offsets))
    # Phases of 3000 cycles have lost 12 bits; 5 harmonics of them a few more.
    assert np.allclose(made[:40], brute(series, 0, phase[:40]), atol=1e-10)
    assert np.allclose(made[40:], brute(series, 2, phase[40:]), atol=1e-10)


def test_brightest_phase_is_that_of_a_fine_search() -> None:
    series, fine = random_series(), np.arange(20000) / 20000
    phase, swing = series.brightest()
    for star in range(20):
        mag = brute(series, star, fine)
        assert brute(series, star, phase[star : star + 1])[0] <= mag.min() + 1e-6
        # On 128 phases the minimum is at most (pi K / 128)^2 / 2 too high.
        assert swing[star] == pytest.approx(np.ptp(mag), rel=0.01)
        assert abs((series.lowest()[star] - fine[mag.argmax()] + 0.5) % 1.0 - 0.5) < 2.0 / 128


def test_turning_moves_the_curve() -> None:
    series, fine = random_series(), np.arange(50) / 50
    moved = series.turned(np.full(20, 0.3))
    assert np.allclose(brute(moved, 4, fine), brute(series, 4, fine + 0.3), atol=1e-12)


def test_smearing_is_the_mean_over_an_exposure() -> None:
    series, phase = random_series(), np.array([0.2, 0.7])
    steps = (np.arange(2000) + 0.5) / 2000 - 0.5
    mean = [brute(series, 0, p + 0.15 * steps).mean() for p in phase]
    assert np.allclose(brute(series.smeared(np.full(20, 0.15)), 0, phase), mean, atol=1e-6)


def test_template_has_the_amplitude_and_mean_shape_that_it_was_given() -> None:
    stars = SMALL.draw(500, np.random.default_rng(3))
    stars["shape_1"][:] = 0.0
    series = SMALL.series(stars)
    # The faintest of 128 phases stands for the minimum.
    assert np.allclose(series.brightest()[1], stars["amplitude_mag"], rtol=3e-3)
    assert np.allclose(np.minimum(series.brightest()[0], 1.0 - series.brightest()[0]), 0.0, atol=1e-4)
    assert np.log10(stars["amplitude_mag"]) == pytest.approx(-0.25 + 0.25 * np.log10(stars["period_days"]), abs=1e-9)
    middle = np.abs(np.log10(stars["period_days"]) + 1.0).argmin()
    size = np.hypot(series.cosine[middle], series.sine[middle])
    assert size[1:] / size[0] == pytest.approx([np.hypot(0.4, 0.2), np.hypot(0.1, 0.05)], abs=0.01)


def test_periods_follow_the_quantiles() -> None:
    period = np.log10(SMALL.draw(20000, np.random.default_rng(4))["period_days"])
    # 0.7 / sqrt(20000) is 0.005; three of those.
    assert np.quantile(period, LEVELS) == pytest.approx(np.array(SMALL.log_period), abs=0.04)
