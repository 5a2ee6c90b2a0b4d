"""Write the example light curves: ``python -m goodricke.examples.make FOLDER [--seed N]``.

Synthetic stars with simple shapes, in the file formats of real surveys, a few tens of kilobytes in all. The same seed
gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

__all__ = ["main", "write_examples"]


def eclipsing(phase: Floats, primary: float, secondary: float, width: float, ellipsoidal: float = 0.0) -> Floats:
    """Magnitudes fainter than maximum (n,): two smooth eclipses of full width `width` in phase, and a cosine wave."""

    def eclipse(centre: float) -> Floats:
        distance = np.abs((phase - centre + 0.5) % 1.0 - 0.5) / (0.5 * width)
        return np.where(distance < 1.0, (1.0 - distance**2) ** 2, 0.0)

    wave = ellipsoidal * (1.0 + np.cos(4.0 * np.pi * phase)) / 2.0
    return np.asarray(primary * eclipse(0.0) + secondary * eclipse(0.5) + wave)


def pulsating(phase: Floats, amplitude: float, rise: float) -> Floats:
    """Magnitudes fainter than maximum (n,): a quick rise over the fraction `rise` of the cycle and a slow decline."""
    cycle = phase % 1.0
    falling = np.where(cycle < 1.0 - rise, cycle / (1.0 - rise), (1.0 - cycle) / rise)
    return np.asarray(amplitude * np.sin(0.5 * np.pi * falling) ** 0.8)


def nights(rng: np.random.Generator, n: int, start: float, days: float) -> Floats:
    """Times of a ground survey (n,): one visit a night, in a season of 220 days a year."""
    candidates = start + np.arange(int(days)) + rng.normal(0.0, 0.06, int(days))
    in_season = np.mod(candidates - start, 365.25) < 220.0
    return np.sort(np.round(rng.choice(candidates[in_season], n, replace=False), 5))


def write_examples(folder: Path, seed: int = 1783) -> list[Path]:
    """Write all examples into `folder` and return their paths."""
    rng = np.random.default_rng(seed)
    writers = (_asassn, _ogle, _crts, _ztf, _atlas, _gaia, _tess)
    return [path for writer in writers for path in writer(folder, rng)]


def _asassn(folder: Path, rng: np.random.Generator) -> list[Path]:
    """An Algol-type binary in V, then g, with upper limits."""
    time = nights(rng, 320, 2456650.5, 3000.0)
    band = np.where(time < 2458100.0, "V", "g")
    mag = 12.4 + (band == "g") * 0.25 + eclipsing(time / 3.21734, 1.1, 0.18, 0.10) + rng.normal(0.0, 0.015, len(time))
    lines = ["HJD,UT Date,Camera,FWHM,Limit,mag,mag_err,flux(mJy),flux_err,Filter"]
    for k, (t, m, b) in enumerate(zip(time, mag, band, strict=True)):
        seen = k % 29 != 7
        flux = 3.631e6 * 10 ** (-0.4 * m) if seen else 99.99
        lines.append(
            f"{t:.5f},2014-01-01.0000000,b{'abcd'[k % 4]},1.60,15.800,"
            + (f"{m:.3f},0.015,{flux:.3f},{0.0138 * flux:.3f},{b}" if seen else f">15.800,99.990,99.990,99.990,{b}")
        )
    return [_text(folder / "asassn_algol_type.csv", lines)]


def _ogle(folder: Path, rng: np.random.Generator) -> list[Path]:
    """A contact binary."""
    time = nights(rng, 200, 5260.6, 1450.0)
    mag = 17.1 + eclipsing(time / 0.39126, 0.25, 0.22, 0.45, 0.3) + rng.normal(0.0, 0.018, len(time))
    return [
        _text(folder / "OGLE-BLG-ECL-999999_I.dat", [f"{t:.5f} {m:.3f} 0.018" for t, m in zip(time, mag, strict=True)])
    ]


def _crts(folder: Path, rng: np.random.Generator) -> list[Path]:
    """An RRc star, four exposures a night."""
    first = nights(rng, 60, 53600.3, 2900.0)
    time = np.sort((first[:, None] + np.arange(4) * 0.007).ravel())
    mag = 15.6 + pulsating(time / 0.32415, 0.45, 0.4) + rng.normal(0.0, 0.05, len(time))
    lines = ["MasterID,Mag,Magerr,RA,Dec,MJD,Blend"]
    lines += [f"1009999000001,{m:.2f},0.07,141.20533,-9.55012,{t:.5f},0" for t, m in zip(time, mag, strict=True)]
    return [_text(folder / "crts_rrc.csv", lines)]


def _ztf(folder: Path, rng: np.random.Generator) -> list[Path]:
    """An RRab star in g and r."""
    lines = ["oid,expid,hjd,mjd,mag,magerr,catflags,filtercode,ra,dec"]
    for oid, code, bright, swing in ((599101100000001, "zg", 16.1, 1.1), (599201100000001, "zr", 15.9, 0.8)):
        for k, t in enumerate(nights(rng, 150, 2458200.7, 1200.0)):
            m = bright + pulsating(np.array([t / 0.56712]), swing, 0.15)[0] + rng.normal(0.0, 0.015)
            flag = 32768 if k % 41 == 3 else 0
            lines.append(f"{oid},{k},{t:.7f},{t - 2400000.5:.7f},{m:.5f},0.01500000,{flag},{code},210.00512,33.20417")
    return [_text(folder / "ztf_rrab.csv", lines)]


def _atlas(folder: Path, rng: np.random.Generator) -> list[Path]:
    """A Mira in o and c."""
    lines = [
        "MJD          m      dm   uJy   duJy F err chi/N     RA       Dec        x        y     maj  min   phi Obs"
    ]
    for k, t in enumerate(nights(rng, 180, 57850.4, 1500.0)):
        band = "c" if k % 5 == 0 else "o"
        m = 12.6 + (band == "c") * 0.9 + 1.7 * (1.0 - np.cos(2.0 * np.pi * t / 287.0)) / 2.0 + rng.normal(0.0, 0.02)
        flux = 10 ** (-0.4 * (m - 23.9))
        lines.append(
            f"{t:.6f} {m:7.3f} {0.005:6.3f} {flux:.0f} {0.005 * flux:.0f} {band}  0   1.20 282.11020  12.40310  "
            f"5120.10  4410.22 2.60 2.40 -20.0 01a{int(t)}o0100{band}"
        )
    return [_text(folder / "atlas_mira.txt", lines)]


def _gaia(folder: Path, rng: np.random.Generator) -> list[Path]:
    """A beta Lyrae type binary in G, BP and RP."""
    lines = ["source_id,transit_id,band,time,mag,flux,flux_error,flux_over_error,rejected_by_photometry,"
             "rejected_by_variability,other_flags,solution_id"]  # fmt: skip
    transits = np.sort(rng.uniform(1700.0, 2700.0, 48))
    for band, bright, zero, noise in (
        ("G", 13.2, 25.6874, 0.003),
        ("BP", 13.5, 25.3385, 0.01),
        ("RP", 12.7, 24.7479, 0.01),
    ):
        for k, t in enumerate(transits):
            m = bright + eclipsing(np.array([t / 1.73402]), 0.6, 0.35, 0.25, 0.12)[0] + rng.normal(0.0, noise)
            flux = 10 ** (-0.4 * (m - zero))
            lines.append(
                f"4999999999999999999,{k},{band},{t:.10f},{m:.6f},{flux:.4f},{noise * flux:.4f},{1 / noise:.2f},"
                f"{'true' if k % 23 == 5 else 'false'},false,1,375316653866487564"
            )
    return [_text(folder / "gaia_dr3_beta_lyrae_type.csv", lines)]


def _tess(folder: Path, rng: np.random.Generator) -> list[Path]:
    """An eccentric eclipsing binary seen in two sectors at 30 minutes."""
    from astropy.io import fits

    paths = []
    for sector, start in ((14, 1683.36), (15, 1711.37)):
        time = start + np.arange(1250) / 48.0
        time = np.where(np.abs(time - start - 13.0) < 0.6, np.nan, time)
        phase = time / 5.60871
        dip = eclipsing(phase, 0.42, 0.0, 0.05) + eclipsing(phase - 0.13, 0.0, 0.21, 0.06)
        level = 8200.0 * (1.0 + 0.01 * (sector == 15))
        flux = level * 10 ** (-0.4 * np.nan_to_num(dip)) * (1.0 + rng.normal(0.0, 6e-4, len(time)))
        flux[np.isnan(time)] = np.nan
        quality = np.where(rng.random(len(time)) < 0.02, 128, 0).astype(np.int32)
        columns: list[tuple[str, str, Any, str]] = [
            ("TIME", "D", time, "BJD - 2457000, days"),
            ("CADENCENO", "J", np.arange(len(time)), ""),
            ("SAP_FLUX", "E", flux * 0.98, "e-/s"),
            ("PDCSAP_FLUX", "E", flux, "e-/s"),
            ("PDCSAP_FLUX_ERR", "E", np.where(np.isnan(flux), np.nan, 6e-4 * level), "e-/s"),
            ("QUALITY", "J", quality, ""),
        ]
        table = fits.BinTableHDU.from_columns(
            [fits.Column(name, letter, unit=unit or None, array=data) for name, letter, data, unit in columns]
        )
        table.header.update(
            {"EXTNAME": "LIGHTCURVE", "TELESCOP": "TESS", "BJDREFI": 2457000, "BJDREFF": 0.0, "TIMEDEL": 1.0 / 48.0}
        )
        primary = fits.PrimaryHDU()
        primary.header.update(
            {"TELESCOP": "TESS", "ORIGIN": "synthetic example", "OBJECT": "TIC 9999999", "TICID": 9999999,
             "SECTOR": sector, "RA_OBJ": 290.1, "DEC_OBJ": 55.2, "TESSMAG": 10.65}
        )  # fmt: skip
        path = folder / f"tess_eccentric_binary_s{sector:04d}.fits"
        fits.HDUList([primary, table]).writeto(path, overwrite=True)
        paths.append(path)
    return paths


def _text(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def main(arguments: list[str]) -> None:
    """Write the examples into the folder named on the command line."""
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 1783
    for path in write_examples(Path(arguments[0]), seed):
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
