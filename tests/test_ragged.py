"""Ragged reductions against plain loops over the segments."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from goodricke import ragged

Ragged = tuple[NDArray[np.float64], NDArray[np.int64]]


@st.composite
def segments(draw: st.DrawFn, dtype: type = np.float64) -> Ragged:
    """Values and offsets, with empty segments at any place."""
    lengths = draw(st.lists(st.integers(0, 9), max_size=12))
    numbers = st.floats(-1e3, 1e3, width=32)
    values = draw(hnp.arrays(dtype, sum(lengths), elements=numbers))
    return values, np.cumsum([0, *lengths]).astype(np.int64)


def parts(values: NDArray[np.float64], offsets: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    return [values[a:b] for a, b in pairwise(offsets)]


def each(function: object, batch: Ragged, empty: float = np.nan) -> list[float]:
    return [function(part) if len(part) else empty for part in parts(*batch)]  # type: ignore[operator]


@given(segments())
def test_sums_means_minima_maxima(batch: Ragged) -> None:
    # Sums of up to nine numbers below 1000, in another order: 1e-9 is a thousand roundings.
    assert np.allclose(ragged.sums(*batch), each(np.sum, batch, 0.0), rtol=0, atol=1e-9)
    assert np.allclose(ragged.means(*batch), each(np.mean, batch), rtol=0, atol=1e-9, equal_nan=True)
    assert np.array_equal(ragged.minima(*batch), each(np.min, batch), equal_nan=True)
    assert np.array_equal(ragged.maxima(*batch), each(np.max, batch), equal_nan=True)


@given(segments())
def test_counts_and_compressed_offsets(batch: Ragged) -> None:
    values, offsets = batch
    keep = values > 0
    expected = [int(part.sum()) for part in parts(keep, offsets)]
    assert ragged.counts(keep, offsets).tolist() == expected
    assert np.diff(ragged.compressed_offsets(keep, offsets)).tolist() == expected


@given(segments())
def test_medians_and_quantiles(batch: Ragged) -> None:
    levels = (0.0, 0.1, 0.5, 0.841345, 1.0)
    found = ragged.quantiles(*batch, levels)
    assert found.shape == (len(batch[1]) - 1, 5)
    for k, level in enumerate(levels):
        expected = each(lambda part, q=level: np.quantile(part, q), batch)
        assert np.allclose(found[:, k], expected, rtol=1e-12, atol=1e-9, equal_nan=True)
    assert np.allclose(ragged.medians(*batch), each(np.median, batch), rtol=1e-12, atol=1e-12, equal_nan=True)


@given(segments(np.float32))
def test_medians_of_float32_are_float64(batch: Ragged) -> None:
    found = ragged.medians(*batch)
    assert found.dtype == np.float64
    assert np.allclose(found, each(lambda part: np.median(part.astype(float)), batch), atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("lengths", [[4, 4, 4], [3, 5, 0, 4], [1], [700_000], [1, 2, 3, 50, 51, 400, 2_000_000]])
def test_medians_of_equal_mixed_and_huge_lengths(lengths: list[int]) -> None:
    offsets = ragged.offsets_from_lengths(np.array(lengths))
    values = np.random.default_rng(0).normal(size=offsets[-1])
    assert np.array_equal(ragged.medians(values, offsets), each(np.median, (values, offsets)), equal_nan=True)


@pytest.mark.parametrize("lengths", [[3, 3], [3, 4]])
def test_a_nan_spoils_its_segment_only(lengths: list[int]) -> None:
    offsets = ragged.offsets_from_lengths(np.array(lengths))
    values = np.arange(float(offsets[-1]))
    values[1] = np.nan
    assert np.isnan(ragged.medians(values, offsets)).tolist() == [True, False]


@given(segments())
def test_sorted_blocks_hold_every_segment_once(batch: Ragged) -> None:
    values, offsets = batch
    before = values.copy()
    seen = {}
    for rows, cells in ragged.sorted_blocks(values, offsets):
        for row, line in zip(rows, cells, strict=True):
            seen[int(row)] = line[: offsets[row + 1] - offsets[row]].tolist()
            assert np.isnan(line[offsets[row + 1] - offsets[row] :]).all()
    assert seen == {i: sorted(part) for i, part in enumerate(parts(values, offsets)) if len(part)}
    assert np.array_equal(values, before)


@given(segments())
def test_order_sorts_every_segment_and_only_moves_inside(batch: Ragged) -> None:
    values, offsets = batch
    order = ragged.order(values, offsets)
    expected = np.concatenate([np.sort(part) for part in parts(values, offsets)] or [values])
    if order is None:
        assert np.array_equal(values, expected)
    else:
        assert np.array_equal(values[order], expected)
        assert np.array_equal(np.sort(order), np.arange(len(values)))


def test_order_is_stable() -> None:
    order = ragged.order(np.array([2.0, 1.0, 1.0, 2.0, 0.0]), np.array([0, 4, 5]))
    assert order is not None
    assert order.tolist() == [1, 2, 0, 3, 4]


@given(segments())
def test_ids_and_offsets_invert_each_other(batch: Ragged) -> None:
    _, offsets = batch
    ids = ragged.segment_ids(offsets)
    assert ids.tolist() == [i for i, n in enumerate(np.diff(offsets)) for _ in range(n)]
    assert np.array_equal(ragged.offsets_from_ids(ids, len(offsets) - 1), offsets)
    assert np.array_equal(ragged.offsets_from_lengths(np.diff(offsets)), offsets)


@given(segments(), st.data())
def test_take_is_a_gather_of_segments(batch: Ragged, data: st.DataObject) -> None:
    values, offsets = batch
    n = len(offsets) - 1
    chosen = data.draw(st.lists(st.integers(0, n - 1), max_size=8)) if n else []
    index, new = ragged.take(offsets, np.array(chosen, dtype=np.int64))
    expected = [parts(values, offsets)[i].tolist() for i in chosen]
    assert [part.tolist() for part in parts(values[index], new)] == expected


@given(segments())
def test_blocks_cover_every_point_once(batch: Ragged) -> None:
    values, offsets = batch
    seen = np.zeros(len(values), dtype=int)
    for rows, index, real in ragged.blocks(offsets):
        assert index.shape == real.shape == (len(rows), index.shape[1])
        assert real.sum(axis=1).tolist() == np.diff(offsets)[rows].tolist()
        seen[index[real]] += 1
    assert (seen == 1).all()


def test_blocks_of_long_segments_are_little_padded() -> None:
    offsets = ragged.offsets_from_lengths(np.random.default_rng(1).integers(20, 5000, 3000))
    cells = sum(real.size for _, _, real in ragged.blocks(offsets))
    assert cells < 1.25 * offsets[-1]
