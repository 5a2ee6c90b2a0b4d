from __future__ import annotations

import numpy as np

from goodricke.represent.features import features
from goodricke.represent.features.curves import signed_log
from represent import made


def test_against_polyfit_and_brute_force() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["slopes"])
    for k, (time, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        (slope, _), cov = np.polyfit(time - time[0], flux, 1, w=1 / err, cov="unscaled")
        line = np.polyval(np.polyfit(time - time[0], flux, 1, w=1 / err), time - time[0])
        mean = np.average(flux, weights=err**-2)
        whole, left = np.sum(((flux - mean) / err) ** 2), np.sum(((flux - line) / err) ** 2)
        step, sigma, span = np.diff(flux), flux.std(ddof=1), np.ptp(time)
        rise, fall = step[step > 0].mean(), -step[step < 0].mean()
        expected = {
            "trend": slope * span / sigma,
            "trend_significance": signed_log(slope / np.sqrt(cov[0, 0])),
            "trend_share": (whole - left) / whole,
            "log_max_slope": np.log10(np.max(np.abs(step) / np.diff(time))),
            "log_typical_slope": np.log10(np.abs(step).sum() / span / sigma),
            "rising": np.mean(step > 0),
            "rise_excess": (rise - fall) / (rise + fall),
        }
        assert row.keys() == expected.keys()
        for name, one in expected.items():
            np.testing.assert_allclose(row[name], one, rtol=5e-5, atol=5e-6, err_msg=name)


def test_a_star_that_jumps_up_and_fades_slowly() -> None:
    flux = 1 + np.arange(100) % 5 * -0.1
    lcs = made.star("a", np.arange(100.0), flux, 0.1)
    assert made.value(lcs, "rising") < 0.25
    assert made.value(lcs, "rise_excess") > 0.5
