"""Stars as the training loop asks for them: inputs made batch by batch, changed a little every time they are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.folds import Points
from goodricke.train.material import Material

__all__ = ["Augmentation", "MaterialStars", "right_candidate"]

Rows = NDArray[np.int64]

# Their light rises faster than it falls, or happens once: seen backwards they are no more of their class.
_ONE_WAY = ("RRAB", "RRC", "RRD", "CEP", "T2CEP", "ACEP", "DSCT", "TRANSIENT")


@dataclass(frozen=True)
class Augmentation:
    """How often, and how much, a star is changed when it is seen in training; 0 leaves that out."""

    fewer: float = 0.5
    """Share of the stars that lose points: half of these a random choice, half the last ones; down to 40 in 100."""
    noise: float = 0.25
    """Share of the stars with more noise, up to the size of their errors, which grow alike."""
    jitter: float = 0.03
    """Standard deviation of the candidate frequencies, in units of 1 / span."""
    turn: int = 1
    """Largest number of bins by which folds are turned: where phase 0 lies is itself measured."""
    mirror: float = 0.5
    """Share of the stars whose folds are seen backwards, of classes for which that means nothing."""
    forget: float = 0.05
    """Share of the features that are unknown."""
    given: float = 0.08
    """Share of the stars with a trusted period that come with that one alone, as a user gives it."""


class MaterialStars:
    """Some rows of a material with their targets, as ``goodricke.train.loop`` wants them.

    Parameters
    ----------
    material : Material
        All stars.
    rows : (n,) int
        Those that are meant.
    target : (n, C) float32
        Probabilities, or 1 for every class that an ambiguous star may be.
    classes : C names
        Of the target.
    augmentation : Augmentation
        Used when the loop gives chance.
    """

    def __init__(
        self, material: Material, rows: Rows, target: NDArray[np.float32], classes: tuple[str, ...],
        augmentation: Augmentation,
    ) -> None:  # fmt: skip
        self.material, self.rows, self.target, self.augmentation = material, rows, target, augmentation
        self.lengths = material.lengths[rows]
        one_way = [k for k, name in enumerate(classes) if name in _ONE_WAY]
        self.two_way = np.asarray(target[:, one_way].sum(axis=1) == 0)
        if material.representation == "folds":
            self.right = right_candidate(material, rows)
            near = self.right == 0
            # Trained on what the line will give: the first candidate is sharpened there, and here.
            self.tried = material.examples.tried[rows].copy()
            self.tried[near, 0] = 1.0 / material.examples.period[rows][near]
            self.span = np.maximum(material.examples.span[rows], 1.0)

    def targets(self, rows: Rows) -> dict[str, NDArray[Any]]:
        """``target``; of folds also ``right``, the candidate that is the catalogue's period, and ``morphology``."""
        found: dict[str, NDArray[Any]] = {"target": self.target[rows]}
        if self.material.representation == "folds":
            found |= {"right": self.right[rows], "morphology": self.material.morphology[self.rows[rows]]}
        return found

    def batch(self, rows: Rows, rng: np.random.Generator | None) -> dict[str, NDArray[Any]]:
        """Inputs by name."""
        some = self.rows[rows]
        if self.material.representation != "folds":
            points = None
            if rng is not None and self.material.points is not None:
                points = self._points(some, rng)
            inputs = self.material.inputs(some, points)
        elif rng is None:
            inputs = self.material.inputs(some, tried=self.tried[rows])
        else:
            tried = self.tried[rows]
            tried = tried + rng.normal(0.0, self.augmentation.jitter, tried.shape) / self.span[rows][:, None]
            inputs = self.material.inputs(some, self._points(some, rng), tried)
            self._changed(inputs, rows, rng)
        if rng is not None and "features" in inputs:
            forgotten = rng.random(inputs["features"].shape) < self.augmentation.forget
            inputs["features"] = np.where(forgotten, np.float32(np.nan), inputs["features"])
        return inputs

    def _points(self, rows: Rows, rng: np.random.Generator) -> Points:
        assert self.material.points is not None
        points, n = self.material.points.some(rows), len(rows)
        star = np.repeat(np.arange(n), np.diff(points.offsets))
        about = self.augmentation
        noisy = np.where(rng.random(n) < about.noise, rng.uniform(0.0, 1.0, n), 0.0)[star]
        mag = points.mag + noisy * rng.normal(size=len(star)) / np.sqrt(points.weight)
        points = Points(points.time, mag, points.weight / (1.0 + noisy**2), points.offsets)
        share = np.where(rng.random(n) < about.fewer, rng.uniform(0.4, 1.0, n), 1.0)
        place = np.arange(len(star)) - points.offsets[star]
        first = place < np.ceil(share[star] * np.diff(points.offsets)[star])
        kept = np.where((rng.random(n) < 0.5)[star], first, rng.random(len(star)) < share[star])
        kept[points.offsets[:-1]] = True
        return points.keep(kept)

    def _changed(self, inputs: dict[str, NDArray[Any]], rows: Rows, rng: np.random.Generator) -> None:
        folds, about = inputs["folds"], self.augmentation
        turned = self.two_way[rows] & (rng.random(len(rows)) < about.mirror)
        folds[turned] = np.roll(folds[turned][..., ::-1], 1, axis=-1)
        step = rng.integers(-about.turn, about.turn + 1, len(rows))
        for by in range(-about.turn, about.turn + 1):
            folds[step == by] = np.roll(folds[step == by], by, axis=-1)
        alone = np.flatnonzero((self.right[rows] == 0) & (rng.random(len(rows)) < about.given))
        strengths = inputs["strengths"].copy()
        folds[alone, 1:], strengths[alone] = 0.0, np.nan
        inputs["strengths"] = strengths


def right_candidate(material: Material, rows: Rows, tolerance: float = 0.002) -> Rows:
    """Which candidate of each star is the catalogue's period; -1 where none is, or where it is not to be trusted."""
    examples = material.examples
    with np.errstate(invalid="ignore", divide="ignore"):
        hit = np.abs(1.0 / (examples.tried[rows] * examples.truth[rows][:, None]) - 1.0) < tolerance
    return np.where(hit.any(axis=1), hit.argmax(axis=1), -1)
