"""Objects of other libraries, told by what they have: tables of astropy, pandas, Arrow; a look-alike of specutils."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from astropy import units
from astropy.table import Table

from goodricke.errors import OptionError, ReadError
from goodricke.surveys.spectra import read_spectra
from samples.spectra import light

WAVE = np.arange(4000.0, 5000.0)
COLUMNS = {"wave_vac": WAVE, "flux": light(WAVE), "err": np.full(1000, 2.0)}


def test_tables() -> None:
    pandas = pytest.importorskip("pandas")
    nanometres = Table({"wave_vac": WAVE / 10 * units.nm, "flux": light(WAVE), "err": np.full(1000, 2.0)})
    nanometres.meta["OBJECT"] = "HD 1"
    for thing in (COLUMNS, nanometres, pandas.DataFrame(COLUMNS), pa.table(COLUMNS)):
        one = read_spectra(thing)
        np.testing.assert_allclose(one.wave, WAVE)
        np.testing.assert_allclose(one.flux, light(WAVE), rtol=1e-6)
        np.testing.assert_allclose(one.ivar, 0.25)
    assert read_spectra(nanometres).object_id.tolist() == ["HD 1"]
    named = read_spectra({"a": WAVE, "b": light(WAVE)}, columns={"wave": "a", "flux": "b"}, wavelengths="vacuum")
    np.testing.assert_allclose(named.wave, WAVE)


@pytest.mark.parametrize(
    ("kind", "values", "power", "ivar"), [("std", 2.0, 2, 0.25), ("var", 4.0, 4, 0.25), ("ivar", 0.5, -4, 0.5)]
)
def test_specutils(kind: str, values: float, power: int, ivar: float) -> None:
    """An object with the attributes of ``specutils.Spectrum``, which is not installed here."""
    spectrum = SimpleNamespace(
        spectral_axis=WAVE / 10 * units.nm,
        flux=light(WAVE) * (WAVE / 5500.0) ** 2 * units.Jy,
        uncertainty=SimpleNamespace(uncertainty_type=kind, array=values * (WAVE / 5500.0) ** power),
        mask=WAVE == 4005.0,
        meta={"header": {"OBJECT": "HD 1", "RA": 10.0, "DEC": 20.0}},
    )
    one = read_spectra(spectrum, wavelengths="vacuum")
    np.testing.assert_allclose(one.wave, WAVE)
    np.testing.assert_allclose(one.flux, light(WAVE), rtol=1e-6)  # from Jansky to per Angstrom
    np.testing.assert_allclose(one.ivar, ivar, rtol=1e-6)
    assert np.flatnonzero(one.bad).tolist() == [5]
    assert (one.object_id[0], one.ra[0]) == ("HD 1", 10.0)
    spectrum.spectral_axis = WAVE * units.kg
    with pytest.raises(ReadError, match="cannot be turned into Angstrom"):
        read_spectra(spectrum)


def test_what_is_no_spectrum() -> None:
    with pytest.raises(OptionError, match="a object is no spectrum"):
        read_spectra(object())
    with pytest.raises(ReadError, match="no column could be taken for wave"):
        read_spectra({"time": WAVE, "flux": WAVE})
