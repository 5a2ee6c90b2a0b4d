"""Sequences against numbers that were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.lightcurves import LightCurves, concatenate
from goodricke.represent.sequences import sequences
from represent import made


def stars() -> LightCurves:
    one = LightCurves.from_arrays(
        [2450005.0, 2450006.0, 2451005.0], mag=[10.0, 10.5, 11.0], err=[0.01, 0.02, 0.04], object_id="one"
    )
    two = LightCurves.from_arrays([10.0, 20.0], mag=[14.0, 12.0], err=[0.1, 0.2], object_id="two")
    return concatenate([one, two])


def test_time_from_0_magnitude_from_0_to_1_and_its_error() -> None:
    found = sequences(stars())
    assert found.offsets.tolist() == [0, 3, 5]
    assert found.values.dtype == np.float32
    np.testing.assert_allclose(
        found.values,
        [[0.0, 0.0, 0.01], [0.001, 0.5, 0.02], [1.0, 1.0, 0.04], [0.0, 1.0, 0.1], [0.01, 0.0, 0.2]],
        atol=1e-6,
    )  # thousands of days; brightest is 0; errors as they were


def test_the_last_steps_are_kept_and_padding_stands_behind() -> None:
    found = sequences(stars())
    values, lengths = found.padded(np.array([1, 0]), 100)
    assert values.shape == (2, 3, 3)
    assert lengths.tolist() == [2, 3]
    np.testing.assert_array_equal(values[0], [*found.values[3:], [0, 0, 0]])
    np.testing.assert_array_equal(values[1], found.values[:3])
    values, lengths = found.padded(np.array([0, 1, 0]), 2)
    assert lengths.tolist() == [2, 2, 2]
    np.testing.assert_array_equal(values, found.values[[[1, 2], [3, 4], [1, 2]]])


def test_a_batch_is_as_long_as_its_longest_star() -> None:
    found = sequences(stars())
    assert found.padded(np.array([1]), 100)[0].shape == (1, 2, 3)
    assert found.padded(np.array([], dtype=np.int64), 100)[0].shape == (0, 1, 3)


def test_a_star_of_one_magnitude_and_one_without_points() -> None:
    flat = LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 1.0], err=[0.1, 0.1], object_id="flat")
    lcs = concatenate([flat.keep_points(np.zeros(2, dtype=bool)), flat])
    found = sequences(lcs)
    np.testing.assert_allclose(found.values[:, :2], [[0.0, 0.0], [0.001, 0.0]], atol=1e-6)
    values, lengths = found.padded(np.array([0, 1]), 10)
    assert lengths.tolist() == [0, 2]
    assert not values[0].any()


def test_neither_brightness_nor_date_nor_company_matters() -> None:
    lcs = made.ordinary(60)
    whole = sequences(lcs)
    alone = sequences(lcs[4:5])
    np.testing.assert_array_equal(alone.values, whole.values[whole.offsets[4] : whole.offsets[5]])
    brighter = LightCurves.from_arrays(
        lcs[0].time + 1024.0, flux=3.0 * lcs[0].flux, err=3.0 * lcs[0].flux_err, object_id="x"
    )
    np.testing.assert_allclose(sequences(brighter).values, sequences(lcs[:1]).values, atol=2e-5)


def test_wild_stars_are_finite() -> None:
    found = sequences(made.hostile())
    assert np.isfinite(found.values).all()
    assert found.values[:, 1].min() == pytest.approx(0.0)
    assert found.values[:, 1].max() == pytest.approx(1.0)
