"""LSST Parquet: DiaSource and ForcedSource tables, flat and nested in object catalogues; no real sample is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from samples import DEC, RA, star

FLAGGED = 4
"""Point whose psfFlux_flag is set."""


def points() -> dict[str, Any]:
    """Total and difference flux in nJy of the star, in two bands."""
    made = star(mag=20.0)
    total = 10 ** (-0.4 * (made.mag - 31.4))
    n = len(total)
    return {
        "midpointMjdTai": made.jd - 2400000.5,
        "band": ["g", "r"] * (n // 2),
        "total": total,
        "difference": total - np.median(total),
        "err": 0.01 * total,
        "psfFlux_flag": np.arange(n) == FLAGGED,
        "pixelFlags_bad": np.zeros(n, dtype=bool),
    }


def write(folder: Path) -> list[Path]:
    """Seven files."""
    p = points()
    n = len(p["total"])
    common = {name: pa.array(p[name]) for name in ("midpointMjdTai", "band", "psfFlux_flag", "pixelFlags_bad")}
    place = {"ra": np.full(n, RA), "dec": np.full(n, DEC)}
    dia = {"diaObjectId": np.full(n, 7), "diaSourceId": np.arange(n), **place, **common,
           "psfFlux": p["difference"], "psfFluxErr": p["err"]}  # fmt: skip
    forced = {"psfFlux": p["total"], "psfFluxErr": p["err"], "psfDiffFlux": p["difference"], "psfDiffFluxErr": p["err"]}
    tables = {
        "DiaSource": pa.table({**dia, "scienceFlux": p["total"], "scienceFluxErr": p["err"]}),
        "DiaSource_difference_only": pa.table(dia),
        "ForcedSource": pa.table({"objectId": np.full(n, 9), "forcedSourceId": np.arange(n), **common, **forced}),
    }
    nest = {name: pa.array([values, values]) for name, values in {**{k: v.to_pylist() for k, v in common.items()},
            **{k: v.tolist() for k, v in forced.items()}}.items()}  # fmt: skip
    struct = pa.StructArray.from_arrays(list(nest.values()), names=list(nest))
    structs = pa.array(
        [[dict(zip(nest, row, strict=True)) for row in zip(*(v[0].as_py() for v in nest.values()), strict=True)]] * 2
    )
    seen = (("midpointMjdTai", "midpointMjdTai"), ("psfFlux", "difference"), ("psfFluxErr", "err"))
    sources = {name: pa.array([p[ours].tolist()] * 2) for name, ours in seen}
    magnitudes = (31.4 - 2.5 * np.log10(p["total"])).tolist()
    mags = {"psfMag": pa.array([magnitudes] * 2), "psfMagErr": pa.array([[0.01] * n] * 2)}
    mags |= {name: nest[name] for name in ("midpointMjdTai", "band")}
    objects = {"objectId": [101, 102], "coord_ra": [RA, RA], "coord_dec": [DEC, DEC]}
    tables["nested_objectForcedSource"] = pa.table({**objects, "objectForcedSource": struct})
    tables["nested_list_of_structs"] = pa.table({**objects, "objectForcedSource": structs})
    tables["nested_two_kinds"] = pa.table(
        {
            "diaObjectId": [1, 2], "ra": [RA, RA], "dec": [DEC, DEC],
            "diaSource": pa.StructArray.from_arrays(list(sources.values()), names=list(sources)),
            "diaObjectForcedSource": struct,
        }
    )  # fmt: skip
    tables["nested_mags"] = pa.table(
        {**objects, "objectForcedSource": pa.StructArray.from_arrays(list(mags.values()), names=list(mags))}
    )
    paths = []
    for name, table in tables.items():
        paths.append(folder / f"MADE_{name}.parquet")
        pq.write_table(table, paths[-1])
    return paths
