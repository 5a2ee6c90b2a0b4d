from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from goodricke.clean import clean
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, load_model
from goodricke.line.seen import failed, joined, see
from goodricke.period import find_periods
from goodricke.represent.features import features, percentiles
from goodricke.represent.features.curves import Curves
from line.made import bad_stars, good_stars, soft_model
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return soft_model(small_bundle(tmp_path_factory))


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    return concatenate([good_stars()[:2], bad_stars()["fluxes"][0]])


def test_the_model_gets_the_features_of_the_cleaned_curve_at_the_period_found(model: Model, stars: LightCurves) -> None:
    seen = see(stars, model, None)
    cleaned = clean(stars)
    table = features(cleaned, find_periods(cleaned), model.feature_names)
    np.testing.assert_array_equal(seen.logits[:2], model.bundle.logits({"features": table.values[:2]}))
    assert model.novelty is not None
    np.testing.assert_array_equal(seen.novelty[:2], model.novelty.of(table.values[:2]))
    assert np.isnan(seen.logits[2]).all()
    assert np.isnan(seen.novelty[2])
    assert seen.failure.tolist() == ["", "", "all points have the same flux"]


def test_a_model_without_novelty_or_with_a_wild_point_in_the_curve(model: Model, stars: LightCurves) -> None:
    flux = stars.flux.copy()
    flux[10] = 50.0  # cleaned away before anything is measured
    wild = see(replace(stars, flux=flux), replace(model, novelty=None), None)
    assert np.isnan(wild.novelty).all()
    assert wild.facts["n_points"].tolist() == [89, 90, 90]
    assert wild.facts["amplitude"][0] < 1.0
    assert wild.logits[0].argmax() == see(stars, model, None).logits[0].argmax()


def test_the_magnitude_is_that_of_the_band_with_most_points(model: Model) -> None:
    rng = np.random.default_rng(0)
    band = np.array(["V"] * 30 + ["I"] * 60)
    mag = np.where(band == "V", 14.0, 12.0) + rng.normal(0, 0.1, 90)
    lcs = LightCurves.from_arrays(np.sort(rng.uniform(0, 500, 90)), mag=mag, err=np.full(90, 0.1), band=band)
    assert see(lcs, model, None).facts["mag"][0] == pytest.approx(np.median(mag[band == "I"]), abs=0.01)


@pytest.mark.parametrize("names", [None, ("skew", "log_n"), ("log_period",)])
def test_a_group_of_features_is_computed_once(names: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a model that asks for none of the group: the table has some of it."""
    model = load_model("variables")
    if names:
        about = {**model.bundle.manifest["representation"], "names": list(names)}
        inputs = {"features": {"shape": [None, len(names)], "dtype": "float32"}}
        bundle = replace(model.bundle, manifest={**model.bundle.manifest, "representation": about, "inputs": inputs})
        model = replace(model, bundle=bundle, novelty=None)
        monkeypatch.setattr(type(bundle), "outputs", lambda *_: {"logits": np.zeros((2, len(model.classes_)))})
    stars = good_stars()[:2]
    table = features(clean(stars), None, ("percentiles",))
    calls: list[int] = []
    compute = percentiles.compute

    def counted(curves: Curves) -> dict[str, NDArray[np.float64]]:
        calls.append(len(curves.n))
        return compute(curves)

    monkeypatch.setattr(percentiles, "compute", counted)
    seen = see(stars, model, None)
    assert calls == [2]
    assert np.isfinite(seen.logits).all()
    np.testing.assert_array_equal(seen.facts["amplitude_mag"], table.column("amplitude_mag").astype(np.float64))
    np.testing.assert_array_equal(seen.facts["snr"], 10.0 ** table.column("log_signal_to_noise").astype(np.float64))


def test_parts_are_joined_column_by_column_and_blanks_keep_their_kind(model: Model, stars: LightCurves) -> None:
    whole = see(stars, model, None)
    parts = [failed(stars[:1], 4, "no"), see(stars[1:3], model, None), failed(stars[:2], 4, "no again")]
    found = joined(parts)
    assert found.failure.tolist() == ["no", "", "all points have the same flux", "no again", "no again"]
    assert found.star["object_id"].tolist() == [*stars.object_id, *stars.object_id[:2]]
    np.testing.assert_allclose(found.logits[1], whole.logits[1])
    assert np.isnan(found.logits[[0, 3, 4]]).all()
    assert {*found.periods} == {*whole.periods}
    for columns, same in ((found.periods, whole.periods), (found.facts, whole.facts)):
        for name, column in columns.items():
            assert len(column) == 5
            assert column.dtype.kind == same[name].dtype.kind, name
    assert found.facts["n_points"].tolist() == [90, 90, 90, 90, 90]
    assert np.isnan(found.periods["period_days"][[0, 3, 4]]).all()
    assert found.periods["period_alias_2"][[0, 3]].tolist() == ["", ""]
    assert not found.periods["period_suspicious"][[0, 3, 4]].any()


def test_one_part_is_itself(stars: LightCurves) -> None:
    only = failed(stars, 4, "no")
    assert joined([only]) is only
