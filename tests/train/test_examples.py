from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from goodricke.clean import clean
from goodricke.evaluate.splits import folds_of
from goodricke.labels import LEAVES, leaf_of
from goodricke.lightcurves import concatenate
from goodricke.period import given_periods
from goodricke.represent.features import features
from goodricke.surveys import read
from goodricke.train import augment, period_chooser
from goodricke.train import examples as room
from goodricke.train.datasets import Labelled
from goodricke.train.examples import Examples, Recipe, gather, parts_of
from period import made
from train.made import SETS, config, quick, small_folder

pytest.importorskip("sklearn", reason="training needs the [train] extra")

RECIPE = config().examples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_folder(tmp_path_factory)


def gathered(recipe: Recipe, folder: Path, cache: Path | None = None) -> Examples:
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        return gather(recipe, folder / "sets", cache or folder / "cache", say=lambda _: None)


@pytest.fixture(scope="module")
def found(folder: Path) -> Examples:
    return gathered(RECIPE, folder)


def test_every_star_of_a_known_class_is_there_once_per_kind(found: Examples) -> None:
    """All but the two VAR, which teach nothing."""
    counts = {kind: int((found.kind == kind).sum()) for kind in ("whole", "thinned", "constant")}
    assert counts["whole"] == 35 + 18 + 2
    keys = list(zip(found.survey, found.object_id, found.kind, strict=True))
    assert len(set(keys)) == len(keys) == len(found)
    assert "VAR" not in found.label
    assert set(found.survey) == set(SETS)


def test_what_a_star_may_be_is_what_its_label_says(found: Examples) -> None:
    catalogue = {"crts_sss": "crts"}
    for k in range(len(found)):
        word = found.label[k]
        expected = ("CONST",) if found.kind[k] == "constant" else leaf_of(catalogue.get(found.survey[k], ""), word)
        assert {leaf for leaf, may in zip(LEAVES, found.allowed[k], strict=True) if may} == set(expected)


def test_all_pieces_of_a_star_are_in_the_fold_of_its_name(found: Examples, folder: Path) -> None:
    np.testing.assert_array_equal(found.fold, folds_of(found.object_id, 5))
    by_name: dict[str, set[int]] = {}
    for name, fold in zip(found.object_id.tolist(), found.fold.tolist(), strict=True):
        by_name.setdefault(name, set()).add(fold)
    assert all(len(folds) == 1 for folds in by_name.values())
    assert any((found.object_id == name).sum() > 1 for name in by_name)
    assert set(found.fold.tolist()) == {0, 1, 2, 3, 4}


def test_periods_are_chosen_in_the_folds_of_the_classifier() -> None:
    assert Recipe(sets=(), groups=()).folds == period_chooser.FOLDS == 5


def test_given_periods_are_the_catalogues(folder: Path, found: Examples) -> None:
    given = gathered(replace(RECIPE, period="given"), folder)
    truth = {}
    for name in SETS:
        for row in pq.read_table(folder / "sets" / f"{name}_labels.parquet").to_pylist():
            truth[row["object_id"]] = row["period_days"]
    real = given.kind != "constant"
    # One over its frequency.
    np.testing.assert_allclose(given.period[real], [truth[name] for name in given.object_id[real]], rtol=1e-15)
    # A constant star has none in the catalogue, and is searched.
    np.testing.assert_array_equal(given.period[~real], found.period[~real])
    searched = found.period[real] / given.period[real]
    assert 0.2 < np.mean(np.abs(searched - 1) < 2e-3) < 1.0
    # Its features are those of the line with the same period.
    lcs = clean(read(folder / "sets" / "crts_sss_obs.parquet"))[:3]
    days = np.array([truth[name] for name in lcs.object_id])
    table = features(lcs, given_periods(lcs, days), RECIPE.groups)
    rows = [int(np.flatnonzero((given.object_id == n) & (given.kind == "whole"))[0]) for n in lcs.object_id]
    np.testing.assert_allclose(given.values[rows], table.values, rtol=1e-5, atol=1e-5)
    assert given.names == table.names


def test_points_and_spans(found: Examples, folder: Path) -> None:
    lcs = clean(read(folder / "sets" / "asas3_acvs_obs.parquet"))
    whole = (found.kind == "whole") & (found.survey == "asas3_acvs")
    order = [found.object_id[whole].tolist().index(name) for name in lcs.object_id]
    np.testing.assert_array_equal(found.n_points[whole][order], lcs.lengths)
    spans = [float(np.ptp(star.time)) for star in lcs]
    np.testing.assert_allclose(found.span[whole][order], spans)
    thin = found.kind == "thinned"
    assert found.n_points[thin].max() < lcs.lengths.max()


def test_some_rows(found: Examples) -> None:
    few = found.some(found.kind == "thinned")
    assert len(few) == (found.kind == "thinned").sum()
    assert few.names == found.names
    assert set(few.kind) == {"thinned"}


def test_what_is_in_the_cache_is_not_done_again(folder: Path, found: Examples, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("done again")

    monkeypatch.setattr(room, "described", refused)
    monkeypatch.setattr(room, "features", refused)
    again = gathered(RECIPE, folder)
    np.testing.assert_array_equal(again.values, found.values)
    assert again.names == found.names


def test_the_name_in_the_cache_changes_with_recipe_data_and_code(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def key(recipe: Recipe = RECIPE, sets: Path = folder / "sets") -> str:
        parts = augment.all_parts(sets, recipe.sets, recipe.most, recipe.seed, recipe.thinned, recipe.constant)
        return room._key(recipe, parts)

    base = key()
    assert key() == base
    others = [replace(RECIPE, **change) for change in (
        {"seed": 4}, {"thinned": 0.3}, {"constant": 0.2}, {"most": 9}, {"folds": 4}, {"period": "given"},
        {"groups": ("moments",)}, {"sets": ("asas3_acvs",)},
    )]  # fmt: skip
    keys = [base, *(key(recipe) for recipe in others)]
    shutil.copytree(folder / "sets", tmp_path / "sets")
    table = pq.read_table(tmp_path / "sets" / "crts_sss_labels.parquet")
    pq.write_table(table.slice(0, table.num_rows), tmp_path / "sets" / "crts_sss_labels.parquet", compression="gzip")
    keys.append(key(sets=tmp_path / "sets"))
    package = Path(room.goodricke.__file__).parent
    for name in ("clean", "period", "represent", "train"):
        shutil.copytree(package / name, tmp_path / "goodricke" / name)
    monkeypatch.setattr(room.goodricke, "__file__", str(tmp_path / "goodricke" / "__init__.py"))
    assert key() == base
    (tmp_path / "goodricke" / "represent" / "features" / "slopes.py").write_text("steeper")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_a_killed_run_goes_on_with_its_candidates(
    folder: Path, found: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (folder / "cache").glob("candidates-*"):
        shutil.copy(file, tmp_path)
    missing = next(tmp_path.glob("candidates-ogle2_misc_small-*"))
    missing.unlink()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room, "features", killed)
        with pytest.raises(KeyboardInterrupt):
            gathered(RECIPE, folder, tmp_path)
    assert missing.exists()
    assert not list(tmp_path.glob("examples-*"))
    again = gathered(RECIPE, folder, tmp_path)
    np.testing.assert_array_equal(again.values, found.values)
    np.testing.assert_array_equal(again.period, found.period)


def test_what_can_have_no_period_teaches_nothing_even_when_nobody_asks(tmp_path: Path) -> None:
    """Prediction refuses such stars too."""
    lcs = concatenate([made.star("EA", 2.1, 1, n=90), made.star("EA", 2.2, 2, n=19), made.star("EA", 2.3, 3, n=20)])
    lcs = replace(lcs, object_id=np.array(["a", "b", "c"]))
    part = Labelled("asas3_acvs", lcs, np.full(3, "EA"), (("EA",),) * 3, np.full(3, 2.0), "0" * 64, np.full(3, -1))
    recipe = Recipe(sets=("asas3_acvs",), groups=("log_n",), period="none")
    found = gather(recipe, tmp_path, tmp_path, say=lambda _: None, parts=[part])
    assert found.object_id.tolist() == ["a", "c"]
    assert found.place.tolist() == [0, 2]
    assert np.isnan(found.period).all()
    assert np.isnan(found.tried).all()


def test_candidates_and_truth_stand_beside_the_features(found: Examples) -> None:
    """The period is the first candidate, sharpened; the truth is the catalogue's where it is to be trusted."""
    np.testing.assert_array_equal(np.isfinite(found.strengths[:, :, 0]), np.isfinite(found.tried))
    assert np.median(np.abs(found.tried[:, 0] * found.period - 1)) < 1e-3
    odds = np.where(np.isfinite(found.tried), found.strengths[:, :, 0], -np.inf)
    assert (np.diff(odds, axis=1)[np.isfinite(found.tried[:, 1:])] <= 0).all()  # likeliest first
    trusted = np.isfinite(found.truth)
    assert not trusted[(found.kind == "constant") | (found.label == "ECL")].any()
    assert trusted[np.isin(found.label, ["EA", "EW", "RRAB", "EW_EB"]) & (found.kind != "constant")].all()


def test_places_lead_back_to_the_light_curves(found: Examples, folder: Path) -> None:
    parts = parts_of(RECIPE, folder / "sets")
    for number in np.unique(found.part):
        rows = found.part == number
        np.testing.assert_array_equal(parts[number].lcs.object_id[found.place[rows]], found.object_id[rows])
        np.testing.assert_array_equal(parts[number].lcs.lengths[found.place[rows]], found.n_points[rows])
        assert {parts[number].kind} == set(found.kind[rows].tolist())
