"""ASAS-SN Sky Patrol v2 csv: pyasassn with and without bands, several stars, and the form of the web page."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star

COMMENT = (
    f'# "asas_sn_id":9001,"gaia_id":5211052415435948544,"ra_deg":{RA},"dec_deg":{DEC},"name":"MADE Star","period":null'
)
LIMIT, BAD = 5, 9
"""Rows of the non-detection and of the bad image."""


def values(k: int, jd: float, mag: float, err: float) -> str:
    """jd, flux, flux_err, mag, mag_err, limit of an epoch."""
    flux = 10 ** (-0.4 * (mag - 16.4))
    if k == LIMIT:
        return f"{jd},-0.012,0.095,16.9,99.99,16.9"
    return f"{jd},{flux},{flux * err / 1.0857},{mag},{err},17.2"


def write(folder: Path) -> list[Path]:
    """Four files."""
    made = star()
    epochs = [(k, values(k, *point)) for k, point in enumerate(zip(made.jd, made.mag, made.err, strict=True))]
    old, new, web = (folder / f"MADE_skypatrol_{name}.csv" for name in ("v2_old", "v2_two_stars", "v2_web"))
    old.write_text(
        COMMENT
        + "\njd,flux,flux_err,mag,mag_err,limit,fwhm,cam,asas_sn_id\n"
        + "".join(f"{text},1.5,{'bc' if k % 2 else 'bE'},9001\n" for k, text in reversed(epochs))
    )
    header = "asas_sn_id,jd,flux,flux_err,mag,mag_err,limit,fwhm,image_id,camera,quality,phot_filter\n"
    new.write_text(
        header
        + "".join(
            f"{star_id},{text},1.5,bG038905,bG,{'B' if k == BAD else 'G'},{band}\n"
            for star_id in (661427547161, 9002)
            for k, text in epochs
            for band in "gV"
        )
    )
    web.write_text(
        "# ASAS-SN Sky Patrol\n# written by us for a test\n\n"
        "JD,Flux,Flux Error,Mag,Mag Error,Limit,FWHM,Filter,Quality\n"
        + "".join(f"{text},1.70,{'V' if k % 2 else 'g'},{'B' if k == BAD else 'G'}\n" for k, text in epochs)
    )
    return [old, new, web]
