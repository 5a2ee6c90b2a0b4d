"""VOTable reader against astropy's, and against files that mean harm."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.surveys.containers.votable import Field, VOTable, numbers_in
from goodricke.surveys.source import Source

HEAD = "<?xml version='1.0'?><VOTABLE version='1.4'><RESOURCE><TABLE>"
FOOT = "</TABLE></RESOURCE></VOTABLE>"


def table(fields: str, data: str) -> VOTable:
    return VOTable(Source("made.xml", data=f"{HEAD}{fields}<DATA>{data}</DATA>{FOOT}".encode()))


@pytest.fixture(scope="module")
def columns() -> dict[str, object]:
    rng = np.random.default_rng(5)
    n = 25
    return {
        "big": rng.integers(2**60, 2**62, n),
        "short": rng.integers(-300, 300, n).astype(np.int16),
        "byte": rng.integers(0, 255, n).astype(np.uint8),
        "single": rng.normal(size=n).astype(np.float32),
        "double": np.where(np.arange(n) == 3, np.nan, rng.normal(size=n)),
        "flag": rng.random(n) > 0.5,
        "word": np.array([f"né {k}" for k in range(n)]),
        "three": rng.normal(size=(n, 3)),
    }


def written(columns: dict[str, object], folder: Path, layout: str) -> Path:
    from astropy.io.votable import from_table
    from astropy.table import Table

    path = folder / f"{layout}.xml"
    from_table(Table(columns)).to_xml(str(path), tabledata_format=layout)
    return path


@pytest.mark.parametrize("layout", ["tabledata", "binary", "binary2"])
def test_columns_are_those_of_astropy(columns: dict[str, object], tmp_path: Path, layout: str) -> None:
    from astropy.io.votable import parse_single_table

    path = written(columns, tmp_path, layout)
    ours, theirs = VOTable(Source(str(path), path=path)), parse_single_table(str(path)).to_table()
    assert [field.name for field in ours.fields] == theirs.colnames
    assert ours.n_rows == len(theirs)
    for name in ("short", "byte", "single", "double"):
        # Written as text, a float32 is read by astropy as float32, by us as float64.
        kind = np.float32 if name == "single" else np.float64
        np.testing.assert_array_equal(
            ours.numbers(name).astype(kind), np.ma.filled(theirs[name].astype(float), np.nan).astype(kind)
        )
    np.testing.assert_array_equal(ours.numbers("flag"), np.asarray(theirs["flag"], dtype=float))
    assert ours.strings("big") == [str(value) for value in theirs["big"]]
    assert ours.strings("word") == list(columns["word"])
    np.testing.assert_array_equal(np.stack(ours.arrays("three")), np.asarray(theirs["three"]))


def test_a_field_says_what_it_is() -> None:
    found = table("<FIELD name='t' ucd='time.epoch' unit='d' datatype='double'/>"
                  "<FIELD ID='m' datatype='float' arraysize='*'/><FIELD name='b' datatype='char' arraysize='2'/>",
                  "<TABLEDATA/>").fields  # fmt: skip
    assert found[0] == Field("t", "time.epoch", "d", "double")
    assert (found[1].name, found[1].is_variable) == ("m", True)
    assert (found[2].count, found[2].is_text) == (2, True)


def test_empty_cells_and_nulls_are_missing() -> None:
    t = table(
        "<FIELD name='a' datatype='int'><VALUES null='-9'/></FIELD><FIELD name='b' datatype='double'/>"
        "<FIELD name='c' datatype='char' arraysize='*'/>",
        "<TABLEDATA><TR><TD>-9</TD><TD/><TD>x &amp; y</TD></TR><TR><TD>4</TD><TD>1e3</TD></TR></TABLEDATA>",
    )
    np.testing.assert_array_equal(t.numbers("a"), [np.nan, 4])
    np.testing.assert_array_equal(t.numbers("B"), [np.nan, 1000])
    assert t.strings("c") == ["x & y", ""]
    assert t.strings("a") == ["", "4"]
    assert t.has("a", "B")
    assert not t.has("a", "d")


def test_text_is_no_number() -> None:
    t = table("<FIELD name='a' datatype='char' arraysize='*'/>",
              "<TABLEDATA><TR><TD>2019-05-01</TD></TR><TR><TD>2019-05-02</TD></TR></TABLEDATA>")  # fmt: skip
    with pytest.raises(ReadError, match="'2019-05-01', not a number a row"):
        t.numbers("a")
    with pytest.raises(ReadError, match=r"no field 'z'; the table has a"):
        t.strings("z")


def test_small_tables_of_keys_are_passed_over_and_equal_tables_continue() -> None:
    key = "<TABLE><FIELD name='id' datatype='int'/><DATA><TABLEDATA><TR><TD>1</TD></TR></TABLEDATA></DATA></TABLE>"
    star = ("<TABLE><FIELD name='t' datatype='int'/><FIELD name='m' datatype='int'/><FIELD name='e' datatype='int'/>"
            "<DATA><TABLEDATA><TR><TD>{0}</TD><TD>2</TD><TD>3</TD></TR></TABLEDATA></DATA></TABLE>")  # fmt: skip
    text = f"<VOTABLE><RESOURCE>{key}{star.format(1)}{key}{star.format(5)}</RESOURCE></VOTABLE>"
    t = VOTable(Source("made.xml", data=text.encode()))
    assert t.numbers("t").tolist() == [1, 5]
    alone = VOTable(Source("made.xml", data=f"<VOTABLE><RESOURCE>{key}</RESOURCE></VOTABLE>".encode()))
    assert alone.numbers("id").tolist() == [1]


def test_prefixes_of_names_do_no_harm() -> None:
    text = f"{HEAD}<FIELD name='a' datatype='int'/><DATA><TABLEDATA><TR><TD>8</TD></TR></TABLEDATA></DATA>{FOOT}"
    text = text.replace("</", "</v:").replace("<", "<v:").replace("<v:/v:", "</v:").replace("<v:?", "<?")
    text = text.replace("<v:VOTABLE", "<v:VOTABLE xmlns:v='http://www.ivoa.net/xml/VOTable/v1.3'")
    assert VOTable(Source("made.xml", data=text.encode())).numbers("a").tolist() == [8]


def test_fields_are_known_before_the_rows_are_read(tmp_path: Path) -> None:
    rows = "<TR><TD>1</TD></TR>" * 20_000
    source = Source("made.xml", data=f"{HEAD}<FIELD name='a' datatype='int'/><DATA><TABLEDATA>{rows}".encode())
    with pytest.raises(ReadError, match="breaks off"):
        VOTable(source)  # one field: only the whole file tells that there is no better table
    three = "".join(f"<FIELD name='{name}' datatype='int'/>" for name in "abc")
    cut = VOTable(Source("made.xml", data=f"{HEAD}{three}<DATA><TABLEDATA>{rows}".encode()))
    assert cut.has("a", "b", "c")
    with pytest.raises(ReadError, match="breaks off"):
        cut.numbers("a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE V [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><VOTABLE>&b;</VOTABLE>", "defines entities"),
        ("<!DOCTYPE V [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><VOTABLE>&x;</VOTABLE>", "defines entities"),
        ("<VOSOURCE><a/></VOSOURCE>", "no VOTable"),
        ("<VOTABLE><RESOURCE/></VOTABLE>", "no table with fields"),
        ("<VOTABLE><INFO name='QUERY_STATUS' value='ERROR'>too busy</INFO></VOTABLE>", "ask it again"),
        ("<VOTABLE><RESOURCE>", "breaks off"),
        ("<?xml version='1.0' encoding='klingon'?><VOTABLE/>", "klingon"),
        (f"{HEAD}<FIELD name='a' arraysize='2*3'/><DATA/>{FOOT}", "arraysize"),
        (HEAD + "<FIELD name='a'/>" * 2001 + "<DATA/>" + FOOT, "more than 2000 fields"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        VOTable(Source("made.xml", data=text.encode()))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<BINARY><STREAM href='http://elsewhere/rows'/></BINARY>", "another file"),
        ("<FITS><STREAM>AAAA</STREAM></FITS>", "FITS"),
        ("", "no DATA element"),
        ("<BINARY><STREAM encoding='base64'>A</STREAM></BINARY>", "damaged"),
    ],
)
def test_rows_that_are_refused(data: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        table("<FIELD name='a' datatype='int'/>", data).numbers("a")


def test_an_hour_of_nested_elements_takes_no_time() -> None:
    start = time.process_time()
    with pytest.raises(ReadError):
        VOTable(Source("made.xml", data=b"<VOTABLE>" + b"<a>" * 200_000))
    # Half a second here; a reader that is quadratic in the depth would take an hour.
    assert time.process_time() - start < 30.0


def test_numbers_in_any_brackets() -> None:
    for text in ("[1.5,null,true]", "(1.5, NaN, T)", '{"1.5",,x,"true"}', "1.5 nan True"):
        values = numbers_in(text)
        assert values[0] == 1.5
        assert np.isnan(values[1])
        assert values[-1] == 1.0
    assert numbers_in("[]").tolist() == []
    assert np.isnan(numbers_in("-1", null="-1")).all()
