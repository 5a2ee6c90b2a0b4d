"""Why a spectrum is not used, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.spectra import Lattice, Spectra

__all__ = ["Seen", "SpectrumLimits", "reasons"]


@dataclass(frozen=True)
class SpectrumLimits:
    """What a spectrum has to be like to be used."""

    max_masked: float = 0.2
    """Part of the covered pixels of the lattice that may be masked, or lost to spikes."""
    min_coverage: float = 0.8
    """Part of the lattice that the spectrum has to cover, in the rest frame."""
    min_snr: float = 5.0
    """Median signal-to-noise ratio of native pixels: that of the lattice's without what interpolation adds to it."""
    max_velocity: float = 1000.0
    """km/s, either way; beyond the escape of the Galaxy it is no star of ours."""
    max_not_positive: float = 0.02
    """Part of the known pixels in which the smooth light may be zero or less."""
    max_step: float = 3.0
    """Width of native pixels in steps of the lattice; wider ones show no lines."""
    spike_sigma: float = 8.0
    """Height above the neighbours at which a narrow spike is masked."""
    kinds: tuple[str, ...] = ("GALAXY", "QSO")
    """Kinds of the survey's pipeline that are no stars."""
    subclasses: tuple[str, ...] = ("WD", "CV", "CARBON", "CALCIUMWD", "GM")
    """Beginnings of subclasses that no pair of main-sequence stars has: white dwarfs, cataclysmic and carbon stars, M
    giants. Small and capital letters are the same here."""


@dataclass(frozen=True)
class Seen:
    """What was measured of n spectra, each (n,)."""

    pixels: NDArray[np.int64]
    coverage: NDArray[np.float64]
    masked: NDArray[np.float64]
    known: NDArray[np.int64]
    spikes: NDArray[np.int64]
    snr: NDArray[np.float64]
    not_positive: NDArray[np.float64]
    no_error: NDArray[np.bool_]
    level: NDArray[np.float64]
    step: NDArray[np.float64]


def reasons(
    spectra: Spectra, velocity: NDArray[np.float64], seen: Seen, lattice: Lattice, limits: SpectrumLimits
) -> NDArray[Any]:
    """The first reason not to use each spectrum (n,), empty where there is none."""
    why = np.full(len(spectra), "", dtype=object)

    def say(fails: NDArray[np.bool_], words: Any) -> None:
        for k in np.flatnonzero(fails & (why == "")):
            why[k] = words(k)

    say(spectra.lengths == 0, lambda _: "it has no pixels")
    _say_unit(say, spectra, lattice)
    kind = np.char.upper(np.char.strip(spectra.kind))
    say(np.isin(kind, limits.kinds), lambda k: f"the survey's pipeline calls it {kind[k]}, not a star")
    subclass = np.char.upper(np.char.strip(spectra.subclass))
    other = np.zeros(len(spectra), bool)
    for beginning in limits.subclasses:
        other |= np.char.startswith(subclass, beginning.upper())
    say(other, lambda k: f"the survey's pipeline calls it {str(spectra.subclass[k]).strip()}, no main-sequence star")
    say(
        np.abs(velocity) > limits.max_velocity,
        lambda k: f"a velocity of {velocity[k]:,.0f} km/s is beyond the limit of {limits.max_velocity:,.0f} km/s",
    )
    say(
        seen.coverage < limits.min_coverage,
        lambda k: (
            f"its {_range(spectra, k)} cover {seen.coverage[k]:.0%} of {lattice.wave[0]:.0f} to "
            f"{lattice.wave[-1]:.0f} Angstrom in the rest frame; {limits.min_coverage:.0%} is the least"
        ),
    )
    say(
        seen.step > limits.max_step,
        lambda k: (
            f"its pixels are {seen.step[k]:.1f} times as wide as those of the lattice ({lattice.km_s:.0f} km/s); "
            f"{limits.max_step:g} times is the limit"
        ),
    )
    say(
        seen.no_error & (seen.known == 0),
        lambda _: "it has no inverse variance, and its noise cannot be told from its scatter",
    )
    say(
        (seen.known == 0) & (seen.spikes > 0),
        lambda k: f"its flux is not positive: {seen.spikes[k]:,} of {seen.pixels[k]:,} pixels are far below zero",
    )
    say(seen.known == 0, lambda k: f"all {seen.pixels[k]:,} pixels are masked or unknown")
    say(
        seen.masked > limits.max_masked,
        lambda k: (
            f"{seen.masked[k]:.0%} of its pixels are masked"
            + (f" ({seen.spikes[k]} of them spikes)" if seen.spikes[k] else "")
            + f"; {limits.max_masked:.0%} is the limit"
        ),
    )
    say(~(seen.level > 0), lambda k: f"its flux is not positive (mean {seen.level[k]:.3g})")
    say(
        seen.not_positive > limits.max_not_positive,
        lambda k: f"its smooth light is zero or less in {seen.not_positive[k]:.0%} of its pixels",
    )
    say(
        ~(seen.snr >= limits.min_snr),
        lambda k: f"a signal-to-noise ratio of {seen.snr[k]:.1f} per pixel is below the limit of {limits.min_snr:g}",
    )
    return why


def _range(spectra: Spectra, k: int) -> str:
    first, last = spectra.offsets[k], spectra.offsets[k + 1] - 1
    return f"wavelengths from {spectra.wave[first]:.0f} to {spectra.wave[last]:.0f} Angstrom"


def _say_unit(say: Any, spectra: Spectra, lattice: Lattice) -> None:
    """Wavelengths that would be right in another unit, and those that would be in none."""
    if not spectra.n_pixels:
        return
    begin = np.minimum(spectra.offsets[:-1], spectra.n_pixels - 1)
    end = np.maximum(spectra.offsets[1:] - 1, 0)
    low, high = spectra.wave[begin], spectra.wave[end]
    lattice_low, lattice_high = lattice.wave[0], lattice.wave[-1]

    def meets(low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.bool_]:
        return np.asarray((low < lattice_high) & (high > lattice_low) & (low > 100.0))

    own = (low < lattice_high) & (high > lattice_low)
    guesses = {
        "nanometres": (low * 10, high * 10),
        "micrometres": (low * 1e4, high * 1e4),
        "metres": (low * 1e10, high * 1e10),
        "log10 of Angstrom": (10.0 ** np.clip(low, -9, 9), 10.0 ** np.clip(high, -9, 9)),
    }
    for unit, (a, b) in guesses.items():
        say(
            ~own & meets(a, b) & (high > low),
            lambda k, unit=unit: (
                f"its wavelengths, {low[k]:.4g} to {high[k]:.4g}, look like {unit}; give Angstrom in vacuum"
            ),
        )
    say(
        ~own,
        lambda k: (
            f"its wavelengths, {low[k]:.7g} to {high[k]:.7g}, have nothing between {lattice_low:.0f} and "
            f"{lattice_high:.0f} Angstrom; is it a spectrum, in Angstrom?"
        ),
    )
