"""More stars than there are: deviations from the mean star that mix those of a few real ones.

Some hundred real stars are few to learn from; a network would know each by its face. A mixture of three of like labels
deviates as much as one of them (the squares of the weights add up to 1) and is nobody in particular.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from goodricke.simulate.spectra.source import Source

__all__ = ["blended", "gaussian"]

_SCALE = np.array([0.06, 0.4, 0.35])  # ln Teff, log g, [Fe/H] of stars that are alike
_NEAR = 12
_MIXED = 3
_PEAKED = 0.6  # of the Dirichlet distribution: most mixtures have one star that is most of it


def blended(source: Source, n: int, rng: np.random.Generator) -> Source:
    """A source of `n` mixtures; each has the name of the star that it began with, by which splits are made.

    All stars of a mixture are of `source`: split first, then blend.

    Examples
    --------
    >>> from goodricke.photosphere import emulator
    >>> mean, rng = emulator(), np.random.default_rng(0)
    >>> labels = np.column_stack([np.full(20, 5800.0), np.full(20, 4.4), np.zeros(20)])
    >>> few = Source(mean, np.array(list("abcdefghijklmnopqrst")), labels, rng.normal(0, 0.01, (20, mean.lattice.n)))
    >>> many = blended(few, 200, rng)
    >>> len(many), round(float(many.residues.std()), 3)
    (200, 0.01)
    """
    place = np.column_stack([np.log(source.labels[:, 0]), source.labels[:, 1:]]) / _SCALE
    near = np.argsort(((place[:, None] - place[None]) ** 2).sum(axis=2), axis=1)[:, : min(_NEAR, len(source))]
    first = rng.integers(len(source), size=n)
    others = np.take_along_axis(near[first], rng.integers(0, near.shape[1], (n, _MIXED - 1)), axis=1)
    stars = np.column_stack([first, others])
    weight = np.sqrt(rng.dirichlet([_PEAKED] * _MIXED, n))
    residues = np.zeros((n, source.residues.shape[1]), np.float32)
    for k in range(_MIXED):
        residues += weight[:, k, None].astype(np.float32) * source.residues[stars[:, k]]
    labels = np.einsum("nk,nkl->nl", weight**2, source.labels[stars])
    return replace(source, star=source.star[first], labels=labels, residues=residues)


def gaussian(source: Source, n: int, rng: np.random.Generator) -> Source:
    """A source of `n` stars that deviate by chance with the mean and covariance of the source's, whatever their labels.

    What the bound of detectability takes stars to be.
    """
    middle = source.residues.mean(axis=0)
    away = source.residues - middle
    drawn = rng.standard_normal((n, len(away)), dtype=np.float32) @ away / np.float32(np.sqrt(len(away)))
    names = np.array([f"made {k}" for k in range(n)])
    labels = np.repeat(source.labels.mean(axis=0)[None], n, axis=0)
    return replace(source, star=names, labels=labels, residues=drawn + middle, like=False)
