"""Every row of the survey table keeps the same promises, on files made by us and on real ones."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.lightcurves import LightCurves
from goodricke.surveys import ReadOptions
from goodricke.surveys.reading import FileStatus, light_curves_of
from goodricke.surveys.source import Source
from goodricke.surveys.table import SURVEYS, SurveyRow, recognise

# Folder of real samples -> the row that must recognise everything in it. What is no light curve says so.
REAL = {
    "alerce_parquet/detections_sample.parquet": "alerce",
    "asas3_vosource_xml": "asas3_vosource",
    "asassn_skypatrol_v1_csv": "asassn_v1",
    "asassn_skypatrol_v2_csv": "asassn_v2",
    "atlas_forced_txt": "atlas_forced",
    "crts_csv": "crts",
    "eros2_time": "eros2",
    "hat_csv": "hatnet",
    "hats_parquet_SYNTHETIC/hats_small_sky_nested_Npix184.parquet": "nested",
    "k2": "k2",
    "kepler_llc": "kepler",
    "lsst_alert_avro_FAKE": "lsst_alert",
    "neowise_tbl": "neowise",
    "ogle_dat": "ogle",
    "tess_cdips": "tess_cdips",
    "tess_eleanor": "tess_eleanor",
    "tess_qlp": "tess_qlp",
    "tess_spoc_2min": "tess_spoc",
    "tess_spoc_ffi_hlsp": "tess_spoc_ffi",
    "ztf_alert_avro": "ztf_alert",
    "ztf_antares_csv": "ztf_antares",
    "ztf_dr_parquet": "ztf_parquet",
    "ztf_forced_phot_txt": "ztf_forced",
    "ztf_irsa_csv": "ztf_irsa",
}
NOT_LIGHT_CURVES = (
    "catalogs/Villanova_kepler_EB.csv",
    "catalogs/tess_eb_prsa2022_meta.csv",
    "catalogs/calnet_training_samples.dat",
    "alerce_parquet/object_info_sample.parquet",
    "MANIFEST.csv",
)


def made_files(row: SurveyRow, folder: Path) -> list[Path]:
    """The sample files of a row, from tests/samples."""
    paths: list[Path] = importlib.import_module(f"samples.{row.name}").write(folder)
    assert paths, f"tests/samples/{row.name}.py writes nothing"
    return paths


def keeps_the_promises(lcs: LightCurves) -> None:
    """Sorted, finite, positive errors, median 1 per star and band."""
    assert len(lcs) == len(lcs.offsets) - 1
    assert np.isfinite(lcs.time).all()
    assert np.isfinite(lcs.flux).all()
    assert (lcs.flux_err > 0).all()
    assert np.isfinite(lcs.flux_err).all()
    assert (lcs.flux.dtype, lcs.flux_err.dtype, lcs.time.dtype) == (np.float32, np.float32, np.float64)
    for star in lcs:
        assert star.object_id
        assert (np.diff(star.time) >= 0).all()
        for name in star.bands:
            flux = star.flux[star.band == name]
            if not star.batch.difference[0]:
                # Half a unit in the last place of float32, and the mean of two such numbers for an even count.
                assert np.median(flux) == pytest.approx(1.0, abs=2e-7)


@pytest.mark.parametrize("row", SURVEYS, ids=lambda row: row.name)
def test_made_samples_are_read_by_their_own_row_and_no_other(row: SurveyRow, tmp_path: Path) -> None:
    for path in made_files(row, tmp_path):
        source = Source(str(path), path=path)
        takers = [
            other.name
            for other in SURVEYS
            if source.container in other.containers and other.name != "generic" and other.load().recognises(source)
        ]
        assert takers == ([] if row.name == "generic" else [row.name]), path.name
        assert recognise(source).name == row.name
        status = FileStatus(path.name)
        batches = list(light_curves_of(source, ReadOptions(), status))
        assert status.survey == row.name
        for lcs in batches:
            keeps_the_promises(lcs)
            back = LightCurves.from_arrow(lcs.to_arrow())
            np.testing.assert_array_equal(back.flux, lcs.flux)
            np.testing.assert_array_equal(back.time, lcs.time)
            np.testing.assert_array_equal(back.dropped, lcs.dropped)
            assert [star.bands for star in back] == [star.bands for star in lcs] or set(back.bands) == set(lcs.bands)


@pytest.mark.parametrize("row", SURVEYS, ids=lambda row: row.name)
def test_every_sample_cut_anywhere_gives_light_curves_or_a_read_error(row: SurveyRow, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for path in made_files(row, tmp_path):
        content = path.read_bytes()
        for end in [0, 1, 10, *rng.integers(0, len(content), 12)]:
            source = Source(f"cut-{path.name}", data=content[: int(end)])
            try:
                for lcs in light_curves_of(source, ReadOptions()):
                    assert isinstance(lcs, LightCurves)
            except ReadError as error:
                assert f"cut-{path.name}" in str(error)
                assert error.seen


@pytest.mark.parametrize("row", SURVEYS, ids=lambda row: row.name)
def test_row_says_what_it_is(row: SurveyRow) -> None:
    module = row.load()
    assert row.title
    assert module.__doc__
    assert isinstance(module.STITCH, bool)
    assert module.QUALITY.default & ~sum(module.QUALITY.bits.values()) == 0 or not module.QUALITY.bits
    for word in ("default", "hard", "hardest"):
        assert module.QUALITY.mask(word) >= 0
    assert module.QUALITY.default & ~module.QUALITY.hard == 0, "hard must drop whatever default drops"
    assert module.QUALITY.hard & ~module.QUALITY.hardest == 0, "hardest must drop whatever hard drops"


@pytest.mark.parametrize("place", REAL)
def test_real_samples_are_recognised_and_read(place: str, shared_data: Path) -> None:
    target = shared_data / "raw" / place
    for path in sorted(target.iterdir()) if target.is_dir() else [target]:
        source = Source(str(path), path=path)
        assert recognise(source).name == REAL[place]
        try:
            for lcs in light_curves_of(source, ReadOptions()):
                keeps_the_promises(lcs)
        except ReadError as error:
            # The schema's example alert is one point of nonsense; everything else is a light curve.
            assert place == "lsst_alert_avro_FAKE", error


@pytest.mark.parametrize("name", NOT_LIGHT_CURVES)
def test_catalogues_are_not_taken_for_light_curves(name: str, shared_data: Path) -> None:
    path = shared_data / "raw" / name
    with pytest.raises(ReadError):
        recognise(Source(str(path), path=path))
