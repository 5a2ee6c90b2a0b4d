from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.dips import Folded, dip_at, extreme_at, second_dip
from goodricke.period.template import BINS, templates
from period import made

CENTRES = (np.arange(BINS) + 0.5) / BINS


def folded(light: list[made.Floats], phase: made.Floats, noise: float = 0.01) -> Folded:
    """Stars with the same phases (n,) and their light (n,), with noise."""
    n, rng = len(light), np.random.default_rng(0)
    phase, star = np.tile(phase, n), np.repeat(np.arange(n), len(phase))
    flux, weight = np.concatenate(light) + rng.normal(0, noise, len(phase)), np.full(len(phase), noise**-2)
    return Folded(phase, flux, weight, star, n, templates(phase, flux, weight, star, n))


def lowest(points: Folded) -> tuple[np.ndarray, made.Floats]:
    return np.argmin(points.template.curve, axis=1), np.quantile(points.template.curve, 0.9, axis=1)


@pytest.fixture(scope="module")
def phase() -> made.Floats:
    return np.random.default_rng(1).random(600)


def test_a_dip_is_measured_within_its_errors(phase: made.Floats) -> None:
    # Phase 0.98 runs over the end of the cycle; a flat floor has no lowest point.
    flat = 1 - 0.4 * np.clip((0.08 - np.abs((phase - 0.98 + 0.5) % 1 - 0.5)) / 0.03, 0.0, 1.0)
    points = folded([1 - made.eclipse(phase, 0.3, 0.4, 0.16), flat, 1 - made.eclipse(phase, 0.98, 0.2, 0.3)], phase)
    dip = dip_at(points, *lowest(points))
    away = (dip.centre - [0.3, 0.98, 0.98] + 0.5) % 1 - 0.5
    assert (np.abs(away) < 4 * dip.centre_error).all()
    assert (np.abs(dip.bottom - [0.6, 0.6, 0.8]) < 4 * dip.bottom_error).all()
    full = np.sqrt(1 - 0.5 ** (1 / 0.7))
    np.testing.assert_allclose(dip.width, [0.16 * full, 0.13, 0.3 * full], rtol=0.06)
    np.testing.assert_allclose(dip.contact, [0.16, 0.16, 0.3], rtol=0.15)
    assert (dip.centre_error < 0.005).all()


def test_a_minimum_unlike_its_mirror_image_is_its_lowest_point(phase: made.Floats) -> None:
    # Slowly down over 0.8 of the cycle, then up: the axis of mirror symmetry would lie before the lowest point.
    saw = np.interp(phase, [0.0, 0.7, 0.9, 1.0], [0.875, 0.0, 0.7, 0.875])
    points = folded([saw], phase, 0.02)
    dip = dip_at(points, *lowest(points))
    assert dip.centre[0] == pytest.approx(0.7, abs=0.02)
    assert dip.bottom[0] == pytest.approx(0.02, abs=0.04)


def test_the_top_of_a_cosine(phase: made.Floats) -> None:
    points = folded([np.cos(2 * np.pi * (phase - 0.2))], phase)
    top = np.argmax(points.template.curve, axis=1)
    place, error, height, height_error = extreme_at(points, 1.0, top, np.array([-1.0]), np.array([True]))
    assert abs(place[0] - 0.2) < 4 * error[0] < 0.02
    assert abs(height[0] - 1.0) < 4 * height_error[0] < 0.02


def test_a_flat_curve_has_no_sharp_top(phase: made.Floats) -> None:
    points = folded([np.ones(600)] * 20, phase)
    top = np.argmax(points.template.curve, axis=1)
    _, error, _, _ = extreme_at(points, 1.0, top, points.template.curve.min(axis=1), np.ones(20, dtype=bool))
    # Three standard deviations of bend, looked for at the highest place of each.
    assert np.mean(error == 0.5) > 0.7


def test_the_second_dip_is_found_where_it_is_and_only_there(phase: made.Floats) -> None:
    primary = 1 - made.eclipse(phase, 0.1, 0.4, 0.1)
    points = folded([primary - made.eclipse(phase, 0.72, 0.15, 0.1), primary], phase)
    bottom, roof = lowest(points)
    cell, real = second_dip(points, dip_at(points, bottom, roof), bottom)
    assert CENTRES[cell[0]] == pytest.approx(0.72, abs=0.02)
    assert real[0]


def test_few_points_in_a_dip_leave_the_smooth_curve() -> None:
    phase = np.concatenate([np.linspace(0.1, 0.9, 60), [0.005]])
    points = folded([1 - made.eclipse(phase, 0.0, 0.3, 0.05)], phase)
    dip = dip_at(points, np.array([0]), np.array([1.0]))
    assert np.isfinite(dip.bottom[0])
