"""Edges of stars on the sky against the farthest points of exact surfaces."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.eclipses import limb
from goodricke.simulate.eclipses.limb import NODES, fill_limb
from goodricke.simulate.roche.lobes import contact_bodies, set_star
from goodricke.simulate.roche.surface import BODY, END, LEVEL, D, Q, fejer
from simulate.rays import roche


def body_of(kind: str) -> np.ndarray:
    one, two = np.zeros(BODY), np.zeros(BODY)
    if kind.startswith("contact"):
        contact_bodies(one, two, 0.3, {"contact": 0.6, "contact just": 0.0, "contact full": 1.0}[kind])
        return two if kind == "contact" else one
    set_star(one, 0.4, 1.0, 1.0, {"round": 0.1, "lobe": np.inf}[kind], *fejer(24), 24)
    return one


def heights(body: np.ndarray, line: np.ndarray, out: np.ndarray) -> float:
    """Farthest point along `out` of the body's section by the half-plane of `line` and `out`: 1000 rays, bisected."""
    angle = np.linspace(0, np.pi, 1001)[1:-1]
    way = np.cos(angle)[:, None] * line + np.sin(angle)[:, None] * out
    to_end = np.where(way[:, 0] > 0, body[END] / np.maximum(way[:, 0], 1e-12), np.inf)
    low, high = np.zeros(angle.size), np.minimum(to_end, 0.85 * body[D])
    for _ in range(36):
        r = 0.5 * (low + high)
        inside = roche(*(r[:, None] * way).T, body[Q]) > body[LEVEL]
        low, high = np.where(inside, r, low), np.where(inside, high, r)
    return float((low * np.sin(angle)).max())


@pytest.mark.parametrize("kind", ["contact", "contact just", "contact full", "round", "lobe"])
@pytest.mark.parametrize("tilt", [90.0, 75.0, 40.0, 5.0])
@pytest.mark.parametrize("turn", [0.0, 0.3, 1.4, 3.0])
def test_edges_are_the_farthest_points(kind: str, tilt: float, turn: float) -> None:
    body = body_of(kind)
    t = np.radians(tilt)
    line = np.array([np.sin(t) * np.cos(turn), -np.sin(t) * np.sin(turn), np.cos(t)])
    across = np.hypot(line[1], line[2])
    ahead = (np.array([1.0, 0, 0]) - line[0] * line) / across if across > 1e-9 else np.array([0.0, 0, 1])
    side = np.cross(line, ahead)
    edge = np.empty(NODES)
    fill_limb(body, tuple(line), tuple(ahead), tuple(side), False, edge)
    for k in range(0, NODES, 11):
        out = limb.COS[k] * ahead + limb.SIN[k] * side
        # The disc of a neck is taken as an ellipse: 1% of its own radius. The tip of a lobe is sharp: rays miss it.
        loose = {"round": 1e-5, "lobe": 1e-3}.get(kind, 3e-3)
        assert edge[k] == pytest.approx(heights(body, line, out), abs=loose)


def test_half_the_directions_are_enough_at_conjunction() -> None:
    body = body_of("contact")
    t = np.radians(70.0)
    line, ahead, side = (np.sin(t), 0.0, np.cos(t)), (np.cos(t), 0.0, -np.sin(t)), (0.0, 1.0, 0.0)
    half, whole = np.empty(NODES), np.empty(NODES)
    areas = [fill_limb(body, line, ahead, side, mirrored, edge) for mirrored, edge in ((True, half), (False, whole))]
    assert half == pytest.approx(whole, rel=1e-6)
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)
