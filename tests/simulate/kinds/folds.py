"""Least-squares Fourier series of folded stars, apart from the package, to compare made stars with real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke.simulate.stars import Columns, Kind, Moments

Floats = NDArray[np.float64]


def measures(phase: Floats, mag: Floats, orders: int = 5) -> Floats:
    """Range, R21, the phase phi21 (turns), R31, and the part of the cycle that the light rises, of one star."""
    k = np.arange(1, orders + 1)
    good = np.ones(len(mag), bool)
    for _ in range(3):
        angle = 2.0 * np.pi * np.outer(phase, k)
        design = np.hstack([np.ones((len(mag), 1)), np.cos(angle), np.sin(angle)])
        x = np.linalg.lstsq(design[good], mag[good], rcond=None)[0]
        off = np.abs(mag - design @ x)
        good = off < 5.0 * np.median(off[good])
    size, turn = np.hypot(x[1 : orders + 1], x[orders + 1 :]), np.arctan2(-x[orders + 1 :], x[1 : orders + 1])
    even = np.arange(400) / 400
    curve = x[1 : orders + 1] @ np.cos(2 * np.pi * np.outer(k, even)) + x[orders + 1 :] @ np.sin(
        2 * np.pi * np.outer(k, even)
    )
    rise = (even[curve.argmin()] - even[curve.argmax()]) % 1.0
    phi21 = ((turn[1] - 2.0 * turn[0]) / (2.0 * np.pi)) % 1.0
    return np.array([np.ptp(curve), size[1] / size[0], phi21, size[2] / size[0], rise])


def real_stars(
    folder: Path, survey: str, label: str, n: int, brightest: float, band: str | None = None
) -> pd.DataFrame:
    """Times, magnitudes and periods of `n` stars of a class that are brighter than that."""
    labels = pq.read_table(folder / "lightcurves" / f"{survey}_labels.parquet").to_pandas()
    mine = labels[(labels.label_original == label) & np.isfinite(labels.period_days)]
    if "vmag" in mine:
        mine = mine[mine.vmag < brightest]
    mine = mine.sort_values("object_id").iloc[:: max(len(mine) // n, 1)].set_index("object_id")
    keep = [("object_id", "in", list(mine.index))]
    seen = pq.read_table(folder / "lightcurves" / f"{survey}_obs.parquet", filters=keep).to_pandas()
    seen = seen if band is None else seen[seen.band == band]
    return seen.join(mine[["period_days"]], on="object_id")


def real_measures(stars: pd.DataFrame, points: int) -> Floats:
    """Measures (N, 5) of real stars with that many points."""
    return np.array(
        [
            measures((star.time / star.period_days).to_numpy(float) % 1.0, star.mag.to_numpy(float))
            for _, star in stars.groupby("object_id")
            if len(star) >= points
        ]
    )


def made_measures(kind: Kind, stars: Columns, noise: float, seed: int = 0, points: int = 200) -> Floats:
    """Measures (N, 5) of made stars at random times in 7 years, with noise, in V."""
    rng = np.random.default_rng(seed)
    n = len(stars["epoch"])
    time = np.sort(2453500.0 + rng.uniform(0.0, 2500.0, (n, points)), axis=1)
    flux = kind.light(stars, Moments(time.ravel(), np.arange(n + 1) * points), "V").reshape(n, points)
    mag = -2.5 * np.log10(flux) + rng.normal(0.0, noise, flux.shape)
    return np.array([measures((t / p) % 1.0, m) for t, p, m in zip(time, stars["period_days"], mag, strict=True)])


def one_cycle(kind: Kind, stars: Columns, band: str = "V", points: int = 256) -> tuple[Floats, Floats]:
    """Phases (K,) from -0.5 about the epoch, and flux (N, K) there."""
    phase = np.arange(points) / points - 0.5
    time = stars["epoch"][:, None] + phase * stars["period_days"][:, None]
    offsets = np.arange(len(time) + 1) * points
    return phase, kind.light(stars, Moments(time.ravel(), offsets), band).reshape(len(time), points)
