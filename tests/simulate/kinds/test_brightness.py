"""Ratios of black bodies against Planck's law."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.kinds.brightness import limb_coefficients, surface_ratio


@pytest.mark.parametrize("band", ["U", "g", "V", "I", "TESS"])
def test_surfaces_are_as_bright_as_planck_says(band: str) -> None:
    middle, width = BANDS[band]
    wave = np.linspace(middle - width / 2, middle + width / 2, 2001) * 1e-9

    def light(t: float) -> float:
        return float((1.0 / wave**5 / np.expm1(0.014387768775 / wave / t)).mean())

    for one, two in ((3000.0, 5772.0), (9500.0, 3200.0)):
        # The table is straight between its nodes and weighs the ends of the band in full: 1% at this contrast.
        assert float(surface_ratio(one, two, band)) == pytest.approx(light(one) / light(two), rel=0.01)


def test_blue_and_cool_discs_are_darker_at_the_limb() -> None:
    t = np.array([3500.0, 5772.0, 9000.0])
    (blue, second), (red, _) = limb_coefficients(t, "B"), limb_coefficients(t, "I")
    assert (blue > red).all()
    assert (np.diff(red) < 0).all()
    assert (blue + second < 1.0).all()
    assert red[1] == pytest.approx(0.40 * 641 / 798)
