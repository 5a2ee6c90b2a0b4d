"""Constant stars are constant."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.kinds.constants import Constant, field_temperatures
from goodricke.simulate.stars import Moments


def test_flux_is_one_and_there_is_no_period() -> None:
    made = Constant().draw(5, np.random.default_rng(0), (0.0, 10.0))
    assert np.isnan(made["period_days"]).all()
    assert np.isnan(made["epoch"]).all()
    seen = Moments(np.linspace(0, 10, 15), np.arange(6) * 3)
    assert (Constant().light(made, seen, "V") == 1.0).all()


def test_most_of_the_field_is_f_to_k() -> None:
    t = field_temperatures(5000, np.random.default_rng(0))
    # Limits of the types F0 and K9: Pecaut & Mamajek 2013.
    assert ((t > 3900) & (t < 7300)).mean() > 0.85
