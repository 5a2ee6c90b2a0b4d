from __future__ import annotations

import numpy as np
from scipy import stats

from goodricke.represent.features import features
from represent import made


def test_against_scipy_and_numpy() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["moments"])
    for k, (_, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        mean, std = np.average(flux, weights=1 / err**2), flux.std(ddof=1)
        expected = {
            "log_scatter": np.log10(std),
            "skew": stats.skew(flux, bias=False),
            "log_kurtosis": np.log10(stats.kurtosis(flux, bias=False) + 3),
            "mean_over_median": (mean - np.median(flux)) / std,
            "beyond_one": np.mean(np.abs(flux - flux.mean()) > std),
            "beyond_two": np.mean(np.abs(flux - flux.mean()) > 2 * std),
            "log_chi2": np.log10(np.sum(((flux - mean) / err) ** 2) / (len(flux) - 1)),
            "excess_variance": 1 - np.mean(err**2) / std**2,
            "log_intrinsic_scatter": 0.5 * np.log10(std**2 - np.mean(err**2)),
            "log_mean_snr": np.log10(np.mean(flux / err)),
        }
        assert row.keys() == expected.keys()
        for name, one in expected.items():
            np.testing.assert_allclose(row[name], one, rtol=2e-5, atol=2e-6, err_msg=name)


def test_the_errors_are_taken_off() -> None:
    rng = np.random.default_rng(0)
    flux = 1 + rng.normal(0, 0.3, 20000) + rng.normal(0, 0.4, 20000)
    lcs = made.star("a", np.arange(20000.0), flux, 0.4)
    # the variance is known to 1%, the intrinsic part 0.09 of 0.25 to 3%
    assert np.isclose(10 ** made.value(lcs, "log_intrinsic_scatter"), 0.3, rtol=0.03)
    assert np.isclose(made.value(lcs, "excess_variance"), 0.36, atol=0.03)
    quiet = made.star("a", np.arange(2000.0), 1 + rng.normal(0, 0.1, 2000), 0.2)
    assert np.isnan(made.value(quiet, "log_intrinsic_scatter"))
    assert made.value(quiet, "excess_variance") < -2
