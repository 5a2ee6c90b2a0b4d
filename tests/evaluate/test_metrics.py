from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluate.made import answers
from goodricke.evaluate.metrics import CLASS_METRICS, METRICS, model_scorer, told


def test_every_metric_of_the_table_is_computed_and_no_other() -> None:
    said = answers(200)
    said = replace(said, sets=said.probability > 0.2)
    found = model_scorer(said, "all")(np.ones((2, 200)))
    assert set(found) - {"risk"} == set(METRICS) | set(CLASS_METRICS)
    for name, value in found.items():
        assert value.shape == ((2, 4) if name in CLASS_METRICS else (2,)) or name == "risk"


def test_a_scope_is_the_model_on_those_stars_alone() -> None:
    said = answers(300)
    status = np.where(np.arange(300) % 3 == 0, "abstained", "ok")
    said = replace(said, status=status)
    weights = np.random.default_rng(0).integers(0, 3, (4, 300)).astype(float)
    decided = said.within("decided")
    found = model_scorer(said, "decided")(weights)
    alone = model_scorer(said.take(decided), "all")(weights[:, decided])
    for name in ("accuracy", "macro_f1", "brier", "ece", "aurc"):
        np.testing.assert_allclose(found[name], alone[name])
    assert "roc_auc" not in found


def test_without_probabilities_only_labels_are_scored() -> None:
    said = replace(answers(50), probability=None)
    found = model_scorer(said, "all")(np.ones((1, 50)))
    assert "macro_f1" in found
    assert not {"ece", "brier", "roc_auc"} & set(found)
    plain = told({key: value[0] for key, value in found.items()}, found, said.groups)
    assert plain["accuracy"]["value"] == said.right.mean()
    assert set(plain["classes"]["EA"]) == {"precision", "recall", "f1"}
