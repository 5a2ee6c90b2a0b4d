"""Gaia DR3 epoch photometry, made from the published description: no file of the archive was copied."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np

from samples import star

ID, OTHER = 5853498713190525696, 30343944744320
ZERO = {"G": 25.6874, "BP": 25.3385, "RP": 24.7479}
_FLAT = [
    "source_id",
    "transit_id",
    "band",
    "time",
    "mag",
    "flux",
    "flux_error",
    "flux_over_error",
    "rejected_by_photometry",
    "rejected_by_variability",
    "other_flags",
    "solution_id",
]
_SOLUTION = 375316653866487564


def transits(seed: int = 1) -> dict[str, np.ndarray]:
    """Columns of the RAW layout for the star: transit 2 has no BP, 4 is rejected by photometry, 6 by variability."""
    s = star(n=40, seed=seed)
    time = s.jd - 2455197.5 - 1500.0
    columns: dict[str, np.ndarray] = {"transit_id": np.arange(40) + 17091923342681275}
    for band, prefix, clock, shift in (
        ("G", "g_transit_", "time", 0.0),
        ("BP", "bp_", "obs_time", 0.3),
        ("RP", "rp_", "obs_time", -0.5),
    ):
        mag = s.mag + shift
        flux = 10 ** (-0.4 * (mag - ZERO[band]))
        error = s.err * flux
        columns[prefix + clock] = time + (0.0 if band == "G" else 0.0005)
        columns[prefix + "flux"], columns[prefix + "flux_error"] = flux, error
        columns[prefix + "flux_over_error"], columns[prefix + "mag"] = flux / error, mag
    for name in ("bp_obs_time", "bp_flux", "bp_flux_error", "bp_flux_over_error", "bp_mag"):
        columns[name][2] = np.nan
    for band in ("g", "bp", "rp"):
        columns[f"variability_flag_{band}_reject"] = np.arange(40) == 6
    for band in ("bp", "rp"):
        columns[f"photometry_flag_{band}_reject"] = np.arange(40) == 4
        columns[f"photometry_flag_{band}_unavailable"] = np.arange(40) == (2 if band == "bp" else -1)
    columns["photometry_flag_noisy_data"] = np.arange(40) == 9
    return columns


def _word(value: Any, null: str = "null") -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return (
        null
        if isinstance(value, float) and np.isnan(value)
        else repr(value.item() if hasattr(value, "item") else value)
    )


def flat(source_id: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows of the INDIVIDUAL layout."""
    t = transits(seed)
    return [
        {
            "source_id": source_id, "transit_id": int(t["transit_id"][k]), "band": band,
            "time": float(t[prefix + clock][k]),
            **{name: float(t[prefix + name][k]) for name in ("mag", "flux", "flux_error", "flux_over_error")},
            "rejected_by_photometry": k == 4 or (k == 2 and band == "BP"), "rejected_by_variability": k == 6,
            "other_flags": 0, "solution_id": _SOLUTION,
        }
        for band, prefix, clock in (("G", "g_transit_", "time"), ("BP", "bp_", "obs_time"), ("RP", "rp_", "obs_time"))
        for k in range(40)
    ]  # fmt: skip


def _csv(rows: list[dict[str, Any]]) -> str:
    return (
        "\n".join(
            [
                ",".join(rows[0]),
                *(",".join(_word(v, "") if not isinstance(v, str) else v for v in row.values()) for row in rows),
            ]
        )
        + "\n"
    )


def _wide(brackets: str, space: str = ",") -> str:
    rows = []
    for source_id, seed in ((ID, 1), (OTHER, 2)):
        cells = [
            f'"{brackets[0]}{space.join(_word(v) for v in values)}{brackets[1]}"' for values in transits(seed).values()
        ]
        rows.append(",".join([str(_SOLUTION), str(source_id), "40", *cells]))
    return "\n".join([",".join(["solution_id", "source_id", "n_transits", *transits()]), *rows]) + "\n"


def _ecsv() -> str:
    names = ["solution_id", "source_id", "n_transits", *transits()]
    header = [
        "# %ECSV 1.0",
        "# ---",
        "# delimiter: ','",
        "# datatype:",
        *(f"# - {{name: {n}, datatype: string}}" for n in names),
    ]
    return "\n".join([*header, _wide("[]")])


def _raw(source_id: int) -> str:
    t = transits()
    lines = [",".join(["solution_id", "source_id", *t])]
    lines += [
        ",".join([str(_SOLUTION), str(source_id), *(_word(values[k], "") for values in t.values())]) for k in range(40)
    ]
    return "\n".join(lines) + "\n"


def _votable(path: Path, columns: dict[str, tuple[str, str, list[Any]]], layout: str) -> None:
    """Write columns (datatype, arraysize, values) with astropy."""
    from astropy.io.votable.tree import Field, Resource, TableElement, VOTableFile

    file = VOTableFile()
    resource = Resource()
    file.resources.append(resource)
    table = TableElement(file)
    resource.tables.append(table)
    for name, (datatype, size, _) in columns.items():
        table.fields.append(Field(file, name=name, datatype=datatype, **({"arraysize": size} if size else {})))
    n = len(next(iter(columns.values()))[2])
    table.create_arrays(n)
    for k in range(n):
        table.array[k] = tuple(values[k] for _, _, values in columns.values())
    file.to_xml(str(path), tabledata_format=layout)


def _flat_fields() -> dict[str, tuple[str, str, list[Any]]]:
    kinds = {"source_id": "long", "transit_id": "long", "solution_id": "long", "other_flags": "long", "band": "char",
             "rejected_by_photometry": "boolean", "rejected_by_variability": "boolean"}  # fmt: skip
    rows = flat(ID)
    return {
        name: (kinds.get(name, "double"), "*" if name == "band" else "", [row[name] for row in rows]) for name in _FLAT
    }


def _wide_fields() -> dict[str, tuple[str, str, list[Any]]]:
    fields: dict[str, tuple[str, str, list[Any]]] = {"source_id": ("long", "", [ID, OTHER])}
    for name, values in transits().items():
        datatype = {"b": "boolean", "i": "long", "f": "double"}[values.dtype.kind]
        rows = np.empty(2, dtype=object)
        rows[0], rows[1] = (np.ma.masked_array(v, mask=np.zeros(40, bool)) for v in (values, transits(2)[name]))
        fields[name] = (datatype, "*", list(rows))
    return fields


def write(folder: Path) -> list[Path]:
    """All layouts as csv, the flat and the wide one as VOTable too."""
    made: dict[str, str | bytes] = {
        f"EPOCH_PHOTOMETRY-Gaia DR3 {ID}-MADE.csv": _csv(flat(ID)),
        "EPOCH_PHOTOMETRY_COMBINED-MADE.csv": _csv([*flat(ID), *flat(OTHER, 2)]),
        f"EPOCH_PHOTOMETRY_RAW-Gaia DR3 {ID}-MADE.csv": _raw(ID),
        "wide-MADE.csv": _wide("[]"),
        "wide-round-MADE.csv": _wide("()"),
        "wide-curly-MADE.csv": _wide("{}"),
        "wide-blank-MADE.csv": _wide("[]", " "),
        "EpochPhotometry_000000-003111-MADE.csv.gz": gzip.compress(_ecsv().encode()),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for layout in ("tabledata", "binary", "binary2"):
        _votable(folder / f"EPOCH_PHOTOMETRY-MADE-{layout}.xml", _flat_fields(), layout)
        _votable(folder / f"wide-MADE-{layout}.xml", _wide_fields(), layout)
        made |= {f"EPOCH_PHOTOMETRY-MADE-{layout}.xml": "", f"wide-MADE-{layout}.xml": ""}
    return [folder / name for name in made]
