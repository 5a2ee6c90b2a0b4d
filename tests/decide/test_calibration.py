from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import log_softmax

from decide.made import noise_of_calibration_error, sample
from goodricke.decide.calibration import KINDS, Calibration, best_of, fit
from goodricke.decide.reliability import calibration_error
from goodricke.errors import DataError, OptionError

PRIORS = [0.5, 0.3, 0.2]


def log_loss(p, target) -> float:
    return float(-np.mean(np.log(p[np.arange(len(p)), target])))


def distorted(logits, kind):
    """Logits that a calibration of this kind can put right."""
    if kind == "temperature":
        return 3.0 * logits
    if kind == "vector":
        return log_softmax(logits, axis=1) * [2.0, 0.7, 1.5] + [0.5, -1.0, 0.3]
    return log_softmax(logits, axis=1) @ np.array([[2.0, 0.3, 0.0], [-0.2, 1.5, 0.4], [0.3, 0.0, 0.8]]).T + [1, 0, -1]


@pytest.mark.parametrize("kind", ["temperature", "vector", "dirichlet"])
def test_the_exact_posterior_comes_back(kind) -> None:
    train, test = sample(20_000, PRIORS, 1), sample(20_000, PRIORS, 2)
    p = fit(distorted(train.logits, kind), train.target, kind=kind, ridge=1e-6).apply(distorted(test.logits, kind))
    before = Calibration("none", 3).apply(distorted(test.logits, kind))
    noise = noise_of_calibration_error(p, calibration_error)
    assert calibration_error(p, test.target) < noise < calibration_error(before, test.target)
    # d numbers fitted to n stars cost d / 2n of log loss on average: 12 / 40,000.
    assert log_loss(p, test.target) - log_loss(test.posterior, test.target) < 4 * 12 / 40_000
    assert np.abs(p - test.posterior).mean() < 0.01


def test_temperature_is_the_one_that_was_put_in() -> None:
    stars = sample(50_000, PRIORS, 3)
    # The information of a slope near 1 is about 1 per star at most; 0.02 is four errors of 50,000 stars.
    assert fit(3.0 * stars.logits, stars.target).slope[0] == pytest.approx(1 / 3.0, rel=0.02)


def test_temperature_is_that_of_scikit_learn() -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    calibrated = pytest.importorskip("sklearn.calibration")
    frozen = pytest.importorskip("sklearn.frozen")
    train, held, test = (sample(2000, PRIORS, seed) for seed in (4, 5, 6))
    model = linear.LogisticRegression(C=1e3).fit(train.x, train.target)
    model.coef_ *= 4.0
    try:
        peer = calibrated.CalibratedClassifierCV(frozen.FrozenEstimator(model), method="temperature")
        peer.fit(held.x, held.target)
    except ValueError:
        pytest.skip("this scikit-learn has no temperature scaling")
    ours = fit(model.decision_function(held.x), held.target).apply(model.decision_function(test.x))
    # Its line search stops at 64 epsilon of float32 logits' loss; probabilities then agree to 1e-3 or better.
    np.testing.assert_allclose(ours, peer.predict_proba(test.x), atol=1e-3)


def test_isotonic_puts_a_bent_curve_right() -> None:
    train, test = sample(20_000, [0.6, 0.4], 1), sample(20_000, [0.6, 0.4], 2)

    def bent(z):
        return np.sign(z - z.mean(axis=1, keepdims=True)) * np.abs(z - z.mean(axis=1, keepdims=True)) ** 1.7

    p = fit(bent(train.logits), train.target, kind="isotonic").apply(bent(test.logits))
    noise = noise_of_calibration_error(p, calibration_error)
    assert calibration_error(Calibration("none", 2).apply(bent(test.logits)), test.target) > 2 * noise
    # The curve is fitted to as many stars as test it, so its own noise adds to theirs in quadrature.
    assert calibration_error(p, test.target) < 1.5 * noise
    assert p.min() > 0
    assert p.max() < 1


@pytest.mark.parametrize("kind", KINDS)
def test_json_gives_the_same_bits(kind) -> None:
    stars = sample(500, PRIORS, 0)
    calibration = fit(2 * stars.logits, stars.target, kind=kind)
    again = Calibration.from_dict(json.loads(json.dumps(calibration.to_dict())))
    assert again == calibration
    np.testing.assert_array_equal(again.apply(stars.logits), calibration.apply(stars.logits))
    np.testing.assert_allclose(calibration.apply(stars.logits).sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_order_of_stars_and_classes_does_not_matter(kind) -> None:
    stars = sample(500, PRIORS, 0)
    z = distorted(stars.logits, "dirichlet")
    p = fit(z, stars.target, kind=kind).apply(z)
    rows, columns = np.random.default_rng(0).permutation(500), np.array([2, 0, 1])
    back = np.argsort(columns)
    moved = fit(z[rows], stars.target[rows], kind=kind).apply(z)
    turned = fit(z[:, columns], back[stars.target], kind=kind).apply(z[:, columns])
    # The search stops where the loss is flat within 1e-12, which is 1e-5 or so in the numbers.
    np.testing.assert_allclose(moved, p, atol=2e-4)
    np.testing.assert_allclose(turned, p[:, columns], atol=2e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_logits(kind) -> None:
    stars = sample(300, [0.6, 0.4, 0.0], 0, believed=PRIORS)  # the third class is absent
    z = stars.logits.copy()
    z[5, 2] = -np.inf
    calibration = fit(z, stars.target, kind=kind)
    p = calibration.apply(np.float32([[np.nan, 0, 0], [np.inf, 0, 0], [-np.inf, 1, 2], [1e30, -1e30, 0], [0, 0, 9]]))
    assert np.isnan(p[:2]).all()
    np.testing.assert_allclose(p[2:].sum(axis=1), 1)
    assert p[4].argmax() == 2  # what was not there to be calibrated can still be found
    assert calibration.apply(np.empty((0, 3))).shape == (0, 3)
    single = fit(z[:1], stars.target[:1], kind=kind).apply(z)
    assert np.isfinite(single).all()


def test_weights_count_as_repeated_stars() -> None:
    stars = sample(300, PRIORS, 0)
    times = np.random.default_rng(0).integers(0, 3, 300)
    for kind in ("temperature", "vector", "isotonic"):
        weighed = fit(stars.logits, stars.target, times, kind=kind)
        repeated = fit(np.repeat(stars.logits, times, axis=0), np.repeat(stars.target, times), kind=kind)
        np.testing.assert_allclose(weighed.apply(stars.logits), repeated.apply(stars.logits), atol=2e-3)


@pytest.mark.parametrize(
    ("made", "wanted"), [("none", "none"), ("temperature", "temperature"), ("dirichlet", "dirichlet")]
)
def test_the_simplest_kind_that_is_enough_is_chosen(made, wanted) -> None:
    stars = sample(4000, PRIORS, 7)
    z = stars.logits if made == "none" else distorted(stars.logits, made)
    chosen, losses = best_of(z, stars.target, np.arange(4000) % 5)
    assert chosen.kind == wanted
    assert set(losses) == set(KINDS)
    assert chosen == fit(z, stars.target, kind=chosen.kind)
    by_hand = np.empty(4000)
    for fold in range(5):
        out = np.arange(4000) % 5 == fold
        by_hand[out] = -np.log(fit(z[~out], stars.target[~out]).apply(z[out])[np.arange(800), stars.target[out]])
    assert losses["temperature"] == pytest.approx(by_hand.mean(), rel=1e-9)


def test_what_is_refused() -> None:
    z, target = np.zeros((4, 2)), np.array([0, 1, 0, 1])
    with pytest.raises(OptionError, match="there are none, temperature"):
        fit(z, target, kind="platt")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="not finite"):
        fit(np.full((4, 2), np.nan), target)
    with pytest.raises(DataError, match="no star"):
        fit(np.empty((0, 2)), np.empty(0, dtype=int))
    with pytest.raises(DataError, match=r"shape is \(4, 2\)"):
        Calibration("none", 3).apply(z)
    with pytest.raises(DataError, match="not a calibration"):
        Calibration("vector", 2, slope=(1.0,))
    with pytest.raises(DataError, match="two folds"):
        best_of(z, target, np.zeros(4))
    for kinds in ((), ("temperature", "platt")):
        with pytest.raises(OptionError, match="were asked for"):
            best_of(z, target, target, kinds=kinds)  # type: ignore[arg-type]
