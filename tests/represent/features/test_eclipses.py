from __future__ import annotations

import numpy as np
import pytest

from represent import made

PHASE = np.arange(6400) / 6400
NAMES = ("log_depth", "depth_ratio", "secondary_phase", "primary_width", "secondary_width", "flatness")


def box(centre: float, depth: float, width: float) -> np.ndarray:
    """A trapezium whose width at half depth is `width`."""
    distance = np.abs((PHASE - centre + 0.5) % 1.0 - 0.5)
    return -depth * np.clip((0.5 * width - distance) / 0.02 + 0.5, 0.0, 1.0)


def test_depths_widths_and_phases_of_an_eccentric_binary() -> None:
    lcs = made.phased(box(0.2, 0.4, 0.10) + box(0.6, 0.1, 0.16), n=8000, noise=0.005)
    found = {name: made.value(lcs, name, 1.7) for name in NAMES}
    assert 10 ** found["log_depth"] == pytest.approx(0.4, rel=0.05)
    assert found["depth_ratio"] == pytest.approx(0.25, abs=0.03)
    # a bin is 1/64; the bottom of a box is flat, so that its middle is known to half of it
    assert found["secondary_phase"] == pytest.approx(0.4, abs=0.07)
    assert found["primary_width"] == pytest.approx(0.10, abs=0.015)
    assert found["secondary_width"] == pytest.approx(0.16, abs=0.02)
    assert made.value(lcs, "eclipse_fraction", 1.7) == pytest.approx(0.28, abs=0.04)


def test_significances_are_in_sigmas() -> None:
    rng = np.random.default_rng(0)
    difference = []
    for seed in range(60):
        lcs = made.phased(box(0.0, 0.3, 0.12) + box(0.5, 0.3, 0.12), n=500)
        lcs = made.star("a", lcs.time, lcs.flux + rng.normal(0, 0.05, 500), 0.05)
        found = made.value(lcs, "depth_difference", 1.7)
        difference.append(np.sign(found) * (10 ** abs(found) - 1))
        assert 10 ** made.value(lcs, "primary_significance", 1.7) - 1 > 5, seed
    # equal eclipses differ by noise; the primary is chosen as the deeper, which is worth a sigma
    assert 0 < np.mean(difference) < 2.5
    deeper = made.phased(box(0.0, 0.4, 0.12) + box(0.5, 0.2, 0.12), n=500, noise=0.05)
    assert made.value(deeper, "depth_difference", 1.7) > np.log10(1 + 3)
    assert made.value(deeper, "secondary_significance", 1.7) > np.log10(1 + 3)


def test_out_of_eclipse_terms() -> None:
    angle = 2 * np.pi * PHASE
    shape = box(0.0, 0.5, 0.1) - 0.05 * np.cos(2 * angle) - 0.03 * np.cos(angle) + 0.02 * np.sin(angle)
    lcs = made.phased(shape, n=20000)
    depth = 10 ** made.value(lcs, "log_depth", 1.7)
    for name, one in (("outside_cos2", -0.05), ("outside_cos1", -0.03), ("outside_sin1", 0.02)):
        assert made.value(lcs, name, 1.7) == pytest.approx(one / depth, abs=0.01), name
    assert made.value(lcs, "maxima_difference", 1.7) == pytest.approx(0.04 / depth, abs=0.01)
    assert made.value(lcs, "ellipsoidal", 1.7) > 0.05
    flat = made.phased(box(0.0, 0.5, 0.1), n=20000)
    assert made.value(flat, "flatness", 1.7) < 0.02
    assert abs(made.value(flat, "ellipsoidal", 1.7)) < 0.02


def test_a_doubled_and_a_halved_period_are_noticed() -> None:
    shape = box(0.0, 0.4, 0.1) + box(0.5, 0.2, 0.1)
    lcs = made.phased(shape, n=1500, noise=0.02)
    right = {name: made.value(lcs, name, 1.7) for name in ("half_difference", "odd_even")}
    doubled, halved = made.value(lcs, "half_difference", 3.4), made.value(lcs, "odd_even", 0.85)
    assert right["half_difference"] > np.log10(1 + 10)
    assert right["odd_even"] < np.log10(1 + 5)
    assert doubled < np.log10(1 + 5)
    assert halved > np.log10(1 + 10)
