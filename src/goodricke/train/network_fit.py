"""A network fitted to a material, and turned into the ONNX graph that ``goodricke.models`` runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.train.classical import Fitted
from goodricke.train.material import Material
from goodricke.train.stars import Augmentation, MaterialStars

__all__ = ["HELD_OUT", "fit_network", "held_out", "settings_of"]

Say = Callable[[str], None]
Flags = NDArray[np.bool_]

HELD_OUT = 0.1
"""Share of the stars to learn from by which training is stopped."""
_GOLDEN = 64
_ATTENTION, _MORPHOLOGY = 0.2, 0.5  # weights of what the second heads are taught, beside the classes


def settings_of(kind: type[Any], given: Mapping[str, Any], what: str) -> Any:
    """A dataclass of settings from a table of a recipe.

    Raises
    ------
    OptionError
        For a key that it does not have, or a value of the wrong kind.
    """
    known = {one.name: one for one in fields(kind)}
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise OptionError(f"setting {key!r} of {what} is not known; {hint}")
    made = kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()})
    for key in given:
        default, value = known[key].default, getattr(made, key)
        wrong = not isinstance(value, (int, float) if isinstance(default, float) else type(default))
        if wrong or isinstance(value, bool) != isinstance(default, bool):
            raise OptionError(f"setting {key} = {value!r} of {what} is not a {type(default).__name__}")
    return made


def held_out(material: Material, seen: Flags, seed: int) -> Flags:
    """The rows by whose loss training is stopped: a tenth of the seen stars, with all that was made of them."""
    names, first = np.unique(material.examples.object_id[seen], return_index=True)
    names = names[np.argsort(first)]  # in the order of the file, so that the choice does not hang on spelling
    chosen = np.random.default_rng(seed).permutation(names)[: max(int(len(names) * HELD_OUT), 1)]
    return seen & np.isin(material.examples.object_id, chosen)


def fit_network(
    material: Material, seen: Flags, target: NDArray[np.float32], classes: tuple[str, ...],
    network: str, settings: Mapping[str, Any], training: Mapping[str, Any], augmentation: Mapping[str, Any],
    folder: Path, seed: int = 0, threads: int = 1, say: Say = print,
) -> Fitted:  # fmt: skip
    """Train a network on the seen stars of a material.

    Parameters
    ----------
    material : Material
        N stars.
    seen : (N,) bool
        Those to learn from and to stop by.
    target : (N, C) float32
        See `MaterialStars`.
    classes : C names
        Of the target.
    network : str
        A row of ``goodricke.networks.table``.
    settings, training, augmentation : mappings
        What differs from the defaults of the network, of ``LoopSettings`` and of `Augmentation`.
    folder : Path
        Of the run: checkpoint and history; a killed run goes on from there.
    seed, threads : int
        Of every random choice; of torch.
    say : callable
        Told every epoch.
    """
    import torch

    from goodricke.networks.table import network as row_of
    from goodricke.train.loop import LoopSettings, fit
    from goodricke.train.onnx_export import exported, shapes_of

    torch.set_num_threads(threads)
    row = row_of(network)
    own = dict(settings)
    if "features" in {one.name for one in fields(row.settings)}:
        own["features"] = material.examples.values.shape[1]
    stop = held_out(material, seen, seed)
    learn, judge = np.flatnonzero(seen & ~stop), np.flatnonzero(stop)
    torch.manual_seed(seed)
    chosen = settings_of(row.settings, own, f"the network {network}")
    module = row.module(len(classes), chosen)
    _learn_scales(module, material, learn)
    change = settings_of(Augmentation, augmentation, "the augmentation")
    loop = settings_of(LoopSettings, training, "the training")
    stars, others = (MaterialStars(material, rows, target[rows], classes, change) for rows in (learn, judge))
    weights = sum(one.numel() for one in module.parameters())
    say(f"{network}: {weights:,} weights, {len(learn)} stars, {len(judge)} held out")
    loss = _loss(stars.target, loop) if network == "folds" else None
    fit(module, stars, others, loop, folder, seed, say, loss)
    some = np.linspace(0, len(judge) - 1, min(_GOLDEN, len(judge))).astype(int)
    sample = material.inputs(judge[some])
    content = exported(module, sample)
    made = {
        "network": network,
        "settings": json.loads(json.dumps(asdict(chosen))),
        "training": json.loads(json.dumps(asdict(loop))),
        "augmentation": asdict(change),
        "seed": seed,
        "weights": weights,
    }
    return Fitted("onnx", {"onnx": content}, made, material.examples.values.shape[1], len(classes), shapes_of(sample))


def _learn_scales(module: Any, material: Material, rows: NDArray[np.int64]) -> None:
    """Quantiles of what a network takes in as it was measured."""
    if hasattr(module, "feature_scores"):
        module.feature_scores.learn(material.examples.values[rows])
    if hasattr(module, "strength_scores"):
        there = np.isfinite(material.examples.tried[rows])
        module.strength_scores.learn(material.examples.strengths[rows][there])


def _loss(target: NDArray[np.float32], loop: Any) -> Any:
    """Of the classes, of the attention where the right candidate is known, of the morphology where it has a word."""
    import torch
    from torch import nn

    from goodricke.train.loop import class_weights, cross_entropy

    device = "cuda" if torch.cuda.is_available() else "cpu"
    classes = cross_entropy(class_weights(target, loop.class_weights).to(device))

    def loss(given: Any, targets: Mapping[str, Any]) -> Any:
        whole = classes(given, targets)
        right, level = targets["right"], targets["morphology"]
        last = given.attention.shape[1] - 1
        known, shaped = (right >= 0) & (right <= last), level >= 0
        if known.any():
            chosen = given.attention.gather(1, right.clamp(0, last)[:, None])[:, 0]
            # An augmented star may have lost the candidate, for which the attention is then nearly nothing.
            whole = whole - _ATTENTION * chosen[known].clamp(min=-10.0).mean()
        if shaped.any():
            whole = whole + _MORPHOLOGY * nn.functional.cross_entropy(given.morphology[shaped], level[shaped])
        return whole

    return loss
