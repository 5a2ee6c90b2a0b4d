"""Real stars as what spectra are made of: the mean star of any labels, and how each real one deviates from it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, OptionError
from goodricke.photosphere.emulator import Emulator, emulator, scatter, star_weights
from goodricke.simulate.spectra.templates import Templates
from goodricke.spectra.lattice import Lattice

__all__ = ["Source", "fold_of", "lenders", "source_of", "starlight", "strangers"]

_NEAR = np.array([0.06, 0.4, 0.35])  # ln Teff, log g, [Fe/H] within which a star's deviation is that of a like star


@dataclass(frozen=True, eq=False)
class Source:
    """Mean stars, and how K real ones deviate from them.

    Parameters
    ----------
    emulator : Emulator
        Flux of the mean star of any labels.
    star : (K,) str
        Names: what splits are made by.
    labels : (K, 3) float64
        Of the real stars.
    residues : (K, P) float32
        Log flux of the real star, over its continuum, less that of the mean star of its labels.
    two_stars : bool
        False: both components deviate as one real star does. True: as two different ones, in singles too; nearest to
        a sum of two template spectra.
    like : bool
        Whether the real star is one of like labels, else any star.
    """

    emulator: Emulator
    star: NDArray[np.str_]
    labels: NDArray[np.float64]
    residues: NDArray[np.float32]
    two_stars: bool = False
    like: bool = True

    def __post_init__(self) -> None:
        k = len(self.star)
        if self.labels.shape != (k, 3) or self.residues.shape != (k, self.emulator.lattice.n):
            raise DataError(f"labels {self.labels.shape} and residues {self.residues.shape} for {k} stars")
        if k < 1 + self.two_stars:
            raise DataError(f"{k} stars are too few to make composites of; give more templates")

    def __len__(self) -> int:
        return len(self.star)

    def __getitem__(self, which: NDArray[Any]) -> Source:
        """The same with some of the stars: one side of a split."""
        return replace(self, star=self.star[which], labels=self.labels[which], residues=self.residues[which])

    @property
    def lattice(self) -> Lattice:
        """That of the emulator: rest frame."""
        return self.emulator.lattice


def source_of(
    templates: Templates, model: Emulator | None = None, two_stars: bool = False, like: bool = True
) -> Source:
    """The dwarfs of template libraries as a source.

    Parameters
    ----------
    templates : Templates
        Dwarfs with known labels among them are used; those that are unlike all others of their temperature are not.
    model : Emulator, optional
        The one that ships when left out. For a test on stars that nothing has seen, fit one without them.
    two_stars, like : bool
        See `Source`.
    """
    mean = model or emulator()
    dwarfs = templates[templates.dwarf]
    if not len(dwarfs):
        raise DataError("none of the templates is a dwarf with known labels")
    # With the labels that a star's own spectrum gives: errors of catalogues would pass for scatter of stars.
    labels, light = mean.refine(dwarfs.labels, dwarfs.log_flux.astype(np.float64))
    apart = scatter(light, mean.log_flux(labels), mean.lattice)
    usual = star_weights(labels[:, 0], np.sqrt((apart**2).mean(axis=1))) > 0.3
    return Source(
        mean, dwarfs.star[usual], labels[usual], apart[usual].astype(np.float32), two_stars=two_stars, like=like
    )


def fold_of(stars: Sequence[str] | NDArray[np.str_], folds: int = 5, seed: int = 0) -> NDArray[np.int64]:
    """Fold of each star, by a hash of its name: the same star is in the same fold whatever else is there.

    >>> fold_of(["HD 1", "HD 2", "HD 1"]).tolist()
    [1, 2, 1]
    """
    if folds < 2:
        raise OptionError(f"{folds} folds make no split; give 2 or more")
    digests = (hashlib.sha256(f"{seed} {name}".encode()).digest() for name in np.asarray(stars).tolist())
    return np.array([int.from_bytes(digest[:8], "big") % folds for digest in digests], dtype=np.int64)


def lenders(
    source: Source,
    seen: NDArray[np.float64],
    one: NDArray[np.float64],
    two: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which real stars lend their deviations to both components: the same one, or two different ones."""
    if not source.two_stars:
        star = _chosen(source, seen, rng)
        return star, star
    star = _chosen(source, one, rng)
    return star, _chosen(source, two, rng, star)


def strangers(
    source: Source,
    one: NDArray[np.float64],
    two: NDArray[np.float64],
    binary: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As `lenders` where only the components of binaries are two different real stars: singles stay as they are."""
    apart = replace(source, two_stars=True)  # which refuses a source of one star
    star = _chosen(apart, one, rng)
    # By chance of its own, so that all that is drawn after it is the same with the control and without it.
    return star, np.where(binary, _chosen(apart, two, rng.spawn(1)[0], star), star)


def _chosen(
    source: Source, labels: NDArray[np.float64], rng: np.random.Generator, but: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """A star of like labels for each (Gumbel's way to draw by weights), never one of the same name as that in `but`."""
    score = rng.gumbel(size=(len(labels), len(source)))
    if source.like:
        score -= 0.5 * (((_placed(labels)[:, None] - _placed(source.labels)) / _NEAR) ** 2).sum(axis=2)
    if but is not None:
        score[source.star[None, :] == source.star[but][:, None]] = -np.inf
    return np.asarray(score.argmax(axis=1))


def _placed(labels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.log(labels[:, 0]), labels[:, 1:]])


def starlight(source: Source, labels: NDArray[np.float64], star: NDArray[np.int64]) -> NDArray[np.float64]:
    """Flux of stars of given labels that deviate as real ones do."""
    return np.exp(source.emulator.log_flux(labels) + source.residues[star])
