"""Catalina: short and long csv, many-object tab file, rows that begin with the star, and three columns."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star

STAR, OTHER = "1121081019001", "1121081019002"
BLENDED, SATURATED = 6, 8
"""Rows with these flags in the long form."""


def write(folder: Path) -> list[Path]:
    """Five files."""
    made = star(start_jd=2454500.5, mag=15.0)
    points = [(jd - 2400000.5, mag, err + 0.04) for jd, mag, err in zip(made.jd, made.mag, made.err, strict=True)]
    short, long, many, rows, bare = (
        folder / name
        for name in ("MADE_short.csv", "MADE_long.csv", "MADE_many.csv", "MADE_AllVar.phot", f"{STAR}_MADE.dat")
    )
    place = f"{RA:.5f},{DEC:.5f}"
    short.write_text(
        "MasterID,Mag,Magerr,RA,Dec,MJD,Blend\n"
        + "".join(f"{one},{m:.2f},{e:.2f},{place},{t:.5f},0\n" for one in (STAR, OTHER) for t, m, e in points)
    )
    long.write_text(
        "MasterID,ID,Mag,Magerr,RA,Dec,FWHM,Var,FrameID,MJD,airmass,exposure,X,Y,Flux,Area,Flags,Theta,Elong,MuMax,Blend\n"
        + "".join(
            f"{STAR},50706121081110{k:05d},{m:.6f},{e:.12f},{place},2.45,0,5070612108111,{t:.10f},1.09,30,578.8,768.4,65800,66,"
            f"{4 if k == SATURATED else 0},-24.4,1.037,6.21,{int(k == BLENDED)}\n"
            for k, (t, m, e) in enumerate(points)
        )
    )
    many.write_text(
        "InputID\tID\tMag\tMagerr\tRA\tDecl\tMJD\tBlend\n"
        + "".join(f"mine\t{STAR}\t{m:.2f}\t{e:.2f}\t{RA:.5f}\t{DEC:.5f}\t{t:.5f}\t0\n" for t, m, e in points)
    )
    rows.write_text("".join(f"{one},{t:.5f},{m:.2f},{e:.2f},{place}\n" for one in (STAR, OTHER) for t, m, e in points))
    bare.write_text("".join(f"{t:.10f} {m:.6f} {e:.12f}\n" for t, m, e in points))
    return [short, long, many, rows, bare]
