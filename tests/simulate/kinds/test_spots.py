"""Circles on a sphere against a sum over points of the sphere, and limits."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.spots import cap_light, caps_light


def summed(c: float, alpha: float, u: float) -> float:
    """Light of the cap as a sum over a fine, even net of the sphere (a Fibonacci spiral)."""
    n = 2_000_000
    z = 1.0 - 2.0 * (np.arange(n) + 0.5) / n
    turn = np.pi * (1.0 + np.sqrt(5.0)) * np.arange(n)
    inside = np.sqrt(1.0 - c * c) * np.sqrt(1.0 - z * z) * np.cos(turn) + c * z > np.cos(alpha)
    light = np.maximum(z, 0.0) * (1.0 - u * (1.0 - z))
    return float((light * inside).sum() / light.sum())


@pytest.mark.parametrize(
    ("c", "alpha", "u"), [(0.9, 0.3, 0.6), (0.1, 0.4, 0.6), (-0.1, 0.4, 0.3), (0.0, 0.5, 0.0), (0.3, 1.0, 0.7)]
)
def test_circles_hide_what_a_sum_over_the_sphere_hides(c: float, alpha: float, u: float) -> None:
    # The net's own error is some 1e-5.
    assert cap_light(c, alpha, u) == pytest.approx(summed(c, alpha, u), abs=3e-5)


def test_a_hemisphere_is_the_whole_disc_and_a_hidden_circle_nothing() -> None:
    assert cap_light(1.0, np.pi / 2, 0.5) == pytest.approx(1.0)
    assert cap_light(-0.5, 0.3, 0.5) == 0.0
    assert cap_light(0.5, 0.0, 0.5) == 0.0


def test_small_circles_go_as_their_projected_area_and_darkening() -> None:
    c, alpha, u = 0.6, 0.01, 0.7
    expected = alpha**2 * c * (1 - u * (1 - c)) / (1 - u / 3)
    # The next term is of the order of the square of the radius.
    assert cap_light(c, alpha, u) == pytest.approx(expected, rel=3e-4)


@pytest.mark.parametrize("degrees", [5, 30, 60])
def test_the_table_is_as_good_as_said(degrees: int) -> None:
    alpha = np.deg2rad(degrees)
    c = np.linspace(-1, 1, 1001)
    light, one = np.empty(1001), np.array([0, 1001])
    for u in (0.0, 0.8):
        caps_light(c[None], np.ones((1, 1001)), np.array([alpha]), np.array([u]), one, light)
        assert np.abs(light - [cap_light(x, alpha, u) for x in c]).max() < 4e-5


def test_groups_add_with_their_cover() -> None:
    c = np.array([[0.9, 0.2], [0.1, 0.95]])
    cover = np.array([[0.5, 1.0], [1.0, 0.0]])
    light = np.empty(2)
    caps_light(c, cover, np.array([0.4, 0.4]), np.array([0.6, 0.6]), np.array([0, 1, 2]), light)
    expected = [0.5 * cap_light(0.9, 0.4, 0.6) + cap_light(0.1, 0.4, 0.6), cap_light(0.2, 0.4, 0.6)]
    np.testing.assert_allclose(light, expected, atol=4e-5)
