"""Tables that no survey owns: csv, no header, ECSV, FITS (flat and a star per row), VOTable and Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from astropy import units
from astropy.io import fits
from astropy.table import Table
from astropy.time import Time

from samples import DEC, RA, star


def write(folder: Path) -> list[Path]:
    """Nine files."""
    made = star()
    n = len(made.jd)
    path = {
        name: folder / f"MADE_{name}"
        for name in ("named.csv", "dates.csv", "stars.csv", "bare.txt", "units.ecsv", "flat.fits", "vectors.fits",
                     "votable.xml", "columns.parquet")
    }  # fmt: skip
    rows = list(zip(made.jd, made.mag, made.err, strict=True))
    path["named.csv"].write_text("HJD,Vmag,e_Vmag,airmass\n" + "".join(f"{t:.5f},{m},{e},1.2\n" for t, m, e in rows))
    dates = Time(made.jd, format="jd", scale="utc").isot
    path["dates.csv"].write_text("date,mag\n" + "".join(f"{t},{m}\n" for t, m in zip(dates, made.mag, strict=True)))
    path["stars.csv"].write_text(
        "star;BJD-2457000;rel_flux;rel_flux_err;filter\n"
        + "".join(
            f"s{k % 2};{t - 2457000:.5f};{10 ** (-0.4 * (m - 13)):.5f};{e};R\n" for k, (t, m, e) in enumerate(rows)
        )
    )
    path["bare.txt"].write_text("".join(f"{t:.5f}  {m}  {e}\n" for t, m, e in rows))
    micro = made.flux * 3631e6 * 10 ** (-0.4 * 15)  # uJy: a flux of 1 is magnitude 15 in the star
    sigma = micro * made.err * 0.4 * np.log(10)
    table = Table(
        {
            "mjd": (made.jd - 2400000.5) * units.d,
            "flux": micro * units.uJy,
            "flux_err": sigma * units.uJy,
            "band": ["r"] * n,
        }
    )
    table.write(path["units.ecsv"], format="ascii.ecsv")
    mag = Table({"TIME": made.jd, "MAG": made.mag, "MAG_ERR": made.err, "FILTER": ["V"] * n})
    mag.write(path["flat.fits"], format="fits")
    vectors = [
        fits.Column(name="NAME", format="8A", array=["one", "two"]),
        fits.Column(name="RA", format="D", array=[RA, RA]),
        fits.Column(name="DEC", format="D", array=[DEC, DEC]),
        fits.Column(name="HJD", format="PD()", array=np.array([made.jd, made.jd[:20]], dtype=object)),
        fits.Column(name="MAG", format="PD()", array=np.array([made.mag, made.mag[:20]], dtype=object)),
    ]
    fits.BinTableHDU.from_columns(vectors).writeto(path["vectors.fits"])
    mag.write(path["votable.xml"], format="votable", tabledata_format="tabledata")
    pq.write_table(
        pa.table({"bjd": made.jd, "sap_flux": made.flux, "sap_flux_err": made.flux * made.err, "x": np.zeros(n)}),
        path["columns.parquet"],
    )
    return list(path.values())
