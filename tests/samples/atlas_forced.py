"""ATLAS forced photometry: the header with and without its mark, csv, and fluxes of a difference image."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from samples import DEC, RA, star

HEADER = [
    "MJD",
    "m",
    "dm",
    "uJy",
    "duJy",
    "F",
    "err",
    "chi/N",
    "RA",
    "Dec",
    "x",
    "y",
    "maj",
    "min",
    "phi",
    "apfit",
    "mag5sig",
    "Sky",
    "Obs",
]


def rows(offset_ujy: float = 0.0) -> list[list[str]]:
    """Cells of the star, in c and o; the third row failed in the fit. `offset_ujy` is what a template takes away."""
    s = star()
    flux = 10 ** (-0.4 * (s.mag - 23.9)) - offset_ujy
    error = s.err * 10 ** (-0.4 * (s.mag - 23.9))
    table = []
    for k, (jd, f, e) in enumerate(zip(s.jd, flux, error, strict=True)):
        mag = np.sign(f) * (23.9 - 2.5 * np.log10(abs(f)))
        table.append([
            f"{jd - 2400000.5:.6f}", f"{mag:.3f}", f"{1.0857 * e / abs(f):.3f}", f"{f:.0f}", f"{e:.0f}", "co"[k % 2],
            "1" if k == 2 else "0", "1.05", f"{RA:.5f}", f"{DEC:.5f}", "5000.00", "5000.00", "2.20", "2.10", "-22.2",
            "-0.420", "18.66", "19.35", f"02a{58500 + k}o{k:04d}o",
        ])  # fmt: skip
    return table


def write(folder: Path) -> list[Path]:
    """White space under both headers, csv, and a difference."""
    made = [folder / f"MADE-{name}" for name in ("job1.txt", "marked.txt", "table.csv", "difference.txt")]
    made[0].write_text("\n".join("  ".join(row) for row in [HEADER, *rows()]) + "\n")
    made[1].write_text("###" + "\n".join("  ".join(row) for row in [HEADER, *rows()]) + "\n")
    made[2].write_text("\n".join(",".join(row) for row in [HEADER, *rows()]) + "\n")
    made[3].write_text("###" + "\n".join("  ".join(row) for row in [HEADER, *rows(offset_ujy=30000.0)]) + "\n")
    return made
