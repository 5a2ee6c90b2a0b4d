"""DESI: arms merged by inverse variance, redshifts found in the file and beside it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.errors import ReadError
from goodricke.surveys.source import Source
from goodricke.surveys.spectra import SpectrumStatus, read_spectra, scan_spectra
from goodricke.surveys.spectra.table import is_spectrum
from samples.spectra import DEC, RA, VELOCITY, light
from samples.spectra.desi import ARMS, TARGETS, arms, fibre_map, wave_of, write


@pytest.fixture
def made(tmp_path: Path) -> list[Path]:
    return write(tmp_path)


def test_arms_are_one_ladder_and_overlaps_are_averaged(made: list[Path]) -> None:
    for path in made:
        one = read_spectra(path)[0]
        np.testing.assert_allclose(one.wave, np.unique(np.concatenate([wave_of(arm) for arm in ARMS])))
        blue, red = wave_of("B"), wave_of("R")
        # B has weight 1 and the truth, R has weight 2 and 2 % too much: two thirds of them remain, and weights add.
        shared = np.isin(one.wave, np.intersect1d(blue, red))
        shared &= one.ivar == 0.75
        assert 25 < np.count_nonzero(shared) <= 51
        np.testing.assert_allclose(one.flux[shared], light(one.wave[shared]) * (1 + 0.04 / 3), rtol=1e-6)
        alone = one.wave < red[0]
        np.testing.assert_allclose(one.flux[alone], light(one.wave[alone]), rtol=1e-6)
        # Pixel 50 of each arm is masked: R's lies where B (to 5800) ends, so B's value stands there or nothing does.
        masked = np.array([blue[50], wave_of("Z")[50], red[50]])
        bad = one.wave[one.bad]
        assert set(bad.round(1)) <= set(masked.round(1))
        assert blue[50] in bad


def test_facts_of_the_fibre_map_and_of_redrock(made: list[Path]) -> None:
    for path in made:
        spectra = read_spectra(path)
        assert spectra.meta["targetid"].tolist() == [str(target) for target in TARGETS]
        assert spectra.object_id[0] == f"DESI {TARGETS[0]}"
        np.testing.assert_allclose(spectra.ra, RA + np.arange(3) / 100)
        np.testing.assert_allclose(spectra.dec, DEC)
        np.testing.assert_allclose(spectra.velocity[0], VELOCITY)
        assert spectra.kind.tolist() == ["STAR", "GALAXY", "STAR"]
        assert spectra.subclass.tolist() == ["G", "", "M"]
        assert spectra.meta["zwarning"].tolist() == [0, 0, 4]
        assert spectra.bad[spectra.offsets[2] :].all()  # the broken fibre is a row with nothing in it
    coadd, exposures = (read_spectra(path) for path in made)
    assert coadd.snr.tolist() == [11.0, 11.0, 11.0]
    assert exposures.mjd.tolist() == [59000.25, 59001.25, 59002.25]
    assert exposures.spectrum_id[0] == f"{TARGETS[0]}-7"


def test_without_redrock_velocities_are_unknown(made: list[Path]) -> None:
    made[0].with_name(made[0].name.replace("coadd-", "redrock-")).unlink()
    spectra = read_spectra(made[0])
    assert np.isnan(spectra.velocity).all()
    assert spectra.kind.tolist() == ["", "", "SKY"]
    assert spectra.meta["objtype"].tolist() == ["TGT", "TGT", "SKY"]


def test_a_long_file_comes_in_pieces(tmp_path: Path) -> None:
    """A thousand spectra, of which a batch is held at a time."""
    n, pixels = 1000, 400
    wave = 4000 + 0.8 * np.arange(pixels)
    flux = np.tile(light(wave), (n, 1)).astype(np.float32)
    table = fits.BinTableHDU.from_columns([fits.Column("TARGETID", "K", array=np.arange(n))], name="FIBERMAP")
    images = [fits.ImageHDU(wave, name="B_WAVELENGTH"), fits.ImageHDU(flux, name="B_FLUX")]
    images.append(fits.ImageHDU(np.ones_like(flux), name="B_IVAR"))
    path = tmp_path / "spectra-long.fits"
    fits.HDUList([fits.PrimaryHDU(), table, *images]).writeto(path)
    report: list[SpectrumStatus] = []
    assert [len(batch) for batch in scan_spectra(path, report=report, batch=300)] == [300, 300, 300, 100]
    assert (report[0].n_spectra, report[0].survey) == (n, "desi")
    tracemalloc.start()
    for _ in scan_spectra(path, batch=10):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # the file (3.2 MB), its images, and 256 merged spectra; not 1000 of them at once


@pytest.mark.parametrize(
    ("broken", "message"),
    [("rows", "the fibre map has 2 rows, the arms have 3"), ("shape", "B_IVAR has the shape"), ("cut", "cut short")],
)
def test_files_that_do_not_fit_together(broken: str, message: str, tmp_path: Path) -> None:
    images, fibres = arms(packed=False), fibre_map()
    if broken == "rows":
        fibres = fits.BinTableHDU(fibres.data[:2], name="FIBERMAP")
    elif broken == "shape":
        images[2] = fits.ImageHDU(np.ones((3, 7)), name="B_IVAR")
    path = tmp_path / "coadd-x.fits"
    fits.HDUList([fits.PrimaryHDU(), fibres, *images]).writeto(path)
    if broken == "cut":
        path.write_bytes(path.read_bytes()[:-30000])
    with pytest.raises(ReadError, match=message):
        read_spectra(path)
    assert is_spectrum(Source(str(path), path=path))
