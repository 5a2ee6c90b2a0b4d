"""Classical models fitted with scikit-learn, and turned into the plain arrays that ``goodricke.models`` runs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, MissingDependency, OptionError
from goodricke.models.families import family as family_of
from goodricke.models.predictor import Predictor, Signature, Tensor
from goodricke.models.scaling import Scaling
from goodricke.train.tree_arrays import binned, in_units, rounded_down, stacked

__all__ = ["SETTINGS", "Fitted", "averaged", "class_weights", "fit"]

Arrays = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]

ABSENT = -30.0
"""Logit of a class that no training star has."""

SETTINGS: dict[str, dict[str, Any]] = {
    "boosted_trees": {
        "max_iter": 200, "learning_rate": 0.06, "max_leaf_nodes": 31, "min_samples_leaf": 20,
        "l2_regularization": 1.0, "max_features": 0.4,
    },
    "random_forest": {
        "n_estimators": 200, "min_samples_leaf": 2, "max_leaf_nodes": 1024, "max_features": "sqrt",
    },
    "mlp": {
        "members": 3, "hidden_layer_sizes": (128, 64), "alpha": 1e-3, "learning_rate_init": 1e-3, "batch_size": 256,
        "max_iter": 30,
    },
    "knn": {"n_neighbors": 15, "most": 20_000},
    "svm": {"C": 10.0, "gamma": "scale", "most": 8_000},
    "naive_bayes": {"smoothing": 1e-2},
}  # fmt: skip
"""Family -> its settings and their defaults: scikit-learn's, besides

``members`` (perceptrons that are averaged), ``most`` (stars that are kept, a random choice) and ``smoothing`` (added to
every variance, in units of the largest). Every family also takes ``class_weights``, see `class_weights`.
"""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model: what a bundle of it holds.

    Parameters
    ----------
    family : str
        Row of ``goodricke.models.families``.
    arrays : dict
        Its weights.
    settings : dict
        What it was made with.
    n_features, n_classes : int
        What goes in and out.
    inputs : dict, optional
        Name -> shape where more goes in than features.
    """

    family: str
    arrays: Arrays
    settings: dict[str, Any]
    n_features: int
    n_classes: int
    inputs: dict[str, Tensor] | None = None

    @property
    def takes(self) -> dict[str, Tensor]:
        """Name -> shape of what goes in."""
        return {"features": Tensor((None, self.n_features))} if self.inputs is None else self.inputs

    def predictor(self) -> Predictor:
        """The model, ready to use, as a bundle of it would be."""
        return family_of(self.family).from_arrays(self.arrays, Signature(self.n_classes, self.takes, self.settings))


@dataclass(frozen=True, eq=False)
class _Task:
    """What a family is fitted to: unknown features are NaN, targets count the classes that there are."""

    features: NDArray[np.float32]
    target: NDArray[np.int64]
    weight: Floats
    present: NDArray[np.int64]
    n_classes: int
    settings: dict[str, Any] = field(repr=False)
    seed: int
    jobs: int

    def some(self) -> NDArray[np.int64]:
        """At most ``most`` of the stars, a random choice in their order."""
        rng = np.random.default_rng(self.seed)
        return np.sort(rng.permutation(len(self.target))[: self.settings["most"]])

    def widened(self, columns: NDArray[Any], filling: float) -> Floats:
        """Columns (..., present classes) with those of the other classes filled in."""
        wide = np.full((*columns.shape[:-1], self.n_classes), filling)
        wide[..., self.present] = columns
        return wide


def fit(
    family: str,
    features: NDArray[np.floating[Any]],
    target: NDArray[np.integer[Any]],
    n_classes: int,
    weights: NDArray[np.floating[Any]] | None = None,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    jobs: int = 1,
) -> Fitted:
    """Fit a model of one family.

    Parameters
    ----------
    family : str
        A key of `SETTINGS`.
    features : (N, K)
        Numbers of the stars; those that are not finite are unknown.
    target : (N,) int
        Class of every star, 0 to `n_classes` - 1. A class without stars gets a very low logit.
    n_classes : int
        Classes.
    weights : (N,), optional
        Weights of the stars.
    settings : mapping, optional
        What differs from `SETTINGS`.
    seed : int
        Of every random choice; the same seed gives the same arrays.
    jobs : int
        Threads.

    Returns
    -------
    Fitted
        Its predictor gives what scikit-learn's model gives, to 1e-6.

    Raises
    ------
    OptionError
        If the family or a setting is not known.
    DataError
        If the arrays do not fit together, or hold fewer than two classes.
    """
    if family not in SETTINGS:
        raise OptionError(f"family {family!r} cannot be trained here; there are {', '.join(SETTINGS)}")
    complete = _settings(family, settings or {})
    known = np.where(np.isfinite(features), features, np.nan).astype(np.float32)
    known[:, np.isnan(known).all(axis=0)] = 0.0  # what no star has says nothing; scikit-learn wants a number
    present, inside = np.unique(target, return_inverse=True)
    _check(known, target, weights, present, n_classes)
    weight = np.ones(len(target)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = weight * class_weights(target, n_classes, complete["class_weights"])[target]
    task = _Task(known, inside, weight * len(weight) / weight.sum(), present, n_classes, complete, seed, jobs)
    try:
        import sklearn  # noqa: F401
        from threadpoolctl import threadpool_limits
    except ImportError as error:
        raise MissingDependency("scikit-learn", "train") from error
    with threadpool_limits(limits=jobs):
        arrays = _FITS[family](task)
    return Fitted(family, arrays, complete, known.shape[1], n_classes)


def _settings(family: str, given: Mapping[str, Any]) -> dict[str, Any]:
    complete: dict[str, Any] = {**SETTINGS[family], "class_weights": "none"}
    for key in given:
        if key not in complete:
            near = get_close_matches(key, complete, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(complete)}"
            raise OptionError(f"setting {key!r} of {family} is not known; {hint}")
    return {**complete, **given}


def _check(
    features: NDArray[np.float32], target: NDArray[Any], weights: NDArray[Any] | None, present: NDArray[Any], n: int
) -> None:
    if (
        features.ndim != 2
        or target.shape != (len(features),)
        or (weights is not None and weights.shape != target.shape)
    ):
        raise DataError(
            f"features {features.shape}, target {target.shape} and weights"
            f" {None if weights is None else weights.shape} must be (N, K), (N,) and (N,)"
        )
    if len(present) < 2 or present[0] < 0 or present[-1] >= n:
        raise DataError(f"targets are {present[:20].tolist()}; at least two classes from 0 to {n - 1} are needed")


def class_weights(target: NDArray[np.integer[Any]], n_classes: int, option: str | float) -> Floats:
    """Weight of a star of every class (C,), the mean star with 1.

    Parameters
    ----------
    target : (N,) int
        Classes of the stars.
    n_classes : int
        Classes.
    option : "none", "balanced" or float
        A weight goes as this power of 1 / share of the class: "none" is 0, "balanced" is 1.

    Examples
    --------
    >>> class_weights(np.array([0, 0, 0, 1]), 2, "balanced").round(3)
    array([0.667, 2.   ])
    """
    powers: dict[Any, float] = {"none": 0.0, "balanced": 1.0}
    power = powers.get(option, option)
    if isinstance(power, bool) or not isinstance(power, int | float) or not 0 <= power <= 1:
        raise OptionError(f"class_weights is {option!r}; allowed: none, balanced, or a power from 0 to 1")
    share = np.maximum(np.bincount(target, minlength=n_classes), 1) / len(target)
    weight = share ** -float(power)
    return np.asarray(weight / weight[target].mean())


def _boosted_trees(task: _Task) -> Arrays:
    from sklearn.ensemble import HistGradientBoostingClassifier

    # scikit-learn looks for the borders of its bins star by star when stars have weights, which takes longer than all
    # trees; so it is given the numbers of the bins.
    codes, borders = binned(task.features)
    model = HistGradientBoostingClassifier(**_own(task), early_stopping=False, random_state=task.seed)
    model.fit(codes, task.target, sample_weight=task.weight)
    binary = len(task.present) == 2  # one tree a round: the log odds of the second class
    parts, outputs = [], []
    for one_round in model._predictors:
        for k, tree in enumerate(one_round):
            nodes = tree.nodes
            leaf = nodes["is_leaf"].astype(bool)
            parts.append(
                {
                    "feature": np.where(leaf, -1, nodes["feature_idx"].astype(np.int64)),
                    "threshold": rounded_down(in_units(nodes, leaf, borders)),
                    "missing_left": nodes["missing_go_to_left"].astype(bool) & ~leaf,
                    "left": nodes["left"].astype(np.int64),
                    "right": nodes["right"].astype(np.int64),
                    "value": np.where(leaf, nodes["value"], 0.0).astype(np.float32),
                }
            )
            outputs.append(task.present[k + binary])
    start = model._baseline_prediction.ravel()
    baseline = task.widened(np.array([0.0, start[0]]) if binary else start, ABSENT)
    return {**stacked(parts), "output": np.array(outputs, dtype=np.int16), "baseline": baseline}


def _random_forest(task: _Task) -> Arrays:
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(**_own(task), random_state=task.seed, n_jobs=task.jobs)
    model.fit(task.features, task.target, sample_weight=task.weight)
    parts = []
    for grown in model.estimators_:
        tree = grown.tree_
        leaf = tree.children_left < 0
        share = tree.value[:, 0, :] / tree.value[:, 0, :].sum(axis=1, keepdims=True) / len(model.estimators_)
        parts.append(
            {
                "feature": np.where(leaf, -1, tree.feature),
                "threshold": rounded_down(np.where(leaf, 0.0, tree.threshold)),
                "missing_left": tree.missing_go_to_left.astype(bool) & ~leaf,
                "left": np.where(leaf, 0, tree.children_left),
                "right": np.where(leaf, 0, tree.children_right),
                "value": task.widened(np.where(leaf[:, None], share, 0.0), 0.0).astype(np.float32),
            }
        )
    return {**stacked(parts), "baseline": np.zeros(task.n_classes)}


def _own(task: _Task, *others: str) -> dict[str, Any]:
    """Settings that are scikit-learn's."""
    return {key: value for key, value in task.settings.items() if key not in ("class_weights", *others)}


def _mlp(task: _Task) -> Arrays:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    scaling = Scaling.fitted(task.features)
    seen = scaling.apply(task.features)
    layers: list[list[NDArray[Any]]] = []
    for member in range(task.settings["members"]):
        model = MLPClassifier(**_own(task, "members"), random_state=task.seed + member)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the number of rounds is a setting
            model.fit(seen, task.target, sample_weight=task.weight)
        weight, bias = [*model.coefs_], [*model.intercepts_]
        if len(task.present) == 2:  # one output: the log odds of the second class
            weight[-1], bias[-1] = np.pad(weight[-1], ((0, 0), (1, 0))), np.pad(bias[-1], (1, 0))
        weight[-1], bias[-1] = task.widened(weight[-1], 0.0), task.widened(bias[-1], ABSENT)
        layers.append([*weight, *bias])
    stacked = [np.stack(same) for same in zip(*layers, strict=True)]
    deep = len(stacked) // 2
    names = [*(f"weight{k}" for k in range(deep)), *(f"bias{k}" for k in range(deep))]
    return {**scaling.arrays(), **dict(zip(names, stacked, strict=True))}


def _knn(task: _Task) -> Arrays:
    scaling, some = Scaling.fitted(task.features), task.some()
    return {
        **scaling.arrays(),
        "rows": scaling.apply(task.features[some]).astype(np.float32),
        "label": task.present[task.target[some]].astype(np.int16),
        "weight": task.weight[some].astype(np.float32),
        "neighbours": np.array(min(task.settings["n_neighbors"], len(some)), dtype=np.int32),
    }


def _svm(task: _Task) -> Arrays:
    from sklearn.svm import SVC

    scaling, some = Scaling.fitted(task.features), task.some()
    model = SVC(**_own(task, "most"), random_state=task.seed)
    target = task.target[some]
    model.fit(scaling.apply(task.features[some]), target, sample_weight=task.weight[some])
    return {
        **scaling.arrays(),
        "support": model.support_vectors_.astype(np.float32),
        "dual": np.asarray(model.dual_coef_, dtype=np.float64),
        "intercept": np.asarray(model.intercept_, dtype=np.float64),
        "n_support": np.asarray(model.n_support_, dtype=np.int32),
        "gamma": np.array(model._gamma, dtype=np.float64),
        "present": task.present[model.classes_].astype(np.int16),
    }


def _naive_bayes(task: _Task) -> Arrays:
    """Weighted means and variances of what is known; a class that never has a feature gets those of all stars."""
    scaling = Scaling.fitted(task.features, indicate=False)
    seen = scaling.apply(task.features, impute=False)
    everyone_mean, everyone_var = _spread(seen, task.weight)
    smoothing = task.settings["smoothing"] * everyone_var.max()
    mean = np.tile(everyone_mean, (task.n_classes, 1))
    variance = np.tile(everyone_var, (task.n_classes, 1))
    prior = np.zeros(task.n_classes)
    for k, label in enumerate(task.present):
        here = task.target == k
        prior[label] = task.weight[here].sum() / task.weight.sum()
        own_mean, own_var = _spread(seen[here], task.weight[here])
        some = np.isfinite(seen[here]).any(axis=0)
        mean[label, some], variance[label, some] = own_mean[some], own_var[some]
    return {**scaling.arrays(), "mean": mean, "variance": variance + max(smoothing, 1e-9), "prior": prior}


def _spread(seen: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted mean and variance of every column; 0 and 1 where nothing is known."""
    known = np.isfinite(seen)
    total = known.T @ weight
    sure = np.maximum(total, np.finfo(np.float64).tiny)
    mean = np.where(known, seen, 0.0).T @ weight / sure
    variance = (np.where(known, seen - mean, 0.0) ** 2).T @ weight / sure
    return np.where(total > 0, mean, 0.0), np.where(total > 0, variance, 1.0)


_FITS: dict[str, Callable[[_Task], Arrays]] = {
    "boosted_trees": _boosted_trees,
    "random_forest": _random_forest,
    "mlp": _mlp,
    "knn": _knn,
    "svm": _svm,
    "naive_bayes": _naive_bayes,
}


def averaged(members: Sequence[Fitted], shares: Sequence[float] | None = None) -> Fitted:
    """One model that is the weighted mean of the log probabilities of several.

    Parameters
    ----------
    members : sequence of Fitted
        Of the same features and classes.
    shares : sequence of float, optional
        Their weights; equal ones otherwise.
    """
    sizes = {(one.n_features, one.n_classes) for one in members}
    if len(sizes) != 1:
        raise DataError(f"the members of an average must have the same features and classes; they have {sorted(sizes)}")
    share = np.ones(len(members)) if shares is None else np.asarray(shares, dtype=np.float64)
    if share.shape != (len(members),) or not (share >= 0).all() or not share.sum() > 0:
        raise OptionError(
            f"the shares of {len(members)} members are {shares}; one number each, not negative, is needed"
        )
    arrays = {f"{k}.{name}": array for k, one in enumerate(members) for name, array in one.arrays.items()}
    takes = {name: shape for one in members for name, shape in one.takes.items()}
    settings = {
        "members": [{"family": one.family, "settings": one.settings, "inputs": list(one.takes)} for one in members]
    }
    return Fitted("average", {**arrays, "share": share / share.sum()}, settings, *sizes.pop(), takes)
