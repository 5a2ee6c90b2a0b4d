import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.photosphere.main_sequence import abs_mag_v, companion, light_ratio, mass, radius

STARS = [(5000.0, 4.58, 0.0), (5800.0, 4.4, 0.0), (6500.0, 4.25, -0.3)]


@pytest.fixture(scope="module")
def pairs(shared_data):
    path = shared_data / "spectra" / "isochrones" / "binspec_mock_dwarf_binary_labels_20000.npz"
    if not path.exists():
        pytest.skip("no MIST pairs in the data folder")
    with np.load(path) as held:
        return held["mock_labels"]


def test_companions_are_those_of_mist(pairs):
    teff1, logg1, feh, _, mass1, _, mass2, teff2, logg2 = pairs.T
    q = mass2 / mass1
    some = q > 0.3
    cooler, heavier = companion(teff1[some], logg1[some], feh[some], q[some])
    away = cooler / teff2[some] - 1.0
    # 1 % is 50 K, a third of what photometric temperatures are worth; alpha elements, which we do not know, make most.
    assert np.sqrt((away**2).mean()) < 0.012
    assert np.abs(away).max() < 0.11  # at the clip of gravities, a handful of stars
    assert (heavier - logg2[some]).std() < 0.02
    assert np.sqrt(((mass(teff1, logg1, feh) / mass1 - 1.0) ** 2).mean()) < 0.03


def test_radius_is_that_of_the_network_of_binspec(shared_data):
    """An independent fit to the same isochrones: layers of sigmoids, inputs scaled to +-0.5."""
    path = shared_data / "spectra" / "isochrones" / "binspec_NN_radius.npz"
    if not path.exists():
        pytest.skip("no network of radii in the data folder")
    with np.load(path) as net:
        labels = np.array([*STARS, (4300.0, 4.65, 0.0)])
        value = (labels - net["x_min"]) / (net["x_max"] - net["x_min"]) - 0.5
        value = value.T
        for k in range(2):
            value = 1.0 / (1.0 + np.exp(-(net[f"w_array_{k}"] @ value + net[f"b_array_{k}"][:, None])))
        theirs = (net["w_array_2"] @ value + net["b_array_2"][:, None])[0]
    np.testing.assert_allclose(radius(*labels.T), theirs, rtol=0.04)


@pytest.mark.parametrize("star", STARS)
def test_twins_are_twins(star):
    assert [float(x) for x in companion(*star, 1.0)] == pytest.approx(star[:2])
    assert float(light_ratio(*star, 1.0)) == pytest.approx(1.0)


@pytest.mark.parametrize("star", STARS)
def test_lighter_companions_are_cooler_and_fainter(star):
    q = np.linspace(0.3, 1.0, 30)
    assert (np.diff(companion(*star, q)[0]) > 0).all()
    assert (np.diff(light_ratio(*star, q)) > 0).all()


def test_light_ratios_of_a_star_like_the_sun():
    """By masses and magnitudes of Pecaut and Mamajek: .03, .11, .28, .54. MIST's K dwarfs are some 60 K cooler."""
    ours = light_ratio(5800.0, 4.4, 0.0, [0.6, 0.7, 0.8, 0.9])
    np.testing.assert_allclose(ours, [0.033, 0.11, 0.28, 0.54], rtol=0.25)


def test_magnitudes_are_those_of_the_mean_sequence(shared_data):
    """M_V by type of the same table that bolometric corrections are of, but radii and luminosities are MIST's."""
    types = {
        5930.0: (4.48, 4.40),
        5480.0: (5.30, 4.50),
        5100.0: (6.07, 4.57),
        4440.0: (7.28, 4.65),
        3850.0: (8.80, 4.73),
    }
    for teff, (magnitude, logg) in types.items():
        assert float(abs_mag_v(teff, logg, 0.0)) == pytest.approx(magnitude, abs=0.45)


@pytest.mark.parametrize("q", [0.0, -0.1, 1.01, np.nan])
def test_mass_ratios_that_are_none(q):
    with pytest.raises(DataError, match="q is"):
        companion(5800.0, 4.4, 0.0, q)


def test_labels_beyond_the_isochrones_stay_finite():
    teff2, logg2 = companion([3000.0, 9000.0, 4000.0], [5.3, 3.5, 3.5], [-2.0, 1.0, 0.0], [0.2, 0.9, 0.5])
    assert np.isfinite(teff2).all()
    assert np.isfinite(logg2).all()
    assert (mass([3000.0, 9000.0], [3.0, 5.5], [0.0, 0.0]) > 0).all()
