"""SDSS and BOSS: made files against what was written, real files against astropy."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.errors import ReadError
from goodricke.surveys.spectra import read_spectra
from samples.spectra import DEC, RA, VELOCITY, ivar_of, lamost_wave, light
from samples.spectra.sdss import cards, write


def real_files(shared_data: Path, pattern: str) -> list[Path]:
    """Real SDSS files; the test skips where they are not."""
    paths = sorted((shared_data / "spectra" / "sdss_raw").glob(pattern))
    if not paths:
        pytest.skip("the real spectra are not here")
    return paths


@pytest.mark.parametrize("name", ["spec-1079-52621-0509_MADE.fits", "spSpec-52621-1079-509_MADE.fit"])
def test_made_files_give_back_what_was_written(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    one = read_spectra(tmp_path / name)
    np.testing.assert_allclose(one.wave, lamost_wave(), rtol=1e-14)
    np.testing.assert_allclose(one.flux, light(lamost_wave()), rtol=1e-6)
    np.testing.assert_allclose(one.ivar, ivar_of(lamost_wave()), rtol=1e-6)
    # BRIGHTSKY and NODATA are harmful; NEARBADPIXEL at 11 is not.
    assert np.flatnonzero(one.bad).tolist() == [10, 12]
    assert (one.object_id[0], one.spectrum_id[0]) == ("SDSS J100100.00-203000.0", "1079-52621-0509")
    # The first header's RA and DEC are the plate's, a degree off.
    assert (one.ra[0], one.dec[0], one.snr[0], one.kind[0]) == (RA, DEC, 50.0, "STAR")
    assert one.velocity[0] == pytest.approx(VELOCITY, rel=1e-6)
    assert one.mjd[0] == pytest.approx(4546469597.81 / 86400)
    assert one.meta["helio_rv"][0] == 26.3


def test_without_the_table_of_facts_velocity_and_place_are_unknown(tmp_path: Path) -> None:
    write(tmp_path)
    one = read_spectra(tmp_path / "spec-1079-52621-0511_MADE.fits")
    assert np.isnan([one.velocity[0], one.ra[0], one.snr[0]]).all()
    assert (one.kind[0], one.meta["velocity_from"][0], one.spectrum_id[0]) == ("", "", "1079-52621-0509")


def test_coefficients_that_give_no_wavelengths(tmp_path: Path) -> None:
    header = cards()
    header["SPEC_CLN"], header["COEFF1"] = 1, 0.0
    fits.PrimaryHDU(np.ones((4, 500), np.float32), header).writeto(tmp_path / "x.fit")
    with pytest.raises(ReadError, match="give no wavelengths"):
        read_spectra(tmp_path / "x.fit")


def test_real_tables_as_astropy_reads_them(shared_data: Path) -> None:
    kinds = set()
    for path in real_files(shared_data, "*spec-*.fits"):
        one = read_spectra(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fits.open(path) as file:
                pixels, facts = file["COADD"].data, file[2].data
                flux, loglam, ivar, mask = (np.asarray(pixels[name]) for name in ("flux", "loglam", "ivar", "and_mask"))
                z, ra, kind, snr = facts["Z"][0], facts["PLUG_RA"][0], facts["CLASS"][0], facts["SN_MEDIAN"][0][1]
        np.testing.assert_array_equal(one.flux, flux)
        np.testing.assert_array_equal(one.ivar, np.maximum(ivar, 0))
        np.testing.assert_allclose(np.log10(one.wave), loglam, atol=3e-7)
        bright_sky, bad_sky, no_data = mask >> 23 & 1, mask >> 27 & 1, mask >> 24 & 1
        np.testing.assert_array_equal(one.bad, (bright_sky | bad_sky | no_data) > 0)
        assert one.velocity[0] == pytest.approx(299792.458 * float(z))
        assert (one.ra[0], one.kind[0], one.snr[0]) == (ra, kind.strip(), pytest.approx(float(snr)))
        kinds.add(one.subclass[0][:2])
    assert len(kinds) >= 3


def test_real_images_as_astropy_reads_them(shared_data: Path) -> None:
    for path in real_files(shared_data, "spSpec-*.fit"):
        one = read_spectra(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fits.open(path) as file:
                card, (flux, _, error, _) = file[0].header, file[0].data
        np.testing.assert_array_equal(one.flux, flux)
        np.testing.assert_allclose(one.ivar[error > 0], error[error > 0] ** -2.0, rtol=1e-6)
        assert (one.ivar[error <= 0] == 0).all()
        np.testing.assert_allclose(one.wave, 10 ** (card["COEFF0"] + card["COEFF1"] * np.arange(len(flux))), rtol=1e-12)
        assert (one.ra[0], one.dec[0]) == (card["RAOBJ"], card["DECOBJ"])
        assert one.kind[0] in ("STAR", "UNKNOWN")
