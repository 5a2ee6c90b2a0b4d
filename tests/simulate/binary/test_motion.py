"""What motion does to light: beaming and the time that light takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate import REASONS, Spots, Systems, curves_at, light_curve, light_curves, radial_velocities

# Wide enough that the stars are nearly round and never eclipse.
WIDE = Systems(q=0.6, inclination=60.0, radius1=0.05, radius2=0.04, temperature2=4000.0)
DEEP = Systems(q=0.4, inclination=89.0, radius1=0.2, radius2=0.15, temperature2=5000.0)
PHASES = np.linspace(0.0, 1.0, 41)


@pytest.mark.parametrize("spheres", [0.0, 1e-3])
@pytest.mark.parametrize("orbit", [{}, {"eccentricity": 0.3, "periastron": 50.0}])
def test_each_star_brightens_as_it_comes(spheres: float, orbit: dict[str, float]) -> None:
    system = replace(WIDE, **orbit)  # type: ignore[arg-type]
    beamed = replace(system, beaming1=2e-3, beaming2=3e-3)
    plain, _ = light_curves(system, PHASES, spheres=spheres)
    seen, _ = light_curves(beamed, PHASES, spheres=spheres)
    one, two = (v[0] for v in radial_velocities(system, PHASES))
    e, tilt, q = float(np.asarray(system.eccentricity)), np.radians(60.0), 0.6
    k1 = q / (1 + q) * np.sin(tilt) / np.sqrt(1 - e**2)
    # Shares of the light: by area and intensity, from two curves in which one star alone is beamed.
    share = (light_curves(replace(system, beaming1=1e-3), PHASES, spheres=spheres)[0][0] / plain[0] - 1) / (
        1e-3 * -one / k1
    )
    first = np.nanmedian(share[np.abs(one) > 0.2 * k1])
    asked = -first * 2e-3 * one / k1 - (1 - first) * 3e-3 * two / (k1 / q)
    assert seen[0] / plain[0] - 1 == pytest.approx(asked, abs=2e-5)
    assert 0.85 < first < 0.97  # a hotter and larger star


def test_in_total_eclipse_only_the_star_in_front_is_beamed() -> None:
    # Star 2, half as large, is hidden at phase 0.5; there star 1 moves across and is not beamed.
    system = replace(DEEP, inclination=90.0, radius2=0.08, beaming1=0.01)
    early, late = light_curve(system, [0.49, 0.51])
    plain = light_curve(replace(system, beaming1=0.0), [0.49])[0]
    assert early / plain - 1 == pytest.approx(0.01 * np.sin(2 * np.pi * 0.49), rel=0.02)
    assert late / plain - 1 == pytest.approx(0.01 * np.sin(2 * np.pi * 0.51), rel=0.02)


def test_light_time_moves_the_eclipses_apart_as_in_the_formula() -> None:
    # Kaplan (2010): the secondary comes later by 2 a (1 - q) / (1 + q) / c against the primary.
    system = replace(DEEP, light_time=0.004)
    shift = 0.004 * (1 - 0.4) / 1.4 * np.sin(np.radians(89.0))
    plain = light_curve(DEEP, PHASES)
    # 0.02 cycles from conjunction the delay is 0.8% less, which moves a flank by 3e-4 of the light.
    near_first = light_curve(system, np.linspace(-0.02, 0.02, 9) - shift)
    assert near_first == pytest.approx(light_curve(DEEP, np.linspace(-0.02, 0.02, 9)), rel=1e-3)
    near_second = light_curve(system, 0.5 + np.linspace(-0.02, 0.02, 9) + shift)
    assert near_second == pytest.approx(light_curve(DEEP, 0.5 + np.linspace(-0.02, 0.02, 9)), rel=1e-3)
    equal = light_curve(replace(DEEP, q=1.0, light_time=0.004), PHASES)
    # A light time that is not zero is drawn point by point, which is why the comparison has one too.
    assert equal == pytest.approx(light_curve(replace(DEEP, q=1.0, light_time=1e-14), PHASES), rel=1e-9)
    assert equal == pytest.approx(light_curve(replace(DEEP, q=1.0), PHASES), rel=1e-3)
    assert np.abs(light_curve(system, PHASES) - plain).max() > 1e-3


def test_ragged_phases_have_them_too() -> None:
    moving = replace(DEEP, beaming1=0.004, light_time=0.003, eccentricity=0.1, periastron=20.0, radius1=0.15)
    phases = np.linspace(-0.4, 0.6, 300)
    together = light_curve(moving, phases, grid="fine")
    apart, _ = curves_at(moving, phases, [0, 300], grid="fine")
    assert apart == pytest.approx(together, rel=1e-3)


def test_a_beamed_curve_without_beaming_is_the_same() -> None:
    spots = Spots(0, 1, 70.0, 120.0, 20.0, 1.0)
    assert light_curve(replace(DEEP, beaming1=1e-12), PHASES) == pytest.approx(light_curve(DEEP, PHASES), rel=1e-3)
    assert light_curve(replace(DEEP, spots=spots), PHASES) == pytest.approx(
        light_curve(replace(DEEP, spots=spots, beaming2=0.0), PHASES), rel=1e-12
    )


@pytest.mark.parametrize("wrong", [{"beaming1": 0.6}, {"light_time": -0.1}, {"light_time": 0.2}])
def test_the_impossible_is_flagged(wrong: dict[str, float]) -> None:
    _, flags = light_curves(replace(DEEP, **wrong), PHASES)  # type: ignore[arg-type]
    assert "beaming" in REASONS[flags[0]]
