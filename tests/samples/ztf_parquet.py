"""ZTF data-release bulk Parquet: single-precision times as in data release 5, double ones as in later releases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from samples import DEC, RA, star

BAD = 3
"""Epoch with catflags 32768."""


def write(folder: Path) -> list[Path]:
    """Two files of two objects each: the star in g and, brighter by half a magnitude, in r."""
    made = star()
    hmjd = made.jd - 2400000.5
    flags = np.where(np.arange(len(hmjd)) == BAD, 32768, 0).astype(np.uint16)
    paths = []
    for name, kind in (("MADE_dr5_float", pa.float32()), ("MADE_dr14_double", pa.float64())):
        table = pa.table(
            {
                "objectid": pa.array([202116200000001, 202216200000002], pa.int64()),
                "filterid": pa.array([1, 2], pa.uint8()),
                "fieldid": pa.array([202, 202], pa.int16()),
                "rcid": pa.array([61, 61], pa.uint8()),
                "objra": pa.array([RA, RA], pa.float32()),
                "objdec": pa.array([DEC, DEC], pa.float32()),
                "nepochs": pa.array([len(hmjd)] * 2, pa.int64()),
                "hmjd": pa.array([hmjd, hmjd], pa.list_(kind)),
                "mag": pa.array([made.mag, made.mag - 0.5], pa.list_(pa.float32())),
                "magerr": pa.array([made.err, made.err], pa.list_(pa.float32())),
                "clrcoeff": pa.array([np.zeros(len(hmjd))] * 2, pa.list_(pa.float32())),
                "catflags": pa.array([flags, flags], pa.list_(pa.uint16())),
            }
        )
        paths.append(folder / f"{name}.parquet")
        pq.write_table(table, paths[-1])
    return paths
