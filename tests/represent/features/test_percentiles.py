from __future__ import annotations

import numpy as np
from scipy import stats

from goodricke.represent.features import features
from represent import made


def test_against_scipy_and_numpy() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["percentiles"])
    for k, (_, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        low, high = np.quantile(flux, [0.05, 0.95])
        width = high - low
        expected = {
            "log_amplitude": np.log10(width),
            "log_range": np.log10(np.ptp(flux) / width),
            "log_error": np.log10(np.median(err)),
            "log_signal_to_noise": np.log10(width / np.median(err)),
            "amplitude_mag": 2.5 * np.log10(high / low),
            "mad_over_scatter": stats.median_abs_deviation(flux, scale="normal") / flux.std(ddof=1),
            "near_median": np.mean(np.abs(flux - np.median(flux)) < 0.1 * width),
            **{f"width_{p}": np.ptp(np.quantile(flux, [0.5 - p / 200, 0.5 + p / 200])) / width
               for p in (20, 35, 50, 65, 80)},
        }  # fmt: skip
        assert row.keys() == expected.keys()
        for name, one in expected.items():
            np.testing.assert_allclose(row[name], one, rtol=2e-5, atol=2e-6, err_msg=name)
