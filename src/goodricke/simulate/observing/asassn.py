"""ASAS-SN: small telescopes around the world, V until 2018 and g since, three exposures a visit."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats
from goodricke.simulate.observing import noise
from goodricke.simulate.observing.cadence import Programme
from goodricke.simulate.observing.footprint import stars_between
from goodricke.simulate.observing.ground import GroundSurvey
from goodricke.simulate.observing.nights import Site
from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.photometry import Faults, Photometry, by_band, deviations
from goodricke.timeframes import TimeFrame

__all__ = ["Asassn", "AsassnV"]

_NO_ERROR = 99.99
FIRST, LAST = 2455946.5, 2460310.5
HALEAKALA = Site(-156.26, 20.71, twilight=-12.0, lowest=30.0, clear=6.0, cloudy=2.5)
CERRO_TOLOLO = Site(-70.81, -30.17, twilight=-12.0, lowest=30.0, clear=8.0, cloudy=2.5)
SUTHERLAND = Site(20.81, -32.38, twilight=-12.0, lowest=30.0, clear=5.0, cloudy=3.5)
MCDONALD = Site(-104.02, 30.68, twilight=-12.0, lowest=30.0, clear=5.0, cloudy=3.0)

MORE_CAMERAS = 2456600.5
"""In the end of 2013 Haleakala got its third and fourth telescope."""


def _unit(
    site: Site, band: int, first: float, last: float, eager: float, wait: float, overlap: float,
    pace: tuple[tuple[float, float], ...] = (),
) -> Programme:  # fmt: skip
    return Programme(
        site, band, first, last, eager, wait, wait_spread=0.3, ramp=0.6, kept=(0.03, 0.12, 0.85), spacing=1.81,
        spacing_spread=0.015, overlap=overlap, neglect=0.3, moonshy=0.3, width=1.2, full=0.3,
        steady=(0.5, 10.0), pace=pace,
    )  # fmt: skip


class Asassn(GroundSurvey):
    """ASAS-SN as Sky Patrol v1 gives it: magnitudes, with limits where nothing is seen.

    Dates, spacing, gaps and errors are those of three files (V765 Cas, VX Men and a star at V = 11.9); depth,
    saturation and the brightness of its variables are those of the papers (Kochanek et al. 2017, PASP 129, 104502;
    Jayasinghe et al. 2018, MNRAS 477, 3145).
    """

    survey = "asassn_v1"
    bands: ClassVar[tuple[str, ...]] = ("V", "g")
    filters: ClassVar[tuple[str, ...]] = ("V", "g")
    exposure = 90.0 / 86400.0
    frame = TimeFrame("utc", "heliocentre", 0.0)
    span = (FIRST, LAST)
    programmes: ClassVar[tuple[Programme, ...]] = (
        _unit(HALEAKALA, 0, FIRST, 2458450.5, 0.75, 2.0, 0.1, pace=((FIRST, 0.2), (MORE_CAMERAS, 1.0))),
        _unit(CERRO_TOLOLO, 0, 2456780.5, 2458390.5, 0.75, 2.0, 0.1),
        _unit(CERRO_TOLOLO, 1, 2458030.5, LAST, 0.75, 1.2, 0.25),
        _unit(SUTHERLAND, 1, 2458088.5, LAST, 0.5, 1.2, 0.25),
        _unit(MCDONALD, 1, 2458247.5, LAST, 0.75, 1.2, 0.25),
        _unit(CERRO_TOLOLO, 1, 2458390.5, LAST, 0.75, 1.2, 0.25),
        _unit(HALEAKALA, 1, 2458464.5, LAST, 0.75, 1.2, 0.25),
    )
    photometry: ClassVar[tuple[Photometry, ...]] = (
        Photometry(
            noise=ErrorLaw(0.013, 0.0045, 0.0060, 13.0), written=ErrorLaw(0.0055, 0.0025, 0.0055, 13.0), limit=16.9,
            saturation=11.2,
        ),
        Photometry(
            noise=ErrorLaw(0.013, 0.0040, 0.0046, 13.0), written=ErrorLaw(0.0030, 0.0010, 0.0040, 13.0), limit=17.2,
            saturation=11.2,
        ),
    )  # fmt: skip
    faults = Faults(
        by_star=0.25, frames=0.36, follows=1.0, uneven=0.15, memory=((0.15, 0.01), (0.25, 60.0)), outliers=0.008,
        outliers_by_star=0.8, outlier_size=0.1, outlier_spread=0.7, outlier_fainter=0.6, outlier_sigmas=5.0,
        bleeding=0.1,
    )  # fmt: skip
    brightness = (9.8, 11.0, 11.9, 12.8, 13.3, 14.3, 15.4, 15.9, 16.6, 17.0, 17.5)

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places on the whole sky."""
        return stars_between(n, rng, (-90.0, 90.0), thickness=22.0)

    def measure(
        self, object_id: NDArray[np.str_], visits: Visits, magnitude: Floats, rng: np.random.Generator
    ) -> Measurements:
        """Observe stars of true magnitude (M,) at those visits, with all the survey's faults.

        Points fainter than five errors of their frame are limits: the magnitude is that limit, the error 99.99.
        """
        star = ragged.segment_ids(visits.offsets)
        wrong = deviations(self.photometry, self.faults, visits, magnitude, np.zeros(len(visits.ra)), rng)
        value = noise.noisy(magnitude, wrong.off)
        limit = np.array([p.limit for p in self.photometry])[visits.band] - noise.POGSON * np.log(wrong.belief)
        seen = value < limit
        error = wrong.belief * by_band([p.written for p in self.photometry], visits.band, value)
        value, error = np.where(seen, value, limit), np.where(seen, error, _NO_ERROR)
        keep = ~wrong.lost
        return Measurements(
            object_id=object_id,
            time=noise.rounded(visits.time[keep], self.time_step),
            value=noise.rounded(value[keep], self.mag_step),
            error=np.maximum(noise.rounded(error[keep], self.mag_step), self.mag_step),
            kind="mag",
            frame=self.frame,
            star=star[keep],
            band=visits.band[keep],
            bands=self.bands,
            limit=~seen[keep],
            ra=visits.ra,
            dec=visits.dec,
        )


class AsassnV(Asassn):
    """The years of ASAS-SN in V only, 2012 to 2018: some 900 points a star, as in its catalogues of variables."""

    bands = ("V",)
    filters = ("V",)
    span = (FIRST, 2458450.5)
    programmes = tuple(programme for programme in Asassn.programmes if programme.band == 0)
    photometry = Asassn.photometry[:1]

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places that could be seen from Haleakala or Cerro Tololo."""
        return stars_between(n, rng, (-90.0, 80.0), thickness=22.0)
