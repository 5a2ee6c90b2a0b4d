from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.lightcurves import concatenate
from goodricke.line import classify, load_model
from line.made import bad_stars, good_stars
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_bundle(tmp_path_factory)


def changed(bundle: Path, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of the bundle with another manifest."""
    copy = folder / bundle.name
    shutil.copytree(bundle, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    change(manifest)
    (copy / "manifest.json").write_text(json.dumps(manifest))
    return copy


def test_a_loaded_model_holds_what_the_manifest_says(bundle: Path) -> None:
    model = load_model(bundle)
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert model.name == "small-1"
    assert model.classes_ == ("CONST", "EA", "EW", "RRAB") == tuple(manifest["classes"])
    assert model.feature_names == tuple(manifest["representation"]["names"])
    np.testing.assert_array_equal(model.priors, [manifest["priors"][name] for name in model.classes_])
    assert model.priors.sum() == pytest.approx(1.0)
    assert json.loads(json.dumps(model.calibration.to_dict())) == manifest["calibration"]
    assert model.conformal is not None
    assert json.loads(json.dumps(model.conformal.to_dict())) == manifest["conformal"]
    assert model.thresholds is not None
    assert json.loads(json.dumps(model.thresholds.to_dict())) == manifest["thresholds"]
    assert model.limits.to_dict() == manifest["limits"]
    assert model.novelty is not None
    assert repr(model) == "<Model small-1: boosted_trees, 4 classes>"


def test_predict_and_predict_proba_are_classify(bundle: Path) -> None:
    model = load_model(bundle)
    stars = concatenate([good_stars()[:2], bad_stars()["few"][0]])
    rows = classify(stars, model)
    assert model.predict(stars).tolist() == ["EA", "EW", None]
    np.testing.assert_array_equal(model.predict_proba(stars), rows.probabilities)
    known = np.array([2.1, 0.5, 1.0])
    given = classify(stars, model, period_days=known)
    np.testing.assert_array_equal(model.predict_proba(stars, known), given.probabilities)
    assert model.predict(stars, known).tolist() == given.label.tolist()


def test_what_may_be_missing(bundle: Path, tmp_path: Path) -> None:
    def bare(manifest: dict[str, Any]) -> None:
        for key in ("conformal", "thresholds", "limits"):
            del manifest[key]

    model = load_model(changed(bundle, tmp_path, bare))
    assert model.conformal is None
    assert model.thresholds is None
    assert model.limits.n_points == 20
    row = classify(good_stars()[:1], model)[0]
    assert (row["label"], row["prediction_set"]) == ("EA", None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.pop("calibration"), "missing 'calibration'"),
        (lambda m: m.pop("priors"), "missing 'priors'"),
        (lambda m: m["priors"].pop("EW"), "missing 'EW'"),
        (lambda m: m.update(calibration={"kind": "magic", "n_classes": 4}), "magic"),
        (lambda m: m["calibration"].update(n_classes=3), "for 3 classes"),
        (lambda m: m.update(conformal={"score": "aps"}), "missing 'alpha'"),
        (lambda m: m.update(limits={"points": 3}), "limits points are not known"),
        (lambda m: m.update(limits="none"), "small-1"),
        (lambda m: m["thresholds"].pop("cuts"), "missing 'cuts'"),
        (lambda m: m.update(calibration=None), "small-1"),
        (lambda m: m.update(priors=None), "small-1"),
    ],
)
def test_a_manifest_that_cannot_decide_is_refused(
    change: Callable[[dict[str, Any]], object], says: str, bundle: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=says):
        load_model(changed(bundle, tmp_path, change))


def test_the_models_that_ship_load() -> None:
    model = load_model("variables")
    assert {"CONST", "EA", "EB", "EW", "RRAB"} <= set(model.classes_)
    assert model.priors.sum() == pytest.approx(1.0)
    assert model.novelty is not None
    assert model.thresholds is not None
    assert model.conformal is not None
