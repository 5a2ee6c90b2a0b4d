from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from goodricke.lightcurves import LightCurves
from goodricke.line.levelled import Cut, cut_phase, cut_time

PERIOD = 2.37


def binary(n: int = 600, noise: float = 0.01, seed: int = 0, bands: int = 1, depth: float = 0.4) -> LightCurves:
    """Eclipses of a tenth of the cycle at phases 0 and 0.5."""
    rng = np.random.default_rng(seed)
    time = np.sort(rng.uniform(0.0, 900.0, n))
    away = np.abs((time / PERIOD + 0.25) % 0.5 - 0.25)
    flux = 1.0 - depth * np.maximum(1.0 - away / 0.05, 0.0)
    band = np.array(["g", "r", "i"])[np.arange(n) % bands]
    scale = np.where(band == "g", 1.0, 30.0)
    return LightCurves.from_arrays(
        time, flux=scale * (flux + rng.normal(0.0, noise, n)), err=scale * noise, band=band, object_id="EA"
    )


def phases(lcs: LightCurves) -> NDArray[np.float64]:
    return np.asarray(lcs.time / PERIOD % 1.0)


def one_state(cut: Cut, kept: NDArray[np.int64] | list[int]) -> NDArray[np.float32]:
    keep = np.zeros((1, len(cut.edges) - 1), dtype=bool)
    keep[0, kept] = True
    return cut.kept(keep)[0]


@pytest.mark.parametrize(("n", "bands"), [(40, 1), (600, 1), (600, 3), (5000, 1)])
def test_a_levelled_star_has_its_noise_and_nothing_else(n: int, bands: int) -> None:
    lcs = binary(n, bands=bands)
    cut = cut_phase(lcs, PERIOD, 0.0, 24)
    flux = one_state(cut, [])
    assert abs(np.median(flux) - 1.0) < 0.01
    # Of 40 points a third has no neighbour that would tell its scatter from the curve.
    assert 0.007 < np.std(flux) < (0.015 if n > 100 else 0.025)
    assert flux.min() > 0.9


@pytest.mark.parametrize("cut", [cut_phase(binary(), PERIOD, 0.0, 24), cut_time(binary(), 24)])
def test_what_is_kept_is_not_touched(cut: Cut) -> None:
    whole = one_state(cut, np.arange(48))
    np.testing.assert_array_equal(whole, binary().flux)
    some = one_state(cut, [3, 4, 30])
    inside = np.isin(cut.half, [3, 4, 30])
    np.testing.assert_array_equal(some[inside], binary().flux[inside])
    assert (some[~inside] != binary().flux[~inside]).mean() > 0.9


def test_an_eclipse_goes_alone() -> None:
    lcs = binary()
    cut = cut_phase(lcs, PERIOD, 0.0, 24)
    phase = phases(lcs)
    first = np.flatnonzero((cut.edges[:-1] >= -0.08) & (cut.edges[:-1] < 0.08) | (cut.edges[:-1] >= 0.92))
    flux = one_state(cut, np.setdiff1d(np.arange(48), first))
    assert flux[(phase < 0.04) | (phase > 0.96)].min() > 0.95
    deep = np.abs(phase - 0.5) < 0.02
    np.testing.assert_array_equal(flux[deep], lcs.flux[deep])


def test_the_level_goes_over_smoothly() -> None:
    """A cut through the flank of a wide minimum makes no step as high as the cut is."""
    time = np.arange(3000) / 3000.0
    lcs = LightCurves.from_arrays(time, flux=1.0 + 0.3 * np.cos(2 * np.pi * time), err=np.full(3000, 0.01))
    cut = cut_phase(lcs, 1.0, 0.0, 24)
    flux = one_state(cut, np.arange(4, 20))
    high = abs(float(lcs.flux[cut.half == 19][-1]) - float(np.median(lcs.flux)))
    assert high > 0.2
    assert np.abs(np.diff(flux)).max() < 0.4 * high


def test_halves_and_edges_agree() -> None:
    lcs = binary()
    cut = cut_phase(lcs, PERIOD, 100.0, 12)
    phase = (lcs.time - 100.0) / PERIOD
    assert ((phase - cut.edges[cut.half]) % 1.0 < 1.0 / 24.0 + 1e-9).all()
    cut = cut_time(lcs, 12)
    assert ((lcs.time >= cut.edges[cut.half]) & (lcs.time <= cut.edges[cut.half + 1])).all()
    counts = np.bincount(cut.half)
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("n", [2, 3, 5, 47, 49])
def test_few_points(n: int) -> None:
    lcs = binary(n)
    cut = cut_time(lcs, 24)
    assert len(cut.edges) - 1 == 2 * min(24, n // 2)
    assert (np.bincount(cut.half, minlength=len(cut.edges) - 1) > 0).all()
    for found in (cut.by_chance(4, 1 / 6), cut_phase(lcs, PERIOD, 0.0, 24).by_chance(4, 1 / 6)):
        assert found.shape == (8, n)
        assert np.isfinite(found).all()


@pytest.mark.parametrize("make", [lambda lcs: cut_phase(lcs, PERIOD, 0.0, 24), lambda lcs: cut_time(lcs, 24)])
def test_chance_changes_a_part_and_no_sums(make: object) -> None:
    lcs = binary(900, bands=3)
    cut = make(lcs)  # type: ignore[operator]
    changed = cut.by_chance(4, 1 / 6)
    start = np.vstack([np.tile(cut.flux, (4, 1)), np.tile(cut.calm, (4, 1))])
    parts = (np.abs(changed - start) > 1e-6).mean(axis=1)
    assert (parts > 0.1).all()
    assert (parts < 0.25).all()
    for k in range(3):
        here = lcs.band == k
        np.testing.assert_allclose(changed[:, here].sum(axis=1), start[:, here].sum(axis=1), rtol=1e-5)
