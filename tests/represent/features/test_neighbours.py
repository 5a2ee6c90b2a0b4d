from __future__ import annotations

import numpy as np

from goodricke.represent.features import features
from represent import made


def test_brute_force() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["neighbours"])
    for k, (time, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        n, variance, step = len(flux), flux.var(ddof=1), np.diff(flux)
        delta = (flux - np.average(flux, weights=err**-2)) / err
        running = np.cumsum(flux - flux.mean()) / n / np.sqrt(variance)
        expected = {
            "eta": np.mean(step**2) / variance,
            "log_eta_e": np.log10(np.ptp(time) ** 2 / (n - 1) ** 3 * np.sum((step / np.diff(time)) ** 2) / variance),
            "eta_sigma": np.sum(np.diff(delta) ** 2) / np.sum(delta**2),
            "log_neighbour_chi2": np.log10(np.mean(step**2 / (err[1:] ** 2 + err[:-1] ** 2))),
            "cusum": np.ptp(running),
        }
        assert row.keys() == expected.keys()
        for name, one in expected.items():
            np.testing.assert_allclose(row[name], one, rtol=5e-5, atol=2e-6, err_msg=name)


def test_noise_has_eta_two_and_a_wave_none() -> None:
    rng = np.random.default_rng(1)
    noise = made.star("a", np.arange(5000.0), rng.normal(1, 0.1, 5000), 0.1)
    # the scatter of eta of n points is 2 / sqrt(n)
    assert np.isclose(made.value(noise, "eta"), 2, atol=0.1)
    assert np.isclose(made.value(noise, "log_neighbour_chi2"), 0, atol=0.05)
    wave = made.star("a", np.arange(5000.0), 1 + 0.1 * np.sin(np.arange(5000.0) / 100), 0.1)
    assert made.value(wave, "eta") < 1e-3
