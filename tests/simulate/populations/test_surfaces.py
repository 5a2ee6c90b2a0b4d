"""Limb darkening against the Sun and a grey atmosphere; the step of gravity darkening and albedo."""

import numpy as np
import pytest

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.populations.surfaces import albedo, gravity, limb


@pytest.mark.parametrize(
    ("band", "a", "b"), [("B", 0.68, 0.16), ("V", 0.47, 0.23), ("I", 0.29, 0.22), ("y", 0.24, 0.20)]
)
def test_the_sun_is_as_measured(band: str, a: float, b: float) -> None:
    # Allen's Astrophysical Quantities, 4th ed.: u = 0.93, v = -0.23 at 0.55 micron is a = u + 2 v, b = -v; 0.73, -0.22
    # at 0.80; 0.64, -0.20 at 1.00; 0.436 micron lies between 0.91, -0.05 at 0.40 and 0.99, -0.17 at 0.45.
    assert np.allclose(limb(np.array([5772.0]), band)[0], [a, b], atol=0.05)


def grey(x: float) -> float:
    """Linear limb darkening of a grey atmosphere (Hopf function by King), least squares over the disc."""
    depth, weight = np.polynomial.laguerre.laggauss(48)
    m = np.linspace(0.05, 1.0, 96)
    tau = m[:, None] * depth
    heat = (0.75 * (tau + 0.7104 - 0.1331 * np.exp(-3.4488 * tau))) ** 0.25
    intensity = (weight / np.expm1(x / heat)).sum(axis=1)
    k = 1.0 - m
    return float(((1.0 - intensity / intensity[-1]) * k * m).sum() / (k * k * m).sum())


@pytest.mark.parametrize("kelvin", [4000.0, 5000.0, 6500.0, 8000.0, 10_000.0, 15_000.0, 20_000.0, 30_000.0])
@pytest.mark.parametrize("band", ["V", "I"])
def test_other_stars_are_near_a_grey_atmosphere(kelvin: float, band: str) -> None:
    (a, b), m = limb(np.array([kelvin]), band)[0], np.linspace(0.05, 1.0, 96)
    k = 1.0 - m
    linear = ((a * k + b * k * k) * k * m).sum() / (k * k * m).sum()
    # Real atmospheres are not grey: tables of models scatter about as much.
    assert abs(linear - grey(1.438777e7 / (BANDS[band][0] * kelvin))) < 0.1


def test_coefficients_are_physical_at_any_temperature() -> None:
    kelvin = np.geomspace(2000.0, 50_000.0, 200)
    for band in BANDS:
        pairs = limb(kelvin, band)
        assert pairs.shape == (200, 2)
        assert (pairs > 0).all()
        assert (pairs.sum(axis=1) < 0.9).all()


def test_cool_envelopes_are_convective_and_hot_ones_radiative() -> None:
    kelvin = np.array([4000.0, 7000.0, 7400.0, 20_000.0])
    assert gravity(kelvin).tolist() == [0.32, 0.32, 1.0, 1.0]
    assert albedo(kelvin).tolist() == [0.5, 0.5, 1.0, 1.0]
