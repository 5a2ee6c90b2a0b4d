"""Round-star formulas against brute force, the exact lobe, and Kepler's equation."""

import numpy as np
import pytest

from goodricke.simulate.populations.geometry import (
    brightness,
    depths,
    lobe,
    overlap,
    second_conjunction,
    semi_major_axis,
    separations,
)


@pytest.mark.parametrize(("apart", "one", "two"), [(0.5, 1.0, 0.7), (1.5, 1.0, 0.7), (0.1, 1.0, 0.7), (0.9, 0.6, 0.6)])
def test_overlap_of_circles_is_that_of_counted_points(apart: float, one: float, two: float) -> None:
    side = np.linspace(-1.0, 2.5, 1401)
    x, y = np.meshgrid(side, side)
    counted = ((x**2 + y**2 < one**2) & ((x - apart) ** 2 + y**2 < two**2)).sum() * (side[1] - side[0]) ** 2
    assert overlap(np.array([apart]), np.array([one]), np.array([two]))[0] == pytest.approx(counted, abs=4e-3)


def test_apart_shares_nothing_and_inside_all() -> None:
    one, two = np.array([1.0, 1.0, 0.3]), np.array([0.5, 0.5, 1.0])
    assert np.allclose(overlap(np.array([1.5, 0.0, 0.7]), one, two), [0.0, np.pi / 4, np.pi * 0.09])


@pytest.mark.parametrize("q", [0.1, 0.5, 1.0, 3.0])
def test_lobe_is_the_exact_one_to_a_percent(q: float) -> None:
    pytest.importorskip("numba")
    from goodricke.simulate.roche.lobes import lobe_radius

    assert lobe(np.array([q]))[0] == pytest.approx(lobe_radius(q), rel=0.012)


def test_kepler_gives_the_orbit_of_algol() -> None:
    # beta Persei: 2.867 d, 3.17 + 0.70 suns; 2.15 mas at 28.8 pc are 13.3 solar radii (Baron et al. 2012, ApJ 752, 20).
    assert semi_major_axis(np.array([2.867]), np.array([3.87]))[0] == pytest.approx(13.5, abs=0.3)


@pytest.mark.parametrize(("e", "periastron"), [(0.0, 90.0), (0.3, 0.0), (0.5, 130.0), (0.7, 300.0)])
def test_second_conjunction_and_separations_are_those_of_the_orbit(e: float, periastron: float) -> None:
    pytest.importorskip("numba")
    from goodricke.simulate.binary.orbit import position

    phase = second_conjunction(np.array([e]), np.array([periastron]))[0]
    angle, apart = position(phase, e, np.radians(periastron))
    assert np.cos(angle) == pytest.approx(-1.0, abs=1e-9)
    first, second = separations(np.array([e]), np.array([periastron]))
    assert second[0] == pytest.approx(apart)
    assert first[0] == pytest.approx(position(0.0, e, np.radians(periastron))[1])


def test_depths_of_total_eclipses_of_like_stars_and_of_a_planet() -> None:
    half = np.array([0.1]), np.array([0.1])
    kelvin = np.array([6000.0]), np.array([6000.0])
    one, none = (np.ones(1), np.ones(1)), np.zeros(1)
    first, second = depths(np.array([90.0]), half, kelvin, one, none)
    assert first[0] == second[0] == pytest.approx(2.5 * np.log10(2.0))
    planet = depths(np.array([90.0]), (np.array([0.1]), np.array([0.01])), (kelvin[0], np.array([1000.0])), one, none)
    assert planet[0][0] == pytest.approx(0.0109, abs=2e-4)
    assert depths(np.array([90.0]), half, kelvin, one, np.array([0.5]))[0][0] == pytest.approx(-2.5 * np.log10(0.75))
    assert depths(np.array([70.0]), half, kelvin, one, none)[0][0] == 0.0


def test_hotter_surfaces_are_brighter_more_so_in_the_blue() -> None:
    blue, red = (brightness(np.array([4000.0, 8000.0]), band) for band in ("B", "I"))
    assert blue[1] / blue[0] > red[1] / red[0] > 2.0
