"""A row per star: list columns, a struct of lists as in HATS and nested-pandas, and a list of structs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from samples import DEC, RA, star


def lists() -> dict[str, pa.Array]:
    """Point columns of three stars; the second has no points."""
    made = star()
    n = len(made.jd)
    offsets = pa.array([0, n, n, 2 * n], pa.int32())
    flat = {
        "mjd": np.tile(made.jd - 2400000.5, 2),
        "mag": np.concatenate([made.mag, made.mag - 0.5]),
        "magerr": np.tile(made.err, 2),
        "band": pa.array(["g", "r"] * n),
    }
    return {name: pa.ListArray.from_arrays(offsets, pa.array(values)) for name, values in flat.items()}


def write(folder: Path) -> list[Path]:
    """Five files."""
    columns = lists()
    about = {"id": pa.array([11, 12, 13]), "ra": pa.array([RA] * 3), "dec": pa.array([DEC] * 3)}
    struct = pa.StructArray.from_arrays(list(columns.values()), names=list(columns))
    with_null = pa.StructArray.from_arrays(
        list(columns.values()), names=list(columns), mask=pa.array([False, True, False])
    )
    # The values of the lists, star by star, as one list of structs.
    flat = pa.StructArray.from_arrays([column.values for column in columns.values()], names=list(columns))
    structs = pa.ListArray.from_arrays(columns["mjd"].offsets, flat)
    per_star = {"star": pa.array(["a", "b", "c"]), "filter": pa.array(["V", "V", "V"]),
                "hjd": columns["mjd"], "flux": columns["mag"]}  # fmt: skip
    tables = {
        "lists": pa.table(about | columns),
        "struct": pa.table(about | {"lc": struct}),
        "struct_null": pa.table(about | {"lc": with_null}),
        "structs": pa.table(about | {"sources": structs}),
        "band_per_star": pa.table(per_star),
    }
    paths = []
    for name, table in tables.items():
        paths.append(folder / f"MADE_{name}.parquet")
        pq.write_table(table, paths[-1])
    return paths
