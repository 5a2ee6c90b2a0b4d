"""ASAS-3 light curves in the survey's own text, made from its description at www.astrouw.edu.pl/asas."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star

UNMEASURED, WORST = 4, 7
"""Rows where the star was not measured (grade C), and of grade D."""


def dataset(number: int, desig: str, ra: float, dec: float, seed: int, order: str = "01234", mag: float = 11.4) -> str:
    """One dataset of 60 rows; `order` is that of the apertures."""
    made = star(start_jd=2452500.0, mag=mag, seed=seed)
    lines = [
        f"#dataset= {number} ; 1 F1000-20_17{number}", f"#desig= {desig}", f"#cra= {ra / 15:10.6f} 10:01:00.0",
        f"#cdec= {dec:10.6f} -20:30:00.0", "#class= 0",
    ]  # fmt: skip
    for k in range(5):
        lines += [f"#cmag_{k}= {mag:7.3f}", f"#cmer_{k}=   0.012", f"#nskip_{k}= 0"]
    lines += [f"#ra= {ra / 15:10.6f}", f"#dec= {dec:10.6f}"]
    lines.append(
        "#     HJD     "
        + "".join(f" MAG_{k} " for k in order)
        + "  "
        + "".join(f" MER_{k}" for k in order)
        + " GRADE FRAME"
    )
    for row, (jd, value, err) in enumerate(zip(made.jd, made.mag, made.err, strict=True)):
        mags = [29.999 if row == UNMEASURED else value + 0.01 * (int(k) - 1) for k in order]
        errs = [err + 0.001 * (int(k) - 1) for k in order]
        grade = {UNMEASURED: "C", WORST: "D"}.get(row, "AB"[row % 2])
        lines.append(
            f"  {jd - 2450000:11.5f}" + "".join(f" {m:6.3f}" for m in mags) + "  "
            + "".join(f" {e:5.3f}" for e in errs) + f"  {grade} {20000 + row}"
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def write(folder: Path) -> list[Path]:
    """Two datasets of one star in one file; two stars, with apertures in another order, in the other."""
    one, two = folder / "ACVS_MADE_one_star.dat", folder / "ACVS_MADE_two_stars.dat"
    preface = "# The All Sky Automated Survey Data\n#\n# Written by us for a test\n#\n#ndata= 120\n"
    first = dataset(1, "100100-2030.0", RA, DEC, seed=1)
    one.write_text(preface + first + "#\n" + dataset(2, "100100-2030.1", RA + 0.002, DEC, seed=2))
    two.write_text(preface + first + dataset(2, "100104-2030.0", RA + 0.02, DEC, seed=3, order="40123", mag=13.0))
    return [one, two]
