"""Colours against black bodies computed anew and against known stars."""

import numpy as np
import pytest

from goodricke.simulate.colours import colour


def test_colours_are_those_of_planck_s_law() -> None:
    wave = {"B": (436e-9, 89e-9), "V": (545e-9, 84e-9)}

    def planck(middle: float, width: float, kelvin: float) -> float:
        at = np.linspace(middle - width / 2, middle + width / 2, 2001)
        return float((at**-5 / np.expm1(0.014387769 / at / kelvin)).mean())

    def ratio(kelvin: float) -> float:
        return planck(*wave["B"], kelvin) / planck(*wave["V"], kelvin)

    asked = -2.5 * np.log10(ratio(4000.0) / ratio(9550.0))
    assert colour(4000.0, "B", "V") == pytest.approx(asked, abs=2e-3)  # bands of 41 points against 2001


def test_hot_stars_are_blue_and_cool_ones_red() -> None:
    found = colour([3000.0, 5000.0, 9550.0, 30000.0], "g", "i")
    assert (np.diff(found) < 0).all()
    assert found[2] == pytest.approx(0.0, abs=1e-12)
    # Vega's colours of an M5 dwarf (3000 K): V - I near 2.8 with molecules, which a black body lacks.
    assert 1.5 < colour(3000.0, "V", "I") < 3.0
