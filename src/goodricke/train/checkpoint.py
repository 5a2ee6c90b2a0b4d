"""Checkpoints of a training run: tensors as safetensors, all else as JSON; nothing is ever unpickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from goodricke.errors import DataError
from goodricke.output.atomic import whole_file

__all__ = ["load_checkpoint", "save_checkpoint"]

_FILE = "checkpoint.safetensors"


def save_checkpoint(
    folder: Path,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    best: dict[str, Tensor],
    averaged: dict[str, Tensor],
    history: list[dict[str, Any]],
) -> None:
    """Write one file: the weights, the best ones, their running average, the optimiser's averages, the history."""
    from safetensors.torch import save

    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in best.items()}
    tensors |= {f"averaged.{name}": value for name, value in averaged.items()}
    for number, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": torch.as_tensor(value) for name, value in state.items()}
    whole = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
    with whole_file(folder / _FILE) as temporary:
        temporary.write_bytes(save(whole, {"history": json.dumps(history)}))


def load_checkpoint(
    folder: Path, network: nn.Module, optimiser: torch.optim.Optimizer
) -> tuple[dict[str, Tensor], dict[str, Tensor], list[dict[str, Any]]] | None:
    """Put network and optimiser back; best weights, average and history, or None where there is no checkpoint.

    Raises
    ------
    DataError
        When the checkpoint is of another network, or no checkpoint at all.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / _FILE
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            history = json.loads((file.metadata() or {})["history"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a checkpoint ({error}); remove it to begin anew") from error
    own, best, state = _of(tensors, "network."), _of(tensors, "best."), _of(tensors, "optimiser.")
    try:
        network.load_state_dict(own)
    except RuntimeError as error:
        raise DataError(f"{path} is of another network; choose another folder, or remove it") from error
    numbered: dict[int, dict[str, Tensor]] = {}
    for name, value in state.items():
        number, _, key = name.partition(".")
        numbered.setdefault(int(number), {})[key] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": numbered})
    return best, _of(tensors, "averaged.") or own, history


def _of(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
