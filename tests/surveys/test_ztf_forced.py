"""ZTF forced photometry, made and real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import Measurements
from goodricke.surveys import ztf_forced
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import ztf_forced as sample


def measured(source: Source) -> Measurements:
    assert ztf_forced.recognises(source)
    return next(ztf_forced.read(source, ReadOptions()))


@pytest.fixture
def made(tmp_path: Path) -> list[Source]:
    return [Source(str(path), path=path) for path in sample.write(tmp_path)]


@pytest.mark.parametrize("k", [0, 1])
def test_the_reference_makes_the_star_whole(made: list[Source], k: int) -> None:
    m, s = measured(made[k]), star()
    known = np.arange(60) != 3
    # Deep minima of the sample lie below -99999 DN, the sign for a missing value: they must not be lost.
    assert min(float(row.split()[24]) for row in sample.rows(True) if "null" not in row) < -99999
    assert np.flatnonzero(np.isnan(m.value)).tolist() == [3]
    # The sample was made from the star's magnitudes, zero points that change and a reference: they must come back.
    np.testing.assert_allclose(25.0 - 2.5 * np.log10(m.value[known]), s.mag[known], atol=1e-9)
    np.testing.assert_allclose((m.error / m.value)[known], s.err[known], rtol=1e-7)
    np.testing.assert_allclose(m.time, s.jd, atol=6e-8)
    assert (m.kind, m.zero_point, m.bands, str(m.frame)) == ("flux", 25.0, ("g", "r"), "JD_UTC")
    assert (m.object_id.tolist(), m.ra[0], m.dec[0]) == (["ZTF J100100.00-203000.0"], RA, DEC)
    assert m.quality[:8].tolist() == [0, 0, 0, 0, 1, 2, 16 | 32, 0]


def test_without_reference_the_flux_is_a_difference(made: list[Source]) -> None:
    m, s = measured(made[2]), star()
    expected = 10 ** (-0.4 * (s.mag - 25)) - 10 ** (-0.4 * (np.where(np.arange(60) % 2, 12.9, 13.1) - 25))
    known = np.arange(60) != 3
    np.testing.assert_allclose(m.value[known], expected[known], rtol=1e-6, atol=1.0)
    assert m.kind == "difference"
    assert "differences" in m.notes[0]


def changed(source: Source, **cells: dict[int, str]) -> Source:
    """The file with some cells of some rows replaced."""
    lines = source.data.decode().splitlines()
    first = next(k for k, line in enumerate(lines) if line and not line.startswith("#")) + 1
    for name, words in cells.items():
        for row, word in words.items():
            parts = lines[first + row].split()
            parts[sample.NAMES.index(name)] = word
            lines[first + row] = " ".join(parts)
    return Source("made.txt", data="\n".join(lines).encode())


def test_epochs_and_bands_without_a_reference(made: list[Source]) -> None:
    m = measured(changed(made[0], dnearestrefsrc={10: "3.0", 11: "null"}))
    np.testing.assert_allclose(25.0 - 2.5 * np.log10(m.value[[10, 11]]), star().mag[[10, 11]], atol=1e-9)
    assert m.notes == ("2 epochs without a reference source were given the median reference flux of their band",)
    m = measured(changed(made[0], dnearestrefsrc=dict.fromkeys(range(1, 60, 2), "4.9")))
    assert m.notes[0].startswith("bands r have no reference source")


def test_every_status_has_its_bit(made: list[Source]) -> None:
    words = ["56", "57", "58", "59", "60", "61", "62", "63", "64", "255", "0"]
    rows = dict(enumerate(words, start=20))
    m = measured(changed(made[0], procstatus=rows, sciinpseeing={31: "4.5"}, forcediffimchisq={32: "25"}))
    assert m.quality[20:33].tolist() == [16, 32, 32, 64, 64, 8, 0, 8, 8, 8, 0, 4, 128]


def test_missing_flux_written_as_a_number(made: list[Source]) -> None:
    assert np.isnan(measured(changed(made[0], forcediffimflux={12: "-99999"})).value[12])


def test_file_without_position_is_named_by_itself(made: list[Source]) -> None:
    text = made[0].data.decode().replace("Requested input", "Wanted")
    m = measured(Source("forced_lc.txt", data=text.encode()))
    assert m.object_id.tolist() == ["forced_lc"]
    assert np.isnan(m.ra[0])


def test_real_file(shared_data: Path) -> None:
    path = next((shared_data / "raw" / "ztf_forced_phot_txt").iterdir())
    m = measured(Source(str(path), path=path))
    rows = [line.split() for line in path.read_text().splitlines() if line and line[0] != "#"][1:]
    assert len(m.time) == len(rows)
    np.testing.assert_array_equal(m.time, [float(row[22]) for row in rows])
    zero, flux, ref = (np.array([float(row[k].replace("null", "nan")) for row in rows]) for k in (20, 24, 33))
    # As the manual says of variable sources: at zpdiff, the fluxes of difference and reference add up.
    total = flux + 10 ** (0.4 * (zero - ref))
    np.testing.assert_allclose(m.value * 10 ** (0.4 * (zero - 25.0)), total, rtol=1e-9)
    assert (m.ra[0], m.dec[0], m.object_id[0]) == (36.351611, 60.841893, "ZTF J022524.38+605030.8")
