from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.candidates import FEATURES
from goodricke.period.periods import levelled
from goodricke.period.search import candidates
from period import made


@pytest.mark.parametrize(
    ("kind", "period"), [("EA", 2.7183), ("EA", 7.4461), ("EB", 1.3571), ("EW", 0.38712), ("RRAB", 0.56731)]
)
def test_the_true_period_is_always_offered(kind: str, period: float) -> None:
    for seed in range(4):
        lcs = made.star(kind, period, seed)
        found = candidates(lcs.time, levelled(lcs), lcs.flux_err.astype(float)).candidates
        assert np.abs(1 / found.frequency / period - 1).min() < 5e-4
        assert found.features.shape == (len(found.frequency), len(FEATURES))
        assert np.isfinite(found.features).all()
        # Nothing is offered twice.
        assert np.diff(np.sort(found.frequency)).min() > 0


def test_features_do_not_depend_on_the_scale_or_on_when_the_star_was_seen() -> None:
    lcs = made.star("EB", 1.3571)
    time, flux, err = lcs.time, levelled(lcs), lcs.flux_err.astype(float)
    one = candidates(time, flux, err).candidates
    other = candidates(time + 2000.0, 0.25 * flux, 0.25 * err).candidates
    sized = [FEATURES.index(name) for name in ("depth", "log_amplitude", "evidence")]
    rest = [k for k in range(len(FEATURES)) if k not in sized]
    np.testing.assert_allclose(one.frequency, other.frequency, rtol=1e-9)
    np.testing.assert_allclose(one.features[:, rest], other.features[:, rest], atol=1e-5)
    # Amplitudes are logarithms: a quarter of the light is -0.6 dex.
    np.testing.assert_allclose(other.features[:, sized[0]] - one.features[:, sized[0]], np.log10(0.25), atol=1e-6)


def test_shape_of_a_known_curve() -> None:
    lcs = made.star("EA", 2.7183, noise=1e-4, n=400)
    found = candidates(lcs.time, levelled(lcs), lcs.flux_err.astype(float)).candidates
    right = int(np.argmin(np.abs(1 / found.frequency - 2.7183)))
    said = dict(zip(FEATURES, found.features[right], strict=True))
    assert said["second_phase"] == pytest.approx(0.5, abs=0.04)
    assert said["second_depth"] == pytest.approx(0.15 / 0.45, abs=0.1)
    assert said["below_middle"] < 0.15
    assert said["n_minima"] == 2
