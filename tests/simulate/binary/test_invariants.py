"""What must hold whatever the parameters: light is kept, small steps stay small, finer grids come closer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate import Grid, Spots, Systems, light_curve, light_curves, named_band
from goodricke.simulate.binary.disc import show
from goodricke.simulate.binary.stars import build
from goodricke.simulate.roche.lobes import lobe_radius
from goodricke.simulate.roche.surface import AREA, BODY, LOG_T, ROWS, fejer

PHASES = np.linspace(-0.5, 0.5, 33) + 0.004
EVERY = Grid(20, 20, 24)
CONTACT = Systems(q=0.35, inclination=80.0, fillout=0.3, temperature2=5700.0, albedo1=0.5, albedo2=0.5, third_light=0.1)
APART = Systems(
    q=0.6, inclination=85.0, radius1=0.25, radius2=0.2, temperature2=5000.0, eccentricity=0.1, albedo2=0.5, spin1=1.2
)
LOBE = Systems(q=0.4, inclination=82.0, radius1=0.2, radius2=np.inf, temperature1=9000.0, temperature2=5000.0)


def stars_of(system: Systems) -> tuple[np.ndarray, np.ndarray, float]:
    """Cells of both stars and the mean light."""
    band = named_band("V")
    step = band.log_temperature[1] - band.log_temperature[0]
    numbers = system.numbers()[0]
    cells = np.zeros((2, ROWS, 24 * 24))
    _, mean = build(
        numbers,
        1.0 - numbers[3],
        np.empty((0, 5)),
        0,
        np.array([band.log_temperature[0], step]),
        band.log_brightness,
        (*fejer(24), 24),
        np.empty(BODY),
        np.empty(BODY),
        cells[0],
        cells[1],
    )
    return cells[0], cells[1], mean


@pytest.mark.parametrize("system", [CONTACT, APART, LOBE])
def test_the_surface_sends_out_what_its_effective_temperature_says(system: Systems) -> None:
    one, two, _ = stars_of(system)
    for cells, asked in ((one, system.temperature1), (two, system.temperature2)):
        sent = (cells[AREA] * np.exp(4 * cells[LOG_T])).sum() / cells[AREA].sum()
        assert sent == pytest.approx(float(asked) ** 4, rel=1e-10)  # type: ignore[arg-type]
        assert np.ptp(cells[LOG_T]) > 0.002


@pytest.mark.parametrize("system", [APART, replace(LOBE, temperature2=8000.0)])
def test_light_over_all_directions_is_the_luminosity(system: Systems) -> None:
    one, two, mean = stars_of(replace(system, albedo1=0.0, albedo2=0.0))
    heights, weights = np.polynomial.legendre.leggauss(16)
    total, work = 0.0, np.zeros((2, one.shape[1]))
    for cells in (one, two):
        for z, weight in zip(heights, weights, strict=True):
            for turn in (np.arange(32) + 0.5) * np.pi / 16:
                side = np.sqrt(1 - z * z)
                show(cells, (side * np.cos(turn), side * np.sin(turn), z), 0, 0.4, 0.2, 24, work[0], work[1])
                total += weight / 64 * work[1].sum()
    # Darkening of the limb moves light between directions and keeps the whole: to the cells' own error at the limb.
    assert total == pytest.approx(mean, rel=5e-4)


STEPS = {
    "q": 1e-7,
    "inclination": 1e-5,
    "fillout": 1e-7,
    "radius1": 1e-8,
    "radius2": 1e-8,
    "temperature1": 1e-3,
    "temperature2": 1e-3,
    "eccentricity": 1e-8,
    "periastron": 1e-5,
    "third_light": 1e-7,
    "gravity1": 1e-6,
    "albedo2": 1e-6,
    "spin1": 1e-7,
}


@pytest.mark.parametrize("system", [CONTACT, APART, LOBE])
def test_a_tiny_step_in_any_parameter_is_a_tiny_change(system: Systems) -> None:
    before = light_curve(system, PHASES, grid=EVERY)
    for name, step in STEPS.items():
        held = float(getattr(system, name))
        if system is CONTACT and name in ("radius1", "radius2", "eccentricity", "periastron", "spin1"):
            continue
        if not np.isfinite(held):
            continue
        after = light_curve(replace(system, **{name: held + step}), PHASES, grid=EVERY)
        # The steps move the light by some 1e-6; a cell that jumps would show as 1e-4.
        assert np.abs(after / before - 1).max() < 2e-5, name


def test_a_star_that_grows_to_its_lobe_comes_to_the_one_that_fills_it() -> None:
    lobe = lobe_radius(1 / 0.4)
    full = light_curve(LOBE, PHASES, grid=EVERY)
    gaps = [
        np.abs(light_curve(replace(LOBE, radius2=lobe * (1 - part)), PHASES, grid=EVERY) / full - 1).max()
        for part in (1e-2, 1e-3, 1e-4)
    ]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-3


def test_two_full_lobes_are_an_envelope_of_no_fill_out() -> None:
    both = Systems(q=0.6, inclination=78.0, radius1=np.inf, radius2=np.inf, temperature2=5500.0)
    touching = replace(both, fillout=0.0)
    grid = Grid(40, 32, 48)
    apart, contact = light_curve(both, PHASES, grid=grid), light_curve(touching, PHASES, grid=grid)
    assert contact == pytest.approx(apart, rel=1e-6)
    assert light_curve(replace(both, fillout=1e-5), PHASES, grid=grid) == pytest.approx(contact, rel=1e-3)


def test_round_stars_take_over_without_a_jump() -> None:
    # Either side of the criterion: the formula and the surfaces, whose cells leave some tenths of a thousandth.
    narrow = np.linspace(-0.01, 0.01, 31)
    star = Systems(q=0.8, inclination=89.7, radius1=0.018, radius2=0.012, temperature2=5000.0)
    formula, _ = light_curves(star, narrow, spheres=1.0)
    surface, _ = light_curves(star, narrow, grid=Grid(64, 64, 48), spheres=0.0)
    assert formula == pytest.approx(surface, rel=5e-4)


@pytest.mark.parametrize("system", [CONTACT, replace(APART, eccentricity=0.0), LOBE])
def test_the_error_falls_faster_than_the_size_of_a_cell(system: Systems) -> None:
    best = light_curve(system, PHASES, grid=Grid(120, 96, 96))
    error = [np.std(light_curve(system, PHASES, grid=Grid(n, n, 64)) / best) for n in (12, 24, 48)]
    order = np.log2(error[0] / error[2]) / 2
    assert order > 1.3


def test_a_spot_on_either_star_of_equal_twins_is_the_same_half_a_cycle_later() -> None:
    twins = Systems(q=1.0, inclination=80.0, radius1=0.25, radius2=0.25)
    one = light_curve(replace(twins, spots=Spots(0, 1, 70.0, 120.0, 20.0, 0.8)), PHASES, grid=EVERY)
    two = light_curve(replace(twins, spots=Spots(0, 2, 70.0, 120.0, 20.0, 0.8)), PHASES + 0.5, grid=EVERY)
    assert two == pytest.approx(one, rel=1e-9)
