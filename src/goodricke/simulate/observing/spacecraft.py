"""What Kepler and TESS share: electrons counted at an even cadence, with drifts that the pipeline leaves in."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.observatory import Observatory, Visits
from goodricke.simulate.observing.space import Detector, Drift, impulses, rising

__all__ = ["Circumstances", "Spacecraft"]


@dataclass(frozen=True)
class Circumstances:
    """How the spacecraft was doing at each of M points."""

    piece: Ints
    """(M,) pieces of one level: quarters, orbits."""
    spell: Ints
    """(M,) unbroken spells."""
    age: Floats
    """(M,) days since the spell began."""
    glow: Floats | float
    """(M,) scattered light over the usual background."""
    shaken: Floats | float
    """(M,) noise of bad pointing over the red noise of the star."""
    quality: NDArray[np.int32]
    """(M,) bits."""


class Spacecraft(Observatory):
    """A telescope in space that looks at one field for weeks. A mission adds when, and its circumstances."""

    seconds: ClassVar[float]
    """From exposure to exposure."""
    limits: ClassVar[tuple[float, float]]
    """Brightest and faintest magnitude."""
    slope: ClassVar[float]
    """How fast the number of stars rises: ``10^(slope m)``."""
    drift: ClassVar[Drift]
    misjudged: ClassVar[tuple[float, float]]
    """Mean and standard deviation, over stars, of the logarithm of written error over noise."""
    blank: ClassVar[int]
    """Bits of points whose flux is missing."""
    impulse_bit: ClassVar[int]
    spikes: ClassVar[float] = 1.0e-4
    """Part of the points that are off and have no bit."""
    magnitude_name: ClassVar[str]
    """Column of the star's magnitude, as the reader calls it."""
    variant: ClassVar[str] = ""

    @property
    @abstractmethod
    def detector(self) -> Detector:
        """Noise of one exposure."""

    @property
    @abstractmethod
    def impulse_share(self) -> float:
        """Part of the points that are off and have the bit of an impulsive outlier."""

    @abstractmethod
    def circumstances(self, time: Floats, star: Ints, n: int, rng: np.random.Generator) -> Circumstances:
        """Find how the spacecraft was doing at Julian dates (M,) of `n` stars."""

    def magnitudes(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw magnitudes of the mission's own band, more of them the fainter."""
        return rising(n, *self.limits, self.slope, rng)

    def measure(
        self, object_id: NDArray[np.str_], visits: Visits, magnitude: Floats, rng: np.random.Generator
    ) -> Measurements:
        """Write fluxes in electrons per second with the pipeline's quality bits."""
        star, n = ragged.segment_ids(visits.offsets), len(object_id)
        mean = np.nan_to_num(ragged.means(magnitude, visits.offsets), nan=self.limits[1])
        seen = self.circumstances(visits.time, star, n, rng)
        flux = self.detector.flux(magnitude)
        sigma = self.detector.deviation(flux, self.detector.aperture(mean)[star] * (1.0 + seen.glow))
        flux *= 1.0 + self._drifts(visits.time, star, mean, seen, rng)
        flux += sigma * rng.standard_normal(len(flux))
        for share, bit in ((self.impulse_share, self.impulse_bit), (self.spikes, 0)):
            hit, size = impulses(len(flux), share, rng)
            flux[hit] += size * sigma[hit]
            seen.quality[hit] |= bit
        flux[(seen.quality & self.blank) != 0] = np.nan
        sigma *= np.exp(self.misjudged[0] + self.misjudged[1] * rng.standard_normal(n))[star]
        columns: dict[str, NDArray[Any]] = {"exposure_s": np.full(n, round(self.seconds, 1))}
        return Measurements(
            object_id=object_id,
            time=visits.time - self.frame.zero_jd,
            value=flux.astype(np.float32),
            error=sigma.astype(np.float32),
            kind="flux",
            frame=self.frame,
            star=star,
            bands=self.bands,
            quality=seen.quality,
            zero_point=self.detector.zero_point,
            ra=visits.ra,
            dec=visits.dec,
            meta={**columns, self.magnitude_name: mean.round(3)},
            variant=self.variant,
        )

    def _drifts(self, time: Floats, star: Ints, mean: Floats, seen: Circumstances, rng: np.random.Generator) -> Floats:
        level = self.detector.flux(mean)
        white = self.detector.deviation(level, self.detector.aperture(mean)) / level
        size = self.drift.sizes(white * np.sqrt(self.seconds / 1800.0), rng)
        change = self.drift.draw(time, star, seen.piece, seen.spell, seen.age, size, rng)
        return np.asarray(change + seen.shaken * size[star])
