from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from scipy import integrate, special, stats

from goodricke.decide.orbits import drawn_orbits
from goodricke.decide.velocity_scatter import VelocityErrors, velocity_scatter
from goodricke.errors import DataError, OptionError

ROOM = import_module("goodricke.decide.velocity_scatter")  # the room's function of that name hides it


def made(n_stars: int, rng: np.random.Generator, binary: bool, n_epochs: int = 3) -> tuple[np.ndarray, ...]:
    """Velocities, errors, stars and times of stars drawn from the prior, with orbits of their own seed."""
    star = np.repeat(np.arange(n_stars), n_epochs)
    time = rng.uniform(0, 2000, len(star))
    error = rng.uniform(4, 8, len(star))
    velocity = rng.normal(0, 40, n_stars)[star] + rng.normal(0, error)
    if binary:
        orbits = drawn_orbits(n=8192, seed=77)
        chosen = rng.choice(len(orbits), n_stars, p=orbits.weight)
        turns = time / orbits.period[chosen][star] + orbits.phase[chosen][star] + rng.random(n_stars)[star]
        cell = ((turns % 1) * orbits.curve.shape[1]).astype(int)
        velocity += orbits.curve[chosen[star], cell] * (orbits.scale * orbits.measured)[chosen][star]
    return velocity, error, star, time


def test_statistics_agree_with_a_loop_over_stars() -> None:
    rng = np.random.default_rng(1)
    star = rng.integers(0, 30, 90)
    velocity, error = rng.normal(1000, 10, 90), rng.uniform(3, 9, 90)
    velocity[:4] = np.nan
    found = velocity_scatter(velocity, error, star)
    for k, name in enumerate(found.stars):
        mine = (star == name) & np.isfinite(velocity)
        v, s = velocity[mine], error[mine]
        assert found.n[k] == len(v)
        if not len(v):
            continue
        mean = np.average(v, weights=s**-2.0)
        assert found.mean[k] == pytest.approx(mean)
        assert found.mean_error[k] == pytest.approx(np.sum(s**-2.0) ** -0.5)
        if len(v) < 2:
            assert np.isnan(found.chi2[k])
            assert found.log_ratio[k] == 0
            continue
        chi2 = np.sum(((v - mean) / s) ** 2)
        assert found.chi2[k] == pytest.approx(chi2)
        assert found.p_constant[k] == pytest.approx(stats.chi2.sf(chi2, len(v) - 1), rel=1e-9)
        assert found.difference[k] == pytest.approx(np.ptp(v))


def test_the_ratio_agrees_with_integrals_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ROOM, "_FEWEST", 0)  # of the same few orbits
    monkeypatch.setattr(ROOM, "_NEGLIGIBLE", 1e-12)
    orbits = drawn_orbits(n=64)
    errors = VelocityErrors(wrong_share=0.03, wrong_factor=4.0)
    t, s = np.array([0.0, 3.3, 700.0]), np.array([5.0, 4.0, 7.0])
    edges, motion = orbits.measured_edges(), orbits.velocities(t).astype(float)
    amplitude = np.linspace(0, 1, 81)[:, None] * np.diff(edges) + edges[:-1]  # fine steps in each bin

    def mean_over_amplitudes(v: np.ndarray, x: np.ndarray, sigma: np.ndarray) -> float:
        """The velocity of the star drops out of the differences of three normal velocities."""
        difference = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]])
        normal = stats.multivariate_normal(np.zeros(2), difference @ np.diag(sigma**2) @ difference.T)
        density = normal.pdf((v - amplitude[..., None] * x) @ difference.T)
        return float(integrate.trapezoid(density, np.linspace(0, 1, 81), axis=0).mean())

    def likelihood(v: np.ndarray, x: np.ndarray) -> float:
        return 0.97 * mean_over_amplitudes(v, x, s) + 0.03 * mean_over_amplitudes(v, x, 4.0 * s)

    for v in (np.array([3.0, -20.0, 11.0]), np.array([0.0, 1.0, -1.0]), np.array([150.0, -20.0, 11.0])):
        binary = sum(w * likelihood(v, motion[:, k]) for k, w in enumerate(orbits.weight))
        found = velocity_scatter(v, s, ["a"] * 3, t, n_draws=64, errors=errors)
        assert found.log_ratio[0] == pytest.approx(np.log(binary / likelihood(v, np.zeros(3))), abs=5e-3)


def test_velocities_beyond_all_orbits_give_numbers() -> None:
    for v in ([0.0, 0.0, 4000.0], [0.0, 0.0, -4000.0], [0.0, 1e5, 0.0]):
        assert np.isfinite(velocity_scatter(v, [1.0] * 3, ["a"] * 3, [0.0, 1.0, 2.0]).log_ratio).all()


def test_among_singles_the_mean_of_the_ratio_is_one() -> None:
    # The mean of p(x | binary) / p(x | single) over p(x | single) is 1 whatever the hypotheses are.
    rng = np.random.default_rng(2)
    v, s, star, t = made(4000, rng, binary=False)
    found = velocity_scatter(v, s, star, t, errors=VelocityErrors(wrong_share=0.0))
    ratio = np.exp(found.log_ratio)
    # Near 0.97: the last hundredths sit in ratios above 50, which 4,000 stars seldom show.
    assert ratio.mean() == pytest.approx(1.0, abs=0.06)


def test_posterior_odds_are_calibrated() -> None:
    rng = np.random.default_rng(3)
    sets = [made(3000, rng, binary) for binary in (False, True)]
    free = VelocityErrors(wrong_share=0.0)
    single, binary = (special.expit(velocity_scatter(v, s, k, t, errors=free).log_ratio) for v, s, k, t in sets)
    p = np.concatenate([single, binary])
    truth = np.repeat([0.0, 1.0], 3000)
    for low, high in ((0.3, 0.5), (0.5, 0.7), (0.7, 0.95), (0.95, 1.01)):
        mine = (p >= low) & (p < high)
        share, said = truth[mine].mean(), p[mine].mean()
        sd = np.sqrt(said * (1 - said) / mine.sum())
        assert abs(share - said) < 4 * sd + 0.01, (low, high, share, said, mine.sum())


def test_one_wild_velocity_proves_little_and_several_prove_much() -> None:
    wild = velocity_scatter([0.0, 0.0, 0.0, 400.0], [5.0] * 4, ["a"] * 4, [0.0, 10.0, 20.0, 30.0])
    assert wild.p_constant[0] < 1e-100
    assert wild.log_ratio[0] < 120
    orbit = 40 * np.sin(2 * np.pi * np.array([0.0, 1.0, 2.1, 3.3, 4.2, 7.9]) / 5.0)
    swings = velocity_scatter(orbit, np.full(6, 5.0), ["a"] * 6, [0.0, 1.0, 2.1, 3.3, 4.2, 7.9])
    assert swings.log_ratio[0] > 3


def test_one_night_says_less_than_two_years() -> None:
    v, s = [0.0, 1.0], [4.0, 4.0]
    near = velocity_scatter(v, s, ["a", "a"], [0.0, 0.01]).log_ratio[0]
    far = velocity_scatter(v, s, ["a", "a"], [0.0, 700.0]).log_ratio[0]
    undated = velocity_scatter(v, s, ["a", "a"]).log_ratio[0]
    assert far < near < 1e-3
    assert undated < near


def test_order_blocks_and_zero_points_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    v, s, star, t = made(40, rng, binary=True)
    whole = velocity_scatter(v, s, star, t)
    monkeypatch.setattr(ROOM, "_CELLS", 10_000)
    mixed = np.argsort(rng.random(40)[star], kind="stable")
    parts = velocity_scatter(v[mixed] + 5e3, s[mixed], star[mixed], t[mixed])
    np.testing.assert_allclose(parts.chi2, whole.chi2, rtol=1e-8)
    np.testing.assert_allclose(parts.log_ratio, whole.log_ratio, atol=2e-3)


def test_heavier_primaries_move_more() -> None:
    v, s, t = [0.0, 90.0, 20.0], [5.0] * 3, [0.0, 33.0, 71.0]
    light = velocity_scatter(v, s, ["a"] * 3, t, mass=0.3).log_ratio[0]
    heavy = velocity_scatter(v, s, ["a"] * 3, t, mass=1.5).log_ratio[0]
    assert heavy > light


def test_errors_of_low_signal_are_large() -> None:
    errors = VelocityErrors(floor_km_s=3.0, noise_km_s=40.0)
    np.testing.assert_allclose(errors.of_snr([10.0, np.nan, -9999.0]), [5.0, np.nan, np.nan])
    with pytest.raises(OptionError):
        VelocityErrors(floor_km_s=0.0)
    with pytest.raises(DataError):
        velocity_scatter([1.0, 2.0], [1.0], ["a", "a"])


def test_nothing_to_compare() -> None:
    found = velocity_scatter([], [], [])
    assert len(found.stars) == 0
    alone = velocity_scatter([1.0, np.nan], [2.0, 2.0], ["a", "b"])
    assert alone.log_ratio.tolist() == [0.0, 0.0]
    assert np.isnan(alone.mean[1])
