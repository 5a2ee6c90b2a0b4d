"""Radii and temperatures of known stars."""

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.populations.main_sequence import evolved, lifetime, main_sequence, zero_age

# Mass, radius, temperature, age as part of the lifetime: the Sun; CM Dra A and V636 Cen A (Torres et al. 2010, A&ARv
# 18, 67), young and middle-aged; Sirius A (Bond et al. 2017, ApJ 840, 70: 0.24e9 years).
STARS = {
    "Sun": (1.0, 1.0, 5772.0, 0.46),
    "CM Dra A": (0.231, 0.253, 3130.0, 0.0),
    "V636 Cen A": (1.052, 1.018, 5900.0, 0.15),
    "Sirius A": (2.063, 1.713, 9845.0, 0.2),
}


@pytest.mark.parametrize("name", STARS)
def test_known_stars(name: str) -> None:
    mass, radius, kelvin, age = STARS[name]
    found = main_sequence(np.array([mass]), np.array([age]))
    # Composition moves a star of known mass and age by this much.
    assert found[0][0] == pytest.approx(radius, rel=0.10)
    assert found[1][0] == pytest.approx(kelvin, rel=0.07)


def test_dwarfs_in_well_measured_binaries_are_middle_aged_on_average(shared_data: Path) -> None:
    rows = (shared_data / "reference" / "debcat_2021.dat").read_text().splitlines()[1:]
    table = np.array([[float(word) for word in row.split()[3:]] for row in rows])
    mass, radius, kelvin = (10 ** table[:, pair].ravel() for pair in ([3, 5], [7, 9], [15, 17]))
    dwarf = radius < 1.2 * main_sequence(mass, np.ones_like(mass))[0]
    assert dwarf.mean() > 0.75  # the rest are giants
    size, heat = main_sequence(mass, np.full_like(mass, 0.5))
    for low, high in ((0.3, 0.7), (0.7, 1.0), (1.0, 1.4), (1.4, 2.0), (2.0, 4.0), (4.0, 20.0)):
        some = dwarf & (mass >= low) & (mass < high)
        # Thirty or more stars a bin, which scatter by 20% in radius with age and by 8% in temperature.
        assert np.median(radius[some] / size[some]) == pytest.approx(1.0, abs=0.10)
        assert np.median(kelvin[some] / heat[some]) == pytest.approx(1.0, abs=0.07)


def test_stars_grow_and_brighten_and_heavy_ones_die_young() -> None:
    mass = np.array([0.5, 1.0, 3.0, 10.0])
    start, end = (main_sequence(mass, np.full(4, age)) for age in (0.0, 1.0))
    assert np.allclose(start[0], zero_age(mass)[0])
    assert (end[0] > start[0]).all()
    assert end[0][2] / start[0][2] > end[0][1] / start[0][1]
    assert end[0][0] < 1.2 * start[0][0]  # the universe is too young for it to have aged
    assert (np.diff(lifetime(mass)) < 0).all()


def test_giants_are_cool_and_subgiants_between() -> None:
    mass = np.full(3, 1.5)
    radius, kelvin = evolved(mass, np.array([1.0, 1.6, 8.0]))
    ended = main_sequence(mass[:1], np.ones(1))
    assert radius[0] == pytest.approx(ended[0][0])
    assert kelvin[0] == pytest.approx(ended[1][0])
    assert (np.diff(kelvin) < 0).all()
    assert 4300.0 < kelvin[2] < 5000.0
