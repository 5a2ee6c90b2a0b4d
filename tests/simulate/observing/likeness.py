"""Real stars and simulated ones as the same plain arrays, and the figures in which they should agree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.simulate.observing.observatory import Observatory

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stars:
    """Points of N stars in one band, in order of star and time."""

    object_id: NDArray[np.str_]
    time: Floats
    mag: Floats
    err: Floats
    offsets: NDArray[np.int64]

    def points(self) -> Floats:
        """Number of points of every star."""
        return np.diff(self.offsets).astype(float)

    def gaps(self) -> Floats:
        """Days between neighbouring points."""
        inner = np.ones(len(self.time) - 1, dtype=bool)
        inner[self.offsets[1:-1] - 1] = False
        return np.diff(self.time)[inner]

    def span(self) -> Floats:
        """Days from the first to the last point of every star."""
        return self.time[self.offsets[1:] - 1] - self.time[self.offsets[:-1]]

    def error_near(self, magnitude: float) -> float:
        """Median error of points within a quarter of that magnitude."""
        return float(np.median(self.err[np.abs(self.mag - magnitude) < 0.25]))


def real_stars(folder: Path, name: str, band: str) -> Stars:
    """Read one band of a set of real stars."""
    points = pq.read_table(folder / "lightcurves" / f"{name}_obs.parquet")
    points = points.filter(pc.equal(points["band"], band))
    coded = points["object_id"].combine_chunks().dictionary_encode()
    star = coded.indices.to_numpy()
    order = np.lexsort((points["time"].to_numpy(), star))
    time, mag, err = (points[c].to_numpy()[order].astype(float) for c in ("time", "mag", "err"))
    names = np.asarray(coded.dictionary.to_pylist())
    return Stars(names, time, mag, err, ragged.offsets_from_ids(star[order].astype(np.int64), len(names)))


def simulated_stars(survey: Observatory, n: int, seed: int, band: int = 0, magnitude: float = np.nan) -> Stars:
    """Constant stars of the survey's magnitudes, or all of one magnitude; stars without points left out."""
    rng = np.random.default_rng(seed)
    visits = survey.visits(n, rng)
    level = survey.magnitudes(n, rng) if np.isnan(magnitude) else np.full(n, magnitude)
    names = np.arange(n).astype(str)
    measured = survey.measure(names, visits, np.repeat(level, np.diff(visits.offsets)), rng)
    mine = measured.band == band
    mine &= np.isfinite(measured.value) if measured.limit is None else ~measured.limit
    offsets = ragged.offsets_from_ids(measured.star[mine].astype(np.int64), n)
    kept = np.flatnonzero(np.diff(offsets) > 0)
    index, offsets = ragged.take(offsets, kept)
    columns = (measured.time, measured.value, measured.error)
    return Stars(names[kept], *(np.asarray(c)[mine][index].astype(float) for c in columns), offsets)


def spread(values: Floats) -> float:
    """Standard deviation from the median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def folded_scatter(
    stars: Stars, folder: Path, name: str, label: str, near: float, harmonics: int, most: int = 40
) -> float:
    """Median scatter of up to `most` real stars of one class about harmonics, near a magnitude, without outliers."""
    labels = pq.read_table(folder / "lightcurves" / f"{name}_labels.parquet")
    labels = labels.filter(pc.equal(labels["label_mapped"], label))
    period = dict(zip(labels["object_id"].to_pylist(), labels["period_days"].to_pylist(), strict=True))
    middle = ragged.medians(stars.mag, stars.offsets)
    found: list[float] = []
    for i in np.flatnonzero((np.abs(middle - near) < 0.25) & (stars.points() > 100)):
        piece = slice(stars.offsets[i], stars.offsets[i + 1])
        days = period.get(str(stars.object_id[i]))
        if days and len(found) < most:
            found.append(_about_harmonics(stars.time[piece], stars.mag[piece], days, harmonics))
    assert len(found) > 10
    return float(np.median(found))


def _about_harmonics(time: Floats, mag: Floats, period: float, harmonics: int) -> float:
    turn = 2.0 * np.pi * np.outer((time - time[0]) / period % 1.0, np.arange(1, harmonics + 1))
    design = np.concatenate([np.ones((len(time), 1)), np.cos(turn), np.sin(turn)], axis=1)
    weight, residual = np.ones(len(time)), mag
    for _ in range(5):
        weighted = design * weight[:, None]
        normal = weighted.T @ design + 1e-9 * np.eye(design.shape[1])
        residual = mag - design @ np.linalg.solve(normal, weighted.T @ mag)
        weight = np.minimum(1.0, 2.0 * spread(residual) / np.maximum(np.abs(residual), 1e-9))
    return spread(residual) * float(np.sqrt(len(time) / (len(time) - design.shape[1])))


def scatter(stars: Stars) -> float:
    """Median robust scatter of simulated constant stars; their last digit is blurred, else it would be a multiple."""
    blurred = stars.mag + 0.001 * (np.random.default_rng(0).random(len(stars.mag)) - 0.5)
    middle = ragged.medians(blurred, stars.offsets)[ragged.segment_ids(stars.offsets)]
    return float(np.median(1.4826 * ragged.medians(np.abs(blurred - middle), stars.offsets)))


def ratio(real: Floats, simulated: Floats, levels: tuple[float, ...]) -> Floats:
    """Quantiles of the simulated divided by those of the real."""
    return np.quantile(simulated, levels) / np.quantile(real, levels)
