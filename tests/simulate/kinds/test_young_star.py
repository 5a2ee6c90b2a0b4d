"""Young stars: three families, spots, and blue light that swings more."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from scipy.stats import skew

from goodricke.simulate.kinds.spot_groups import spotted_light
from goodricke.simulate.kinds.young_star import YoungStar
from goodricke.simulate.stars import Moments

SPAN = (2459000.0, 2459300.0)
N = 90
TIME = np.linspace(*SPAN, 400)
SEEN = Moments(np.tile(TIME, N), np.arange(N + 1) * 400)


def test_bursters_go_up_and_dippers_down() -> None:
    made = YoungStar().draw(N, np.random.default_rng(1), SPAN)
    mag = -2.5 * np.log10(YoungStar().light(made, SEEN, "I") / spotted_light(made, SEEN, "I")).reshape(N, 400)
    kinds = made["young_type"]
    assert (mag[kinds == "burster"] <= 1e-12).all()
    assert (mag[kinds == "dipper"] >= -1e-12).all()
    assert abs(np.mean(skew(mag[kinds == "wanderer"], axis=1))) < 0.3
    # A walk of many damping times has the spread that its column says.
    many = (kinds == "wanderer") & (made["wander_days"] < 6)
    np.testing.assert_allclose(np.median(mag[many].std(axis=1) / made["wander_mag"][many]), 1.0, atol=0.15)


def test_blue_swings_more_in_step() -> None:
    made = YoungStar().draw(N, np.random.default_rng(2), SPAN)
    blue, red = (np.log(YoungStar().light(made, SEEN, b) / spotted_light(made, SEEN, b)) for b in ("B", "I"))
    at = (np.abs(red) > 1e-6) & (np.abs(blue) < 3.0)
    np.testing.assert_allclose(blue[at] / red[at], (436 / 798) ** -0.7, rtol=1e-6)
