"""The members of a model, fitted to some of the stars of a task; their logits of the others are kept in the cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import goodricke
from goodricke.models.predictor import Predictor, log_softmax
from goodricke.output.atomic import whole_file
from goodricke.train import classical
from goodricke.train.config import Member
from goodricke.train.material import Material
from goodricke.train.network_fit import fit_network
from goodricke.train.task import SURE_ENOUGH, Task
from goodricke.train.teacher import Teacher, softened

__all__ = ["Workshop", "best_shares"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Say = Callable[[str], None]

_FIRST = {"max_iter": 40, "learning_rate": 0.15, "max_leaf_nodes": 15, "max_features": 0.3}
_PIECE = 2000  # stars whose inputs are made at once
_GRID = np.linspace(0.0, 1.0, 21)


@dataclass(frozen=True, eq=False)
class Workshop:
    """Where members are fitted.

    Parameters
    ----------
    task : Task
        N stars.
    material : Material
        What networks see of them.
    cache, runs : Path
        Where logits are kept; where the folders of networks in training go.
    jobs : int
        Threads.
    say : callable
        Told what is going on.
    teachers : mapping, optional
        What a member calls its teacher -> that.
    """

    task: Task
    material: Material
    cache: Path
    runs: Path
    jobs: int
    say: Say
    teachers: Mapping[str, Teacher] = field(default_factory=dict)

    def fitted(self, member: Member, seen: Flags, what: str) -> classical.Fitted:
        """A member fitted to the seen stars (N,)."""
        if member.family != "network":
            return self._trees(member, seen)
        target = self._target(member, seen, what)
        folder = self.runs / f"{member.network}-{self._key(member, seen)}"
        return fit_network(
            self.material, seen, target, self.task.classes, member.network, member.settings, member.training,
            member.augmentation, folder, member.seed, self.jobs, lambda text: self.say(f"{what}: {text}"),
        )  # fmt: skip

    def logits(self, member: Member, seen: Flags, test: Flags, what: str) -> Floats:
        """Logits (T, C) of the stars of `test` by a member that learned from the seen ones; from the cache."""
        digest = hashlib.sha256(self._key(member, seen).encode())
        digest.update(np.packbits(test).tobytes())
        path = self.cache / f"logits-{digest.hexdigest()[:16]}.npz"
        if not path.exists():
            self.say(f"fitting: {member.title}, {what}")
            found = self.asked(self.fitted(member, seen, f"{member.title}, {what}"), np.flatnonzero(test))
            with whole_file(path) as temporary, temporary.open("wb") as file:
                np.savez(file, logits=found)
        with np.load(path, allow_pickle=False) as arrays:
            return np.asarray(arrays["logits"])

    def asked(self, fitted: classical.Fitted, rows: NDArray[np.int64]) -> Floats:
        """Logits of some stars by a fitted member."""
        predictor = fitted.predictor()
        if set(fitted.takes) == {"features"}:
            return _logits(predictor, self.task.examples.values[rows])
        parts = []
        for first in range(0, len(rows), _PIECE):
            inputs = self.material.inputs(rows[first : first + _PIECE])
            parts.append(predictor.logits({name: inputs[name] for name in fitted.takes}))
        return np.concatenate(parts).astype(np.float64)

    def _target(self, member: Member, seen: Flags, what: str) -> NDArray[np.float32]:
        """What a network is taught of every star (N, C): its labels, and what a teacher says of those that it sees."""
        if not member.teacher:
            return self.task.allowed.astype(np.float32)
        said = self.teachers[member.teacher].logits(seen, f"teacher of {what}")
        return softened(self.task.allowed, said, member.teacher_share)

    def _trees(self, member: Member, seen: Flags) -> classical.Fitted:
        """A classical model of the certain stars and of the likely classes of the ambiguous ones.

        A first model, of the certain stars alone, says how likely each class that an ambiguous star may be is; the star
        then stands in as many rows, with these weights.
        """
        task = self.task
        values, c = task.examples.values, len(task.classes)
        certain, doubtful = np.flatnonzero(seen & task.certain), np.flatnonzero(seen & ~task.certain)
        rows, target, weights = certain, task.target[certain], np.ones(len(certain))
        if len(doubtful):
            first = classical.fit("boosted_trees", values[rows], target, c, settings=_FIRST, jobs=self.jobs)
            star, column, share = task.some(doubtful).weighted(_logits(first.predictor(), values[doubtful]))
            rows, target = np.concatenate([rows, doubtful[star]]), np.concatenate([target, column])
            weights = np.concatenate([weights, share])
        return classical.fit(member.family, values[rows], target, c, weights, member.settings, member.seed, self.jobs)

    def _key(self, member: Member, seen: Flags) -> str:
        """A hash of all that a fitted member hangs on: recipe, stars, code."""
        task, material = self.task, self.material
        about = asdict(member)
        del about["teacher"]  # its own key says more than its name
        if not member.teacher:
            del about["teacher_share"]
        digest = hashlib.sha256(json.dumps(about).encode())
        digest.update(repr((task.classes, task.examples.names, _FIRST, SURE_ENOUGH)).encode())
        arrays: list[NDArray[Any]] = [task.examples.values, task.allowed, seen]
        if member.family == "network":
            arrays += [task.examples.tried, task.examples.strengths, task.examples.truth, material.morphology]
            digest.update(json.dumps(material.about).encode())
            for whole in (material.points, material.raw):
                arrays += [] if whole is None else list(vars(whole).values())
        digest.update(_code(member.network).encode())
        if member.teacher:
            teacher = self.teachers[member.teacher]
            arrays.append(teacher.rows)
            digest.update(teacher.shop._key(teacher.member, teacher.seen(seen)).encode())
            digest.update(_code_of_teaching())
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]


@cache
def _code(network: str) -> str:
    """A hash of the files that fit a network, or a classical model; as they were when first asked."""
    package = Path(goodricke.__file__).parent
    files = [package / "train" / f"{name}.py" for name in ("classical", "tree_arrays")]
    if network:
        own = {"bigru": ("normalisation",)}.get(network, ("raw", "scaling"))
        files = [package / "networks" / f"{name}.py" for name in (network, *own)]
        files += [package / "train" / f"{name}.py" for name in ("loop", "stars", "network_fit")]
        files += [package / "represent" / f"{name}.py" for name in ("folds", "steps", "sequences")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@cache
def _code_of_teaching() -> bytes:
    """A hash of the file that says what a pupil is taught."""
    return hashlib.sha256((Path(goodricke.__file__).parent / "train" / "teacher.py").read_bytes()).digest()


def best_shares(task: Task, logits: list[Floats]) -> list[float]:
    """Weights of the members that give the least log loss, on stars that none of them had seen.

    Members join one after the other, each with the share on a grid of 0.05 that does best: one number each, fitted to
    tens of thousands of stars. A member that does not help gets 0.
    """
    shares, mean = [1.0], log_softmax(logits[0])
    for one in logits[1:]:
        other = log_softmax(one)
        losses = [_loss(task, (1.0 - share) * mean + share * other) for share in _GRID]
        share = float(_GRID[int(np.argmin(losses))])
        shares = [old * (1.0 - share) for old in shares] + [share]
        mean = (1.0 - share) * mean + share * other
    return shares


def _loss(task: Task, logits: Floats) -> float:
    """Minus the log of the probability of what the stars may be."""
    p = np.exp(log_softmax(logits))
    return float(-np.mean(np.log(np.maximum(np.where(task.allowed, p, 0.0).sum(axis=1), 1e-12))))


def _logits(predictor: Predictor, values: NDArray[np.float32]) -> Floats:
    parts = [predictor.logits({"features": values[k : k + 4000]}) for k in range(0, len(values), 4000)]
    return np.concatenate(parts).astype(np.float64)
