from __future__ import annotations

import numpy as np
import pytest

from goodricke.lightcurves import LightCurves
from goodricke.period.template import BINS
from goodricke.train.elsewhere import donors, observed, sampling


def waves(n: int, points: int = 400, err: float = 0.02, seed: int = 0) -> tuple[LightCurves, np.ndarray]:
    """Sines of amplitude 0.3 with their periods."""
    rng = np.random.default_rng(seed)
    period = rng.uniform(0.3, 3.0, n)
    time = np.sort(rng.uniform(0, 1000, (n, points)), axis=1)
    flux = 1 + 0.3 * np.sin(2 * np.pi * time / period[:, None]) + rng.normal(0, err, time.shape)
    names = np.repeat(np.arange(n), points)
    lcs = LightCurves.from_arrays(time.ravel(), flux=flux.ravel(), err=np.full(time.size, err), object_id=names)
    return lcs, period


def test_donors_hold_the_light_that_was_put_in() -> None:
    lcs, period = waves(6)
    found = donors(lcs, period)
    assert found.star.tolist() == list(range(6))
    assert found.curve.shape == (6, BINS)
    phase = (np.arange(BINS) + 0.5) / BINS
    truth = 1 + 0.3 * np.sin(2 * np.pi * phase)
    off = np.abs(found.curve / found.curve.mean(axis=1, keepdims=True) - truth)
    assert (np.quantile(off, 0.95, axis=1) < 3 * found.error).all()
    assert off.max() < 0.06  # where a point or two decide, three errors of a point
    np.testing.assert_allclose(found.amplitude, 0.6, atol=0.03)
    assert (found.error < 0.02).all()


def test_stars_that_are_not_well_known_are_no_donors() -> None:
    lcs, period = waves(3)
    period[0] = np.nan
    assert donors(lcs, period).star.tolist() == [1, 2]
    noisy, its = waves(3, err=1.0)
    assert len(donors(noisy, its).star) == 0  # the amplitude is not six times the error of the fold
    few, its = waves(3, points=59)
    assert len(donors(few, its).star) == 0
    lcs, period = waves(1)
    gap = lcs.keep_points((lcs.time / period[0]) % 1.0 < 0.5)
    assert len(donors(gap, period).star) == 0


def test_the_light_is_seen_at_other_times_with_other_errors() -> None:
    lcs, period = waves(40)
    found = donors(lcs, period)
    names = np.array([f"star {k}" for k in range(40)])
    seen = observed(found, names, np.random.default_rng(3))
    assert seen.object_id.tolist() == names.tolist()
    pulls = []
    for k in range(40):
        here = slice(int(seen.offsets[k]), int(seen.offsets[k + 1]))
        angle = 2 * np.pi * seen.time[here] / period[k]
        columns = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=1)
        weight = 1 / seen.flux_err[here].astype(float)
        fit, *_ = np.linalg.lstsq(columns * weight[:, None], seen.flux[here] * weight, rcond=None)
        assert np.hypot(fit[1], fit[2]) / fit[0] == pytest.approx(0.3, rel=0.25)
        pulls.append(np.std((seen.flux[here] - columns @ fit) * weight))
    assert 0.6 < np.median(pulls) < 1.8  # errors are wrong by 0.7 to 1.5, and the fold has some of its own
    assert len({int(n) for n in seen.lengths}) > 20  # of 40 stars
    sigma = [np.median(seen.flux_err[a:b]) for a, b in zip(seen.offsets[:-1], seen.offsets[1:], strict=True)]
    assert min(sigma) >= 0.5 * found.error.min()
    assert max(sigma) > 5 * min(sigma)


def test_the_seed_decides() -> None:
    lcs, period = waves(3)
    found, names = donors(lcs, period), np.array(["a", "b", "c"])
    one, two, other = (observed(found, names, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.flux, two.flux)
    assert len(one.flux) != len(other.flux) or not np.array_equal(one.flux, other.flux)


@pytest.mark.parametrize("period", [0.06, 0.5, 12.0, 300.0])
def test_every_sampling_sees_the_period_and_every_kind_of_survey_comes(period: float) -> None:
    rng = np.random.default_rng(0)
    spans, steps, most = [], [], 0
    for _ in range(200):
        time, error = sampling(period, rng)
        assert (np.diff(time) > 0).all()
        assert 0.0003 <= error <= 0.05
        spans.append(time[-1] - time[0])
        steps.append(np.median(np.diff(time)))
        most = max(most, len(time))
    assert most <= 1600
    assert np.mean(np.array(spans) > 2 * period) > 0.75  # seasons cut some of them
    space = np.array(steps) < 0.03
    assert (0.05 < space.mean() < 0.6) if period < 10 else True
    assert np.mean(np.array(steps) > 0.5) > 0.1  # nightly
