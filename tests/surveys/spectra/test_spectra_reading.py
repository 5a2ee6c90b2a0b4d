"""Reading spectra of many kinds and in many states: what comes out, what is said, and that nothing else is lost."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from astropy.io import fits

import goodricke as gr
from goodricke.errors import OptionError, ReadError, ReadWarning
from goodricke.spectra import Spectra
from goodricke.surveys.source import Source
from goodricke.surveys.spectra import (
    Record,
    SpectrumOptions,
    SpectrumStatus,
    is_spectrum,
    read_spectra,
    record,
    scan_spectra,
    table,
)
from goodricke.surveys.spectra.table import find
from samples import kepler, ogle
from samples.spectra import DEC, RA, lamost, light, sdss

WAVE = np.arange(4000.0, 5000.0)


def csv(path: Path, header: str, *columns: np.ndarray) -> Path:
    """A csv file of these columns."""
    path.write_text(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True)))
    return path


def refused(path: Path, **how: str) -> str:
    """The message of the error."""
    with pytest.raises(ReadError) as caught:
        read_spectra(path, **how)
    assert caught.value.remedy or ";" in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


# Many files ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder of four good spectra, two broken ones, a light curve and a poem."""
    good = tmp_path / "made"
    good.mkdir()
    lamost.write(good)
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in ("pilot", "dr8", "coadd"):
        shutil.copy(next(good.glob(f"*-{name}_sp*.fits")), folder)
    csv(folder / "other.csv", f"# RA = {RA}\n# DEC = {DEC}\nwave_vac,flux,err", WAVE, light(WAVE), np.full(1000, 2.0))
    (folder / "cut.fits").write_bytes(next(good.glob("*-dr8_sp*.fits")).read_bytes()[:40_000])
    (folder / "empty.fits").write_bytes(b"")
    (folder / "poem.txt").write_text("Twinkle twinkle little star\nhow I wonder\n")
    shutil.copy(ogle.write(tmp_path)[0], folder)
    return folder


def test_a_mixed_folder_loses_nothing_and_says_all(mixed: Path) -> None:
    report: list[SpectrumStatus] = []
    spectra = read_spectra(mixed, report=report)
    assert len(spectra) == 4
    by_name = {Path(row.path).name: row for row in report}
    assert len(by_name) == 8
    assert [row.status for row in report].count("ok") == 4
    assert "cut short" in by_name["cut.fits"].reason
    assert "empty (0 bytes)" in by_name["empty.fits"].reason
    assert (by_name["poem.txt"].status, by_name["cut.fits"].status) == ("skipped", "failed")
    light_curve = next(row for name, row in by_name.items() if "OGLE" in name.upper() or name.endswith(".dat"))
    assert light_curve.status == "skipped"
    assert "this is a light curve (OGLE" in light_curve.reason
    # Three of LAMOST's and one of nobody's lie at one place: one star, called what LAMOST calls it.
    assert set(spectra.object_id) == {"LAMOST J100100.00-203000.0"}
    with pytest.warns(ReadWarning, match="2 of 8 files could not be read"):
        read_spectra(mixed)
    assert by_name["other.csv"].as_row()["n_spectra"] == 1


def test_files_of_one_name_in_two_folders_are_two_stars(tmp_path: Path) -> None:
    for star in ("a", "b"):
        (tmp_path / star).mkdir()
        csv(tmp_path / star / "spectrum.csv", "wave_vac,flux", WAVE, light(WAVE))
    assert read_spectra(tmp_path).object_id.tolist() == ["spectrum", "spectrum (2)"]
    table = {"wave_vac": WAVE, "flux": light(WAVE)}
    assert len(set(read_spectra(table, table).object_id)) == 2


def test_is_spectrum_sorts_a_mixed_folder(mixed: Path) -> None:
    spectra = {path.name for path in mixed.iterdir() if is_spectrum(Source(str(path), path=path))}
    assert "cut.fits" in spectra  # its header says so
    assert len(spectra) == 5


def test_batches_of_a_scan(mixed: Path) -> None:
    done: list[str] = []
    batches = list(scan_spectra([mixed], batch=3, on_file=lambda status: done.append(status.path)))
    assert [len(batch) for batch in batches] == [3, 1]
    assert len(done) == 8
    with pytest.raises(OptionError, match="batch is 0"):
        list(scan_spectra(mixed, batch=0))


def test_archives_and_objects(mixed: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "all"), "zip", mixed)
    report: list[SpectrumStatus] = []
    from_archive = read_spectra(archive, report=report)
    assert len(from_archive) == 4
    assert all("::" in row.path for row in report)
    assert len(read_spectra(from_archive, from_archive[:1])) == 5
    with pytest.raises(OptionError, match="a float is no spectrum"):
        read_spectra(3.5)
    with pytest.raises(OptionError, match="nothing to read"):
        read_spectra()


def test_a_light_curve_and_a_spectrum_each_say_what_they_are(tmp_path: Path) -> None:
    curve = kepler.write(tmp_path)[0]
    assert "this is a light curve (Kepler" in refused(curve)
    spectrum = sdss.write(tmp_path)[0]
    with pytest.raises(ReadError, match=r"this is a spectrum \(SDSS and BOSS.*read_spectra reads it"):
        gr.read(spectrum)
    # Among light curves, a spectrum that nobody named is passed over, and said.
    report: list[gr.surveys.FileStatus] = []
    assert len(gr.read(tmp_path, report=report)) >= 1
    passed = [row for row in report if "this is a spectrum" in row.reason]
    assert len(passed) == 4
    assert {row.status for row in passed} == {"skipped"}


# Options -------------------------------------------------------------------------------------------------------------


def test_columns_and_wavelengths_overrule(tmp_path: Path) -> None:
    path = csv(tmp_path / "odd.csv", "a,b,c", WAVE / 10, light(WAVE), np.full(1000, 2.0))
    assert "no spectrum is recognised" in refused(path)
    one = read_spectra(path, columns={"wave": "a", "flux": "b", "err": "C"}, wavelengths="vacuum nm")
    np.testing.assert_allclose(one.wave, WAVE)
    np.testing.assert_allclose(one.ivar, 0.25)
    assert one.meta["wavelengths"][0] == "vacuum"
    assert "no column 'q'" in refused(path, columns={"wave": "q", "flux": "b"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"wavelengths": "aether"}, "'aether' is not known"), ({"wavelengths": "air vacuum"}, "not both"),
        ({"columns": {"colour": "x"}}, "our names are wave, flux"),
        ({"columns": {"err": "a", "ivar": "b"}}, "one of them"),
        ({"survey": "lamsot"}, "there are lamost, sdss, desi, generic"),
    ],
)  # fmt: skip
def test_options_that_are_wrong(how: dict[str, object], message: str, tmp_path: Path) -> None:
    path = csv(tmp_path / "x.csv", "wave,flux", WAVE, light(WAVE))
    with pytest.raises(OptionError, match=message):
        read_spectra(path, **how)  # type: ignore[arg-type]


def test_a_survey_may_be_forced(tmp_path: Path) -> None:
    path = lamost.write(tmp_path)[4]
    assert read_spectra(path, survey="generic").survey.tolist() == ["generic"]
    text = csv(tmp_path / "x.csv", "wave,flux", WAVE, light(WAVE))
    assert "a text file cannot be lamost" in refused(text, survey="lamost")
    assert find("sdss").title.startswith("SDSS")
    assert SpectrumOptions(wavelengths="air").medium == "air"


# Bad input -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"), (b"\n\n", "empty"), (bytes(range(256)) * 40, "no spectrum is recognised in this binary file"),
        (b"<html><title>404</title></html>", "web page"), (b"wave,flux\n", "no spectrum"),
        (b"\x1f\x8b\x08\x00junk", "compressed file is cut short or damaged"),
    ],
)  # fmt: skip
def test_files_that_are_nothing(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "what.dat"
    path.write_bytes(content)
    assert message in refused(path)


@pytest.mark.parametrize("keep", [3000, 12_000, 60_000])
def test_cut_fits_and_gz(keep: int, tmp_path: Path) -> None:
    for path in lamost.write(tmp_path):
        short = tmp_path / f"cut-{path.name}"
        short.write_bytes(path.read_bytes()[:keep])
        if keep < path.stat().st_size:
            assert "cut short" in refused(short)


def test_nan_everywhere_and_all_masked(tmp_path: Path) -> None:
    nothing = csv(tmp_path / "nan.csv", "wave_vac,flux,ivar", WAVE, np.full(1000, np.nan), np.ones(1000))
    assert "no pixel has a finite flux" in refused(nothing)
    masked = csv(tmp_path / "masked.csv", "wave_vac,flux,ivar,mask", WAVE, light(WAVE), np.ones(1000), np.ones(1000))
    report: list[SpectrumStatus] = []
    one = read_spectra(masked, report=report)
    assert one.bad.all()
    assert "every pixel is masked" in report[0].notes


def test_order_of_wavelengths_is_put_right(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    shuffled = rng.permutation(1000)
    report: list[SpectrumStatus] = []
    path = csv(tmp_path / "shuffled.csv", "wave_vac,flux,ivar", WAVE[shuffled], light(WAVE)[shuffled], np.ones(1000))
    one = read_spectra(path, columns={"wave": "wave_vac", "flux": "flux"}, report=report)
    np.testing.assert_allclose(one.flux, light(WAVE), rtol=1e-6)
    assert any("not in order" in note for note in report[0].notes)
    twice = np.sort(np.append(WAVE, WAVE[100:110]))
    flux = np.append(light(WAVE), light(WAVE[100:110]) + 6)[np.argsort(np.append(WAVE, WAVE[100:110]), kind="stable")]
    ivar = np.ones(1010)
    path = csv(tmp_path / "twice.csv", "wave_vac,flux,ivar", twice, flux, ivar)
    one = read_spectra(path, report=report)
    np.testing.assert_allclose(one.wave, WAVE)
    np.testing.assert_allclose(one.flux[100:110], light(WAVE[100:110]) + 3, rtol=1e-6)
    np.testing.assert_allclose(one.ivar[100:110], 2.0)
    assert any("10 pixels share" in note for note in report[1].notes)


def test_arms_are_joined_and_orders_are_refused(tmp_path: Path) -> None:
    blue, red = np.arange(4000.0, 5600.0), np.arange(5500.3, 7000.0)
    wave = np.concatenate([blue, red])
    report: list[SpectrumStatus] = []
    path = csv(tmp_path / "arms.csv", "wave_vac,flux,ivar", wave, light(wave), np.ones(len(wave)))
    one = read_spectra(path, report=report)
    assert (np.diff(one.wave) > 0).all()
    assert any("2 arms are joined" in note for note in report[0].notes)
    # In the overlap, half of the pixels are blue and half red; both together would be twice as many.
    assert np.count_nonzero((one.wave > 5500) & (one.wave < 5599)) == 98
    orders = np.concatenate([4000.0 + 80 * k + np.arange(100.0) for k in range(12)])
    path = csv(tmp_path / "echelle.csv", "wave_vac,flux", orders, light(orders))
    assert "begin anew 11 times: an echelle or multi-order spectrum" in refused(path)


@pytest.mark.parametrize(
    ("label", "scale", "message"),
    [
        ("wave_angstrom", 0.1, "go from 400 to 499.9 Angstrom: no star is seen there; they look like nm"),
        ("wave_nm", 1e3, "fits no unit|no star is seen there"),
        ("wave", 1e6, "fits no unit"),
        ("wave_micron", 1.0, "no star is seen there; they look like Angstrom"),
    ],
)  # fmt: skip
def test_wrong_units(label: str, scale: float, message: str, tmp_path: Path) -> None:
    import re

    assert re.search(message, refused(csv(tmp_path / "unit.csv", f"{label},flux", WAVE * scale, light(WAVE))))


def test_nm_without_a_word_is_told_from_its_size(tmp_path: Path) -> None:
    report: list[SpectrumStatus] = []
    path = csv(tmp_path / "nm.csv", "wave,flux", WAVE / 10, light(WAVE))
    assert read_spectra(path, report=report).wave[0] == pytest.approx(4001.13, abs=0.02)
    assert any("taken to be in nm" in note for note in report[0].notes)
    assert any("air is assumed" in note for note in report[0].notes)
    assert read_spectra(path, wavelengths="vacuum").wave[0] == pytest.approx(4000.0)


def test_one_pixel_and_few(tmp_path: Path) -> None:
    path = csv(tmp_path / "few.csv", "wave_vac,flux", WAVE[:5], light(WAVE[:5]))
    assert "5 pixels with a wavelength: too few" in refused(path)
    single = tmp_path / "pixel.fits"
    fits.PrimaryHDU(np.ones(1), fits.Header({"CRVAL1": 4000.0, "CDELT1": 1.0})).writeto(single)
    assert refused(single)


def test_cubes_slits_and_hostile_sizes(tmp_path: Path) -> None:
    axis = fits.Header({"CRVAL1": 4000.0, "CDELT1": 1.0, "CTYPE1": "AWAV"})
    for name, shape, message in (
        ("cube", (5, 6, 500), "an image cube of 5 x 6 x 500 pixels"),
        ("slit", (40, 500), "an image of 40 rows of 500 pixels: the orders of an echelle, a slit or many stars"),
    ):
        path = tmp_path / f"{name}.fits"
        fits.PrimaryHDU(np.ones(shape, np.float32), axis).writeto(path)
        assert message in refused(path)
    huge = tmp_path / "huge.fits"
    fits.PrimaryHDU(np.ones(500, np.float32), axis).writeto(huge)
    content = huge.read_bytes()
    old = b"NAXIS1  =                  500"
    assert old in content
    huge.write_bytes(content.replace(old, b"NAXIS1  =       99999999999999"))
    assert "cut short" in refused(huge)


def test_a_picture_of_the_sky_is_no_spectrum(tmp_path: Path) -> None:
    path = tmp_path / "sky.fits"
    header = fits.Header({"CTYPE1": "RA---TAN", "CRVAL1": 10.0, "CDELT1": -1e-4, "CTYPE2": "DEC--TAN"})
    fits.PrimaryHDU(np.ones((30, 30)), header).writeto(path)
    assert "no spectrum is recognised in this fits file" in refused(path)


def test_tiny_fluxes_fit_into_32_bits(tmp_path: Path) -> None:
    report: list[SpectrumStatus] = []
    cgs = light(WAVE) * 1e-19
    path = csv(tmp_path / "cgs.csv", "wave_vac,flux,err", WAVE, cgs, cgs / 50)
    one = read_spectra(path, report=report)
    np.testing.assert_allclose(one.flux * np.sqrt(one.ivar), 50, rtol=1e-5)
    np.testing.assert_allclose(one.flux / one.flux[0], light(WAVE) / light(WAVE)[0], rtol=1e-5)
    assert any("in units of 1e-18" in note for note in report[0].notes)


def test_all_failed_is_an_error_with_a_count(tmp_path: Path) -> None:
    for k in range(3):
        (tmp_path / f"{k}.fits").write_bytes(b"")
    with warnings.catch_warnings(), pytest.raises(ReadError, match=r"0\.fits.*\(and 2 more files failed\)"):
        read_spectra(tmp_path)


def test_nothing_read_is_a_batch_of_none() -> None:
    assert isinstance(read_spectra(Spectra.from_arrays(WAVE, light(WAVE), object_id="a")[:0]), Spectra)


def test_layouts_of_other_packages_come_in_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("theirs")

    def recognises(source: Source) -> bool:
        return source.lines[0] == "THEIRS"

    def read_theirs(source: Source, options: SpectrumOptions) -> Iterator[Record]:
        yield record(WAVE, light(WAVE), about={"object_id": "t", "spectrum_id": "t", "survey": "theirs"})

    module.__dict__.update(CONTAINERS=("text",), TITLE="theirs", recognises=recognises, read=read_theirs)
    monkeypatch.setitem(sys.modules, "theirs", module)
    point = SimpleNamespace(name="theirs", value="theirs", load=lambda: module)
    monkeypatch.setattr(table.metadata, "entry_points", lambda group: [point] if group == table.GROUP else [])
    table.rows.cache_clear()
    try:
        (tmp_path / "x").write_text("THEIRS\n1 2 3\n")
        assert read_spectra(tmp_path / "x").survey.tolist() == ["theirs"]
        point.name = "sdss"
        table.rows.cache_clear()
        with pytest.raises(OptionError, match="which exist already"):
            table.rows()
    finally:
        monkeypatch.undo()
        table.rows.cache_clear()
