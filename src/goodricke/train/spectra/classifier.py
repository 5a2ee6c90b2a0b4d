"""From a recipe to the bundle of a model of spectra: made spectra, network, calibration, figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import prepare
from goodricke.decide.calibration import best_of
from goodricke.decide.cuts import fit_thresholds
from goodricke.decide.epochs import error_correlation
from goodricke.decide.isotonic import rising_curve
from goodricke.evaluate.roc import roc
from goodricke.models.bundle import Bundle
from goodricke.photosphere.detectability import distances
from goodricke.photosphere.emulator import MARGIN
from goodricke.photosphere.single import Single, fit_single
from goodricke.photosphere.unlike import unlike
from goodricke.represent.spectra import NUMBERS, looked, own_pixels, spectral
from goodricke.simulate.spectra import fold_of
from goodricke.simulate.spectra.noise import real_pixels
from goodricke.spectra import LAMOST_LATTICE, Spectra
from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE
from goodricke.train.export import card_text, save_bundle
from goodricke.train.network_fit import settings_of
from goodricke.train.run_folder import environment
from goodricke.train.spectra.filters import arms_pattern, filters_of, patterns, survey_patterns
from goodricke.train.spectra.material import Material, joined, material, source_for
from goodricke.train.spectra.pupils import Pupils, loss_of
from goodricke.train.spectra.recipe import SpectralRecipe

__all__ = ["CLASSES", "train_spectral"]

Say = Callable[[str], None]
Floats = NDArray[np.float64]

CLASSES = ("SINGLE", "BINARY")
_VIEWS = {"companions": "spectrum-companions", "residual": "spectrum-flux"}
_HELD_OUT = 15  # one star in so many is not learnt from: training stops by it
_GOLDEN = 2
_APART = np.array([0.0, 50.0, 100.0, 150.0, 200.0, 300.0])
_RATIOS = np.array([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
_CORNERS = 40
_STEPS, _SMEARED = (5750.0, 5870.0), 10.0  # Angstrom: places of a step between the arms that filters are blind to
_NEARLY_ALL = (0.002, 0.998)


def train_spectral(
    recipe: SpectralRecipe, data: Path, cache_folder: Path, output: Path, command: str, jobs: int = 1, say: Say = print
) -> Bundle:
    """Make the bundle of a recipe.

    Parameters
    ----------
    recipe : SpectralRecipe
        See there.
    data : Path
        The folder of spectra: templates, catalogues, isochrones, real LAMOST spectra.
    cache_folder : Path
        Where made spectra are kept.
    output : Path
        Gets the folder of the bundle, and that of the run: settings, history, checkpoint, figures.
    command : str
        That rebuilds it, for the card.
    jobs : int
        Processes that make spectra, and threads that train.
    say : callable
        Told what is done.
    """
    learn, calibrate, test = (
        material(recipe, part, data, cache_folder, jobs, say) for part in ("learn", "calibrate", "test")
    )
    real = _real(data)
    view = spectral(_VIEWS[recipe.network])
    run = output / f"{recipe.name}-{recipe.version}-run"
    content, made, shapes, golden = _fitted(recipe, learn, real, data, run, jobs, say)
    log_odds = {name: _logits(content, shapes, view, part) for name, part in (("c", calibrate), ("t", test))}
    target = {"c": calibrate.truth["binary"].astype(int), "t": test.truth["binary"].astype(int)}
    stars = {"c": calibrate.truth["star"], "t": test.truth["star"]}
    folds = fold_of(stars["c"], 5, seed=1)
    calibration, tried = best_of(log_odds["c"], target["c"], folds, kinds=("none", "temperature", "vector", "isotonic"))
    p = {name: calibration.apply(logits) for name, logits in log_odds.items()}
    thresholds = fit_thresholds(p["c"], target["c"], CLASSES, stars=stars["c"])
    both = joined([calibrate, test])
    flagged = np.concatenate([p["c"][:, 1], p["t"][:, 1]]) > 0.5
    manifest: dict[str, Any] = {
        "name": recipe.name,
        "version": recipe.version,
        "description": recipe.says,
        "family": "onnx",
        "classes": list(CLASSES),
        "inputs": {name: {"shape": list(t.shape), "dtype": t.dtype} for name, t in shapes.items()},
        "representation": {"name": _VIEWS[recipe.network]},
        "settings": {
            "recipe": json.loads(json.dumps(asdict(recipe))),
            **made,
            "detectability": _found(both, flagged),
            "known_teff": _known_teff(learn),
            **_correlation(content, shapes, view, calibration, real, say),
            "environment": environment(),
        },
        "calibration": calibration.to_dict(),
        "priors": dict.fromkeys(CLASSES, 0.5),
        "thresholds": thresholds.to_dict(),
        "data": [
            _described("learn", learn[np.unique(_drawn(learn, recipe))]),
            _described("stop", learn[_held_out(learn)]),
            _described("calibrate", calibrate),
            _described("test", test),
        ],
        "split": "by the real star whose deviations were used: 3/5 to learn from, 1/5 to calibrate, 1/5 to test",
        "metrics": _figures(p["t"][:, 1], test, {name: float(value) for name, value in tried.items()}),
        "command": command,
    }
    bundle = save_bundle(
        output / f"{recipe.name}-{recipe.version}", manifest, {"onnx": content}, card_text(_for_card(manifest)), golden
    )
    (run / "metrics.json").write_text(json.dumps(manifest["metrics"], indent=1) + "\n")
    return bundle


_LIMITS = [
    "It learnt from made spectra: no real spectrum of a known binary was there to learn from.",
    "Dwarfs of some 3,800 to 7,200 K; others are told by the line and get no answer.",
    "Companions below a mass ratio of 0.5, and equal stars at rest, leave next to nothing in a spectrum.",
    "Its probabilities are for as many binaries as singles, and for mass ratios spread evenly; give your own prior.",
    "The mean stars behind the made spectra (the emulator) were fitted to all template stars, those of the test too; "
    "new to the model are only their deviations from it.",
    "What LAMOST does to all spectra alike was taken, without labels, from the real spectra that the rungs T2 and T3 "
    "of the ladder are made of.",
]


def _fitted(
    recipe: SpectralRecipe, learn: Material, real: Material, data: Path, run: Path, threads: int, say: Say
) -> tuple[NDArray[np.uint8], dict[str, Any], Any, dict[str, NDArray[Any]]]:
    """The graph, how it was made, the shapes of its inputs, golden inputs."""
    import torch

    from goodricke.networks.table import SPECTRAL_NETWORKS
    from goodricke.train.loop import LoopSettings, cross_entropy, fit
    from goodricke.train.onnx_export import exported, shapes_of

    torch.set_num_threads(threads)
    torch.manual_seed(recipe.seed)
    row = SPECTRAL_NETWORKS[recipe.network]
    view = spectral(_VIEWS[recipe.network])
    chosen = settings_of(row.settings, recipe.settings, f"the network {recipe.network}")
    loop = settings_of(LoopSettings, recipe.training, "the training")
    module: Any = row.module(len(CLASSES), chosen)
    judged = _held_out(learn)
    ours, survey = recipe.network == "companions", None
    if ours:
        module.number_scores.learn(learn.seen.numbers[~judged])
        source = source_for(data, recipe.libraries)
        seen = source[fold_of(source.star) > 1] if recipe.scatter == "real" else source
        survey = survey_patterns(real.seen.left.astype(np.float32), real.seen.numbers[:, NUMBERS.index("teff")])
        left, slopes, base = patterns(source.emulator)
        survey = survey if recipe.survey else np.zeros_like(survey)
        arms = arms_pattern(MODEL_LATTICE.wave, np.array(_STEPS), np.full(len(_STEPS), _SMEARED))
        always = np.concatenate([survey, arms])
        free = np.concatenate([slopes, np.repeat(always[None], len(slopes), axis=0)], axis=1)
        own = own_pixels()
        found = filters_of(left * own, free * own, base * own, seen.residues[:, MARGIN:-MARGIN] * own, chosen.filters)
        for one in fields(found):
            getattr(module.matched, one.name).copy_(torch.from_numpy(getattr(found, one.name)))
    rows = _drawn(learn, recipe)
    stop = np.flatnonzero(judged)
    stars, others = Pupils(learn, rows, view, ours, survey), Pupils(learn, stop, view, augmented=False)
    weights = sum(one.numel() for one in module.parameters())
    say(f"{recipe.network}: {weights:,} weights, {len(rows):,} spectra, {len(stop):,} held out")
    plain = cross_entropy(torch.ones(len(CLASSES)))
    fit(module, stars, others, loop, run, recipe.seed, say, loss_of(plain))
    sample = view.make(learn.seen[stop[:: max(len(stop) // 64, 1)][:64]])
    content = exported(module, sample)
    made = {
        "network": recipe.network,
        "network_settings": json.loads(json.dumps(asdict(chosen))),
        "training": json.loads(json.dumps(asdict(loop))),
        "weights": weights,
    }
    return content, made, shapes_of(sample), {name: array[:_GOLDEN] for name, array in sample.items()}


def _held_out(learn: Material) -> NDArray[np.bool_]:
    """Spectra that tell when to stop, and are not learnt from."""
    return np.asarray(fold_of(learn.truth["star"], _HELD_OUT, seed=2) == 0)


def _drawn(learn: Material, recipe: SpectralRecipe) -> NDArray[np.int64]:
    """Rows to learn from: all, or few binaries that are drawn again until there are as many as singles."""
    rows, binary = np.flatnonzero(~_held_out(learn)), learn.truth["binary"]
    if recipe.kept >= 1.0:
        return rows
    rng = np.random.default_rng([recipe.seed, 7])
    singles, pairs = rows[~binary[rows]], rows[binary[rows]]
    few = rng.permutation(pairs)[: max(int(len(singles) * recipe.kept), 1)]
    return np.concatenate([singles, rng.choice(few, len(singles))])


def _logits(content: NDArray[np.uint8], shapes: Any, view: Any, part: Material) -> NDArray[np.float32]:
    from goodricke.models.onnx_graph import OnnxGraph
    from goodricke.models.predictor import Signature

    graph = OnnxGraph.from_arrays({"onnx": content}, Signature(len(CLASSES), shapes))
    pieces = [graph.logits(view.make(part.seen[k : k + 1024])) for k in range(0, len(part), 1024)]
    return np.concatenate(pieces)


def _known_teff(learn: Material) -> list[float]:
    """Temperatures of nearly all spectra that were learnt from, K."""
    ends = np.quantile(learn.seen.numbers[:, NUMBERS.index("teff")], _NEARLY_ALL)
    return [round(float(end), -1) for end in ends]


def _found(judged: Material, flagged: NDArray[np.bool_]) -> dict[str, list[float]]:
    """Share of made binaries that are flagged, against the distance d' that theirs had: a rising curve."""
    binary = np.flatnonzero(judged.truth["binary"])
    seen = judged.seen[binary]
    star = np.maximum((1.0 + seen.light.astype(np.float32)) / np.maximum(1.0 + seen.left.astype(np.float32), 0.1), 0.05)
    sigma = seen.sigma.astype(np.float32) * star
    ivar = np.where(sigma > 0, 1.0 / np.where(sigma > 0, sigma, 1.0) ** 2, 0.0)
    table = distances(_single(seen.numbers), ivar, _RATIOS, _APART)
    q, dv = judged.truth["q"][binary], np.abs(judged.truth["dv"][binary])
    own = _between(table, _RATIOS, _APART, q, dv)
    good = np.isfinite(own)
    x, y = rising_curve(own[good], flagged[binary][good].astype(np.float64), np.ones(int(good.sum())))
    at = np.unique(np.round(np.quantile(own[good], np.linspace(0.0, 1.0, _CORNERS)), 2))
    return {"d": at.tolist(), "found": np.round(np.interp(at, x, y), 3).tolist()}


def _between(table: Floats, ratios: Floats, apart: Floats, q: Floats, dv: Floats) -> Floats:
    """Values (N,) of tables (N, Q, V) by straight lines."""
    n = np.arange(len(table))

    def place(nodes: Floats, x: Floats) -> tuple[NDArray[np.int64], Floats]:
        k = np.clip(np.searchsorted(nodes, x) - 1, 0, len(nodes) - 2)
        return k, np.clip((x - nodes[k]) / (nodes[k + 1] - nodes[k]), 0.0, 1.0)

    (i, u), (j, w) = place(ratios, q), place(apart, dv)
    low = table[n, i, j] * (1 - w) + table[n, i, j + 1] * w
    high = table[n, i + 1, j] * (1 - w) + table[n, i + 1, j + 1] * w
    return np.asarray(low * (1 - u) + high * u)


def _single(numbers: NDArray[np.float32]) -> Single:
    """What `distances` needs to know of the best single stars."""
    n = len(numbers)
    teff, logg, feh = (numbers[:, NUMBERS.index(name)].astype(float) for name in ("teff", "logg", "feh"))
    none = np.zeros(n)
    return Single(
        teff, logg, feh, none, none, none, np.full(n, 2749), np.zeros((n, 5)), np.zeros(n, bool),
        np.ones((n, 2749), np.float32),
    )  # fmt: skip


def _correlation(
    content: NDArray[np.uint8], shapes: Any, view: Any, calibration: Any, real: Material, say: Say
) -> dict[str, Any]:
    """Of the log odds of two visits to one star, by real ones: at most so much of an error is shared."""
    p = calibration.apply(_logits(content, shapes, view, real))[:, 1]
    found = error_correlation(p, real.truth["star"])
    value, low, high = (round(float(x), 3) for x in (found.value, found.low, found.high))
    say(f"correlation of the errors of two visits: at most {value} ({low} to {high})")
    return {"correlation": value, "correlation_interval": [low, high]}


def _real(data: Path) -> Material:
    """The real spectra of a data folder: nothing is known of them but which show the same star."""
    flux, ivar, columns = real_pixels(data)
    spectra = Spectra.from_arrays(
        LAMOST_LATTICE.wave, flux, ivar, ivar <= 0, velocity=np.array(columns["z"], float) * LIGHT_KM_S,
        kind=np.array(columns["cls"]), object_id=np.array(columns["star_id"]),
    )  # fmt: skip
    prepared = prepare(spectra)
    single = fit_single(prepared)
    with np.errstate(invalid="ignore"):
        dwarf = (single.teff > 4000) & (single.teff < 7000) & (single.logg > 3.8)
    fine = prepared.usable & (unlike(prepared, single) == "") & dwarf
    return Material(looked(prepared, single)[fine], {"star": spectra.object_id[fine]})


def _described(name: str, part: Material) -> dict[str, Any]:
    return {
        "part": name,
        "spectra": len(part),
        "binaries": int(part.truth["binary"].sum()),
        "real_stars": len(np.unique(part.truth["star"])),
    }


def _figures(p: Floats, test: Material, tried: Mapping[str, float]) -> dict[str, Any]:
    """Of stars that the model never saw: whole, and by mass ratio, velocity and signal-to-noise ratio."""
    binary = test.truth["binary"]
    q, dv, snr = test.truth["match_q"], np.abs(test.truth["match_dv"]), test.truth["snr"]
    cells = {
        "all": np.ones(len(p), bool),
        "q 0.7 to 0.9": (q > 0.7) & (q < 0.9),
        "q 0.7 to 0.9, S/N above 50": (q > 0.7) & (q < 0.9) & (snr > 50),
        "q 0.7 to 0.9, dv below 30 km/s": (q > 0.7) & (q < 0.9) & (dv < 30),
        "q above 0.9, dv below 30 km/s": (q > 0.9) & (dv < 30),
        "q above 0.9, dv above 150 km/s": (q > 0.9) & (dv > 150),
        "q 0.5 to 0.7": (q > 0.5) & (q < 0.7),
        "q below 0.5": q < 0.5,
        "S/N 20 to 50": (snr > 20) & (snr < 50),
        "S/N above 50": snr > 50,
    }
    rows = {}
    for name, rows_of in cells.items():
        if len(np.unique(binary[rows_of])) < 2:
            continue  # a recipe may leave out such companions
        curve = roc(p[rows_of], binary[rows_of], test.truth["star"][rows_of], n_draws=200)
        flagged = p[rows_of] > 0.5
        rows[name] = {
            "spectra": int(rows_of.sum()),
            "auc": {"value": float(curve.auc), "low": float(curve.low), "high": float(curve.high)},
            "recall at 0.5": float(flagged[binary[rows_of]].mean()),
            "false alarms at 0.5": float(flagged[~binary[rows_of]].mean()),
        }
    own = p.clip(1e-6, 1 - 1e-6)
    loss = float(-np.where(binary, np.log(own), np.log(1 - own)).mean())
    edges = np.linspace(0, 1, 16)
    bins = np.clip(np.digitize(p, edges) - 1, 0, 14)
    error = sum(
        abs(p[bins == k].mean() - binary[bins == k].mean()) * (bins == k).mean() for k in range(15) if (bins == k).any()
    )
    return {
        "test": {"auc": rows["all"]["auc"], "log_loss": loss, "calibration_error": float(error)},
        "cells": rows,
        "log loss of calibrations": dict(tried),
    }


def _for_card(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {**manifest, "thresholds": None, "limits": _LIMITS}
