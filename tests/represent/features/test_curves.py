from __future__ import annotations

from itertools import pairwise

import numpy as np

import goodricke as gr
from goodricke.represent.features.curves import LEVELS, Curves, signed_log
from represent import made


def test_quantiles_and_tails_are_numpys() -> None:
    lcs = made.uneven()
    curves = Curves(lcs)
    for k, (_, flux, _) in enumerate(made.each(lcs)):
        for level in LEVELS:
            assert np.isclose(curves.quantile(level)[k], np.quantile(flux, level), rtol=1e-6)
        size = int(0.1 * len(flux))
        expected = [np.sort(flux)[:size].mean(), np.sort(flux)[-size:].mean()]
        np.testing.assert_allclose(curves.tails[k], expected, rtol=1e-6)


def test_medians_are_numpys_for_stars_of_any_length() -> None:
    rng = np.random.default_rng(0)
    for lengths in ([0, 1, 2, 3, 4, 9, 100, 101], [7, 7, 7], [1], [2, 2]):
        offsets = np.r_[0, np.cumsum(lengths)]
        t = rng.uniform(0, 9, offsets[-1])
        batch = made.star("a", np.sort(t), rng.normal(0, 1, offsets[-1]), 1.0)
        stars = [batch.keep_points((np.arange(len(t)) >= a) & (np.arange(len(t)) < b))
                 for a, b in pairwise(offsets)]  # fmt: skip
        curves = Curves(gr.concatenate(stars))
        for k, (time, flux, _) in enumerate(made.each(gr.concatenate(stars))):
            if len(time):
                assert np.isclose(curves.middle(curves.single)[k], np.median(flux), rtol=1e-6)
            gap = np.median(np.diff(time)) if len(time) > 1 else np.nan
            assert np.isclose(curves.median_gap[k], gap, rtol=1e-6, equal_nan=True)


def test_the_main_band_has_most_points_and_ties_go_by_name() -> None:
    t = np.arange(7.0)
    most = made.star("a", t, t, 1.0, np.array(list("gggrrrr")))
    tie = made.star("b", t[:4], t[:4], 1.0, np.array(list("rrgg")))
    for batch in (gr.concatenate([most, tie]), gr.concatenate([tie, most])[::-1]):
        curves = Curves(batch)
        np.testing.assert_array_equal(curves.flux, [3, 4, 5, 6, 2, 3])
        np.testing.assert_array_equal(curves.lengths, [4, 2])


def test_errors_have_a_floor() -> None:
    err = np.array([1.0, 1.0, 1.0, 1e-6, 4.0])
    curves = Curves(made.star("a", np.arange(5.0), np.arange(5.0), err))
    np.testing.assert_array_equal(curves.err, [1, 1, 1, 0.5, 4])


def test_weights_of_all_bands_have_mean_one() -> None:
    t = np.arange(6.0)
    lcs = made.star("a", t, t, np.array([1, 2, 1, 2, 1, 2.0]), np.array(list("grgrgr")))
    curves = Curves(lcs)
    np.testing.assert_allclose(curves.relative_weight, np.array([1, 0.25] * 3) / 0.625)
    np.testing.assert_allclose(curves.mean_weight, 0.625)


def test_signed_log_keeps_sign_and_order() -> None:
    np.testing.assert_allclose(signed_log(np.array([-99.0, 0.0, 9.0])), [-2, 0, 1])
