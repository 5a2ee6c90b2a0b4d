"""Outlines against rays: the farthest ray in each direction that still meets the star."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.binary.orbit import sky
from goodricke.simulate.roche.horizon import ACROSS, EDGE, HIGH, OUTLINE, SLOPE, covered, outline, uncovered
from goodricke.simulate.roche.lobes import contact_bodies, set_star
from goodricke.simulate.roche.surface import BODY, END, LEVEL, fejer, radius
from simulate.rays import roche


def star(q: float, size: float) -> np.ndarray:
    body = np.zeros(BODY)
    set_star(body, q, 1.0, 1.0, size, *fejer(24), 24)
    return body


def limb_by_rays(body: np.ndarray, q: float, line: np.ndarray, out: np.ndarray) -> float:
    """Bisection of the height at which rays cease to meet the surface on the star's own side."""
    low, high = 0.0, 0.9
    along = np.linspace(-0.7, 0.7, 2801)
    for _ in range(34):
        middle = 0.5 * (low + high)
        x, y, z = along[:, None].T * line[:, None] + middle * out[:, None]
        own = (x < body[END]) & (np.sqrt(x * x + y * y + z * z) < 0.75)
        inside = (roche(x, y, z, q) > body[LEVEL]) & own
        low, high = (middle, high) if inside.any() else (low, middle)
    return low


@pytest.mark.parametrize(("q", "size"), [(0.5, 0.3), (2.0, 0.2), (0.3, np.inf)])
@pytest.mark.parametrize("angle", [3.1, 2.2, 1.7])
def test_the_outline_is_where_rays_begin_to_miss(q: float, size: float, angle: float) -> None:
    body, table = star(q, size), np.zeros((OUTLINE, 24))
    line, right, up = (np.array(v) for v in sky(angle, 1.4))
    for start in (angle - 0.06, angle):  # from scratch, then from the phase before
        low, high = outline(body, *sky(start, 1.4), 0.3, table)
    assert low == table[EDGE].min()
    assert high == table[EDGE].max()
    for k in range(0, 24, 5):
        out = table[ACROSS, k] * right + table[HIGH, k] * up
        # Rays are sampled every 5e-4 along: the top of a limb lies within 1e-7 of a sample's; at the tip of a lobe,
        # where the limb has a corner, within the step itself.
        assert table[EDGE, k] == pytest.approx(
            limb_by_rays(body, q, line, out), abs=1e-6 if np.isfinite(size) else 1e-3
        )


def test_slopes_are_those_of_the_distances() -> None:
    body, fine = star(0.5, 0.32), np.zeros((OUTLINE, 400))
    outline(body, *sky(2.4, 1.3), 0.3, fine)
    numeric = (np.roll(fine[EDGE], -1) - np.roll(fine[EDGE], 1)) / (2 * 4 / 400)
    inner = np.arange(400) % 100 > 1  # the angle's measure has a kink at each quadrant's end
    inner &= np.arange(400) % 100 < 99
    assert fine[SLOPE][inner] == pytest.approx(numeric[inner], abs=2e-4)


def test_the_surface_is_where_bisection_finds_it() -> None:
    one, two = np.zeros(BODY), np.zeros(BODY)
    contact_bodies(one, two, 0.4, 0.3)
    rng = np.random.default_rng(4)
    for x, y, z in rng.normal(size=(40, 3)):
        d = np.array([-abs(x), y, z]) / np.sqrt(x * x + y * y + z * z)
        low, high = 1e-3, 0.6
        for _ in range(50):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if roche(*(middle * d), 0.4) > one[LEVEL] else (low, middle)
        assert radius(one, *d, 0.3) == pytest.approx(low, rel=1e-8)


@pytest.mark.parametrize("gap", [-0.3, -0.1, 0.0, 0.04, 0.2])
def test_the_part_outside_a_straight_edge_is_that_of_counted_points(gap: float) -> None:
    first, second = 0.3, 0.12
    s, t = np.meshgrid((np.arange(400) + 0.5) / 400 - 0.5, (np.arange(400) + 0.5) / 400 - 0.5)
    assert uncovered(gap, first, second) == pytest.approx((gap + s * first + t * second > 0).mean(), abs=2e-3)


def test_a_cell_on_a_round_outline_is_covered_in_part() -> None:
    body, table = star(1.0, 0.01), np.zeros((OUTLINE, 24))
    outline(body, *sky(2.0, 1.2), 0.01, table)
    rng = np.random.default_rng(1)
    for angle, far in zip(rng.uniform(0, 6.28, 20), rng.uniform(0.008, 0.012, 20), strict=True):
        u, v = far * np.cos(angle), far * np.sin(angle)
        side = 0.002
        s, t = np.meshgrid((np.arange(300) + 0.5) / 300 - 0.5, (np.arange(300) + 0.5) / 300 - 0.5)
        counted = (np.hypot(u + s * side, v + t * side) < 0.01).mean()
        # A straight edge for a round one across a fifth of a radius: within a hundredth.
        assert covered(table, u, v, side, 0.0, 0.0, side) == pytest.approx(counted, abs=0.01)
