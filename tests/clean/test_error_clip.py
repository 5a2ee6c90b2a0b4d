"""The clip on uncertainties against astropy's, and eclipses in front of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from astropy.stats import sigma_clip

from clean.made import kept
from goodricke.clean import error_clip
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves


def survey(seed: int, stars: int = 40, bands: int = 2, spread: float = 0.5, kind: str = "flux") -> LightCurves:
    """Stars of 0 to 200 points with errors that have a long tail."""
    rng = np.random.default_rng(seed)
    star = np.repeat(np.arange(stars), rng.integers(0, 200, stars))
    err = 0.02 * np.exp(rng.normal(0.0, spread, len(star)))
    err[rng.random(len(star)) < 0.02] *= 1000.0
    value = rng.normal(12.0, 0.1, len(star)) if kind == "mag" else rng.normal(1.0, 0.05, len(star))
    return LightCurves.from_arrays(
        rng.uniform(0, 1000, len(star)), **{kind: value}, err=err, object_id=star,
        band=np.array(list("gri"))[rng.integers(0, bands, len(star))],
    )  # fmt: skip


def by_astropy(lcs: LightCurves, sigma: float, iterations: int) -> np.ndarray:
    """The published clip, star by star and band by band."""
    keep = np.ones(lcs.n_points, dtype=bool)
    for i in range(len(lcs)):
        for code in range(len(lcs.bands)):
            mine = np.arange(lcs.offsets[i], lcs.offsets[i + 1])
            mine = mine[lcs.band[mine] == code]
            if len(mine):
                err = lcs.flux_err[mine].astype(np.float64)
                clipped = sigma_clip(err, sigma=sigma, maxiters=iterations, cenfunc="mean", stdfunc="std")
                keep[mine] = ~np.ma.getmaskarray(clipped)
    return keep


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("sigma", "iterations"), [(3.0, 5), (3.0, 1), (2.0, 3), (1.0, 20)])
def test_the_same_points_as_astropy(seed: int, sigma: float, iterations: int) -> None:
    lcs = survey(seed)
    found = error_clip(lcs, sigma, iterations)
    expected = by_astropy(lcs, sigma, iterations)
    assert np.array_equal(kept(lcs, found), expected)
    assert found.dropped.sum() == np.count_nonzero(~expected)
    if iterations == 5:
        assert found.dropped.sum() > 0


def test_all_bands_together() -> None:
    lcs = survey(5)
    one = LightCurves.from_arrays(
        lcs.time, flux=lcs.flux, err=lcs.flux_err, object_id=np.repeat(lcs.object_id, lcs.lengths)
    )
    # The flux scale of the one band differs per star, which moves no error with respect to the mean.
    assert error_clip(lcs, per_band=False).lengths[lcs.lengths > 0].tolist() == error_clip(one).lengths.tolist()


def test_outliers_of_any_size_do_not_spoil_the_sums() -> None:
    err = np.r_[np.random.default_rng(0).normal(1e-4, 1e-6, 200), 1.0, 1e6, 1e12]
    lcs = LightCurves.from_arrays(np.arange(203.0), flux=np.ones(203), err=err)
    left = error_clip(lcs)
    assert left.dropped.sum() >= 3
    assert left.flux_err.max() < 1.05e-4


def test_equal_errors_are_all_kept() -> None:
    for err in (0.1, 1e-5, 0.3):
        lcs = LightCurves.from_arrays(np.arange(50.0), flux=np.full(50, 7.0), err=np.full(50, err))
        assert error_clip(lcs) is lcs


def test_a_narrow_limit_can_take_everything() -> None:
    lcs = LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 1.0], err=[1.0, 2.0])
    assert error_clip(lcs, sigma=0.5).n_points == 0


def eclipsing(mag_err: float = 0.01, seed: int = 0) -> tuple[LightCurves, np.ndarray]:
    """An Algol with errors that are constant in magnitudes up to 5%; which points are in eclipse."""
    rng = np.random.default_rng(seed)
    deep = np.arange(500) % 40 == 0
    lcs = LightCurves.from_arrays(np.arange(500.0), mag=11.0 + 1.5 * deep, err=mag_err * rng.normal(1.0, 0.05, 500))
    return lcs, deep


def test_the_published_clip_cuts_eclipses_and_ours_does_not() -> None:
    lcs, deep = eclipsing()
    assert not kept(lcs, error_clip(lcs))[deep].any()
    assert kept(lcs, error_clip(lcs, spare_variation=True))[deep].all()


def test_errors_that_grow_in_eclipse_are_spared_too() -> None:
    # Photon noise: the flux error falls as the root of the flux, the error relative to the flux rises.
    flux = np.where(np.arange(500) % 40 == 0, 0.2, 1.0)
    err = 0.01 * np.sqrt(flux) * np.random.default_rng(1).normal(1.0, 0.03, 500)
    lcs = LightCurves.from_arrays(np.arange(500.0), flux=flux, err=err)
    assert not kept(lcs, error_clip(lcs))[flux < 1].any()
    assert kept(lcs, error_clip(lcs, spare_variation=True))[flux < 1].all()


def test_truly_bad_errors_go_either_way() -> None:
    lcs, deep = eclipsing()
    err = lcs.flux_err.copy()
    bad = np.flatnonzero(~deep)[10:20]
    err[bad] *= np.where(np.arange(10) % 2, 5.0, 0.1)
    lcs = LightCurves.from_arrays(lcs.time, flux=lcs.flux, err=err)
    assert not kept(lcs, error_clip(lcs, spare_variation=True))[bad].any()


def test_a_factor_keeps_errors_that_hardly_differ() -> None:
    # A space telescope: 5% of the orbit under stray light, with errors 10% larger.
    err = np.where(np.arange(2000) < 100, 1.1e-4, 1e-4) * np.random.default_rng(2).normal(1.0, 1e-3, 2000)
    err[1500] = 1e-3
    lcs = LightCurves.from_arrays(np.arange(2000.0), flux=np.ones(2000), err=err)
    assert error_clip(lcs)[0].dropped["error_clip"] > 100
    assert np.flatnonzero(~kept(lcs, error_clip(lcs, factor=1.5))).tolist() == [1500]


def test_no_iterations_keep_all() -> None:
    assert error_clip(survey(0), iterations=0).dropped.sum() == 0


@pytest.mark.parametrize("change", [{"sigma": 0.0}, {"sigma": np.nan}, {"iterations": -1}, {"factor": 0.5}])
def test_numbers_that_make_no_sense(change: dict[str, float]) -> None:
    with pytest.raises(OptionError, match="error clip"):
        error_clip(survey(0), **change)  # type: ignore[arg-type]


def test_no_stars_and_no_points() -> None:
    assert len(error_clip(LightCurves.empty())) == 0
    assert error_clip(survey(0)[:0], spare_variation=True).n_points == 0


@pytest.mark.slow
def test_eclipses_of_a_real_survey(shared_data: Path) -> None:
    """CRTS errors rise steeply with magnitude: the published clip takes a sixth of the points in eclipse, ours 1.5%."""
    folder = shared_data / "lightcurves"
    labels = pq.read_table(folder / "crts_sss_labels.parquet", columns=["object_id", "label_mapped"])
    names = labels.filter(np.array(labels["label_mapped"]) == "EA")["object_id"]
    table = pq.read_table(folder / "crts_sss_obs.parquet", filters=[("object_id", "in", names.to_pylist())])
    lcs = LightCurves.from_arrays(table["time"], mag=table["mag"], err=table["err"], object_id=table["object_id"])
    eclipse = np.count_nonzero(lcs.flux < 0.8)
    lost = lambda after: 1.0 - np.count_nonzero(after.flux < 0.8) / eclipse  # noqa: E731
    assert lost(error_clip(lcs)) > 0.12
    assert lost(error_clip(lcs, spare_variation=True, factor=1.5)) < 0.03
