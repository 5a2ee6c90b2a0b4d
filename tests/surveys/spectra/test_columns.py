"""Which column is which, for the tables that astronomers really have."""

from __future__ import annotations

import pytest

from goodricke.errors import ReadError
from goodricke.lightcurves.guess import Column
from goodricke.surveys.spectra.columns import choose, is_error, is_flux, is_ivar, is_mask, is_wave

# Columns as they stand in files -> wave, flux, err or ivar or variance, mask.
TABLES = {
    "SDSS csv": ("Wavelength Flux BestFit SkyFlux", "Wavelength", "Flux", "", ""),
    "SDSS COADD": ("flux loglam ivar and_mask or_mask wdisp sky model", "loglam", "flux", "ivar", "and_mask"),
    "LAMOST COADD": ("FLUX IVAR WAVELENGTH ANDMASK ORMASK NORMALIZATION", "WAVELENGTH", "FLUX", "IVAR", "ANDMASK"),
    "ESO phase 3": ("WAVE FLUX ERR QUAL SNR FLUX_REDUCED ERR_REDUCED", "WAVE", "FLUX", "ERR", "QUAL"),
    "Hubble x1d": (
        "SEGMENT EXPTIME WAVELENGTH FLUX ERROR GROSS NET BACKGROUND DQ",
        "WAVELENGTH",
        "FLUX",
        "ERROR",
        "DQ",
    ),
    "Gaia RVS": ("wavelength flux flux_error", "wavelength", "flux", "flux_error", ""),
    "PyHammer": ("Flux LogLam PropErr", "LogLam", "Flux", "PropErr", ""),
    "specutils": ("spectral_axis flux uncertainty mask", "spectral_axis", "flux", "uncertainty", "mask"),
    "vizier": ("lambda Fl e_Fl Flux e_Flux", "lambda", "Flux", "e_Flux", ""),
    "MaStar": ("WAVE FLUX IVAR MASK DISP", "WAVE", "FLUX", "IVAR", "MASK"),
    "by hand": ("wl(nm) counts sigma", "wl(nm)", "counts", "sigma", ""),
    "both media": ("wave_air wave_vac flux var", "wave_vac", "flux", "var", ""),
    "rest and observed": ("rest_wave wave_obs norm_flux unc", "wave_obs", "norm_flux", "unc", ""),
    "fortran": ("WAVELENGTH_ANGSTROM F_LAMBDA STDEV", "WAVELENGTH_ANGSTROM", "F_LAMBDA", "STDEV", ""),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    words, wave, flux, noise, mask = TABLES[name]
    chosen = choose([Column(word) for word in words.split()])
    assert (chosen.wave, chosen.flux, chosen.ivar or chosen.err or chosen.variance, chosen.mask) == (
        wave, flux, noise, mask,
    )  # fmt: skip
    assert repr(wave) in chosen.said


def test_units_and_ucds_tell_where_names_do_not() -> None:
    assert choose([Column("x", "nm"), Column("flux")]).wave == "x"
    assert choose([Column("a", ucd="em.wl"), Column("b", ucd="phot.flux.density;em.wl")]).flux == "b"
    with pytest.raises(ReadError, match=r"no column could be taken for wave and flux; there are time, mag"):
        choose([Column("time"), Column("mag")])


@pytest.mark.parametrize(
    ("test", "yes", "no"),
    [
        (is_wave, "wave WAVELENGTH lam lambda_air log_wave loglam wl wvl wavelength_nm Wave(A) vac_wave",
         "wave_err flux time waveform lamp wavedisp w x lambdacdm ew"),
        (is_flux, "flux FLUX flam f_lambda counts norm_flux flux_norm spec intensity f_nu data",
         "flux_err e_flux ivar flux_ivar fluxratio fwhm sflux_x continuum"),
        (is_error, "err error e_flux flux_err sigma flux_error uncertainty PropErr noise std", "flux wave ivar terror"),
        (is_ivar, "ivar invvar inverse_variance flux_ivar IVAR inverse", "var variance err weighting"),
        (is_mask, "mask ANDMASK or_mask dq quality flag bpm", "masked_flux unmask good"),
    ],
)  # fmt: skip
def test_names(test, yes: str, no: str) -> None:  # type: ignore[no-untyped-def]
    assert [word for word in yes.split() if not test(word)] == []
    assert [word for word in no.split() if test(word)] == []


def test_a_column_that_is_named_is_the_one_written_so() -> None:
    table = [Column("wave"), Column("FLUX"), Column("flux"), Column("Sigma")]
    assert choose(table, {"flux": "flux"}).flux == "flux"
    assert choose(table, {"flux": "Flux", "err": "sigma"}).pixels == ("wave", "FLUX", "Sigma")
