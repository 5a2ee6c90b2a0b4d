"""Rows of stars and rows of points, in every shape, against plain Python lists."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import ReadError
from goodricke.lightcurves.guess import guess_columns
from goodricke.lightcurves.layout import (
    Nest,
    columns_of,
    guessed_nest,
    names_of,
    nests,
    points_of_nest,
    points_of_rows,
    points_of_stars,
)

TIMES = [[1.0, 2.0], [], [3.0], None]
BANDS = [["g", "r"], [], ["g"], None]


def shapes() -> dict[str, pa.Table]:
    struct = pa.StructArray.from_arrays(
        [pa.array(TIMES), pa.array(TIMES), pa.array(BANDS)], names=["mjd", "mag", "band"]
    )
    rows = [None if t is None else [{"mjd": x, "mag": x, "band": b} for x, b in zip(t, n, strict=True)]
            for t, n in zip(TIMES, BANDS, strict=True)]  # fmt: skip
    lists = pa.table({"id": [1, 2, 3, 4], "mjd": TIMES, "mag": TIMES, "band": BANDS})
    return {
        "lists": lists,
        "large": lists.cast(pa.schema([("id", pa.int64()), ("mjd", pa.large_list(pa.float64())),
                                       ("mag", pa.large_list(pa.float32())), ("band", pa.large_list(pa.string()))])),
        "struct": pa.table({"id": [1, 2, 3, 4], "lc": struct}),
        "structs": pa.table({"id": [1, 2, 3, 4], "lc": rows}),
    }  # fmt: skip


@pytest.mark.parametrize("shape", ["lists", "large", "struct", "structs"])
@pytest.mark.parametrize("cut", [slice(0, 4), slice(1, 4), slice(2, 3)])
def test_every_shape_of_nest(shape: str, cut: slice) -> None:
    table = shapes()[shape].slice(cut.start, cut.stop - cut.start)
    nest, guess = guessed_nest(table.schema)
    values, offsets = points_of_stars(table, nest, ["mjd", "band"])
    expected = [t or [] for t in TIMES[cut]]
    assert values["mjd"].to_pylist() == [x for t in expected for x in t]
    assert values["band"].to_pylist() == [x for b in BANDS[cut] for x in b or []]
    assert np.diff(offsets).tolist() == [len(t) for t in expected]
    points = points_of_nest(table, nest, guess, "star")
    assert points.names == [str(i) for i in range(1, 5)[cut]]
    assert points.star.tolist() == [k for k, t in enumerate(expected) for _ in t]


def test_lists_of_different_length_are_refused() -> None:
    table = pa.table({"time": [[1.0, 2.0]], "mag": [[1.0]]})
    with pytest.raises(ReadError, match="differ in length"):
        points_of_stars(table, Nest("", "lists", {}), ["time", "mag"])
    with pytest.raises(ReadError, match="a list per star"):
        points_of_stars(pa.table({"time": [1.0]}), Nest("", "lists", {}), ["time"])


def test_a_schema_without_lists_has_no_nest() -> None:
    assert nests(pa.schema([("a", pa.float64()), ("b", pa.list_(pa.float64()))])) == []
    with pytest.raises(ReadError):
        guessed_nest(pa.schema([("a", pa.float64())]))


def test_stars_without_names_are_numbered() -> None:
    table = shapes()["struct"].drop_columns(["id"])
    assert points_of_nest(table, *guessed_nest(table.schema), "file", 7).names == [f"file {k}" for k in range(8, 12)]
    assert points_of_nest(table.slice(0, 1), *guessed_nest(table.schema), "file").names == ["file"]


def test_rows_of_points() -> None:
    table = pa.table({"object_id": ["b", "a", "b"], "time": [1.0, 2.0, 3.0], "mag": [5.0, 6.0, 7.0]})
    table = table.append_column("ra", pa.array([10.0, 20.0, 11.0]))
    points = points_of_rows(table, guess_columns(columns_of(table.schema)), "file")
    assert (points.names, points.star.tolist()) == (["b", "a"], [0, 1, 0])
    assert points.stars["ra"].to_pylist() == [10.0, 20.0]
    alone = points_of_rows(table, guess_columns(columns_of(table.drop_columns("object_id").schema)), "file")
    assert alone.names == ["file"]


@pytest.mark.parametrize(
    ("array", "names"),
    [
        (pa.array([7, 8, 7]), ["7", "8"]),
        (pa.array([7.0, None, 7.0]), ["7", "unknown"]),
        (pa.array(["a ", "a", ""]), ["a", "unknown"]),
        (pa.array([b"x", b"y", b"x"]), ["x", "y"]),
        (pa.array([b"x", b"y", b"x"], pa.binary(1)), ["x", "y"]),
        (pa.array(["g", "r", "g"], pa.large_string()), ["g", "r"]),
        (pa.array(["g", "r", "g"], pa.string_view()), ["g", "r"]),
        (pa.array(["g", "r", "g"]).dictionary_encode(), ["g", "r"]),
        (pa.chunked_array([["g", "r"], ["g"]]), ["g", "r"]),
    ],
)
def test_names_of_every_type(array: pa.Array, names: list[str]) -> None:
    code, found = names_of(array, 3)
    assert found == names
    assert len(code) == 3
    assert found[code[0]] == names[0]


def test_names_cannot_be_lists() -> None:
    with pytest.raises(ReadError, match="cannot be"):
        names_of(pa.array([[1], [2]]), 2)


def test_units_and_ucds_in_the_metadata_of_fields() -> None:
    field = pa.field("f", pa.float64(), metadata={"unit": "nJy", "ucd": "phot.flux"})
    assert (columns_of(pa.schema([field]))[0].unit, columns_of(pa.schema([field]))[0].ucd) == ("nJy", "phot.flux")
