"""ANTARES: the short csv, and the table of its client."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star


def write(folder: Path) -> list[Path]:
    """One file of each form; every tenth row of the full one is an upper limit."""
    s = star()
    short, full = folder / "ZTF99MADE.csv", folder / "ZTF99MADEfull.csv"
    rows = list(zip(s.jd, s.mag, s.err, strict=True))
    body = [f"{jd - 2400000.5:.8f},{mag},{err},{'gR'[k % 2]}" for k, (jd, mag, err) in enumerate(rows)]
    short.write_text("\n".join(["time,mag,magerr,band", *body]) + "\n")
    lines = [",time,alert_id,ant_mjd,ant_survey,ant_ra,ant_dec,ant_passband,ant_mag,ant_magerr,ant_maglim,"
             "ant_mag_corrected,ant_magerr_corrected"]  # fmt: skip
    for k, (jd, mag, err) in enumerate(rows):
        mjd, band = f"{jd - 2400000.5:.8f}", "gR"[k % 2]
        if k % 10 == 0:
            lines.append(f"{k},2019-06-03,ztf_upper_limit:{k},{mjd},2,,,{band},,,20.5,,")
        else:
            lines.append(f"{k},2019-06-03,ztf_candidate:{k},{mjd},1,{RA},{DEC},{band},17.5,0.1,20.5,{mag},{err}")
    full.write_text("\n".join(lines) + "\n")
    return [short, full]
