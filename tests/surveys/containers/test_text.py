"""Text tables of every shape, against numbers written by hand."""

from __future__ import annotations

import csv
import io
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodricke.errors import ReadError
from goodricke.surveys.containers.text import TextTable, is_number
from goodricke.surveys.source import Source


def table(text: str | bytes) -> TextTable:
    return Source("made.txt", data=text if isinstance(text, bytes) else text.encode()).table


def columns(text: str | bytes) -> dict[str, list[float]]:
    read = table(text)
    return {name: read.numbers(name).tolist() for name in read.names}


WANTED = {"t": [1.5, 2.5, 3.5], "mag": [10.0, 11.0, 12.0]}


@pytest.mark.parametrize(
    "text",
    [
        "t,mag\n1.5,10\n2.5,11\n3.5,12\n",
        "t\tmag\n1.5\t10\n2.5\t11\n3.5\t12\n",
        "t;mag\n1.5;10\n2.5;11\n3.5;12\n",
        "t|mag\n1.5|10\n2.5|11\n3.5|12",
        "t mag\n1.5 10\n2.5 11\n3.5 12\n",
        "   t   mag\n 1.5    10\n2.5\t11  \n   3.5 12\n",
        "t,mag\r\n1.5,10\r\n2.5,11\r\n3.5,12\r\n",
        "t,mag\r1.5,10\r2.5,11\r3.5,12\r",
        "\ufefft,mag\n1.5,10\n2.5,11\n3.5,12\n",
        "\n\nt,mag\n\n1.5,10\n2.5,11\n\n3.5,12\n\n\n",
        "# t mag\n1.5 10\n2.5 11\n3.5 12\n",
        "#made by hand\n#t,mag\n1.5 10\n2.5 11\n3.5 12\n",
        "% a\n\\ b\n! c\nt,mag\n1.5,10\n# between\n2.5,11\n  # again\n3.5,12\n# end",
        '"t","mag"\n"1.5","10"\n"2.5","11"\n"3.5","12"\n',
        "t, mag\n 1.5 , 10\n2.5,  11 \n3.5,12\n",
        "t,mag\n1.5D0,1.0d+1\n2.5E0,+11\n3.5,.12e2\n",
        "t,mag,\n1.5,10,\n2.5,11,\n3.5,12,\n",
        "t,mag,note\n1.5,10\n2.5,11\n3.5,12\n",
        "t,mag\n1.5,10\n2.5\n2.5,11,8\n2.5,11\n3.5,12\n",
        "t,mag\r\n1.5,10\r\n# \xe9\r\n2.5,11\r\n3.5,12",
        "|  t  | mag|\n|float|int |\n  1.5   10\n  2.5   11\n  3.5   12\n",
    ],
)
def test_layouts(text: str) -> None:
    got = columns(text)
    assert {name: got[name] for name in WANTED} == WANTED


def test_latin_1() -> None:
    read = table("t,name\n1,caf\xe9\n2,\xfc\n".encode("latin-1"))
    assert read.strings("name").to_pylist() == ["café", "ü"]


def test_byte_order_mark_without_header() -> None:
    assert columns(b"\xef\xbb\xbf1.5,10\n2.5,11\n") == {"col1": [1.5, 2.5], "col2": [10.0, 11.0]}


def test_nul_bytes_and_rarer_line_ends_stay_inside_a_value() -> None:
    read = table("t,name\n1,a\x00b\n2,c\x0bd\x85\n")
    assert read.numbers("t").tolist() == [1.0, 2.0]
    assert read.strings("name").to_pylist()[0] == "a\x00b"


def test_shapes_at_the_edge() -> None:
    assert columns("t,mag\n1.5,10") == {"t": [1.5], "mag": [10.0]}
    assert columns("1.5 10\n") == {"col1": [1.5], "col2": [10.0]}
    assert columns("mag\n10\n11\n") == {"mag": [10.0, 11.0]}
    assert not table("1.5 10\n").named
    assert not table("star 2450000.5 12.1 0.1\nstar 2450001.5 12.1 0.1\n").named


def test_unnamed_columns_have_numbers_for_names() -> None:
    assert table(",jd,mag\n0,1.5,10\n1,2.5,11\n").names == ["col1", "jd", "mag"]
    assert table("jd mag\n1 1.5 10\n2 2.5 11\n3 3.5 12\n").names == ["row", "jd", "mag"]
    assert table("jd,mag\n1.5,10,A\n2.5,11,B\n").names == ["jd", "mag", "col3"]


def test_prose_above_the_table_names_no_columns() -> None:
    assert table("# OGLE light curve\n1.5 10 0.1\n").names == ["col1", "col2", "col3"]


def test_names_without_regard_to_case() -> None:
    read = table("HJD,Mag,mag\n1.5,10,99\n")
    assert read.has("hjd", "MAG")
    assert not read.has("hjd", "flux")
    assert read.numbers("mag").tolist() == [10.0]  # the first of two


def test_missing_values_and_limits() -> None:
    read = table("t,mag\n1,>17.9\n2,nan\n3,\n4,--\n5,< 3\n6,12.5\n7,null\n8,word\n")
    np.testing.assert_array_equal(read.numbers("mag"), [17.9, np.nan, np.nan, np.nan, 3.0, 12.5, np.nan, np.nan])
    assert np.flatnonzero(read.limits("mag")).tolist() == [0, 4]
    assert not read.limits("t").any()


def test_a_word_or_a_limit_far_down_does_not_lose_the_column() -> None:
    values = [f"{k}.5" for k in range(1000)]
    values[700], values[800] = ">17.9", "bad"
    read = table("t,mag\n" + "".join(f"{k},{value}\n" for k, value in enumerate(values)))
    mag = read.numbers("mag")
    assert mag[699] == 699.5
    assert mag[700] == 17.9
    assert np.isnan(mag[800])
    assert read.numbers("t")[-1] == 999


def test_integers_and_text_come_letter_for_letter() -> None:
    read = table("id,date,flag\n0017,2012-01-20,true\n5211052415435948544,2012-01-21,false\n")
    assert read.strings("id").to_pylist() == ["0017", "5211052415435948544"]
    assert read.arrow("id").to_pylist() == [17, 5211052415435948544]
    assert read.strings("date").to_pylist() == ["2012-01-20", "2012-01-21"]
    assert read.strings("flag").to_pylist() == ["true", "false"]


def test_an_integer_too_large_and_a_float_among_integers() -> None:
    rows = "".join(f"{k},{k}\n" for k in range(50)) + "99999999999999999999,0.5\n"
    got = columns("a,b\n" + rows)
    assert got["a"][-1] == 1e20
    assert got["b"][-1] == 0.5


def test_quotes() -> None:
    assert table('name,t\n"a, b",1.5\n"c ""d""",2.5\n').strings("name").to_pylist() == ["a, b", 'c "d"']
    assert table('name t\n"a b" 1.5\nc 2.5\n').strings("name").to_pylist() == ["a b", "c"]
    # A quote that never closes does not swallow the rows below.
    assert table('name,t\n"a,1.5\nb,2.5\n').numbers("t").tolist() == [1.5, 2.5]


def test_header_longer_than_the_first_look() -> None:
    text = "# a line of comment that fills the first 64 kB\n" * 3000 + "t,mag\n1.5,10\n"
    assert columns(text) == {"t": [1.5], "mag": [10.0]}


def test_a_row_longer_than_the_first_look() -> None:
    read = table("t,blob\n1.5," + "x" * 200_000 + "\n2.5,y\n")
    assert read.numbers("t").tolist() == [1.5, 2.5]


def test_zwicky_header_with_commas_over_white_space() -> None:
    assert columns("# made\nindex, field, jd,\n 0 7 1.5\n 1 7 2.5\n")["jd,"[:-1]] == [1.5, 2.5]


IPAC = r"""\fixlen = T
\ a comment
|        id|   mag| err|name |
|      char|double|real|char |
|          |   mag| mag|     |
|      null|  null| -9 |null |
 0000000017 10.125 0.01 a b
5211052415  11.125 -9   c
       null   null 0.031d e f
"""


def test_ipac() -> None:
    read = table(IPAC)
    assert read.ipac
    assert read.names == ["id", "mag", "err", "name"]
    np.testing.assert_array_equal(read.numbers("mag"), [10.125, 11.125, np.nan])
    np.testing.assert_array_equal(read.numbers("err"), [0.01, np.nan, 0.031])
    assert read.strings("id").to_pylist() == ["0000000017", "5211052415", ""]
    assert read.strings("name").to_pylist() == ["a b", "c", "d e f"]
    assert read.sample[0] == ["0000000017", "10.125", "0.01", "a b"]


def test_ipac_against_astropy() -> None:
    from astropy.io import ascii as reader

    rng = np.random.default_rng(3)
    rows = "".join(f" {k:5d} {v:12.6f} {e:8.5f}\n" for k, (v, e) in enumerate(rng.normal(size=(40, 2))))
    text = "|    k|       value|     err|\n|  int|      double|  double|\n" + rows
    theirs = reader.read(text, format="ipac")
    for name in ("k", "value", "err"):
        np.testing.assert_array_equal(table(text).numbers(name), theirs[name])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# a\n# b\n", "only comments"),
        (" \n\t\n", "no lines of text"),
        ("t,mag\n", "no rows"),
        ("t,mag", "no rows"),
        ("t,mag\n\n \n", "no rows"),
        ("HJD UT date mag\n1.5 2 10\n2.5 3 11\n", "no row has the 4 columns"),
        (",".join(f"c{k}" for k in range(3000)) + "\n1\n", "3000 columns"),
        ("a,b\n" + "1,2\n" * 30 + "1,2,3\n" * 5000, "most rows"),
    ],
)
def test_what_is_no_table(text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        table(text).numbers("a" if text.startswith("a") else "t" if text.startswith("t") else "mag")


def test_column_that_is_not_there() -> None:
    with pytest.raises(ReadError, match=r"no column 'flux'.*t, mag.*--columns"):
        table("t,mag\n1,2\n").numbers("flux")


def test_times_as_text() -> None:
    with pytest.raises(ReadError, match=r"'date' holds text such as '2012-01-20', not numbers.*JD or MJD"):
        table("date,mag\n2012-01-20,2\n2012-01-21,3\n").numbers("date")
    with pytest.raises(ReadError, match="holds text such as 'True'"):
        table("date,mag\ntrue,2\nfalse,3\n").numbers("date")


def test_rows_of_another_length_are_counted() -> None:
    read = table("t,mag\n1,2\n3\n4,5\n6,7,8\n \n")
    assert (read.n_rows, read.n_bad_rows) == (2, 2)
    assert read.notes == ("2 rows skipped: not 2 columns",)
    assert table("t,mag\n1,2\n").notes == ()


def test_large_file_in_pieces() -> None:
    """A file of several pieces, with all that needs putting right, against Python's csv reader."""
    rng = np.random.default_rng(5)
    rows = [f"{k} {v:.6f}   {w:.4f}" for k, (v, w) in enumerate(rng.normal(size=(250_000, 2)))]
    rows[200_000] = "200000 \xe9 0.5"
    rows.insert(150_000, "# a comment")
    text = "t mag err\r\n" + "\r\n".join(rows)
    assert len(text) > 6_000_000
    read = table(text.encode("latin-1"))
    theirs = [row for row in csv.reader(io.StringIO(text), delimiter=" ", skipinitialspace=True) if row[0] != "#"][1:]
    assert read.numbers("t").tolist() == list(range(250_000))
    mag = read.numbers("mag")
    assert np.isnan(mag[200_000])
    assert mag[199_999] == float(theirs[199_999][1])
    np.testing.assert_array_equal(read.numbers("err"), [float(row[2]) for row in theirs])


def test_large_file_with_an_empty_column() -> None:
    read = table("t,note\n" + "1.5,\n" * 1_200_000)
    assert read.n_rows == 1_200_000
    assert read.strings("note")[0].as_py() == ""


@pytest.mark.parametrize(("n", "m", "most_ms"), [(300, 10, 1.0), (10_000, 34, 40.0)])
def test_speed(n: int, m: int, most_ms: float) -> None:
    """Best of ten, with a tenfold allowance for a busy or slow machine and for the measuring of coverage."""
    body = io.StringIO()
    np.savetxt(body, np.random.default_rng(1).normal(size=(n, m)), fmt="%.5f", delimiter=",")
    data = (",".join(f"c{k}" for k in range(m)) + "\n" + body.getvalue()).encode()
    best = np.inf
    for _ in range(10):
        start = time.process_time()
        read = Source("made.csv", data=data).table
        for name in ("c0", "c3", "c4", "c5"):
            read.numbers(name)
        best = min(best, time.process_time() - start)
    assert best * 1000 < 10 * most_ms


def test_is_number() -> None:
    assert all(map(is_number, ("1", "-1.5", "+.5", "1.", "1e5", "1D-3", ">17.9", "nan", "", "--", '"3"')))
    assert not any(map(is_number, ("HJD", "1.2.3", "2012-01-20", "e5", "0x10", "1e")))


WORDS = st.sampled_from(
    ["1", "2.5", "nan", "", ">3", "x", '"', "#", "|", "\\", "\x00", "é", "1e999", "-", "2012-01-20"]
)
MARKS = st.sampled_from([",", " ", "\t", ";", "|", "\n", "\r\n", "\r", "  "])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.tuples(WORDS, MARKS), max_size=60).map(
            lambda pairs: "".join(word + mark for word, mark in pairs).encode("latin-1")
        ),
    )
)
def test_any_bytes_are_a_table_or_a_read_error(data: bytes) -> None:
    try:
        read = Source("made.txt", data=data).table
        assert read.n_rows > 0
    except ReadError:
        return
    for name in read.names:
        assert len(read.strings(name)) == len(read.limits(name)) == read.n_rows
        try:
            assert read.numbers(name).shape == (read.n_rows,)
        except ReadError as error:
            assert "text such as" in str(error)
