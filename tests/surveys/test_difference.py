"""Total or difference flux per star, against magnitudes worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.lightcurves import Measurements
from goodricke.surveys.difference import ZERO_POINT, by_level, first_of_star, from_mag, sigma_from_mag


def base(star: list[int], value: list[float], limit: list[bool] | None = None) -> Measurements:
    return Measurements(
        object_id=np.array(["a", "b", "c"]), time=np.arange(float(len(star))), value=np.array(value),
        error=np.ones(len(star)), kind="difference", star=np.array(star),
        limit=None if limit is None else np.array(limit),
    )  # fmt: skip


def test_magnitudes_to_flux_and_back() -> None:
    flux = from_mag(np.array([15.0, np.nan, -999.0, 99.99]))
    assert ZERO_POINT - 2.5 * np.log10(flux[0]) == pytest.approx(15.0, abs=1e-12)
    assert np.isnan(flux[1:]).all()
    # A hundredth of a magnitude is 0.921 per cent (d ln f = 0.4 ln 10 dm).
    np.testing.assert_allclose(
        sigma_from_mag(np.array([-200.0, 1.0]), np.array([0.01, 100.0])), [1.8420681, np.nan], rtol=1e-7
    )


def test_stars_are_read_in_one_way_each() -> None:
    nan = np.nan
    star, value = [0, 0, 0, 1, 1, 1, 2], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, nan]
    total = np.array([11.0, 12.0, nan, nan, nan, 16.0, nan])
    found = list(by_level(base(star, value), total, np.ones(7), 4))
    assert [(part.kind, part.object_id.tolist()) for part in found] == [("flux", ["a"]), ("difference", ["b", "c"])]
    assert found[0].quality is not None
    # The point without a reference cannot be on the same scale: it is flagged, and has no value.
    np.testing.assert_array_equal(found[0].value, [11.0, 12.0, nan])
    assert found[0].quality.tolist() == [0, 0, 4]
    np.testing.assert_array_equal(found[1].value, [4.0, 5.0, 6.0, nan])


def test_limits_do_not_count_as_detections() -> None:
    found = list(by_level(base([0, 0, 0, 1, 2], [1.0] * 5, [False, True, True, False, False]),
                          np.array([5.0, np.nan, np.nan, 5.0, 5.0]), np.ones(5), 4))  # fmt: skip
    assert [part.kind for part in found] == ["flux"]
    assert found[0].quality is not None
    assert not found[0].quality.any()


def test_the_first_finite_value_of_a_star() -> None:
    found = first_of_star(np.array([np.nan, 2.0, 3.0, 4.0]), np.array([0, 0, 2, 0]), 3)
    np.testing.assert_array_equal(found, [2.0, np.nan, 3.0])
