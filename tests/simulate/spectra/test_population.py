"""Labels and S/N that are drawn look like those of dwarfs in LAMOST."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.simulate.spectra.population import dwarf_gravity, load_population


def test_draws_are_of_dwarfs(shared_data):
    population = load_population(shared_data / "spectra")
    labels = population.draw(20_000, np.random.default_rng(0))
    inside = (labels[:, 0] > 3700) & (labels[:, 0] < 7300) & (labels[:, 1] > 3.5) & (labels[:, 1] < 5.2)
    assert inside.all()
    # Half is even in Teff, so that no stretch of it is empty.
    counts, _ = np.histogram(labels[:, 0], bins=6, range=(4000, 7000))
    assert (counts > 0.06 * len(labels)).all()
    snr = population.draw_snr(20_000, np.random.default_rng(0))
    assert snr.min() > 5
    assert 20 < np.median(snr) < 60


def test_a_mean_dwarf_is_the_sun_at_its_temperature():
    assert abs(dwarf_gravity(np.array([5772.0]))[0] - 4.44) < 0.03


def test_a_folder_without_tables_is_said(tmp_path):
    with pytest.raises(ReadError, match="data folder"):
        load_population(tmp_path)
