"""Contacts of round stars against the formula; pieces cover the orbit."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.binary.contacts import contacts
from goodricke.simulate.binary.pieces import FROM, MOST, TO, cut
from goodricke.simulate.roche.lobes import contact_bodies, set_sphere
from goodricke.simulate.roche.surface import BODY


def spheres(first: float, second: float) -> tuple[np.ndarray, np.ndarray]:
    one, two = np.zeros(BODY), np.zeros(BODY)
    set_sphere(one, 1.0, first)
    set_sphere(two, 1.0, second)
    return one, two


def crossing(apart: float, inclination: float) -> float:
    """Angle from conjunction at which the centres are so far apart on the sky, on a circle."""
    return float(np.arccos(np.sqrt(1 - apart**2) / np.sin(inclination)))


@pytest.mark.parametrize(("near", "far"), [(0.05, 0.02), (0.02, 0.05)])
def test_contacts_of_round_stars(near: float, far: float) -> None:
    found, tilt = np.zeros(4), np.radians(89.5)
    assert contacts(*spheres(near, far), tilt, (0.0, 0.0, 0.0), found)
    outer, inner = crossing(near + far, tilt), crossing(abs(near - far), tilt)
    # To the tolerance of the search, and the stars' own small bulges.
    assert found == pytest.approx([-outer, -inner, inner, outer], abs=2e-4)


def test_no_eclipse_and_a_partial_one() -> None:
    found = np.zeros(4)
    assert not contacts(*spheres(0.05, 0.02), np.radians(80.0), (0.0, 0.0, 0.0), found)
    assert contacts(*spheres(0.05, 0.02), np.radians(87.0), (0.0, 0.0, 0.0), found)
    assert found[1] == found[2] == 0.0


def test_on_an_ellipse_the_nearer_side_passes_faster() -> None:
    found, circle = np.zeros(4), np.zeros(4)
    # Periastron at the conjunction of star 1 (argument 90 degrees): closer by 0.7, wider in angle by its inverse.
    assert contacts(*spheres(0.03, 0.02), 0.5 * np.pi, (0.3, 0.5 * np.pi, 0.0), found)
    assert contacts(*spheres(0.03, 0.02), 0.5 * np.pi, (0.0, 0.0, 0.0), circle)
    assert found[3] / circle[3] == pytest.approx(1 / 0.7, rel=3e-3)


@pytest.mark.parametrize("folds", [True, False])
@pytest.mark.parametrize("fillout", [0.0, 0.5, 1.0])
def test_pieces_cover_the_orbit_without_gaps(folds: bool, fillout: float) -> None:
    one, two, pieces = np.zeros(BODY), np.zeros(BODY), np.zeros((4, MOST))
    contact_bodies(one, two, 0.3, fillout)
    n = cut(one, two, np.radians(86.0), 0.0, 0.0, folds, (9, 13, 5), pieces)
    assert pieces[FROM, 0] == (0.0 if folds else pytest.approx(-np.pi))
    assert pieces[TO, n - 1] == pytest.approx(np.pi)
    assert np.array_equal(pieces[FROM, 1:n], pieces[TO, : n - 1])
    assert (pieces[TO, :n] > pieces[FROM, :n]).all()
