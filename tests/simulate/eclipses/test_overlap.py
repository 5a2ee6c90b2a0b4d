"""Areas outside an outline against circles and against counting of pixels."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.eclipses.limb import NODES, sector_areas
from goodricke.simulate.eclipses.overlap import outside

ANGLE = 2 * np.pi * np.arange(NODES) / NODES


def area_outside(far: np.ndarray, near: np.ndarray, apart: float) -> tuple[float, float]:
    far_sums, near_sums = np.empty(NODES + 1), np.empty(NODES + 1)
    sector_areas(far, far_sums)
    sector_areas(near, near_sums)
    assert far_sums[-1] == pytest.approx(0.5 * (far**2).mean() * 2 * np.pi, rel=1e-3)
    return outside(far, far_sums, near, near_sums, apart)


def circle(r: float) -> np.ndarray:
    return np.full(NODES, r)


def lens(r: float, s: float, apart: float) -> float:
    a = np.arccos((apart**2 + r * r - s * s) / (2 * apart * r))
    b = np.arccos((apart**2 + s * s - r * r) / (2 * apart * s))
    return r * r * (a - 0.5 * np.sin(2 * a)) + s * s * (b - 0.5 * np.sin(2 * b))


@pytest.mark.parametrize(("r", "s"), [(0.3, 0.5), (0.5, 0.3), (0.4, 0.4), (0.02, 0.6), (0.6, 0.02)])
@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_circles_that_cross(r: float, s: float, part: float) -> None:
    apart = abs(r - s) + part * (r + s - abs(r - s))
    area, room = area_outside(circle(r), circle(s), apart)
    # Edges are exact for circles; where arcs begin and end is solved to rounding. Two crossings between the same two
    # nodes are missed: 1e-4 of the smaller disc.
    assert area == pytest.approx(np.pi * r * r - lens(r, s, apart), abs=1e-4 * min(r, s) ** 2)
    assert room == pytest.approx(s - apart - r, abs=1e-12)


def test_circles_that_do_not_cross() -> None:
    assert area_outside(circle(0.2), circle(0.5), 0.1)[0] == 0.0
    assert area_outside(circle(0.2), circle(0.3), 0.6)[0] == pytest.approx(np.pi * 0.04)
    assert area_outside(circle(0.5), circle(0.2), 0.1)[0] == pytest.approx(np.pi * 0.21)
    assert area_outside(circle(0.3), circle(0.3), 0.0)[0] == pytest.approx(0.0, abs=1e-12)


def test_outlines_with_several_crossings_agree_with_counted_pixels() -> None:
    rng = np.random.default_rng(2)
    grid = (np.arange(1200) + 0.5) / 1200 * 2.4 - 1.2
    u, v = np.meshgrid(grid, grid)
    for _ in range(12):
        shapes = []
        for _ in range(2):
            wave = sum(rng.normal(0, 0.05) * np.cos(m * ANGLE + rng.uniform(0, 6.3)) for m in (1, 2, 3, 5))
            shapes.append(rng.uniform(0.3, 0.5) * (1 + wave))
        apart = rng.uniform(0, 0.6)
        inside = []
        for shape, at in zip(shapes, (apart, 0.0), strict=True):
            where = np.arctan2(v, u - at) % (2 * np.pi)
            edge = np.interp(where, np.append(ANGLE, 2 * np.pi), np.append(shape, shape[0]))
            inside.append(np.hypot(u - at, v) < edge)
        counted = (inside[0] & ~inside[1]).sum() * (2.4 / 1200) ** 2
        # Some 2000 pixels at the edges, each wrong by 0.3 at random, are 14 pixels or 5e-5.
        assert area_outside(shapes[0], shapes[1], apart)[0] == pytest.approx(counted, abs=2.5e-4)
