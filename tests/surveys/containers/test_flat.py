"""Text, FITS and VOTable as Arrow, against what was written and what astropy reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy import units
from astropy.io import fits
from astropy.table import Table

from goodricke.errors import ReadError
from goodricke.surveys.containers.flat import arrow_table, describe, limits, sample
from goodricke.surveys.source import Source

TABLE = Table({"mjd": np.array([1.5, 2.5, 3.5]) * units.d, "Vmag": np.array([10.0, 11.0, 12.0], "f4") * units.mag,
               "n": [1, 2, 3], "star": ["a", "b", "c"]})  # fmt: skip


@pytest.mark.parametrize(("ending", "form"), [("ecsv", "ascii.ecsv"), ("fits", "fits"), ("xml", "votable")])
def test_units_types_and_values_survive(ending: str, form: str, tmp_path: Path) -> None:
    path = tmp_path / f"MADE.{ending}"
    TABLE.write(path, format=form)
    source = Source(str(path), path=path)
    columns = {column.name: column for column in describe(source)}
    assert [columns[name].numeric for name in TABLE.colnames] == [True, True, True, False]
    assert (columns["mjd"].unit, columns["Vmag"].unit) == ("d", "mag")
    found = arrow_table(source, ["star", "Vmag", "mjd"], ["Vmag", "mjd"])
    assert found.column_names == ["star", "Vmag", "mjd"]
    assert found["star"].to_pylist() == ["a", "b", "c"]
    np.testing.assert_array_equal(found["Vmag"].to_numpy(), TABLE["Vmag"].value)
    assert sample(source, "star") == ["a", "b", "c"]


def test_limits_in_text() -> None:
    source = Source("x.csv", data=b"time,mag\n1,>17.9\n2,15\n3,16\n")
    found = limits(source, "mag")
    assert found is not None
    assert found.tolist() == [True, False, False]
    assert arrow_table(source, ["mag"], ["mag"])["mag"].to_pylist() == [17.9, 15, 16]
    assert limits(Source("x.csv", data=b"time,mag\n1,15\n"), "mag") is None


def test_vectors_of_fits(tmp_path: Path) -> None:
    path = tmp_path / "MADE.fits"
    rows = [np.arange(3.0), np.arange(5.0)]
    fits.BinTableHDU.from_columns(
        [
            fits.Column(name="NAME", format="3A", array=["one", "two"]),
            fits.Column(name="VARIABLE", format="PD()", array=np.array(rows, dtype=object)),
            fits.Column(name="FIXED", format="2E", array=np.ones((2, 2))),
        ]
    ).writeto(path)
    source = Source(str(path), path=path)
    table = arrow_table(source, ["NAME", "VARIABLE"], [])
    assert table["VARIABLE"].to_pylist() == [row.tolist() for row in rows]
    assert table["NAME"].to_pylist() == ["one", "two"]
    assert arrow_table(source, ["FIXED"], [])["FIXED"].to_pylist() == [[1, 1], [1, 1]]
    cut = Source("cut.fits", data=path.read_bytes()[:-2880])
    with pytest.raises(ReadError, match="cut short"):
        arrow_table(cut, ["VARIABLE"], [])
