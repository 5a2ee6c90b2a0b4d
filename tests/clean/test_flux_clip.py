"""The clip on fluxes: artefacts go, eclipses and real maxima stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from clean import made
from clean.made import kept
from goodricke.clean import flux_clip
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves


@pytest.mark.parametrize("points", [100, 300, 1000])
@pytest.mark.parametrize("shape", [made.constant, made.algol], ids=["constant", "algol"])
def test_outliers_above_quiet_stars_go(points: int, shape: made.Shape) -> None:
    rng = np.random.default_rng(points)
    lcs, flux = made.sparse(shape, stars=60_000 // points, points=points)
    bad = rng.random(flux.shape) < 0.005
    bad &= flux == 1.0
    spoiled = flux + rng.normal(0.0, 0.02, flux.shape) + 8.0 * 0.02 * bad
    lcs = made.batch(lcs.time.reshape(flux.shape), spoiled, 0.02)
    keep = kept(lcs, flux_clip(lcs)).reshape(flux.shape)
    # Two outliers in a row count as a brightening: with one in 200 that spares 1%; a few more hide below 5 sigma.
    assert np.count_nonzero(~keep & bad) > 0.95 * np.count_nonzero(bad)
    # 5 sigma by chance: 3e-7 of the points
    assert np.count_nonzero(~keep & ~bad) <= 1


@pytest.mark.parametrize(("rate", "least"), [(0.01, 0.95), (0.02, 0.92)])
def test_more_outliers(rate: float, least: float) -> None:
    rng = np.random.default_rng(1)
    lcs, flux = made.sparse(made.constant)
    bad = rng.random(flux.shape) < rate
    lcs = made.batch(lcs.time.reshape(flux.shape), flux + rng.normal(0, 0.02, flux.shape) + 0.16 * bad, 0.02)
    keep = kept(lcs, flux_clip(lcs)).reshape(flux.shape)
    assert np.count_nonzero(~keep & bad) > least * np.count_nonzero(bad)


@pytest.mark.parametrize("shape", [made.rr_lyrae, made.contact, made.algol, made.constant], ids=lambda f: f.__name__)
@pytest.mark.parametrize("noise", [0.002, 0.02, 0.1])
@pytest.mark.parametrize("points", [12, 50, 300])
def test_variable_stars_lose_nothing(shape: made.Shape, noise: float, points: int) -> None:
    lcs, _ = made.sparse(shape, points=points, noise=noise)
    assert flux_clip(lcs).n_points == lcs.n_points


def test_eclipses_of_one_point_each_stay() -> None:
    lcs, flux = made.sparse(lambda phase: made.algol(phase, width=0.01, depth=0.95), points=400, noise=0.005)
    deep = flux.ravel() < 0.6
    assert np.count_nonzero(deep) > 300
    assert kept(lcs, flux_clip(lcs)).all()


def test_flares_outbursts_and_mira_maxima_that_are_sampled_stay() -> None:
    rng = np.random.default_rng(2)
    minutes = np.tile(np.arange(0.0, 2.0, 2.0 / 1440.0), (20, 1))
    since = minutes - rng.uniform(0.2, 1.8, (20, 1))
    flare = 1.0 + 0.5 * np.exp(-np.clip(since, 0, None) / 0.01) * (since >= 0) + rng.normal(0, 1e-3, since.shape)
    daily = np.tile(np.arange(400.0), (20, 1))
    outburst = 1.0 + 10.0 * ((daily + rng.uniform(0, 70, (20, 1))) % 71.0 < 4.0) + rng.normal(0, 0.05, daily.shape)
    weekly = np.tile(np.arange(0.0, 2100.0, 7.0), (20, 1))
    mira = 10 ** (0.4 * 2.5 * np.cos(2 * np.pi * (weekly / 330.0 + rng.random((20, 1)))) ** 3)
    for time, flux, err in ((minutes, flare, 1e-3), (daily, outburst, 0.05), (weekly, mira, 0.01)):
        lcs = made.batch(time, flux, err)
        assert flux_clip(lcs).n_points == lcs.n_points


def test_another_band_keeps_a_point_company() -> None:
    time = np.arange(200.0)
    band = np.where(time % 2, "g", "r")
    flux = np.random.default_rng(3).normal(1.0, 0.01, 200)
    alone, both = flux.copy(), flux.copy()
    alone[100] += 1.0
    both[100:102] += 1.0
    for values, lost in ((alone, 1), (both, 0)):
        lcs = LightCurves.from_arrays(time, flux=values, err=np.full(200, 0.01), band=band)
        assert flux_clip(lcs).dropped.sum() == lost


def test_neighbours_belong_to_the_same_star() -> None:
    flux = np.random.default_rng(4).normal(1.0, 0.01, 60)
    flux[[29, 30]] = 2.0  # the last point of one star, the first of the next
    lcs = LightCurves.from_arrays(
        np.tile(np.arange(30.0), 2), flux=flux, err=np.full(60, 0.01), object_id=np.repeat(["a", "b"], 30)
    )
    assert flux_clip(lcs).lengths.tolist() == [29, 29]


def test_the_points_own_error_counts() -> None:
    flux, err = np.random.default_rng(5).normal(1.0, 0.01, 100), np.full(100, 0.01)
    flux[50], err[50] = 1.5, 0.2
    assert flux_clip(LightCurves.from_arrays(np.arange(100.0), flux=flux, err=err)).dropped.sum() == 0
    err[50] = 0.01
    assert flux_clip(LightCurves.from_arrays(np.arange(100.0), flux=flux, err=err)).dropped.sum() == 1


def test_nine_points_are_too_few() -> None:
    for n, lost in ((9, 0), (12, 1)):
        flux = np.r_[np.random.default_rng(6).normal(1.0, 0.01, n - 1), 9.0]
        assert flux_clip(LightCurves.from_arrays(np.arange(n), flux=flux, err=np.full(n, 0.01))).dropped.sum() == lost


def test_faint_points_only_when_asked_and_hemmed_in() -> None:
    time = np.r_[np.arange(0.0, 1.0, 0.01), np.arange(2.0, 60.0)]
    flux = np.random.default_rng(7).normal(1.0, 0.001, len(time))
    flux[[50, 120]] = 0.5  # one between neighbours at 15 minutes, one a day from them: that may be an eclipse
    flux[70:74] = 0.7  # an eclipse
    lcs = LightCurves.from_arrays(time, flux=flux, err=np.full(len(time), 0.001))
    assert flux_clip(lcs).n_points == len(time)
    assert np.flatnonzero(~kept(lcs, flux_clip(lcs, lower=5.0))).tolist() == [50]
    assert flux_clip(lcs, lower=5.0, lower_within_days=1e-3).n_points == len(time)


@pytest.mark.parametrize("change", [{"upper": 0.0}, {"upper": np.nan}, {"lower": -3.0}])
def test_numbers_that_make_no_sense(change: dict[str, float]) -> None:
    with pytest.raises(OptionError, match="sigma above 0"):
        flux_clip(LightCurves.empty(), **change)


def test_nothing_to_clip() -> None:
    assert len(flux_clip(LightCurves.empty())) == 0
    empty = LightCurves.from_arrays([np.nan], flux=[1.0])
    assert flux_clip(empty) is empty


@pytest.mark.slow
def test_a_real_survey_loses_a_few_points_in_ten_thousand(shared_data: Path) -> None:
    """ASAS-3, where no outlier was removed: the clip takes artefacts, and no point below the median of any star."""
    table = pq.read_table(shared_data / "lightcurves" / "asas3_acvs_obs.parquet")
    labels = pq.read_table(shared_data / "lightcurves" / "asas3_acvs_labels.parquet")
    lcs = LightCurves.from_arrays(table["time"], mag=table["mag"], err=table["err"], object_id=table["object_id"])
    after = flux_clip(lcs)
    kind = dict(zip(labels["object_id"].to_pylist(), labels["label_mapped"].to_pylist(), strict=True))
    kinds = np.array([kind.get(name, "") for name in lcs.object_id])
    share = {name: after[kinds == name].dropped[:, 6].sum() / lcs[kinds == name].n_points for name in set(kinds)}
    print({name: f"{value:.5f}" for name, value in share.items()})
    assert 1e-5 < share["EA"] < 5e-4
    assert share["EW"] < 5e-4
    assert share["RRAB"] < 3e-4
    assert share["LPV"] < 1e-4
    assert np.count_nonzero(after.flux < 1.0) == np.count_nonzero(lcs.flux < 1.0)
