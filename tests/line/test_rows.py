from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import goodricke
from goodricke.decide import Conformal, ThresholdTable
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, classify
from line.made import bad_stars, good_stars, soft_model, star
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")

CLASSES = ("CONST", "EA", "EW", "RRAB")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return soft_model(small_bundle(tmp_path_factory))


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    """Five good ones and a bad one in the middle."""
    good = good_stars()
    return concatenate([good[:2], bad_stars()["few"][0], good[2:]])


@pytest.fixture(scope="module")
def fine() -> np.ndarray:
    return np.array([0, 1, 3, 4, 5])


def test_priors_shift_every_column_by_wanted_over_trained(model: Model, stars: LightCurves, fine: np.ndarray) -> None:
    plain, shifted = classify(stars, model), classify(stars, model, priors="EA=0.7,EW=0.1,RRAB=0.1,CONST=0.1")
    trained = np.array([model.bundle.manifest["priors"][name] for name in CLASSES])
    assert plain.classes == CLASSES
    by_hand = plain.probabilities * np.array([0.1, 0.7, 0.1, 0.1]) / trained
    by_hand /= by_hand.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shifted.probabilities[fine], by_hand[fine], rtol=1e-12)
    assert shifted.label[fine].tolist() == [CLASSES[k] for k in by_hand[fine].argmax(axis=1)]
    np.testing.assert_allclose(shifted.column("probability")[fine], by_hand[fine].max(axis=1), rtol=1e-12)
    assert np.isnan(shifted.probabilities[2]).all()
    # Sets promise their coverage for the shares of training, and stay.
    assert shifted.column("prediction_set").tolist() == plain.column("prediction_set").tolist()
    assert shifted.provenance["priors"] == "CONST=0.1,EA=0.7,EW=0.1,RRAB=0.1"
    assert "priors" not in plain.provenance


def test_equal_odds_by_equal_shares_of_any_number(model: Model, stars: LightCurves, fine: np.ndarray) -> None:
    """Uniform priors divide the shares of training out."""
    plain, even = classify(stars, model), classify(stars, model, priors=dict.fromkeys(CLASSES, 0.25))
    odds = plain.probabilities / np.array([model.bundle.manifest["priors"][name] for name in CLASSES])
    np.testing.assert_allclose(even.probabilities[fine], (odds / odds.sum(axis=1, keepdims=True))[fine], rtol=1e-12)


def test_classes_left_out_of_the_priors_keep_their_proportions(model: Model, stars: LightCurves) -> None:
    said = classify(stars[:1], model, priors={"EA": 0.5}).provenance["priors"]
    given = {name: float(share) for name, share in (pair.split("=") for pair in said.split(","))}
    trained = model.bundle.manifest["priors"]
    assert given["EA"] == 0.5
    rest = 0.5 / (1 - trained["EA"])
    for name in ("CONST", "EW", "RRAB"):
        assert given[name] == pytest.approx(trained[name] * rest, rel=1e-5)  # six digits are written


@pytest.mark.parametrize("priors", ["EAA=0.1", {"EA": 1.5}, "", {}, "EA", {"EA": float("nan")}])
def test_priors_that_are_none_are_refused(priors: object, model: Model, stars: LightCurves) -> None:
    with pytest.raises(OptionError):
        classify(stars[:1], model, priors=priors)  # type: ignore[arg-type]


def test_priors_are_estimated_by_the_stars_themselves(model: Model) -> None:
    many = concatenate([star("EW", 0.3 + 0.05 * k, f"EW {k}", k) for k in range(6)] + [star("EA", 2.0, "EA")])
    mixed = concatenate([many, bad_stars()["few"][0]])
    plain, shifted = classify(mixed, model), classify(mixed, model, priors="estimate")
    trained = np.array([model.bundle.manifest["priors"][name] for name in CLASSES])
    p, q = plain.probabilities[:7], trained.copy()
    for _ in range(20_000):  # Saerens et al. 2002, eq. 2.9, star by star
        r = p * q / trained
        q = (r / r.sum(axis=1, keepdims=True)).mean(axis=0)
    assert q[CLASSES.index("EW")] > 0.6
    by_hand = p * q / trained
    by_hand /= by_hand.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shifted.probabilities[:7], by_hand, atol=1e-4)
    said = {name: float(share) for name, share in (pair.split("=") for pair in shifted.provenance["priors"].split(","))}
    np.testing.assert_allclose([said[name] for name in CLASSES], q, atol=1e-4)
    assert np.isnan(shifted.probabilities[7]).all()


def test_nothing_is_estimated_from_failures_alone(model: Model) -> None:
    rows = classify(bad_stars()["few"][0], model, priors="estimate")
    assert rows[0]["status"] == "failed"
    said = [float(pair.split("=")[1]) for pair in rows.provenance["priors"].split(",")]
    np.testing.assert_allclose(said, model.priors, rtol=1e-5)


def test_sets_are_the_classes_down_to_the_limit(model: Model, stars: LightCurves, fine: np.ndarray) -> None:
    for limit in (0.5, 0.8, 0.9, 0.97):
        rows = classify(stars, replace(model, conformal=Conformal("aps", 0.05, (limit,), 4)))
        for k in fine:
            p = rows.probabilities[k]
            order, summed, inside = np.argsort(-p), 0.0, []
            for rank, j in enumerate(order):
                summed += p[j]
                if rank == 0 or summed <= limit:
                    inside.append(CLASSES[j])
            assert rows[int(k)]["prediction_set"] == " ".join(name for name in CLASSES if name in inside)
        assert rows[2]["prediction_set"] is None
    assert classify(stars[:1], replace(model, conformal=None))[0]["prediction_set"] is None


def passing(cut: float, pure: float) -> ThresholdTable:
    """Of every class 100 stars; above `cut` a label is `pure`, above 0 it is a coin's throw."""
    rows = []
    for k in range(4):
        low, high = np.full(4, 50.0 / 3), np.full(4, 40.0 * (1 / pure - 1) / 3)
        low[k], high[k] = 50.0, 40.0
        rows.append((tuple(low.tolist()), tuple(high.tolist())))
    return ThresholdTable(CLASSES, (100.0,) * 4, True, ((0.0, cut),) * 4, tuple(rows))


def test_purity_abstains_below_the_cut_and_says_so(model: Model, stars: LightCurves) -> None:
    plain = classify(stars, model)
    top = plain.column("probability")
    cut = float(np.sort(top[[0, 1, 3, 4]])[2] - 1e-9)  # two of the four sure stars pass
    asked = classify(stars, replace(model, thresholds=passing(cut, 0.99)), purity=0.95)
    for k in (0, 1, 3, 4):
        row = asked[k]
        label, p = row["label"], row["probability"]
        assert label == plain[k]["label"]
        assert p == plain[k]["probability"]
        if p >= cut:
            assert (row["status"], row["reason"]) == ("ok", "")
        else:
            said = f"too unsure for the purity asked for: {label} has {p:.3f}, at least {cut:.3f}"
            assert (row["status"], row["reason"]) == ("abstained", said)
    assert (asked.column("status") == "ok").sum() == 2
    # A star that had a reason before keeps it, and a failed one has that of its failure alone.
    assert asked[5]["reason"].startswith(plain[5]["reason"] + "; too unsure")
    assert asked[2]["reason"] == plain[2]["reason"]


def test_a_purity_that_cannot_be_had_is_no_class_at_all(model: Model, stars: LightCurves) -> None:
    rows = classify(stars[:2], replace(model, thresholds=passing(0.9, 0.9)), purity=0.99)
    assert rows.column("status").tolist() == ["abstained"] * 2
    assert [row["reason"] for row in rows] == [
        f"the purity asked for cannot be had for {name}" for name in ("EA", "EW")
    ]
    with pytest.raises(OptionError, match="no table of thresholds"):
        classify(stars[:2], replace(model, thresholds=None), purity=0.9)
    with pytest.raises(OptionError, match=r"1\.5 was asked for"):
        classify(stars[:2], model, purity=1.5)


def test_a_label_that_only_the_priors_made_is_not_pure(model: Model, stars: LightCurves) -> None:
    """The table counts stars by the class that is likeliest at the shares of training."""
    generous = replace(model, thresholds=passing(1e-6, 0.99999))
    priors = {"CONST": 0.98, "EA": 0.02, "EW": 0.0, "RRAB": 0.0}
    row = classify(stars[:1], generous, priors=priors, purity=0.5)[0]
    assert row["label"] == "CONST"
    assert "too unsure for the purity asked for: likeliest only with the shares asked for" in row["reason"]


def test_reasons_to_abstain_become_the_status(model: Model, stars: LightCurves) -> None:
    limits = replace(model.limits, n_points=100, novelty=0.0, probability=0.0)
    rows = classify(stars, replace(model, limits=limits))
    assert rows.column("status").tolist() == ["abstained"] * 2 + ["failed"] + ["abstained"] * 3
    assert rows[0]["reason"] == "too few points: 90, at least 100"
    assert rows[0]["label"] == "EA"
    assert rows[0]["probability"] > 0.5


def test_a_constant_star_needs_no_period(model: Model, stars: LightCurves) -> None:
    """That no period stands out, and that there is no amplitude, speaks for CONST and against all others."""
    strict = replace(model.limits, false_alarm=-1.0, amplitude_over_noise=1e9, cycles=1e9, novelty=0.0, probability=0.0)
    rows = classify(stars, replace(model, limits=strict))
    assert rows[4]["label"] == "CONST"
    assert (rows[4]["status"], rows[4]["reason"]) == ("ok", "")
    for words in ("span of few periods", "amplitude below noise", "no period stands out"):
        assert words in rows[0]["reason"]


def test_provenance_and_columns(model: Model, stars: LightCurves) -> None:
    import hashlib
    from importlib.metadata import version

    rows = classify(stars, model)
    content = (model.bundle.folder / "arrays.npz").read_bytes()
    chooser = Path(goodricke.__file__).parent / "models" / "bundles" / "period-chooser-1"
    assert rows.provenance == {
        "model": "small-1",
        "model_sha256": hashlib.sha256(content).hexdigest(),
        "period_chooser_sha256": hashlib.sha256((chooser / "trees.npz").read_bytes()).hexdigest(),
        "goodricke_version": version("goodricke"),
    }
    assert set(rows.column("model")) == {"small-1"}
    names = rows.table.column_names
    assert names[:7] == ["object_id", "survey", "ra", "dec", "model", "label", "probability"]
    assert names[7:11] == [f"prob_{name}" for name in CLASSES]
    assert names[-2:] == ["status", "reason"]
    assert len(names) == len(set(names))


def test_the_measured_numbers_are_those_of_the_curve(model: Model, stars: LightCurves) -> None:
    row = classify(stars[:1], model)[0]
    assert row["n_points"] == 90
    assert row["span_days"] == pytest.approx(float(np.ptp(stars[:1].time)))
    flux = np.asarray(stars[:1].flux, dtype=np.float64)
    low, high = np.quantile(flux / np.median(flux), [0.05, 0.95])
    assert row["amplitude"] == pytest.approx(high - low, rel=0.02)  # another interpolation between points
    assert row["amplitude_mag"] == pytest.approx(2.5 * np.log10(high / low), rel=0.02)
    assert row["snr"] == pytest.approx((high - low) / np.median(stars[:1].flux_err), rel=0.05)
    assert row["morphology"] is not None
    assert 0.0 < row["novelty"] <= 1.0
    assert row["mag"] is None  # the stars came as fluxes without a zero point
