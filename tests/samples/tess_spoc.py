"""TESS SPOC light curves, written with astropy: old and new versions, 2 min and 20 s, and one packed with gzip."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from samples import DEC, RA, Star, star

TIC = 261136679
ZERO_POINT = 20.44

Column = tuple[str, str, NDArray[Any], str | None]


def fits_file(
    path: Path, primary: Mapping[str, Any], columns: Sequence[Column], table: Mapping[str, Any], images: int = 1
) -> Path:
    """Write a primary header, one binary table and the image of an aperture."""
    first = fits.PrimaryHDU()
    first.header["NEXTEND"] = 1 + images
    first.header.update(primary)
    second = fits.BinTableHDU.from_columns(
        [fits.Column(name=name, format=form, array=array, unit=unit) for name, form, array, unit in columns]
    )
    second.header.update(table)
    apertures = [fits.ImageHDU(np.ones((11, 11), dtype=np.int32), name="APERTURE") for _ in range(images)]
    fits.HDUList([first, second, *apertures]).writeto(path, overwrite=True)
    return path


def electrons(seen: Star, zero_point: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Flux and error in e-/s."""
    flux = 10 ** (-0.4 * (seen.mag - zero_point))
    return flux, flux * seen.err * np.log(10.0) / 2.5


def spoc_columns(seen: Star, zero_jd: float, zero_point: float, quality: str = "QUALITY") -> list[Column]:
    """The columns of SPOC, less the centroids; a gap, a missing flux and a flagged point at the start."""
    flux, err = electrons(seen, zero_point)
    time, bits = seen.jd - zero_jd, np.zeros(len(flux), dtype=np.int32)
    time[0], flux[1], bits[2] = np.nan, np.nan, 8
    empty = np.full(len(flux), np.nan)
    return [
        ("TIME", "D", time, f"BJD - {zero_jd:.0f}, days"),
        ("TIMECORR", "E", np.zeros(len(flux)), "d"),
        ("CADENCENO", "J", np.arange(len(flux)), None),
        ("SAP_FLUX", "E", 0.9 * flux, "e-/s"),
        ("SAP_FLUX_ERR", "E", 0.9 * err, "e-/s"),
        ("SAP_BKG", "E", empty, "e-/s"),
        ("SAP_BKG_ERR", "E", empty, "e-/s"),
        ("PDCSAP_FLUX", "E", flux, "e-/s"),
        ("PDCSAP_FLUX_ERR", "E", err, "e-/s"),
        (quality, "J", bits, None),
        ("POS_CORR1", "E", empty, "pixels"),
    ]


def primary_cards(**more: Any) -> dict[str, Any]:
    """What SPOC writes first; `more` adds or overrules."""
    return {
        "EXTNAME": "PRIMARY",
        "ORIGIN": "NASA/Ames",
        "TELESCOP": "TESS",
        "INSTRUME": "TESS Photometer",
        "OBJECT": f"TIC {TIC}",
        "TICID": TIC,
        "SECTOR": 1,
        "RADESYS": "ICRS",
        "RA_OBJ": RA,
        "DEC_OBJ": DEC,
        "TESSMAG": 13.0,
        "TEFF": 5992.0,
        "TICVER": 7,
    } | more


def table_cards(seconds: float, **more: Any) -> dict[str, Any]:
    """What SPOC writes over the table."""
    return {
        "EXTNAME": "LIGHTCURVE",
        "TELESCOP": "TESS",
        "TICID": TIC,
        "TIMEREF": "SOLARSYSTEM",
        "TIMESYS": "TDB",
        "BJDREFI": 2457000,
        "BJDREFF": 0.0,
        "TIMEUNIT": "d",
        "TIMEDEL": seconds / 86400.0,
    } | more


def write(folder: Path) -> list[Path]:
    """Write one file per variant."""
    columns = spoc_columns(star(), 2457000.0, ZERO_POINT)
    old = fits_file(
        folder / "MADE-tess2018206045859-s0001-0000000261136679-0120-s_lc.fits",
        primary_cards(PROCVER="spoc-3.3.36-20180925", MH=None),
        columns,
        table_cards(120.0),
    )
    new = fits_file(
        folder / "MADE-tess2023018032328-s0061-0000000261136679-0250-s_lc.fits",
        primary_cards(PROCVER="spoc-5.0.84-20230216", TICVER="8.2", TESSMAG="13.0", TEFF=None, MH=None),
        spoc_columns(star(start_jd=2459970.0, seed=2), 2457000.0, ZERO_POINT),
        table_cards(120.0),
    )
    fast = fits_file(
        folder / "MADE-tess2020186164531-s0027-0000000261136679-0189-a_fast-lc.fits",
        primary_cards(PROCVER="spoc-4.0.36-20200520", TESSMAG=None),
        spoc_columns(star(start_jd=2459040.0, seed=3), 2457000.0, ZERO_POINT),
        table_cards(20.0),
    )
    packed = folder / "MADE-tess-packed_lc.fits.gz"
    packed.write_bytes(gzip.compress(old.read_bytes(), mtime=0))
    return [old, new, fast, packed]
