"""Gaia epoch photometry: all layouts hold the same two made stars. No file of the archive is at hand."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements, assemble
from goodricke.surveys import gaia
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import gaia as sample

PREFIX = {"G": ("g_transit_", "time"), "BP": ("bp_", "obs_time"), "RP": ("rp_", "obs_time")}


def measured(source: Source) -> Measurements:
    assert gaia.recognises(source)
    return next(gaia.read(source, ReadOptions()))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    return {path.name: Source(str(path), path=path) for path in sample.write(tmp_path_factory.mktemp("gaia"))}


def test_every_layout_gives_the_values_that_were_written(made: dict[str, Source]) -> None:
    assert len(made) == 14
    for name, source in made.items():
        m = measured(source)
        wanted = ["Gaia DR3 5853498713190525696"]
        if "wide" in name or "COMBINED" in name or "000000" in name:
            wanted.append("Gaia DR3 30343944744320")
        assert m.object_id.tolist() == wanted, name
        assert (m.kind, m.bands, str(m.frame)) == ("flux", ("G", "BP", "RP"), "GAIA_TCB")
        for k in range(len(wanted)):
            t = sample.transits(seed=k + 1)
            for code, (prefix, clock) in enumerate(PREFIX.values()):
                here = (m.star == k) & (m.band == code)
                np.testing.assert_array_equal(m.time[here], t[prefix + clock], err_msg=name)
                np.testing.assert_array_equal(m.value[here], t[prefix + "flux"], err_msg=name)
                np.testing.assert_array_equal(m.error[here], t[prefix + "flux_error"], err_msg=name)


def test_magnitudes_are_those_of_the_archive(made: dict[str, Source]) -> None:
    """Flux with the zero points of Riello et al. 2021 gives the magnitude column."""
    lcs = assemble(measured(made["wide-MADE.csv"]), "gaia", 0)
    t = sample.transits()
    for code, (prefix, _) in enumerate(PREFIX.values()):
        # The median of an even number of fluxes lies between two magnitudes 0.003 apart.
        assert lcs.ref_mag[0, code] == pytest.approx(np.nanmedian(t[prefix + "mag"]), abs=0.003)


@pytest.mark.parametrize("name", ["wide-MADE.csv", "wide-MADE-binary2.xml", "EPOCH_PHOTOMETRY-MADE-binary2.xml"])
def test_rejection_flags(made: dict[str, Source], name: str) -> None:
    m = measured(made[name])
    first = m.star == 0
    by_band = [m.quality[first & (m.band == code)] for code in range(3)]
    flat = name.startswith("EPOCH")
    assert np.flatnonzero(by_band[0]).tolist() == ([4, 6] if flat else [6, 9])
    assert np.flatnonzero(by_band[1]).tolist() == [2, 4, 6]
    assert np.flatnonzero(by_band[2]).tolist() == [4, 6]
    assert by_band[1][[2, 4, 6]].tolist() == [1, 1, 2]
    assert [gaia.QUALITY.mask(word) for word in ("none", "default", "hard", "hardest")] == [0, 1, 3, 7]


def test_error_from_the_ratio_when_it_is_alone() -> None:
    text = 'source_id,bp_obs_time,bp_flux,bp_flux_over_error\n7,"[1.0,2.0]","[100.0,-50.0]","[10.0,-5.0]"\n'
    m = measured(Source("s.csv", data=text.encode()))
    assert m.value.tolist() == [100.0, -50.0]
    assert m.error.tolist() == [10.0, -10.0]
    assert m.bands == ("BP",)


def test_arrays_of_different_lengths_are_refused() -> None:
    text = 'source_id,bp_obs_time,bp_flux,bp_flux_error\n7,"[1.0,2.0]","[100.0]","[1.0]"\n'
    with pytest.raises(ReadError, match=r"'bp_flux' differ in length"):
        measured(Source("s.csv", data=text.encode()))


def test_a_source_without_transits_is_a_star_without_points() -> None:
    text = 'source_id,g_transit_time,g_transit_flux,g_transit_flux_error\n7,"[]","[]","[]"\n8,"[1]","[2]","[1]"\n'
    m = measured(Source("s.csv", data=text.encode()))
    assert m.object_id.tolist() == ["Gaia DR3 7", "Gaia DR3 8"]
    assert m.star.tolist() == [1]


@pytest.mark.parametrize(
    "content",
    [
        b"source_id,ra,dec\n1,2,3\n",
        b"time,flux,flux_error,band\n1,2,3,G\n",
        b"<?xml version='1.0'?><VOSOURCE><a/></VOSOURCE>",
        b"<?xml version='1.0'?><VOTABLE><RESOURCE><TABLE><FIELD name='time'/></TABLE></RESOURCE></VOTABLE>",
    ],
)
def test_others_are_left_alone(content: bytes) -> None:
    source = Source("s", data=content)
    assert not gaia.recognises(source)
    with pytest.raises(ReadError):
        next(gaia.read(source, ReadOptions()))
