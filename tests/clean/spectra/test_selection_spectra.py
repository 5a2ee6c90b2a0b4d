from __future__ import annotations

import csv

import numpy as np
import pytest

from goodricke.clean.spectra import SELECTIONS, select
from goodricke.clean.spectra.selection import NAMES, quantity
from goodricke.errors import DataError, OptionError

SUN = {"teff": 5772.0, "logg": 4.44, "g_ks0": 1.51, "snr_g": 50.0, "parallax": 10.0, "m_g": 4.67}


def stars(**changes) -> dict[str, np.ndarray]:
    """Stars like the Sun, one for every value given."""
    n = max((len(np.atleast_1d(value)) for value in changes.values()), default=1)
    return {name: np.broadcast_to(np.atleast_1d(changes.get(name, value)), (n,)) for name, value in SUN.items()}


@pytest.mark.parametrize(
    ("name", "values", "kept"),
    [
        ("teff", [3800, 3801, 6499, 6500], [False, True, True, False]),
        ("logg", [4.0, 4.01, 5.5], [False, True, True]),
        ("g_ks0", [1.5, 1.51, 2.59, 2.6], [False, True, True, False]),
        ("snr_g", [20, 20.1], [False, True]),
        ("parallax", [3.0, 3.1], [True, True]),
        ("m_g", [4.0, 4.1], [True, True]),
    ],
)
def test_edges_of_jing(name: str, values: list[float], kept: list[bool]) -> None:
    keep, reasons = select(stars(**{name: values}), "jing2025")
    assert keep.tolist() == kept
    assert [bool(reason) for reason in reasons] == [not each for each in kept]
    assert all(NAMES[name][0] in reason for reason in reasons if reason)


def test_liu_asks_for_near_and_faint_stars_too() -> None:
    keep, reasons = select(stars(parallax=[3.0, 3.1, 5.0], m_g=[5.0, 5.0, 4.0]), "liu2019")
    assert keep.tolist() == [False, True, False]
    assert reasons.tolist() == ["parallax of 3 mas is not above 3", "", "M_G of 4 mag is not above 4"]
    assert set(SELECTIONS["jing2025"]) < set(SELECTIONS["liu2019"])


def test_a_missing_column_and_a_missing_value_are_said() -> None:
    without = {name: value for name, value in stars(teff=[5000.0, 6000.0]).items() if name != "g_ks0"}
    keep, reasons = select(without, "jing2025")
    assert not keep.any()
    assert set(reasons) == {"no column holds (G - Ks)_0 (g_ks0, g_ks_0, gks0 or (g-ks)_0)"}
    keep, _ = select(without, "jing2025", without=["g_ks0"])
    assert keep.all()
    keep, reasons = select(stars(logg=[np.nan, -9999.0, 4.5]), "jing2025")
    assert keep.tolist() == [False, False, True]
    assert reasons[0] == reasons[1] == "log g is not known"


def test_names_that_are_not_there() -> None:
    with pytest.raises(OptionError, match=r"no selection is called 'jing2024'; did you mean jing2025\?"):
        select(stars(), "jing2024")
    with pytest.raises(OptionError, match="has no cut on parallax; it has teff, logg, g_ks0, snr_g"):
        select(stars(), "jing2025", without=["parallax"])
    with pytest.raises(DataError, match="differ in length: teff 2, logg 1"):
        select({"teff": [1.0, 2.0], "logg": [1.0]}, "jing2025")
    assert select({}, "jing2025")[0].shape == (0,)


def test_columns_may_be_called_otherwise_and_be_text() -> None:
    columns = {"Teff": ["5772", "x"], "LOGG": ["4.4", "4.4"], "gks0": ["1.6", ""], "SNRG": [30, 30]}
    keep, reasons = select(columns, "jing2025")
    assert keep.tolist() == [True, False]
    assert reasons[1] == "Teff is not known"


def test_absolute_magnitude_of_the_real_table(shared_data) -> None:
    path = shared_data / "spectra" / "catalogues" / "gaia_dr3_x_lamost_dr9_1838.csv"
    if not path.exists():
        pytest.skip("the table of Gaia x LAMOST is not here")
    with path.open() as lines:
        table = list(csv.DictReader(lines))
    columns = {name: [row[name] for row in table] for name in ("teff", "logg", "parallax", "phot_g_mean_mag")}
    published = np.array([float(row["absolute_g_mag"]) for row in table])
    np.testing.assert_allclose(quantity(columns, "m_g"), published, atol=1e-5)
    keep, _ = select(columns, "liu2019", without=["g_ks0", "snr_g"])
    by_hand = [
        3800 < float(row["teff"]) < 6500
        and float(row["logg"]) > 4
        and float(row["parallax"]) > 3
        and float(row["absolute_g_mag"]) > 4
        for row in table
    ]
    assert keep.tolist() == by_hand
    assert keep.sum() > 50


def test_extinction_is_taken_off_and_a_parallax_below_zero_has_no_distance() -> None:
    columns = {"phot_g_mean_mag": [10.0, 10.0], "parallax": [10.0, -1.0], "ag_gspphot": [0.5, 0.1]}
    magnitude = quantity(columns, "m_g")
    assert magnitude[0] == pytest.approx(4.5)
    assert np.isnan(magnitude[1])
