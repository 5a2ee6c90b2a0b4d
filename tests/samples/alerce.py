"""ALeRCE: detections as Parquet and as JSON, in the names of the first web service and of the newer one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from samples import DEC, RA, star

REFERENCE = 14.0
"""Magnitude of the star in the reference image."""
OID, TRANSIENT = "ZTF18aaaaaaa", "ZTF19bbbbbbb"


def detections() -> list[dict[str, Any]]:
    """The star, corrected, and a transient without a reference."""
    made = star(mag=13.8)
    rows = []
    for k, (jd, mag, err) in enumerate(zip(made.jd, made.mag, made.err, strict=True)):
        difference = 10 ** (-0.4 * mag) - 10 ** (-0.4 * REFERENCE)
        sigma = err * 10 ** (-0.4 * mag) / abs(difference)
        rows.append(
            {
                "oid": OID, "candid": str(1000 + k), "mjd": jd - 2400000.5, "fid": 1 + k % 2, "pid": k,
                "isdiffpos": 1 if difference > 0 else -1, "magpsf": -2.5 * np.log10(abs(difference)), "sigmapsf": sigma,
                "magpsf_corr": mag, "sigmapsf_corr": err, "sigmapsf_corr_ext": err, "corrected": True,
                "dubious": k == 5, "ra": RA, "dec": DEC, "rb": 0.8, "drb": 0.99, "has_stamp": True, "distnr": 0.2,
            }
        )  # fmt: skip
        if k < 12:
            none = dict.fromkeys(("magpsf_corr", "sigmapsf_corr", "sigmapsf_corr_ext"))
            new = {
                "oid": TRANSIENT,
                "isdiffpos": 1,
                "magpsf": mag + 4,
                "sigmapsf": err,
                "corrected": False,
                "dubious": False,
            }
            rows.append({**rows[-1], **none, **new})
    return sorted(rows, key=lambda row: row["oid"])


def newer(row: dict[str, Any]) -> dict[str, Any]:
    """The same detection in the names of the service for several surveys."""
    names = {"magpsf": "mag", "sigmapsf": "e_mag", "magpsf_corr": "mag_corr", "sigmapsf_corr": "e_mag_corr",
             "sigmapsf_corr_ext": "e_mag_corr_ext"}  # fmt: skip
    made = {names.get(key, key): value for key, value in row.items() if key not in ("rb", "drb", "distnr")}
    return {
        **made,
        "fid": {1: "g", 2: "r"}[row["fid"]],
        "sid": "ZTF",
        "aid": "AL18x",
        "extra_fields": {"rb": row["rb"]},
    }


def write(folder: Path) -> list[Path]:
    """Four files."""
    rows = detections()
    of_star = [{key: value for key, value in row.items() if key != "oid"} for row in rows if row["oid"] == OID]
    limits = [{"mjd": 58490.0 + k, "fid": 1, "diffmaglim": 20.5, "tid": "ztf"} for k in range(3)]
    paths = [folder / f"MADE_{name}" for name in ("detections.parquet", f"{OID}.json", "list.json", "newer.json")]
    pq.write_table(pa.Table.from_pylist(rows), paths[0])
    paths[1].write_text(json.dumps({"detections": of_star, "non_detections": limits}))
    paths[2].write_text(json.dumps(rows))
    paths[3].write_text(
        json.dumps({"detections": [newer(row) for row in rows], "non_detections": [], "forced_photometry": []})
    )
    return paths
