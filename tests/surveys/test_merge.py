from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.lightcurves import LightCurves, Measurements, assemble
from goodricke.surveys.merge import merge, merge_keys


def mags(times, mag, object_id="s", band="V", survey="ogle") -> LightCurves:
    lcs = LightCurves.from_arrays(times, mag=mag, err=np.full(len(times), 0.01), object_id=object_id, band=band)
    return replace(lcs, survey=np.array([survey]))


def fluxes(times, flux, survey) -> LightCurves:
    m = Measurements(np.array(["s"]), np.array(times, float), np.array(flux, float), np.full(len(times), 1.0), "flux")
    return assemble(m, survey)


def test_magnitudes_of_several_files_come_to_one_scale() -> None:
    # One file holds the faint half of the star's life, the other the bright half.
    joined = merge([mags([1, 2, 3], [12.0, 12.1, 12.2]), mags([0, 4], [10.0, 10.1])])
    assert len(joined) == 1
    np.testing.assert_array_equal(joined.time, [0, 1, 2, 3, 4])
    # float32 flux over 2 mag: 1e-6 mag.
    np.testing.assert_allclose(joined[0].mag, [10.0, 12.0, 12.1, 12.2, 10.1], atol=1e-6)
    assert np.median(joined.flux) == pytest.approx(1.0, abs=2e-7)


def test_space_photometry_is_stitched_at_its_medians() -> None:
    joined = merge([fluxes([1, 2, 3], [100, 101, 99], "tess_spoc"), fluxes([11, 12, 13], [200, 202, 198], "tess_spoc")])
    np.testing.assert_allclose(joined.flux, [1, 1.01, 0.99, 1, 1.01, 0.99], atol=1e-6)


def test_ground_fluxes_keep_their_steps() -> None:
    joined = merge([fluxes([1, 2, 3], [100, 101, 99], "atlas_forced"), fluxes([11, 12], [200, 202], "atlas_forced")])
    np.testing.assert_allclose(joined.flux * joined.ref_flux[0, 0], [100, 101, 99, 200, 202], rtol=1e-6)


def test_bands_in_files_of_their_own_meet_in_one_star() -> None:
    joined = merge([mags([1, 3], [17.0, 17.2], band="I"), mags([2], [18.0], band="V")])
    assert joined[0].band.tolist() == ["I", "V", "I"]
    assert joined[0].ref_mag == {"I": pytest.approx(17.1, abs=0.01), "V": pytest.approx(18.0, abs=1e-6)}


def test_other_stars_surveys_and_frames_stay_apart() -> None:
    same = mags([1, 2], [10, 11])
    others = [
        mags([1, 2], [10, 11], object_id="t"),
        mags([1, 2], [10, 11], survey="crts"),
        mags([1, 2], [10, 11], survey="ogle/x"),
    ]
    assert len(merge([same, *others, same])) == 4
    assert len(set(merge_keys(merge([same, *others])))) == 4
    assert len(merge([])) == 0


def test_rows_that_stand_alone_keep_their_bits_and_their_order() -> None:
    lone = mags([5, 6, 7], [14.0, 14.1, 13.3], object_id="lone")
    joined = merge([lone, mags([1, 2], [10, 11]), mags([3], [10.5])])
    assert joined.object_id.tolist() == ["lone", "s"]
    np.testing.assert_array_equal(joined["lone"].flux, lone.flux)


def test_counts_and_positions_are_united() -> None:
    a = replace(mags([1, 99], [10, 99.99]), ra=np.array([np.nan]))
    b = replace(mags([3, 98], [10, 99.99]), ra=np.array([12.5]))
    joined = merge([a, b])
    assert joined[0].dropped == {"limit": 2}
    assert joined[0].ra == 12.5
