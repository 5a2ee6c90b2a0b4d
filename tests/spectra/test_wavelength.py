"""Air and vacuum against another formula and against laboratory lines; units and media told from words."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.spectra.wavelength import (
    air_from_vacuum,
    likely_unit,
    medium_of,
    medium_of_header,
    named_unit,
    unit_of,
    vacuum_from_air,
)

OPTICAL = np.linspace(2500.0, 25000.0, 5001)


def iau_air(vacuum):
    """Edlen (1953) as the IAU took it over (Morton 1991): independent of the measurements behind Ciddor (1996)."""
    square = (1e4 / vacuum) ** 2
    return vacuum / (1.0 + 6.4328e-5 + 2.94981e-2 / (146.0 - square) + 2.5540e-4 / (41.0 - square))


def test_agrees_with_the_formula_of_the_iau():
    # The two sets of measurements differ by less than 20 m/s.
    np.testing.assert_allclose(air_from_vacuum(OPTICAL), iau_air(OPTICAL), rtol=7e-8)


def test_there_and_back_again():
    np.testing.assert_allclose(vacuum_from_air(air_from_vacuum(OPTICAL)), OPTICAL, rtol=1e-14)
    np.testing.assert_allclose(air_from_vacuum(vacuum_from_air(OPTICAL)), OPTICAL, rtol=1e-14)


@pytest.mark.parametrize(
    ("air", "vacuum"),
    [(3933.663, 3934.777), (5889.950, 5891.583), (6562.80, 6564.61), (8542.09, 8544.44)],
    ids=["Ca K", "Na D2", "H alpha", "Ca II"],
)
def test_lines_of_the_laboratory(air, vacuum):
    assert vacuum_from_air(air) == pytest.approx(vacuum, abs=0.01)  # tables round to 0.01 Angstrom


def test_the_far_ultraviolet_is_left_alone_and_rises_all_the_same():
    wave = np.linspace(900.0, 2600.0, 20001)
    assert (air_from_vacuum(wave)[wave < 2000] == wave[wave < 2000]).all()
    both = vacuum_from_air(wave)
    assert (both[wave < 1999] == wave[wave < 1999]).all()
    assert (np.diff(both) > 0).all()


@pytest.mark.parametrize(
    ("words", "angstrom", "logarithm"),
    [
        ("Angstrom", 1.0, ""), ("angstroms", 1.0, ""), ("AA", 1.0, ""), ("Å", 1.0, ""), ("Ångström", 1.0, ""),
        ("0.1 nm", 1.0, ""), ("nm", 10.0, ""), ("Nanometres", 10.0, ""), ("um", 1e4, ""), ("µm", 1e4, ""),
        ("micron", 1e4, ""), ("m", 1e10, ""), ("metre", 1e10, ""), ("log10(Angstrom)", 1.0, "10"),
        ("log(nm)", 10.0, "10"), ("dex", 1.0, "10"), ("[Angstrom]", 1.0, "10"), ("ln(Angstrom)", 1.0, "e"),
        ("loglam", 1.0, "10"),
    ],
)  # fmt: skip
def test_units(words, angstrom, logarithm):
    unit = unit_of(words)
    assert unit is not None
    assert (unit.angstrom, unit.logarithm) == (angstrom, logarithm)


@pytest.mark.parametrize("words", ["", "counts", "furlong", "Jy", "lognormal"])
def test_words_that_are_no_units(words):
    assert unit_of(words) is None


@pytest.mark.parametrize("words", ["Hz", "GHz", "1/cm", "cm-1", "eV", "pixel", "km/s"])
def test_frequencies_and_pixels_are_refused(words):
    with pytest.raises(DataError, match="no wavelength"):
        unit_of(words)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("wavelength_nm", "nm"), ("wave(A)", "Angstrom"), ("Wavelength [micron]", "micron"),
        ("LOGLAM", "log10 Angstrom"),
        ("log_wave", "log10 Angstrom"), ("log10(lambda)", "log10 Angstrom"),
        ("lambda_um", "micron"), ("wave", None),
        ("wave_a", None), ("lambda", None), ("spectral_axis", None),
    ],
)  # fmt: skip
def test_units_in_names(name, unit):
    found = named_unit(name)
    assert (found and found.name) == unit


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [(3800.0, 9200.0, "Angstrom"), (380.0, 920.0, "nm"), (0.38, 0.92, "micron"), (3.58, 3.96, "log10 Angstrom"),
     (3.8e-7, 9.2e-7, "m"), (1150.0, 1800.0, "Angstrom"), (0.9, 2.4, "micron"), (850.0, 2450.0, "nm")],
)  # fmt: skip
def test_units_from_numbers(low, high, name):
    unit = likely_unit(np.linspace(low, high, 100))
    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize("values", [[], [np.nan], [-1.0, -2.0], [1e7, 2e7], [10.0, 4e5]])
def test_numbers_that_fit_no_unit(values):
    assert likely_unit(values) is None


@pytest.mark.parametrize(
    ("words", "medium"),
    [
        ("lambda_air", "air"), ("wave_vac", "vacuum"), ("WAVELENGTH (vacuum)", "vacuum"), ("airwave", "air"),
        ("vacuum wavelengths, not air", ""), ("stairs", ""), ("wave", ""), ("vacancy", ""), ("wavevac", "vacuum"),
    ],
)  # fmt: skip
def test_media_in_words(words, medium):
    assert medium_of(words) == medium


@pytest.mark.parametrize(
    ("cards", "medium"),
    [
        ({"VACUUM": True}, "vacuum"), ({"VACUUM": 1}, "vacuum"), ({"VACUUM": "T"}, "vacuum"),
        ({"VACUUM": False}, "air"),
        ({"AIRORVAC": "air"}, "air"), ({"AIRORVAC": "vac"}, "vacuum"), ({"CTYPE1": "AWAV-LOG"}, "air"),
        ({"CTYPE1": "WAVE"}, "vacuum"), ({"CTYPE1": "WAVELENGTH"}, ""), ({"CTYPE1": "LINEAR"}, ""),
        ({"CTYPE1": "WAVE", "VACUUM": False}, "air"), ({"WAT1_001": "wtype=linear label=Wavelength"}, ""), ({}, ""),
    ],
)  # fmt: skip
def test_media_in_headers(cards, medium):
    assert medium_of_header(cards.get)[0] == medium
