"""Quasars against the structure function of MacLeod et al. 2010."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.quasar import Quasar
from goodricke.simulate.stars import Columns, Moments


def alike(n: int) -> Columns:
    made = Quasar().draw(n, np.random.default_rng(1), (0.0, 3000.0))
    return {**made, "redshift": np.full(n, 1.0), "damping_days": np.full(n, 300.0), "structure_mag": np.full(n, 0.2)}


def test_differences_grow_to_the_asymptote() -> None:
    n, times = 3000, np.array([0.0, 100.0, 3000.0])
    flux = Quasar().light(alike(n), Moments(np.tile(times, n), np.arange(n + 1) * 3), "R").reshape(n, 3)
    mag = -2.5 * np.log10(flux)
    # At 641 nm from z = 1 the rest wavelength is 320.5 nm.
    far = 0.2 * (320.5 / 400) ** -0.479
    # 3,000 differences: 1.3%, four sigma.
    assert np.std(mag[:, 2] - mag[:, 0]) == pytest.approx(far, rel=0.055)
    assert np.std(mag[:, 1] - mag[:, 0]) == pytest.approx(far * np.sqrt(1 - np.exp(-100 / 300)), rel=0.055)


def test_the_blue_swings_more_and_together() -> None:
    seen = Moments(np.linspace(0, 3000, 200), np.array([0, 200]))
    blue, red = (-2.5 * np.log10(Quasar().light(alike(1), seen, b)) for b in ("g", "z"))
    np.testing.assert_allclose(blue / red, (477 / 905) ** -0.479, rtol=1e-9)


def test_typical_numbers_are_the_papers() -> None:
    made = Quasar().draw(4000, np.random.default_rng(1), (0.0, 1.0))
    # Their Figure 3: damping of about 200 days in the rest frame, structure of 0.1 to 0.3 mag.
    assert 120 < np.median(made["damping_days"] / (1 + made["redshift"])) < 300
    assert 0.1 < np.median(made["structure_mag"]) < 0.3
