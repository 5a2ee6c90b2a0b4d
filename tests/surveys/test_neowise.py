"""WISE single exposures, made and real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import Measurements
from goodricke.surveys import neowise
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import neowise as sample


def measured(source: Source) -> Measurements:
    assert neowise.recognises(source)
    return next(neowise.read(source, ReadOptions()))


def from_rows(rows: list[dict[str, str]]) -> Measurements:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return measured(Source("cone.csv", data="\n".join(lines).encode()))


@pytest.fixture
def made(tmp_path: Path) -> list[Source]:
    return [Source(str(path), path=path) for path in sample.write(tmp_path)]


@pytest.mark.parametrize("k", [0, 1, 2])
def test_two_bands_of_one_star(made: list[Source], k: int) -> None:
    m, s = measured(made[k]), star()
    np.testing.assert_array_equal(m.value, [*s.mag, *np.round(s.mag + 0.1, 3)])
    np.testing.assert_allclose(m.time + 2400000.5, [*s.jd, *s.jd], atol=6e-9)
    assert (m.bands, str(m.frame)) == (("W1", "W2"), "MJD_UTC")
    assert m.object_id.tolist() == [f"AllWISE {sample.COUNTER}"]
    assert (m.ra[0], m.dec[0]) == (pytest.approx(RA), pytest.approx(DEC))
    assert m.limit is not None
    assert np.flatnonzero(m.limit).tolist() == [65]
    assert m.quality is not None
    assert m.quality[[8, 68]].tolist() == [32, 32]
    assert m.quality[[6, 66]].tolist() == ([1, 1] if k < 2 else [0, 0])  # the multi-epoch table has no qual_frame


def test_a_cone_search_without_counters_is_split_by_position(made: list[Source]) -> None:
    m = measured(made[3])
    assert m.object_id.tolist() == ["WISE J100100.00-203000.0", "WISE J100100.00-202952.0"]
    assert m.star is not None
    assert m.star.tolist() == [*[0] * 60, *[1] * 60] * 2
    assert m.notes == ("2 stars in one file: told apart by position",)
    np.testing.assert_allclose(m.dec, [DEC, DEC + 8 / 3600], atol=1e-7)


def test_counters_split_and_rows_without_join_what_they_coincide_with() -> None:
    m = from_rows([*sample.rows("11"), *sample.rows("22", 2.0 / 3600), *sample.rows("", 60.0 / 3600), *sample.rows("")])
    assert m.object_id.tolist() == ["AllWISE 11", "AllWISE 22", "WISE J100100.00-202859.9"]
    assert m.star is not None
    # The last rows lie where counter 11 does, and are within a chain of 3 arcsec of counter 22 too: the first wins.
    assert [int(k) for k in m.star[:240:60]] == [0, 1, 2, 0]


def test_every_flag_has_its_bit() -> None:
    good = sample.rows()[0]
    changes = [{}, {"qual_frame": "0"}, {"qi_fact": "0.5"}, {"saa_sep": "3"}, {"moon_masked": "10"},
               {"cc_flags": "D0g0"}, {"cc_flags": "dPOO"}, {"nb": "2"},
               {"ph_qual": "CU"}, {"w2sigmpro": ""}]  # fmt: skip
    m = from_rows([good | change for change in changes])
    assert m.quality is not None
    assert m.limit is not None
    assert m.quality[:10].tolist() == [0, 1, 2, 4, 8, 16, 32, 64, 128, 0]
    assert m.quality[10:].tolist() == [0, 1, 2, 4, 0, 0, 16, 64, 0, 0]
    assert np.flatnonzero(m.limit).tolist() == [18, 19]


def test_moon_mask_of_digits_alone() -> None:
    """A csv column of 00 and 01 is read as numbers; the zeros in front are no less there."""
    m = from_rows([sample.rows()[0] | {"moon_masked": word, "cc_flags": "0000"} for word in ("00", "01", "11")])
    assert m.quality is not None
    assert (m.quality == 8).tolist() == [False, False, True, False, True, True]


def test_real_file(shared_data: Path) -> None:
    from astropy.table import Table

    path = next((shared_data / "raw" / "neowise_tbl").iterdir())
    m = measured(Source(str(path), path=path))
    table = Table.read(path, format="ascii.ipac")
    np.testing.assert_array_equal(m.value, [*table["w1mpro"], *table["w2mpro"]])
    np.testing.assert_array_equal(m.error, [*table["w1sigmpro"], *table["w2sigmpro"]])
    np.testing.assert_array_equal(m.time, [*table["mjd"]] * 2)
    assert m.object_id.tolist() == [f"AllWISE {table['allwise_cntr'][0]}"]
