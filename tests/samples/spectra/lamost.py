"""LAMOST: the four layouts, packed and not, and tables as other tools may rewrite them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from astropy.io import fits

from samples.spectra import DEC, LOGLAM, RA, VELOCITY, ivar_of, lamost_wave, light

N = len(LOGLAM)


def cards(old: bool = False, **more: object) -> fits.Header:
    """A header as LAMOST writes it; names of before DR3 with `old`."""
    header = fits.Header()
    header["AUTHOR"], header["ORIGIN"], header["TELESCOP"] = "LAMOST Pipeline", "NAOC-LAMOST", "LAMOST"
    header["DATE-OBS"], header["LMJD"], header["MJD"] = "2014-04-21T19:52:51.43", 56769, 56768
    header["PLANID"], header["SPID"], header["FIBERID"] = "HD100101N203000B01", 7, 113
    header["RA"], header["DEC"], header["DESIG"] = RA, DEC, "LAMOST J100100.00-203000.0"
    header["OBJTYPE"], header["HELIO"], header["HELIO_RV"], header["VACUUM"] = "Star", True, -12.5, True
    header["COEFF0"], header["COEFF1"], header["CRVAL1"], header["CD1_1"] = 3.5682, 1e-4, 3.5682, 1e-4
    header["CLASS"], header["SUBCLASS"], header["Z"], header["Z_ERR"] = "STAR", "G2", VELOCITY / 299792.458, 1e-5
    for band, value in zip("UGRIZ", (12.0, 50.0, 70.0, 80.0, 60.0), strict=True):
        header[f"SN_{band}" if old else f"SNR{band}"] = value
    if not old:
        header["OBSID"], header["DATA_V"] = 231307113, "LAMOST DR8"
    header.update(more)
    return header


def rows(third: np.ndarray) -> np.ndarray:
    """The five rows of an image; pixel 100 is masked in all exposures, 100 and 200 in one at least."""
    andmask, ormask = np.zeros(N), np.zeros(N)
    andmask[100], ormask[[100, 200]] = 4, 4
    return np.stack([light(lamost_wave()), ivar_of(lamost_wave()), third, andmask, ormask])


def table(names: tuple[str, ...], wide: bool, copies: int = 1) -> fits.BinTableHDU:
    """The table COADD: a row of vectors (several with `copies`), or a row per pixel."""
    values = [*rows(lamost_wave()), np.full(N, -9999.0)]
    columns = [
        fits.Column(name, f"{N}E" if wide else "E", array=np.tile(value, (copies, 1)) if wide else value)
        for name, value in zip(names, values, strict=True)
    ]
    return fits.BinTableHDU.from_columns(columns, name="COADD")


def write(folder: Path) -> list[Path]:
    """Eight files."""
    wave = lamost_wave()
    # The pipeline takes the power of a logarithm that it holds in 32 bits.
    rounded = (10.0 ** LOGLAM.astype(np.float32).astype(np.float64)).astype(np.float32)
    written = {
        "pilot": fits.PrimaryHDU(
            rows(light(wave) / 100 - 1).astype(np.float32),
            cards(True, EXTEN0="Flux Inverse Subcontinuum Andmask Ormask"),
        ),
        "dr2_float64": fits.PrimaryHDU(rows(wave), cards(True, EXTEN0="Flux Inverse Wavelength Andmask Ormask")),
        "dr8": fits.PrimaryHDU(
            rows(rounded).astype(np.float32), cards(EXTEN0="Flux, Inverse, Wavelength, Andmask, Ormask")
        ),
    }
    paths = []
    for name, hdu in written.items():
        paths.append(folder / f"spec-56769-{name}_sp07-113_MADE.fits")
        hdu.writeto(paths[-1])
    packed = folder / "spec-56769-dr8_sp07-113_MADE.fits.gz"
    packed.write_bytes(gzip.compress(paths[-1].read_bytes()))
    paths.append(packed)
    upper = ("FLUX", "IVAR", "WAVELENGTH", "ANDMASK", "ORMASK", "NORMALIZATION")
    lower = tuple(name.lower() for name in upper)
    for name, hdu in (
        ("coadd", table(upper, wide=True)),
        ("coadd_lower", table(lower, wide=True)),
        ("coadd_pixels", table(upper, wide=False)),
        ("coadd_two_rows", table(upper, wide=True, copies=2)),
    ):
        paths.append(folder / f"spec-56769-{name}_sp07-113_MADE_SYNTHETIC.fits")
        fits.HDUList([fits.PrimaryHDU(header=cards(DATA_V="LAMOST DR9")), hdu]).writeto(paths[-1])
    return paths
