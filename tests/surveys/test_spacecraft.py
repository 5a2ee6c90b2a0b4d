"""Every FITS format of TESS, Kepler and K2: what we read is what astropy reads, and damaged files say so."""

from __future__ import annotations

import importlib
import random
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from goodricke.errors import ReadError
from goodricke.lightcurves import LightCurves
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import FileStatus, light_curves_of
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import BKJD, BTJD, frame_of, name_of
from goodricke.surveys.table import find
from samples import DEC, RA

# Sums of the bits that lightkurve 2 drops by default; QLP's and eleanor's own bits on top.
TESS, KEPLER = 17087, 1130799


@dataclass(frozen=True)
class Format:
    """A row of the table: where real files lie, and the columns of its points."""

    folder: str
    flux: tuple[str, ...]
    err: tuple[str, ...]
    quality: str
    mask: int
    time: str = "TIME"
    magnitudes: bool = False


FORMATS = {
    "tess_spoc": Format("tess_spoc_2min", ("PDCSAP_FLUX",), ("PDCSAP_FLUX_ERR",), "QUALITY", TESS),
    "tess_spoc_ffi": Format("tess_spoc_ffi_hlsp", ("PDCSAP_FLUX",), ("PDCSAP_FLUX_ERR",), "QUALITY", TESS),
    "tess_qlp": Format(
        "tess_qlp", ("SYS_RM_FLUX", "SAP_FLUX"), ("KSPSAP_FLUX_ERR", "DET_FLUX_ERR"), "QUALITY",
        TESS | 1 << 12 | 1 << 29 | 1 << 30,
    ),
    "tess_eleanor": Format(
        "tess_eleanor", ("CORR_FLUX",), ("FLUX_ERR",), "QUALITY", TESS | 1 << 12 | 1 << 17 | 1 << 18
    ),
    "tess_cdips": Format("tess_cdips", ("IRM1",), ("IRE1",), "IRQ1", 0, "TMID_BJD", magnitudes=True),
    "kepler": Format("kepler_llc", ("PDCSAP_FLUX", "FLUX"), ("PDCSAP_FLUX_ERR", "FLUX_ERR"), "SAP_QUALITY", KEPLER),
    "k2": Format("k2", ("PDCSAP_FLUX", "FLUX"), ("PDCSAP_FLUX_ERR", "FLUX_ERR"), "SAP_QUALITY", KEPLER),
}  # fmt: skip
EVERY_FORMAT = pytest.mark.parametrize("row", FORMATS)


def made(row: str, folder: Path) -> list[Path]:
    return list(importlib.import_module(f"samples.{row}").write(folder))


def read(path: Path, row: str, status: FileStatus | None = None, **options: object) -> LightCurves:
    (lcs,) = light_curves_of(Source(str(path), path=path), ReadOptions(survey=row, **options), status)  # type: ignore[arg-type]
    return lcs


def by_astropy(path: Path, form: Format) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time, relative flux and its error of the good points, with nothing of ours but the definition of good."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # units that are no units, and the tables behind the first
        table = Table.read(path, format="fits", hdu=1)

    def column(names: tuple[str, ...]) -> np.ndarray:
        columns = [np.ma.filled(table[name].astype(float), np.nan) for name in names if name in table.colnames]
        return np.asarray(next(values for values in columns if np.isfinite(values).any()))

    time, value, err = column((form.time,)), column(form.flux), column(form.err)
    if form.magnitudes:
        bad = ~np.isin(table[form.quality].astype(str), ["G", "0"])
        value = 10 ** (-0.4 * (value - 10.0))
        err = err * value * np.log(10.0) / 2.5
    else:
        bad = (np.asarray(table[form.quality]) & form.mask) != 0
    good = ~bad & np.isfinite(time) & np.isfinite(value) & (err > 0)
    order = np.argsort(time[good], kind="stable")
    median = np.median(value[good])
    return time[good][order], value[good][order] / median, err[good][order] / median


def agree(path: Path, row: str) -> LightCurves:
    lcs = read(path, row)
    time, flux, err = by_astropy(path, FORMATS[row])
    np.testing.assert_array_equal(lcs.time, time)
    # One rounding to float32 (6e-8), and one of the float64 arithmetic around it.
    np.testing.assert_allclose(lcs.flux, flux, rtol=1e-7)
    np.testing.assert_allclose(lcs.flux_err, err, rtol=1e-7)
    assert lcs.flux.dtype == lcs.flux_err.dtype == np.float32
    return lcs


@EVERY_FORMAT
def test_made_files_give_what_astropy_reads(row: str, tmp_path: Path) -> None:
    for path in made(row, tmp_path):
        lcs = agree(path, row)
        # At most three of the 60 points that the samples write are without flux or flagged.
        assert 57 <= lcs.n_points < 60 or path.stem.endswith("lightkurve")
        np.testing.assert_allclose([lcs.ra[0], lcs.dec[0]], [RA, DEC])


@EVERY_FORMAT
def test_real_files_give_what_astropy_reads(row: str, shared_data: Path) -> None:
    paths = sorted((shared_data / "raw" / FORMATS[row].folder).iterdir())
    assert paths
    for path in paths:
        assert agree(path, row).n_points >= 7


@EVERY_FORMAT
def test_recognised_by_its_own_row_only(row: str, tmp_path: Path, shared_data: Path) -> None:
    for path in [*made(row, tmp_path), *(shared_data / "raw" / FORMATS[row].folder).iterdir()]:
        source = Source(str(path), path=path)
        assert [name for name in FORMATS if find(name).load().recognises(source)] == [row]


@EVERY_FORMAT
def test_cut_short_at_any_block(row: str, tmp_path: Path) -> None:
    path = made(row, tmp_path)[0]
    whole, content = read(path, row), path.read_bytes()
    with fits.open(path) as hdus:
        table_end = hdus[1]._data_offset + hdus[1].header["NAXIS1"] * hdus[1].header["NAXIS2"]
        image_start = hdus[2]._header_offset if len(hdus) > 2 else len(content)
    for size in range(0, len(content), 2880):
        status = FileStatus("cut.fits")
        source = Source("cut.fits", data=content[:size])
        if size < table_end:
            with pytest.raises(ReadError, match=r"^cut\.fits: .*(cut short|empty|only a header)"):
                list(light_curves_of(source, ReadOptions(survey=row), status))
        else:
            (lcs,) = light_curves_of(source, ReadOptions(survey=row), status)
            np.testing.assert_array_equal(lcs.flux, whole.flux)
            # Without the image behind the table the file still ends where a file may.
            ends = size >= len(content) - 2880 or any("behind the light curve" in note for note in status.notes)
            assert ends or size == image_start


@EVERY_FORMAT
def test_random_damage_gives_points_or_a_read_error(row: str, tmp_path: Path) -> None:
    content = made(row, tmp_path)[0].read_bytes()
    rng, outcomes = random.Random(row), {"read": 0, "refused": 0}
    for _ in range(120):
        damaged = bytearray(content)
        for _ in range(rng.choice([1, 8, 60])):
            damaged[rng.randrange(len(content))] = rng.randrange(256)
        source = Source("damaged.fits", data=bytes(damaged))
        try:
            for name in FORMATS:
                find(name).load().recognises(source)
            (lcs,) = light_curves_of(source, ReadOptions(survey=row))
        except ReadError as error:
            outcomes["refused"] += str(error).startswith("damaged.fits: ")
        else:
            assert np.isfinite(lcs.time).all()
            assert np.isfinite(lcs.flux).all()
            assert (lcs.flux_err > 0).all()
            outcomes["read"] += 1
    assert min(outcomes.values()) > 0, outcomes


@EVERY_FORMAT
def test_right_length_and_wrong_content(row: str, tmp_path: Path) -> None:
    content = bytearray(made(row, tmp_path)[0].read_bytes())
    with fits.open(made(row, tmp_path)[0]) as hdus:
        start, size = hdus[1]._data_offset, hdus[1].header["NAXIS1"] * hdus[1].header["NAXIS2"]
    noise = random.Random(5).randbytes(size)
    for rubbish in (noise, bytes(size), b"\xff" * size):
        content[start : start + size] = rubbish
        with pytest.raises(ReadError, match=r"bad\.fits: .*(no dates of|no point is left)"):
            list(light_curves_of(Source("bad.fits", data=bytes(content)), ReadOptions(survey=row)))


def test_a_tail_of_zeros_is_told(tmp_path: Path) -> None:
    path = made("tess_spoc", tmp_path)[0]
    with fits.open(path) as hdus:
        start, width = hdus[1]._data_offset, hdus[1].header["NAXIS1"]
    content = bytearray(path.read_bytes())
    content[start + 50 * width : start + 60 * width] = bytes(10 * width)
    with pytest.raises(ReadError, match=r"10 of 60 times are no dates of TESS \(column TIME has 0, in BTJD\)"):
        list(light_curves_of(Source("x.fits", data=bytes(content)), ReadOptions(survey="tess_spoc")))


def test_one_wrong_time_is_left_out_with_a_note(tmp_path: Path) -> None:
    path = made("tess_spoc", tmp_path)[0]
    with fits.open(path, mode="update") as hdus:
        hdus[1].data["TIME"][10] = 1e150
    status = FileStatus("x")
    lcs = read(path, "tess_spoc", status)
    assert lcs.n_points == 56
    assert any("no dates of TESS" in note for note in status.notes)
    # Whoever states what the times mean is believed.
    assert read(path, "tess_spoc", time_frame=BTJD).n_points == 57


def test_wrong_zero_point_in_the_header(tmp_path: Path) -> None:
    path = made("tess_spoc", tmp_path)[0]
    with fits.open(path, mode="update") as hdus:
        hdus[1].header["BJDREFI"] = 0
    with pytest.raises(ReadError, match=r"no dates of TESS.*--time-frame"):
        read(path, "tess_spoc")
    assert read(path, "tess_spoc", time_frame=BTJD).frames == (BTJD,)


def test_frames_follow_the_header(tmp_path: Path) -> None:
    (old, *_), (llc, *_) = made("tess_spoc", tmp_path), made("kepler", tmp_path)
    for path, default in ((old, BTJD), (llc, BKJD)):
        header = Source(str(path), path=path).fits.table.header
        assert frame_of(header, BKJD) == frame_of(header, BTJD) == default
        assert frame_of(Source(str(path), path=path).fits.primary, default) is default


def test_another_flux_brings_its_error(tmp_path: Path) -> None:
    path = made("tess_spoc", tmp_path)[0]
    lcs = read(path, "tess_spoc", columns={"flux": "sap_flux"})
    time, flux, err = by_astropy(path, Format("", ("SAP_FLUX",), ("SAP_FLUX_ERR",), "QUALITY", TESS))
    np.testing.assert_array_equal(lcs.time, time)
    np.testing.assert_allclose(lcs.flux, flux, rtol=1e-7)
    np.testing.assert_allclose(lcs.flux_err, err, rtol=1e-7)


def test_quality_words_and_masks(tmp_path: Path) -> None:
    path = made("tess_spoc", tmp_path)[0]
    with fits.open(path, mode="update") as hdus:
        hdus[1].data["QUALITY"][10:14] = [4096, 8192, 64, 32768]
    kept = {word: read(path, "tess_spoc", quality=word).n_points for word in ("none", "default", "hard", "hardest", 64)}
    # 58 points have time and flux; one of them is flagged 8 from the start.
    assert kept == {"none": 58, "default": 57, "hard": 54, "hardest": 53, 64: 57}


def test_flags_written_as_floats_or_short_integers(tmp_path: Path) -> None:
    path = made("tess_spoc", tmp_path)[0]
    with fits.open(path) as hdus:
        data, header = hdus[1].data, hdus[1].header
        for form in ("D", "I"):
            columns = [
                fits.Column("TIME", "D", array=data["TIME"]),
                fits.Column("PDCSAP_FLUX", "E", array=data["PDCSAP_FLUX"]),
                fits.Column("PDCSAP_FLUX_ERR", "E", array=data["PDCSAP_FLUX_ERR"]),
                fits.Column("QUALITY", form, array=data["QUALITY"]),
            ]
            table = fits.BinTableHDU.from_columns(columns, name="LIGHTCURVE")
            table.header["TIMEDEL"] = header["TIMEDEL"]
            fits.HDUList([hdus[0], table]).writeto(tmp_path / f"{form}.fits")
            assert read(tmp_path / f"{form}.fits", "tess_spoc", quality="hardest").n_points == 57


def test_vector_and_text_columns_are_refused(tmp_path: Path) -> None:
    path = made("tess_eleanor", tmp_path)[1]
    with pytest.raises(ReadError, match="TPF holds 169 values a row"):
        read(path, "tess_eleanor", columns={"flux": "TPF"})
    with pytest.raises(ReadError, match="quality column TPF holds no integers"):
        read(path, "tess_eleanor", columns={"quality": "TPF"})
    with pytest.raises(ReadError, match=r"no column NOPE.*TIME, BARYCORR"):
        read(path, "tess_eleanor", columns={"flux": "NOPE"})


def test_names_of_stars(tmp_path: Path) -> None:
    for cards, name in (
        ({"TICID": 12, "OBJECT": "TIC 34"}, "TIC 12"),
        ({"TICID": "12"}, "TIC 12"),
        ({"TICID": 12.0}, "TIC 12"),
        ({"TICID": None, "OBJECT": "TIC 34"}, "TIC 34"),
        ({"TICID": None, "OBJECT": "34"}, "TIC 34"),
        ({"TICID": 0, "OBJECT": "WASP-18"}, "WASP-18"),
        ({"OBJECT": ""}, "file"),
    ):
        path = tmp_path / "x.fits"
        hdu = fits.PrimaryHDU(np.zeros(1, dtype=np.uint8))
        hdu.header.update(cards)
        hdu.writeto(path, overwrite=True)
        assert name_of(Source(str(path), path=path).fits.primary, "TIC", "TICID", "file") == name


def test_magnitudes_come_near_the_catalogues(shared_data: Path) -> None:
    for row in ("tess_spoc", "tess_spoc_ffi", "tess_qlp", "tess_eleanor", "tess_cdips", "kepler"):
        for path in (shared_data / "raw" / FORMATS[row].folder).iterdir():
            lcs = read(path, row)
            catalogue = lcs.meta["kepler_mag" if row == "kepler" else "tess_mag"][0]
            # Zero points differ from one CCD to the next by about 0.1 mag; CDIPS's smallest aperture loses 0.16 mag.
            assert lcs.ref_mag[0, 0] == pytest.approx(catalogue, abs=0.2)
