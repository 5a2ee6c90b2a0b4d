import numpy as np
import pytest

from goodricke.photosphere import emulator, fit_pair, fit_single, unlike
from goodricke.photosphere.emulator import EMULATOR_LATTICE
from goodricke.simulate.spectra.templates import load_templates
from photosphere.photosphere_made import pairs, prepared

WAVE = EMULATOR_LATTICE.wave


def reasons(flux, snr=40.0, seed=1):
    ready = prepared(flux, snr, np.random.default_rng(seed))
    return unlike(ready, fit_single(ready))


def test_dwarfs_and_pairs_are_fine():
    rng = np.random.default_rng(4)
    labels = np.column_stack([rng.uniform(4000, 7500, 20), np.full(20, 4.45), rng.uniform(-0.6, 0.3, 20)])
    assert (reasons(emulator().flux(labels)) == "").all()
    assert (reasons(pairs(labels, 0.9, 250.0)) == "").mean() > 0.9


@pytest.mark.parametrize(
    "flux",
    [
        1.0 + 0.8 * np.exp(-0.5 * ((WAVE - 5000.0) / 40.0) ** 2) + 0.5 * np.exp(-0.5 * ((WAVE - 6200.0) / 60.0) ** 2),
        1.0 - 0.5 * np.exp(-np.abs(WAVE - 4862.0) / 60.0) - 0.5 * np.exp(-np.abs(WAVE - 4341.0) / 60.0),
        (WAVE / 5500.0) ** -1.5,
        1.0 + 0.3 * np.sin(WAVE / 15.0),
    ],
    ids=["a quasar's emission", "a white dwarf's wings", "a power law", "fringes"],
)
def test_what_is_no_dwarf_is_told(flux):
    assert reasons(flux)[0]


def test_a_pair_may_be_as_broad_as_a_galaxy():
    ready = prepared(pairs(np.array([[5600.0, 4.45, 0.0]] * 3), 0.97, 380.0), 60.0, np.random.default_rng(2))
    single = fit_single(ready)
    assert all("broad" in each for each in unlike(ready, single))
    assert (unlike(ready, single, fit_pair(ready, single)) == "").all()


def test_a_galaxys_breadth_is_told():
    from goodricke.photosphere import shift

    galaxy = shift(emulator().flux([[4800.0, 4.5, 0.0]]), EMULATOR_LATTICE, 0.0, 10.0)  # 218 km/s
    assert "broad" in reasons(galaxy)[0]


def test_giants_of_miles(shared_data):
    folder = shared_data / "spectra"
    if not (folder / "templates").is_dir():
        pytest.skip("no templates in the data folder")
    stars = load_templates(folder, ("miles",))
    teff, logg, feh = stars.labels.T
    cool = (teff < 3900) & (logg < 2)
    dwarf = (teff > 4300) & (teff < 8000) & (logg > 3.9) & (feh > -1) & (feh < 0.5)
    assert (reasons(stars.flux[cool]) != "").mean() > 0.75  # their lines are much like those of dwarfs
    assert (reasons(stars.flux[dwarf]) != "").mean() < 0.05
