"""The same features as computed by the light-curve package (Malanchev et al. 2021), where it has them."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.represent.features import features
from goodricke.represent.features.curves import signed_log
from represent import made


def test_against_light_curve() -> None:
    light_curve = pytest.importorskip("light_curve")
    lcs = made.uneven()
    table = features(lcs)
    for k, (time, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))

        def theirs(name: str, *options: object, data: object = (time, flux, err)) -> np.ndarray:
            return np.asarray(getattr(light_curve, name)(*options)(*data))  # type: ignore[misc]

        slope, slope_error, _ = theirs("LinearFit")
        scatter = flux.std(ddof=1)
        expected = {
            "skew": theirs("Skew")[0],
            "log_kurtosis": np.log10(theirs("Kurtosis")[0] + 3),
            "eta": theirs("Eta")[0],
            "log_eta_e": np.log10(theirs("EtaE")[0]),
            "stetson_k": theirs("StetsonK")[0],
            "log_chi2": np.log10(theirs("ReducedChi2")[0]),
            "beyond_one": theirs("BeyondNStd", 1.0)[0],
            "beyond_two": theirs("BeyondNStd", 2.0)[0],
            "cusum": theirs("Cusum")[0],
            "trend": slope * np.ptp(time) / scatter,
            "trend_significance": signed_log(slope / slope_error),
            "log_max_slope": np.log10(theirs("MaximumSlope")[0]),
            "excess_variance": theirs("ExcessVariance")[0] * flux.mean() ** 2 / scatter**2,
            "log_range": np.log10(2 * theirs("Amplitude")[0] / np.ptp(np.quantile(flux, [0.05, 0.95]))),
        }
        for name, one in expected.items():
            # float32 fluxes, taken to double before both computations; sums differ in order only
            np.testing.assert_allclose(row[name], one, rtol=1e-4, atol=1e-5, err_msg=f"{name} of star {k}")
        # They interpolate quantiles by another rule: with 200 points the difference is of the order of a gap.
        width = theirs("InterPercentileRange", 0.25)[0] / theirs("InterPercentileRange", 0.05)[0]
        np.testing.assert_allclose(row["width_50"], width, rtol=0.1)
        assert row["mad_over_scatter"] * scatter / 1.4826 == pytest.approx(
            theirs("MedianAbsoluteDeviation")[0], rel=1e-4
        )
