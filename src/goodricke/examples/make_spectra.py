"""Write the example spectra: ``python -m goodricke.examples.make_spectra FOLDER [--seed N]``.

Made stars in the layouts of LAMOST: light of the emulator, with a deviation such as real stars have, and noise. Each
says in its header that it is no observation. The same seed gives the same numbers. Needs astropy, which
``pip install 'goodricke[dev]'`` brings; reading the examples does not.
"""

from __future__ import annotations

import gzip
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.photosphere import emulator, light_ratio, pair_flux, shift
from goodricke.spectra.lattice import LAMOST_LATTICE, LIGHT_KM_S

__all__ = ["EXAMPLES", "main", "write_spectra"]

_RANGE = (3840.0, 7258.0)  # Angstrom: what the emulator knows of a star that moves
_BANDS = {"U": 0.5, "G": 0.9, "R": 1.2, "I": 1.2, "Z": 1.0}  # signal-to-noise ratios beside that of the whole
_DIGITS = 4  # of fluxes; more would only be noise that does not pack


@dataclass(frozen=True)
class Example:
    """One spectrum."""

    file: str
    """Name of its file: with ``coadd`` in the table of DR9 and later, else in the image of before."""
    star: int
    """Number of the star: spectra of one star have one place, and one deviation."""
    teff: float
    """K, of the primary."""
    snr: float
    """Per pixel."""
    mjd: int
    """Of the exposure."""
    q: float = 0.0
    """Mass ratio; 0 for a single star."""
    velocity: tuple[float, float] = (0.0, 0.0)
    """km/s, of the primary and the secondary."""
    subclass: str = "G5"
    """As a pipeline might have it."""


EXAMPLES = (
    Example("spec-made-single-coadd.fits.gz", 1, 5700.0, 60.0, 58000, velocity=(12.0, 0.0)),
    Example("spec-made-binary-q0.80-coadd.fits.gz", 2, 5500.0, 60.0, 58001, 0.8, (-20.0, -20.0), "G8"),
    Example("spec-made-binary-250kms-coadd.fits.gz", 3, 6000.0, 60.0, 58002, 0.9, (-118.0, 132.0), "F9"),
    Example("spec-made-moving-epoch1.fits.gz", 4, 5300.0, 45.0, 57400, 0.6, (-35.0, 50.0), "G9"),
    Example("spec-made-moving-epoch2.fits.gz", 4, 5300.0, 45.0, 57431, 0.6, (40.0, -75.0), "G9"),
    Example("spec-made-too-faint.fits.gz", 5, 5900.0, 2.0, 57460, velocity=(5.0, 0.0)),
)


def write_spectra(folder: Path, seed: int = 1783) -> list[Path]:
    """Write all examples into `folder` and return their paths."""
    paths = []
    for k, example in enumerate(EXAMPLES):
        deviation = np.random.default_rng([seed, 1000 + example.star])
        rows = _pixels(example, deviation, np.random.default_rng([seed, k]))
        path = folder / example.file
        # Without the clock and the name that gzip would put in.
        path.write_bytes(gzip.compress(_fits(example, rows), 9, mtime=0))
        paths.append(path)
    return paths


def _pixels(
    example: Example, deviation: np.random.Generator, rng: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    """Columns of the spectrum as observed, on pixels of LAMOST."""
    ours = emulator()
    label = np.array([[example.teff, 4.45, -0.1]])
    if example.q:
        flux = pair_flux(ours, label, example.q, *example.velocity)
    else:
        flux = shift(ours.flux(label), ours.lattice, example.velocity[0])
    size = np.sqrt(ours.variances) * deviation.normal(size=len(ours.variances))
    own = np.interp(ours.lattice.wave, _wave_of(ours.components.shape[1]), 0.5 * size @ ours.components)
    wave = LAMOST_LATTICE.wave
    wave = wave[(wave > _RANGE[0]) & (wave < _RANGE[1])]
    light = np.interp(wave, ours.lattice.wave, flux[0] * np.exp(own))
    sigma = light / example.snr * np.interp(wave, [3840.0, 4500.0, 7300.0], [1.8, 1.0, 0.7])
    counts = 1000.0 * (light + rng.normal(0.0, 1.0, len(wave)) * np.hypot(sigma, 0.005 * light))
    masked = np.zeros(len(wave))
    masked[rng.integers(len(wave), size=12)] = 16.0
    columns = {
        "FLUX": np.round(counts, 1 if example.snr > 10 else 0), "IVAR": _rounded((1000.0 * sigma) ** -2.0),
        "WAVELENGTH": wave, "ANDMASK": masked, "ORMASK": masked,
    }  # fmt: skip
    return {name: values.astype(np.float32) for name, values in columns.items()}


def _wave_of(n: int) -> NDArray[np.float64]:
    """Wavelengths of the components, which may lack the margins of the lattice."""
    wave = emulator().lattice.wave
    margin = (len(wave) - n) // 2
    return wave[margin : len(wave) - margin]


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Four significant digits."""
    scale = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(values)))
    return np.asarray(np.round(values * scale) / scale)


def _fits(example: Example, rows: dict[str, NDArray[np.float32]]) -> bytes:
    from astropy.io import fits

    header = fits.Header()
    for name, value in _cards(example).items():
        header[name] = value
    header["HISTORY"] = "Made by goodricke.examples.make_spectra: this is no observation."
    units: list[Any]
    if "coadd" in example.file:
        n = len(rows["FLUX"])
        columns = [fits.Column(name, f"{n}E", array=values[None, :]) for name, values in rows.items()]
        columns.append(fits.Column("NORMALIZATION", f"{n}E", array=np.full((1, n), -9999.0)))
        units = [fits.PrimaryHDU(header=header), fits.BinTableHDU.from_columns(columns, name="COADD")]
    else:
        header["EXTEN0"] = "Flux Inverse Wavelength Andmask Ormask"
        units = [fits.PrimaryHDU(np.stack(list(rows.values())), header)]
    stream = io.BytesIO()
    fits.HDUList(units).writeto(stream)
    return stream.getvalue()


def _cards(example: Example) -> dict[str, Any]:
    ratio = float(light_ratio([example.teff], [4.45], [-0.1], [example.q])[0]) if example.q else 0.0
    velocity = (example.velocity[0] + ratio * example.velocity[1]) / (1.0 + ratio)
    ra, dec = 150.0 + 0.1 * example.star, 30.0 + 0.05 * example.star
    first = float(np.log10(LAMOST_LATTICE.wave[LAMOST_LATTICE.wave > _RANGE[0]][0]))
    coadd = "coadd" in example.file
    return {
        "ORIGIN": "goodricke", "TELESCOP": "LAMOST", "DATA_V": "LAMOST DR9" if coadd else "LAMOST DR8",
        "OBJECT": "made", "DESIG": f"LAMOST J{_sexagesimal(ra, dec)}", "OBSID": 999000000 + 10 * example.star
        + (example.mjd % 2), "MJD": example.mjd, "LMJD": example.mjd + 1, "RA": ra, "DEC": dec, "OBJTYPE": "Star",
        "CLASS": "STAR", "SUBCLASS": example.subclass, "Z": round(velocity / LIGHT_KM_S, 8), "Z_ERR": 1.3e-5,
        "HELIO": True, "VACUUM": True, "COEFF0": round(first, 4), "COEFF1": 1e-4,
        **{f"SNR{band}": round(factor * example.snr, 2) for band, factor in _BANDS.items()},
    }  # fmt: skip


def _sexagesimal(ra: float, dec: float) -> str:
    """A place as LAMOST's designations have it, such as 100024.00+300300.0."""
    hundredths, tenths = round(ra / 15 * 360000), round(dec * 36000)
    (h, left), (d, rest) = divmod(hundredths, 360000), divmod(tenths, 36000)
    (m, s), (minute, second) = divmod(left, 6000), divmod(rest, 600)
    return f"{h:02d}{m:02d}{s / 100:05.2f}+{d:02d}{minute:02d}{second / 10:04.1f}"


def main(arguments: list[str]) -> None:
    """Write the examples into the folder named on the command line."""
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 1783
    for path in write_spectra(Path(arguments[0]), seed):
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
