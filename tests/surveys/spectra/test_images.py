"""FITS images as spectra, with the wavelengths in the header, in another image, or in a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from goodricke.errors import ReadError
from goodricke.spectra.wavelength import vacuum_from_air
from goodricke.surveys.source import Source
from goodricke.surveys.spectra import SpectrumStatus, read_spectra
from goodricke.surveys.spectra.dispersion import dispersion_of
from samples.spectra import light

N = 2000
LINEAR = 4000.0 + 1.5 * np.arange(N)


def written(path: Path, flux: np.ndarray, *more: fits.ImageHDU, **cards: object) -> Path:
    """An image with these cards."""
    header = fits.Header()
    for name, value in cards.items():
        header[name.replace("__", "-")] = value
    fits.HDUList([fits.PrimaryHDU(flux, header), *more]).writeto(path, overwrite=True)
    return path


def test_words_on_the_axis(tmp_path: Path) -> None:
    path = tmp_path / "x.fits"
    flux = light(LINEAR)
    for cards, expected in (
        ({"CRVAL1": 4000.0, "CDELT1": 1.5, "CTYPE1": "WAVE"}, LINEAR),
        ({"CRVAL1": 4001.5, "CD1_1": 1.5, "CRPIX1": 2.0, "VACUUM": True}, LINEAR),
        ({"CRVAL1": 400.0, "CDELT1": 0.15, "CUNIT1": "nm", "CTYPE1": "AWAV"}, vacuum_from_air(LINEAR)),
        ({"CRVAL1": 4e-7, "CDELT1": 1.5e-10, "CUNIT1": "m", "CTYPE1": "WAVE"}, LINEAR),
        ({"COEFF0": 3.6, "COEFF1": 1e-4, "VACUUM": True}, 10 ** (3.6 + 1e-4 * np.arange(N))),
        ({"CRVAL1": 3.6, "CDELT1": 1e-4, "DC__FLAG": 1, "VACUUM": True}, 10 ** (3.6 + 1e-4 * np.arange(N))),
        ({"CRVAL1": 4000.0, "CDELT1": 1.5, "WAT1_001": "wtype=linear label=Wavelength units=angstroms"},
         vacuum_from_air(LINEAR)),
    ):  # fmt: skip
        one = read_spectra(written(path, flux, **cards))
        np.testing.assert_allclose(one.wave, expected, rtol=1e-9)
        np.testing.assert_allclose(one.flux, flux, rtol=1e-6)


def test_logarithmic_axes_as_astropys_wcs_has_them(tmp_path: Path) -> None:
    cards = {"CRVAL1": 4000.0, "CDELT1": 0.92, "CRPIX1": 1.0, "CTYPE1": "WAVE-LOG", "CUNIT1": "Angstrom"}
    path = written(tmp_path / "x.fits", light(LINEAR), **cards)
    expected = WCS(fits.Header(cards), naxis=1).all_pix2world(np.arange(N), 0)[0] * 1e10  # WCS speaks metres
    np.testing.assert_allclose(read_spectra(path).wave, expected, rtol=1e-9)


def test_multispec_of_one_aperture(tmp_path: Path) -> None:
    words = 'wtype=multispec spec1 = "1 1 0 4000. 1.5 2000 0. 20.1 23.9"'
    cards = {"CTYPE1": "MULTISPE", "WAT2_001": words[:60], "WAT2_002": words[60:], "CDELT1": 1.0, "VACUUM": True}
    one = read_spectra(written(tmp_path / "x.fits", light(LINEAR)[None], **cards))
    np.testing.assert_allclose(one.wave, LINEAR)
    cards["WAT2_001"] = words[:60].replace("1 1 0", "1 1 2")
    with pytest.raises(ReadError, match="polynomial"):
        read_spectra(written(tmp_path / "x.fits", light(LINEAR)[None], **cards))


@pytest.mark.parametrize(
    ("name", "values", "ivar"),
    [("ERR", np.full(N, 2.0), 0.25), ("IVAR", np.full(N, 0.5), 0.5), ("VARIANCE", np.full(N, 4.0), 0.25)],
)
def test_errors_beside_the_flux(name: str, values: np.ndarray, ivar: float, tmp_path: Path) -> None:
    mask = np.zeros(N, dtype=np.int16)
    mask[7] = 4
    path = written(
        tmp_path / "x.fits", light(LINEAR), fits.ImageHDU(values, name=name), fits.ImageHDU(mask, name="MASK"),
        CRVAL1=4000.0, CDELT1=1.5, VACUUM=True,
    )  # fmt: skip
    one = read_spectra(path)
    np.testing.assert_allclose(one.ivar, ivar)
    assert np.flatnonzero(one.bad).tolist() == [7]


def test_an_image_of_wavelengths(tmp_path: Path) -> None:
    path = written(tmp_path / "x.fits", light(LINEAR), fits.ImageHDU(LINEAR, name="WAVE_VAC"))
    np.testing.assert_allclose(read_spectra(path).wave, LINEAR)


@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_wavelength_flux_and_error(turned: bool, tmp_path: Path) -> None:
    stack = np.stack([LINEAR, light(LINEAR), np.full(N, 2.0)])
    report: list[SpectrumStatus] = []
    one = read_spectra(written(tmp_path / "x.fits", stack.T if turned else stack, VACUUM=True), report=report)
    np.testing.assert_allclose(one.wave, LINEAR)
    np.testing.assert_allclose(one.flux, light(LINEAR), rtol=1e-6)
    np.testing.assert_allclose(one.ivar, 0.25)
    assert any("first row of the image" in note for note in report[0].notes)


@pytest.mark.parametrize(
    ("cards", "message"),
    [
        ({"CTYPE1": "FREQ", "CRVAL1": 1e14, "CDELT1": 1e10}, "no spectrum is recognised"),
        ({"CRVAL1": 1.0, "CDELT1": 1.0}, "fits no unit"),  # pixels
        ({"CRVAL1": 4000.0, "CDELT1": 0.0}, "no spectrum is recognised"),
        ({}, "no spectrum is recognised"),
    ],
)
def test_axes_that_are_no_wavelengths(cards: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=message):
        read_spectra(written(tmp_path / "x.fits", light(LINEAR), **cards))
    if not cards:
        source = Source("x", path=tmp_path / "x.fits")
        with pytest.raises(ReadError, match="the image has no wavelengths"):
            dispersion_of(source.fits.primary, N)
