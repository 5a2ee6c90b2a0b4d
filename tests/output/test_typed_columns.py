from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from astropy.io import fits
from astropy.io.votable import parse_single_table
from astropy.table import MaskedColumn, Table
from astropy.utils.exceptions import AstropyUserWarning

from goodricke.output.reading_tables import read_table
from goodricke.output.tables import write_rows, write_table

WORDS = ["a, b", 'c "d"', "two\nlines", "β Per 🎉", r"back\slash \u03b2", "'=1+1"]
HARD = {
    "object_id": pa.array(WORDS),
    "label": pa.array(["EA", None, "", "EW", "RRAB", "x"]),
    "reason": pa.array(["tab\there", "it's", "", "—", "#no comment", "1"]),
    "morphology": pa.array([0.1, None, np.nan, 1e-300, -2.5, 1 / 3]),
    "novelty": pa.array([0.1, None, np.nan, 1e30, -2.5, 1 / 3], pa.float32()),
    "n_points": pa.array([1, None, 3, 2**53 + 1, -(2**63), 0], pa.int64()),
    "n_stars": pa.array([1, 2, 3, 2**53 + 1, -5, 0], pa.int64()),
    "n_small": pa.array([1, None, 3, -(2**15), 5, 0], pa.int16()),
    "period_suspicious": pa.array([True, False, None, True, False, None]),
    "flag": pa.array([True, None, False, True, False, False]),
    "sure": pa.array([True, False, False, True, False, False]),
}
BY_ASTROPY = {"ecsv": "ascii.ecsv", "fits": "fits", "xml": "votable"}


@pytest.fixture
def table() -> pa.Table:
    return pa.table(HARD)


def forgiving(values: list[object]) -> list[object]:
    """Missing texts and numbers as formats without a sign of their own have them: empty, NaN."""
    text = any(isinstance(value, str) for value in values)
    return ["" if value is None and text else "nan" if value is None or value != value else value for value in values]


@pytest.mark.parametrize("suffix", ["parquet", "ecsv"])
def test_these_formats_lose_nothing(suffix: str, table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / f"t.{suffix}")
    back = read_table(tmp_path / f"t.{suffix}")
    assert back.schema.types == table.schema.types
    assert repr(back.to_pylist()) == repr(table.to_pylist())  # NaN is no NaN's equal, but looks the same


@pytest.mark.parametrize("suffix", ["fits", "xml", "csv"])
def test_these_lose_what_they_say(suffix: str, table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / f"t.{suffix}")
    back = read_table(tmp_path / f"t.{suffix}")
    for name in table.column_names:
        values, read = table[name].to_pylist(), back[name].to_pylist()
        if table[name].type in (pa.float32(), pa.float64(), pa.string()):
            values, read = forgiving(values), forgiving(read)
        if suffix == "csv" and name == "novelty":
            assert [x if x == "nan" else np.float32(x) for x in read] == values
        else:
            assert read == values, name
        if suffix != "csv":
            assert back[name].type == table[name].type, name


@pytest.mark.parametrize("suffix", BY_ASTROPY)
def test_astropy_reads_the_same(suffix: str, table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / f"t.{suffix}")
    with warnings.catch_warnings():
        # astropy leaves the file of an ECSV table to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.filterwarnings("ignore", "Column .* contains NULL", AstropyUserWarning)
        read = Table.read(tmp_path / f"t.{suffix}", format=BY_ASTROPY[suffix])
    for name in ("n_points", "n_stars", "n_small", "flag", "period_suspicious", "sure"):
        expected = table[name].to_pylist()
        if suffix == "fits" and read[name].dtype.kind == "b":
            expected = [bool(value) for value in expected]  # astropy knows no missing logical value in FITS
        assert read[name].tolist() == expected, name
    for name in ("morphology", "novelty"):
        np.testing.assert_array_equal(np.ma.filled(read[name], np.nan), table[name].to_numpy(), err_msg=name)
    if suffix == "fits":
        return
    for name in ("object_id", "label", "reason"):
        seen = [str(word or "") for word in read[name].tolist()]
        assert seen == [word or "" for word in table[name].to_pylist()], name


def test_fits_is_printable_and_states_what_is_missing(table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / "t.fits")
    with fits.open(tmp_path / "t.fits") as hdus:
        names = [word.decode() if isinstance(word, bytes) else word for word in hdus[1].data["object_id"]]
        raw = hdus[1].data.view(np.ndarray)["flag"].tolist()
        columns = hdus[1].columns
        assert columns["n_points"].null == -(2**63) + 1  # the least is taken
        assert columns["n_small"].null == -(2**15) + 1
        assert columns["n_stars"].null is None
    assert names[2:5] == [r"two\x0alines", r"\u03b2 Per \U0001f389", r"back\slash \x5cu03b2"]
    assert raw == [ord("T"), 0, ord("F"), ord("T"), ord("F"), ord("F")]


def test_votable_has_booleans(table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / "t.xml")
    kinds = {field.name: field.datatype for field in parse_single_table(tmp_path / "t.xml").fields}
    assert [kinds[name] for name in ("flag", "sure", "n_points", "n_small")] == ["boolean", "boolean", "long", "short"]


def test_tables_that_astropy_wrote(tmp_path: Path) -> None:
    made = Table(
        {
            "object_id": ["007", "a b"], "n": MaskedColumn([5, 6], mask=[False, True], fill_value=-1),
            "x": np.array([0.5, np.nan], np.float32), "good": [True, False],
        }
    )  # fmt: skip
    for name, options in {
        "comma.ecsv": {"format": "ascii.ecsv", "delimiter": ","},
        "blank.ecsv": {"format": "ascii.ecsv"},
        "t.fits": {},
        "t.xml": {"format": "votable"},
        "b.xml": {"format": "votable", "tabledata_format": "binary2"},
    }.items():
        made.write(tmp_path / name, **options)
        read = read_table(tmp_path / name).to_pydict()
        assert read["object_id"] == ["007", "a b"], name
        assert read["n"] == [5, None], name
        assert read["good"] == [True, False], name
        assert forgiving(read["x"]) == [0.5, "nan"], name


def test_votable_texts_of_any_length(tmp_path: Path) -> None:
    rows = "<TR><TD>HD 1</TD><TD>EA</TD><TD>7</TD><TD>1 2</TD></TR><TR><TD>β</TD><TD/><TD/><TD/></TR>"
    (tmp_path / "t.vot").write_text(
        '<VOTABLE version="1.4"><RESOURCE><TABLE><FIELD name="object_id" datatype="unicodeChar" arraysize="*"/>'
        '<FIELD name="label" datatype="char" arraysize="*"/><FIELD name="n" datatype="int"/>'
        f'<FIELD name="l" datatype="int" arraysize="*"/><DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE>'
        "</VOTABLE>",
        encoding="utf-8",
    )
    assert read_table(tmp_path / "t.vot").to_pydict() == {
        "object_id": ["HD 1", "β"], "label": ["EA", ""], "n": [7, None],
    }  # fmt: skip
    content = (tmp_path / "t.vot").read_text(encoding="utf-8").replace("<TD>7<", "<TD>7.5<")
    (tmp_path / "t.vot").write_text(content, encoding="utf-8")
    assert forgiving(read_table(tmp_path / "t.vot")["n"].to_pylist()) == [7.5, "nan"]


def test_ecsv_whose_rows_are_not_as_its_header_says(tmp_path: Path) -> None:
    head = "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: object_id, datatype: string}\n"
    (tmp_path / "a.ecsv").write_text(head + "# - {name: n, datatype: int64}\nobject_id,n\n007,1.5\n008,\n")
    assert forgiving(read_table(tmp_path / "a.ecsv")["n"].to_pylist()) == [1.5, "nan"]
    (tmp_path / "b.ecsv").write_text(
        head + "# - {name: n, datatype: string, subtype: 'int64[2]'}\nobject_id,n\n007,x\n"
    )
    assert read_table(tmp_path / "b.ecsv").to_pylist() == [{"object_id": "007", "n": "x"}]


@pytest.mark.parametrize("suffix", ["parquet", "ecsv", "fits"])
def test_tables_without_rows_and_columns_without_values(suffix: str, table: pa.Table, tmp_path: Path) -> None:
    write_table(table.slice(0, 0), tmp_path / f"t.{suffix}")
    none = read_table(tmp_path / f"t.{suffix}")
    assert none.num_rows == 0
    assert none.column_names == table.column_names
    write_rows([{"path": "a", "extra": None, "n_points": 1}] * 2, tmp_path / f"r.{suffix}")
    assert forgiving([*read_table(tmp_path / f"r.{suffix}")["extra"].to_pylist(), "x"])[:2] == ["", ""]


def test_astropy_reads_parquet(table: pa.Table, tmp_path: Path) -> None:
    write_table(table.replace_schema_metadata({"model": "β-1"}), tmp_path / "t.parquet")
    read = Table.read(tmp_path / "t.parquet")
    assert dict(read.meta) == {"model": "β-1"}
    assert read["object_id"].tolist() == WORDS
    assert read["label"].tolist() == ["EA", "None", "", "EW", "RRAB", "x"]
    assert read["n_stars"].tolist() == table["n_stars"].to_pylist()
    assert read["flag"].tolist() == table["flag"].to_pylist()
    assert read["novelty"].meta["ucd"] == "stat.probability"
    write_table(pa.table({"object_id": ["a"], "period_days": [1.5]}), tmp_path / "p.parquet")
    period = Table.read(tmp_path / "p.parquet")["period_days"]
    assert str(period.unit) == "d"
    assert period.description.startswith("Period")
    write_table(read_table(tmp_path / "t.parquet").slice(0, 1), tmp_path / "again.parquet")
    assert read_table(tmp_path / "again.parquet").schema.metadata == {b"model": "β-1".encode()}
