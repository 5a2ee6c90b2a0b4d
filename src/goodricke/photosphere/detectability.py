"""What a companion leaves in a spectrum when the best single star has been taken out, and whether it can be seen.

The distance d' is the size of what is left in units of the noise (photons, floor, star-to-star scatter), so that an
ideal linear discriminant that knows q and dv tells the pair from the single star with an area under the curve of
Phi(d' / sqrt(2)). No method that sees the spectrum alone can do better than this for stars that scatter as the
emulator's do.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.photosphere.composite import pair_flux, velocities
from goodricke.photosphere.emulator import BOUNDS, MARGIN, Emulator
from goodricke.photosphere.emulator import emulator as shipped
from goodricke.photosphere.main_sequence import light_ratio
from goodricke.photosphere.model import over_continuum
from goodricke.photosphere.noise import FLOOR, Noise, noise_of, plain_noise
from goodricke.photosphere.single import LIMITS, Found, Single, better_of, descend, single_model

__all__ = ["DV_GRID", "Q_GRID", "bound_auc", "chance", "distance", "distances", "dwarf_gravity", "signal"]

Q_GRID = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
"""Mass ratios of the tables."""

DV_GRID = np.array([0.0, 50.0, 100.0, 150.0, 200.0, 300.0])
"""Velocity differences of the tables, km/s."""

_INNER = slice(MARGIN, -MARGIN)
_TEFF_NODES = np.array([3700.0, 4000, 4300, 4600, 4900, 5200, 5500, 5800, 6100, 6400, 6700, 7000, 7500, 8000])
_FEH_NODES = np.array([-0.6, -0.1])
_BLOCK = 64
_UNITS = np.array([100.0, 0.1, 0.1, 10.0, 0.1])
_FREE = (np.zeros(5), np.full(5, 1e6))  # a prior that says nothing
_TURNS = 12
_PARTED = 120.0  # km/s


def dwarf_gravity(teff: ArrayLike) -> NDArray[np.float64]:
    """Log g of usual dwarfs of a temperature, (...,): the middle of MIST's main sequence.

    >>> dwarf_gravity([4000.0, 5800.0]).round(1)
    array([4.7, 4.4])
    """
    nodes = [3000, 3500, 4000, 4800, 5400, 5800, 6300, 8000]
    return np.asarray(np.interp(np.asarray(teff, float), nodes, _GRAVITIES))


_GRAVITIES = [5.05, 4.88, 4.7, 4.62, 4.53, 4.4, 4.22, 4.1]


def signal(labels: ArrayLike, q: ArrayLike, dv: ArrayLike, emulator: Emulator | None = None) -> NDArray[np.float32]:
    """What pairs leave when the best single star, by least squares, has been taken out.

    Parameters
    ----------
    labels : (N, 3)
        Teff in K, logg, [Fe/H] of the primaries.
    q, dv : (N,) or float
        Mass ratio and velocity difference in km/s.
    emulator : Emulator, optional
        The one that ships when left out.

    Returns
    -------
    (N, P) float32
        In units of the continuum, on `MODEL_LATTICE`.

    Examples
    --------
    >>> left = signal([[5800.0, 4.4, 0.0]] * 2, [0.8, 1.0], 0.0)
    >>> (100 * left.std(axis=1)).round(1)
    array([0.5, 0. ], dtype=float32)
    """
    ours = emulator or shipped()
    first, ratio, apart = _alike(labels, q, dv)
    out = np.empty((len(first), ours.lattice.n - 2 * MARGIN), np.float32)
    for start in range(0, len(first), _BLOCK):
        some = slice(start, start + _BLOCK)
        flux, ivar = _pairs(ours, first[some], ratio[some], apart[some])
        out[some] = flux - _nearest(ours, flux, ivar, plain_noise(ivar), first[some], ratio[some], apart[some]).model
    return out


def distance(
    labels: ArrayLike,
    q: ArrayLike,
    dv: ArrayLike,
    snr: ArrayLike,
    floor: float = FLOOR,
    emulator: Emulator | None = None,
) -> NDArray[np.float64]:
    """Distance d' of pairs from the nearest single star, (N,), in spectra of even signal-to-noise ratio per pixel.

    The single star is the nearest in the measure of the noise, so this is the least distance: the square root of how
    much chi2 of the best single star rises on average.

    >>> d = distance([[5800.0, 4.4, 0.0]] * 3, [0.8, 0.9, 1.0], 0.0, 50.0)
    >>> d[0] > d[1] > 1.0, bool(d[2] < 0.05)
    (np.True_, True)
    """
    ours = emulator or shipped()
    first, ratio, apart = _alike(labels, q, dv)
    level = np.broadcast_to(np.asarray(snr, float), (len(first),))
    out = np.empty(len(first))
    for start in range(0, len(first), _BLOCK):
        some = slice(start, start + _BLOCK)
        flux, ivar = _pairs(ours, first[some], ratio[some], apart[some])
        noise = noise_of(ivar * level[some, None].astype(np.float32) ** 2, ours, floor, len(ours.variances))
        chi2 = _nearest(ours, flux, ivar, noise, first[some], ratio[some], apart[some]).chi2
        out[some] = np.sqrt(np.maximum(chi2, 0.0))
    return out


def bound_auc(
    teff1: ArrayLike, q: ArrayLike, dv: ArrayLike, snr: ArrayLike, emulator: Emulator | None = None
) -> NDArray[np.float64]:
    """Area under the curve, (N,), that nothing can exceed which tells pairs from single stars by their spectra.

    Parameters
    ----------
    teff1 : (N,) or float
        K, of primaries on the main sequence with the metals of the Sun.
    q, dv, snr : (N,) or float
        Mass ratio, velocity difference in km/s, signal-to-noise ratio per pixel.
    emulator : Emulator, optional
        The one that ships when left out.

    Examples
    --------
    >>> auc = bound_auc(5800.0, [0.8, 0.8, 1.0], 0.0, [20.0, 50.0, 50.0])
    >>> bool(0.5 < auc[0] < auc[1] < 1.0), auc[2].round(2)
    (True, np.float64(0.5))
    """
    from scipy.special import ndtr

    hot, ratio, apart, level = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(each, float)) for each in (teff1, q, dv, snr))
    )
    labels = np.column_stack([hot, dwarf_gravity(hot), np.zeros(len(hot))])
    return np.asarray(ndtr(distance(labels, ratio, apart, level, emulator=emulator) / np.sqrt(2.0)))


def distances(
    single: Single,
    ivar: NDArray[np.floating[Any]],
    q: ArrayLike = Q_GRID,
    dv: ArrayLike = DV_GRID,
    floor: float = FLOOR,
    emulator: Emulator | None = None,
) -> NDArray[np.float64]:
    """Distance d' that a companion would have in these very spectra.

    Parameters
    ----------
    single : Single
        Best single stars of N spectra: they say what the primary would be.
    ivar : (N, P)
        Inverse variance of the normalised spectra, as `Prepared.ivar` times `Prepared.independent`.
    q, dv : (Q,), (V,)
        Mass ratios, and velocity differences in km/s.

    Returns
    -------
    (N, Q, V) float64
        NaN where a spectrum has no fit. What a pair leaves is looked up at the nearest node in Teff and [Fe/H], and the
        best single star is taken out anew with the noise of the spectrum.

    Examples
    --------
    >>> from goodricke.clean.spectra import prepare
    >>> from goodricke.photosphere import emulator, fit_single
    >>> from goodricke.spectra import Spectra
    >>> ours = emulator()
    >>> flux = ours.flux([[5800.0, 4.4, 0.0]])
    >>> star = prepare(Spectra.from_arrays(ours.lattice.wave, flux, (50 / flux) ** 2, velocity=0.0))
    >>> found = distances(fit_single(star), star.ivar, q=[0.8, 1.0], dv=[0.0, 100.0])
    >>> found.shape, bool(found[0, 0, 1] > found[0, 0, 0] > found[0, 1, 0])
    ((1, 2, 2), True)
    """
    ours = emulator or shipped()
    ratios, apart = np.atleast_1d(np.asarray(q, float)), np.atleast_1d(np.asarray(dv, float))
    out = np.full((len(single), len(ratios), len(apart)), np.nan)
    for hot, metals, rows in by_node(single.teff, single.feh):
        node_table = table(ours, hot, metals, tuple(ratios.tolist()), tuple(apart.tolist()))
        together = np.concatenate([node_table.slopes, node_table.left])
        m = len(node_table.slopes)
        for start in range(0, len(rows), _BLOCK):
            some = rows[start : start + _BLOCK]
            noise = noise_of(np.asarray(ivar)[some], ours, floor)
            product = noise.products(np.broadcast_to(together, (len(some), *together.shape)))
            across = product[:, :m, m:]
            inner = product[:, :m, :m] + 1e-6 * np.eye(m)
            taken = np.einsum("nak,nak->nk", across, np.linalg.solve(inner, across))
            square = np.diagonal(product[:, m:, m:], axis1=1, axis2=2) - taken
            out[some] = np.sqrt(np.maximum(square, 0.0)).reshape(len(some), len(ratios), len(apart))
    return out


def chance(distance: ArrayLike, threshold: float) -> NDArray[np.float64]:
    """Chance, (...,), that a pair at distance d' would have passed a threshold in the same units.

    The statistic of a pair is d' plus a normal deviate, to good approximation: sqrt(delta chi2) of `fit_pair` is.

    >>> chance([0.0, 3.0, 6.0], 3.0).round(3)
    array([0.001, 0.5  , 0.999])
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(np.asarray(distance, float) - threshold))


@dataclass(frozen=True, eq=False)
class Table:
    """What pairs leave at a node of Teff and [Fe/H].

    Parameters
    ----------
    left : (G, P) float32
        For each pair of q and dv, dv running fastest.
    slopes : (5, P) float32
        Derivatives of the single star by what is fitted, in steps of like effect.
    q, dv : (G,)
        Of the pairs.
    back : (G, 5)
        Parameters of the primary less those of the best single star.
    """

    left: NDArray[np.float32]
    slopes: NDArray[np.float32]
    q: NDArray[np.float64]
    dv: NDArray[np.float64]
    back: NDArray[np.float64]


def by_node(teff: NDArray[np.float64], feh: NDArray[np.float64]) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Nodes of temperature and metals, and the stars that are nearest to each; those with NaN to none."""
    known = np.isfinite(teff) & np.isfinite(feh)
    hot = np.abs(_TEFF_NODES - np.where(known, teff, 0.0)[:, None]).argmin(axis=1)
    metals = np.abs(_FEH_NODES - np.where(known, feh, 0.0)[:, None]).argmin(axis=1)
    place = np.where(known, hot * len(_FEH_NODES) + metals, -1)
    for node in np.unique(place[known]).tolist():
        yield node // len(_FEH_NODES), node % len(_FEH_NODES), np.flatnonzero(place == node)


@functools.lru_cache(maxsize=256)
def table(emulator: Emulator, hot: int, metals: int, q: tuple[float, ...], dv: tuple[float, ...]) -> Table:
    """What pairs of a grid leave at a node of `by_node`."""
    teff = _TEFF_NODES[hot]
    label = np.array([[teff, float(dwarf_gravity(teff)), _FEH_NODES[metals]]])
    ratios, apart = (grid.ravel() for grid in np.meshgrid(q, dv, indexing="ij"))
    labels = np.repeat(label, len(ratios), axis=0)
    flux, ivar = _pairs(emulator, labels, ratios, apart)
    best = _nearest(emulator, flux, ivar, plain_noise(ivar), labels, ratios, apart)
    _, slopes = single_model(emulator)(np.column_stack([label, [[0.0, 0.1]]]), ivar[:1], True)
    primary = np.column_stack([labels, velocities(ratios, apart)[0], np.zeros(len(ratios))])
    return Table(
        flux - best.model, slopes[0] * _UNITS[:, None].astype(np.float32), ratios, apart, primary - best.parameters
    )


def _alike(
    labels: ArrayLike, q: ArrayLike, dv: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    first = np.atleast_2d(np.asarray(labels, float))
    if first.ndim != 2 or first.shape[1] != 3:
        raise DataError(f"labels have shape {first.shape}; give (N, 3): Teff, logg, [Fe/H]")
    ratio, apart = (np.broadcast_to(np.asarray(each, float), (len(first),)) for each in (q, dv))
    return first, ratio, apart


def _pairs(
    emulator: Emulator, labels: NDArray[np.float64], q: NDArray[np.float64], dv: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Normalised spectra of pairs (N, P) without noise, and even weights."""
    flux = pair_flux(emulator, labels, q, *velocities(q, dv))[:, _INNER].astype(np.float32)
    even = np.ones_like(flux)
    return over_continuum(flux, np.empty((len(flux), 0, flux.shape[1]), np.float32), even)[0], even


def _nearest(
    emulator: Emulator,
    flux: NDArray[np.float32],
    ivar: NDArray[np.float32],
    noise: Noise,
    labels: NDArray[np.float64],
    q: NDArray[np.float64],
    dv: NDArray[np.float64],
) -> Found:
    """The single star nearest to pairs, begun at the primary moved by its share of the light."""
    v1, v2 = velocities(q, dv)
    share = light_ratio(labels[:, 0], labels[:, 1], labels[:, 2], q)
    velocity = (v1 + share * v2) / (1.0 + share)
    first = np.column_stack([np.clip(labels, BOUNDS[:, 0], BOUNDS[:, 1]), velocity, np.full(len(q), 0.1)])
    model = single_model(emulator)
    best = descend(flux, ivar, noise, first, model, LIMITS, _FREE, _UNITS, _TURNS)
    # Two well parted sets of lines have two best single stars: begin at the brighter one too.
    parted = np.flatnonzero(np.abs(dv) > _PARTED)
    if not len(parted):
        return best
    first[parted, 3] = v1[parted]
    alone = descend(flux[parted], ivar[parted], noise[parted], first[parted], model, LIMITS, _FREE, _UNITS, _TURNS)
    return better_of(best, alone, parted)
