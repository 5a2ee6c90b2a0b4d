"""LightCurves to Arrow and back: nothing changes, little is copied, and bad tables are refused in words."""

from __future__ import annotations

import io
from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from goodricke import ragged
from goodricke.errors import DataError, GoodrickeError
from goodricke.lightcurves import DROP_REASONS, LightCurves, concatenate
from goodricke.lightcurves.arrow import POINT_COLUMNS, REQUIRED_COLUMNS
from goodricke.timeframes import TimeFrame

FRAMES = (TimeFrame.parse("MJD_UTC"), TimeFrame.parse("BTJD"), TimeFrame.parse("TIME"))


def make(lengths: list[int], bands: tuple[str, ...] = ("g", "r"), seed: int = 0) -> LightCurves:
    rng = np.random.default_rng(seed)
    n, m = len(lengths), sum(lengths)
    return LightCurves(
        object_id=np.array([f"s{seed}.{i}" for i in range(n)], dtype=str),
        offsets=ragged.offsets_from_lengths(np.array(lengths, dtype=np.int64)),
        time=rng.uniform(0, 9, m),
        flux=rng.normal(1, 0.1, m).astype(np.float32),
        flux_err=rng.uniform(0.01, 0.1, m).astype(np.float32),
        band=rng.integers(0, len(bands), m).astype(np.int8),
        bands=bands,
        survey=np.array(["made"] * n, dtype=str),
        frame=rng.integers(0, 3, n).astype(np.int8),
        frames=FRAMES,
        ra=rng.uniform(0, 360, n),
        dec=np.full(n, np.nan),
        ref_mag=rng.uniform(10, 15, (n, len(bands))),
        ref_flux=rng.uniform(10, 15, (n, len(bands))),
        difference=rng.random(n) < 0.5,
        dropped=rng.integers(0, 9, (n, len(DROP_REASONS))),
        meta={
            "number": np.arange(n),
            "note": np.array([f"é{i}" for i in range(n)], dtype=str),
            "flag": rng.random(n) < 0.5,
            "pair": rng.random((n, 2)),
        },
    )


def stars(lcs: LightCurves) -> list[dict[str, Any]]:
    """All of every star, with band and frame names instead of codes, and only the bands that it has."""
    result = []
    for i, star in enumerate(lcs):
        level = {
            name: (lcs.ref_mag[i, k], lcs.ref_flux[i, k])
            for k, name in enumerate(lcs.bands)
            if np.isfinite(lcs.ref_mag[i, k]) or np.isfinite(lcs.ref_flux[i, k])
        }
        result.append(
            {
                "id": star.object_id,
                "survey": star.survey,
                "frame": str(star.time_frame),
                "points": np.stack([star.time, star.flux, star.flux_err]).tolist(),
                "band": star.band.tolist(),
                "place": repr((star.ra, star.dec)),
                "level": repr(level),
                "difference": bool(lcs.difference[i]),
                "dropped": star.dropped,
                "meta": {key: np.asarray(value).tolist() for key, value in star.meta.items()},
            }
        )
    return result


def test_there_and_back() -> None:
    lcs = make([3, 0, 5, 1])
    again = LightCurves.from_arrow(lcs.to_arrow())
    assert stars(again) == stars(lcs)
    for field in fields(LightCurves):
        if field.name not in ("bands", "frame", "frames", "band", "ref_mag", "ref_flux", "meta"):
            before, after = getattr(lcs, field.name), getattr(again, field.name)
            assert after.dtype.kind == before.dtype.kind, field.name
    assert {key: value.dtype.kind for key, value in again.meta.items()} == {
        "number": "i", "note": "U", "flag": "b", "pair": "f",
    }  # fmt: skip


@pytest.mark.parametrize("lengths", [[], [0], [0, 0], [1], [2, 0]])
@pytest.mark.parametrize("bands", [("g",), ("g", "r", "i")])
def test_small_batches(lengths: list[int], bands: tuple[str, ...]) -> None:
    lcs = make(lengths, bands)
    assert stars(LightCurves.from_arrow(lcs.to_arrow())) == stars(lcs)


def test_no_stars() -> None:
    again = LightCurves.from_arrow(LightCurves.empty().to_arrow())
    assert (len(again), again.bands) == (0, ())


def test_layout_is_one_row_per_star_with_lists() -> None:
    table = make([3, 0, 5]).to_arrow()
    assert table.num_rows == 3
    kinds = [table.schema.field(name).type for name in POINT_COLUMNS]
    assert all(pa.types.is_list(kind) for kind in kinds)
    assert [kind.value_type for kind in kinds] == [pa.float64(), pa.float32(), pa.float32(), pa.int8()]
    assert set(REQUIRED_COLUMNS) <= set(table.column_names)


def points_of(column: pa.ChunkedArray) -> np.ndarray:
    return column.chunk(0).values.to_numpy()


def test_points_are_not_copied_either_way() -> None:
    lcs = make([300, 200], bands=("g",))
    table = lcs.to_arrow()
    again = LightCurves.from_arrow(table)
    for name in POINT_COLUMNS:
        assert np.shares_memory(points_of(table[name]), getattr(lcs, name)), name
        assert np.shares_memory(getattr(again, name), getattr(lcs, name)), name


def test_a_slice_of_a_table_is_read_without_a_copy() -> None:
    lcs = make([3, 0, 5, 2, 4], bands=("g",))
    table = lcs.to_arrow()
    for start, length in ((0, 2), (1, 3), (2, 0), (4, 1)):
        part = LightCurves.from_arrow(table.slice(start, length))
        assert stars(part) == stars(lcs)[start : start + length]
        if part.n_points:
            assert np.shares_memory(part.time, lcs.time)


@pytest.mark.parametrize("bands", [("g",), ("g", "r")])
def test_chunks_slices_of_chunks_and_batches(bands: tuple[str, ...]) -> None:
    a, b = make([3, 0, 5], bands), make([2, 4], bands[::-1], seed=1)
    table = pa.concat_tables([a.to_arrow(), b.to_arrow()])
    assert stars(LightCurves.from_arrow(table)) == stars(concatenate([a, b]))
    assert stars(LightCurves.from_arrow(table.slice(2, 2))) == stars(concatenate([a, b]))[2:4]
    for batch in a.to_arrow().to_batches():
        assert stars(LightCurves.from_arrow(batch)) == stars(a)


def test_through_a_parquet_file() -> None:
    lcs = make([3, 0, 5])
    file = io.BytesIO()
    pq.write_table(lcs.to_arrow(), file, row_group_size=2)
    assert stars(LightCurves.from_arrow(pq.read_table(file))) == stars(lcs)


def recast(table: pa.Table, **kinds: pa.DataType) -> pa.Table:
    for name, kind in kinds.items():
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(kind))
    return table


def test_other_list_types_are_read() -> None:
    lcs = make([4, 4], bands=("g",))
    table = lcs.to_arrow()
    large = recast(table, time=pa.large_list(pa.float64()), flux=pa.large_list(pa.float32()))
    assert stars(LightCurves.from_arrow(large)) == stars(lcs)
    fixed = recast(table, time=pa.list_(pa.float64(), 4))
    assert stars(LightCurves.from_arrow(fixed)) == stars(lcs)
    assert stars(LightCurves.from_arrow(fixed.slice(1))) == stars(lcs)[1:]
    wide = recast(table, band=pa.list_(pa.int64()), object_id=pa.large_string(), bands=pa.list_(pa.large_string()))
    assert stars(LightCurves.from_arrow(wide)) == stars(lcs)
    coded = table.set_column(0, "object_id", table["object_id"].dictionary_encode())
    assert stars(LightCurves.from_arrow(coded)) == stars(lcs)


def replaced(table: pa.Table, **columns: Any) -> pa.Table:
    for name, values in columns.items():
        array = values if isinstance(values, pa.Array) else pa.array(values)
        table = table.set_column(table.schema.get_field_index(name), name, array)
    return table


def test_null_lists_are_empty_and_null_values_are_nan() -> None:
    table = make([2, 0, 3], bands=("g",)).to_arrow()
    rows = {name: table[name].to_pylist() for name in POINT_COLUMNS}
    kinds = {name: table.schema.field(name).type for name in POINT_COLUMNS}
    nulls = replaced(table, **{name: pa.array([*rows[name][:1], None, rows[name][2]], kinds[name]) for name in rows})
    assert LightCurves.from_arrow(nulls).lengths.tolist() == [2, 0, 3]
    assert LightCurves.from_arrow(nulls.slice(1)).lengths.tolist() == [0, 3]
    flux = [[None, 1.0], [], rows["flux"][2]]
    assert np.isnan(LightCurves.from_arrow(replaced(table, flux=flux)).flux).tolist() == [True] + [False] * 4


def test_what_may_be_left_out() -> None:
    lcs = LightCurves.from_arrow(make([2, 3]).to_arrow().select(list(REQUIRED_COLUMNS)))
    assert lcs.lengths.tolist() == [2, 3]
    assert np.isnan(lcs.ra).all()
    assert np.isnan(lcs.ref_mag).all()
    assert (str(lcs.time_frame(0)), lcs.survey.tolist(), lcs.dropped.sum()) == ("TIME", ["", ""], 0)


def test_null_entries_of_columns_per_star() -> None:
    table = replaced(make([1, 1], bands=("g",)).to_arrow(), ra=[None, 5.0], survey=[None, "x"], n_limit=[None, 3],
                     number=[None, 4], note=[None, "y"], flag=[None, True])  # fmt: skip
    lcs = LightCurves.from_arrow(table)
    assert np.isnan(lcs.ra).tolist() == [True, False]
    assert lcs.survey.tolist() == ["", "x"]
    assert lcs.dropped[:, 0].tolist() == [0, 3]
    assert np.isnan(lcs.meta["number"]).tolist() == [True, False]
    assert lcs.meta["note"].tolist() == ["", "y"]
    assert lcs.meta["flag"].tolist() == [False, True]


@pytest.mark.parametrize("name", REQUIRED_COLUMNS)
def test_a_missing_column_is_named(name: str) -> None:
    with pytest.raises(DataError, match=f"no column {name};"):
        LightCurves.from_arrow(make([2]).to_arrow().drop_columns([name]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": [1.0, 2.0]}, "a list per star"),
        ({"time": [["a", "b"], ["c"]]}, "numbers are asked for"),
        ({"flux": [[1.0], [2.0]]}, "differ in length"),
        ({"band": [[0, 2], [0]]}, "past the end"),
        ({"band": [[0, -1], [0]]}, "indices into bands"),
        ({"band": [[0.0, 1.0], [0.0]]}, "indices into bands"),
        ({"bands": ["g", "r"]}, "a list of names"),
        ({"bands": [["g", "r"], []]}, "past the end|one number per entry"),
        ({"ref_mag": [[1.0, 2.0], []]}, "one number per entry"),
        ({"ra": ["here", "there"]}, "ra"),
        ({"difference": ["perhaps", "no"]}, "difference"),
        ({"n_limit": ["few", "many"]}, "n_limit"),
        ({"object_id": [["a"], ["b"]]}, "object_id"),
        ({"survey": [{"a": 1}, {"a": 2}]}, "survey"),
        ({"time_frame": ["noon", "TIME"]}, "noon"),
    ],
)
def test_bad_columns_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(GoodrickeError, match=said):
        LightCurves.from_arrow(replaced(make([2, 1]).to_arrow(), **change))


def test_a_star_without_bands_cannot_have_points() -> None:
    table = replaced(
        make([2, 1], bands=("g",)).to_arrow(), bands=[["g"], []], ref_mag=[[1.0], []], ref_flux=[[1.0], []]
    )
    with pytest.raises(DataError, match="past the end"):
        LightCurves.from_arrow(table)


def test_meta_must_not_take_the_name_of_a_column() -> None:
    with pytest.raises(DataError, match="rename"):
        make([1]).with_meta(time_frame=["x"]).to_arrow()


@st.composite
def batches(draw: st.DrawFn) -> LightCurves:
    lengths = draw(st.lists(st.integers(0, 5), max_size=6))
    n, m = len(lengths), sum(lengths)
    bands = tuple(draw(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=4, unique=True)))
    number = st.floats(allow_nan=True, allow_infinity=True)
    text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=5)
    column = lambda dtype, size, elements: draw(hnp.arrays(dtype, size, elements=elements))  # noqa: E731
    return LightCurves(
        object_id=np.array(draw(st.lists(text, min_size=n, max_size=n)), dtype=str),
        offsets=ragged.offsets_from_lengths(np.array(lengths, dtype=np.int64)),
        time=column(np.float64, m, number),
        flux=column(np.float32, m, st.floats(width=32)),
        flux_err=column(np.float32, m, st.floats(width=32)),
        band=column(np.int8, m, st.integers(0, len(bands) - 1)),
        bands=bands,
        survey=np.array(draw(st.lists(text, min_size=n, max_size=n)), dtype=str),
        frame=column(np.int8, n, st.integers(0, 2)),
        frames=FRAMES,
        ra=column(np.float64, n, number),
        dec=column(np.float64, n, number),
        ref_mag=column(np.float64, (n, len(bands)), st.floats(-30, 30)),
        ref_flux=column(np.float64, (n, len(bands)), number),
        difference=column(np.bool_, n, st.booleans()),
        dropped=column(np.int64, (n, len(DROP_REASONS)), st.integers(0, 2**40)),
        meta={"m_float": column(np.float64, n, number), "m_int": column(np.int32, n, st.integers(-9, 9))},
    )


@settings(max_examples=100, deadline=None)
@given(batches())
def test_any_batch_there_and_back(lcs: LightCurves) -> None:
    again = LightCurves.from_arrow(lcs.to_arrow())
    assert repr(stars(again)) == repr(stars(lcs))


@settings(max_examples=50, deadline=None)
@given(batches(), batches(), st.data())
def test_any_slice_of_any_two_tables(a: LightCurves, b: LightCurves, data: st.DataObject) -> None:
    table = pa.concat_tables([a.to_arrow(), b.to_arrow()], promote_options="permissive")
    start = data.draw(st.integers(0, table.num_rows))
    length = data.draw(st.integers(0, table.num_rows - start))
    part = LightCurves.from_arrow(table.slice(start, length))
    assert repr(stars(part)) == repr((stars(a) + stars(b))[start : start + length])
