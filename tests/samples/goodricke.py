"""goodricke's own Parquet: one row group and several, with and without meta columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from goodricke.lightcurves import LightCurves, concatenate
from samples import DEC, RA, star


def batch() -> LightCurves:
    """Three stars: two bands, one band, and a difference curve."""
    made = star()
    two = LightCurves.from_arrays(
        np.tile(made.jd, 2), mag=np.concatenate([made.mag, made.mag - 0.5]), err=np.tile(made.err, 2), object_id="two",
        band=["V"] * len(made.jd) + ["I"] * len(made.jd), time_frame="HJD_UTC", ra=RA, dec=DEC,
    )  # fmt: skip
    one = LightCurves.from_arrays(
        made.jd - 2457000, flux=made.flux, err=0.01 * made.flux, object_id="TIC 1", band="TESS", time_frame="BTJD"
    )
    rest = LightCurves.from_arrays(
        made.jd, flux=made.flux - np.max(made.flux), err=made.err, object_id="below", band="g"
    )
    return concatenate([two, one, rest])


def write(folder: Path) -> list[Path]:
    """Two files."""
    plain, grouped = folder / "MADE_plain.parquet", folder / "MADE_groups.parquet"
    pq.write_table(batch().to_arrow(), plain)
    pq.write_table(batch().with_meta(period_days=[1.0, 2.0, np.nan]).to_arrow(), grouped, row_group_size=1)
    return [plain, grouped]
