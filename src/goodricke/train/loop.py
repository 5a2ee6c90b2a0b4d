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

from goodricke.networks.normalisation import settle
from goodricke.output.atomic import whole_file
from goodricke.train.checkpoint import load_checkpoint, save_checkpoint

__all__ = ["SCHEDULES", "WEIGHTS", "Epoch", "LoopSettings", "Loss", "Stars", "cross_entropy", "fit", "outputs_of"]

Say = Callable[[str], None]
Arrays = Mapping[str, NDArray[Any]]
Loss = Callable[[Any, Mapping[str, Tensor]], Tensor]
"""Of what the network gives and of the targets of a batch."""

SCHEDULES = ("plateau", "cycle")
WEIGHTS = ("none", "seed", "inverse")
_SETTLED = 2000


class Stars(Protocol):
    """What a network learns from: N stars whose arrays are made when a batch asks for them."""

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Steps of every star (N,): stars of like length share a batch."""

    @property
    def target(self) -> NDArray[np.float32]:
        """What is right of every class (N, C): probabilities, or 1 for every class that an ambiguous star may be."""

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator | None) -> Arrays:
        """Inputs of the chosen stars, by the names of the network's arguments; with `rng` augmented."""

    def targets(self, rows: NDArray[np.int64]) -> Arrays:
        """What the loss compares with: ``target``, and whatever else a second head is taught."""


@dataclass(frozen=True)
class LoopSettings:
    """How a network is trained."""

    epochs: int = 100
    """The most."""
    batch: int = 512
    """Stars."""
    learning_rate: float = 1e-3
    """Of Adam: at the start, or at the top of the cycle."""
    schedule: str = "plateau"
    """plateau: falls when held-out stars get no better; cycle: rises for a seventh of the epochs, then falls to 0."""
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
    average: float = 0.0
    """Of the weights over the last 1 / (1 - average) batches, which is what is kept; 0: as they are."""
    class_weights: str = "none"
    """none; seed: 1 - share of the class, as seed 0 has it; inverse: 1 / share."""


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
    network: nn.Module, stars: Stars, held_out: Stars, settings: LoopSettings, folder: Path, seed: int = 0,
    say: Say = print, loss: Loss | None = None,
) -> list[Epoch]:  # fmt: skip
    """Train until the held-out stars get no better; the network has its best weights afterwards.

    Parameters
    ----------
    network : torch.nn.Module
        Whose ``forward`` takes the arrays of ``Stars.batch`` and returns logits, or a tuple that begins with them.
    stars, held_out : Stars
        To learn from, and to stop by.
    settings : LoopSettings
        How.
    folder : Path
        Of the run: ``history.jsonl`` and the checkpoint, from which a killed run goes on.
    seed : int
        Of the order, of what is dropped, of augmentation.
    say : callable
        Told every epoch.
    loss : callable, optional
        Other than cross-entropy; see `cross_entropy`.

    Returns
    -------
    list of Epoch
    """
    folder.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=settings.decay)
    weights = class_weights(stars.target, settings.class_weights).to(device)
    run = _Run(network, optimiser, loss or cross_entropy(weights), settings, seed, device, _copy(network))
    judge = cross_entropy(weights)
    progress = _Progress(settings, [])
    best = _copy(network)
    found = load_checkpoint(folder, network, optimiser)
    if found is not None:
        best, run.averaged, history = found
        progress = _Progress(settings, [Epoch(**row) for row in history])
        say(f"going on after epoch {len(history)}")
    while not progress.done:
        number, started = len(progress.history) + 1, time.monotonic()
        mean_loss, accuracy = run.epoch(stars, number, progress.learning_rate)
        own = _copy(network)
        if settings.average:
            network.load_state_dict(run.averaged)
        settle(network, _some_batches(stars, settings.batch, device))
        figures = _judged(network, held_out, judge, settings, device)
        row = Epoch(
            number, mean_loss, accuracy, *figures, run.rate(number, 1.0, progress.learning_rate),
            round(time.monotonic() - started, 2),
        )  # fmt: skip
        if progress.add(row):
            best = _copy(network)
        network.load_state_dict(own)
        history = [asdict(one) for one in progress.history]
        save_checkpoint(folder, network, optimiser, best, run.averaged, history)
        _write_history(folder / "history.jsonl", progress.history)
        say(
            f"epoch {number}: loss {mean_loss:.4f}, accuracy {accuracy:.4f}; held out {figures[0]:.4f}, "
            f"{figures[1]:.4f}; rate {row.learning_rate:.2g}; {row.seconds:.0f} s"
        )
    network.load_state_dict(best)
    network.eval()
    return progress.history


@dataclass
class _Run:
    """What an epoch needs."""

    network: nn.Module
    optimiser: torch.optim.Optimizer
    loss: Loss
    settings: LoopSettings
    seed: int
    device: torch.device
    averaged: dict[str, Tensor]

    def rate(self, number: int, done: float, plateau: float) -> float:
        """Learning rate when a share of the epoch is done."""
        s = self.settings
        if s.schedule == "plateau":
            return plateau
        at = (number - 1 + done) / s.epochs
        rise = 1.0 / 7.0
        if at < rise:
            return s.learning_rate * (0.1 + 0.9 * at / rise)
        return s.learning_rate * 0.5 * (1.0 + math.cos(math.pi * min((at - rise) / (1.0 - rise), 1.0)))

    def epoch(self, stars: Stars, number: int, plateau: float) -> tuple[float, float]:
        """Loss and accuracy over one pass through the stars."""
        network, settings = self.network, self.settings
        network.train()
        rng = np.random.default_rng([self.seed, number])
        torch.manual_seed(int(rng.integers(2**31)))
        total, right, count = 0.0, 0, 0
        batches = list(_batches(stars.lengths, settings.batch, rng))
        for k, rows in enumerate(batches):
            if len(rows) < 2:
                continue  # batch normalisation needs two
            for group in self.optimiser.param_groups:
                group["lr"] = self.rate(number, k / len(batches), plateau)
            inputs, targets = _tensors(stars, rows, rng, self.device)
            self.optimiser.zero_grad(set_to_none=True)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
                given = network(**inputs)
            loss = self.loss(given, targets)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
            self.optimiser.step()
            if settings.average:
                self._average((number - 1) * len(batches) + k)
            total += float(loss.detach()) * len(rows)
            right += int(_right(_logits(given), targets["target"]).sum())
            count += len(rows)
        return total / max(count, 1), right / max(count, 1)

    def _average(self, step: int) -> None:
        keep = min(self.settings.average, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, value in self.network.state_dict().items():
                held = self.averaged[name]
                if value.is_floating_point():
                    held.lerp_(value.cpu(), 1.0 - keep)
                else:
                    held.copy_(value)


class _Progress:
    """Early stopping and learning rate, both functions of the history alone, so that a resumed run has them too."""

    def __init__(self, settings: LoopSettings, history: list[Epoch]) -> None:
        self.settings = settings
        self.history: list[Epoch] = []
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


def cross_entropy(weights: Tensor) -> Loss:
    """Cross-entropy with class weights (C,), its mean weighted alike.

    Of a star with probabilities for a target: the usual one. Of a star that may be several classes (a row of ones):
    minus the log of the sum of their probabilities, which asks nothing of how they are shared.
    """

    def loss(given: Any, targets: Mapping[str, Tensor]) -> Tensor:
        target = targets["target"]
        log_p = torch.log_softmax(_logits(given).float(), dim=1)
        several = target.sum(1) > 1.5
        whole = torch.logsumexp(log_p.masked_fill(target <= 0, -1e9), dim=1)
        parts = (target * weights * log_p).sum(1)
        weight = (target * weights).sum(1) / target.sum(1)
        return -torch.where(several, weight * whole, parts).sum() / weight.sum()

    return loss


def _judged(
    network: nn.Module, stars: Stars, loss: Loss, settings: LoopSettings, device: torch.device
) -> tuple[float, float]:
    """Loss and accuracy on stars that it does not learn from."""
    logits = torch.from_numpy(outputs_of(network, stars, settings.batch, device)[0])
    target = torch.from_numpy(stars.target)
    found = loss(logits.to(device), {"target": target.to(device)})
    return float(found), float(_right(logits, target).float().mean())


def outputs_of(
    network: nn.Module, stars: Stars, batch: int = 512, device: torch.device | None = None
) -> list[NDArray[np.float32]]:
    """What the network gives of all stars, in their order: the logits (N, C) first."""
    network.eval()
    device = device or next(network.parameters()).device
    found: list[NDArray[np.float32]] = []
    with torch.inference_mode():
        for rows in _batches(stars.lengths, batch, None):
            inputs, _ = _tensors(stars, rows, None, device)
            given = network(**inputs)
            parts = [one.float().cpu().numpy() for one in (given if isinstance(given, tuple) else (given,))]
            if not found:
                found = [np.zeros((len(stars.lengths), *one.shape[1:]), dtype=np.float32) for one in parts]
            for whole, part in zip(found, parts, strict=True):
                whole[rows] = part
    return found


def class_weights(target: NDArray[np.float32], how: str) -> Tensor:
    """Weights (C,) of mean 1; see ``LoopSettings.class_weights``."""
    share = (target / target.sum(axis=1, keepdims=True)).mean(axis=0).astype(np.float64)
    weights = {"none": np.ones_like(share), "seed": 1.0 - share, "inverse": 1.0 / np.maximum(share, 1e-6)}[how]
    return torch.from_numpy((weights / weights.mean()).astype(np.float32))


def _logits(given: Any) -> Tensor:
    found: Tensor = given[0] if isinstance(given, tuple) else given
    return found


def _right(logits: Tensor, target: Tensor) -> Tensor:
    chosen = target.gather(1, logits.argmax(1, keepdim=True))[:, 0]
    return chosen >= target.amax(1)


def _tensors(
    stars: Stars, rows: NDArray[np.int64], rng: np.random.Generator | None, device: torch.device
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    def moved(arrays: Arrays) -> dict[str, Tensor]:
        return {name: torch.from_numpy(np.ascontiguousarray(array)).to(device) for name, array in arrays.items()}

    return moved(stars.batch(rows, rng)), moved(stars.targets(rows))


def _batches(lengths: NDArray[np.int64], size: int, rng: np.random.Generator | None) -> Iterator[NDArray[np.int64]]:
    """Rows of every batch: stars of like length together, in an order of chance where there is any."""
    if rng is None:
        order = np.argsort(lengths, kind="stable")
    elif len(lengths) and lengths.min() == lengths.max():
        order = rng.permutation(len(lengths))
    else:
        # Lengths within a quarter of each other may change places, so that batches differ from epoch to epoch.
        order = np.argsort(np.log(lengths + 1.0) + rng.uniform(0.0, 0.25, len(lengths)), kind="stable")
    parts = [order[first : first + size] for first in range(0, len(order), size)]
    if rng is not None:
        rng.shuffle(parts)
    yield from parts


def _some_batches(stars: Stars, size: int, device: torch.device) -> Iterator[dict[str, Tensor]]:
    """Inputs of some stars to learn from, spread over all of them and unchanged."""
    rows = np.unique(np.linspace(0, len(stars.lengths) - 1, min(_SETTLED, len(stars.lengths))).astype(int))
    for part in _batches(stars.lengths[rows], size, None):
        yield _tensors(stars, rows[part], None, device)[0]


def _copy(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}


def _write_history(path: Path, history: list[Epoch]) -> None:
    with whole_file(path) as temporary:
        temporary.write_text("".join(json.dumps(asdict(row)) + "\n" for row in history))
