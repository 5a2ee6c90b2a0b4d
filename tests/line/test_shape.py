from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodricke import read
from goodricke.clean import clean
from goodricke.decide import morphology
from goodricke.examples import path as example
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, classify, load_model
from goodricke.line.embed import embed
from goodricke.line.shape import shapes
from goodricke.models.onnx_graph import OnnxGraph
from goodricke.period import find_periods
from goodricke.represent.features import features
from line import seer
from line.made import bad_stars, good_stars

CLASSES = ("CONST", "EA", "EB", "EW", "ELL")
SURE = np.array([[0.1, 0.3, 0.3, 0.3, 0.0]])


def level(k: int, steps: int = 7) -> np.ndarray:
    """A head that is sure."""
    return 200.0 * np.eye(steps)[[k]]


def test_the_words_of_the_catalogue_are_where_its_classes_are() -> None:
    """EC, ESD and ED are EW, EB and EA; halfway between the words stand the borders of Matijevic et al. (2012)."""
    for k, name in ((0, "EW"), (3, "EB"), (6, "EA")):
        alone = (np.array(CLASSES) == name).astype(float)[None]
        np.testing.assert_allclose(shapes(SURE, CLASSES, level(k)), morphology(alone, CLASSES))
    np.testing.assert_allclose(shapes(SURE, CLASSES, level(6)), 0.0, atol=1e-12)
    for first, second, border in ((2, 1, 0.7), (5, 4, 0.5)):
        both = 200.0 * np.eye(7)[[first]] + 200.0 * np.eye(7)[[second]]
        np.testing.assert_allclose(shapes(SURE, CLASSES, both), border)


def test_it_falls_from_contact_to_detached_with_any_number_of_steps() -> None:
    for steps in (2, 5, 7):
        found = [shapes(SURE, CLASSES, level(k, steps))[0] for k in range(steps)]
        assert (np.diff(found) < 0).all()
        np.testing.assert_allclose(found[:: steps - 1], [0.75, 0.0], atol=1e-12)


def test_the_mean_of_the_steps_counts() -> None:
    rng = np.random.default_rng(0)
    head = rng.normal(size=(50, 7))
    share = np.exp(head) / np.exp(head).sum(axis=1, keepdims=True)
    place = 2.0 - share @ np.arange(7) / 3.0  # EA 0, EB 1, EW 2
    wanted = np.interp(place, (0.0, 0.5, 1.5, 2.5), (0.0, 0.5, 0.7, 0.8))
    np.testing.assert_allclose(shapes(np.tile(SURE, (50, 1)), CLASSES, head), wanted)


def test_who_eclipses_is_said_by_the_classes() -> None:
    p = np.array([[0.6, 0.4, 0.0, 0.0, 0.0], [0.4, 0.6, 0.0, 0.0, 0.0], [np.nan] * 5])
    assert np.isnan(shapes(p, CLASSES, np.tile(level(0), (3, 1)))).tolist() == [True, False, True]
    # No word of the catalogue is ellipsoidal: that is the classes' to say.
    np.testing.assert_allclose(shapes(np.array([[0.0, 0.0, 0.0, 0.0, 1.0]]), CLASSES, level(6)), 1.0)
    np.testing.assert_allclose(
        shapes(np.array([[0.0, 0.5, 0.0, 0.0, 0.5]]), CLASSES, level(0)), morphology([[0, 0, 0, 0.5, 0.5]], CLASSES)
    )


@pytest.mark.parametrize("head", [None, np.zeros((1, 1))])
def test_without_a_head_the_probabilities_count(head: Any) -> None:
    np.testing.assert_array_equal(shapes(SURE, CLASSES, head), morphology(SURE, CLASSES))


def test_a_model_need_not_know_every_class() -> None:
    for classes in (("EA", "EW", "CONST"), ("CONST", "EB"), ("EW", "RRAB", "ELL")):
        p = np.isin(classes, ("EA", "EB", "EW")).astype(float)[None]
        np.testing.assert_allclose(shapes(p / p.sum(), classes, level(3)), 0.6)
    assert np.isnan(shapes(np.array([[0.5, 0.5]]), ("RRAB", "RRC"), level(3))).all()


# In the table ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["a graph", "beside trees"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("models")
    return seer.model(folder, beside_trees=request.param == "beside trees", with_head=True)


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    return concatenate([good_stars(), bad_stars()["few"][0]])


def test_the_head_of_the_model_is_asked_in_the_same_run(
    model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[str, ...]] = []
    run = OnnxGraph._run

    def counted(self: OnnxGraph, inputs: Any, names: Any) -> Any:
        runs.append(tuple(names))
        return run(self, inputs, names)

    monkeypatch.setattr(OnnxGraph, "_run", counted)
    found = classify(stars, model)
    assert runs == [("logits", "morphology")]
    cleaned = clean(stars)
    rows = features(cleaned, find_periods(cleaned), seer.NAMES).values
    head = seer.head(rows).astype(np.float64)
    wanted = shapes(found.probabilities, found.classes, head)
    told = np.isfinite(wanted)
    np.testing.assert_allclose(found.column("morphology"), wanted, atol=1e-5)
    assert told.tolist() == [*(found.probabilities[:5, :2].sum(axis=1) >= 0.5), False]
    assert np.abs(wanted - morphology(found.probabilities, found.classes))[told].max() > 0.05
    runs.clear()
    assert embed(stars, model)["embedding"].null_count == 0
    assert runs == [("logits", "embedding", "morphology")]


def test_shares_of_classes_do_not_move_a_star_between_them(model: Model, stars: LightCurves) -> None:
    plain, shifted = classify(stars, model), classify(stars, model, priors="EA=0.1,EW=0.8,RRAB=0.1")
    both = np.isfinite(plain.column("morphology")) & np.isfinite(shifted.column("morphology"))
    assert both.any()
    assert not np.allclose(plain.probabilities[both], shifted.probabilities[both])
    np.testing.assert_allclose(plain.column("morphology")[both], shifted.column("morphology")[both], atol=1e-12)


def test_no_star_and_only_bad_ones_have_the_same_columns(model: Model, stars: LightCurves) -> None:
    schema = classify(stars, model).table.schema
    assert classify(stars[:0], model).table.schema.equals(schema)
    assert classify(stars[5:], model).table.schema.equals(schema)


@pytest.mark.parametrize("name", ["variables", "folds"])
def test_models_that_ship(name: str) -> None:
    """Examples of survey files: an Algol, a star of the kind of beta Lyrae, one in contact, and a pulsator."""
    model = load_model(name)
    if "morphology" not in model.bundle.extras:
        pytest.skip(f"{model.name} has no head for the morphology")
    files = ("asassn_algol_type.csv", "gaia_dr3_beta_lyrae_type.csv", "OGLE-BLG-ECL-999999_I.dat", "ztf_rrab.csv")
    algol, lyrae, contact, pulsator = (classify(read(example(file)), model)[0] for file in files)
    assert [star["label"] for star in (algol, lyrae, contact, pulsator)] == ["EA", "EB", "EW", "RRAB"]
    assert algol["morphology"] < 0.5 < lyrae["morphology"] < 0.7 < contact["morphology"] <= 0.75
    assert pulsator["morphology"] is None
