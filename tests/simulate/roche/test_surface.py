"""Cells against Gauss's theorem, the potential, and spheres."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.roche.lobes import contact_bodies, set_star
from goodricke.simulate.roche.surface import AREA, BODY, E1, E2, RIM_Y, RIM_Z, ROWS, N, P, fejer, fill_cells, volume
from simulate.rays import roche


def cells_of(body: np.ndarray, polar: int, azimuth: int) -> np.ndarray:
    cells = np.zeros((ROWS, polar * azimuth))
    fill_cells(body, *fejer(polar), azimuth, cells, np.zeros(polar * azimuth))
    return cells


def halves(q: float, fillout: float) -> tuple[np.ndarray, np.ndarray]:
    one, two = np.zeros(BODY), np.zeros(BODY)
    contact_bodies(one, two, q, fillout)
    return one, two


def test_cells_lie_on_the_surface() -> None:
    one, _ = halves(0.3, 0.4)
    cells = cells_of(one, 12, 12)
    assert np.abs(roche(*cells[P : P + 3], 0.3) / one[3] - 1).max() < 1e-8


@pytest.mark.parametrize(("q", "fillout"), [(0.3, 0.05), (0.3, 0.9), (0.1, 0.6)])
def test_area_vectors_of_a_half_envelope_leave_the_disc_of_its_neck(q: float, fillout: float) -> None:
    for body in halves(q, fillout):
        cells = cells_of(body, 64, 48)
        total = (cells[AREA] * cells[N : N + 3]).sum(axis=1)
        disc = np.pi * body[RIM_Y] * body[RIM_Z]  # the disc is an ellipse to about a part in a thousand
        assert total[0] == pytest.approx(-disc, abs=3e-3 * disc + 1e-5)
        assert np.abs(total[1:]).max() < 1e-12


def test_area_vectors_of_a_whole_star_cancel_and_fill_its_volume() -> None:
    body = np.zeros(BODY)
    set_star(body, 0.5, 1.3, 1.0, 0.3, *fejer(24), 24)
    cells = cells_of(body, 24, 24)
    assert np.abs((cells[AREA] * cells[N : N + 3]).sum(axis=1)).max() < 1e-7
    held = (cells[AREA] * (cells[N : N + 3] * cells[P : P + 3]).sum(axis=0)).sum() / 3
    assert held == pytest.approx(volume(body, *fejer(24), 24)[0], rel=1e-7)


def test_edges_of_cells_span_their_area() -> None:
    one, _ = halves(0.4, 0.3)
    cells = cells_of(one, 40, 40)
    spanned = np.linalg.norm(np.cross(cells[E1 : E1 + 3].T, cells[E2 : E2 + 3].T), axis=1)
    # Fejer's weights differ from equal steps by the square of the step.
    assert np.median(spanned / cells[AREA]) == pytest.approx(1.0, abs=2e-3)


def test_fejer_integrates_polynomials() -> None:
    x, w = fejer(9)
    for k in range(9):
        assert (w * x**k).sum() == pytest.approx((1 - (-1) ** (k + 1)) / (k + 1), abs=1e-14)
