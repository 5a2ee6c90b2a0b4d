"""Made-up batches: ordinary stars, hostile ones, and periods that are known."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

import goodricke as gr
from goodricke.period import Periods
from goodricke.period.minima import Minima
from goodricke.period.search import MOST_TRIED, STRENGTHS
from goodricke.represent.features import features
from period import made

Floats = NDArray[np.float64]

KINDS = {"EA": 2.7183, "EB": 1.3571, "EW": 0.38712, "RRAB": 0.56731, "CONST": 1.0}
FLARING = (0.9, 3.0)


def ordinary(n: int = 300) -> gr.LightCurves:
    """Two of each kind in one band, two in three bands, and two flaring stars seen four times a night.

    Fluxes and errors are whole numbers of 2^-18: adding 1/2 and multiplying by 8 are in single precision.
    """
    stars = [made.star(kind, period, seed, 0.02, n + 37 * seed) for kind, period in KINDS.items() for seed in (0, 1)]
    stars += [in_bands(made.star(kind, KINDS[kind], 2, 0.02, n), ("g", "r", "i")) for kind in ("EB", "RRAB")]
    rng = np.random.default_rng(3)
    for period in FLARING:
        dense = np.repeat(np.sort(rng.uniform(0, 300, n // 4)), 4) + 0.04 * (np.arange(n // 4 * 4) % 4)
        wave = 1 + 0.1 * np.sin(2 * np.pi * dense / period) + (np.arange(len(dense)) % 50 == 7)
        stars.append(star("flaring", dense, wave + rng.normal(0, 0.02, len(dense)), 0.02))
    batch = gr.concatenate(stars)
    err = batch.flux_err * rng.uniform(0.6, 1.4, batch.n_points)
    return replace(
        batch,
        object_id=np.array([f"star {k}" for k in range(len(batch))]),
        flux=(np.round(batch.flux * 2.0**18) / 2.0**18).astype(np.float32),
        flux_err=(np.round(err * 2.0**18) / 2.0**18).astype(np.float32),
    )


def in_bands(lcs: gr.LightCurves, bands: tuple[str, ...]) -> gr.LightCurves:
    """The points of one star dealt to several bands, two after another in the same night."""
    time = lcs.time + 0.01 * (np.arange(lcs.n_points) % 3) - np.arange(lcs.n_points) % 3 * np.gradient(lcs.time) * 0.9
    band = np.array(bands)[np.arange(lcs.n_points) % len(bands)]
    return gr.LightCurves.from_arrays(
        np.sort(time), mag=15.0 + 0.5 * (band == bands[0]) - 2.5 * np.log10(np.maximum(lcs.flux, 0.01)),
        err=np.full(lcs.n_points, 0.02), band=band, object_id=lcs.object_id[0],
    )  # fmt: skip


def star(name: str, time: Floats, flux: Floats, err: Floats | float, band: object = "V") -> gr.LightCurves:
    """One star whose fluxes are exactly these: no level is taken off."""
    time, flux = np.asarray(time, dtype=float), np.asarray(flux, dtype=np.float32)
    made_up = gr.LightCurves.from_arrays(
        time, flux=np.ones(len(time)), err=np.ones(len(time)), object_id=name, band=band
    )
    return replace(made_up, flux=flux, flux_err=np.broadcast_to(np.asarray(err, np.float32), flux.shape))


def hostile() -> gr.LightCurves:
    """Stars that break careless arithmetic."""
    rng = np.random.default_rng(4)
    t = np.sort(rng.uniform(0, 100, 40))
    stars = [
        star("one", [1.0], [1.0], 0.1),
        star("two", [1.0, 2.0], [1.0, 1.5], 0.1),
        star("three", [1.0, 2.0, 4.0], [1.0, 1.5, 0.5], 0.1),
        star("equal", t, np.ones(40), 0.1),
        star("two values", t, np.where(np.arange(40) == 7, 1.0, 0.9), 0.1),
        star("huge errors", t, rng.normal(1, 0.1, 40), 1e30),
        star("tiny errors", t, rng.normal(1, 0.1, 40), 1e-30),
        star("one tiny error", t, rng.normal(1, 0.1, 40), np.where(np.arange(40) == 3, 1e-20, 0.1)),
        star("huge fluxes", t, rng.normal(0, 1e30, 40), 1e29),
        star("negative", t, -np.abs(rng.normal(1, 0.5, 40)), 0.1),
        star("same times", np.repeat(np.arange(20.0), 2), rng.normal(1, 0.1, 40), 0.1),
        star("long", np.linspace(0, 1e5, 40), rng.normal(1, 0.1, 40), 0.1),
        star("short", np.linspace(0, 1e-4, 40), rng.normal(1, 0.1, 40), 0.1),
        star("three bands", t, rng.normal(1, 0.1, 40), 0.1, np.array(["g", "r", "zz"])[np.arange(40) % 3]),
        star("two equal bands", t, np.where(np.arange(40) % 2, 1.0, 0.7), 0.1, np.array(["g", "r"])[np.arange(40) % 2]),
        star("empty", t, np.ones(40), 0.1).keep_points(np.zeros(40, dtype=bool)),
    ]
    batch = gr.concatenate(stars)
    return replace(batch, difference=batch.object_id == "negative")


def periods_of(lcs: gr.LightCurves, period: Floats | float) -> Periods:
    """Given periods, with twice and half of them as rivals."""
    n = len(lcs)
    best = np.broadcast_to(np.asarray(period, dtype=float), (n,))
    known = np.full(n, 0.5)
    return Periods(
        object_id=lcs.object_id,
        survey=lcs.survey,
        period=best[:, None] * np.array([1.0, 2.0, 0.5, np.nan, np.nan]),
        probability=np.tile([0.8, 0.3, 0.1, np.nan, np.nan], (n, 1)),
        epoch=known, epoch_max=known, power=known, false_alarm=known,
        alias=np.full((n, 5), ""), suspicious=np.zeros(n, dtype=bool),
        minima=Minima(**{field.name: known for field in fields(Minima)}),
        status=np.full(n, "ok"), reason=np.full(n, ""),
        tried=np.full((n, MOST_TRIED), np.nan), strengths=np.full((n, MOST_TRIED, STRENGTHS), np.nan, dtype=np.float32),
    )  # fmt: skip


def true_periods(lcs: gr.LightCurves) -> Periods:
    """Those of ``ordinary``."""
    kinds = [kind for kind in KINDS for _ in (0, 1)] + ["EB", "RRAB"]
    return periods_of(lcs, np.array([*(KINDS[kind] for kind in kinds), *FLARING]))


def value(lcs: gr.LightCurves, name: str, period: Floats | float | None = None) -> float:
    """One feature of the first star."""
    periods = None if period is None else periods_of(lcs, period)
    return float(features(lcs, periods, [name]).values[0, 0])


def uneven(n_stars: int = 4) -> gr.LightCurves:
    """Stars of different lengths with skewed scatter and uneven errors, in one band."""
    rng = np.random.default_rng(5)
    stars = []
    for k in range(n_stars):
        n = 40 + 57 * k
        time = np.sort(rng.uniform(0, 300, n)) + 2450000.0
        flux = 1 + 0.2 * np.sin(2 * np.pi * time / 37) - 0.1 * rng.gamma(1.0, 1.0, n)
        stars.append(star(f"u{k}", time, flux, rng.uniform(0.05, 0.09, n)))
    return gr.concatenate(stars)


def each(lcs: gr.LightCurves) -> list[tuple[Floats, Floats, Floats]]:
    """Time, flux and error of every star, for brute force."""
    cut = [slice(int(a), int(b)) for a, b in zip(lcs.offsets[:-1], lcs.offsets[1:], strict=True)]
    return [(lcs.time[c], lcs.flux[c].astype(float), lcs.flux_err[c].astype(float)) for c in cut]


def phased(shape: Floats, period: float = 1.7, n: int = 2000, noise: float = 0.0, name: str = "made") -> gr.LightCurves:
    """One star whose flux is 1 plus `shape`, a table over the phase; primary minimum where the table has it."""
    rng = np.random.default_rng(6)
    time = np.sort(rng.uniform(0, 400, n))
    place = time / period % 1.0
    flux = 1.0 + np.interp(place, np.arange(len(shape)) / len(shape), shape, period=1.0)
    return star(name, time, flux + rng.normal(0, noise, n), max(noise, 1e-3))
