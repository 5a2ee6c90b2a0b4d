"""One star: what a person sees of it."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.lightcurves import LightCurve, LightCurves


@pytest.fixture
def star() -> LightCurve:
    lcs = LightCurves.from_arrays(
        [3.0, 1.0, 2.0, 4.0],
        mag=[12.0, 10.0, 10.5, 12.5],
        err=[0.02, 0.01, 0.01, 0.02],
        object_id="Algol",
        band=["I", "V", "V", "I"],
        time_frame="MJD_UTC",
        ra=47.04,
        dec=40.96,
    )
    return lcs[0]


def test_magnitudes_come_back(star: LightCurve) -> None:
    assert star.time.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert star.band.tolist() == ["V", "V", "I", "I"]
    # Relative float32 flux holds 1e-7, which is 1e-7 mag.
    assert np.allclose(star.mag, [10.0, 10.5, 12.0, 12.5], atol=3e-7)
    assert np.allclose(star.mag_err, [0.01, 0.01, 0.02, 0.02], rtol=1e-6)


def test_reference_magnitude_is_that_of_the_median_flux(star: LightCurve) -> None:
    flux = 10 ** (-0.4 * np.array([10.0, 10.5]))
    assert star.ref_mag["V"] == pytest.approx(-2.5 * np.log10(flux.mean()), abs=1e-9)
    assert set(star.ref_mag) == {"V", "I"}


def test_words(star: LightCurve) -> None:
    assert (star.object_id, star.survey, str(star.time_frame)) == ("Algol", "arrays", "MJD_UTC")
    assert (star.ra, star.dec, len(star), star.dropped, star.meta) == (47.04, 40.96, 4, {}, {})
    assert star.bands == ("I", "V")
    assert repr(star) == "<LightCurve Algol: 4 points, bands: I, V, span 3 d, MJD_UTC>"


def test_select_band(star: LightCurve) -> None:
    one = star.select_band("V")
    assert one.bands == ("V",)
    assert one.time.tolist() == [1.0, 2.0]


def test_no_magnitude_without_zero_point_or_positive_flux() -> None:
    assert np.isnan(LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 2.0], err=[0.1, 0.1])[0].mag).all()
    star = LightCurves.from_arrays([1.0, 2.0, 3.0], flux=[-1.0, 2.0, 3.0], err=[0.1, 0.1, 0.1], zero_point=20.0)[0]
    assert np.isnan(star.mag).tolist() == [True, False, False]
    assert star.mag[1] == pytest.approx(20.0 - 2.5 * np.log10(2.0), abs=1e-6)
    assert np.isnan(star.mag_err).tolist() == [True, False, False]


def test_meta_and_dropped_and_no_points() -> None:
    lcs = LightCurves.from_arrays([np.nan], flux=[1.0], err=[0.1]).with_meta(period_days=[2.87], phase=[[1, 2]])
    star = lcs[0]
    assert star.dropped == {"not_finite": 1}
    assert star.meta["period_days"] == 2.87
    assert star.meta["phase"].tolist() == [1, 2]
    assert repr(star) == "<LightCurve star: 0 points, bands: none, span 0 d, TIME>"
