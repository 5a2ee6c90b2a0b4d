"""ATLAS forced photometry, made and real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import Measurements, assemble
from goodricke.surveys import atlas_forced
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import atlas_forced as sample


def measured(source: Source) -> Measurements:
    return next(atlas_forced.read(source, ReadOptions()))


@pytest.fixture
def made(tmp_path: Path) -> list[Source]:
    return [Source(str(path), path=path) for path in sample.write(tmp_path)]


@pytest.mark.parametrize("k", [0, 1, 2])
def test_all_headers_give_the_same_star(made: list[Source], k: int) -> None:
    assert atlas_forced.recognises(made[k])
    m, s = measured(made[k]), star()
    # Fluxes are written as whole microjansky: half of one at 22,000.
    np.testing.assert_allclose(23.9 - 2.5 * np.log10(m.value), s.mag, atol=6e-5)
    np.testing.assert_allclose(m.time + 2400000.5, s.jd, atol=6e-7)
    assert (m.bands, str(m.frame), m.zero_point, m.kind) == (("c", "o"), "MJD_UTC", 23.9, "flux")
    assert (m.ra[0], m.dec[0], m.object_id[0]) == (RA, DEC, made[k].stem)
    assert np.flatnonzero(m.quality).tolist() == [2]


def test_negative_fluxes_survive(made: list[Source]) -> None:
    m = measured(made[3])
    assert (m.value < 0).any()
    lcs = assemble(m, "atlas_forced", atlas_forced.QUALITY.mask("default"))
    assert lcs.difference[0]
    assert lcs.n_points == 59
    assert (lcs.flux < 0).any()


def test_every_cut_has_its_bit() -> None:
    good = dict(zip(sample.HEADER, sample.rows()[0], strict=True))
    spoiled = [
        {}, {"err": "1"}, {"duJy": "20000"}, {"x": "50"}, {"maj": "6"}, {"apfit": "-0.05"}, {"Sky": "16.5"},
        {"chi/N": "500"}, {"F": "g"}, {},
    ]  # fmt: skip
    rows = [" ".join((good | change)[name] for name in sample.HEADER) for change in spoiled]
    m = measured(Source("s.txt", data="\n".join(["###" + " ".join(sample.HEADER), *rows]).encode()))
    assert m.quality.tolist() == [0, 1, 2, 4, 8, 16, 32, 64, 128, 0]
    assert set(atlas_forced.QUALITY.bits.values()) == {1, 2, 4, 8, 16, 32, 64, 128}


def test_a_star_in_test_filters_only_keeps_them() -> None:
    rows = [" ".join(["g" if name == "F" else word for name, word in zip(sample.HEADER, row, strict=True)])
            for row in sample.rows()]  # fmt: skip
    m = measured(Source("s.txt", data="\n".join([" ".join(sample.HEADER), *rows]).encode()))
    assert not (m.quality & 128).any()


def test_real_file(shared_data: Path) -> None:
    path = next((shared_data / "raw" / "atlas_forced_txt").iterdir())
    source = Source(str(path), path=path)
    assert atlas_forced.recognises(source)
    m = measured(source)
    rows = [line.split() for line in path.read_text().splitlines()[1:]]
    np.testing.assert_array_equal(m.time, [float(row[0]) for row in rows])
    np.testing.assert_array_equal(m.value, [float(row[3]) for row in rows])
    assert [m.bands[k] for k in m.band] == [row[5] for row in rows]
    # 31: 26 exposures with an error of 10 mJy and more, 5 in the filters g and H.
    assert int((m.quality & atlas_forced.QUALITY.default != 0).sum()) == 31
    assert not assemble(m, "atlas_forced", atlas_forced.QUALITY.default).difference[0]
