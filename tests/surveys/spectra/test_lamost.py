"""LAMOST's layouts: made files against what was written, real files against astropy and against the packed arrays."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.errors import ReadError
from goodricke.spectra import LAMOST_LATTICE, Spectra
from goodricke.surveys.spectra import SpectrumStatus, read_spectra
from samples.spectra import DEC, LINES, RA, VELOCITY, ivar_of, lamost_wave, light, line_centre
from samples.spectra.lamost import cards, rows, write

MADE = {
    "pilot": "pilot", "dr2_float64": "float64", "dr8": "image", "coadd": "coadd", "coadd_lower": "coadd",
    "coadd_pixels": "coadd",
}  # fmt: skip


def real_files(shared_data: Path) -> list[Path]:
    """All real LAMOST files; the test skips where they are not."""
    paths = sorted((shared_data / "spectra" / "lamost_raw").glob("*/*.fits*"))
    if not paths:
        pytest.skip("the real spectra are not here")
    return paths


@pytest.mark.parametrize("name", MADE)
def test_every_layout_gives_the_same_spectrum(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    path = next(path for path in tmp_path.iterdir() if f"-{name}_sp" in path.name and path.suffix == ".fits")
    one = read_spectra(path)
    assert one.meta["layout"].tolist() == [MADE[name]]
    # Ladders by the header's coefficients are exact; rows of the file are in 32 bits.
    np.testing.assert_allclose(one.wave, lamost_wave(), rtol=1e-14)
    np.testing.assert_allclose(one.flux, light(lamost_wave()), rtol=1e-6)
    np.testing.assert_array_equal(one.ivar, ivar_of(lamost_wave()).astype(np.float32))
    assert np.flatnonzero(one.bad).tolist() == [100]
    assert one.meta["ormask_share"][0] == pytest.approx(2 / 3900)
    assert one.on(LAMOST_LATTICE) is not None


def test_facts(tmp_path: Path) -> None:
    write(tmp_path)
    one = read_spectra(tmp_path / "spec-56769-dr8_sp07-113_MADE.fits.gz")
    assert one.object_id.tolist() == ["LAMOST J100100.00-203000.0"]
    assert (one.spectrum_id[0], one.survey[0], one.kind[0], one.subclass[0]) == ("231307113", "lamost", "STAR", "G2")
    assert (one.ra[0], one.dec[0], one.snr[0]) == (RA, DEC, 50.0)
    # The velocity is c Z; HELIO_RV is the Earth's, and was taken out already.
    assert one.velocity[0] == pytest.approx(VELOCITY)
    assert one.meta["velocity_from"][0] == "c Z"
    assert one.meta["helio_rv"][0] == -12.5
    assert one.mjd[0] == pytest.approx(56768.828373, abs=1e-6)
    for name, value in (("planid", "HD100101N203000B01"), ("spid", 7), ("fiberid", 113), ("obsid", "231307113"),
                        ("designation", "LAMOST J100100.00-203000.0"), ("snrz", 60.0), ("lmjd", 56769)):  # fmt: skip
        assert one.meta[name][0] == value
    old = read_spectra(tmp_path / "spec-56769-pilot_sp07-113_MADE.fits")
    assert (old.snr[0], old.meta["obsid"][0]) == (50.0, "")
    assert old.spectrum_id[0] == "56769-pilot_sp07-113_MADE"


def test_rows_of_a_table_are_spectra_of_one_star(tmp_path: Path) -> None:
    write(tmp_path)
    two = read_spectra(tmp_path / "spec-56769-coadd_two_rows_sp07-113_MADE_SYNTHETIC.fits")
    assert two.spectrum_id.tolist() == ["231307113-1", "231307113-2"]
    assert len(set(two.object_id)) == 1


def image(tmp_path: Path, **more: object) -> Path:
    """A DR8 file with other cards."""
    path = tmp_path / "spec-1-x_sp01-001.fits"
    header = cards(EXTEN0="Flux, Inverse, Wavelength, Andmask, Ormask", **more)
    fits.PrimaryHDU(rows(lamost_wave()).astype(np.float32), header).writeto(path, overwrite=True)
    return path


def test_cards_and_arrays_where_other_tools_put_them(tmp_path: Path) -> None:
    """Cards in the extension, an image in an extension, columns of variable length, and no cards at all."""
    five, path = rows(lamost_wave()).astype(np.float32), tmp_path / "x.fits"
    named = cards(EXTEN0="Flux, Inverse, Wavelength, Andmask, Ormask")
    names = ("FLUX", "IVAR", "WAVELENGTH", "ANDMASK", "ORMASK")
    wide = [fits.Column(name, "3900E", array=row[None]) for name, row in zip(names, five, strict=True)]
    ragged = [fits.Column(name, "PE()", array=[row]) for name, row in zip(names, five, strict=True)]
    coadd = fits.BinTableHDU.from_columns(wide, name="COADD")
    with_cards = coadd.copy()
    with_cards.header.update({name: value for name, value in cards().items() if name != "EXTEND"})
    for layout, known, hdus in (
        ("coadd", True, [fits.PrimaryHDU(), with_cards]),
        ("image", True, [fits.PrimaryHDU(), fits.ImageHDU(five, named)]),
        ("coadd", True, [fits.PrimaryHDU(header=cards()), fits.BinTableHDU.from_columns(ragged, name="COADD")]),
        ("coadd", False, [fits.PrimaryHDU(), coadd]),
        ("image", False, [fits.PrimaryHDU(five)]),
    ):
        fits.HDUList(hdus).writeto(path, overwrite=True)
        one = read_spectra(path)
        assert (one.survey[0], one.meta["layout"][0]) == ("lamost", layout)
        np.testing.assert_allclose(one.wave, lamost_wave(), rtol=1e-7)
        np.testing.assert_allclose(one.flux, light(lamost_wave()), rtol=1e-6)
        assert np.flatnonzero(one.bad).tolist() == [100]
        assert (one.kind[0] == "STAR") == known
        assert (one.on(LAMOST_LATTICE) is not None) or not known


def test_a_header_that_lost_the_surveys_name(tmp_path: Path) -> None:
    path = image(tmp_path)
    with fits.open(path, "update") as file:
        for name in ("TELESCOP", "AUTHOR", "ORIGIN", "DATA_V", "DESIG"):
            file[0].header.pop(name)
    one = read_spectra(path)
    assert (one.survey[0], one.meta["layout"][0]) == ("lamost", "image")
    assert one.object_id[0] == "LAMOST J100100.00-203000.0"  # made of the position


def test_signs_for_unknown(tmp_path: Path) -> None:
    odd = dict.fromkeys(("SNRG", "SNRR", "Z", "RA", "OBSID"), -9999.0)
    one = read_spectra(image(tmp_path, **odd, CLASS="Unknown", SUBCLASS="Non"))
    assert np.isnan([one.velocity[0], one.ra[0], one.meta["snrr"][0]]).all()
    assert one.snr[0] == 80.0  # of i, the first band that is known
    assert (one.kind[0], one.subclass[0], one.spectrum_id[0]) == ("UNKNOWN", "", "1-x_sp01-001")


def test_coefficients_that_disagree_with_the_row_are_not_taken(tmp_path: Path) -> None:
    report: list[SpectrumStatus] = []
    one = read_spectra(image(tmp_path, COEFF0=3.57), report=report)
    np.testing.assert_allclose(one.wave, lamost_wave(), rtol=1e-7)
    assert "disagree" in report[0].notes[0]
    # 3.5682 written with seven digits is the same number.
    assert read_spectra(image(tmp_path, COEFF0=3.5681999), report=report).on(LAMOST_LATTICE) is not None
    assert not report[1].notes


def test_air_and_the_earths_motion_are_put_right_when_the_header_says_so(tmp_path: Path) -> None:
    report: list[SpectrumStatus] = []
    shifted = read_spectra(image(tmp_path, HELIO=False, HELIO_RV=30.0), report=report)
    np.testing.assert_allclose(shifted.wave / lamost_wave() - 1, 30 / 299792.458, rtol=1e-6)
    assert "Earth" in report[0].notes[0]
    aired = read_spectra(image(tmp_path, VACUUM=False), report=report)
    assert (aired.wave - lamost_wave()).min() > 1.0
    assert aired.meta["wavelengths"][0] == "air"


def test_a_table_without_errors_and_medium_resolution_say_so(tmp_path: Path) -> None:
    wave = fits.Column("WAVELENGTH", "3900E", array=lamost_wave()[None])
    flux = fits.Column("FLUX", "3900E", array=np.ones((1, 3900)))
    path = tmp_path / "x.fits"
    coadd = fits.BinTableHDU.from_columns([wave, flux], name="COADD")
    fits.HDUList([fits.PrimaryHDU(header=cards()), coadd]).writeto(path)
    with pytest.raises(ReadError, match=r"x\.fits: the table COADD has no column IVAR"):
        read_spectra(path)
    arms = [fits.BinTableHDU.from_columns([wave, flux], name=name) for name in ("COADD_B", "COADD_R")]
    fits.HDUList([fits.PrimaryHDU(header=cards()), *arms]).writeto(path, overwrite=True)
    with pytest.raises(ReadError, match="medium-resolution"):
        read_spectra(path)


def test_real_files_as_astropy_reads_them(shared_data: Path) -> None:
    layouts = set()
    for path in real_files(shared_data):
        one = read_spectra(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fits.open(path) as file:
                card = file[0].header
                if "COADD" in file:
                    flux, ivar, wave, andmask = (
                        file["COADD"].data[name][0] for name in ("FLUX", "IVAR", "WAVELENGTH", "ANDMASK")
                    )
                else:
                    flux, ivar, wave, andmask, _ = file[0].data.astype(np.float64)
        if "Subcontinuum" in card.get("EXTEN0", ""):
            wave = 10 ** (card["COEFF0"] + card["COEFF1"] * np.arange(len(flux)))
        np.testing.assert_array_equal(one.flux, flux.astype(np.float32))
        np.testing.assert_array_equal(one.ivar, np.maximum(ivar, 0).astype(np.float32))
        np.testing.assert_allclose(one.wave, wave, rtol=1e-6)
        np.testing.assert_array_equal(one.bad, andmask > 0)
        assert one.velocity[0] == pytest.approx(299792.458 * card["Z"])
        assert one.meta["designation"][0] == card["DESIG"]
        assert one.on(LAMOST_LATTICE) is not None, path
        layouts.add(one.meta["layout"][0])
    assert layouts == {"pilot", "float64", "image", "coadd"}


def test_real_files_as_the_packed_arrays_have_them(shared_data: Path) -> None:
    """288 real spectra were packed into one lattice by other code; those whose raw file is here must be the same."""
    folder = shared_data / "spectra"
    packed = np.load(folder / "lamost_lrs_real.npz")
    with (folder / "lamost_lrs_real_meta.csv").open() as file:
        row_of = {Path(row["source_path"]).name: (k, row) for k, row in enumerate(csv.DictReader(file))}
    compared = 0
    for path in real_files(shared_data):
        if path.name not in row_of:
            continue
        k, row = row_of[path.name]
        one: Spectra = read_spectra(path)
        stacked = one.on(LAMOST_LATTICE)
        assert stacked is not None
        flux, ivar = stacked
        andmask = np.unpackbits(packed["andmask"], axis=1)[k, : LAMOST_LATTICE.n].astype(bool)
        there = np.zeros(LAMOST_LATTICE.n, dtype=bool)
        start = round((np.log10(one.wave[0]) - LAMOST_LATTICE.first) / LAMOST_LATTICE.step)
        there[start : start + one.n_pixels] = True
        np.testing.assert_array_equal(flux[0][there], packed["flux"][k][there])
        expected = np.where(andmask, 0, np.maximum(packed["ivar"][k], 0))
        np.testing.assert_array_equal(ivar[0], np.where(there, expected, 0))
        np.testing.assert_array_equal(one.bad, andmask[there])
        assert one.meta["designation"][0] == row["desig"]
        assert one.ra[0] == pytest.approx(float(row["ra"]))
        compared += 1
    assert compared >= 10


def test_h_alpha_of_real_stars_lies_at_rest_after_c_z_is_taken_out(shared_data: Path) -> None:
    """Blends move H alpha by tens of km/s in a single star, but the median tells air (82 km/s off) from vacuum."""
    offsets = []
    for path in real_files(shared_data):
        one = read_spectra(path)
        if one.kind[0] == "STAR" and one.subclass[0][:1] in ("A", "F", "G") and one.snr[0] > 20:
            good = ~one.bad & (one.ivar > 0)
            rest = one.wave[good] / (1 + one.velocity[0] / 299792.458)
            offsets.append((line_centre(rest, one.flux[good].astype(float)) / LINES[-1] - 1) * 299792.458)
    assert len(offsets) >= 10
    assert abs(np.median(offsets)) < 25
