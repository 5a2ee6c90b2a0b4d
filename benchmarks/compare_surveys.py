"""Simulated surveys beside real ones: numbers of points, gaps, spans, errors, scatter, outliers, memory of the noise.

    python benchmarks/compare_surveys.py FOLDER PICTURES [--stars N] [--surveys NAME ...]

FOLDER is the shared data (`lightcurves/<set>_obs.parquet`, `raw/`); a picture per survey goes to PICTURES. Real scatter
is that of periodic stars about a smooth fold at the catalogue's period (harmonics, without outliers), the simulated one
that of constant stars of the same magnitudes.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.simulate.observing.asas3 import Asas3
from goodricke.simulate.observing.asassn import Asassn
from goodricke.simulate.observing.crts import Crts
from goodricke.simulate.observing.ground import GroundSurvey
from goodricke.simulate.observing.ogle import Ogle
from goodricke.simulate.observing.ztf import Ztf

mpl.use("Agg")
import matplotlib.pyplot as plt

Floats = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
FEWEST = 10  # points that tell a star's scatter
GAPS = (0.05, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.99)
LAGS = (0.0, 0.01, 0.05, 0.3, 1.5, 3.5, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)


@dataclass(frozen=True)
class Real:
    """A set of real stars and what to do with it."""

    survey: str
    simulated: GroundSurvey
    file: str
    band: str
    labels: tuple[str, ...] = ()
    """Classes that are smooth when folded."""
    harmonics: int = 0
    """Of the fold; 0 for constant stars."""
    colour: float = 0.0
    """Magnitudes by which stars are fainter in this band than in the survey's first."""
    between: tuple[float, float] = (-np.inf, np.inf)
    """Times to which the simulated points are cut."""
    zero_jd: float = 0.0
    """Julian date of time 0 in the file."""
    real_band: str = ""
    """The band's name in the file, where it is another."""


class SouthernField(Ztf):
    """The field of the real ZTF stars, and their magnitudes."""

    brightness = (11.8, 12.17, 13.51, 15.29, 16.22, 17.72, 18.66, 18.93, 19.25, 19.47, 19.6)

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places in one field."""
        return 19.75 + rng.random(n), -28.5 + 0.8 * rng.random(n)


class Place(Asassn):
    """One telescope of ASAS-SN looking at one place."""

    def __init__(self, programme: int, ra: float, dec: float, first: float, last: float) -> None:
        self.ra, self.dec = ra, dec
        self.programmes = (replace(Asassn.programmes[programme], first=first, last=last, overlap=0.0),)  # type: ignore[misc]

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return the place."""
        return np.full(n, self.ra), np.full(n, self.dec)


SETS = (
    Real("asas3", Asas3(), "asas3_acvs", "V", ("EW",), 5),
    Real("crts", Crts(), "crts_sss", "V_CSS", ("EW_EB",), 5, zero_jd=2400000.5),
    Real("ogle", Ogle(), "ogle4_lmc_cep", "I", ("CEP",), 10, zero_jd=2450000.0),
    Real("ogle", Ogle(), "ogle4_lmc_cep", "V", ("CEP",), 8, 0.75, zero_jd=2450000.0),
    Real(
        "ztf",
        SouthernField(),
        "ztf_dr5_unlabelled",
        "g",
        between=(2459128.8, 2459220.7),
        real_band="zg",
        zero_jd=2400000.5,
    ),
)


@dataclass(frozen=True)
class Stars:
    """Points of N stars, sorted; `residual` is NaN for stars that are not smooth."""

    time: Floats
    mag: Floats
    err: Floats
    offsets: NDArray[np.int64]
    residual: Floats

    def __len__(self) -> int:
        return len(self.offsets) - 1


def real_stars(folder: Path, wanted: Real, most: int, rng: np.random.Generator) -> Stars:
    """Read a set; residuals of at most `most` stars of the smooth classes."""
    points = pq.read_table(folder / "lightcurves" / f"{wanted.file}_obs.parquet")
    points = points.filter(pc.equal(points["band"], wanted.real_band or wanted.band))
    labels = pq.read_table(folder / "lightcurves" / f"{wanted.file}_labels.parquet")
    names = labels["object_id"].to_numpy()
    star = pc.index_in(points["object_id"], labels["object_id"].combine_chunks()).to_numpy()
    order = np.lexsort((points["time"].to_numpy(), star))
    time, mag, err = (points[c].to_numpy()[order].astype(float) for c in ("time", "mag", "err"))
    offsets = ragged.offsets_from_ids(star[order], len(names))
    filled = np.flatnonzero(np.diff(offsets) > 0)
    index, offsets = ragged.take(offsets, filled)
    time, mag, err = time[index], mag[index], err[index]
    time += wanted.zero_jd
    kind = labels["label_mapped"].to_numpy(zero_copy_only=False)[filled]
    period = labels["period_days"].to_numpy(zero_copy_only=False)[filled].astype(float)
    residual = np.full(len(time), np.nan)
    if not wanted.harmonics:
        residual = mag - ragged.medians(mag, offsets)[ragged.segment_ids(offsets)]
    smooth = np.flatnonzero(np.isin(kind, wanted.labels) & (period > 0) & (np.diff(offsets) > 100))
    for i in rng.permutation(smooth)[:most]:
        piece = slice(offsets[i], offsets[i + 1])
        residual[piece] = about_fold(time[piece], mag[piece], period[i], wanted.harmonics)
    return Stars(time, mag, err, offsets, residual)


def about_fold(time: Floats, mag: Floats, period: float, harmonics: int) -> Floats:
    """Residuals (M,) of harmonics fitted without the outliers, scaled for the numbers that were fitted."""
    turn = 2.0 * np.pi * np.outer((time - time[0]) / period % 1.0, np.arange(1, harmonics + 1))
    design = np.concatenate([np.ones((len(time), 1)), np.cos(turn), np.sin(turn)], axis=1)
    weight = np.ones(len(time))
    residual = mag
    for _ in range(8):
        weighted = design * weight[:, None]
        normal = weighted.T @ design + 1e-9 * np.eye(design.shape[1])
        residual = mag - design @ np.linalg.solve(normal, weighted.T @ mag)
        weight = np.minimum(1.0, 2.0 * (spread(residual) + 1e-4) / np.maximum(np.abs(residual), 1e-9))
    return residual * np.sqrt(len(time) / (len(time) - design.shape[1]))


def spread(values: Floats) -> float:
    """Standard deviation from the median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def simulated_stars(wanted: Real, n: int, rng: np.random.Generator) -> Stars:
    """Constant stars of the survey's magnitudes."""
    seen = wanted.simulated
    visits = seen.visits(n, rng)
    star = ragged.segment_ids(visits.offsets)
    measured = seen.measure(np.arange(n).astype(str), visits, (seen.magnitudes(n, rng) + wanted.colour)[star], rng)
    assert measured.star is not None
    assert measured.band is not None
    assert measured.error is not None
    mine = measured.band == seen.bands.index(wanted.band)
    mine &= (measured.time + seen.frame.zero_jd > wanted.between[0]) & (
        measured.time + seen.frame.zero_jd < wanted.between[1]
    )
    if wanted.survey == "ztf":
        mine &= measured.quality == 0
    offsets = ragged.offsets_from_ids(np.asarray(measured.star[mine], dtype=np.int64), n)
    filled = np.flatnonzero(np.diff(offsets) > 0)
    index, offsets = ragged.take(offsets, filled)
    time, mag, err = (
        measured.time[mine][index] + seen.frame.zero_jd,
        measured.value[mine][index],
        measured.error[mine][index],
    )
    dithered = mag + seen.mag_step * (rng.random(len(mag)) - 0.5)  # else medians would be multiples of the step
    residual = dithered - ragged.medians(dithered, offsets)[ragged.segment_ids(offsets)]
    return Stars(time, mag, err, offsets, residual)


def gaps(stars: Stars) -> Floats:
    """Days between neighbouring points of a star."""
    inner = np.ones(len(stars.time) - 1, dtype=bool)
    inner[stars.offsets[1:-1] - 1] = False
    return np.diff(stars.time)[inner]


def per_star(stars: Stars) -> dict[str, Floats]:
    """Number of points, span, first and last time, median magnitude, median error and robust scatter of every star."""
    first, last = stars.time[stars.offsets[:-1]], stars.time[stars.offsets[1:] - 1]
    middle = ragged.medians(stars.residual, stars.offsets)
    away = np.abs(stars.residual - middle[ragged.segment_ids(stars.offsets)])
    scatter = 1.4826 * ragged.medians(away, stars.offsets)
    return {
        "points": np.diff(stars.offsets).astype(float),
        "span": last - first,
        "first": first,
        "magnitude": ragged.medians(stars.mag, stars.offsets),
        "error": ragged.medians(stars.err, stars.offsets),
        "scatter": np.where(np.diff(stars.offsets) >= FEWEST, scatter, np.nan),
    }


def against_magnitude(figures: dict[str, Floats], what: str, edges: Floats) -> Floats:
    """Median of a figure in bins of magnitude; NaN where fewer than eight stars stand."""
    bins = np.digitize(figures["magnitude"], edges) - 1
    good = np.isfinite(figures[what])
    picked = [figures[what][good & (bins == k)] for k in range(len(edges) - 1)]
    return np.array([np.median(p) if len(p) >= 8 else np.nan for p in picked])


def scaled(stars: Stars, figures: dict[str, Floats]) -> Floats:
    """Residuals in units of the star's scatter."""
    return stars.residual / figures["scatter"][ragged.segment_ids(stars.offsets)]


def structure(stars: Stars, z: Floats) -> Floats:
    """Half the robust variance of differences of residuals in units of scatter, in bins of lag: 1 for white noise."""
    star = ragged.segment_ids(stars.offsets)
    pairs: list[list[Floats]] = [[] for _ in LAGS[:-1]]
    for step in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233):
        same = (star[step:] == star[:-step]) & np.isfinite(z[step:])
        lag = np.digitize((stars.time[step:] - stars.time[:-step])[same], LAGS) - 1
        change = (z[step:] - z[:-step])[same]
        for k, found in enumerate(pairs):
            found.append(change[lag == k])
    joined = [np.concatenate(found) for found in pairs]
    return np.array([spread(found) ** 2 / 2.0 if len(found) > 300 else np.nan for found in joined])


def compare(name: str, real: Stars, made: Stars, picture: Path) -> None:
    """Print the table of one survey and draw it."""
    figures = [per_star(real), per_star(made)]
    z = [scaled(s, f) for s, f in zip((real, made), figures, strict=True)]
    print(f"\n## {name}: {len(real)} real and {len(made)} simulated stars\n")
    print("| figure | real | simulated |\n|---|---|---|")
    for what in ("points", "span", "magnitude"):
        line(f"{what} at {LEVELS}", *(np.quantile(f[what], LEVELS) for f in figures))
    line(f"gap (d) at {GAPS}", *(np.quantile(gaps(s), GAPS) for s in (real, made)), digits=4)
    low, high = np.quantile(figures[0]["magnitude"], (0.02, 0.99))
    edges = np.arange(np.floor(2 * low) / 2, high + 0.5, 0.5)
    curves = {}
    for what in ("error", "scatter"):
        curves[what] = [against_magnitude(f, what, edges) for f in figures]
        good = np.isfinite(curves[what]).all(axis=0)
        line(f"{what} at magnitude {np.round(edges[:-1][good] + 0.25, 2)}", *(c[good] for c in curves[what]), digits=4)
    far = [np.abs(values[np.isfinite(values)]) for values in z]
    line("share beyond 3, 5, 10 scatters", *([float((f > k).mean()) for k in (3, 5, 10)] for f in far), digits=5)
    line("too faint among those beyond 5", *([float((v[np.abs(v) > 5] > 0).mean())] for v in z))
    curves["structure"] = [structure(s, v) for s, v in zip((real, made), z, strict=True)]
    line(f"structure at lags from {LAGS[:-1]}", *curves["structure"])
    draw(name, (real, made), figures, z, curves, edges, picture)


CAMERAS = (
    ("asassn_skypatrol_v1_csv/asassn_v765cas_EA_skypatrol_v1.csv", "ba", 0, 0.9, 59.6),
    ("asassn_skypatrol_v1_csv/asassn_v765cas_EA_skypatrol_v1.csv", "bq", 4, 0.9, 59.6),
    ("asassn_skypatrol_v1_csv/asassn_v765cas_EA_skypatrol_v1.csv", "bA", 6, 0.9, 59.6),
    ("asassn_skypatrol_v2_csv/vx_men_skypatrol_v2.csv", "bi", 2, 85.0, -73.0),
    ("asassn_skypatrol_v2_csv/vx_men_skypatrol_v2.csv", "bm", 3, 85.0, -73.0),
)
"""File, camera, the telescope in ``Asassn.programmes``, and about where the star is."""


def compare_asassn(folder: Path, picture: Path) -> None:
    """Print and draw nights, gaps and errors of single cameras of ASAS-SN beside simulated ones."""
    print("\n## asassn: cameras of two stars\n\n| figure | real | simulated |\n|---|---|---|")
    figure, panels = plt.subplots(2, len(CAMERAS), figsize=(4 * len(CAMERAS), 7))
    for (name, camera, programme, ra, dec), panel in zip(CAMERAS, panels.T, strict=True):
        time, mag, error = camera_points(folder / name, camera)
        regular = time > 2457290.0  # before that V765 Cas was hardly in a field
        time, mag, error = time[regular], mag[regular], error[regular]
        place = Place(programme, ra, dec, time[0], time[-1])
        visits = place.visits(20, np.random.default_rng(3))
        level = np.full(len(visits.time), np.median(mag))
        made = place.measure(np.arange(20).astype(str), visits, level, np.random.default_rng(4))
        assert made.error is not None
        assert made.star is not None
        longitude = place.programmes[0].site.longitude / 360.0
        nightly = [np.unique(np.floor(time + longitude))]
        nightly += [np.unique(np.floor(made.time[made.star == k] + longitude)) for k in range(20)]
        both = (nightly[0], nightly[1])
        line(f"{camera}: nights", [len(nightly[0])], [float(np.median([len(n) for n in nightly[1:]]))])
        steps = (np.diff(nightly[0]), np.concatenate([np.diff(n) for n in nightly[1:]]))
        line(f"{camera}: nights between visits at {LEVELS}", *(np.quantile(s, LEVELS) for s in steps))
        line(f"{camera}: error at {LEVELS}", np.quantile(error, LEVELS), np.quantile(made.error, LEVELS), digits=2)
        for k, values in enumerate(steps):
            panel[0].hist(values, np.arange(0.5, 25), density=True, histtype="step", color=f"C{k}")
        for k, n in enumerate(both):
            panel[1].plot(n, np.full(len(n), k), "|", ms=20, color=f"C{k}")
        panel[0].set_title(f"asassn {camera}: nights between visits")
        panel[1].set_title("nights")
    figure.tight_layout()
    figure.savefig(picture, dpi=70)
    plt.close(figure)


def camera_points(path: Path, camera: str) -> tuple[Floats, Floats, Floats]:
    """Times, magnitudes and errors of the detections of one camera, in order of time."""
    lines = [row for row in path.read_text().splitlines() if row and not row.startswith("#")]
    names = lines[0].split(",")
    time, mag, error = (
        next(names.index(n) for n in pair if n in names) for pair in (("HJD", "jd"), ("mag",), ("mag_err",))
    )
    where = names.index("Camera" if "Camera" in names else "cam")
    rows = [row.split(",") for row in lines[1:]]
    rows = [row for row in rows if row[where] == camera and not row[mag].startswith(">") and float(row[error]) < 90.0]
    table = np.array([[float(row[time]), float(row[mag]), float(row[error])] for row in rows])
    table = table[np.argsort(table[:, 0])]
    return table[:, 0], table[:, 1], table[:, 2]


def line(name: str, *values: Floats | list[float], digits: int = 3) -> None:
    """Print a row."""
    print(f"| {name} | " + " | ".join(", ".join(f"{v:.{digits}g}" for v in column) for column in values) + " |")


def draw(
    name: str, stars: tuple[Stars, Stars], figures: list[dict[str, Floats]], z: list[Floats],
    curves: dict[str, list[Floats]], edges: Floats, picture: Path,
) -> None:  # fmt: skip
    """Nine panels: the real survey in blue, the simulated one in orange."""
    figure, panels = plt.subplots(3, 3, figsize=(15, 11))
    flat = panels.ravel()
    rng = np.random.default_rng(0)
    for s, f, v, colour, label in zip(
        stars, figures, z, ("tab:blue", "tab:orange"), ("real", "simulated"), strict=True
    ):
        style = {"color": colour, "label": label}
        most = np.quantile(figures[0]["points"], 0.995)
        flat[0].hist(f["points"], np.linspace(0, most, 50), density=True, histtype="step", **style)
        flat[1].hist(np.log10(np.maximum(gaps(s), 1e-4)), 120, density=True, histtype="step", **style)
        flat[2].hist(s.time % 1.0, 96, range=(0, 1), density=True, histtype="step", **style)
        start = min(one.time.min() for one in stars)
        flat[3].hist(s.time - start, 150, density=True, histtype="step", **style)
        few = rng.permutation(len(f["points"]))[:2000]
        flat[4].plot(f["magnitude"][few], f["error"][few], ".", ms=2, alpha=0.4, color=colour)
        flat[5].plot(f["magnitude"][few], f["scatter"][few], ".", ms=2, alpha=0.4, color=colour)
        good = v[np.isfinite(v)]
        flat[6].hist(np.clip(good, -15, 15), 150, density=True, histtype="step", log=True, **style)
    for k, colour in enumerate(("tab:blue", "tab:orange")):
        flat[4].plot(edges[:-1] + 0.25, curves["error"][k], color=colour)
        flat[5].plot(edges[:-1] + 0.25, curves["scatter"][k], color=colour)
        flat[7].semilogx(np.maximum(LAGS[:-1], 0.003), curves["structure"][k], "o-", color=colour)
    for i, s in enumerate(stars):
        for j in range(12):
            piece = slice(s.offsets[j * 7], s.offsets[j * 7 + 1])
            flat[8].plot(s.time[piece], np.full(piece.stop - piece.start, j + 0.4 * i), "|", color=f"C{i}", ms=6)
    titles = (
        "points per star", "log10 gap (d)", "part of the Julian day", "days since the first point",
        "error against magnitude", "scatter against magnitude", "residual / scatter", "structure against lag (d)",
        "twelve stars each",
    )  # fmt: skip
    for panel, title in zip(flat, titles, strict=True):
        panel.set_title(f"{name}: {title}")
    for panel in flat[4:6]:
        panel.set_yscale("log")
    flat[0].legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=70)
    plt.close(figure)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--stars", type=int, default=2000, help="simulated stars per survey")
    parser.add_argument("--surveys", nargs="*", default=[*sorted({s.survey for s in SETS}), "asassn"])
    given = parser.parse_args()
    given.pictures.mkdir(parents=True, exist_ok=True)
    for wanted in SETS:
        if wanted.survey in given.surveys:
            rng = np.random.default_rng(4)
            real = real_stars(given.folder, wanted, 800, rng)
            made = simulated_stars(wanted, given.stars, rng)
            compare(f"{wanted.survey} {wanted.band}", real, made, given.pictures / f"{wanted.survey}_{wanted.band}.png")
    if "asassn" in given.surveys:
        compare_asassn(given.folder / "raw", given.pictures / "asassn.png")


if __name__ == "__main__":
    main()
