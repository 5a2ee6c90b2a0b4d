"""Every row of the table of spectra keeps the same promises, on files made by us and on real ones."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ReadError, UnknownFormat
from goodricke.spectra import Spectra
from goodricke.surveys import table as light_curves
from goodricke.surveys.source import Source
from goodricke.surveys.spectra import SPECTRA, SpectrumRow, SpectrumStatus, is_spectrum, packed
from goodricke.surveys.spectra.reading import records_of
from goodricke.surveys.spectra.table import recognise
from samples.damage import damaged
from samples.spectra import LINES, VELOCITY, line_centre

REAL = {"lamost_raw": "lamost", "sdss_raw": "sdss"}


def made_files(row: SpectrumRow, folder: Path) -> list[Path]:
    """The sample files of a row, from tests/samples/spectra."""
    paths: list[Path] = importlib.import_module(f"samples.spectra.{row.name}").write(folder)
    assert paths, f"tests/samples/spectra/{row.name}.py writes nothing"
    return paths


def keeps_the_promises(spectra: Spectra) -> None:
    """Finite, rising, known where it is not bad; names for all."""
    assert np.isfinite(spectra.flux).all()
    assert np.isfinite(spectra.ivar).all()
    assert (spectra.ivar >= 0).all()
    assert spectra.lengths.min() >= 10
    assert (spectra.wave > 0).all()
    assert all(spectra.object_id)
    assert all(spectra.spectrum_id)
    assert {"path", "layout", "name_from", "wavelengths", "velocity_from", "z"} <= set(spectra.meta)
    assert (np.isfinite(spectra.velocity) == (spectra.meta["velocity_from"] != "")).all()


@pytest.mark.parametrize("row", SPECTRA, ids=lambda row: row.name)
def test_made_samples_are_read_by_their_own_row_and_no_other(row: SpectrumRow, tmp_path: Path) -> None:
    for path in made_files(row, tmp_path):
        source = Source(str(path), path=path)
        takers = [
            other.name
            for other in SPECTRA
            if source.container in other.containers and other.name != "generic" and other.load().recognises(source)
        ]
        assert takers == ([] if row.name == "generic" else [row.name]), path.name
        assert recognise(source).name == row.name
        assert is_spectrum(source)
        with pytest.raises(UnknownFormat, match="this is a spectrum"):
            light_curves.recognise(source)
        status = SpectrumStatus(path.name)
        spectra = packed(list(records_of(source, status=status)))
        keeps_the_promises(spectra)
        assert (status.survey, status.n_spectra, status.n_pixels) == (row.name, len(spectra), spectra.n_pixels)
        assert {row.name} == set(spectra.survey)


@pytest.mark.parametrize("row", SPECTRA, ids=lambda row: row.name)
def test_lines_lie_where_the_star_has_them(row: SpectrumRow, tmp_path: Path) -> None:
    """On the wrong scale, air for vacuum or the reverse, every line would be off by 80 km/s."""
    for path in made_files(row, tmp_path):
        for spectra in packed(list(records_of(Source(str(path), path=path)))):
            good = ~spectra.bad
            if not good.any():
                continue
            for line in (LINES[0], LINES[-1]):
                centre = line_centre(spectra.wave[good], spectra.flux[good].astype(float), line)
                # Coarse pixels and the slope of the continuum move the centre by a tenth of a km/s or so.
                assert (centre / line - 1) * 299792.458 == pytest.approx(VELOCITY, abs=1.0), path.name


@pytest.mark.parametrize("row", SPECTRA, ids=lambda row: row.name)
def test_every_sample_cut_or_damaged_gives_spectra_or_a_read_error(row: SpectrumRow, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    for path in made_files(row, tmp_path):
        content = path.read_bytes()
        broken = [content[: int(end)] for end in [0, 1, 10, *rng.integers(0, len(content), 4)]]
        for wounded in [*broken, *(damaged(content, rng) for _ in range(8))]:
            source = Source(f"broken-{path.name}", data=wounded)
            assert is_spectrum(source) in (True, False)
            try:
                keeps_the_promises(packed(list(records_of(source))))
            except ReadError as error:
                assert f"broken-{path.name}" in str(error)
                assert error.seen


@pytest.mark.parametrize("row", SPECTRA, ids=lambda row: row.name)
def test_row_says_what_it_is(row: SpectrumRow) -> None:
    assert row.title
    assert row.load().__doc__


@pytest.mark.parametrize("survey", [row.name for row in light_curves.SURVEYS])
def test_light_curves_are_no_spectra(survey: str, tmp_path: Path) -> None:
    for path in importlib.import_module(f"samples.{survey}").write(tmp_path):
        source = Source(str(path), path=path)
        assert not is_spectrum(source), path.name
        with pytest.raises(ReadError, match=r"this is a light curve \(.*goodricke.read reads it"):
            list(records_of(source))


def test_real_light_curves_are_no_spectra(shared_data: Path) -> None:
    for path in sorted((shared_data / "raw").rglob("*")):
        if path.is_file():
            assert not is_spectrum(Source(str(path), path=path)), path


@pytest.mark.parametrize("place", REAL)
def test_real_samples_are_recognised_and_read(place: str, shared_data: Path) -> None:
    folder = shared_data / "spectra" / place
    if not folder.is_dir():
        pytest.skip("the real spectra are not here")
    paths = [path for path in sorted(folder.rglob("*.fit*")) if path.is_file()]
    assert paths
    for path in paths:
        source = Source(str(path), path=path)
        assert recognise(source).name == REAL[place]
        with pytest.raises(UnknownFormat, match="this is a spectrum"):
            light_curves.recognise(source)
        keeps_the_promises(packed(list(records_of(source))))


@pytest.mark.parametrize("name", ["catalogues", "isochrones"])
def test_catalogues_are_no_spectra(name: str, shared_data: Path) -> None:
    folder = shared_data / "spectra" / name
    if not folder.is_dir():
        pytest.skip("the real spectra are not here")
    for path in sorted(folder.iterdir()):
        assert not is_spectrum(Source(str(path), path=path)), path
