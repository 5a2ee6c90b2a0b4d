import numpy as np
import pytest
from pyarrow import parquet

from goodricke.photosphere import emulator, fit_pair, fit_single, unlike
from goodricke.photosphere.emulator import EMULATOR_LATTICE
from goodricke.photosphere.unlike import _END_LOGG, _END_TEFF
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


def test_a_subgiant_is_told_unless_its_gravity_is_hardly_known():
    assert "subgiant" in reasons(emulator().flux([[5150.0, 3.75, 0.0]]), 60.0)[0]
    assert (reasons(np.repeat(emulator().flux([[5150.0, 4.05, 0.0]]), 10, axis=0), 8.0) == "").mean() > 0.8


def test_dwarfs_of_isochrones_are_none(shared_data):
    """Of every age, of metals up to [Fe/H] 0.45, up to the hottest point of each isochrone."""
    path = shared_data / "spectra" / "isochrones" / "parsec_fsps_ms.parquet"
    if not path.exists():
        pytest.skip("no isochrones in the data folder")
    table = parquet.read_table(path).to_pydict()
    column = {name: np.array(table[name], float) for name in ("Z", "log_age", "m_ini", "logTeff", "logg")}
    lowest = {5200.0: [], 5500.0: [], 5700.0: [], 5900.0: [], 6400.0: []}
    for metals in np.unique(column["Z"][(column["Z"] > 0.001) & (column["Z"] < 0.05)]):
        for age in np.unique(column["log_age"]):
            rows = np.flatnonzero((column["Z"] == metals) & (column["log_age"] == age))
            rows = rows[np.argsort(column["m_ini"][rows])]
            rows = rows[: column["logTeff"][rows].argmax() + 1]
            for teff, gravities in lowest.items():
                gravities += column["logg"][rows[np.abs(10.0 ** column["logTeff"][rows] - teff) < 60.0]].tolist()
    for teff, gravities in lowest.items():
        assert min(gravities) > np.interp(teff, _END_TEFF, _END_LOGG), teff


def test_giants_of_miles(shared_data):
    folder = shared_data / "spectra"
    if not (folder / "templates").is_dir():
        pytest.skip("no templates in the data folder")
    stars = load_templates(folder, ("miles",))
    teff, logg, feh = stars.labels.T
    said = reasons(stars.flux) != ""
    cool = (teff < 3900) & (logg < 2)
    assert said[cool].mean() > 0.75  # their lines are much like those of dwarfs
    # What a survey is full of: they were answered before gravities were looked at, 9 in 10 of them.
    assert said[(teff > 4300) & (teff < 5300) & (logg < 3.3)].mean() > 0.95
    dwarf = (teff > 4300) & (teff < 8000) & (logg > 4.1) & (feh > -1) & (feh < 0.5)
    assert said[dwarf].mean() < 0.05
