"""Pictures of the simulator: meshes at several phases, a wall of curves by class and survey, made stars beside real.

    python benchmarks/simulate_pictures.py OUTPUT_DIR [--data LIGHTCURVES_DIR]

Writes meshes.png, wall.png and, where the data sets are, beside_asas3.png and beside_crts.png.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pyarrow.parquet as pq
from matplotlib.collections import PolyCollection

import goodricke as gr
from goodricke.lightcurves import LightCurve
from goodricke.simulate import Systems, light_curve
from goodricke.simulate.binary.band import named_band
from goodricke.simulate.binary.stars import build
from goodricke.simulate.roche.surface import BODY, E1, E2, LIGHT, ROWS, N, P, fejer
from goodricke.simulate.sky import Simulation, simulate_block

INK = "#20313f"
POINT = "#2a6f97"
WALL = ("asas3", "asassn", "crts", "ogle", "ztf", "gaia", "lsst", "kepler", "tess_2min", "tess_30min")
KINDS = ("contact", "detached", "semi_detached", "rrab", "rrc", "cepheid", "delta_scuti", "mira", "rotator", "planet")


def cells_of(systems: Systems, n: int = 36) -> list[np.ndarray]:
    """Cells of both stars of one system, each in its own frame."""
    band = named_band("V")
    cosines, weights = fejer(n)
    cells = [np.zeros((ROWS, n * n)) for _ in range(2)]
    step = float(band.log_temperature[1] - band.log_temperature[0])
    build(
        systems.numbers()[0], 1.0, np.empty((0, 5)), 1, np.array([band.log_temperature[0], step]), band.log_brightness,
        (cosines, weights, n), np.zeros(BODY), np.zeros(BODY), *cells,
    )  # fmt: skip
    return cells


def seen(cells: np.ndarray, star: int, phase: float, inclination: float, q: float) -> tuple[Any, Any, float]:
    """Corners (K, 4, 2) of the cells that face us, how bright each looks, and how far in front the star is."""
    angle = 2 * np.pi * phase
    ca, sa, ci, si = np.cos(angle), np.sin(angle), np.cos(inclination), np.sin(inclination)
    # In the frame of star 1 the observer is at phase 0 behind star 2.
    line, right, up = np.array([si * ca, -si * sa, ci]), np.array([sa, ca, 0.0]), np.array([-ci * ca, ci * sa, si])
    turn = np.diag([1.0, 1.0, 1.0]) if star == 1 else np.diag([-1.0, -1.0, 1.0])
    offset = np.array([0.0, 0.0, 0.0]) if star == 1 else np.array([1.0, 0.0, 0.0])
    centre = np.array([q / (1 + q), 0.0, 0.0])
    place = turn @ cells[P : P + 3] + (offset - centre)[:, None]
    normal = turn @ cells[N : N + 3]
    sides = [turn @ cells[at : at + 3] for at in (E1, E2)]
    facing = line @ normal
    shown = facing > 0
    corners = [place + 0.52 * (a * sides[0] + b * sides[1]) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    flat = np.stack([np.stack([right @ c, up @ c], axis=1) for c in corners], axis=1)
    order = np.argsort(line @ place[:, shown])
    from goodricke.simulate.roche.surface import AREA

    bright = (cells[LIGHT] / cells[AREA] * (0.4 + 0.6 * np.maximum(facing, 0)))[shown]
    return flat[shown][order], bright[order], float(line @ (offset - centre))


def meshes(target: Path) -> None:
    """Three systems at five phases, and their curves."""
    systems = {
        "contact, q 0.3, fill-out 0.4, 78 degrees": Systems(q=0.3, fillout=0.4, inclination=78.0, temperature2=5900.0),
        "lobe filled, q 0.4, 80 degrees": Systems(
            q=0.4, radius1=0.22, inclination=80.0, temperature1=9000.0, temperature2=5200.0, albedo2=0.5
        ),
        "apart, q 0.8, 84 degrees": Systems(
            q=0.8, radius1=0.2, radius2=0.14, inclination=84.0, temperature1=6500.0, temperature2=5500.0
        ),
    }
    phases = (0.0, 0.07, 0.15, 0.25, 0.5)
    figure, axes = plt.subplots(
        len(systems), len(phases) + 1, figsize=(14, 5.0), width_ratios=[1] * len(phases) + [1.5]
    )
    for row, (name, system) in zip(axes, systems.items(), strict=True):
        both = cells_of(system)
        q, inclination = float(system.q), float(np.radians(system.inclination))  # type: ignore[arg-type]
        top = max(float((c[LIGHT] / np.maximum(c[13], 1e-12)).max()) for c in both)
        for axis, phase in zip(row, phases, strict=False):
            stars = sorted((seen(both[k], k + 1, phase, inclination, q) for k in range(2)), key=lambda s: s[2])
            for corners, bright, _ in stars:
                colours = plt.get_cmap("afmhot")(0.15 + 0.75 * bright / top)
                axis.add_collection(PolyCollection(corners, facecolors=colours, edgecolors=INK, linewidths=0.08))
            axis.set(xlim=(-0.95, 1.25), ylim=(-0.6, 0.6), aspect="equal", xticks=[], yticks=[])
            axis.set_title(f"phase {phase}" if phase else f"{name}\nphase 0", fontsize=8, loc="left")
        x = np.linspace(-0.25, 0.75, 401)
        row[-1].plot(x, -2.5 * np.log10(light_curve(system, x)), color=INK, lw=1)
        row[-1].scatter(phases, -2.5 * np.log10(light_curve(system, np.array(phases))), s=12, color=POINT, zorder=3)
        row[-1].invert_yaxis()
        row[-1].set_xlabel("phase", fontsize=8)
        row[-1].set_ylabel("mag", fontsize=8)
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def draw(axis: Any, star: LightCurve, period: float, epoch: float) -> None:
    """A star's first band folded at its period, or against time where it has none."""
    band = star.band == star.band[0] if len(star) else np.zeros(0, bool)
    band &= star.flux > 0.02
    time, flux = star.time[band], star.flux[band]
    mag = -2.5 * np.log10(flux)
    zero = star.time_frame.zero_jd
    if np.isfinite(period):
        phase = ((time + zero - epoch) / period + 0.25) % 1.0 - 0.25
        axis.plot(phase, mag, ".", ms=1.2, color=POINT, rasterized=True)
    else:
        axis.plot(time, mag, ".", ms=1.2, color=POINT, rasterized=True)
    if len(mag):
        low, high = np.percentile(mag, [0.5, 99.5])
        pad = 0.15 * (high - low) + 1e-4
        axis.set_ylim(high + pad, low - pad)
    axis.tick_params(labelsize=5, length=2)


def wall(target: Path) -> None:
    """A star of every kind by every survey."""
    figure, axes = plt.subplots(len(KINDS), len(WALL), figsize=(1.9 * len(WALL), 1.35 * len(KINDS)))
    for column, survey in enumerate(WALL):
        for row, name in enumerate(KINDS):
            made, (k,) = catalogued(name, survey, 1, seed=40 + row, least=3.0)
            about = made.truth.to_pylist()[k]
            period = np.nan if about["period_days"] is None else about["period_days"]
            draw(axes[row, column], made.light_curves[k], period, about["epoch"] or 0.0)
        axes[0, column].set_title(survey, fontsize=8)
    for row, name in enumerate(KINDS):
        axes[row, 0].set_ylabel(name, fontsize=8)
    figure.tight_layout(pad=0.3)
    figure.savefig(target, dpi=100)


def beside(target: Path, data: Path, name: str, survey: str, pairs: dict[str, str], n: int = 6) -> None:
    """Made stars (top of each pair) beside real ones of the same class, folded."""
    truth = pq.read_table(data / f"{name}_labels.parquet").to_pylist()
    rng = np.random.default_rng(3)
    figure, axes = plt.subplots(2 * len(pairs), n, figsize=(2.1 * n, 2.6 * len(pairs)))
    for k, (label, made_as) in enumerate(pairs.items()):
        made, chosen = catalogued(made_as, survey, n, seed=5, least=4.0)
        for j, star in enumerate(chosen):
            about = made.truth.to_pylist()[star]
            draw(axes[2 * k, j], made.light_curves[star], about["period_days"] or np.nan, about["epoch"] or 0.0)
        good = [row for row in truth if row["label_mapped"] == label and row["period_days"] and row["period_days"] > 0]
        chosen = [good[i] for i in rng.choice(len(good), n, replace=False)]
        table = pq.read_table(
            data / f"{name}_obs.parquet", filters=[("object_id", "in", [row["object_id"] for row in chosen])]
        )
        for j, row in enumerate(chosen):
            draw_real(axes[2 * k + 1, j], table, row)
        axes[2 * k, 0].set_ylabel(f"made {label}", fontsize=8)
        axes[2 * k + 1, 0].set_ylabel(f"real {label}", fontsize=8)
    figure.tight_layout(pad=0.3)
    figure.savefig(target, dpi=100)


def catalogued(kind: str, survey: str, n: int, seed: int, least: float) -> tuple[Any, list[int]]:
    """Stars of one kind, and `n` that a catalogue might list: of a range over `least` times the error if possible."""
    asked = Simulation(survey=survey, n=6 * n, seed=seed, shares={kind: 1.0})
    made = simulate_block(asked, range(6 * n))
    snr = np.nan_to_num(np.array(made.truth.column("snr").to_pylist(), dtype=float))
    return made, np.argsort(snr < least, kind="stable")[:n].tolist()


def draw_real(axis: Any, table: Any, row: dict[str, Any]) -> None:
    """A real star folded at its catalogue's period, faintest in the middle of the left half."""
    import pyarrow.compute as pc

    points = table.filter(pc.equal(table.column("object_id"), row["object_id"]))
    lcs = gr.LightCurves.from_arrays(
        points.column("time").to_numpy(), mag=points.column("mag").to_numpy(), err=points.column("err").to_numpy(),
        object_id=row["object_id"],
    )  # fmt: skip
    star = lcs[0]
    phase = star.time / row["period_days"] % 1.0
    bin_of = (phase * 40).astype(int)
    bins = np.bincount(bin_of, star.flux, 40) / np.maximum(np.bincount(bin_of, minlength=40), 1)
    least = (np.argmin(np.where(bins > 0, bins, np.inf)) + 0.5) / 40
    epoch = least * row["period_days"]
    shifted = (star.time - epoch) / row["period_days"]
    mag = -2.5 * np.log10(np.maximum(star.flux, 1e-3))
    axis.plot((shifted + 0.25) % 1.0 - 0.25, mag, ".", ms=1.2, color="#9c4a1a", rasterized=True)
    low, high = np.percentile(mag, [0.5, 99.5])
    axis.set_ylim(high + 0.15 * (high - low), low - 0.15 * (high - low))
    axis.tick_params(labelsize=5, length=2)


def main() -> None:
    """Draw everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", default="", help="meshes, wall or beside")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    if arguments.only in ("", "meshes"):
        meshes(arguments.output / "meshes.png")
    if arguments.only in ("", "wall"):
        wall(arguments.output / "wall.png")
    if arguments.data and arguments.only in ("", "beside"):
        asas = {"EA": "detached", "EB": "semi_detached", "EW": "contact"}
        beside(arguments.output / "beside_asas3.png", arguments.data, "asas3_acvs", "asas3", asas)
        crts = {"EA": "detached", "EW_EB": "contact", "RRAB": "rrab", "RRC": "rrc", "LPV": "mira", "ROT": "rotator"}
        beside(arguments.output / "beside_crts.png", arguments.data, "crts_sss", "crts", crts)


if __name__ == "__main__":
    main()
