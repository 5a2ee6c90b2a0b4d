"""Noise of real spectra: the inverse variances, masks and excess of LAMOST, and what the pipeline does not know of.

What is learnt from real spectra is how the noise runs over wavelength, never any flux. An inverse variance that
followed the flux of a made star would hand its noiseless lines to a model that sees both; so a made spectrum has that
of another star, drawn without regard to what it shows.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.errors import DataError, ReadError
from goodricke.spectra.lattice import LAMOST_LATTICE, MODEL_LATTICE, Lattice

__all__ = ["FLOOR", "OBSERVED_LATTICE", "NoiseBank", "calibration_error", "correlated", "load_noise", "real_pixels"]

_EDGE = 12
OBSERVED_LATTICE = Lattice(MODEL_LATTICE.first - _EDGE * MODEL_LATTICE.step, MODEL_LATTICE.step, MODEL_LATTICE.n + 24)
"""Where made spectra lie, as observed: native pixels of LAMOST, with room for 550 km/s on each side of what is used."""

FLOOR = 0.005
"""Error per pixel that no inverse variance tells of: the scatter of repeat visits at high S/N, as part of the flux."""

_FLOOR_PIXELS = 1.5  # standard deviation of the Gaussian that correlates the floor
_ALIKE = 60  # spectra of most alike S/N from which the run of the noise is drawn
_CUT = 3.5  # errors beyond so many expected ones count as so many
_FINE_PIXELS = 25  # noise on shorter scales is `fine`, on longer ones `coarse`
_COARSE_PIXELS = 12.0  # standard deviation of the Gaussian that correlates the latter


@dataclass(frozen=True, eq=False)
class NoiseBank:
    """How the noise of K real spectra runs over the pixels of `OBSERVED_LATTICE`.

    Parameters
    ----------
    profile : (K, P) float32
        Continuum over error, in units of its median; 0 where a pixel is masked or missing.
    snr : (K,) float64
        That median.
    fine : (P,) float32
        True errors from pixel to pixel over those told, from repeat visits: 0.8 in the blue, more in the sky lines.
    coarse : (P,) float32
        The same of errors that some 25 pixels and more have in common: the red noise.
    neighbour : (P,) float32
        Correlation of the fine errors of a pixel and the next.
    """

    profile: NDArray[np.float32]
    snr: NDArray[np.float64]
    fine: NDArray[np.float32]
    coarse: NDArray[np.float32]
    neighbour: NDArray[np.float32]

    def __post_init__(self) -> None:
        per_pixel = {part.shape for part in (self.fine, self.coarse, self.neighbour)}
        if self.profile.shape != (len(self.snr), OBSERVED_LATTICE.n) or per_pixel != {(OBSERVED_LATTICE.n,)}:
            raise DataError(f"profiles of shape {self.profile.shape} for {len(self.snr)} spectra; see NoiseBank.fit")
        if not len(self.snr):
            raise DataError("no spectrum is good enough to learn noise from; give some with S/N above 8")

    def __len__(self) -> int:
        return len(self.snr)

    @classmethod
    def fit(
        cls, flux: NDArray[np.float32], ivar: NDArray[np.float32], star: NDArray[np.str_], lattice: Lattice
    ) -> NoiseBank:
        """Learn from real spectra on native pixels.

        Parameters
        ----------
        flux, ivar : (K, Q)
            On `lattice`; ivar 0 where masked.
        star : (K,)
            Names; spectra of the same name are repeat visits.
        lattice : Lattice
            Has all pixels of `OBSERVED_LATTICE`.
        """
        first = round((OBSERVED_LATTICE.first - lattice.first) / lattice.step)
        if first < 0 or first + OBSERVED_LATTICE.n > lattice.n:
            raise DataError("the spectra do not cover 3840 to 7269 Angstrom")
        light, weight = (array[:, first : first + OBSERVED_LATTICE.n] for array in (flux, ivar))
        smooth = continuum(light, weight, OBSERVED_LATTICE)
        known = (weight > 0) & (smooth > 0)
        ratio = np.where(known, smooth * np.sqrt(np.maximum(weight, 0)), 0.0)
        snr = np.array([np.median(row[row > 0]) if (row > 0).any() else 0.0 for row in ratio])
        good = (snr > 8.0) & (known.mean(axis=1) > 0.7)
        normal = np.where(known, light / np.where(known, smooth, 1.0), 1.0)[good]
        profile = (ratio[good] / snr[good, None]).astype(np.float32)
        return cls(profile, snr[good], *_measured(normal, ratio[good], star[good]))

    def draw(
        self, snr: NDArray[np.float64], rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Standard errors in parts of the continuum that a pipeline would tell, and errors as they turn out.

        Parameters
        ----------
        snr : (N,)
            Median signal-to-noise ratio per pixel that is wanted.
        rng : Generator
            Source of chance.

        Returns
        -------
        told, error : (N, P) float32
            Infinite, and 0, where a pixel is masked. The floor is not among the errors.
        """
        order = np.argsort(self.snr)
        place = np.searchsorted(self.snr[order], snr) + rng.integers(-_ALIKE // 2, _ALIKE // 2 + 1, len(snr))
        rows = order[np.clip(place, 0, len(order) - 1)]
        with np.errstate(divide="ignore"):
            told = (1.0 / (self.profile[rows] * snr[:, None].astype(np.float32))).astype(np.float32)
        known = np.where(np.isfinite(told), told, 0.0).astype(np.float32)
        # Of white noise x, x_i + a x_(i+1) has a correlation of a / (1 + a^2) between neighbours.
        share = 2.0 * self.neighbour / (1.0 + np.sqrt(1.0 - 4.0 * self.neighbour**2))
        white = rng.standard_normal((len(snr), OBSERVED_LATTICE.n + 1), dtype=np.float32)
        noise = (white[:, :-1] + share * white[:, 1:]) * (self.fine / np.sqrt(1.0 + share**2))
        noise += self.coarse * _red(len(snr), rng)
        return told, known * noise


def _measured(
    normal: NDArray[np.floating], ratio: NDArray[np.floating], star: NDArray[np.str_]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """From the differences of repeat visits: `fine`, `coarse` and `neighbour` of a bank."""
    sums = np.zeros(
        (4, OBSERVED_LATTICE.n)
    )  # of the fine part squared, the coarse squared, of neighbours, and how many
    for name in np.unique(star):
        for one, other in pairwise(np.flatnonzero(star == name)):
            both = (ratio[one] > 0) & (ratio[other] > 0)
            if both.mean() < 0.5:
                continue
            expected = np.ones(OBSERVED_LATTICE.n)
            expected[both] = 1.0 / ratio[one, both] ** 2 + 1.0 / ratio[other, both] ** 2 + 2.0 * FLOOR**2
            apart = np.where(both, (normal[one] - normal[other]) / np.sqrt(expected), 0.0)
            apart = np.where(both, np.clip(apart - np.median(apart[both]), -_CUT, _CUT), 0.0)
            many = np.convolve(both, np.ones(_FINE_PIXELS), "same")
            mean = np.convolve(apart, np.ones(_FINE_PIXELS), "same") / np.maximum(many, 1.0)
            rest = np.where(both, apart - mean, 0.0)
            sums += rest**2, np.where(both, mean**2, 0.0), rest * np.roll(rest, -1), both
    fine, coarse, beside, count = (np.convolve(row, np.ones(9), "same") for row in sums)
    if count.max() < 10.0 * 9:
        nothing = np.zeros(OBSERVED_LATTICE.n, np.float32)
        return np.ones_like(nothing), nothing, nothing
    count = np.maximum(count, 1.0)
    fine, coarse = fine / count * _FINE_PIXELS / (_FINE_PIXELS - 1.0), coarse / count
    wide = np.ones(301)
    lag = np.convolve(beside, wide, "same") / np.maximum(np.convolve(fine * count, wide, "same"), 1e-12)
    coarse = np.convolve(np.maximum(coarse - fine / _FINE_PIXELS, 0.0), np.ones(51) / 51, "same")
    # More than 0.8 of coarse errors, as at the ends of the arms, is calibration, which is drawn apart.
    return (
        np.clip(np.sqrt(fine), 0.5, 4.0).astype(np.float32),
        np.clip(np.sqrt(coarse), 0.0, 0.8).astype(np.float32),
        np.clip(lag, 0.0, 0.45).astype(np.float32),
    )


def _red(n: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise (n, P) of variance 1 that is alike over `_COARSE_PIXELS`."""
    knots = np.arange(-3.0 * _COARSE_PIXELS, OBSERVED_LATTICE.n + 3.0 * _COARSE_PIXELS, _COARSE_PIXELS)
    bumps = np.exp(-0.5 * ((np.arange(OBSERVED_LATTICE.n) - knots[:, None]) / _COARSE_PIXELS) ** 2)
    bumps /= np.sqrt((bumps**2).sum(axis=0))
    return np.asarray(rng.standard_normal((n, len(knots)), dtype=np.float32) @ bumps.astype(np.float32))


def load_noise(folder: str | Path) -> NoiseBank:
    """The noise of the real LAMOST spectra of a data folder (``lamost_lrs_real.npz`` and its ``_meta.csv``).

    Raises
    ------
    ReadError
        When a file is missing or not what it should be.
    """
    flux, ivar, columns = real_pixels(folder)
    star = np.array(columns["cls"]) == "STAR"
    return NoiseBank.fit(flux[star], ivar[star], np.array(columns["star_id"])[star], LAMOST_LATTICE)


def real_pixels(folder: str | Path) -> tuple[NDArray[np.float32], NDArray[np.float32], dict[str, list[str]]]:
    """Flux and inverse variance (K, 3980) of the real LAMOST spectra of a data folder, and their table by columns.

    Pixels that the pipeline masks have the inverse variance 0.
    """
    path = Path(folder) / "lamost_lrs_real.npz"
    remedy = "give the data folder `spectra`"
    try:
        with np.load(path, allow_pickle=False) as held:
            flux, ivar = held["flux"], held["ivar"]
            masked = np.unpackbits(held["andmask"], axis=1)[:, : flux.shape[1]] > 0
        with path.with_name("lamost_lrs_real_meta.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, KeyError) as error:
        raise ReadError(f"no real spectra ({error})", remedy, str(path)) from error
    if len(rows) != len(flux) or flux.shape[1] != LAMOST_LATTICE.n:
        raise ReadError(
            f"{flux.shape} pixels and {len(rows)} rows of the table do not belong together", remedy, str(path)
        )
    good = np.isfinite(ivar) & np.isfinite(flux) & (ivar > 0) & ~masked
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return np.where(good, flux, 0).astype(np.float32), np.where(good, ivar, 0).astype(np.float32), columns


def correlated(shape: tuple[int, int], rng: np.random.Generator, pixels: float = _FLOOR_PIXELS) -> NDArray[np.float32]:
    """Noise (N, P) of variance 1 whose correlation is a Gaussian of sqrt(2) x `pixels`.

    >>> draw = correlated((200, 500), np.random.default_rng(0))
    >>> round(float(draw.std()), 1), round(float((draw[:, 2:] * draw[:, :-2]).mean()), 1)
    (1.0, 0.6)
    """
    reach = int(np.ceil(3.0 * pixels))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / pixels) ** 2)
    taps = (taps / np.sqrt((taps**2).sum())).astype(np.float32)
    white = rng.standard_normal((shape[0], shape[1] + 2 * reach), dtype=np.float32)
    out = np.zeros(shape, np.float32)
    for k, tap in enumerate(taps):
        out += tap * white[:, k : k + shape[1]]
    return out


def calibration_error(
    n: int, rng: np.random.Generator, fine: float = 0.006, coarse: float = 0.08
) -> NDArray[np.float32]:
    """Factors (n, P) by which flux calibration is off: bumps of 35 nm and more, and a bend over the whole range.

    Parameters
    ----------
    n : int
        Spectra.
    rng : Generator
        Source of chance.
    fine, coarse : float
        Spread of the logarithm on scales of 35 nm, and of the whole range.
    """
    wave = OBSERVED_LATTICE.wave
    knots = np.arange(wave[0] - 350.0, wave[-1] + 351.0, 175.0)
    bumps = np.exp(-(((wave - knots[:, None]) / 350.0) ** 2))
    bumps /= np.sqrt((bumps**2).sum(axis=0))
    x = np.linspace(-1.0, 1.0, len(wave))
    bends = np.stack([x, x**2 - 1.0 / 3.0, x**3 - 0.6 * x])
    parts = np.concatenate([fine * bumps, coarse * bends]).astype(np.float32)
    return np.asarray(np.exp(rng.standard_normal((n, len(parts)), dtype=np.float32) @ parts))
