"""What surveys from the ground share: programmes of telescopes over seasons, and the faults of their magnitudes."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing import noise
from goodricke.simulate.observing.cadence import Programme, exposures, open_nights, visited
from goodricke.simulate.observing.nights import Site, clear_nights, nights
from goodricke.simulate.observing.observatory import Observatory, Visits
from goodricke.simulate.observing.photometry import Faults, Photometry, by_band, deviations
from goodricke.simulate.observing.sky import heliocentric

__all__ = ["GroundSurvey"]

LEVELS = (0.0, 0.01, 0.05, 0.16, 0.25, 0.5, 0.75, 0.84, 0.95, 0.99, 1.0)
"""Shares of the stars for which quantiles are given in the classes of surveys."""


class GroundSurvey(Observatory):
    """A survey as programmes, photometry and faults. A subclass gives numbers and places on the sky.

    Weather is drawn once per call for each site, so the stars of one call share their nights as real ones do.
    """

    programmes: ClassVar[tuple[Programme, ...]]
    """The telescopes, one for each filter."""
    photometry: ClassVar[tuple[Photometry, ...]]
    """For each band."""
    faults: ClassVar[Faults]
    """What goes wrong."""
    brightness: ClassVar[tuple[float, ...]]
    """Mean magnitudes in the first band at the shares ``LEVELS`` of the stars."""
    late: ClassVar[tuple[float, float]] = (0.0, 0.0)
    """Part of the fields that begin late, and within how many days of the survey's beginning."""
    time_step: ClassVar[float] = 1e-5
    """Smallest step of the times that are written, in days."""
    mag_step: ClassVar[float] = 1e-3
    """Smallest step of magnitudes and errors."""

    @abstractmethod
    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw right ascension and declination (N,), ICRS degrees, of the survey's stars."""

    def magnitudes(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw (N,) mean magnitudes in the first band, as the survey's stars have them."""
        return np.interp(rng.random(n), LEVELS, self.brightness)

    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        """Choose `n` places on the sky and when they are observed: seasons, nights, weather, moon, gaps."""
        ra, dec = self.positions(n, rng)
        neglected = rng.standard_exponential(n)
        begins = rng.random(n) * self.late[1] * (rng.random(n) < self.late[0]) + self.span[0]
        weather: dict[Site, NDArray[np.bool_]] = {}
        nightly = np.arange(int(self.span[1] - self.span[0]) + 2)
        parts = []
        for programme in self.programmes:
            site = programme.site
            if site not in weather:
                weather[site] = clear_nights(len(nightly), site.clear, site.cloudy, rng)
            parts.append(self._carry_out(programme, weather[site], ra, dec, neglected, begins, rng))
        star, time, band = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        # Each programme comes as one or two sorted runs, which a stable sort only has to merge.
        order = np.argsort(star * (self.span[1] - self.span[0] + 1000.0) + (time - self.span[0]), kind="stable")
        star, time, band = star[order], time[order], band[order]
        if self.frame.place == "heliocentre":
            time = heliocentric(time, ra, dec, star)
        return Visits(time, band, ragged.offsets_from_ids(star, n), ra, dec)

    def _carry_out(
        self, programme: Programme, weather: NDArray[np.bool_], ra: Floats, dec: Floats, neglected: Floats,
        begins: Floats, rng: np.random.Generator,
    ) -> tuple[Ints, Floats, NDArray[np.int8]]:  # fmt: skip
        """Star, Julian date and band (M,) of the exposures of one programme."""
        calendar = nights(programme.site, programme.first + 0.5, programme.last - 0.5)  # whole nights
        skipped = int(programme.first - self.span[0])
        clear = weather[skipped : skipped + len(calendar.middle)]
        field = np.flatnonzero(rng.random(len(ra)) < programme.overlap)
        field = np.concatenate([np.arange(len(ra)), field])  # stars in two fields come twice
        chance = open_nights(programme, clear, calendar, rng)
        scale = np.exp(-programme.neglect * neglected)
        visit, _, begin, end = visited(
            programme, calendar, chance, ra[field], dec[field], scale[field], begins[field], rng
        )
        visit, time = exposures(programme, visit, begin, end, rng)
        return field[visit], time, np.full(len(time), programme.band, dtype=np.int8)

    def depth(self, visits: Visits) -> Floats:
        """Magnitudes (N,) by which the survey is less deep for each star than at its best places."""
        return np.zeros(len(visits.ra))

    def measure(
        self, object_id: NDArray[np.str_], visits: Visits, magnitude: Floats, rng: np.random.Generator
    ) -> Measurements:
        """Observe stars of true magnitude (M,) at those visits, with all the survey's faults."""
        star = ragged.segment_ids(visits.offsets)
        depth = self.depth(visits)
        wrong = deviations(self.photometry, self.faults, visits, magnitude, depth, rng)
        value = noise.noisy(magnitude, wrong.off)
        error = by_band([p.written for p in self.photometry], visits.band, value + depth[star]) * wrong.belief
        limit = np.array([p.limit for p in self.photometry])[visits.band] - depth[star]
        keep = ~wrong.lost & noise.detected(value, limit, self.photometry[0].limit_width, rng)
        return Measurements(
            object_id=object_id,
            time=noise.rounded(visits.time[keep] - self.frame.zero_jd, self.time_step),
            value=noise.rounded(value[keep], self.mag_step),
            error=np.maximum(noise.rounded(error[keep], self.mag_step), self.mag_step),
            kind="mag",
            frame=self.frame,
            star=star[keep],
            band=visits.band[keep],
            bands=self.bands,
            quality=self.quality(int(keep.sum()), rng),
            ra=visits.ra,
            dec=visits.dec,
        )

    def quality(self, m: int, rng: np.random.Generator) -> NDArray[np.int64] | None:
        """Draw the survey's quality bits (M,); None where it has none."""
        return None
