"""Binaries and singles from the pixels of real LAMOST spectra: noise, masks and errors as they are.

A single is the sum of two visits to one star. A binary is such a sum with one of the two moved (a twin), or the sum of
a visit and of a spectrum of another, cooler star. Both have the same first stars, light ratios and frames, and are made
as noisy as each other. What it cannot give: whether the parents are single themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import prepare
from goodricke.clean.spectra.continuum import continuum
from goodricke.errors import DataError, OptionError
from goodricke.photosphere import abs_mag_v, mass
from goodricke.photosphere.doppler import pixels_of, shift
from goodricke.photosphere.single import fit_single
from goodricke.simulate.spectra.libraries import main_sequence_by_type
from goodricke.simulate.spectra.noise import OBSERVED_LATTICE, real_pixels
from goodricke.simulate.spectra.population import dwarf_gravity
from goodricke.simulate.spectra.resampling import v_band
from goodricke.simulate.spectra.truth import Truth
from goodricke.spectra.batch import Spectra
from goodricke.spectra.lattice import LAMOST_LATTICE, LIGHT_KM_S, Lattice

__all__ = ["KINDS", "RealStars", "load_real", "real_pairs"]

KINDS = ("twin", "pair")
"""A star and itself at another velocity; a star and a cooler one."""

_MARGIN = 16  # pixels on each side of `OBSERVED_LATTICE` for what a shift brings in
WIDE_LATTICE = Lattice(
    OBSERVED_LATTICE.first - _MARGIN * OBSERVED_LATTICE.step, OBSERVED_LATTICE.step, OBSERVED_LATTICE.n + 2 * _MARGIN
)
_MASKED = 0.05  # share of pixels above which a spectrum is no parent
_LIGHTEST = 0.5  # mass ratio below which a companion is not seen


@dataclass(frozen=True, eq=False)
class RealStars:
    """K spectra of real dwarfs.

    Parameters
    ----------
    flux, variance : (K, P) float32
        On `WIDE_LATTICE`, in units of the mean flux in V; masked pixels are filled from their neighbours.
    known : (K, P) bool
        Pixels that are not masked.
    star : (K,) str
        Spectra of one star have the same.
    teff : (K,) float64
        Of the spectral type, K.
    velocity : (K,) float64
        km/s as the survey gives it.
    snr : (K,) float64
        Median per pixel.
    """

    flux: NDArray[np.float32]
    variance: NDArray[np.float32]
    known: NDArray[np.bool_]
    star: NDArray[np.str_]
    teff: NDArray[np.float64]
    velocity: NDArray[np.float64]
    snr: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.star)

    def __getitem__(self, which: NDArray[Any]) -> RealStars:
        """Some of them."""
        return RealStars(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def load_real(folder: str | Path) -> RealStars:
    """The F, G and K dwarfs among the real LAMOST spectra of a data folder, few of their pixels masked.

    Temperatures are those of their types; whether one is a dwarf says the fit of a single star, since types do not.
    """
    flux, ivar, columns = real_pixels(folder)
    by_type = main_sequence_by_type(folder)
    kinds = [text[:2] for text in columns["subclass"]]
    teff = np.array([by_type.get(kind, (np.nan, 0.0))[0] for kind in kinds])
    first = round((WIDE_LATTICE.first - LAMOST_LATTICE.first) / LAMOST_LATTICE.step)
    inside = slice(first, first + WIDE_LATTICE.n)
    light, weight = flux[:, inside], ivar[:, inside]
    known = weight > 0
    usable = (np.array(columns["cls"]) == "STAR") & (known.mean(axis=1) > 1.0 - _MASKED)
    usable &= np.isin([kind[:1] for kind in kinds], ["F", "G", "K"]) & np.isfinite(teff)
    rows = np.flatnonzero(usable)
    velocity = np.array(columns["z"], dtype=np.float64)[rows] * LIGHT_KM_S
    light, weight, known = light[rows], weight[rows], known[rows]
    spectra = Spectra.from_arrays(WIDE_LATTICE.wave, light, weight, ~known, velocity=velocity, kind="STAR")
    fitted = fit_single(prepare(spectra))
    smooth = continuum(light, weight, WIDE_LATTICE)
    snr = np.array([np.median(s[k] * np.sqrt(w[k])) for s, w, k in zip(smooth, weight, known, strict=True)])
    filled = np.stack([_filled(row, good) for row, good in zip(light, known, strict=True)])
    noise = np.stack([_filled(1.0 / np.where(w > 0, w, 1.0), w > 0) for w in weight])
    scale = v_band(filled.astype(np.float64), WIDE_LATTICE)[:, None]
    dwarf = (np.nan_to_num(fitted.logg) > 3.7) & (scale[:, 0] > 0) & (smooth > 0).all(axis=1)
    stars = RealStars(
        (filled / scale).astype(np.float32), (noise / scale**2).astype(np.float32), known,
        np.array(columns["star_id"])[rows], teff[rows], velocity, snr,
    )  # fmt: skip
    return stars[dwarf]


def real_pairs(
    stars: RealStars,
    n: int,
    rng: np.random.Generator,
    snr: float = 30.0,
    dv: float | tuple[float, float] = (150.0, 400.0),
    kinds: Sequence[str] = KINDS,
    binary_share: float = 0.5,
) -> tuple[Spectra, Truth]:
    """Sums of two real spectra each: binaries, and singles of the same first stars.

    Parameters
    ----------
    stars : RealStars
        See `load_real`; those with repeat visits at this S/N are first stars.
    n : int
        Number of sums.
    rng : Generator
        Source of chance.
    snr : float
        Median per pixel that all sums have; parents have more.
    dv : float or (low, high)
        km/s between the two stars of a binary, with either sign; 0 for unmoved ones.
    kinds : some of `KINDS`
        In equal shares.
    binary_share : float
        Exactly this share are binaries. A twin with `dv` 0 is a single by construction.

    Returns
    -------
    spectra : Spectra
    truth : Truth
        `star` and `star2` are the parents. What is not known of real stars is NaN.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise OptionError(f"no kind of pair {', '.join(unknown) or 'named'}; there are {', '.join(KINDS)}")
    first, second, other = _parents(stars, snr)
    low, high = dv if isinstance(dv, tuple) else (dv, dv)
    apart = rng.uniform(low, high, n) * rng.choice([-1.0, 1.0], n)
    visit = rng.integers(0, len(first), n)
    binary = rng.permutation(np.arange(n) < round(binary_share * n))
    paired = rng.permutation(np.arange(n) % len(kinds)) == (list(kinds).index("pair") if "pair" in kinds else -1)
    a, again = first[visit], second[visit]
    cooler = np.array([rng.choice(other[k]) for k in visit])
    q = np.where(paired, _masses(stars.teff[cooler]) / _masses(stars.teff[a]), 1.0)
    # A single has the light ratio of the binary that was drawn for it, so that both classes have one law of weights.
    ratio = np.where(paired, 10.0 ** (-0.4 * (_magnitude(stars.teff[cooler]) - _magnitude(stars.teff[a]))), 1.0)
    b = np.where(binary & paired, cooler, again)
    apart_seen = np.where(binary, apart, 0.0)

    v_error = rng.normal(0.0, 1.0, n) * np.hypot(3.0, 100.0 / snr)
    v1 = -apart_seen * ratio / (1.0 + ratio)
    flux, variance, known = _mixed(stars, a, b, ratio, v1, v1 + apart_seen)
    smooth = continuum(flux, known.astype(np.float32), OBSERVED_LATTICE)
    wanted = variance * _to_snr(flux, smooth, variance, known, snr) ** 2
    flux = flux + np.sqrt(wanted - variance) * rng.standard_normal(flux.shape, dtype=np.float32)
    none, unasked = np.where(binary, 0.0, np.nan), np.full(n, np.nan)
    velocity = stars.velocity[a]
    truth = Truth(
        binary, q + none, apart + none, stars.teff[a], unasked, unasked, stars.teff[b] + none, ratio + none, q, apart,
        np.full(n, snr), velocity, velocity + v_error, unasked, unasked, unasked, stars.star[a], stars.star[b],
    )  # fmt: skip
    spectra = Spectra.from_arrays(
        OBSERVED_LATTICE.wave, np.where(known, flux, 0.0), np.where(known, 1.0 / wanted, 0.0), ~known,
        object_id=np.array([f"real pair {k}" for k in range(n)]), survey="made", kind="STAR", snr=snr,
        velocity=truth.v_measured,
    )  # fmt: skip
    return spectra, truth


def _parents(stars: RealStars, snr: float) -> tuple[NDArray[np.int64], NDArray[np.int64], list[NDArray[np.int64]]]:
    """Ordered pairs of visits to one star, and the cooler stars that may be companions of the first."""
    good = np.flatnonzero(stars.snr >= snr)
    first, second, other = [], [], []
    for one in good.tolist():
        q = _masses(stars.teff[good]) / _masses(stars.teff[[one]])
        companions = good[(stars.star[good] != stars.star[one]) & (q <= 1.0) & (q >= _LIGHTEST)]
        for again in good[(stars.star[good] == stars.star[one]) & (good != one)].tolist():
            if len(companions):
                first.append(one)
                second.append(again)
                other.append(companions)
    if not first:
        raise DataError(f"no star has two visits with S/N above {snr:g}; ask for less")
    return np.array(first), np.array(second), other


def _masses(teff: NDArray[np.float64]) -> NDArray[np.float64]:
    return mass(teff, dwarf_gravity(teff), 0.0)


def _magnitude(teff: NDArray[np.float64]) -> NDArray[np.float64]:
    return abs_mag_v(teff, dwarf_gravity(teff), 0.0)


def _mixed(
    stars: RealStars,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    ratio: NDArray[np.float64],
    v1: NDArray[np.float64],
    v2: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Sums in the frame of the first visit: flux, its variance and what is known, on `OBSERVED_LATTICE`."""
    inner = slice(_MARGIN, _MARGIN + OBSERVED_LATTICE.n)
    share = (1.0 / (1.0 + ratio), ratio / (1.0 + ratio))
    flux = np.zeros((len(a), OBSERVED_LATTICE.n))
    variance = np.zeros((len(a), OBSERVED_LATTICE.n), np.float32)
    known = np.ones((len(a), OBSERVED_LATTICE.n), bool)
    for rows, weight, move in ((a, share[0], v1), (b, share[1], v2 + stars.velocity[a] - stars.velocity[b])):
        # A shift in Fourier space keeps the variance of white noise; interpolation would smooth it.
        flux += weight[:, None] * shift(stars.flux[rows], WIDE_LATTICE, move)[:, inner]
        whole = np.rint(pixels_of(move, WIDE_LATTICE)).astype(int)
        at = np.clip(np.arange(WIDE_LATTICE.n) - whole[:, None], 0, WIDE_LATTICE.n - 1)
        variance += (weight[:, None] ** 2 * np.take_along_axis(stars.variance[rows], at, axis=1)[:, inner]).astype("f4")
        masked = ~np.take_along_axis(stars.known[rows], at, axis=1)
        masked = masked | np.roll(masked, 1, axis=1) | np.roll(masked, -1, axis=1)  # a part of a pixel to either side
        known &= ~masked[:, inner]
    return flux.astype(np.float32), variance, known


def _to_snr(
    flux: NDArray[np.float32],
    smooth: NDArray[np.float32],
    variance: NDArray[np.float32],
    known: NDArray[np.bool_],
    snr: float,
) -> NDArray[np.float32]:
    """Factors (N, 1) on the errors that make the median S/N what is wanted, not below 1."""
    ratio = np.where(known, smooth / np.sqrt(variance), np.nan)
    return np.maximum(np.nanmedian(ratio, axis=1, keepdims=True) / snr, 1.0).astype(np.float32)


def _filled(values: NDArray[Any], good: NDArray[np.bool_]) -> NDArray[np.float64]:
    places = np.arange(len(values))
    return np.interp(places, places[good], values[good]) if good.any() else np.zeros(len(values))
