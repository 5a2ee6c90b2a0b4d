"""SDSS: spec-* with SPECOBJ, with SPALL and with neither, and spSpec-*."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits

from samples.spectra import DEC, LOGLAM, RA, VELOCITY, ivar_of, lamost_wave, light

BITS = {10: 1 << 23, 11: 1 << 16, 12: 1 << 24}
"""Pixel -> bit of the mask: BRIGHTSKY and NODATA are harmful, NEARBADPIXEL is not."""


def coadd() -> fits.BinTableHDU:
    """The table of pixels."""
    mask = np.zeros(len(LOGLAM), dtype=np.int32)
    for pixel, bit in BITS.items():
        mask[pixel] = bit
    columns = {
        "flux": ("E", light(lamost_wave())),
        "loglam": ("E", LOGLAM),
        "ivar": ("E", ivar_of(lamost_wave())),
        "and_mask": ("J", mask),
        "or_mask": ("J", mask),
        "wdisp": ("E", np.ones(len(LOGLAM))),
    }
    return fits.BinTableHDU.from_columns([fits.Column(n, f, array=a) for n, (f, a) in columns.items()], name="COADD")


def about(name: str) -> fits.BinTableHDU:
    """The table with one row of facts."""
    values = {
        "PLUG_RA": ("D", [RA]), "PLUG_DEC": ("D", [DEC]), "CLASS": ("6A", ["STAR"]), "SUBCLASS": ("21A", ["G2"]),
        "Z": ("E", [VELOCITY / 299792.458]), "Z_ERR": ("E", [1e-5]), "ZWARNING": ("J", [0]), "PLATE": ("J", [1079]),
        "MJD": ("J", [52621]), "FIBERID": ("J", [509]), "SPECOBJID": ("22A", ["1214850000000000000"]),
        "SN_MEDIAN_ALL": ("E", [45.0]), "SN_MEDIAN": ("5E", [[10.0, 50.0, 60.0, 55.0, 20.0]]),
    }  # fmt: skip
    columns = [fits.Column(key, form, array=np.array(value)) for key, (form, value) in values.items()]
    return fits.BinTableHDU.from_columns(columns, name=name)


def cards() -> fits.Header:
    """The first header; its RA and DEC are the plate's."""
    header = fits.Header()
    header["TELESCOP"], header["VACUUM"], header["HELIO_RV"] = "SDSS 2.5-M", True, 26.3
    header["RA"], header["DEC"], header["MJD"], header["PLATEID"], header["FIBERID"] = RA + 1, DEC - 1, 52621, 1079, 509
    header["TAI"], header["COEFF0"], header["COEFF1"] = 4546469597.81, 3.5682, 1e-4
    return header


def write(folder: Path) -> list[Path]:
    """Four files."""
    paths = []
    for name, tables in (
        ("spec-1079-52621-0509_MADE", [coadd(), about("SPECOBJ")]),
        ("spec-1079-52621-0510_MADE", [coadd(), about("SPALL")]),
        ("spec-1079-52621-0511_MADE", [coadd()]),
    ):
        paths.append(folder / f"{name}.fits")
        fits.HDUList([fits.PrimaryHDU(header=cards()), *tables]).writeto(paths[-1])
    header = cards()
    for k, word in enumerate(("SPECTRUM", "CONTINUUM-SUBTRACTED SPECTRUM", "ERROR", "MASK")):
        header[f"ARRAY{k + 1}"] = word
    header["RAOBJ"], header["DECOBJ"], header["Z"], header["Z_ERR"] = RA, DEC, VELOCITY / 299792.458, 1e-5
    header["SPEC_CLN"], header["SN_G"], header["SN_R"], header["SN_I"] = 1, 50.0, 60.0, 55.0
    ivar, mask = ivar_of(lamost_wave()), np.zeros(len(LOGLAM))
    error = np.where(ivar > 0, 1 / np.sqrt(np.where(ivar > 0, ivar, 1)), 0)
    for pixel, bit in BITS.items():
        mask[pixel] = bit
    rows = np.stack([light(lamost_wave()), light(lamost_wave()) - 100, error, mask]).astype(np.float32)
    paths.append(folder / "spSpec-52621-1079-509_MADE.fit")
    fits.HDUList([fits.PrimaryHDU(rows, header)]).writeto(paths[-1])
    return paths
