"""MACHO: the B and the R file of a star; one point of the R file has no error."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star

NO_ERROR = 10
"""Row of the R file whose error is missing (-99.0)."""


def write(folder: Path, seq: int = 9001) -> list[Path]:
    """Two files."""
    made = star(start_jd=2449000.5, mag=-6.0)
    paths = []
    for name, offset in (("B", 0.0), ("R", -0.3)):
        lines = [
            "#Field Tile Seq RA(hour) Dec(deg) Filter mean_Mag med_Mag mean_(B-R) med_(B-R)",
            f"#1 3444 {seq} {RA / 15:.6f} {DEC} {name} -5.9 -5.9 -0.3 -0.3",
            "#MJD Mag Err",
        ]
        for k, (jd, mag, err) in enumerate(zip(made.jd, made.mag, made.err, strict=True)):
            missing = name == "R" and k == NO_ERROR
            lines.append(f"{jd - 2400000.5:.6f} {mag + offset:.3f} {-99.0 if missing else err:.3f}")
        path = folder / f"lc_1.3444.{seq}_MADE.{name}.mjd"
        path.write_text("\n".join(lines) + "\n")
        paths.append(path)
    return paths
