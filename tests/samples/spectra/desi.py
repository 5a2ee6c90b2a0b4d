"""DESI: a coadd with a packed mask and redrock's table beside it, and spectra with redshifts in the same file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits

from samples.spectra import DEC, RA, VELOCITY, ivar_of, light

ARMS = {"B": (3600.0, 5800.0), "R": (5760.0, 7620.0), "Z": (7520.0, 9824.0)}
TARGETS = np.array([39627658022946817, 39627658022946818, 39627658022946819], dtype=np.int64)
N = len(TARGETS)


def wave_of(arm: str) -> np.ndarray:
    """Wavelengths of an arm, even in steps of 0.8 Angstrom on one ladder for all arms."""
    low, high = ARMS[arm]
    return np.round(np.arange(low, high + 0.1, 0.8), 1)


def arms(packed: bool) -> list[fits.ImageHDU | fits.CompImageHDU]:
    """Images of all arms. R is twice as certain as B and 2 % higher, so that an average shows; pixel 50 is masked."""
    made: list[fits.ImageHDU | fits.CompImageHDU] = []
    for k, arm in enumerate(ARMS):
        wave = wave_of(arm)
        flux = np.tile(light(wave) * (1.02 if arm == "R" else 1.0), (N, 1)).astype(np.float32)
        flux[2] = np.nan  # a broken fibre
        ivar = np.tile(ivar_of(wave) * (2.0 if arm == "R" else 1.0), (N, 1)).astype(np.float32)
        mask = np.zeros((N, len(wave)), dtype=np.int32)
        mask[:, 50] = 1 << k
        made += [fits.ImageHDU(wave, name=f"{arm}_WAVELENGTH"), fits.ImageHDU(flux, name=f"{arm}_FLUX")]
        made.append(fits.ImageHDU(ivar, name=f"{arm}_IVAR"))
        kind = fits.CompImageHDU if packed else fits.ImageHDU
        made.append(kind(mask, name=f"{arm}_MASK"))
    return made


def fibre_map(**more: np.ndarray) -> fits.BinTableHDU:
    """The table of targets."""
    values = {
        "TARGETID": ("K", TARGETS), "TARGET_RA": ("D", RA + np.arange(N) / 100), "TARGET_DEC": ("D", np.full(N, DEC)),
        "FIBER": ("J", np.arange(N)), "COADD_FIBERSTATUS": ("J", np.zeros(N)), "FLUX_R": ("E", np.full(N, 3.0)),
        "OBJTYPE": ("3A", np.array(["TGT", "TGT", "SKY"])),
        **{name: ("K" if name == "EXPID" else "D", value) for name, value in more.items()},
    }  # fmt: skip
    return fits.BinTableHDU.from_columns([fits.Column(n, f, array=a) for n, (f, a) in values.items()], name="FIBERMAP")


def redshifts() -> fits.BinTableHDU:
    """Redrock's table, in another order than the fibre map."""
    values = {
        "TARGETID": ("K", TARGETS[::-1]), "Z": ("D", np.array([0.0, 0.5, VELOCITY / 299792.458])),
        "ZERR": ("D", np.full(N, 1e-5)), "ZWARN": ("K", np.array([4, 0, 0])),
        "SPECTYPE": ("6A", np.array(["STAR", "GALAXY", "STAR"])), "SUBTYPE": ("20A", np.array(["M", "", "G"])),
    }  # fmt: skip
    return fits.BinTableHDU.from_columns([fits.Column(n, f, array=a) for n, (f, a) in values.items()], name="REDSHIFTS")


def scores() -> fits.BinTableHDU:
    """The table of signal-to-noise ratios."""
    columns = [fits.Column(f"MEDIAN_COADD_SNR_{arm}", "E", array=np.full(N, 10.0 + k)) for k, arm in enumerate("BRZ")]
    return fits.BinTableHDU.from_columns(columns, name="SCORES")


def write(folder: Path) -> list[Path]:
    """Two files of spectra (and redrock's beside the first)."""
    coadd = folder / "coadd-main-dark-10001_MADE_SYNTHETIC.fits"
    fits.HDUList([fits.PrimaryHDU(), fibre_map(), *arms(packed=True), scores()]).writeto(coadd)
    fits.HDUList([fits.PrimaryHDU(), redshifts()]).writeto(folder / coadd.name.replace("coadd-", "redrock-"))
    spectra = folder / "spectra-main-dark-10001_MADE_SYNTHETIC.fits"
    exposures = fibre_map(EXPID=np.array([7, 8, 9]), MJD=np.array([59000.25, 59001.25, 59002.25]))
    fits.HDUList([fits.PrimaryHDU(), exposures, *arms(packed=False), redshifts()]).writeto(spectra)
    return [coadd, spectra]
