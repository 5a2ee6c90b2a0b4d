"""Round stars against formulas, integration over the disc, and the exact surfaces."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

import itertools

from goodricke.simulate import Systems, light_curve
from goodricke.simulate.binary.limb import darkening, law_code, mean_intensity
from goodricke.simulate.spheres import hidden_light, spheres_suffice

LAWS = [("quadratic", 0.4, 0.3), ("logarithmic", 0.6, 0.2), ("square-root", 0.3, 0.4), ("power-2", 0.7, 0.6)]


@pytest.mark.parametrize(("apart", "size"), [(0.3, 0.2), (0.95, 0.1), (1.1, 0.5), (0.2, 0.9), (0.05, 1.0), (1.0, 1.0)])
def test_an_even_disc_loses_the_lens_of_two_circles(apart: float, size: float) -> None:
    if apart <= abs(1 - size):
        area = np.pi * min(size, 1.0) ** 2
    else:
        a = np.arccos((apart**2 + size**2 - 1) / (2 * apart * size))
        b = np.arccos((apart**2 + 1 - size**2) / (2 * apart))
        area = size**2 * (a - np.sin(2 * a) / 2) + b - np.sin(2 * b) / 2
    assert hidden_light(apart, size, 0, 0.0, 0.0) == pytest.approx(area / np.pi, abs=1e-6)


@pytest.mark.parametrize(("name", "a", "b"), LAWS)
def test_limb_darkened_discs_agree_with_integration(name: str, a: float, b: float) -> None:
    from scipy.integrate import quad

    law = law_code(name)
    whole, _ = quad(lambda r: 2 * r * darkening(law, a, b, np.sqrt(1 - r * r)), 0, 1, epsabs=1e-10)
    assert mean_intensity(law, a, b) == pytest.approx(whole, abs=1e-8)
    for apart, size in ((0.5, 0.2), (0.85, 0.2), (0.3, 0.6), (1.05, 0.3), (0.02, 0.1)):

        def ring(r: float, apart: float = apart, size: float = size) -> float:
            cosine = (r * r + apart * apart - size * size) / (2 * r * apart)
            return 2 / np.pi * r * np.arccos(np.clip(cosine, -1, 1)) * darkening(law, a, b, np.sqrt(1 - r * r))

        edges = sorted({1e-12, min(abs(size - apart), 1.0), min(size + apart, 1.0)})
        lost = sum(quad(ring, lo, hi, epsabs=1e-10, limit=200)[0] for lo, hi in itertools.pairwise(edges))
        assert hidden_light(apart, size, law, a, b) == pytest.approx(lost / whole, abs=1e-5)


def test_nothing_or_all_is_hidden_at_the_ends() -> None:
    assert hidden_light(1.3, 0.2, 0, 0.3, 0.1) == 0.0
    assert hidden_light(0.1, 1.2, 0, 0.3, 0.1) == 1.0


def test_round_stars_give_the_curve_of_the_exact_surfaces_where_they_are_said_to() -> None:
    phases = np.linspace(-0.02, 0.02, 9)
    wide = Systems(q=0.9, inclination=89.5, radius1=0.012, radius2=0.008, temperature2=5000.0, eccentricity=0.2)
    assert spheres_suffice(wide.numbers(), 2e-5, np.zeros(1, int)).all()
    from goodricke.simulate import Grid, light_curves

    round_ = light_curve(wide, phases)
    exact, _ = light_curves(wide, phases, grid=Grid(80, 80, 48), spheres=0.0)
    # The finest grid is good to a few tenths of a thousandth.
    assert np.abs(round_ - exact[0]).max() < 4e-4


def test_close_warm_or_spotted_stars_are_not_round() -> None:
    close = Systems(radius1=0.2, radius2=0.1).numbers()
    warm = Systems(radius1=0.01, radius2=0.01, albedo1=1.0).numbers()
    lobe = Systems(radius1=0.01).numbers()
    contact = Systems(fillout=0.2).numbers()
    fine = Systems(radius1=0.01, radius2=0.01).numbers()
    table = np.concatenate([close, warm, lobe, contact, fine, fine])
    assert list(spheres_suffice(table, 2e-5, np.array([0, 0, 0, 0, 0, 1]))) == [False] * 4 + [True, False]
