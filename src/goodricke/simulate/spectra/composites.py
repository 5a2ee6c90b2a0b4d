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

Those of `CONTROLS` can be switched off one by one, to see what a model makes of their absence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.photosphere.emulator import Emulator
from goodricke.photosphere.main_sequence import companion, light_ratio
from goodricke.simulate.spectra.controls import check
from goodricke.simulate.spectra.law import Law, rotation
from goodricke.simulate.spectra.lookalike import Lookalike
from goodricke.simulate.spectra.noise import OBSERVED_LATTICE, NoiseBank
from goodricke.simulate.spectra.observed import observed
from goodricke.simulate.spectra.population import Population
from goodricke.simulate.spectra.resampling import RESOLUTION
from goodricke.simulate.spectra.source import Source, lenders, starlight, strangers
from goodricke.simulate.spectra.sums import summed
from goodricke.simulate.spectra.truth import Truth
from goodricke.spectra.batch import Spectra, concatenate
from goodricke.spectra.lattice import LIGHT_KM_S

__all__ = ["made", "made_blocks"]

_BLOCK = 256
_BRIGHTER = 1.5  # S/N of singles over that of binaries without the control: what a catalogue's selection would do
_PIXEL = OBSERVED_LATTICE.km_s
_FWHM = 2.0 * np.sqrt(2.0 * np.log(2.0))
_ROTATION = 0.474  # standard deviation of a rotation profile over v sin i, limb darkening 0.6 (Gray 2005, eq. 18.14)


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
    without : names
        Some of `CONTROLS` to switch off, for ablations: what is made then can be told by more than a second star.

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
    >>> options = {"teff": 5800.0, "q": 0.8, "dv": 0.0, "snr": 50.0, "without": ("labels",)}
    >>> _, truth = made(6, np.random.default_rng(1), stars, "white", **options)
    >>> truth.teff1[~truth.binary]
    array([5800., 5800., 5800.])
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
    without: Sequence[str] = (),
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
    check(without)
    law = Law(source, noise, population, teff, logg, feh, q, dv, snr, binary_share, tuple(without))
    look = Lookalike.of(source.emulator)
    for start in range(0, n, block):
        yield _made(law, look, start, min(block, n - start), rng)


def _made(law: Law, look: Lookalike, first: int, n: int, rng: np.random.Generator) -> tuple[Spectra, Truth]:
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
    seen, width = _seen(look, source.emulator, labels, labels2, ratio, v1, v2)
    binary = rng.permutation(np.arange(n) < round(law.binary_share * n))
    if "labels" in law.without:
        seen = np.where(binary[:, None], seen, labels)

    snr = law.signal_to_noise(n, rng)
    if "noise" in law.without:
        snr = np.where(binary, snr, _BRIGHTER * snr)
    nothing = np.zeros(n)
    white = law.white
    vsini = nothing if white else rotation(seen[:, 0], rng)
    ebv = nothing if white else np.minimum(rng.exponential(0.12, n), 0.5)
    resolution = np.full(n, RESOLUTION) if white else rng.uniform(1500.0, 2100.0, n)
    v_true = nothing if white else rng.uniform(-150.0, 150.0, n)
    v_error = rng.normal(0.0, 1.0, n) * np.hypot(3.0, 100.0 / snr)
    if white:
        v_true = -v_error  # it is taken to be at rest, and is so but for the error
    lines = (_ROTATION * vsini / km_s) ** 2 + (LIGHT_KM_S / _FWHM / km_s) ** 2 * (resolution**-2 - RESOLUTION**-2)
    if "widths" in law.without:
        lines = np.where(binary, lines, lines + width)

    one, two = np.where(binary[:, None], labels, seen), np.where(binary[:, None], labels2, seen)
    # Deviations are of stars like what is seen: drawn from the primary's labels, they would betray the class.
    real = replace(source, like=source.like and not white)
    apart = "alike" in law.without
    star, star2 = strangers(real, one, two, binary, rng) if apart else lenders(real, seen, one, two, rng)
    v1, v2 = np.where(binary, v1, 0.0), np.where(binary, v2, 0.0)

    flux = np.empty((n, OBSERVED_LATTICE.n), np.float32)
    ivar = np.empty((n, OBSERVED_LATTICE.n), np.float32)
    for start in range(0, n, _BLOCK):
        part = slice(start, start + _BLOCK)
        light = summed(
            starlight(source, one[part], star[part]), starlight(source, two[part], star2[part]), ratio[part],
            v_true[part] + v1[part], v_true[part] + v2[part], lines[part], source.lattice,
            interpolated=binary[part] if "summed" in law.without else None,
        )  # fmt: skip
        flux[part], ivar[part] = observed(light, snr[part], ebv[part], law.noise, rng)

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
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Labels (N, 3) of the single stars that fit noiseless binaries best, and the variance of their lines' widening."""
    seen, width = np.empty_like(labels), np.empty(len(labels))
    for start in range(0, len(labels), _BLOCK):
        part = slice(start, start + _BLOCK)
        light = summed(
            model.flux(labels[part]), model.flux(labels2[part]), ratio[part], v1[part], v2[part],
            np.zeros(len(ratio[part])), model.lattice, whole=True,
        )  # fmt: skip
        seen[part], width[part] = look.fit(light, labels[part])
    return seen, width
