"""Ragged samples against every phase worked out, and exposures against a plain mean of many short ones."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.errors import OptionError
from goodricke.simulate import REASONS, Grid, Spots, Systems, curves_at, light_curves

# A contact binary, detached ones with narrow and total eclipses, an eccentric one, one that fills its lobe, one without
# eclipses, and one so wide that its stars are round.
STARS = Systems(
    q=[0.4, 0.9, 0.8, 0.7, 0.3, 0.5, 0.9],
    inclination=[82.0, 89.0, 89.5, 87.0, 84.0, 30.0, 89.6],
    fillout=[0.3, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan],
    radius1=[0.3, 0.03, 0.2, 0.15, 0.2, 0.2, 0.011],
    radius2=[0.3, 0.02, 0.1, 0.12, np.inf, 0.2, 0.008],
    eccentricity=[0.0, 0.0, 0.0, 0.3, 0.0, 0.0, 0.2],
    periastron=50.0,
    temperature2=[5800.0, 4000.0, 8000.0, 5500.0, 4500.0, 6000.0, 5000.0],
)
DENSE = np.linspace(-0.5, 0.5, 401) + 0.0003


def tiled(n: int, phases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.tile(phases, n), np.arange(n + 1) * phases.size


def mmag(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(2500 * np.log10(a / b))


@pytest.mark.parametrize("points", [(9, 13, 5), (13, 19, 7)])
def test_interpolation_keeps_the_curve(points: tuple[int, int, int]) -> None:
    # Many cells, so that what differs is the interpolation and not the noise of cells.
    flux, _ = curves_at(STARS, *tiled(7, DENSE), grid=Grid(32, 32, 48, points))
    exact, _ = light_curves(STARS, DENSE, grid=Grid(32, 32, 48))
    error = mmag(flux.reshape(7, -1), exact)
    assert np.sqrt((error**2).mean(axis=1)).max() < 0.3
    assert error.max() < 3.0


def test_interpolation_keeps_the_curve_of_a_spotted_star() -> None:
    star = Systems(q=0.5, inclination=80.0, fillout=0.2, spots=Spots([0, 0], [1, 2], 70.0, [90.0, 200.0], 20.0, 0.85))
    flux, _ = curves_at(star, *tiled(1, DENSE), grid=Grid(32, 32, 48, (9, 13, 5)))
    exact, _ = light_curves(star, DENSE, grid=Grid(32, 32, 48))
    error = mmag(flux, exact[0])
    assert np.sqrt((error**2).mean()) < 0.3
    assert error.max() < 3.0


@pytest.mark.parametrize("width", [1e-4, 0.003, 0.08])
def test_an_exposure_is_the_mean_of_short_ones(width: float) -> None:
    phases, parts = np.linspace(-0.5, 0.5, 60) + 0.0003, 600
    offsets = (np.arange(parts) + 0.5) / parts - 0.5
    flux, _ = curves_at(STARS, *tiled(7, phases), smear=width)
    short, _ = curves_at(STARS, *tiled(7, (phases[:, None] + width * offsets).ravel()))
    mean = short.reshape(7, phases.size, parts).mean(axis=2)
    # Both means are of one interpolant (round stars: of the formula), the plain one to the square of its step.
    assert flux.reshape(7, -1) == pytest.approx(mean, rel=1e-4)


def test_exposures_of_each_system_s_own_keep_the_light() -> None:
    # Over a whole cycle the mean of the means is the mean.
    phases = (np.arange(500) + 0.5) / 500
    smear = np.linspace(0.0, 0.5, 7)
    flux, _ = curves_at(STARS, *tiled(7, phases), smear=smear)
    plain, _ = curves_at(STARS, *tiled(7, phases))
    assert flux.reshape(7, -1).mean(axis=1) == pytest.approx(plain.reshape(7, -1).mean(axis=1), rel=3e-4)
    assert np.ptp(flux.reshape(7, -1)[6]) < np.ptp(plain.reshape(7, -1)[6])


def test_samples_are_those_of_each_system_in_order_whatever_the_threads() -> None:
    rng = np.random.default_rng(3)
    lengths = np.array([3, 0, 200, 1, 7, 40, 12])
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    phases = rng.uniform(-3, 3, offsets[-1])
    one, _ = curves_at(STARS, phases, offsets, threads=1, smear=0.01)
    two, _ = curves_at(STARS, phases, offsets, threads=2, smear=0.01)
    assert np.array_equal(one, two)
    mixed, _ = curves_at(STARS, phases, offsets, grid=Grid(12, 12, 16))
    for k in range(7):
        own = phases[offsets[k] : offsets[k + 1]]
        if own.size:
            alone, _ = light_curves(STARS, own, grid=Grid(12, 12, 16))
            assert mixed[offsets[k] : offsets[k + 1]] == pytest.approx(alone[k], rel=1e-5)


def test_the_impossible_is_nan_and_a_flag() -> None:
    stars = Systems(q=[0.5, 0.5, -1.0], radius1=[0.2, 0.9, 0.2], radius2=0.1)
    flux, flags = curves_at(stars, np.zeros(6), [0, 2, 4, 6])
    assert np.isfinite(flux).tolist() == [True] * 2 + [False] * 4
    assert [REASONS[f][:10] for f in flags] == ["", "star 1 is ", "mass ratio"]


def test_bad_calls_say_so() -> None:
    with pytest.raises(OptionError, match="offsets of shape"):
        curves_at(STARS, np.zeros(3), [0, 3])
    with pytest.raises(OptionError, match="exposures"):
        curves_at(STARS, np.zeros(7), np.arange(8), smear=1.5)
    with pytest.raises(OptionError, match="not finite"):
        curves_at(STARS, np.full(7, np.nan), np.arange(8))
    with pytest.raises(OptionError, match="points per piece"):
        curves_at(STARS, np.zeros(7), np.arange(8), grid=Grid(points=(2, 0, 0)))
