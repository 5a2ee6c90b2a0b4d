"""What is exported against scikit-learn's own models, fitted beside to the same stars."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # boosting crawls when its threads wait for a busy core

import sys
import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import log_softmax

from goodricke.errors import DataError, MissingDependency, OptionError
from goodricke.models.predictor import Predictor
from goodricke.models.scaling import Scaling
from goodricke.train.classical import (
    ABSENT,
    SETTINGS,
    Fitted,
    averaged,
    class_weights,
    fit,
)
from goodricke.train.importance import permutation_importance
from goodricke.train.tree_arrays import binned

pytest.importorskip("sklearn")

N, K = 700, 6
SMALL: dict[str, dict[str, Any]] = {
    "boosted_trees": {"max_iter": 12, "max_leaf_nodes": 12},
    "random_forest": {"n_estimators": 12, "max_leaf_nodes": 60},
    "mlp": {"members": 2, "hidden_layer_sizes": (8, 5), "max_iter": 30, "learning_rate_init": 0.01},
    "knn": {"n_neighbors": 7},
    "svm": {},
    "naive_bayes": {},
}


def stars(classes: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Features of which many are unknown, one never known, one with few values and one over many decades."""
    rng = np.random.default_rng(len(classes))
    target = rng.choice(len(classes), size=N, p=np.arange(1, len(classes) + 1) / sum(range(1, len(classes) + 1)))
    rows = rng.normal(size=(N, K)) + rng.normal(size=(len(classes), K))[target]
    rows[:, 2] = np.exp(4 * rows[:, 2])
    rows[:, 3] = rows[:, 3].round()
    rows[rng.random(rows.shape) < 0.15] = np.nan
    rows[:, 1] = np.where(np.isnan(rows[:, 1]), 0, rows[:, 1])
    rows[:, 5] = np.nan
    rows[0, 0] = np.inf
    return rows.astype(np.float32), np.array(classes)[target]


def logits(model: Fitted | Predictor, rows: NDArray[Any]) -> NDArray[np.float32]:
    return (model.predictor() if isinstance(model, Fitted) else model).logits({"features": rows})


def clean(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """What scikit-learn is given: NaN for infinite, 0 in the column that nobody has."""
    known = np.where(np.isfinite(rows), rows, np.nan)
    known[:, 5] = 0
    return known


def on_thresholds(arrays: dict[str, NDArray[Any]], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows that lie on thresholds and one step of float32 beside them."""
    rows, rng = rows.copy(), np.random.default_rng(0)
    inner = np.flatnonzero(arrays["feature"] >= 0)
    for row in rows:
        for node in rng.choice(inner, 3):
            step = rng.choice([-np.inf, np.inf])
            at = arrays["threshold"][node]
            with np.errstate(over="ignore"):  # an infinite threshold is stored as the largest number
                beside = np.nan_to_num(np.nextafter(at, np.float32(step)))
            row[arrays["feature"][node]] = rng.choice([at, beside])
    return rows


def in_bins(rows: NDArray[np.float32], borders: list[NDArray[np.float64]]) -> NDArray[np.float32]:
    """How many borders every number is larger than, counted one by one."""
    larger = [(rows[:, [k]].astype(np.float64) > border[None, :]).sum(axis=1) for k, border in enumerate(borders)]
    return np.where(np.isnan(rows), np.nan, np.stack(larger, axis=1)).astype(np.float32)


def test_bins_hold_like_numbers_of_stars_and_no_number_between_two() -> None:
    rows = np.random.default_rng(0).normal(size=(5000, 3)).astype(np.float32)
    rows[:, 1] = np.round(rows[:, 1])
    rows[::7, 2] = np.nan
    codes, borders = binned(rows)
    np.testing.assert_array_equal(codes, in_bins(rows, borders))
    assert [len(border) for border in borders] == [254, len(np.unique(rows[:, 1])) - 1, 254]
    counts = np.bincount(codes[:, 0].astype(int))
    assert counts.min() >= 5000 // 255 - 1
    assert counts.max() <= 5000 // 255 + 2


@pytest.mark.parametrize("classes", [(0, 1, 2, 3), (0, 2, 4), (1, 3)])
def test_boosted_trees(classes: tuple[int, ...]) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, target = stars(classes)
    found = fit("boosted_trees", rows, target, 5, settings=SMALL["boosted_trees"], seed=4)
    own = {k: v for k, v in found.settings.items() if k != "class_weights"}
    model = HistGradientBoostingClassifier(**own, early_stopping=False, random_state=4)
    codes, borders = binned(clean(rows))
    model.fit(codes, target, sample_weight=np.ones(N))
    for tested in (clean(rows), on_thresholds(found.arrays, clean(rows)), np.full((1, K), np.nan)):
        raw = model.decision_function(in_bins(tested, borders))
        expected = np.stack([np.zeros(len(raw)), raw], axis=1) if len(classes) == 2 else raw
        np.testing.assert_allclose(logits(found, tested)[:, classes], expected, rtol=1e-6, atol=1e-6)
    assert (np.delete(logits(found, rows), classes, axis=1) == ABSENT).all()


@pytest.mark.parametrize("classes", [(0, 1, 2, 3), (0, 2, 4), (1, 3)])
def test_random_forest(classes: tuple[int, ...]) -> None:
    from sklearn.ensemble import RandomForestClassifier

    rows, target = stars(classes)
    found = fit("random_forest", rows, target, 5, settings=SMALL["random_forest"], seed=4)
    own = {k: v for k, v in found.settings.items() if k != "class_weights"}
    model = RandomForestClassifier(**own, random_state=4).fit(clean(rows), target, sample_weight=np.ones(N))
    for tested in (clean(rows), on_thresholds(found.arrays, clean(rows)), np.full((1, K), np.nan)):
        expected = np.log(np.maximum(model.predict_proba(tested), 1e-4))
        np.testing.assert_allclose(logits(found, tested)[:, classes], expected, rtol=1e-6, atol=1e-6)
    assert np.delete(logits(found, rows), classes, axis=1).max() < -9


@pytest.mark.parametrize("classes", [(0, 1, 2, 3), (0, 2, 4), (1, 3)])
def test_mlp(classes: tuple[int, ...]) -> None:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    rows, target = stars(classes)
    found = fit("mlp", rows, target, 5, settings=SMALL["mlp"], seed=4)
    own = {k: v for k, v in found.settings.items() if k not in ("class_weights", "members")}
    seen = Scaling.fitted(clean(rows)).apply(clean(rows))
    logs = []
    for member in range(2):
        model = MLPClassifier(**own, random_state=4 + member)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(seen, target)
        logs.append(model.predict_log_proba(seen))
    # A class without stars has e-30 of the probability: nothing is taken from the others.
    np.testing.assert_allclose(logits(found, rows)[:, classes], np.mean(logs, axis=0), rtol=1e-6, atol=1e-6)
    assert np.delete(logits(found, rows), classes, axis=1).max() < -15


@pytest.mark.parametrize("classes", [(0, 1, 2, 3), (0, 2, 4), (1, 3)])
def test_svm(classes: tuple[int, ...]) -> None:
    from sklearn.svm import SVC

    rows, target = stars(classes)
    found = fit("svm", rows, target, 5, seed=4)
    seen = Scaling.fitted(clean(rows)).apply(clean(rows))
    raw = SVC(C=10.0).fit(seen, target).decision_function(seen)
    expected = np.stack([np.zeros(N), raw], axis=1) if len(classes) == 2 else raw
    np.testing.assert_allclose(logits(found, rows)[:, classes], expected, rtol=1e-6, atol=1e-6)
    assert (np.delete(logits(found, rows), classes, axis=1) == ABSENT).all()


@pytest.mark.parametrize("classes", [(0, 1, 2, 3), (1, 3)])
def test_knn(classes: tuple[int, ...]) -> None:
    from sklearn.neighbors import KNeighborsClassifier

    rows, target = stars(classes)
    found = fit("knn", rows[:500], target[:500], 5, settings=SMALL["knn"])
    scaling = Scaling.fitted(clean(rows[:500]))
    model = KNeighborsClassifier(7, weights="distance").fit(scaling.apply(clean(rows[:500])), target[:500])
    expected = np.log(np.maximum(model.predict_proba(scaling.apply(clean(rows[500:]))), 1e-4))
    np.testing.assert_allclose(logits(found, rows[500:])[:, classes], expected, rtol=1e-6, atol=1e-6)


def test_naive_bayes_where_all_is_known() -> None:
    from sklearn.naive_bayes import GaussianNB

    rows, target = stars((0, 2, 3))
    rows = np.where(np.isfinite(rows), rows, 0.5)
    weight = np.random.default_rng(0).uniform(0.2, 2, N)
    seen = Scaling.fitted(rows).apply(rows)
    # scikit-learn takes its smoothing from variances without weights, we from those with.
    spread = np.average((seen - np.average(seen, axis=0, weights=weight)) ** 2, axis=0, weights=weight)
    smoothing = 1e-2 * seen.var(axis=0).max() / spread.max()
    found = fit("naive_bayes", rows, target, 5, weights=weight, settings={"smoothing": smoothing})
    model = GaussianNB(var_smoothing=1e-2).fit(seen, target, sample_weight=weight)
    expected = np.maximum(model.predict_log_proba(seen), -30)
    np.testing.assert_allclose(logits(found, rows)[:, [0, 2, 3]], expected, rtol=1e-6, atol=1e-6)


def test_naive_bayes_learns_from_what_is_known() -> None:
    rows, target = stars((0, 1, 2))
    rows[target == 1, 4] = np.nan
    found = fit("naive_bayes", rows, target, 3)
    seen = Scaling.fitted(clean(rows), indicate=False).apply(clean(rows), impute=False)
    added = 1e-2 * np.nanvar(seen, axis=0).max()
    np.testing.assert_allclose(found.arrays["mean"][2], np.nanmean(seen[target == 2], axis=0), atol=1e-12)
    np.testing.assert_allclose(found.arrays["variance"][2], np.nanvar(seen[target == 2], axis=0) + added, atol=1e-12)
    assert found.arrays["mean"][1, 4] == pytest.approx(np.nanmean(seen[:, 4])), "that of all stars"


@pytest.mark.parametrize("family", SETTINGS)
def test_same_seed_same_arrays_and_better_than_guessing(family: str) -> None:
    rows, target = stars((0, 1, 2))
    one, two = (fit(family, rows[:500], target[:500], 3, settings=SMALL[family], seed=1) for _ in range(2))
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, two.arrays[name])
    right = np.mean(logits(one, rows[500:]).argmax(axis=1) == target[500:])
    assert right > np.bincount(target[500:]).max() / 200 + 0.05


@pytest.mark.parametrize("family", ["knn", "svm"])
def test_at_most_so_many_stars_are_kept(family: str) -> None:
    rows, target = stars((0, 1, 2))
    found = fit(family, rows, target, 3, settings={"most": 100}, seed=1)
    assert len(found.arrays["rows" if family == "knn" else "support"]) <= 100
    other = fit(family, rows, target, 3, settings={"most": 100}, seed=2)
    assert not np.array_equal(logits(found, rows), logits(other, rows))


@pytest.mark.parametrize("family", SETTINGS)
def test_class_weights_move_the_answers(family: str) -> None:
    rows, target = stars((0, 1, 2))
    rare = int(np.bincount(target).argmin())
    shares = []
    for option in ("none", "balanced"):
        model = fit(family, rows, target, 3, settings={**SMALL[family], "class_weights": option})
        shares.append((logits(model, rows).argmax(axis=1) == rare).mean())
    if family not in ("knn", "svm"):  # they know these stars by heart
        assert shares[1] > shares[0]
    assert shares[1] >= shares[0]


def test_class_weights() -> None:
    target = np.array([0] * 8 + [1] * 2)
    np.testing.assert_array_equal(class_weights(target, 3, "none"), 1)
    balanced = class_weights(target, 3, "balanced")
    assert balanced[1] / balanced[0] == pytest.approx(4)
    assert balanced[target].mean() == pytest.approx(1)
    half = class_weights(target, 3, 0.5)
    assert half[1] / half[0] == pytest.approx(2)
    for wrong in ("equal", 2, -1, True, None):
        with pytest.raises(OptionError, match="none, balanced, or a power from 0 to 1"):
            class_weights(target, 3, wrong)  # type: ignore[arg-type]


def test_average() -> None:
    rows, target = stars((0, 1, 2))
    members = [fit(family, rows, target, 3, settings=SMALL[family]) for family in ("boosted_trees", "naive_bayes")]
    both = averaged(members, [1, 3])
    parts = [log_softmax(logits(one, rows), axis=1) for one in members]
    np.testing.assert_allclose(logits(both, rows), 0.25 * parts[0] + 0.75 * parts[1], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(logits(averaged(members), rows), np.mean(parts, axis=0), rtol=1e-6, atol=1e-6)
    with pytest.raises(OptionError, match="shares of 2 members"):
        averaged(members, [1])
    with pytest.raises(DataError, match="same features and classes"):
        averaged([members[0], fit("naive_bayes", rows[:, :3], target, 3)])


def test_importance_finds_the_feature_that_matters() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(800, 4)).astype(np.float32)
    target = (rows[:, 2] > 0).astype(np.int64)
    found = fit("naive_bayes", rows[:400], target[:400], 2).predictor()
    importance = permutation_importance(found, rows[400:], target[400:], {"none": [0, 1], "all": [2, 3]}, seed=3)
    assert [one.group for one in importance] == ["all", "none"]
    # Shuffled, half of the labels are right by chance.
    before = np.mean(found.logits({"features": rows[400:]}).argmax(axis=1) == target[400:])
    assert importance[0].accuracy == pytest.approx(before - 0.5, abs=0.05)
    assert abs(importance[1].accuracy) < 0.03
    assert importance[0].loss > 0.5 > abs(importance[1].loss)
    again = permutation_importance(found, rows[400:], target[400:], {"none": [0, 1], "all": [2, 3]}, seed=3)
    assert again == importance


@pytest.mark.parametrize(
    ("family", "settings", "words"),
    [
        ("forest", {}, "family 'forest' cannot be trained here; there are boosted_trees"),
        ("mlp", {"member": 3}, "setting 'member' of mlp is not known; did you mean 'members'"),
        ("mlp", {"??": 3}, "there are members, hidden_layer_sizes"),
    ],
)
def test_wrong_options(family: str, settings: dict[str, Any], words: str) -> None:
    rows, target = stars((0, 1))
    with pytest.raises(OptionError, match=words):
        fit(family, rows, target, 2, settings=settings)


def test_wrong_arrays() -> None:
    rows, target = stars((0, 1))
    for arguments in ((rows, target[:-1], None), (rows[:, 0], target, None), (rows, target, np.ones(3))):
        with pytest.raises(DataError, match=r"must be \(N, K\), \(N,\) and \(N,\)"):
            fit("mlp", *arguments[:2], 2, weights=arguments[2])
    for wrong in (np.zeros(N, int), target - 1, target + 1):
        with pytest.raises(DataError, match="at least two classes from 0 to 1"):
            fit("mlp", rows, wrong, 2)


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    rows, target = stars((0, 1))
    with pytest.raises(MissingDependency, match="scikit-learn"):
        fit("knn", rows, target, 2)
