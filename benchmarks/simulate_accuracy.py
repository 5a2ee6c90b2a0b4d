"""Simulated light curves against PHOEBE's, system by system, at both settings.

    python benchmarks/simulate_accuracy.py REFERENCE_DIR [-o PICTURE.png]

The folder holds phoebe_systems.parquet, phoebe_reference.parquet and phoebe_blackbody_V.parquet. Differences are in
millimagnitudes after the median is taken out; PHOEBE's own mesh leaves 0.02 to 0.1 of them without spots and some
tenths with spots.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from goodricke.simulate import Band, Spots, Systems, light_curve

DEGENERATE = "C03"
"""Equal stars seen exactly edge on, each exactly behind the other: shown, and left out of the summary."""


def system_of(row: dict[str, Any]) -> Systems:
    """Our parameters of one of PHOEBE's systems."""
    limb = [([*json.loads(row[key]), 0.0])[:2] for key in ("ld_coeffs1", "ld_coeffs2")]
    warm = row["irrad"] != "none"
    spots = None
    if row["spot_on"]:
        star = 1 if row["spot_on"] == "primary" else 2
        spots = Spots(0, star, row["spot_colat_effective"], row["spot_long"], row["spot_radius"], row["spot_relteff"])
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


def difference(row: dict[str, Any], curve: dict[str, Any], band: Band, grid: Any) -> np.ndarray:
    """Ours minus PHOEBE's, millimagnitudes, median 0."""
    flux = light_curve(system_of(row), curve["phase"], band, grid)
    ours = -2500 * np.log10(flux / np.array(curve["flux_raw"]))
    return np.asarray(ours - np.median(ours))


def about(row: dict[str, Any]) -> str:
    """What is special in a system."""
    words = [row["morphology"]]
    words += ["eccentric"] if row["ecc"] else []
    words += ["irradiated"] if row["irrad"] != "none" else []
    words += ["spot"] if row["spot_on"] else []
    words += ["third light"] if row["l3_frac"] else []
    return ", ".join(words)


def picture(found: dict[str, tuple[dict[str, Any], dict[str, Any], np.ndarray, np.ndarray]], target: Path) -> None:
    """Every curve with its differences underneath."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = sorted(found)
    columns = 8
    rows = -(-len(names) // columns)
    figure, axes = plt.subplots(2 * rows, columns, figsize=(2.1 * columns, 2.2 * rows), sharex=True,
                                gridspec_kw={"height_ratios": [2, 1] * rows, "hspace": 0.08})  # fmt: skip
    for k, name in enumerate(names):
        row, curve, fast, fine = found[name]
        top, low = axes[2 * (k // columns), k % columns], axes[2 * (k // columns) + 1, k % columns]
        top.plot(curve["phase"], -2.5 * np.log10(curve["flux"]), "k", lw=0.8)
        top.invert_yaxis()
        top.set_title(f"{name} q={row['q']:.2f} i={row['incl']:.0f}", fontsize=7, pad=2)
        low.plot(curve["phase"], fast, lw=0.7, label="fast")
        low.plot(curve["phase"], fine, lw=0.7, label="fine")
        low.set_ylim(-3, 3)
        for axis in (top, low):
            axis.tick_params(labelsize=5)
    for axis in axes.ravel()[2 * columns * (rows - 1) :]:
        axis.set_visible(bool(axis.lines))
    axes[0, 0].set_ylabel("mag", fontsize=6)
    axes[1, 0].set_ylabel("mmag", fontsize=6)
    axes[1, 0].legend(fontsize=5)
    figure.savefig(target, dpi=110, bbox_inches="tight")


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    table = pq.read_table(arguments.folder / "phoebe_blackbody_V.parquet").to_pydict()
    band = Band.from_table(np.array(table["teff"]), np.array(table["inorm_energy"]))
    rows = {row["system_id"]: row for row in pq.read_table(arguments.folder / "phoebe_systems.parquet").to_pylist()}
    curves = pq.read_table(arguments.folder / "phoebe_reference.parquet")
    found = {}
    print("| system | what it is | fast: rms | max | fine: rms | max |\n|---|---|---:|---:|---:|---:|")
    for name in sorted(rows):
        chosen = np.flatnonzero(np.array(curves.column("system_id").to_pylist()) == name)
        curve = curves.take(chosen).to_pydict()
        fast, fine = (difference(rows[name], curve, band, grid) for grid in ("fast", "fine"))
        found[name] = rows[name], curve, fast, fine
        figures = " | ".join(f"{np.sqrt((d**2).mean()):.2f} | {np.abs(d).max():.2f}" for d in (fast, fine))
        print(f"| {name} | {about(rows[name])} | {figures} |")
    judged = {name: value for name, value in found.items() if name != DEGENERATE}
    for setting, at in (("fast", 2), ("fine", 3)):
        rms = {name: float(np.sqrt((value[at] ** 2).mean())) for name, value in judged.items()}
        most = {name: float(np.abs(value[at]).max()) for name, value in judged.items()}
        plain = [rms[name] for name, value in judged.items() if not value[0]["spot_on"]]
        worst, far = max(rms, key=rms.get), max(most, key=most.get)  # type: ignore[arg-type]
        said = f"median rms {np.median(list(rms.values())):.2f}, worst {rms[worst]:.2f} ({worst})"
        print(
            f"\n{setting}, {len(judged)} systems ({DEGENERATE} left out): {said}, without spots {max(plain):.2f}; "
            f"farthest point {most[far]:.2f} ({far}) mmag"
        )
    if arguments.output:
        picture(found, arguments.output)


if __name__ == "__main__":
    main()
