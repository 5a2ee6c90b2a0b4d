"""Spectra that no survey owns: tables in every container, images with a header, in air and vacuum, in every unit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from astropy import units
from astropy.io import fits
from astropy.table import Table

from goodricke.spectra.wavelength import air_from_vacuum
from samples.spectra import DEC, RA, VELOCITY, ivar_of, light

VACUUM = np.arange(4000.0, 7000.0, 1.25)
AIR = air_from_vacuum(VACUUM)


def write(folder: Path) -> list[Path]:
    """Twenty-one files."""
    flux, ivar = light(VACUUM), ivar_of(VACUUM)
    err = np.where(ivar > 0, 2.0, 0.0)
    bad = np.arange(len(VACUUM)) == 40
    made: list[Path] = []

    def path(name: str) -> Path:
        made.append(folder / f"MADE_{name}")
        return made[-1]

    def csv(name: str, header: str, *columns: np.ndarray, comma: str = ",", form: str = ".6f") -> None:
        body = "".join(comma.join(f"{value:{form}}" for value in row) + "\n" for row in zip(*columns, strict=True))
        path(name).write_text(header + body)

    # Text.
    csv("vacuum.csv", "wave_vac,flux,ivar,mask\n", VACUUM, flux, ivar, bad)
    csv("air.csv", "lambda_air,Flux,e_flux\n", AIR, flux, err)
    csv("nm.csv", "wavelength_nm,intensity\n", AIR / 10, flux)
    csv("silent.csv", "wavelength,flux,error\n", AIR, flux, err)
    csv("sdss_export.csv", "Wavelength,Flux,BestFit,SkyFlux\n", AIR, flux, flux, flux)
    csv("falling.csv", "wave_vac,flux,ivar\n", VACUUM[::-1], flux[::-1], ivar[::-1])
    csv("bare.dat", "", AIR, flux, err, comma="  ")
    remarks = f"# object: HD 999\n# RA = {RA}\n# DEC = {DEC}\n# RV = {VELOCITY}\n# DATE-OBS = 2014-04-21T12:00:00\n"
    csv("remarks.txt", remarks + "# wavelengths in vacuum\n# wave flux err\n", VACUUM, flux, err, comma=" ")
    csv("log.txt", "loglam flux ivar\n", np.log10(VACUUM), flux, ivar, comma=" ", form=".9f")
    star = np.repeat(["one", "two"], len(VACUUM))
    rows = zip(star, np.tile(VACUUM, 2), np.tile(flux, 2), np.tile(ivar, 2), strict=True)
    path("long.csv").write_text("object_id,wave_vac,flux,ivar\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in rows))
    # Astropy's tables.
    table = Table({"wave": AIR * units.AA, "flux": flux * units.Unit("erg / (s cm2 AA)"), "err": err})
    table.meta["AIRORVAC"] = "air"
    table.write(path("units.ecsv"), format="ascii.ecsv")
    votable = Table({"spectral_axis_vac": VACUUM / 10 * units.nm, "flux": flux, "ivar": ivar})
    votable["spectral_axis_vac"].info.meta = {"ucd": "em.wl"}
    votable.write(path("votable.xml"), format="votable", tabledata_format="tabledata")
    # FITS tables.
    header = fits.Header({"OBJECT": "HD 999", "RA": "10:01:00.0", "DEC": "-20:30:00", "DATE-OBS": "2014-04-21T12:00:00",
                          "REDSHIFT": VELOCITY / 299792.458})  # fmt: skip
    for name, columns in (
        ("table.fits", [("WAVELENGTH", "D", VACUUM), ("FLUX", "E", flux), ("ERROR", "E", err), ("MASK", "I", bad)]),
        ("micron.fits", [("WAVE", "D", VACUUM / 1e4), ("FLUX", "E", flux), ("IVAR", "E", ivar)]),
        ("vectors.fits", [("WAVE", f"{len(flux)}D", VACUUM[None]), ("FLUX", f"{len(flux)}E", flux[None]),
                          ("ERR", f"{len(flux)}E", err[None])]),
    ):  # fmt: skip
        hdu = fits.BinTableHDU.from_columns([fits.Column(key, form, array=array) for key, form, array in columns])
        hdu.header["VACUUM"] = True
        if name == "micron.fits":
            hdu.header["TUNIT1"] = "um"
        fits.HDUList([fits.PrimaryHDU(header=header), hdu]).writeto(path(name))
    # FITS images.
    linear = fits.Header({"CRVAL1": 4000.0, "CDELT1": 1.25, "CRPIX1": 1.0, "CTYPE1": "WAVE", "CUNIT1": "Angstrom"})
    fits.HDUList([fits.PrimaryHDU(flux, linear), fits.ImageHDU(err, name="ERR")]).writeto(path("linear.fits"))
    log_wave = 10 ** (3.6 + 1e-4 * np.arange(2400))
    dc = fits.Header({"CRVAL1": 3.6, "CD1_1": 1e-4, "CRPIX1": 1, "CTYPE1": "LINEAR", "DC-FLAG": 1, "VACUUM": True})
    fits.PrimaryHDU(light(log_wave), dc).writeto(path("log.fits"))
    iraf = fits.Header({"CRVAL1": 3999.0, "CD1_1": 1.25, "CTYPE1": "LINEAR", "WAT1_001": "wtype=linear units=angstroms",
                        "BANDID1": "spectrum - background none", "BANDID2": "sigma - background none"})  # fmt: skip
    seen = 3999.0 + 1.25 * np.arange(2400)
    from goodricke.spectra.wavelength import vacuum_from_air

    bands = np.stack([light(vacuum_from_air(seen)), np.full(2400, 2.0)])[:, None, :]
    fits.PrimaryHDU(bands, iraf).writeto(path("bands.fits"))
    # Parquet.
    pq.write_table(pa.table({"wave_vac": VACUUM, "flux": flux, "ivar": ivar}), path("columns.parquet"))
    lists = {"object_id": ["one", "two"], "ra": [RA, RA + 1], "dec": [DEC, DEC], "z": [VELOCITY / 299792.458] * 2,
             "wave_vac": [VACUUM] * 2, "flux": [flux] * 2, "ivar": [ivar] * 2}  # fmt: skip
    pq.write_table(pa.table(lists), path("rows.parquet"))
    return made
