from __future__ import annotations

import numpy as np
from astropy.timeseries import LombScargle

import goodricke as gr
from goodricke.represent.features.curves import Curves
from represent import made

PERIOD = 37.0


def test_the_fit_is_that_of_astropy() -> None:
    lcs = made.uneven()
    curves = Curves(lcs, made.periods_of(lcs, PERIOD))
    for k, (time, flux, err) in enumerate(made.each(lcs)):
        fold = curves.fold
        place = np.arange(40) / 40
        order = np.arange(1, 7)
        ours = curves.series.mean[k] + np.sum(
            curves.series.cosine[k] * np.cos(2 * np.pi * place[:, None] * order)
            + curves.series.sine[k] * np.sin(2 * np.pi * place[:, None] * order), axis=1,
        )  # fmt: skip
        first = slice(int(lcs.offsets[k]), int(lcs.offsets[k + 1]))
        zero = time[0] - fold.phase[first][0] * PERIOD
        fit = LombScargle(time, flux, err, nterms=6, center_data=True)
        theirs = fit.model(zero + place * PERIOD, 1 / PERIOD) - np.average(flux, weights=err**-2)
        # The ridge of at most 1e-4 moves the fit by about that share of it; more with 40 points for 13 numbers.
        np.testing.assert_allclose(ours, theirs, atol=2e-3 * np.ptp(theirs))
        for n in (1, 2, 4, 6):
            power = LombScargle(time, flux, err, nterms=n).power(np.array([1 / PERIOD]), method="chi2")[0]
            np.testing.assert_allclose(curves.series.explained[k, n - 1], power, atol=5e-4)


def test_points_in_a_corner_of_the_cycle_do_not_make_it_swing() -> None:
    rng = np.random.default_rng(7)
    time = np.arange(100.0) + rng.uniform(0, 0.25, 100)
    lcs = gr.concatenate([made.star("a", time, rng.normal(1, 0.1, 100), 0.1)])
    series = Curves(lcs, made.periods_of(lcs, 1.0)).series
    assert np.abs(series.cosine[:, 2:]).max() < 10
    assert np.isfinite(series.cosine).all()
