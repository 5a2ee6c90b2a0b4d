"""All binaries of the reference set: PHOEBE's curves at both settings, to what is promised."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

import pyarrow.parquet as pq

from goodricke.simulate import Band, Spots, Systems, light_curve

# Two stars exactly behind each other: the last thin ring of light is a matter of PHOEBE's own triangles.
DEGENERATE = "C03"
UNSPOTTED = [
    "C02",
    "C05",
    "C06",
    "C07",
    "C09",
    "C10",
    "C11",
    "C13",
    "C14",
    "C15",
    "C17",
    "C18",
    "C22",
    "C23",
    "C25",
    "C26",
]
UNSPOTTED += ["D01", "D02", "D04", "D05", "D06", "D09", "D12", "D14", "D16", "D19", "D20", "D22", "D23", "D24"]
UNSPOTTED += ["S01", "S04", "S06", "S10"]
SPOTTED = ["C04", "C08", "C12", "C20", "C24", "D03", "D07", "D10", "D17", "D21", "S05", "S08"]


@functools.cache
def reference(folder: Path) -> tuple[Band, dict[str, dict[str, Any]], dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Band, parameters and curves (phase, flux) of the set."""
    table = pq.read_table(folder / "phoebe_blackbody_V.parquet").to_pydict()
    rows = {row["system_id"]: row for row in pq.read_table(folder / "phoebe_systems.parquet").to_pylist()}
    curves = pq.read_table(folder / "phoebe_reference.parquet").to_pydict()
    names, phase, flux = (np.array(curves[key]) for key in ("system_id", "phase", "flux_raw"))
    by_name = {name: (phase[names == name], flux[names == name]) for name in rows}
    return Band.from_table(np.array(table["teff"]), np.array(table["inorm_energy"])), rows, by_name


def system_of(row: dict[str, Any]) -> Systems:
    limb = [([*json.loads(row[key]), 0.0])[:2] for key in ("ld_coeffs1", "ld_coeffs2")]
    warm = row["irrad"] != "none"
    spots = None
    if row["spot_on"]:
        star = {"primary": 1, "secondary": 2}[row["spot_on"]]
        spots = Spots(0, star, *(row["spot_" + key] for key in ("colat_effective", "long", "radius", "relteff")))
    return Systems(
        q=row["q"],
        inclination=row["incl"],
        fillout=np.nan if row["fillout"] is None else row["fillout"],
        radius1=row["r1_frac"],
        radius2=np.inf if row["morphology"] == "semi-detached" else row["r2_frac"],
        temperature1=row["teff1"],
        temperature2=row["teff2"],
        eccentricity=row["ecc"],
        periastron=row["per0"],
        third_light=row["l3_frac"],
        gravity1=row["gravb1"],
        gravity2=row["gravb2"],
        albedo1=row["alb1"] * warm,
        albedo2=row["alb2"] * warm,
        limb1=limb[0],
        limb2=limb[1],
        spots=spots,
    )


def error(folder: Path, name: str, grid: str) -> np.ndarray:
    band, rows, curves = reference(folder)
    phase, flux = curves[name]
    ratio = -2500 * np.log10(light_curve(system_of(rows[name]), phase, band, grid) / flux)  # type: ignore[arg-type]
    return ratio - np.median(ratio)


def test_the_lists_name_the_whole_set(shared_data: Path) -> None:
    _, rows, _ = reference(shared_data / "reference")
    assert sorted([*UNSPOTTED, *SPOTTED, DEGENERATE]) == sorted(rows)
    assert all(bool(rows[name]["spot_on"]) == (name in SPOTTED) for name in rows)


@pytest.mark.parametrize("name", [*UNSPOTTED, *SPOTTED])
def test_the_fast_setting(shared_data: Path, name: str) -> None:
    found = error(shared_data / "reference", name, "fast")
    assert found.std() < 1.0
    assert np.abs(found).max() < 5.0


# Total, grazing and deep contact, strong irradiation, an eccentric orbit, lobes; with spots, PHOEBE's edges are
# ragged by whole triangles.
@pytest.mark.parametrize("name", ["C05", "C17", "C22", "D06", "D19", "S04", "S10", "C20", "D10", "S05"])
def test_the_fine_setting(shared_data: Path, name: str) -> None:
    found = error(shared_data / "reference", name, "fine")
    assert found.std() < (1.0 if name in SPOTTED else 0.3)
    assert np.abs(found).max() < 5.0


def test_two_equal_stars_exactly_behind_each_other(shared_data: Path) -> None:
    assert error(shared_data / "reference", DEGENERATE, "fast").std() < 1.0
