"""Every writer: what is read back from its files is what ``assemble`` makes of the same measurements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import DataError, OptionError
from goodricke.lightcurves import LightCurves, Measurements, assemble
from goodricke.lightcurves.measurements import Brightness
from goodricke.simulate.files.table import WRITERS, write_files
from goodricke.simulate.observing.table import OBSERVATORIES, observatory
from goodricke.surveys.merge import merge
from goodricke.surveys.table import find
from goodricke.timeframes import TimeFrame


@dataclass(frozen=True)
class Format:
    """What an observatory gives and a file keeps."""

    row: str
    bands: tuple[str, ...]
    frame: str
    start_jd: float
    step: float
    """Days between points: 0 means a few nights."""
    kind: Brightness
    zero_point: float
    bit: int
    """A quality bit that drops a point unless asked otherwise; 0: the format has none."""
    days: float
    """The last digit of a time."""
    digit: float
    """The last digit of a magnitude, or the precision of a flux."""
    names: tuple[str, str] = ("sim-3-000000007", "sim-3-000000008")
    """What the two stars are called when they come back."""
    says_missing: bool = True
    """Whether a point that is no detection stands in the file."""
    variant: str = ""


SPACE = {"kind": "flux", "bit": 1, "days": 1e-9, "digit": 1.2e-7}
TESS = {**SPACE, "bands": ("TESS",), "frame": "BTJD", "zero_point": 20.44}
FORMATS = {
    "asas3": Format("asas3_acvs", ("V",), "HJD_UTC-2450000", 2452500.0, 0.0, "mag", np.nan, 4, 1e-5, 1e-3),
    "asassn_v2": Format(
        "asassn_v2", ("V", "g"), "JD_UTC", 2457500.0, 0.0, "flux", 16.4, 1, 1e-7, 1e-7, says_missing=False
    ),
    "asassn": Format("asassn_v1", ("V", "g"), "HJD_UTC", 2457500.0, 0.0, "mag", np.nan, 0, 1e-5, 1e-3),
    "asassn_v": Format("asassn_v1", ("V",), "HJD_UTC", 2457500.0, 0.0, "mag", np.nan, 0, 1e-5, 1e-3),
    "crts": Format(
        "crts", ("V_CSS",), "MJD_UTC", 2454500.0, 0.0, "mag", np.nan, 4, 1e-7, 1e-6,
        ("1003000000007", "1003000000008"), says_missing=False,
    ),
    "ogle": Format(
        "ogle", ("I", "V"), "HJD_UTC-2450000", 2455500.0, 0.0, "mag", np.nan, 0, 1e-5, 1e-3, says_missing=False
    ),
    "ztf": Format(
        "ztf_irsa", ("g", "r", "i"), "HJD_UTC", 2458500.0, 0.0, "mag", np.nan, 32768, 1e-7, 1e-7,
        ("ZTF 599103000000007", "ZTF 599103000000008"), says_missing=False,
    ),
    "gaia": Format(
        "gaia", ("G", "BP", "RP"), "GAIA_TCB", 2457000.0, 0.0, "flux", 25.6874, 1, 1e-9, 1e-6,
        ("Gaia DR3 3000000007", "Gaia DR3 3000000008"),
    ),
    "lsst": Format(
        "lsst", ("u", "g", "r", "i", "z", "y"), "MJD_TAI", 2461000.0, 0.0, "flux", 31.4, 2, 1e-9, 1e-15,
        ("3000000007", "3000000008"),
    ),
    "kepler": Format(
        "kepler", bands=("Kepler",), frame="BKJD", start_jd=2455100.0, step=29.4244 / 1440, zero_point=25.3, **SPACE
    ),
    "tess_20s": Format("tess_spoc", start_jd=2459040.0, step=20 / 86400, variant="20s", **TESS),
    "tess_2min": Format("tess_spoc", start_jd=2459040.0, step=120 / 86400, **TESS),
    "tess_10min": Format("tess_spoc_ffi", start_jd=2459040.0, step=600 / 86400, **TESS),
    "tess_30min": Format("tess_spoc_ffi", start_jd=2458690.0, step=1800 / 86400, **TESS),
}  # fmt: skip
LIMIT, FLAGGED, MISSING = 11, 23, 36
"""Points of each star that are an upper limit, flagged, and not measured."""
N = 72


def made(form: Format, names: tuple[str, ...] = ("sim-3-000000007", "sim-3-000000008")) -> Measurements:
    """Two stars that vary, N points each, the points of the second first, with every digit that a file can hold."""
    rng = np.random.default_rng(4)
    frame = TimeFrame.parse(form.frame)
    steps = form.step if form.step else rng.uniform(0.7, 5.0, (2, N))
    jd = form.start_jd + np.cumsum(np.broadcast_to(steps, (2, N)), axis=1).ravel()
    wave = 0.4 * np.sin(2.0 * np.pi * np.arange(2 * N) / 17.0)
    band = np.arange(2 * N) % len(form.bands)
    if form.kind == "mag":
        value, error = 13.4 + 0.7 * band + wave + rng.normal(0.0, 0.02, 2 * N), rng.uniform(0.02, 0.06, 2 * N)
        value, error = (form.digit * np.round(column / form.digit) for column in (value, error))
    else:
        value = 12345.678 * (1.0 + band) * 10 ** (-0.4 * wave)
        error = value * rng.uniform(0.001, 0.004, 2 * N)
    point = np.arange(2 * N) % N
    value[point == MISSING] = np.nan
    if form.kind == "mag":
        value[point == LIMIT] = 17.123
    return Measurements(
        object_id=np.array(names),
        time=np.round(jd - frame.zero_jd, 5) if form.days == 1e-5 else jd - frame.zero_jd,
        value=value,
        error=error,
        kind=form.kind,
        frame=frame,
        star=np.repeat([1, 0], N),
        band=band.astype(np.int8),
        bands=form.bands,
        limit=point == LIMIT,
        quality=np.where(point == FLAGGED, form.bit, 0),
        zero_point=form.zero_point,
        ra=np.array([150.25, 210.0]),
        dec=np.array([-20.5, 33.125]),
        variant=form.variant,
    )


def write(measured: Measurements, survey: str, folder: Path) -> list[Path]:
    """Write by the table; a format of a survey with two is named after the survey and its version."""
    return write_files(measured, survey.removesuffix("_v2"), folder)


@pytest.fixture(params=FORMATS)
def survey(request: pytest.FixtureRequest) -> str:
    """Every row of the table."""
    return str(request.param)


def both(survey: str, folder: Path) -> tuple[Format, LightCurves, LightCurves]:
    """What was simulated, and what is read from its files."""
    form = FORMATS[survey]
    measured = made(form)
    paths = write(measured, survey, folder)
    assert paths
    assert all(path.is_file() for path in paths)
    assert {path for path in folder.rglob("*") if path.is_file()} == set(paths), "nothing else is left in the folder"
    expected = assemble(measured, form.row, find(form.row).load().QUALITY.mask("default"))
    return form, expected, merge([gr.read([str(path) for path in paths])])


def test_every_row_is_tested_and_has_an_observatory() -> None:
    assert set(FORMATS) - {"asassn_v2"} == set(WRITERS) == set(OBSERVATORIES)


def test_reading_gives_the_stars_again(survey: str, tmp_path: Path) -> None:
    form, expected, found = both(survey, tmp_path)
    order = [found.object_id.tolist().index(name) for name in form.names]
    assert len(found) == 2
    assert found.frames == (TimeFrame.parse(form.frame),)
    assert set(found.survey.tolist()) == set(expected.survey.tolist())
    for ours, row in zip(expected, order, strict=True):
        theirs = found[row]
        np.testing.assert_array_equal(theirs.band, ours.band)
        np.testing.assert_allclose(theirs.time, ours.time, rtol=0, atol=0.51 * form.days + 1e-9)
        # Half of the last digit in the value, and as much in the median that it is divided by; float32 adds 1e-7.
        digit = form.digit if form.kind == "mag" else 2.0 * form.digit
        np.testing.assert_allclose(theirs.flux, ours.flux, rtol=digit + 2e-7)
        np.testing.assert_allclose(theirs.flux_err, ours.flux_err, rtol=0, atol=digit + 2e-7)


def test_the_same_points_are_dropped(survey: str, tmp_path: Path) -> None:
    form, expected, found = both(survey, tmp_path)
    for ours, name in zip(expected, form.names, strict=True):
        theirs = found[found.object_id.tolist().index(name)]
        assert len(theirs.time) == len(ours.time) == N - 2 - (form.bit > 0)
        assert theirs.dropped.get("quality", 0) == ours.dropped.get("quality", 0) == (form.bit > 0)
        if form.says_missing:
            assert sum(theirs.dropped.values()) == sum(ours.dropped.values())


def test_files_name_the_place_of_the_star(survey: str, tmp_path: Path) -> None:
    form, expected, found = both(survey, tmp_path)
    if form.row in ("asassn_v1", "ogle", "gaia"):
        assert np.isnan(found.ra).all(), "these formats hold no positions"
        return
    order = [found.object_id.tolist().index(name) for name in form.names]
    # Hours with six decimals are the coarsest.
    np.testing.assert_allclose(found.ra[order], expected.ra, atol=1e-5)
    np.testing.assert_allclose(found.dec[order], expected.dec, atol=1e-5)


def test_no_quality_mask_brings_the_flagged_point_back(survey: str, tmp_path: Path) -> None:
    form = FORMATS[survey]
    paths = write(made(form), survey, tmp_path)
    found = gr.read([str(path) for path in paths], quality="none")
    assert found.lengths.tolist() == [N - 2, N - 2]


def test_the_same_measurements_give_the_same_bytes(survey: str, tmp_path: Path) -> None:
    files = [write(made(FORMATS[survey]), survey, tmp_path / name) for name in "ab"]
    assert [path.name for path in files[0]] == [path.name for path in files[1]]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(*files, strict=True))


def test_measurements_of_another_survey_are_refused(survey: str, tmp_path: Path) -> None:
    other = replace(made(FORMATS[survey]), frame=TimeFrame.parse("BJD_TT-2400000"))
    with pytest.raises(DataError, match="were they made by the observatory of that survey"):
        write(other, survey, tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_unknown_survey_is_named(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no file format is known for 'hubble'; there are asas3"):
        write_files(made(FORMATS["ogle"]), "hubble", tmp_path)


@pytest.mark.parametrize("survey", OBSERVATORIES)
def test_what_an_observatory_writes_down_is_read_again(survey: str, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    watcher, rng = observatory(survey), np.random.default_rng(8)
    visits = watcher.visits(2, rng)
    magnitude = np.repeat(watcher.magnitudes(2, rng), np.diff(visits.offsets))
    measured = watcher.measure(np.array(["sim-8-000000000", "sim-8-000000001"]), visits, magnitude, rng)
    row = find(watcher.survey)
    expected = assemble(measured, row.name, row.load().QUALITY.mask("default"))
    found = gr.read([str(path) for path in write_files(measured, survey, tmp_path)])
    assert {name.split("/")[0] for name in found.survey.tolist()} == {row.name}
    order = np.argsort(found.object_id)
    assert found.lengths[order].tolist() == expected.lengths.tolist()
    for ours, theirs in zip(expected, (found[int(k)] for k in order), strict=True):
        np.testing.assert_allclose(theirs.time, ours.time, rtol=0, atol=0.51e-5)
        if not row.load().STITCH:  # space photometry is brought to one level file by file
            np.testing.assert_allclose(theirs.flux, ours.flux, rtol=2.1e-3)
