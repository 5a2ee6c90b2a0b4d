"""The training loop of every network: epochs, batches by length, early stopping, checkpoints that resume.

An epoch's chance (order of the stars, dropped values, augmentation) comes from the seed and its number alone, so that a
killed run that goes on gives what an unbroken one would have given.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from goodricke.output.atomic import whole_file
from goodricke.train.checkpoint import load_checkpoint, save_checkpoint

__all__ = ["Epoch", "LoopSettings", "Stars", "fit", "logits_of"]

Say = Callable[[str], None]


class Stars(Protocol):
    """What a network learns from: N stars whose arrays are made when a batch asks for them."""

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Steps of every star (N,): stars of like length share a batch."""

    @property
    def target(self) -> NDArray[np.float32]:
        """Probability of every class (N, C), rows sum to 1; an ambiguous star has several."""

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator | None) -> Mapping[str, NDArray[Any]]:
        """Arrays of the chosen stars, by the names of the network's arguments; with `rng` augmented."""


@dataclass(frozen=True)
class LoopSettings:
    """How a network is trained."""

    epochs: int = 100
    """The most."""
    batch: int = 512
    """Stars."""
    learning_rate: float = 1e-3
    """Of Adam, at the start."""
    patience: int = 5
    """Epochs without a better loss on held-out stars after which the learning rate falls."""
    factor: float = 0.5
    """By which it falls."""
    stop: int = 15
    """Epochs without a better loss after which training ends."""
    decay: float = 0.0
    """Of the weights (AdamW)."""
    clip: float = 1.0
    """Largest norm of a gradient."""
    smoothing: float = 0.0
    """Share of a target that is spread over all classes."""
    class_weights: str = "none"
    """none; seed: 1 - share of the class, as seed 0 has it; inverse: 1 / share."""
    warm: int = 0
    """Batches over which the learning rate rises from 0."""
    seed: int = 0
    """Of everything."""


@dataclass(frozen=True)
class Epoch:
    """Figures of one epoch."""

    number: int
    loss: float
    accuracy: float
    held_out_loss: float
    held_out_accuracy: float
    learning_rate: float
    seconds: float


def fit(
    network: nn.Module, stars: Stars, held_out: Stars, settings: LoopSettings, folder: Path, say: Say = print
) -> list[Epoch]:
    """Train until the held-out stars get no better; the network has its best weights afterwards.

    Parameters
    ----------
    network : torch.nn.Module
        Whose ``forward`` takes the arrays of ``Stars.batch`` and returns logits.
    stars, held_out : Stars
        To learn from, and to stop by.
    settings : LoopSettings
        How.
    folder : Path
        Of the run: ``history.jsonl`` and the checkpoint, from which a killed run goes on.
    say : callable
        Told every epoch.

    Returns
    -------
    list of Epoch
    """
    folder.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=settings.decay)
    weights = _class_weights(stars.target, settings.class_weights)
    progress = _Progress(settings, [])
    best = _copy(network)
    found = load_checkpoint(folder, network, optimiser)
    if found is not None:
        best, history = found
        progress = _Progress(settings, [Epoch(**row) for row in history])
        say(f"going on after epoch {len(history)}")
    while not progress.done:
        number, started = len(progress.history) + 1, time.monotonic()
        rate = progress.learning_rate
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss, accuracy = _epoch(network, stars, optimiser, weights, settings, number, device)
        figures = _judged(network, held_out, weights, settings, device)
        row = Epoch(number, loss, accuracy, *figures, rate, round(time.monotonic() - started, 2))
        if progress.add(row):
            best = _copy(network)
        save_checkpoint(folder, network, optimiser, best, [asdict(one) for one in progress.history])
        _write_history(folder / "history.jsonl", progress.history)
        say(
            f"epoch {number}: loss {loss:.4f}, accuracy {accuracy:.4f}; held out {figures[0]:.4f}, "
            f"{figures[1]:.4f}; rate {rate:.2g}; {row.seconds:.0f} s"
        )
    network.load_state_dict(best)
    network.eval()
    return progress.history


class _Progress:
    """Early stopping and learning rate, both functions of the history alone, so that a resumed run has them too."""

    def __init__(self, settings: LoopSettings, history: list[Epoch]) -> None:
        self.settings, self.history = settings, []
        self.best, self.since, self.falls, self.waited = math.inf, 0, 0, 0
        for row in history:
            self.add(row)

    @property
    def learning_rate(self) -> float:
        return self.settings.learning_rate * self.settings.factor**self.falls

    @property
    def done(self) -> bool:
        return len(self.history) >= self.settings.epochs or self.since >= self.settings.stop

    def add(self, row: Epoch) -> bool:
        """Take in an epoch; whether it is the best so far."""
        self.history.append(row)
        better = row.held_out_loss < self.best
        self.since, self.waited = (0, 0) if better else (self.since + 1, self.waited + 1)
        if better:
            self.best = row.held_out_loss
        elif self.waited >= self.settings.patience:
            self.falls, self.waited = self.falls + 1, 0
        return better


def _epoch(
    network: nn.Module, stars: Stars, optimiser: torch.optim.Optimizer, weights: Tensor, settings: LoopSettings,
    number: int, device: torch.device,
) -> tuple[float, float]:  # fmt: skip
    network.train()
    rng = np.random.default_rng([settings.seed, number])
    torch.manual_seed(int(rng.integers(2**31)))
    mixed = device.type == "cuda"
    total, right, count = 0.0, 0, 0
    for k, rows in enumerate(_batches(stars.lengths, settings.batch, rng)):
        inputs, target = _tensors(stars, rows, rng, device)
        if number == 1 and k < settings.warm:
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * (k + 1) / settings.warm
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, enabled=mixed):
            logits = network(**inputs)
        loss = _loss(logits.float(), target, weights.to(device), settings.smoothing)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
        optimiser.step()
        total += float(loss.detach()) * len(rows)
        right += int((logits.argmax(1) == target.argmax(1)).sum())
        count += len(rows)
    return total / count, right / count


def _judged(
    network: nn.Module, stars: Stars, weights: Tensor, settings: LoopSettings, device: torch.device
) -> tuple[float, float]:
    """Loss and accuracy on stars that it does not learn from."""
    logits = torch.from_numpy(logits_of(network, stars, settings.batch, device))
    target = torch.from_numpy(stars.target)
    loss = _loss(logits, target, weights, 0.0)
    return float(loss), float((logits.argmax(1) == target.argmax(1)).float().mean())


def logits_of(
    network: nn.Module, stars: Stars, batch: int = 512, device: torch.device | None = None
) -> NDArray[np.float32]:
    """Logits (N, C) of all stars, in their order."""
    network.eval()
    device = device or next(network.parameters()).device
    found = np.zeros(stars.target.shape, dtype=np.float32)
    with torch.inference_mode():
        for rows in _batches(stars.lengths, batch, None):
            inputs, _ = _tensors(stars, rows, None, device)
            found[rows] = network(**inputs).float().cpu().numpy()
    return found


def _tensors(
    stars: Stars, rows: NDArray[np.int64], rng: np.random.Generator | None, device: torch.device
) -> tuple[dict[str, Tensor], Tensor]:
    arrays = stars.batch(rows, rng)
    inputs = {name: torch.from_numpy(np.ascontiguousarray(array)).to(device) for name, array in arrays.items()}
    return inputs, torch.from_numpy(stars.target[rows]).to(device)


def _batches(
    lengths: NDArray[np.int64], size: int, rng: np.random.Generator | None
) -> Iterator[NDArray[np.int64]]:
    """Rows of every batch: stars of like length together, in an order of chance where there is any."""
    if rng is None:
        order = np.argsort(lengths, kind="stable")
    else:
        # Lengths within a quarter of each other may change places, so that batches differ from epoch to epoch.
        order = np.argsort(np.log(lengths + 1.0) + rng.uniform(0.0, 0.25, len(lengths)), kind="stable")
    parts = [order[first : first + size] for first in range(0, len(order), size)]
    if rng is not None:
        rng.shuffle(parts)  # type: ignore[arg-type]
    yield from parts


def _loss(logits: Tensor, target: Tensor, weights: Tensor, smoothing: float) -> Tensor:
    """Weighted cross-entropy with probabilities as targets, its mean weighted alike."""
    wanted = target * (1.0 - smoothing) + smoothing / target.shape[1]
    weighted = wanted * weights
    return -(weighted * torch.log_softmax(logits, dim=1)).sum() / weighted.sum()


def _class_weights(target: NDArray[np.float32], how: str) -> Tensor:
    share = target.mean(axis=0).astype(np.float64)
    weights = {"none": np.ones_like(share), "seed": 1.0 - share, "inverse": 1.0 / np.maximum(share, 1e-6)}[how]
    return torch.from_numpy((weights / weights.mean()).astype(np.float32))


def _copy(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}


def _write_history(path: Path, history: list[Epoch]) -> None:
    with whole_file(path) as temporary:
        temporary.write_text("".join(json.dumps(asdict(row)) + "\n" for row in history))
