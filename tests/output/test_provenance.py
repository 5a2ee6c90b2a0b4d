from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from astropy.io import fits
from astropy.io.votable import parse
from astropy.io.votable.ucd import check_ucd
from astropy.table import Table
from astropy.units import Unit

from goodricke.output import write_table
from goodricke.output.columns import COLUMNS
from goodricke.output.provenance import from_ecsv, from_fits, from_votable, of_schema
from goodricke.output.reading_tables import read_table

WORDS = {
    "model": "variables-1",
    "command": "goodricke classify 'my <stars> & \"others\"/β.csv' --prior EA=0.1 " + "x" * 200 + " 'it''s'",
    "model_sha256": "0" * 64,
}


@pytest.fixture
def table() -> pa.Table:
    plain = pa.table(
        {
            "object_id": ["a, b", 'c "d"', "=β"],
            "model": ["variables-1"] * 3,
            "n_points": pa.array([1, 2, 3], pa.int64()),
            "period_days": pa.array([1.5, None, 2.5], pa.float64()),
            "period_suspicious": pa.array([True, False, False]),
            "reason": ["", "x", "0"],
        }
    )
    return plain.replace_schema_metadata({**WORDS, "pandas": "{}"})


@pytest.mark.parametrize("suffix", ["parquet", "ecsv", "fits", "xml"])
def test_words_and_rows_come_back(suffix: str, table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / f"t.{suffix}")
    read = read_table(tmp_path / f"t.{suffix}")
    assert of_schema(read.schema) == WORDS
    assert [row["object_id"] for row in read.to_pylist()] == ["a, b", 'c "d"', "=β"]
    assert read["period_suspicious"].to_pylist() == [True, False, False]
    assert read["n_points"].to_pylist() == [1, 2, 3]


ODD = [
    ("note", "line 1\nline 2\ttab"), ("note", "🎉 β"), ("note", ""), ("note", "  both ends  "), ("note", '"}'),
    ("note", "a\x85\u2028\x7f"), ("note", "'" * 150), ("note", "&" * 150), ("note", "x" * 67 + "'y'" + "&'" * 40),
    ("note", "#%! \\u0041"), ("Käse = x", "1"), ('a "b" <c>', "2"),
]  # fmt: skip


@pytest.mark.parametrize("suffix", ["parquet", "ecsv", "fits", "xml"])
@pytest.mark.parametrize(("name", "value"), ODD)
def test_odd_words_come_back(name: str, value: str, suffix: str, table: pa.Table, tmp_path: Path) -> None:
    write_table(table.replace_schema_metadata({name: value}), tmp_path / f"t.{suffix}")
    assert of_schema(read_table(tmp_path / f"t.{suffix}").schema) == {name: value}
    if suffix == "ecsv":
        assert dict(Table.read(tmp_path / "t.ecsv", format="ascii.ecsv").meta) == {name: value}
    if suffix == "fits":
        header = fits.getheader(tmp_path / "t.fits", 1)
        assert from_fits(lambda key: str(header.get(key, ""))) == {name: value}
    if suffix == "xml":  # XML readers see blanks for the ends of lines and tabs in an attribute
        infos = {info.name: info.value for info in parse(tmp_path / "t.xml").resources[0].infos}
        assert infos == {name: value.translate({9: " ", 10: " "})}


def test_csv_has_rows_alone(table: pa.Table, tmp_path: Path) -> None:
    write_table(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().startswith('"object_id"')
    read = read_table(tmp_path / "t.csv")
    assert of_schema(read.schema) == {}
    assert read["period_suspicious"].to_pylist() == [True, False, False]


def test_astropy_sees_them(table: pa.Table, tmp_path: Path) -> None:
    for suffix in ("ecsv", "fits", "xml"):
        write_table(table, tmp_path / f"t.{suffix}")
    ecsv = Table.read(tmp_path / "t.ecsv", format="ascii.ecsv")
    assert dict(ecsv.meta) == WORDS
    assert ecsv["period_suspicious"].tolist() == [True, False, False]
    header = fits.getheader(tmp_path / "t.fits", 1)
    assert header["PROV1"] == 'model = "variables-1"'
    assert from_fits(lambda key: str(header.get(key, ""))) == WORDS
    assert Table.read(tmp_path / "t.fits")["period_suspicious"].tolist() == [True, False, False]
    infos = {info.name: info.value for info in parse(tmp_path / "t.xml").resources[0].infos}
    assert infos == WORDS
    names = re.findall(r'\bID="([^"]*)"', (tmp_path / "t.xml").read_text(encoding="latin-1"))
    assert len(names) == len(set(names))  # as XML wants it


def test_headers_of_others_say_nothing() -> None:
    assert from_ecsv(["%ECSV 1.0", "- {name: a, datatype: int64}", '- {"broken', "meta: !!omap"]) == {}
    assert from_fits({"PROV1": "not ours"}.get) == {}  # type: ignore[arg-type]
    assert from_fits(lambda _: 'a = "unfinished') == {}
    assert from_votable("<INFO name='QUERY_STATUS'/><INFO ID='x' name='a' value='1 &lt; 2'>more</INFO>") == {
        "a": "1 < 2"
    }


@pytest.mark.parametrize("name", COLUMNS)
def test_units_and_ucds_are_valid(name: str) -> None:
    meaning = COLUMNS[name]
    Unit(meaning.unit, format="vounit")
    assert check_ucd(meaning.ucd, check_controlled_vocabulary=True), meaning.ucd
    assert meaning.says[0].isupper()
    assert not meaning.says.endswith(".")
