"""Sorting and merging against a loop over points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodricke import ragged
from goodricke.clean import sort_and_merge
from goodricke.errors import OptionError
from goodricke.lightcurves import DROP_REASONS, LightCurves


def raw(stars: list[list[tuple[float, float, float, int]]], bands: int = 3) -> LightCurves:
    """A batch of (time, flux, error, band) as given, without assembly."""
    points = np.array([point for star in stars for point in star], dtype=float).reshape(-1, 4)
    n = len(stars)
    return replace(
        LightCurves.empty(),
        object_id=np.array([f"s{i}" for i in range(n)], dtype=str),
        survey=np.array(["made"] * n, dtype=str),
        offsets=ragged.offsets_from_lengths(np.array([len(star) for star in stars], dtype=np.int64)),
        time=points[:, 0], flux=points[:, 1], flux_err=points[:, 2], band=points[:, 3].astype(np.int8),
        bands=tuple("gri"[:bands]), frame=np.zeros(n, np.int8),
        frames=LightCurves.from_arrays([1.0], flux=[1.0]).frames,
        ra=np.zeros(n), dec=np.zeros(n), difference=np.zeros(n, bool), ref_mag=np.zeros((n, bands)),
        ref_flux=np.zeros((n, bands)), dropped=np.zeros((n, len(DROP_REASONS)), np.int64),
    )  # fmt: skip


def brute(star: list[tuple[float, float, float, int]]) -> list[tuple[float, int, float, float]]:
    """(time, band, flux, error) of one star after merging, sorted."""
    good = [(t, f, e, b) for t, f, e, b in star if np.isfinite([t, f, e]).all() and e > 0]
    result = []
    for time, band in {(t, b) for t, _, _, b in good}:
        different = {(f, e) for t, f, e, b in good if (t, b) == (time, band)}
        weight = sum(e**-2 for _, e in different)
        result.append((time, band, sum(f * e**-2 for f, e in different) / weight, weight**-0.5))
    return sorted(result)


@st.composite
def wild_stars(draw: st.DrawFn) -> list[list[tuple[float, float, float, int]]]:
    time = st.sampled_from([1.0, 2.0, 2.5, 3.0, 4.0, np.nan, np.inf])
    flux = st.sampled_from([0.5, 1.0, 1.5, -1.0, np.nan, -np.inf])
    error = st.sampled_from([0.125, 0.25, 0.5, 0.0, -1.0, np.nan, np.inf])
    point = st.tuples(time, flux, error, st.integers(0, 2))
    return draw(st.lists(st.lists(point, max_size=12), max_size=4))


@settings(max_examples=300)
@given(wild_stars())
def test_against_a_loop(stars: list[list[tuple[float, float, float, int]]]) -> None:
    before = raw(stars)
    after = sort_and_merge(before)
    assert len(after) == len(stars)
    for i, star in enumerate(stars):
        one = after[i].batch
        assert (np.diff(one.time) >= 0).all()
        found = sorted(zip(one.time, one.band, one.flux, one.flux_err, strict=True))
        # float32 results
        assert np.allclose(np.array(found).reshape(-1, 4), np.array(brute(star)).reshape(-1, 4), rtol=1e-6, atol=1e-7)
        lost = dict(zip(DROP_REASONS, one.dropped[0], strict=True))
        assert lost["not_finite"] == sum(not np.isfinite([t, f]).all() for t, f, _, _ in star)
        assert lost["duplicate"] == len(star) - lost["not_finite"] - lost["error"] - len(found)
        assert sum(lost.values()) == len(star) - len(found)


def test_a_batch_in_order_is_returned_as_it_is() -> None:
    lcs = LightCurves.from_arrays([1.0, 2.0, 2.0], flux=[1.0, 1.0, 2.0], err=[1, 1, 1], band=["g", "g", "r"])
    assert sort_and_merge(lcs) is lcs


def test_weights_are_inverse_variances() -> None:
    lcs = sort_and_merge(raw([[(1.0, 1.0, 0.1, 0), (1.0, 2.0, 0.2, 0)]]))
    assert lcs.flux[0] == pytest.approx((100.0 * 1.0 + 25.0 * 2.0) / 125.0, rel=1e-6)
    assert lcs.flux_err[0] == pytest.approx(125.0**-0.5, rel=1e-6)


def test_the_same_row_twice_is_one_measurement() -> None:
    lcs = sort_and_merge(raw([[(1.0, 1.0, 0.5, 0), (1.0, 3.0, 0.5, 0), (1.0, 1.0, 0.5, 0)]]))
    assert (lcs.flux.tolist(), lcs.dropped.sum()) == ([2.0], 2)
    assert lcs.flux_err[0] == pytest.approx(0.5 / 2**0.5, rel=1e-6)


def test_bands_and_stars_are_not_mixed() -> None:
    lcs = raw([[(1.0, 1.0, 0.5, 0), (1.0, 3.0, 0.5, 1)], [(1.0, 1.0, 0.5, 0)]])
    assert sort_and_merge(lcs) is lcs


def test_tolerance_merges_into_the_mean_time_and_keeps_order() -> None:
    points = [(1.0, 1.0, 0.5, 0), (1.01, 1.0, 0.5, 1), (1.04, 3.0, 0.5, 0), (2.0, 1.0, 0.5, 0)]
    lcs = sort_and_merge(raw([points]), tolerance_days=0.05)
    assert np.allclose(lcs.time, [1.01, 1.02, 2.0])
    assert (lcs.band.tolist(), lcs.flux.tolist()) == ([1, 0, 0], [1.0, 2.0, 1.0])
    assert len(sort_and_merge(raw([points]), tolerance_days=0.03).time) == 4


@pytest.mark.parametrize("tolerance", [-1.0, np.nan, np.inf])
def test_a_tolerance_that_makes_no_sense(tolerance: float) -> None:
    with pytest.raises(OptionError, match="0 or more"):
        sort_and_merge(LightCurves.empty(), tolerance)
