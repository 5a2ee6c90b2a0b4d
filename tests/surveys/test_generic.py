"""Tables that no survey owns: what is taken, what is refused, what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import generic
from goodricke.surveys.source import Source
from samples import RA, star
from samples import generic as samples


def read(text: str, **options: Any) -> tuple[gr.LightCurves, list[str]]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.csv")
        path.write_text(text)
        report: list[Any] = []
        return gr.read(path, report=report, survey="generic", **options), report[0].notes


@pytest.mark.parametrize(
    ("name", "frame", "zero", "band"),
    [
        ("named.csv", "HJD_UTC", 0.0, "V"),
        ("dates.csv", "JD_UTC", 0.0, "unknown"),
        ("bare.txt", "JD", 0.0, "unknown"),
        ("units.ecsv", "MJD", 2400000.5, "r"),
        ("flat.fits", "JD", 0.0, "V"),
        ("votable.xml", "JD", 0.0, "V"),
    ],
)
def test_the_star_in_every_container(name: str, frame: str, zero: float, band: str, tmp_path: Path) -> None:
    samples.write(tmp_path)
    one, made = gr.read(tmp_path / f"MADE_{name}")[0], star()
    assert (str(one.time_frame), one.bands) == (frame, (band,))
    np.testing.assert_allclose(one.time, made.jd - zero, rtol=0, atol=1e-8)
    np.testing.assert_allclose(one.mag, made.mag, atol=2e-6)
    if name != "dates.csv":
        np.testing.assert_allclose(one.mag_err, made.err, rtol=1e-5)
    else:
        assert one.meta["error_estimated"]


def test_several_stars_in_a_table(tmp_path: Path) -> None:
    samples.write(tmp_path)
    lcs = gr.read(tmp_path / "MADE_stars.csv")
    assert (lcs.object_id.tolist(), str(lcs.frames[0]), lcs.bands) == (["s0", "s1"], "BTJD", ("R",))
    assert lcs.lengths.tolist() == [30, 30]


def test_a_star_per_row_of_fits(tmp_path: Path) -> None:
    samples.write(tmp_path)
    lcs = gr.read(tmp_path / "MADE_vectors.fits")
    assert (lcs.object_id.tolist(), lcs.lengths.tolist(), lcs.ra.tolist()) == (["one", "two"], [60, 20], [RA, RA])
    np.testing.assert_allclose(lcs["two"].mag, star().mag[:20], atol=1e-6)


def test_vectors_of_one_length(tmp_path: Path) -> None:
    columns = [fits.Column(name=n, format="4D", array=[[1.0, 2.0, 3.0, 4.0]]) for n in ("BTJD", "FLUX", "FLUX_ERR")]
    fits.BinTableHDU.from_columns(columns).writeto(tmp_path / "one.fits")
    lcs = gr.read(tmp_path / "one.fits")
    assert (lcs.object_id.tolist(), lcs.time.tolist(), str(lcs.frames[0])) == (["one"], [1.0, 2.0, 3.0, 4.0], "BTJD")


def test_what_was_guessed_is_said() -> None:
    lcs, notes = read("HJD,Vmag,e_Vmag\n2458000,10,0.1\n2458001,11,0.1\n")
    assert lcs.n_points == 2
    assert notes == ["time from 'HJD', mag from 'Vmag', err from 'e_Vmag'"]


def test_columns_by_name_and_by_place() -> None:
    lcs, _ = read("a,b,c\n1,10,0.1\n2,11,0.2\n", columns={"time": "a", "mag": "b", "err": "c"}, time_frame="BTJD")
    assert lcs[0].mag.tolist() == pytest.approx([10.0, 11.0], abs=1e-6)
    assert str(lcs.frames[0]) == "BTJD"
    lcs, _ = read("7 58000 10 0.1\n7 58001 11 0.1\n", columns={"time": "col2", "flux": "col3"})
    assert lcs.ref_flux[0, 0] == 10.5
    with pytest.raises(ReadError, match="no column 'nope'"):
        read("a,b\n1,2\n", columns={"time": "nope", "mag": "b"})


def test_naming_columns_forces_any_table(tmp_path: Path) -> None:
    """Without it nobody recognises the table, so without ``survey=`` as well."""
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,10\n2,11\n")
    with pytest.raises(ReadError, match="--columns"):
        gr.read(path)
    assert gr.read(path, columns={"time": "a", "mag": "b"}).n_points == 2


def test_upper_limits_are_not_detections() -> None:
    lcs, _ = read("mjd,mag,err\n58000,>17.9,99.99\n58001,15,0.1\n58002,99.99,0.1\n")
    assert (lcs.n_points, lcs[0].dropped) == (1, {"limit": 2})


def test_flags_of_any_kind() -> None:
    text = "mjd,mag,err,bad\n58000,15,0.1,0\n58001,15,0.1,3\n58002,15,0.1,\n"
    assert read(text)[0].n_points == 3
    assert read(text, columns={"quality": "bad"})[0].n_points == 2
    assert read(text, columns={"quality": "bad"}, quality="none")[0].n_points == 3
    assert read(text, columns={"quality": "bad"}, quality=4)[0].n_points == 3


def test_a_column_that_numbers_the_rows_is_no_star() -> None:
    lcs, notes = read("id,mjd,mag\n" + "".join(f"{k},{58000 + k},{15 + k / 100}\n" for k in range(5)))
    assert (len(lcs), lcs.n_points) == (1, 5)
    assert "object_id" not in notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "survey,file,bytes\nx,y,1\n",
        "KIC,period,bjd0,kmag\n1,0.5,55000,12\n2,0.6,55001,13\n",
        "name,ra,dec,epoch,Vmag\na,10,1,2458000,12\nb,200,2,2458001,13\nc,300,3,2458002,14\n",
        "TIC,BJD,Tmag\n1,2458000,12\n2,2458001,13\n",
        "4000.0 1.01\n4000.5 1.02\n4001.0 1.00\n4001.5 0.99\n",
        "4000.0 1.01\n4001.0 1.02\n4002.1 1.00\n4003.3 0.99\n",
        "5 1\n5 2\n5 3\n",
        "1 2 3 4 5\n2 3 4 5 6\n",
        "wavelength,flux\n4000,1\n4001,2\n",
    ],
    ids=["files", "periods", "positions", "stars", "spectrum", "slow-spectrum", "still", "five", "named-spectrum"],
)
def test_what_is_no_light_curve(text: str) -> None:
    assert not generic.recognises(Source("x.csv", data=text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "58000.1 15.1\n58000.2 15.2\n58000.3 15.0\n",
        "2458000.5 15.1 0.1\n2458003.2 15.0 0.1\n",
        "130.5 15.1\n131.7 15.0\n190.2 15.2\n",
    ],
)
def test_bare_columns(text: str) -> None:
    assert generic.recognises(Source("x.txt", data=text.encode()))


def test_fits_without_a_table_and_without_a_time(tmp_path: Path) -> None:
    fits.PrimaryHDU(np.zeros((3, 3))).writeto(tmp_path / "image.fits")
    Table({"a": [1.0], "b": [2.0]}).write(tmp_path / "other.fits")
    for name in ("image.fits", "other.fits"):
        assert not generic.recognises(Source(name, path=tmp_path / name))


def test_our_own_tables_come_back(tmp_path: Path) -> None:
    lcs = gr.LightCurves.from_arrays([58000.0, 58001.0, 58002.0], mag=[12.0, 12.5, 12.1], err=[0.1] * 3, object_id="a",
                                     band="V", time_frame="MJD_UTC", ra=10.0, dec=20.0)  # fmt: skip
    for ending in ("csv", "ecsv", "fits", "xml"):
        path = tmp_path / f"x.{ending}"
        gr.write(lcs, path)
        one = gr.read(path)[0]
        assert (one.object_id, one.bands, str(one.time_frame), one.ra) == ("a", ("V",), "MJD_UTC", 10.0)
        np.testing.assert_allclose(one.mag, [12.0, 12.5, 12.1], atol=2e-6)


def test_real_catalogues_are_refused(shared_data: Path) -> None:
    for path in sorted((shared_data / "raw" / "catalogs").iterdir()):
        assert not generic.recognises(Source(str(path), path=path)), path.name
