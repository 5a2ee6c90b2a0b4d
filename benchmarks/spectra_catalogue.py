"""The packed real spectra of the data folder as files of LAMOST, to classify them as a user would.

    python benchmarks/spectra_catalogue.py DATA FOLDER
    goodricke classify FOLDER -o binaries.ecsv --plot pages

An owner of files from the survey needs only the second line.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

from goodricke.spectra import LAMOST_LATTICE
from goodricke.spectra.lattice import LIGHT_KM_S
from spectra_real import real_spectra


def write(data: Path, folder: Path) -> int:
    """Files in the layout of DR2 to DR8: five rows of flux, inverse variance, wavelength and masks."""
    spectra = real_spectra(data)
    folder.mkdir(parents=True, exist_ok=True)
    flux, ivar = spectra.on(LAMOST_LATTICE)
    bad = spectra.bad.reshape(flux.shape)
    for k in range(len(spectra)):
        there = np.flatnonzero(ivar[k] > 0)
        part = slice(there[0], there[-1] + 1) if len(there) else slice(None)
        rows = np.stack([flux[k], ivar[k], LAMOST_LATTICE.wave, bad[k], bad[k]])[:, part].astype(np.float32)
        image = fits.PrimaryHDU(rows)
        plan, _, spectrograph = str(spectra.meta["plate"][k]).rpartition(" ")
        cards = {
            "TELESCOP": "LAMOST", "EXTEN0": "Flux Inverse Wavelength Andmask Ormask", "VACUUM": True,
            "COEFF0": round(float(np.log10(LAMOST_LATTICE.wave[part.start or 0])), 4), "COEFF1": 1e-4,
            "DESIG": f"LAMOST {spectra.object_id[k]}", "RA": float(spectra.ra[k]), "DEC": float(spectra.dec[k]),
            "LMJD": int(spectra.mjd[k]), "PLANID": plan, "SPID": int(spectrograph),
            "FIBERID": int(spectra.meta["fiber"][k]), "CLASS": str(spectra.kind[k]),
            "SUBCLASS": str(spectra.subclass[k]), "Z": float(spectra.velocity[k] / LIGHT_KM_S),
            "SNRG": float(spectra.snr[k]),
        }  # fmt: skip
        for name, value in cards.items():
            if not isinstance(value, float) or np.isfinite(value):
                image.header[name] = value
        path = folder / f"spec-{int(spectra.mjd[k])}-{plan}_sp{int(spectrograph):02d}-{k:03d}.fits"
        image.writeto(path, overwrite=True)
    return len(spectra)


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]), Path(sys.argv[2]))} files of spectra")
