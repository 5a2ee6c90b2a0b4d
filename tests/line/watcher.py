"""Networks whose reasons are known, as ONNX bundles."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from torch import Tensor, nn  # noqa: E402

from goodricke.clean import clean  # noqa: E402
from goodricke.lightcurves import LightCurves  # noqa: E402
from goodricke.line import Model, load_model  # noqa: E402
from goodricke.period import find_periods, unsearched  # noqa: E402
from goodricke.represent.table import REPRESENTATIONS  # noqa: E402
from goodricke.train.export import save_bundle  # noqa: E402
from goodricke.train.onnx_export import exported, shapes_of  # noqa: E402

CLASSES = ("EA", "RRAB")


class _Given(NamedTuple):
    logits: Tensor
    attention: Tensor


class _Folds(nn.Module):
    """How far the first candidate's fold is below its level, in errors; attends to candidates by their odds."""

    def forward(self, folds: Tensor, strengths: Tensor, steps: Tensor, features: Tensor) -> _Given:
        errors = folds[:, 0, 0, :] / 10.0 ** folds[:, 0, 1, :]
        depth = 0.02 * torch.relu(errors - 5.0).sum(1)
        unused = 0.0 * (torch.nan_to_num(features).sum(1) + steps.sum((1, 2)))
        odds = torch.nan_to_num(strengths[:, :, 0], nan=-99.0)
        return _Given(torch.stack([depth - 2.0 + unused, 2.0 - depth], dim=1), torch.log_softmax(odds, dim=1))


class _Sequences(nn.Module):
    """Whether most points are near the brightest: not so for noise, whose range is the scale."""

    def forward(self, sequence: Tensor, lengths: Tensor) -> Tensor:
        there = torch.arange(sequence.shape[1])[None, :] < lengths[:, None]
        bright = ((1.0 - sequence[:, :, 1]) * there).sum(1) / lengths
        return torch.stack([20.0 * bright - 14.0, 14.0 - 20.0 * bright], dim=1)


def watcher(folder: Path, stars: LightCurves, representation: str) -> Model:
    """A model of ``folds`` or of ``sequences``; the stars are what its graph is tested with."""
    names = ["log_n", "skew"] if representation == "folds" else []
    about = {"name": representation, "steps": 400, **({"names": names} if names else {})}
    row = REPRESENTATIONS[representation]
    cleaned = clean(stars, row.cleaning)
    periods = find_periods(cleaned) if row.needs_periods else unsearched(cleaned)
    inputs = row.make(cleaned, periods, about)
    network: nn.Module = _Folds() if representation == "folds" else _Sequences()
    content = exported(network, inputs)
    manifest = {
        "name": representation, "version": "1", "family": "onnx", "classes": list(CLASSES),
        "inputs": {name: {"shape": list(one.shape), "dtype": one.dtype} for name, one in shapes_of(inputs).items()},
        "representation": about, "priors": dict.fromkeys(CLASSES, 0.5), "settings": {},
        "calibration": {"kind": "none", "n_classes": 2},
    }  # fmt: skip
    golden = {name: array[:2] for name, array in inputs.items()}
    bundle = save_bundle(folder / f"{representation}-1", manifest, {"onnx": np.array(content)}, "# card\n", golden)
    return load_model(bundle.folder)
