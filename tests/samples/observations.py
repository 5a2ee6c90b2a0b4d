"""Flat tables of observations: Parquet in several types and orders, csv, white space, and what goodricke writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from samples import DEC, RA, star


def table(frame_zero: float = 2400000.5) -> pa.Table:
    """Two stars, the second half a magnitude brighter and in another band."""
    made = star()
    n = len(made.jd)
    return pa.table(
        {
            "object_id": pa.array(["a"] * n + ["b"] * n, pa.large_string()),
            "band": pa.array(["V"] * n + ["I"] * n, pa.large_string()),
            "time": np.tile(made.jd - frame_zero, 2),
            "mag": pa.array(np.concatenate([made.mag, made.mag - 0.5]), pa.float32()),
            "err": pa.array(np.tile(made.err, 2), pa.float32()),
        }
    )


def write(folder: Path) -> list[Path]:
    """Eight files."""
    plain = table()
    n = plain.num_rows
    paths = []

    def parquet(name: str, content: pa.Table, **options: int) -> None:
        paths.append(folder / f"MADE_{name}.parquet")
        pq.write_table(content, paths[-1], **options)

    parquet("plain", plain)
    parquet("groups", plain, row_group_size=17)
    by_time = plain.sort_by("time")
    parquet(
        "by_time_integer_ids",
        by_time.set_column(0, "object_id", pa.array([ord(i) for i in by_time["object_id"].to_pylist()])),
    )
    coded = plain.set_column(0, "object_id", plain["object_id"].cast(pa.string()).combine_chunks().dictionary_encode())
    parquet(
        "dictionary", coded.set_column(1, "band", plain["band"].cast(pa.string()).combine_chunks().dictionary_encode())
    )
    flux = 10 ** (-0.4 * (plain["mag"].to_numpy() - 15.0))
    holes = pa.array(flux, mask=np.arange(n) == 5)
    full = pa.table({"object_id": plain["object_id"], "time": table(2457000.0)["time"], "flux": holes,
                     "err": pa.array(0.01 * flux), "band": pa.array(["TESS"] * n), "ra": np.full(n, RA),
                     "dec": np.full(n, DEC), "time_frame": pa.array(["BTJD"] * n)})  # fmt: skip
    parquet("flux_and_frame", full)
    source = pa.table({"_healpix_29": np.arange(n), "source_id": np.arange(n), "mjd": plain["time"],
                       "mag": plain["mag"], "band": plain["band"],
                       "object_id": pa.array([1] * (n // 2) + [2] * (n // 2))})  # fmt: skip
    parquet("hats_source", source)
    paths += [folder / "MADE_observations.csv", folder / "MADE_observations.txt"]
    pacsv.write_csv(plain, paths[-2])
    rows = ["object_id band time mag err"]
    rows += [" ".join(f"{value}" for value in row.values()) for row in plain.to_pylist()]
    paths[-1].write_text("\n".join(rows) + "\n")
    return paths
