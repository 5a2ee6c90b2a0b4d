"""ASAS-SN Sky Patrol v1 csv: the old form, the one with bands, and image-subtracted fluxes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from samples import star

HEADER = "HJD,UT Date,Camera,FWHM,Limit,mag,mag_err,flux(mJy),flux_err"
LIMITS = (3, 17)
"""Rows without a detection: the first is written 99.990, the second >15.400."""


def rows(camera: str, band: str = "", offset: float = 0.0) -> list[str]:
    """The star in one band, as rows."""
    lines = []
    made = star()
    for k, (jd, mag, err) in enumerate(zip(made.jd, made.mag + offset, made.err, strict=True)):
        flux = 10 ** (-0.4 * (mag - 16.4))
        value = f"{mag:.3f},{err:.3f},{flux:.3f},{flux * err / 1.0857:.3f}"
        if k in LIMITS:
            value = "99.990,99.990,99.990,99.990" if k == LIMITS[0] else ">15.400,99.990,0.031,0.950"
        lines.append(f"{jd:.5f},2019-01-20.2954027,{camera},1.50,17.400,{value}" + (f",{band}" if band else ""))
    return lines


def write(folder: Path) -> list[Path]:
    """Old form with blank lines, V and g in one file, image subtraction, variable star page."""
    old, two, subtracted, page = (
        folder / f"light_curve_MADE_{name}.csv" for name in ("old", "two_bands", "difference", "variable_page")
    )
    old.write_text("\r\n".join(["", HEADER, "", *rows("be"), "", ""]))
    two.write_text("\n".join([HEADER + ",Filter", *rows("ba", "V"), *rows("bi", "g", 0.5)]) + "\n")
    made = star()
    flux = np.round(20.0 * (made.flux / np.median(made.flux) - 1.0), 3)
    subtracted.write_text(
        "\n".join(
            [HEADER + ",Filter"]
            + [
                f"{jd:.5f},2019-01-20.2954027,bk,1.50,17.400,99.990,99.990,{f:.3f},0.200,g"
                for jd, f in zip(made.jd, flux, strict=True)
            ]
        )
        + "\n"
    )
    page.write_text(
        "hjd,camera,mag,mag err,flux (mJy),flux err\n"
        + "".join(
            f"{jd},bc,{mag},{err},{10 ** (-0.4 * (mag - 16.4)):.3f},0.05\n"
            for jd, mag, err in zip(made.jd, made.mag, made.err, strict=True)
        )
    )
    return [old, two, subtracted, page]
