"""What our files hold stands in the same place in real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulate.files.test_table import FORMATS, made, write

TEXT = {
    "asassn": "asassn_skypatrol_v1_csv/asassn_v765cas_EA_skypatrol_v1.csv",
    "crts": "crts_csv/w_uma_1121081014342.csv",
    "ztf": "ztf_irsa_csv/lc_zwicky_dr1.csv",
}
SPACE = {
    "kepler": "kepler_llc/kplr011442793-2009350155506_llc.fits",
    "tess_2min": "tess_spoc_2min/tess2018206045859-s0001-0000000092873799-0120-s_lc.fits",
    "tess_30min": "tess_spoc_ffi_hlsp/hlsp_tess-spoc_tess_phot_0000000038846515-s0002_tess_v1_lc.fits",
}


def pair(survey: str, shared_data: Path, folder: Path) -> tuple[Path, Path]:
    """Our file and a real one."""
    real = shared_data / "raw" / {**TEXT, **SPACE, "ogle": "ogle_dat/OGLE-BLG-ECL-001923.dat"}[survey]
    if not real.is_file():
        pytest.skip(f"{real} is not here")
    return write(made(FORMATS[survey]), survey, folder)[0], real


@pytest.mark.parametrize("survey", TEXT)
def test_columns_of_text(survey: str, shared_data: Path, tmp_path: Path) -> None:
    ours, real = (path.read_text().splitlines()[0].split(",") for path in pair(survey, shared_data, tmp_path))
    assert set(ours) <= set(real)
    assert ours == [name for name in real if name in ours], "in the same order"


@pytest.mark.parametrize("survey", ["asassn", "ztf", "ogle"])
def test_words_are_written_alike(survey: str, shared_data: Path, tmp_path: Path) -> None:
    """As many columns, and as many decimals in most of them; names are of letters in both or in none."""
    ours, real = pair(survey, shared_data, tmp_path)
    separator = None if survey == "ogle" else ","
    a, b = (path.read_text().splitlines()[2].split(separator) for path in (ours, real))
    if survey == "ztf":
        b = b[: len(a)]
        assert [len(word) for word in a[:1]] == [len(word) for word in b[:1]], "an oid has 15 digits"
    assert len(a) == len(b)
    assert [any(c.isalpha() for c in word) for word in a] == [any(c.isalpha() for c in word) for word in b]
    if survey != "ztf":
        decimals = [[len(word.partition(".")[2]) for word in words] for words in (a, b)]
        assert decimals[0][:1] + decimals[0][-2:] == decimals[1][:1] + decimals[1][-2:]


@pytest.mark.parametrize("survey", SPACE)
def test_columns_of_fits(survey: str, shared_data: Path, tmp_path: Path) -> None:
    from astropy.io import fits

    ours, real = pair(survey, shared_data, tmp_path)
    with fits.open(ours) as a, fits.open(real) as b:
        known = {column.name: (column.format, column.unit) for column in b[1].columns}
        for column in a[1].columns:
            assert known[column.name] == (column.format, column.unit)
        assert a[1].name == b[1].name == "LIGHTCURVE"
        assert a[1].columns.names == [name for name in b[1].columns.names if name in a[1].columns.names]


@pytest.mark.parametrize("survey", SPACE)
def test_headers_of_fits(survey: str, shared_data: Path, tmp_path: Path) -> None:
    from astropy.io import fits

    same = {
        "TELESCOP", "INSTRUME", "TIMESYS", "TIMEREF", "TASSIGN", "BJDREFI", "BJDREFF", "TIMEUNIT", "TIMEPIXR",
        "RADESYS", "INT_TIME", "READTIME", "FRAMETIM", "NUM_FRM", "TIMEDEL", "DEADC", "EXTNAME",
        "OBSMODE", "MISSION",
    }  # fmt: skip
    ours, real = pair(survey, shared_data, tmp_path)
    with fits.open(ours) as a, fits.open(real) as b:
        for k in (0, 1):
            for card in a[k].header.cards:
                assert card.keyword in b[k].header, f"{card.keyword} of extension {k}"
                if card.keyword in same:
                    theirs = b[k].header[card.keyword]
                    assert card.value == (pytest.approx(theirs, rel=1e-7) if isinstance(theirs, float) else theirs)
        # What the table says of its times.
        time = a[1].data["TIME"]
        half = a[1].header["TIMEDEL"] / 2.0
        np.testing.assert_allclose(
            [a[1].header["TSTART"], a[1].header["TSTOP"]], [np.nanmin(time) - half, np.nanmax(time) + half]
        )
        assert a[1].header["TELAPSE"] == pytest.approx(a[1].header["TSTOP"] - a[1].header["TSTART"])
        assert (np.diff(a[1].data["CADENCENO"]) == 1).all()
