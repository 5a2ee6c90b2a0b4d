"""Measurements: shapes are checked, names are numbered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import DataError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of


@pytest.mark.parametrize("name", ["value", "error", "star", "band", "limit", "quality"])
def test_every_column_has_an_entry_per_time(name: str) -> None:
    columns: dict[str, Any] = {"value": np.ones(2), "error": None, name: np.ones(3, dtype=np.int8)}
    with pytest.raises(DataError, match=f"{name} has"):
        Measurements(object_id=np.array(["a"]), time=np.ones(2), kind="mag", **columns)


def test_several_stars_need_an_index() -> None:
    with pytest.raises(DataError, match="2 stars"):
        Measurements(object_id=np.array(["a", "b"]), time=np.ones(2), value=np.ones(2), error=None, kind="mag")


def test_from_columns_numbers_stars_and_bands_in_order_of_appearance() -> None:
    m = Measurements.from_columns(
        [1, 2, 3], flux=[5, 6, 7], object_id=["b", "a", "b"], band=["V", "g", "g"], ra=[10.0, 20.0], dec=-5.0
    )
    assert m.object_id.tolist() == ["b", "a"]
    assert m.star is not None
    assert m.star.tolist() == [0, 1, 0]
    assert m.band is not None
    assert (m.band.tolist(), m.bands) == ([0, 1, 1], ("V", "g"))
    assert m.ra is not None
    assert m.dec is not None
    assert (m.ra.tolist(), m.dec.tolist()) == ([10.0, 20.0], [-5.0, -5.0])
    assert (m.kind, m.error) == ("flux", None)


def test_masked_entries_become_nan() -> None:
    m = Measurements.from_columns([1, 2], mag=np.ma.masked_array([9.0, 8.0], [False, True]))
    assert np.isnan(m.value).tolist() == [False, True]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "either mag or flux"),
        ({"mag": [1.0], "flux": [1.0]}, "not both"),
        ({"mag": ["bright"]}, "mag is not numeric"),
        ({"flux": [[1.0]]}, "shape"),
        ({"mag": [1.0], "object_id": ["a", "b"]}, "2 names for 1 points"),
    ],
)
def test_columns_that_cannot_be_used(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        Measurements.from_columns([1.0], **columns)


def test_more_bands_than_fit() -> None:
    with pytest.raises(DataError, match="200 bands"):
        Measurements.from_columns(np.arange(200), mag=np.ones(200), band=[f"b{i}" for i in range(200)])


@pytest.mark.parametrize(
    "values",
    [
        ["b", "a", "b"],
        np.array(["b", "a", "b"]),
        np.array([b"b", b"a", b"b"]),
        np.array(["b", "a", "b"], dtype=object),
        pa.array(["b", "a", "b"]),
        pa.chunked_array([["b"], ["a", "b"]]),
        pa.array(["b", "a", "b"]).dictionary_encode(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_codes_of_any_column_of_names(values: Any) -> None:
    codes, names = codes_of(values, 3)
    assert (codes.tolist(), names) == ([0, 1, 0], ["b", "a"])


def test_codes_of_numbers_nulls_and_one_name() -> None:
    assert codes_of([7, 8, 7], 3)[1] == ["7", "8"]
    assert codes_of([7.0, 8.5], 2)[1] == ["7", "8.5"]
    codes, names = codes_of(pa.array(["a", None, "a"]), 3)
    assert (codes.tolist(), names) == ([0, 1, 0], ["a", "unknown"])
    codes, names = codes_of("V", 2)
    assert (codes.tolist(), names) == ([0, 0], ["V"])
    assert codes_of("V", 0)[1] == []
