"""OGLE: I and V files of one star, told by name or folder; a file of the Early Warning System; one without a name."""

from __future__ import annotations

from pathlib import Path

from samples import star


def write(folder: Path) -> list[Path]:
    """Five files."""
    made = star(start_jd=2455500.0, mag=17.0)
    points = list(zip(made.jd, made.mag, made.err, strict=True))
    short = "".join(f"{jd - 2450000:.5f} {mag:.3f} {err:.3f}\n" for jd, mag, err in points)
    by_folder = folder / "phot_MADE" / "V" / "OGLE-LMC-ECL-90001.dat"
    by_folder.parent.mkdir(parents=True, exist_ok=True)
    by_folder.write_text("".join(f"{jd - 2449999.5:.5f} {mag + 1:.3f} {err:.3f}\n" for jd, mag, err in points[::6]))
    by_name = folder / "MADE_OGLE4_I_OGLE-LMC-ECL-90001.dat"
    by_name.write_text(short)
    no_band = folder / "OGLE-BLG-ECL-990001_MADE.dat"
    no_band.write_text(short.replace(" ", "   "))
    warning = folder / "MADE_phot.dat"
    warning.write_text("".join(f"{jd:.5f} {mag:.3f} {err:.3f} 6.39 1085.0\n" for jd, mag, err in points))
    nameless = folder / "MADE_star.dat"
    nameless.write_text(short)
    return [by_folder, by_name, no_band, warning, nameless]
