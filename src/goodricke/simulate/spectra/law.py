"""The law that systems are drawn from: labels, mass ratios, velocities, S/N and rotation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.photosphere.main_sequence import mass
from goodricke.simulate.spectra.noise import NoiseBank
from goodricke.simulate.spectra.orbits import random_dv
from goodricke.simulate.spectra.population import Population, dwarf_gravity
from goodricke.simulate.spectra.source import Source

__all__ = ["Law", "rotation"]

# Cool dwarfs are slow; those hotter than the Kraft break are not (Kraft 1967; Glebocki & Gnacinski 2005).
_VSINI_TEFF, _VSINI_MEDIAN, _VSINI_MOST = (6000.0, 6700.0), (6.0, 30.0), (40.0, 180.0)
_VSINI_SPREAD = 0.7


@dataclass(frozen=True, eq=False)
class Law:
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
    without: tuple[str, ...] = ()

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


def rotation(teff: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """v sin i in km/s of stars of some Teff, (N,): log-normal, slow below the Kraft break."""
    median, most = (np.interp(teff, _VSINI_TEFF, ends) for ends in (_VSINI_MEDIAN, _VSINI_MOST))
    return np.minimum(median * np.exp(rng.normal(0.0, _VSINI_SPREAD, len(teff))), most)
