from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from goodricke.decide.orbits import AMPLITUDE_KM_S, OrbitPrior, drawn_orbits, light_ratio
from goodricke.errors import OptionError


def test_the_amplitude_is_that_of_keplers_law() -> None:
    from astropy import constants, units

    k = (2 * np.pi * constants.GM_sun / units.d) ** (1 / 3)
    assert k.to_value(units.km / units.s) == pytest.approx(AMPLITUDE_KM_S, rel=1e-4)
    # The Sun's motion by Jupiter: 12.5 m/s.
    q, days = 9.546e-4, 4332.6
    assert AMPLITUDE_KM_S * np.cbrt((1 + q) / days) * q / (1 + q) / np.sqrt(1 - 0.0484**2) == pytest.approx(
        0.01247, rel=2e-3
    )


def test_weights_give_back_the_prior() -> None:
    orbits, prior = drawn_orbits(n=8192), OrbitPrior()
    normal = stats.norm(prior.log_period_mean, prior.log_period_sd)
    low, high = normal.cdf(np.log10([prior.period_low, prior.period_high]))
    for days in (1.0, 10.0, 100.0, 1e4, 1e6):
        share = (normal.cdf(np.log10(days)) - low) / (high - low)
        # Sobol numbers fill to better than 1 / sqrt(n).
        assert orbits.weight[orbits.period < days].sum() == pytest.approx(share, abs=2e-3)
    assert np.sum(orbits.weight * orbits.sin_i) == pytest.approx(np.pi / 4, abs=3e-3)
    assert np.sum(orbits.weight * orbits.q) == pytest.approx(0.55, abs=3e-3)
    assert orbits.eccentricity[orbits.period < 10].max() == 0
    assert orbits.eccentricity.max() <= 0.9


def test_curves_solve_keplers_equation() -> None:
    orbits = drawn_orbits(n=256)
    k = int(np.argmax(orbits.eccentricity))
    e = orbits.eccentricity[k]
    # cos(true + w) + e cos w as two unknown numbers, cos w and sin w, from two phases; they have to have the length 1.
    rows, values = [], []
    for cell in (40, 100, 200):
        mean = 2 * np.pi * (cell + 0.5) / 256
        root = optimize.brentq(lambda x, mean=mean: x - e * np.sin(x) - mean, 0, 2 * np.pi)
        true = 2 * np.arctan(np.sqrt((1 + e) / (1 - e)) * np.tan(root / 2))
        rows.append([np.cos(true) + e, -np.sin(true)])
        values.append(orbits.curve[k, cell])
    found, _, _, _ = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)
    np.testing.assert_allclose(np.array(rows) @ found, values, atol=1e-5)
    assert np.hypot(*found) == pytest.approx(1, abs=1e-5)


def test_the_velocity_has_no_mean_over_an_orbit() -> None:
    orbits = drawn_orbits()
    # The mean of cos(v + w) + e cos w over time is 0 for every orbit; 256 steps miss little of a sharp periastron.
    assert np.abs(orbits.curve.mean(axis=1)).max() < 0.01


def test_velocities_follow_the_phase() -> None:
    orbits = drawn_orbits(n=64)
    k = int(np.argmin(orbits.period))
    found = orbits.velocities([0.0, orbits.period[k] / 2, orbits.period[k]])[:, k]
    assert found[0] == pytest.approx(found[2], rel=0.05, abs=0.1)
    assert found[0] == pytest.approx(-found[1], rel=0.06, abs=3)  # a circle
    assert np.abs(found).max() <= orbits.scale[k] * 1.001


def test_twins_do_not_move() -> None:
    orbits = drawn_orbits(OrbitPrior(q_low=0.999, q_high=1.0), n=128)
    assert np.abs(orbits.measured / orbits.relative).max() < 2e-3
    free = drawn_orbits(OrbitPrior(q_low=0.999, q_high=1.0, blended=False), n=128)
    np.testing.assert_allclose(free.measured / free.relative, 0.5, atol=1e-3)


def test_light_of_the_companion_rises_with_its_mass() -> None:
    q = np.linspace(0, 1, 101)
    assert (np.diff(light_ratio(q)) >= 0).all()
    assert integrate.trapezoid(light_ratio(q), q) < 0.2


@pytest.mark.parametrize("wrong", [{"q_low": 0.0}, {"q_high": 1.2}, {"period_low": 0.0}, {"eccentricity_high": 1.0}])
def test_impossible_priors_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        OrbitPrior(**wrong)
