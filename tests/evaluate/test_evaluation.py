from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from evaluate.made import CLASSES, tables
from goodricke.errors import DataError, OptionError
from goodricke.evaluate import EvaluationOptions, Report, evaluate


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    return tables(1500)


@pytest.fixture(scope="module")
def report(made: dict[str, pa.Table]) -> Report:
    models = {"model": made["model"], "other": made["other"]}
    return evaluate(models, made["truth"], EvaluationOptions(n_resamples=200))


def test_figures_are_those_of_scikit_learn_on_the_joined_table(made, report) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    frame = made["model"].to_pandas().merge(made["truth"].to_pandas(), on="object_id", suffixes=("", "_true"))
    frame = frame[~frame["label_mapped"].isin(["ECL", "UNLABELLED"])]
    truth = frame["label_mapped"].replace("RRAB", "VAR")
    label = frame["label"].replace("RRAB", "VAR").where(frame["status"] != "failed", "none")
    scores = report.models["model"]["scopes"]
    assert scores["all"]["accuracy"]["value"] == pytest.approx(metrics.accuracy_score(truth, label))
    names = ["EA", "EB", "EW", "VAR"]
    assert scores["all"]["macro_f1"]["value"] == pytest.approx(
        metrics.f1_score(truth, label, labels=names, average="macro")
    )
    ok = frame["status"] != "failed"
    p = frame.loc[ok, [f"prob_{word}" for word in CLASSES]]
    assert scores["answered"]["log_loss"]["value"] == pytest.approx(metrics.log_loss(truth[ok], p, labels=names))
    decided = frame["status"] == "ok"
    assert scores["decided"]["accuracy"]["value"] == pytest.approx(
        metrics.accuracy_score(truth[decided], label[decided])
    )
    assert report.models["model"]["statuses"] == {
        "ok": decided.sum(), "abstained": (frame["status"] == "abstained").sum(), "failed": (~ok).sum(),
    }  # fmt: skip


def test_what_was_left_out_is_counted(report) -> None:
    assert report.counts["ambiguous"] == {"ECL": 20}
    assert report.counts["unknown"] == {"UNLABELLED": 5}
    assert report.counts["compared"] == 1475 == sum(report.about["support"].values())
    reasons = {row["status"]: row["n"] for row in report.models["model"]["reasons"]}
    assert reasons["failed"] == report.models["model"]["statuses"]["failed"]
    assert report.models["model"]["model"] == ["synthetic-1"]


def test_baselines_and_other_models_stand_beside_it(report) -> None:
    assert list(report.models) == ["model", "other", "majority", "random by share"]
    difference = report.differences["other"]["accuracy"]
    all_of = {name: report.models[name]["scopes"]["all"]["accuracy"] for name in ("model", "other")}
    assert difference["value"] == pytest.approx(all_of["model"]["value"] - all_of["other"]["value"])
    # Paired: narrower than the two intervals added in quadrature, since both models miss the same stars.
    half = {name: (e["high"] - e["low"]) / 2 for name, e in all_of.items()}
    assert (difference["high"] - difference["low"]) / 2 < np.hypot(*half.values())
    majority = report.differences["majority"]["macro_f1"]
    assert 0 < majority["low"] < majority["high"]


def test_properties_and_periods(made, report) -> None:
    assert list(report.models["model"]["breakdown"]) == ["n_points", "span_days", "mag"]
    bins = report.models["model"]["breakdown"]["mag"]["bins"]
    # Faint stars were made to be guessed worse.
    assert bins[0]["accuracy"]["low"] > bins[-1]["accuracy"]["high"]
    rows = report.models["model"]["periods"]["rows"]
    assert rows[0]["n"] == 1500  # stars of an ambiguous class have a period too
    assert {row["class"] for row in rows} == {"all", "EA", "EB", "EW", "VAR", "ECL", "UNLABELLED"}
    assert "periods" not in report.models["other"]


def test_json_holds_it_and_the_same_seed_makes_the_same(made, report) -> None:
    models = {"model": made["model"], "other": made["other"]}
    again = evaluate(models, made["truth"], EvaluationOptions(n_resamples=200))
    assert json.dumps(again.to_dict()) == json.dumps(report.to_dict())
    other = evaluate(models, made["truth"], EvaluationOptions(n_resamples=200, seed=1))
    first, second = (r.models["model"]["scopes"]["all"]["accuracy"] for r in (report, other))
    assert first["value"] == second["value"]
    assert first["low"] != second["low"]


def test_levels_never_contradict_each_other(made) -> None:
    options = EvaluationOptions(view="eclipsing", n_resamples=0)
    two = evaluate({"m": made["model"]}, made["truth"], options)
    assert two.counts["ambiguous"] == {}
    assert two.about["groups"] == ["ECLIPSING", "OTHER"]
    assert two.models["m"]["scopes"]["all"]["accuracy"]["low"] is None


def test_a_label_column_and_a_catalogue(made) -> None:
    said = pa.table({"object_id": ["a", "b"], "label": ["EW", "EA"], "status": ["ok", "ok"]})
    known = pa.table(
        {"object_id": ["a", "b"], "label": ["?", "?"], "acvs_class": ["EC", "ED"], "period_days": [1.0, 2.0]}
    )
    options = EvaluationOptions(catalogue="acvs", label="acvs_class", n_resamples=10)
    found = evaluate({"m": said}, known, options)
    assert found.models["m"]["scopes"]["all"]["accuracy"]["value"] == 1.0
    assert "reliability" not in found.models["m"]
    with pytest.raises(DataError, match="no matched star has a class in the view '4class': the truth says"):
        evaluate({"m": said}, known)


def test_an_unknown_property_is_an_error_that_says_what_there_is(made) -> None:
    with pytest.raises(OptionError, match="'snr'; there are period_days, period_days_2, n_points, span_days, mag"):
        evaluate({"m": made["model"]}, made["truth"], EvaluationOptions(by=("snr",)))


def test_all_failed_and_one_star() -> None:
    known = pa.table({"object_id": ["a"], "label": ["EA"], "period_days": [np.nan]})
    said = pa.table(
        {"object_id": ["a"], "prob_EA": [np.nan], "status": ["failed"], "reason": ["x"], "period_days": [1.0]}
    )
    found = evaluate({"m": said}, known, EvaluationOptions(n_resamples=20))
    assert found.models["m"]["scopes"]["all"]["accuracy"]["value"] == 0.0
    assert list(found.models["m"]["scopes"]) == ["all"]
    assert "periods" not in found.models["m"]
    json.dumps(found.to_dict())
