"""Made binaries and the singles that match them, so that nothing but a second star tells them apart.

What a network could learn instead of binaries, and what stands against it:

- *sums are smooth*: every single is a sum of two spectra as well, with the light ratio of the binary that it matches,
  moved, broadened and transformed the same number of times; at q = 1 and dv = 0 both classes are one and the same;
- *binaries look cool*: a single has the labels that fit a binary of the same law best. It has not the width of its
  lines: such as those of two stars 150 km/s apart are two stars in a cool dwarf, since these hardly rotate;
- *binaries are clean, or noisy*: S/N, masks, velocity, its error, rotation, reddening, calibration and the deviation of
  the star from the mean star are drawn by one law for both, before and without regard to the class;
- *twice the abundances*: both components of a binary deviate from mean stars alike, as both of a single do;
- *the same star in training and test*: `Truth.star` says whose deviation was used; split by it (`fold_of`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.errors import DataError, OptionError
from goodricke.photosphere.doppler import pixels_of, to_fourier, to_pixels
from goodricke.photosphere.emulator import Emulator, emulator, scatter, star_weights
from goodricke.photosphere.main_sequence import companion, light_ratio, mass
from goodricke.simulate.spectra.lookalike import Lookalike
from goodricke.simulate.spectra.noise import FLOOR, OBSERVED_LATTICE, NoiseBank, calibration_error, correlated
from goodricke.simulate.spectra.orbits import random_dv
from goodricke.simulate.spectra.population import Population, dwarf_gravity
from goodricke.simulate.spectra.templates import RESOLUTION, Templates
from goodricke.spectra.batch import Spectra, concatenate
from goodricke.spectra.lattice import LIGHT_KM_S, Lattice

__all__ = ["Source", "Truth", "fold_of", "made", "made_blocks", "source_of"]

_BLOCK = 256
_PIXEL = OBSERVED_LATTICE.km_s
_FWHM = 2.0 * np.sqrt(2.0 * np.log(2.0))
_ROTATION = 0.474  # standard deviation of a rotation profile over v sin i, limb darkening 0.6 (Gray 2005, eq. 18.14)
# Cool dwarfs are slow; those hotter than the Kraft break are not (Kraft 1967; Glebocki & Gnacinski 2005).
_VSINI_TEFF, _VSINI_MEDIAN, _VSINI_MOST = (6000.0, 6700.0), (6.0, 30.0), (40.0, 180.0)
_VSINI_SPREAD = 0.7
_NEAR = np.array([0.06, 0.4, 0.35])  # ln Teff, log g, [Fe/H] within which a star's deviation is that of a like star
_SHARPEST = 0.4  # logarithm of the most that sharpening to R 2100 may amplify: nothing of a star is left beyond
_DUST_SLOPE = 3.1  # A_V / E(B-V)


# What spectra are made of ------------------------------------------------------------------------------------------


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


# What is known of what was made --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Truth:
    """What N made spectra are.

    Parameters
    ----------
    binary : (N,) bool
        Two different stars, or one at two velocities.
    q, dv : (N,) float64
        Mass ratio and velocity of star 2 less that of star 1 in km/s; NaN for singles.
    teff1, logg1, feh, teff2 : (N,) float64
        Of the primary, or of the single; `teff2` is NaN for singles.
    light_ratio : (N,) float64
        Light of star 2 over that of star 1 in V; NaN for singles.
    match_q, match_dv : (N,) float64
        For singles, those of the binary that they match; for binaries `q` and `dv`. What breakdowns are made by.
    snr : (N,) float64
        Median per pixel that was asked for.
    v_true, v_measured : (N,) float64
        Light-weighted velocity, and what a pipeline would have measured, km/s.
    vsini : (N,) float64
        km/s, by one law of Teff for both.
    ebv : (N,) float64
        Colour excess.
    resolution : (N,) float64
        lambda / FWHM.
    star, star2 : (N,) str
        Names of the real stars whose deviations (or pixels) were used; `star2` differs where two were.
    """

    binary: NDArray[np.bool_]
    q: NDArray[np.float64]
    dv: NDArray[np.float64]
    teff1: NDArray[np.float64]
    logg1: NDArray[np.float64]
    feh: NDArray[np.float64]
    teff2: NDArray[np.float64]
    light_ratio: NDArray[np.float64]
    match_q: NDArray[np.float64]
    match_dv: NDArray[np.float64]
    snr: NDArray[np.float64]
    v_true: NDArray[np.float64]
    v_measured: NDArray[np.float64]
    vsini: NDArray[np.float64]
    ebv: NDArray[np.float64]
    resolution: NDArray[np.float64]
    star: NDArray[np.str_]
    star2: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.binary)

    def __getitem__(self, which: Any) -> Truth:
        return Truth(**{name: column[which] for name, column in self.columns().items()})

    def columns(self) -> dict[str, NDArray[Any]]:
        """Name -> column."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


# Making them ---------------------------------------------------------------------------------------------------------


def made(
    n: int,
    rng: np.random.Generator,
    source: Source,
    noise: NoiseBank | Literal["white"],
    population: Population | None = None,
    **options: Any,
) -> tuple[Spectra, Truth]:
    """Spectra of binaries and of matched singles, and what they are.

    Parameters
    ----------
    n : int
        Number of spectra.
    rng : Generator
        Source of chance; the same state gives the same bytes.
    source : Source
        See `source_of`.
    noise : NoiseBank or "white"
        Noise of real spectra with all that belongs to it. ``"white"`` is for the ladder of tests: white noise of the
        given S/N and a white floor of 0.5 %, at rest on the lattice, without rotation, dust or errors of calibration,
        and with the deviation of any star, as the bound of detectability is computed.
    population : Population, optional
        Where labels and S/N are drawn from; not needed where `teff` and `snr` are given.
    teff, logg, feh : float, optional
        Fixed labels of the primary; with `teff` alone the others are those of a dwarf of the Sun's metals.
    q : float or (low, high)
        Mass ratio; by default even between 0.3 and 1.
    dv : float, optional
        km/s of star 2 less star 1, with either sign; by default from orbits, 30 % even up to 400 km/s.
    snr : float or (low, high), optional
        Median per pixel, even in the logarithm when a range; by default the population's.
    binary_share : float
        Exactly this share, half by default.

    Returns
    -------
    spectra : Spectra
        On `OBSERVED_LATTICE`, as observed, with `velocity` as a pipeline would give it.
    truth : Truth

    Examples
    --------
    >>> from goodricke.photosphere import emulator
    >>> mean = emulator()
    >>> stars = Source(mean, np.array(["a"]), np.array([[5800.0, 4.4, 0.0]]), np.zeros((1, mean.lattice.n), np.float32))
    >>> spectra, truth = made(6, np.random.default_rng(1), stars, "white", teff=5800.0, q=0.8, dv=0.0, snr=50.0)
    >>> spectra
    <Spectra: 6 spectra of 6 stars, 16,638 pixels, 3840 to 7269 Angstrom>
    >>> int(truth.binary.sum()), truth.teff1[~truth.binary].round(-2)
    (3, array([5700., 5700., 5700.]))
    """
    blocks = list(made_blocks(n, rng, source, noise, population, **options))
    truth = {name: np.concatenate([part.columns()[name] for _, part in blocks]) for name in blocks[0][1].columns()}
    return concatenate([spectra for spectra, _ in blocks]), Truth(**truth)


def made_blocks(
    n: int,
    rng: np.random.Generator,
    source: Source,
    noise: NoiseBank | Literal["white"],
    population: Population | None = None,
    *,
    teff: float | None = None,
    logg: float | None = None,
    feh: float | None = None,
    q: float | tuple[float, float] = (0.3, 1.0),
    dv: float | None = None,
    snr: float | tuple[float, float] | None = None,
    binary_share: float = 0.5,
    block: int = 1024,
) -> Iterator[tuple[Spectra, Truth]]:
    """As `made`, some at a time: a million composites need the memory of a block.

    Each block of `block` spectra has both classes in the share that was asked for, so blocks may be used as they come.
    """
    if n < 1:
        raise OptionError(f"{n} spectra cannot be made; ask for 1 or more")
    if not 0.0 <= binary_share <= 1.0:
        raise OptionError(f"binary_share is {binary_share}; it goes from 0 to 1")
    if isinstance(noise, str) and noise != "white":
        raise OptionError(f'noise is "{noise}"; give a NoiseBank or "white"')
    law = _Law(source, noise, population, teff, logg, feh, q, dv, snr, binary_share)
    look = Lookalike.of(source.emulator)
    for start in range(0, n, block):
        yield _made(law, look, start, min(block, n - start), rng)


@dataclass(frozen=True, eq=False)
class _Law:
    """What `made_blocks` was asked for."""

    source: Source
    noise: NoiseBank | str
    population: Population | None
    teff: float | None
    logg: float | None
    feh: float | None
    q: float | tuple[float, float]
    dv: float | None
    snr: float | tuple[float, float] | None
    binary_share: float

    @property
    def white(self) -> bool:
        return isinstance(self.noise, str)

    def labels(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        if self.teff is not None:
            hot = np.full(n, self.teff)
            heavy = dwarf_gravity(hot) if self.logg is None else np.full(n, self.logg)
            return np.column_stack([hot, heavy, np.full(n, self.feh or 0.0)])
        if self.population is None:
            raise OptionError("no labels to draw from; give a population (load_population) or teff")
        drawn = self.population.draw(n, rng)
        for k, fixed in enumerate((None, self.logg, self.feh)):
            if fixed is not None:
                drawn[:, k] = fixed
        return drawn

    def ratios(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        low, high = self.q if isinstance(self.q, tuple) else (self.q, self.q)
        if not 0.0 < low <= high <= 1.0:
            raise OptionError(f"q is {self.q}; mass ratios go up to 1 and are above 0")
        return rng.uniform(low, high, n)

    def velocities(
        self, labels: NDArray[np.float64], q: NDArray[np.float64], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        if self.dv is not None:
            return np.asarray(self.dv * rng.choice([-1.0, 1.0], len(q)))
        return random_dv(mass(*labels.T) * (1.0 + q), rng)

    def signal_to_noise(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        if isinstance(self.snr, tuple):
            return np.asarray(np.exp(rng.uniform(np.log(self.snr[0]), np.log(self.snr[1]), n)))
        if self.snr is not None:
            return np.full(n, float(self.snr))
        if self.population is None:
            raise OptionError("no S/N to draw from; give a population (load_population) or snr")
        return self.population.draw_snr(n, rng)


def _made(law: _Law, look: Lookalike, first: int, n: int, rng: np.random.Generator) -> tuple[Spectra, Truth]:
    """One block: the systems, which of them are seen as matched singles, their light, what the sky does to it."""
    source, km_s = law.source, _PIXEL
    labels = law.labels(n, rng)
    q = law.ratios(n, rng)
    dv = law.velocities(labels, q, rng)
    teff1, logg1, feh1 = labels.T
    teff2, logg2 = companion(teff1, logg1, feh1, q)
    labels2 = np.column_stack([teff2, logg2, feh1])
    ratio = light_ratio(teff1, logg1, feh1, q)
    # About the light-weighted mean, which is what a pipeline takes for the star's velocity.
    v1, v2 = -dv * ratio / (1.0 + ratio), dv / (1.0 + ratio)
    seen = _seen(look, source.emulator, labels, labels2, ratio, v1, v2)
    binary = rng.permutation(np.arange(n) < round(law.binary_share * n))

    snr = law.signal_to_noise(n, rng)
    nothing = np.zeros(n)
    white = law.white
    vsini = nothing if white else _rotation(seen[:, 0], rng)
    ebv = nothing if white else np.minimum(rng.exponential(0.12, n), 0.5)
    resolution = np.full(n, RESOLUTION) if white else rng.uniform(1500.0, 2100.0, n)
    v_true = nothing if white else rng.uniform(-150.0, 150.0, n)
    v_error = rng.normal(0.0, 1.0, n) * np.hypot(3.0, 100.0 / snr)
    if white:
        v_true = -v_error  # it is taken to be at rest, and is so but for the error
    lines = (_ROTATION * vsini / km_s) ** 2 + (LIGHT_KM_S / _FWHM / km_s) ** 2 * (resolution**-2 - RESOLUTION**-2)

    one, two = np.where(binary[:, None], labels, seen), np.where(binary[:, None], labels2, seen)
    # Deviations are of stars like what is seen: drawn from the primary's labels, they would betray the class.
    star, star2 = _like(replace(source, like=source.like and not white), seen, one, two, rng)
    v1, v2 = np.where(binary, v1, 0.0), np.where(binary, v2, 0.0)

    flux = np.empty((n, OBSERVED_LATTICE.n), np.float32)
    ivar = np.empty((n, OBSERVED_LATTICE.n), np.float32)
    for start in range(0, n, _BLOCK):
        part = slice(start, start + _BLOCK)
        light = _summed(
            _light(source, one[part], star[part]), _light(source, two[part], star2[part]), ratio[part],
            v_true[part] + v1[part], v_true[part] + v2[part], lines[part], source.lattice,
        )  # fmt: skip
        flux[part], ivar[part] = _observed(light, snr[part], ebv[part], law.noise, rng)

    none = np.where(binary, 0.0, np.nan)
    truth = Truth(
        binary, q + none, dv + none, one[:, 0], one[:, 1], one[:, 2], teff2 + none, ratio + none, q, dv, snr, v_true,
        v_true + v_error, vsini, ebv, resolution, source.star[star], source.star[star2],
    )  # fmt: skip
    names = np.array([f"made {first + k}" for k in range(n)])
    spectra = Spectra.from_arrays(
        OBSERVED_LATTICE.wave, flux, ivar, ivar <= 0, object_id=names, survey="made", kind="STAR", snr=snr,
        velocity=truth.v_measured,
    )  # fmt: skip
    return spectra, truth


def _seen(
    look: Lookalike,
    model: Emulator,
    labels: NDArray[np.float64],
    labels2: NDArray[np.float64],
    ratio: NDArray[np.float64],
    v1: NDArray[np.float64],
    v2: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Labels (N, 3) of the single stars that fit noiseless binaries best, whatever the width of their lines."""
    seen = np.empty_like(labels)
    for start in range(0, len(labels), _BLOCK):
        part = slice(start, start + _BLOCK)
        light = _summed(
            model.flux(labels[part]), model.flux(labels2[part]), ratio[part], v1[part], v2[part],
            np.zeros(len(ratio[part])), model.lattice, whole=True,
        )  # fmt: skip
        seen[part], _ = look.fit(light, labels[part])
    return seen


def _rotation(teff: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """v sin i in km/s of stars of some Teff, (N,): log-normal, slow below the Kraft break."""
    median, most = (np.interp(teff, _VSINI_TEFF, ends) for ends in (_VSINI_MEDIAN, _VSINI_MOST))
    return np.minimum(median * np.exp(rng.normal(0.0, _VSINI_SPREAD, len(teff))), most)


def _like(
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


def _light(source: Source, labels: NDArray[np.float64], star: NDArray[np.int64]) -> NDArray[np.float64]:
    """Flux of stars of given labels that deviate as real ones do."""
    return np.exp(source.emulator.log_flux(labels) + source.residues[star])


def _summed(
    one: NDArray[np.float64],
    two: NDArray[np.float64],
    ratio: NDArray[np.float64],
    v1: NDArray[np.float64],
    v2: NDArray[np.float64],
    lines: NDArray[np.float64],
    lattice: Lattice,
    whole: bool = False,
) -> NDArray[np.float64]:
    """Sums (N, P) of two spectra, each moved by its velocity, with lines broadened by a variance in pixels squared.

    In Fourier space, where a shift by any part of a pixel smooths nothing.
    """
    waves, first = to_fourier(one)
    _, second = to_fourier(two)
    second *= ratio[:, None]
    for parts, velocity in ((first, v1), (second, v2)):
        if velocity.any():
            parts *= np.exp(-1j * waves * pixels_of(velocity, lattice)[:, None])
    first += second
    first *= np.exp(np.minimum(-0.5 * lines[:, None] * waves**2, _SHARPEST)) / (1.0 + ratio)[:, None]
    light = to_pixels(first, lattice.n)
    if whole:
        return light
    margin = round((OBSERVED_LATTICE.first - lattice.first) / lattice.step)
    return light[:, margin : margin + OBSERVED_LATTICE.n]


def _observed(
    light: NDArray[np.float64],
    snr: NDArray[np.float64],
    ebv: NDArray[np.float64],
    noise: NoiseBank | str,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Flux and inverse variance as they would be in a file."""
    n = len(light)
    clean = light.astype(np.float32)
    if isinstance(noise, str):
        smooth = continuum(clean, np.ones_like(clean), OBSERVED_LATTICE)
        told = np.broadcast_to((1.0 / snr).astype(np.float32)[:, None], clean.shape)
        error = told * rng.standard_normal(clean.shape, dtype=np.float32)
        floor = rng.standard_normal(clean.shape, dtype=np.float32)
    else:
        clean = clean * (10.0 ** (-0.4 * _DUST_SLOPE * ebv[:, None] * _dust())).astype(np.float32)
        clean = clean * calibration_error(n, rng)
        smooth = continuum(clean, np.ones_like(clean), OBSERVED_LATTICE)
        told, error = noise.draw(snr, rng)
        floor = correlated(clean.shape, rng)
    known = np.isfinite(told)
    flux = np.where(known, clean * (1.0 + np.float32(FLOOR) * floor) + smooth * error, 0.0)
    return flux.astype(np.float32), np.where(known, 1.0 / (told * smooth) ** 2, 0.0).astype(np.float32)


def _dust() -> NDArray[np.float64]:
    """A(lambda) / A(V) on the observed lattice (Cardelli, Clayton & Mathis 1989, eq. 3, R_V 3.1)."""
    y = 1e4 / OBSERVED_LATTICE.wave - 1.82
    a = np.polyval([0.32999, -0.77530, 0.01979, 0.72085, -0.02427, -0.50447, 0.17699, 1.0], y)
    b = np.polyval([-2.09002, 5.30260, -0.62251, -5.38434, 1.07233, 2.28305, 1.41338, 0.0], y)
    return np.asarray(a + b / _DUST_SLOPE)
