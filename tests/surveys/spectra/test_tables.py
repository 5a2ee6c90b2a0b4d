"""Tables of every container as spectra: made files against what was written, and what is said of guesses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from astropy.io import fits

from goodricke.errors import ReadError
from goodricke.surveys.spectra import SpectrumStatus, read_spectra
from samples.spectra import DEC, RA, VELOCITY, ivar_of, light
from samples.spectra.generic import VACUUM, write

TABLES = {
    "vacuum.csv": "vacuum", "air.csv": "air", "nm.csv": "air, assumed", "silent.csv": "air, assumed",
    "sdss_export.csv": "air, assumed", "falling.csv": "vacuum", "bare.dat": "air, assumed", "remarks.txt": "vacuum",
    "log.txt": "vacuum, assumed", "units.ecsv": "air", "votable.xml": "vacuum", "table.fits": "vacuum",
    "micron.fits": "vacuum", "vectors.fits": "vacuum", "columns.parquet": "vacuum",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generic")
    write(folder)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_every_table_gives_the_same_spectrum(name: str, made: Path) -> None:
    report: list[SpectrumStatus] = []
    one = read_spectra(made / f"MADE_{name}", report=report)
    assert one.meta["wavelengths"].tolist() == [TABLES[name]]
    # Text has six decimals; float32 is not used for wavelengths here.
    np.testing.assert_allclose(one.wave, VACUUM, atol=2e-5)
    np.testing.assert_allclose(one.flux, light(VACUUM), rtol=1e-6)
    if any("estimated" in note for note in report[0].notes):
        assert (one.ivar > 0).all()
    else:
        np.testing.assert_allclose(one.ivar, ivar_of(VACUUM), rtol=1e-6)
    assert np.flatnonzero(one.bad).tolist() == ([40] if name in ("vacuum.csv", "table.fits") else [])
    assumed = any("assumed" in note for note in report[0].notes)
    assert assumed == TABLES[name].endswith("assumed")
    assert any("flux from" in note for note in report[0].notes)


def test_facts_of_headers_and_remarks(made: Path) -> None:
    for name in ("table.fits", "vectors.fits", "remarks.txt"):
        one = read_spectra(made / f"MADE_{name}")
        assert one.object_id.tolist() == ["HD 999"]
        np.testing.assert_allclose([one.ra[0], one.dec[0], one.velocity[0]], [RA, DEC, VELOCITY])
        assert one.mjd[0] == 56768.5
    assert one.meta["velocity_from"][0] == "header"


def test_many_spectra_in_one_table(made: Path) -> None:
    for name in ("long.csv", "rows.parquet"):
        two = read_spectra(made / f"MADE_{name}")
        assert two.object_id.tolist() == ["one", "two"]
        for one in two:
            np.testing.assert_allclose(one.flux, light(VACUUM), rtol=1e-6)
    np.testing.assert_allclose(two.ra, [RA, RA + 1])
    np.testing.assert_allclose(two.velocity, VELOCITY)


def test_rows_of_different_length_in_fits(tmp_path: Path) -> None:
    waves = np.array([VACUUM, VACUUM[:500]], dtype=object)
    fluxes = np.array([light(VACUUM), light(VACUUM[:500])], dtype=object)
    columns = [
        fits.Column("NAME", "8A", array=["one", "two"]), fits.Column("WAVE", "PD()", array=waves, unit="Angstrom"),
        fits.Column("FLUX", "PE()", array=fluxes),
    ]  # fmt: skip
    hdu = fits.BinTableHDU.from_columns(columns)
    hdu.header["AIRORVAC"] = "vac"
    hdu.writeto(tmp_path / "ragged.fits")
    two = read_spectra(tmp_path / "ragged.fits")
    assert two.lengths.tolist() == [2400, 500]
    assert two.object_id.tolist() == ["one", "two"]


def test_large_parquet_files_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, n = VACUUM[:100], 60
    table = pa.table({"object_id": [f"s{k}" for k in range(n)], "wave_vac": [wave] * n, "flux": [light(wave)] * n})
    pq.write_table(table, tmp_path / "many.parquet", row_group_size=10)
    many = read_spectra(tmp_path / "many.parquet")
    assert many.object_id.tolist() == [f"s{k}" for k in range(n)]
    assert many.spectrum_id[[0, -1]].tolist() == ["many-1", "many-60"]


@pytest.mark.parametrize(
    ("header", "factor", "note"),
    [
        ("wave_vac,f_nu,err", (VACUUM / 5500.0) ** 2, "per Hertz"),
        ("rest_wave_vac,flux,err", 1.0, "rest frame"),
    ],
)
def test_things_that_are_said(header: str, factor: np.ndarray, note: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = zip(VACUUM, light(VACUUM) * factor, np.full(2400, 2.0) * factor, strict=True)
    path.write_text(header + "\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    report: list[SpectrumStatus] = []
    one = read_spectra(path, report=report)
    np.testing.assert_allclose(one.flux, light(VACUUM), rtol=1e-5)
    np.testing.assert_allclose(one.ivar, 0.25, rtol=1e-5)
    assert any(note in said for said in report[0].notes)


def test_more_tables_in_one_file_are_named(tmp_path: Path) -> None:
    def table(name: str) -> fits.BinTableHDU:
        columns = [fits.Column("wave_vac", "D", array=VACUUM), fits.Column("flux", "E", array=light(VACUUM))]
        return fits.BinTableHDU.from_columns(columns, name=name)

    fits.HDUList([fits.PrimaryHDU(), table("BLUE"), table("RED")]).writeto(tmp_path / "two.fits")
    report: list[SpectrumStatus] = []
    assert len(read_spectra(tmp_path / "two.fits", report=report)) == 1
    assert any("1 more tables" in note and "RED" in note for note in report[0].notes)


def test_frequencies_are_refused(tmp_path: Path) -> None:
    columns = [fits.Column("WAVE", "D", array=VACUUM, unit="GHz"), fits.Column("FLUX", "E", array=light(VACUUM))]
    fits.BinTableHDU.from_columns(columns).writeto(tmp_path / "hz.fits")
    with pytest.raises(ReadError, match=r"hz\.fits: the wavelength axis is in 'GHz', which is no wavelength"):
        read_spectra(tmp_path / "hz.fits")


@pytest.mark.parametrize(
    "text",
    [
        "2458500.1 13.1 0.01\n2458501.2 13.2 0.01\n2458502.9 13.0 0.02\n" * 20,
        "".join(f"{1325.0 + 0.0208 * k:.4f} {1 + 0.001 * (k % 7):.4f} 0.001\n" for k in range(1300)),  # TESS days
        "".join(f"{k / 1000:.3f} {1 + 0.1 * np.sin(k / 160):.4f}\n" for k in range(1000)),  # a folded light curve
        "name,ra,dec,flux\n" + "".join(f"s{k},{k},{k},1.0\n" for k in range(30)),
        "wavelength,flux\n5000,1\n6000,2\n5000,3\n6000,4\n" * 5,  # a catalogue of lines
    ],
)
def test_what_is_no_spectrum(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text)
    with pytest.raises(ReadError, match=r"no spectrum is recognised|this is a light curve"):
        read_spectra(path)
