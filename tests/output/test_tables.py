from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from astropy.table import Table

import goodricke as gr
from goodricke.errors import OptionError, WriteError
from goodricke.lightcurves import concatenate
from goodricke.output import LightCurveFile, write, write_rows
from goodricke.output.formats import FORMATS


@pytest.fixture
def lcs() -> gr.LightCurves:
    a = gr.LightCurves.from_arrays(
        [1.5, 2.5, 3.5, 4.5], mag=[10.0, 10.5, 12.0, 12.1], err=[0.01] * 4, object_id="Algol, β Per",
        band=["V", "V", "g", "g"], time_frame="HJD_UTC", ra=47.0, dec=40.9,
    )  # fmt: skip
    b = gr.LightCurves.from_arrays([1.0, 2.0], flux=[-3.0, -4.0], err=[1.0, 1.0], object_id="dip", time_frame="MJD_TAI")
    return concatenate([a, b.with_meta(exposure_s=[30.0])])


def read_back(path: Path) -> Table:
    with warnings.catch_warnings():
        # astropy leaves the file of an ECSV table to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return Table.read(path, **({"format": "csv"} if path.suffix == ".csv" else {}))


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".parquet"])
def test_long_formats_say_the_same_when_astropy_reads_them(suffix: str, lcs: gr.LightCurves, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    write(lcs, path)
    table = read_back(path)
    assert len(table) == 6
    np.testing.assert_array_equal(np.asarray(table["time"], float), lcs.time)
    np.testing.assert_array_equal(np.asarray(table["flux"], np.float32), lcs.flux)
    # float32 magnitudes near 12: half a unit in the last place is 5e-7.
    np.testing.assert_allclose(np.asarray(table["mag"][:4], float), [10.0, 10.5, 12.0, 12.1], atol=1e-6)
    assert [str(name) for name in table["band"]] == ["V", "V", "g", "g", "unknown", "unknown"]
    assert {str(name) for name in table["time_frame"]} == {"HJD_UTC", "MJD_TAI"}
    if suffix != ".csv":
        assert str(table["time"].unit) == "d"
        assert str(table["ra"].unit) == "deg"
    # A difference flux has no magnitude: a missing value, not a number.
    assert not np.isfinite(np.ma.filled(np.ma.asarray(table["mag"][4:], float), np.nan)).any()


def test_ucds_are_written(lcs: gr.LightCurves, tmp_path: Path) -> None:
    from astropy.io import fits
    from astropy.io.votable import parse_single_table

    for suffix in (".xml", ".fits"):
        write(lcs, tmp_path / f"o{suffix}")
    fields = {field.name: field for field in parse_single_table(tmp_path / "o.xml").fields}
    assert fields["ra"].ucd == "pos.eq.ra;meta.main"
    assert "median 1 per star" in fields["flux"].description
    with fits.open(tmp_path / "o.fits") as hdus:
        k = [hdus[1].header[f"TTYPE{k}"] for k in range(1, 12)].index("dec") + 1
        assert hdus[1].header[f"TUCD{k}"] == "pos.eq.dec;meta.main"


def test_parquet_holds_one_row_per_star_and_reads_back(lcs: gr.LightCurves, tmp_path: Path) -> None:
    path = tmp_path / "o.parquet"
    write(lcs, path)
    table = pq.read_table(path)
    assert table.num_rows == 2
    assert table.schema.field("ra").metadata[b"unit"] == b"deg"
    back = gr.read(path)
    np.testing.assert_array_equal(back.flux, lcs.flux)
    np.testing.assert_array_equal(back.difference, lcs.difference)
    assert back["dip"].meta["exposure_s"] == 30.0


def test_csv_does_not_run_as_a_formula(tmp_path: Path) -> None:
    for name in ("=cmd()", "-0658.8", "+1e3", "@x", "-x()"):
        write(gr.LightCurves.from_arrays([1.0], flux=[1.0], err=[0.1], object_id=name), tmp_path / "o.csv")
        first = (tmp_path / "o.csv").read_text().splitlines()[1].split(",")[0].strip('"')
        assert first == (name if name in ("-0658.8", "+1e3") else "'" + name)


def test_an_interrupted_file_leaves_the_old_one_alone(lcs: gr.LightCurves, tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("old")

    def interrupted() -> None:
        with LightCurveFile(path) as file:
            file.write(lcs)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_wrong_places_are_refused(lcs: gr.LightCurves, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="does not exist"):
        write(lcs, tmp_path / "no" / "o.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(WriteError, match="this is a folder"):
        write(lcs, tmp_path / "d.csv")
    with pytest.raises(OptionError, match=r"\.doc chooses no format; use one of \.parquet"):
        write(lcs, tmp_path / "o.doc")
    with pytest.raises(OptionError, match="no rows"):
        write_rows([], tmp_path / "o.csv")


def test_no_stars_are_an_empty_table(tmp_path: Path) -> None:
    for suffix in FORMATS:
        write(gr.LightCurves.empty(), tmp_path / f"o{suffix}")
    assert pq.read_table(tmp_path / "o.parquet").num_rows == 0
    assert len(read_back(tmp_path / "o.ecsv")) == 0


def test_standard_output_gets_csv(lcs: gr.LightCurves, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write(lcs, "-")
    assert capfdbinary.readouterr().out.startswith(b'"object_id","survey"')


def test_reports_are_tables_too(tmp_path: Path) -> None:
    write_rows([{"path": "a.csv", "status": "ok", "n_points": 3}], tmp_path / "r.ecsv")
    assert read_back(tmp_path / "r.ecsv")["n_points"][0] == 3
