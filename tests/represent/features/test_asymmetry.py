from __future__ import annotations

import numpy as np
from scipy import stats

from goodricke.represent.features import features
from represent import made


def test_brute_force() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["asymmetry"])
    for k, (_, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        away = flux - np.median(flux)
        sigma = max(stats.median_abs_deviation(flux, scale="normal"), np.median(err))
        far = away / sigma
        below, above = np.mean(far < -2), np.mean(far > 2)
        size = int(0.1 * len(flux))
        low, high = np.quantile(flux, [0.05, 0.95])
        company = [far[i + 1] < -2 for i in range(len(far) - 1) if far[i] < -2] + [False] * int(far[-1] < -2)
        expected = {
            **{f"below_{word}": np.mean(far < -x) for word, x in (("two", 2), ("three", 3), ("five", 5))},
            **{f"above_{word}": np.mean(far > x) for word, x in (("two", 2), ("three", 3), ("five", 5))},
            "dips_over_bumps": (below - above) / (below + above) if below + above else np.nan,
            "dip_weight": np.sum((away / err)[away < 0] ** 2) / np.sum((away / err) ** 2),
            "half_skew": (low + high - 2 * np.median(flux)) / (high - low),
            "range_skew": (flux.min() + flux.max() - 2 * np.median(flux)) / np.ptp(flux),
            "tail_asymmetry": (
                np.r_[np.sort(flux)[:size], np.sort(flux)[-size:]].mean() - np.median(flux)) / flux.std(ddof=1),
            "dip_company": np.mean(company) if company else np.nan,
        }  # fmt: skip
        assert row.keys() == expected.keys()
        for name, one in expected.items():
            np.testing.assert_allclose(row[name], one, rtol=2e-5, atol=2e-6, err_msg=name)


def test_eclipses_dip_and_flares_bump() -> None:
    table = features(made.ordinary())
    eclipsing, flaring = table.values[0], table.values[-1]
    name = table.names.index
    assert eclipsing[name("dips_over_bumps")] > 0.9 > -0.9 > flaring[name("dips_over_bumps")]
    assert eclipsing[name("dip_weight")] > 0.9
    assert flaring[name("above_five")] > eclipsing[name("above_five")]
